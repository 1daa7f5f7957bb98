"""The events of a season: their dates as precise as they are known, partners, deliverables."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.dates import bounds
from eventhub.domain.event import (
    DatePrecision,
    EventMode,
    EventState,
    HubRole,
    PartnershipRole,
)
from eventhub.models.event import (
    Deliverable,
    Event,
    EventAlternative,
    Partnership,
)
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.services.search_texts import index_event
from eventhub.services.season.reading import Line, no_repeats, read_table
from eventhub.services.season.reference import Reference
from eventhub.services.structures import structure_key

TIMEZONE = "Europe/Paris"
SLUG_MAX = 120

_COLUMNS = (
    "id", "title", "kind", "starts_on", "ends_on", "date_precision", "alternative_dates",
    "start_time", "end_time", "departements", "bassin_de_vie", "place", "mode", "hub_role",
    "organisers", "partners", "source", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as written. `departements` are codes; structures are by name."""

    slug: str
    title: str
    kind: str
    starts_on: date
    ends_on: date
    precision: DatePrecision
    alternatives: tuple[date, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    departements: tuple[str, ...]
    bassin: str | None
    place: str
    mode: EventMode
    hub_role: HubRole
    organisers: tuple[str, ...]
    partners: tuple[str, ...]
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class DeliverableLine:
    """A deliverable as written."""

    event: str
    title: str
    type: str
    summary: str


def read_events(folder: Path, reference: Reference) -> dict[str, EventLine]:
    """The events by their id, which is their address. Raises SeasonFileError."""
    lines = read_table(folder / "events.csv", _COLUMNS)
    no_repeats(lines, "id")
    return {line.slug("id", SLUG_MAX): _event(line, reference) for line in lines}


def _event(line: Line, reference: Reference) -> EventLine:
    precision = line.code("date_precision", DatePrecision)
    starts_on, ends_on, alternatives = _dates(line, precision)
    starts_at, ends_at = hours(line, precision, starts_on, ends_on)
    return EventLine(
        slug=line.values["id"],
        title=line.text("title", 300, required=True),
        kind=line.one_of("kind", reference.kinds, "a code of kinds.csv"),
        starts_on=starts_on,
        ends_on=ends_on,
        precision=precision,
        alternatives=alternatives,
        starts_at=starts_at,
        ends_at=ends_at,
        departements=territory(line, reference),
        bassin=line.maybe_one_of("bassin_de_vie", reference.bassins, "a slug of bassins_de_vie"),
        place=line.text("place", 200),
        mode=line.code("mode", EventMode),
        hub_role=line.code("hub_role", HubRole),
        organisers=structures(line, "organisers", reference),
        partners=structures(line, "partners", reference),
        source=line.text("source", 200),
        note=line.text("note", 2000),
    )


def territory(line: Line, reference: Reference) -> tuple[str, ...]:
    """The codes of the column `departements`, at least one. Raises SeasonFileError."""
    codes = tuple(line.items("departements"))
    if not codes:
        raise line.wrong("departements", "is empty")
    for code in codes:
        if code not in reference.departements:
            raise line.wrong("departements", f"{code!r} is not a code of departements.csv")
    return codes


def structures(line: Line, column: str, reference: Reference) -> tuple[str, ...]:
    """The structures that a column names, each once. Raises SeasonFileError."""
    names = [reference.structure(line, column, name).name for name in line.items(column)]
    if len(set(names)) < len(names):
        raise line.wrong(column, "names the same structure twice")
    return tuple(names)


def _dates(line: Line, precision: DatePrecision) -> tuple[date, date, tuple[date, ...]]:
    starts_on, ends_on = line.bounds("starts_on").first, line.bounds("ends_on").last
    if ends_on < starts_on:
        raise line.wrong("ends_on", "is before starts_on")
    if precision is DatePrecision.DAY:
        for column in ("starts_on", "ends_on"):
            line.maybe_day(column)  # raises where it is not a day
    alternatives: list[date] = []
    for item in line.items("alternative_dates"):
        try:
            day = bounds(item)
        except ValueError:
            raise line.wrong("alternative_dates", f"{item!r} is not a day") from None
        if day.first != day.last:
            raise line.wrong("alternative_dates", f"{item!r} is not a day")
        alternatives.append(day.first)
    if (precision is DatePrecision.ALTERNATIVES) is not (len(alternatives) > 1):
        raise line.wrong("alternative_dates", "needs two days or more, for that precision only")
    if alternatives:
        starts_on, ends_on = min(starts_on, *alternatives), max(ends_on, *alternatives)
    return starts_on, ends_on, tuple(sorted(alternatives))


def hours(
    line: Line, precision: DatePrecision, starts_on: date, ends_on: date
) -> tuple[datetime | None, datetime | None]:
    """The hours of an event of known days. Raises SeasonFileError."""
    starts, ends = line.maybe_time("start_time"), line.maybe_time("end_time")
    if starts is not None and precision is not DatePrecision.DAY:
        raise line.wrong("start_time", "an hour needs a known day")
    if ends is not None and starts is None:
        raise line.wrong("end_time", "an end needs a start_time")
    starts_at, ends_at = moment(starts_on, starts), moment(ends_on, ends)
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise line.wrong("end_time", "is not after start_time")
    return starts_at, ends_at


def moment(day: date, hour: time | None) -> datetime | None:
    """That hour of that day, in the zone of the season's events."""
    return None if hour is None else datetime.combine(day, hour, ZoneInfo(TIMEZONE))


def read_deliverables(folder: Path, events: Mapping[str, EventLine]) -> tuple[DeliverableLine, ...]:
    """What hackathons made. Raises SeasonFileError."""
    found: dict[tuple[str, str], DeliverableLine] = {}
    for line in read_table(folder / "deliverables.csv", ("event", "title", "type", "summary")):
        one = DeliverableLine(
            event=line.one_of("event", events, "an id of events.csv"),
            title=line.text("title", 200, required=True),
            type=line.text("type", 60),
            summary=line.text("summary", 5000),
        )
        if (one.event, one.title) in found:
            raise line.wrong("title", f"{one.title!r} is already there")
        found[one.event, one.title] = one
    return tuple(found.values())


def read_preparations(
    path: Path, events: Mapping[str, EventLine], *, strict: bool
) -> dict[str, str]:
    """Which event a preparatory meeting prepares, by slugs. Raises SeasonFileError.

    Not `strict`: lines about events that are not in the season are left aside.
    """
    found: dict[str, str] = {}
    lines = read_table(path, ("event", "prepares"))
    no_repeats(lines, "event")
    for line in lines:
        if not strict and not {line.values["event"], line.values["prepares"]} <= set(events):
            continue
        prepared = line.one_of("prepares", events, "an id of events.csv")
        found[line.one_of("event", events, "an id of events.csv")] = prepared
    return found


def load_events(
    session: Session,
    lines: Mapping[str, EventLine],
    deliverables: Sequence[DeliverableLine],
    preparations: Mapping[str, str],
    structures_by_key: Mapping[str, Structure],
    now: datetime,
) -> dict[str, Event]:
    """Write the events that are missing; what is there stays as it is. The new ones by slug.

    History is published and takes no registration.
    """
    known = {
        row.slug: row.id
        for row in session.execute(select(Event.slug, Event.id).where(Event.slug.in_(lines)))
    }
    departements = {one.code: one for one in session.scalars(select(Departement))}
    bassins = {one.slug: one for one in session.scalars(select(BassinDeVie))}
    made: dict[str, Event] = {}
    for slug, line in lines.items():
        if slug in known:
            continue
        event = Event(
            slug=slug,
            title=line.title,
            kind_code=line.kind,
            state=EventState.PUBLISHED,
            date_precision=line.precision,
            starts_on=line.starts_on,
            ends_on=line.ends_on,
            starts_at=line.starts_at,
            ends_at=line.ends_at,
            timezone=TIMEZONE,
            mode=line.mode,
            place=line.place,
            bassin_id=bassins[line.bassin].id if line.bassin else None,
            hub_role=line.hub_role,
            registration_enabled=False,
            waiting_list=False,
            source=line.source,
            note=line.note,
            door_epoch=secrets.token_hex(8),
            created_at=now,
            updated_at=now,
            departements=[departements[code] for code in line.departements],
            alternatives=[EventAlternative(on=on) for on in line.alternatives],
            partnerships=partnerships(line.organisers, line.partners, structures_by_key),
            deliverables=[
                Deliverable(title=one.title, type=one.type, summary=one.summary)
                for one in deliverables
                if one.event == slug
            ],
            activities=[],
        )
        index_event(session, event)
        made[slug] = event
    session.add_all(made.values())
    session.flush()
    ids = known | {slug: event.id for slug, event in made.items()}
    for slug, prepared in preparations.items():
        if slug in made:
            made[slug].prepares_id = ids[prepared]
    session.flush()
    return made


def partnerships(
    organisers: Sequence[str], partners: Sequence[str], by_key: Mapping[str, Structure]
) -> list[Partnership]:
    """The parts of these structures in an event, in the order in which they are named."""
    parts = [(PartnershipRole.ORGANISER, name) for name in organisers]
    parts += [(PartnershipRole.PARTNER, name) for name in partners]
    return [
        Partnership(structure=by_key[structure_key(name)], role=role, position=position)
        for position, (role, name) in enumerate(parts)
    ]
