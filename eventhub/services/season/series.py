"""The series of a season: their cadences as far as they are known, and the events in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventhub.domain.cadence import Cadence, half_months_typed
from eventhub.domain.errors import InvalidInput
from eventhub.models.event import Event
from eventhub.models.series import Series, SeriesCadence
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.services.season.events import SLUG_MAX, territory
from eventhub.services.season.reading import Line, no_repeats, read_table
from eventhub.services.season.reference import Reference

_COLUMNS = ("id", "title", "kind", "departements", "bassin_de_vie", "place", "events", "note")
_CADENCE_COLUMNS = ("series", "since", "every_months")


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series as written. `events` are their addresses."""

    slug: str
    title: str
    kind: str
    departements: tuple[str, ...]
    bassin: str | None
    place: str
    events: tuple[str, ...]
    note: str
    cadences: tuple[Cadence, ...]


def read_series(
    series_file: Path,
    cadences_file: Path,
    reference: Reference,
    events: Collection[str],
    *,
    strict: bool,
) -> tuple[SeriesLine, ...]:
    """The series with their cadences. Raises SeasonFileError.

    Not `strict`: series of kinds or territories that are not known, and events that are not in
    the season, are left aside.
    """
    lines = read_table(series_file, _COLUMNS)
    no_repeats(lines, "id")
    if not strict:
        lines = [line for line in lines if _is_known(line, reference)]
    cadences: dict[str, list[Cadence]] = {line.values["id"]: [] for line in lines}
    for line in read_table(cadences_file, _CADENCE_COLUMNS):
        if strict or line.values["series"] in cadences:
            slug = line.one_of("series", cadences, "an id of series.csv")
            cadences[slug].append(_cadence(line))
    held: dict[str, str] = {}
    return tuple(
        _series(line, reference, events, tuple(cadences[line.values["id"]]), held, strict=strict)
        for line in lines
    )


def load_series(session: Session, lines: Sequence[SeriesLine], now: datetime) -> int:
    """Write the series that are missing, and put their events in them; how many were written.

    What is there stays as it is; an event that is in a series already stays there.
    """
    known = set(
        session.scalars(select(Series.slug).where(Series.slug.in_([one.slug for one in lines])))
    )
    departements = {one.code: one for one in session.scalars(select(Departement))}
    bassins = {one.slug: one for one in session.scalars(select(BassinDeVie))}
    made = 0
    for line in lines:
        if line.slug in known:
            continue
        series = Series(
            slug=line.slug,
            title=line.title,
            kind_code=line.kind,
            bassin_id=bassins[line.bassin].id if line.bassin else None,
            place=line.place,
            note=line.note,
            created_at=now,
            updated_at=now,
            departements=[departements[code] for code in line.departements],
            cadences=[
                SeriesCadence(since=one.since, half_months=one.half_months) for one in line.cadences
            ],
        )
        session.add(series)
        session.flush()
        session.execute(
            update(Event)
            .where(Event.slug.in_(line.events), Event.series_id.is_(None))
            .values(series_id=series.id)
        )
        made += 1
    return made


def _is_known(line: Line, reference: Reference) -> bool:
    return (
        line.values["kind"] in reference.kinds
        and set(line.items("departements")) <= set(reference.departements)
        and line.values["bassin_de_vie"] in {"", *reference.bassins}
    )


def _cadence(line: Line) -> Cadence:
    since = line.maybe_day("since")
    if since is None:
        raise line.wrong("since", "is empty")
    try:
        return Cadence(since, half_months_typed(line.values["every_months"]))
    except InvalidInput:
        raise line.wrong("every_months", "is not a number of months, by halves") from None


def _series(
    line: Line,
    reference: Reference,
    events: Collection[str],
    cadences: tuple[Cadence, ...],
    held: dict[str, str],
    *,
    strict: bool,
) -> SeriesLine:
    if len({one.since for one in cadences}) < len(cadences):
        raise line.wrong("id", "has two cadences from the same day")
    slugs = []
    for slug in line.items("events"):
        if slug not in events:
            if strict:
                raise line.wrong("events", f"{slug!r} is no event of this season")
            continue
        if held.setdefault(slug, line.values["id"]) != line.values["id"]:
            raise line.wrong("events", f"{slug!r} is in another series")
        slugs.append(slug)
    return SeriesLine(
        slug=line.slug("id", SLUG_MAX),
        title=line.text("title", 300, required=True),
        kind=line.one_of("kind", reference.kinds, "a code of kinds.csv"),
        departements=territory(line, reference),
        bassin=line.maybe_one_of("bassin_de_vie", reference.bassins, "a slug of bassins_de_vie"),
        place=line.text("place", 200),
        events=tuple(slugs),
        note=line.text("note", 2000),
        cadences=tuple(sorted(cadences)),
    )
