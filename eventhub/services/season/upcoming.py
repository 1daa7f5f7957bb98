"""Events to come, dated when they are first loaded, with some invented people registered."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, DatePrecision, EventMode, EventState, HubRole
from eventhub.domain.registration import AttendanceMode, RegistrationOrigin, RegistrationRole
from eventhub.models.event import Activity, ActivitySpeaker, Event
from eventhub.models.registration import Registration
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.search_texts import index_activity, index_event
from eventhub.services.season.events import (
    SLUG_MAX,
    TIMEZONE,
    moment,
    partnerships,
    structures,
    territory,
)
from eventhub.services.season.history import registration_row
from eventhub.services.season.people import Cast, Someone, load_people, load_structures, rng_of
from eventhub.services.season.reading import Line, no_repeats, read_table
from eventhub.services.season.reference import Reference
from eventhub.services.sequence import next_sequence
from eventhub.services.structures import structure_key
from eventhub.services.tickets import issue_ticket

SOONEST_DAYS = 30
"""No event to come is dated sooner than this after the first loading."""

_COLUMNS = (
    "id", "title", "kind", "days_ahead", "weekday", "start_time", "end_time", "departements",
    "bassin_de_vie", "place", "address", "access", "accessibility", "mode", "remote_link",
    "capacity_onsite", "capacity_remote", "taken_onsite", "taken_remote", "summary", "audience",
    "contact_name", "contact_email", "hub_role", "organisers",
)  # fmt: skip
_PROGRAMME_COLUMNS = (
    "event", "format", "title", "start_time", "end_time", "room", "track", "speakers", "summary",
    "capacity_onsite", "capacity_remote",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One part of a programme as written."""

    format: ActivityFormat
    title: str
    starts: time | None
    ends: time | None
    speakers: tuple[str, ...]
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UpcomingLine:
    """An event to come as written. `weekday`: 1 for Monday to 5 for Friday."""

    slug: str
    days_ahead: int
    weekday: int
    starts: time
    ends: time
    departements: tuple[str, ...]
    bassin: str | None
    organisers: tuple[str, ...]
    taken_onsite: int
    taken_remote: int
    columns: Mapping[str, Any]
    programme: tuple[ActivityLine, ...]


def read_upcoming(
    events_file: Path, programme_file: Path, reference: Reference, *, strict: bool
) -> tuple[UpcomingLine, ...]:
    """The events to come with their programmes. Raises SeasonFileError.

    Not `strict`: events of kinds, territories or structures that are not known are left aside.
    """
    lines = read_table(events_file, _COLUMNS)
    no_repeats(lines, "id")
    if not strict:
        lines = [line for line in lines if _is_known(line, reference)]
    programmes: dict[str, list[ActivityLine]] = {line.values["id"]: [] for line in lines}
    for line in read_table(programme_file, _PROGRAMME_COLUMNS):
        if strict or line.values["event"] in programmes:
            slug = line.one_of("event", programmes, "an id of upcoming.csv")
            programmes[slug].append(_activity(line))
    return tuple(_upcoming(line, reference, tuple(programmes[line.values["id"]])) for line in lines)


def _is_known(line: Line, reference: Reference) -> bool:
    return (
        line.values["kind"] in reference.kinds
        and set(line.items("departements")) <= set(reference.departements)
        and line.values["bassin_de_vie"] in {"", *reference.bassins}
        and {structure_key(name) for name in line.items("organisers")} <= set(reference.structures)
    )


def _activity(line: Line) -> ActivityLine:
    starts, ends = line.maybe_time("start_time"), line.maybe_time("end_time")
    if starts is not None and ends is not None and ends <= starts:
        raise line.wrong("end_time", "is not after start_time")
    return ActivityLine(
        format=line.code("format", ActivityFormat),
        title=line.text("title", 300, required=True),
        starts=starts,
        ends=ends,
        speakers=tuple(line.items("speakers")),
        columns={
            "room": line.text("room", 200),
            "track": line.text("track", 100),
            "summary": line.text("summary", 2000),
            "capacity_onsite": line.maybe_whole("capacity_onsite"),
            "capacity_remote": line.maybe_whole("capacity_remote"),
        },
    )


def _upcoming(
    line: Line, reference: Reference, programme: tuple[ActivityLine, ...]
) -> UpcomingLine:
    starts, ends = line.maybe_time("start_time"), line.maybe_time("end_time")
    if starts is None:
        raise line.wrong("start_time", "is empty")
    if ends is None or ends <= starts:
        raise line.wrong("end_time", "is not after start_time")
    taken: dict[str, int] = {}
    for mode in ("onsite", "remote"):
        taken[mode] = line.maybe_whole(f"taken_{mode}") or 0
        capacity = line.maybe_whole(f"capacity_{mode}")
        if capacity is not None and taken[mode] > capacity:
            raise line.wrong(f"taken_{mode}", f"is more than the capacity, {capacity}")
    return UpcomingLine(
        slug=line.slug("id", SLUG_MAX),
        days_ahead=line.whole("days_ahead", SOONEST_DAYS, 700),
        weekday=line.whole("weekday", 1, 5),
        starts=starts,
        ends=ends,
        departements=territory(line, reference),
        bassin=line.maybe_one_of("bassin_de_vie", reference.bassins, "a slug of bassins_de_vie"),
        organisers=structures(line, "organisers", reference),
        taken_onsite=taken["onsite"],
        taken_remote=taken["remote"],
        columns={
            "title": line.text("title", 300, required=True),
            "kind_code": line.one_of("kind", reference.kinds, "a code of kinds.csv"),
            "place": line.text("place", 200),
            "address": line.text("address", 300),
            "access": line.text("access", 2000),
            "accessibility": line.text("accessibility", 2000),
            "mode": line.code("mode", EventMode),
            "remote_link": line.text("remote_link", 500),
            "capacity_onsite": line.maybe_whole("capacity_onsite"),
            "capacity_remote": line.maybe_whole("capacity_remote"),
            "summary": line.text("summary", 5000),
            "audience": line.text("audience", 300),
            "contact_name": line.text("contact_name", 200),
            "contact_email": line.text("contact_email", 254, required=True),
            "hub_role": line.code("hub_role", HubRole),
        },
        programme=programme,
    )


_PUBLIC_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
"""Month and day of those that fall on the same date each year. Source: Code du travail L3133-1."""


def day_of(line: UpcomingLine, today: date) -> date:
    """The day on which an event takes place: so many days ahead, then on to its weekday.

    Weeks later where that is a public holiday.
    """
    soonest = today + timedelta(days=line.days_ahead)
    day = soonest + timedelta(days=(line.weekday - soonest.isoweekday()) % 7)
    while (day.month, day.day) in _PUBLIC_HOLIDAYS:
        day += timedelta(days=7)
    return day


def load_upcoming(
    session: Session,
    lines: Sequence[UpcomingLine],
    cast: Cast,
    by_key: dict[str, Structure],
    now: datetime,
) -> Counter[str]:
    """Write the events to come that are missing, dated from `now`; how many rows of each kind."""
    slugs = [line.slug for line in lines]
    known = set(session.scalars(select(Event.slug).where(Event.slug.in_(slugs))))
    departements = {one.code: one for one in session.scalars(select(Departement))}
    bassins = {one.slug: one for one in session.scalars(select(BassinDeVie))}
    today = now.astimezone(ZoneInfo(TIMEZONE)).date()
    added: Counter[str] = Counter()
    for line in lines:
        if line.slug in known:
            continue
        day = day_of(line, today)
        event = Event(
            slug=line.slug,
            state=EventState.PUBLISHED,
            date_precision=DatePrecision.DAY,
            starts_on=day,
            ends_on=day,
            starts_at=moment(day, line.starts),
            ends_at=moment(day, line.ends),
            timezone=TIMEZONE,
            bassin_id=bassins[line.bassin].id if line.bassin else None,
            registration_enabled=True,
            waiting_list=True,
            taken_onsite=line.taken_onsite,
            taken_remote=line.taken_remote,
            door_epoch=secrets.token_hex(8),
            created_at=now,
            updated_at=now,
            published_at=now,
            departements=[departements[code] for code in line.departements],
            partnerships=partnerships(line.organisers, (), by_key),
            activities=[
                Activity(
                    format=one.format,
                    title=one.title,
                    starts_at=moment(day, one.starts),
                    ends_at=moment(day, one.ends),
                    position=position,
                    counts_presence=one.format is not ActivityFormat.BREAK,
                    speakers=[
                        ActivitySpeaker(position=at, name=name, may_be_named=True)
                        for at, name in enumerate(one.speakers)
                    ],
                    **one.columns,
                )
                for position, one in enumerate(line.programme)
            ],
            **line.columns,
        )
        for activity in event.activities:
            index_activity(activity)
        index_event(session, event)
        session.add(event)
        session.flush()
        default_checkpoints(session, event, now)
        added["events"] += 1
        added += _register(session, event, line, cast, by_key, now)
    return added


def _register(
    session: Session,
    event: Event,
    line: UpcomingLine,
    cast: Cast,
    by_key: dict[str, Structure],
    now: datetime,
) -> Counter[str]:
    """Register invented people: each holds a place that the counters hold too."""
    rng = rng_of(event.slug)
    count = line.taken_onsite + line.taken_remote
    residences: Counter[str | None] = Counter(rng.choices(line.departements, k=count))
    people: list[Someone] = cast.choose(rng, residences)
    rng.shuffle(people)
    added: Counter[str] = Counter(registrations=count)
    added["structures"] = load_structures(
        session,
        cast,
        {one.structure: one.residence or "" for one in people if one.structure is not None},
        by_key,
    )
    if not people:
        return added
    ids, added["people"] = load_people(session, people, now)
    sequence = next_sequence(session, event.id)
    rows = []
    for rank, someone in enumerate(people):
        onsite = rank < line.taken_onsite
        row = registration_row(event, someone, ids[someone.number], by_key, now)
        rows.append(
            row
            | {
                "origin": RegistrationOrigin.ONLINE,
                "role": RegistrationRole.PARTICIPANT,
                "mode": AttendanceMode.ONSITE if onsite else AttendanceMode.REMOTE,
                "holds_place": True,
                "sequence": sequence,
            }
        )
    session.execute(insert(Registration), rows)
    for row in rows:
        issue_ticket(session, row["id"], event.id, sequence, now)
    return added
