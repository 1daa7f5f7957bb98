"""Rows for what was published: so that what is computed equals what was published.

People and the structures they come from are invented; the numbers are not. Presences have the
origin `import`, no scan and no hour.
"""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from eventhub.domain.event import (
    ActivityFormat,
    CountingUnit,
    EventMode,
    PartnershipRole,
)
from eventhub.domain.facts import STAFF_ROLES
from eventhub.domain.figures import Qualifier
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.domain.scan import AttendanceOrigin
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity, Event, Partnership
from eventhub.models.registration import Registration
from eventhub.models.structure import Structure
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.search_texts import index_activity, index_event
from eventhub.services.season.events import moment
from eventhub.services.season.names import FORMAT_TITLES, WEEK_ACTIVITIES
from eventhub.services.season.people import (
    Cast,
    Someone,
    load_people,
    load_structures,
    new_uuid,
    rng_of,
)
from eventhub.services.season.published import Expect, PublishedFigure
from eventhub.services.structures import structure_key

_PERSONS_PER_PARTICIPATION = 0.64
_ENTRANCE_ONLY = 1 / 18
"""The share of participations, where activities are counted, that are a day at the entrance."""
_UNITS_MAX = 5
_FROM_ELSEWHERE, _FROM_UNKNOWN = 0.12, 0.03
_REMOTE_AT_HYBRID = 0.25
_HOURS = ((time(9, 30), time(11, 0)), (time(11, 15), time(12, 30)),
          (time(14, 0), time(15, 30)), (time(15, 45), time(17, 0)))  # fmt: skip

#: Figures of an event for which rows can be made: measure and dimension.
_FROM_ROWS = {
    ("participants", ""), ("participants", "residence"), ("participations", ""),
    ("present", "role"), ("engaged_structures", ""), ("activities", "activity_format"),
    ("deliverables", ""),
}  # fmt: skip
_FROM_EVENTS = {"events", "meetings", "trainings", "one_to_ones"}
"""Figures of a period that the events themselves answer for."""


@dataclass(slots=True)
class Plan:
    """What rows of one event have to add up to."""

    participants: int | None = None
    participations: int | None = None
    engaged: int | None = None
    residence: dict[str, int] = field(default_factory=dict)
    roles: dict[RegistrationRole, int] = field(default_factory=dict)
    formats: dict[str, int] = field(default_factory=dict)

    @property
    def has_people(self) -> bool:
        """Whether anyone has to have come."""
        return bool(self.participants or self.participations or self.roles)


def plans(figures: Iterable[PublishedFigure]) -> dict[str, Plan]:
    """What the computed figures ask of rows, by event.

    Raises SeasonFileError for one that no rows can be made for.
    """
    found: dict[str, Plan] = {}
    for one in figures:
        if one.expect is not Expect.COMPUTED:
            continue
        if one.event is None:
            if one.measure not in _FROM_EVENTS:
                raise one.line.wrong("expect", f"{one.measure!r} of a period is only declared")
            continue
        if (one.measure, one.dimension) not in _FROM_ROWS or len(one.members) > 1:
            raise one.line.wrong("expect", f"{one.measure!r} is only declared, for want of rows")
        if one.qualifier is not Qualifier.EXACT:
            raise one.line.wrong("qualifier", "what is computed is exact")
        _add(found.setdefault(one.event, Plan()), one)
    return found


def _add(plan: Plan, one: PublishedFigure) -> None:
    match one.measure, one.dimension:
        case "participants", "":
            plan.participants = one.value
        case "participants", _:
            plan.residence[one.member] = one.value
        case "participations", _:
            plan.participations = one.value
        case "present", _:
            plan.roles[RegistrationRole(one.member)] = one.value
        case "engaged_structures", _:
            plan.engaged = one.value
        case "activities", _:
            plan.formats[one.member] = one.value
    told = sum(plan.residence.values())
    if plan.participants is not None and told > plan.participants:
        raise one.line.wrong("value", f"parts add up to {told}, more than {plan.participants}")


@dataclass(frozen=True, slots=True)
class Visit:
    """Someone at an event: who, in which role and mode, and at which checkpoints."""

    someone: Someone
    role: RegistrationRole
    mode: AttendanceMode
    checkpoints: tuple[Checkpoint, ...]


def load_history(
    session: Session,
    events: Mapping[str, Event],
    wanted: Mapping[str, Plan],
    cast: Cast,
    by_key: dict[str, Structure],
    now: datetime,
) -> Counter[str]:
    """Make the rows of the events that have just been made; how many of each kind."""
    visits: list[tuple[Event, Visit]] = []
    added: Counter[str] = Counter()
    for slug, event in sorted(events.items(), key=lambda item: (item[1].starts_on, item[0])):
        plan = wanted.get(slug)
        if plan is None:
            continue
        rng = rng_of(slug)
        engaged = _engage(session, event, plan, cast, by_key, added)
        _programme(session, event, plan, engaged)
        if plan.has_people:
            checkpoints = default_checkpoints(session, event, now)
            visits += [(event, visit) for visit in _visits(rng, event, plan, cast, checkpoints)]
    added += _write(session, visits, cast, by_key, now)
    return added


def _engage(
    session: Session,
    event: Event,
    plan: Plan,
    cast: Cast,
    by_key: dict[str, Structure],
    added: Counter[str],
) -> list[Structure]:
    """Let invented structures engage, beside the partners that are known."""
    partners = sum(part.role is PartnershipRole.PARTNER for part in event.partnerships)
    missing = max(0, (plan.engaged or 0) - partners)
    if not missing:
        return []
    departement = event.departements[0].code
    names = cast.structures(departement, missing)
    added["structures"] += load_structures(session, cast, dict.fromkeys(names, departement), by_key)
    engaged = [by_key[structure_key(name)] for name in names]
    position = len(event.partnerships)
    event.partnerships += [
        Partnership(structure=structure, role=PartnershipRole.ENGAGED, position=position + rank)
        for rank, structure in enumerate(engaged)
    ]
    session.flush()
    return engaged


def _programme(session: Session, event: Event, plan: Plan, engaged: Sequence[Structure]) -> None:
    """The activities that were published; else, where they are counted, an invented week."""
    position = 0
    for format_, count in plan.formats.items():
        for number in range(1, count + 1):
            title = FORMAT_TITLES[format_]
            event.activities.append(
                Activity(
                    format=ActivityFormat(format_),
                    title=f"{title} {number}" if count > 1 else title,
                    position=position,
                )
            )
            position += 1
    if plan.participations and event.kind.counted_by is CountingUnit.ACTIVITY and not position:
        hosts = iter(engaged)
        for day in _days(event):
            for starts, ends in _HOURS:
                format_, title = WEEK_ACTIVITIES[position % len(WEEK_ACTIVITIES)]
                host = next(hosts, None)
                event.activities.append(
                    Activity(
                        format=ActivityFormat(format_),
                        title=title,
                        starts_at=moment(day, starts),
                        ends_at=moment(day, ends),
                        position=position,
                        hosts=[host] if host else [],
                    )
                )
                position += 1
    session.flush()
    for activity in event.activities:
        index_activity(activity)
    index_event(session, event)
    session.flush()


def _days(event: Event) -> list[date]:
    count = (event.ends_on - event.starts_on).days + 1
    return [date.fromordinal(event.starts_on.toordinal() + day) for day in range(count)]


def _visits(
    rng: random.Random,
    event: Event,
    plan: Plan,
    cast: Cast,
    checkpoints: Collection[Checkpoint],
) -> Iterable[Visit]:
    count = plan.participants
    if count is None:
        share = _PERSONS_PER_PARTICIPATION if len(checkpoints) > 1 else 1
        count = round((plan.participations or 0) * share)
    residences = _residences(rng, event, plan, count, cast)
    people = cast.choose(rng, residences)
    rng.shuffle(people)
    paths = _paths(rng, event, plan, len(people), checkpoints)
    roles = [
        role for role, n in plan.roles.items() if role not in STAFF_ROLES for _ in range(n)
    ] + [RegistrationRole.PARTICIPANT] * len(people)
    for someone, path, role in zip(people, paths, roles, strict=False):
        yield Visit(someone, role, _mode(rng, event), path)
    entrances = tuple(one for one in checkpoints if one.activity_id is None)
    staff = [role for role, n in plan.roles.items() if role in STAFF_ROLES for _ in range(n)]
    taken = {someone.number for someone in people}
    others = cast.choose(rng, {None: len(staff) + residences.get(None, 0)})
    helpers = [someone for someone in others if someone.number not in taken]
    for someone, role in zip(helpers, staff, strict=False):
        yield Visit(someone, role, _mode(rng, event), entrances[:1])


def _mode(rng: random.Random, event: Event) -> AttendanceMode:
    remote = event.mode is EventMode.REMOTE or (
        event.mode is EventMode.HYBRID and rng.random() < _REMOTE_AT_HYBRID
    )
    return AttendanceMode.REMOTE if remote else AttendanceMode.ONSITE


def _residences(
    rng: random.Random, event: Event, plan: Plan, count: int, cast: Cast
) -> dict[str | None, int]:
    """How many people of each département: as published, the others mostly of the event's own."""
    found: Counter[str | None] = Counter(plan.residence)
    here = [departement.code for departement in event.departements]
    for _ in range(count - found.total()):
        draw = rng.random()
        if draw < _FROM_UNKNOWN:
            found[None] += 1
        elif draw < _FROM_UNKNOWN + _FROM_ELSEWHERE:
            found[rng.choice(cast.departements)] += 1
        else:
            found[rng.choice(here)] += 1
    return dict(found)


def _paths(
    rng: random.Random,
    event: Event,
    plan: Plan,
    people: int,
    checkpoints: Collection[Checkpoint],
) -> list[tuple[Checkpoint, ...]]:
    """The checkpoints that each person passed, so that participations add up."""
    entrances = {one.on_date: one for one in checkpoints if one.activity_id is None}
    activities = [one for one in checkpoints if one.activity_id is not None]
    if plan.participations is None:
        return [(rng.choice(list(entrances.values())),) for _ in range(people)]
    units = [1] * people
    by_activity = event.kind.counted_by is CountingUnit.ACTIVITY and bool(activities)
    most = min(_UNITS_MAX, len(activities) if by_activity else len(entrances))
    for _ in range(min(plan.participations, people * most) - people):
        units[rng.choice([rank for rank, held in enumerate(units) if held < most])] += 1
    if not by_activity:
        days = list(entrances.values())
        return [tuple(rng.sample(days, held)) for held in units]
    alone = round(plan.participations * _ENTRANCE_ONLY)
    return [
        _path_of_activities(rng, held, entrances, activities, entrance_only=rank < alone)
        for rank, held in enumerate(units)
    ]


def _path_of_activities(
    rng: random.Random,
    units: int,
    entrances: Mapping[date | None, Checkpoint],
    activities: Sequence[Checkpoint],
    *,
    entrance_only: bool,
) -> tuple[Checkpoint, ...]:
    """So many activities, and the entrance of their days; perhaps one day with nothing else."""
    days: set[date | None] = set()
    if entrance_only:
        day = rng.choice(list(entrances))
        others = [one for one in activities if one.on_date != day]
        if len(others) >= units - 1:
            days, activities, units = {day}, others, units - 1
    followed = rng.sample(list(activities), units)
    days |= {one.on_date for one in followed}
    return (*(entrances[day] for day in days if day in entrances), *followed)


def _write(
    session: Session,
    visits: Sequence[tuple[Event, Visit]],
    cast: Cast,
    by_key: dict[str, Structure],
    now: datetime,
) -> Counter[str]:
    """Insert people, their registrations and their presences, many at a time."""
    people = {visit.someone.number: visit.someone for _event, visit in visits}
    added: Counter[str] = Counter()
    added["structures"] = load_structures(
        session,
        cast,
        {
            one.structure: one.residence
            for one in people.values()
            if one.structure is not None and one.residence is not None
        },
        by_key,
    )
    ids, added["people"] = load_people(session, people.values(), now)
    registrations: list[dict[str, Any]] = []
    presences: list[dict[str, Any]] = []
    for event, visit in visits:
        row = registration_row(event, visit.someone, ids[visit.someone.number], by_key, now)
        row |= {
            "origin": RegistrationOrigin.IMPORT,
            "role": visit.role,
            "mode": visit.mode,
            "holds_place": False,
        }
        registrations.append(row)
        presences += [
            {
                "event_id": event.id,
                "registration_id": row["id"],
                "checkpoint_id": checkpoint.id,
                "mode": visit.mode,
                "origin": AttendanceOrigin.IMPORT,
                "present_at": None,
                "scan_id": None,
            }
            for checkpoint in visit.checkpoints
        ]
    if registrations:
        session.execute(insert(Registration), registrations)
        session.execute(insert(Attendance), presences)
    added["registrations"] = len(registrations)
    added["presences"] = len(presences)
    return added


def registration_row(
    event: Event,
    someone: Someone,
    person_id: int,
    by_key: Mapping[str, Structure],
    now: datetime,
) -> dict[str, Any]:
    """The columns of a confirmed registration of an invented person."""
    structure = by_key[structure_key(someone.structure)] if someone.structure else None
    return {
        "id": new_uuid(rng_of(f"{event.slug}:{someone.number}")),
        "event_id": event.id,
        "person_id": person_id,
        "state": RegistrationState.CONFIRMED,
        "category_code": someone.category,
        "structure_id": structure.id if structure else None,
        "structure_name": someone.structure or "",
        "departement_code": someone.residence,
        "created_at": now,
        "updated_at": now,
    }
