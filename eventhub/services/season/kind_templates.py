"""The templates of kinds: what events of each begin with."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import (
    ActivityFormat,
    ActivityRegistration,
    EntranceUnit,
    EventMode,
)
from eventhub.domain.kind_template import KindActivityDetails, KindDetails
from eventhub.models.event import EventKind, KindActivity
from eventhub.services.season.reading import Line, no_repeats, read_table
from eventhub.services.season.reference import KindLine, Reference

_COLUMNS = (
    "kind", "usual_start", "duration_minutes", "mode", "capacity_onsite", "capacity_remote",
    "waiting_list", "promotion_delay_hours", "opens_before_days", "closes_before_hours",
    "reminder_hours", "entrance_unit", "summary", "audience", "mail_note",
)  # fmt: skip
_PROGRAMME_COLUMNS = (
    "kind", "format", "title", "day", "start_time", "end_time", "track", "capacity_onsite",
    "capacity_remote", "registration", "counts_presence",
)  # fmt: skip
_ANSWERS = {"yes": True, "no": False}
_ANY_DAY = date(2000, 1, 3)
_COLUMN_OF = {"starts_at": "start_time", "ends_at": "end_time"}
"""Names of the columns where they are not those of the rules."""


@dataclass(frozen=True, slots=True)
class KindTemplate:
    """A kind's template as written, with its programme."""

    details: KindDetails
    programme: tuple[KindActivityDetails, ...]


def read_kind_templates(
    templates_file: Path, programmes_file: Path, reference: Reference, *, strict: bool
) -> dict[str, KindTemplate]:
    """The templates by the codes of their kinds. Raises SeasonFileError.

    Not `strict`: those of kinds that are not in the season are left aside.
    """
    lines = read_table(templates_file, _COLUMNS)
    no_repeats(lines, "kind")
    found: dict[str, KindDetails] = {}
    for line in lines:
        if strict or line.values["kind"] in reference.kinds:
            code = line.one_of("kind", reference.kinds, "a code of kinds.csv")
            found[code] = _details(line, reference.kinds[code])
    programmes: dict[str, list[KindActivityDetails]] = {code: [] for code in found}
    for line in read_table(programmes_file, _PROGRAMME_COLUMNS):
        if strict or line.values["kind"] in found:
            code = line.one_of("kind", found, "a kind of kind_templates.csv")
            programmes[code].append(_part(line, found[code].usual_start))
    return {code: KindTemplate(found[code], tuple(programmes[code])) for code in found}


def load_kind_templates(session: Session, templates: Mapping[str, KindTemplate]) -> int:
    """Write the templates of the kinds that have none and that nobody edited; how many."""
    blank = session.scalars(
        select(EventKind)
        .where(
            EventKind.code.in_(templates),
            EventKind.version == 1,
            EventKind.duration_minutes.is_(None),
            ~EventKind.activities.any(),
        )
        .options(selectinload(EventKind.activities))
    ).all()
    for kind in blank:
        template = templates[kind.code]
        for one in fields(KindDetails):
            if one.name not in {"label", "family", "counted_by"}:
                setattr(kind, one.name, getattr(template.details, one.name))
        kind.reminder_hours = list(template.details.reminder_hours)
        kind.activities = [
            KindActivity(
                position=position,
                **{one.name: getattr(part, one.name) for one in fields(KindActivityDetails)},
            )
            for position, part in enumerate(template.programme)
        ]
    session.flush()
    return len(blank)


def _details(line: Line, kind: KindLine) -> KindDetails:
    details = KindDetails(
        label=kind.label,
        family=kind.family,
        counted_by=kind.counted_by,
        usual_start=line.maybe_time("usual_start"),
        duration_minutes=line.maybe_whole("duration_minutes"),
        mode=line.code("mode", EventMode),
        capacity_onsite=line.maybe_whole("capacity_onsite"),
        capacity_remote=line.maybe_whole("capacity_remote"),
        waiting_list=_answer(line, "waiting_list"),
        promotion_delay_hours=line.whole("promotion_delay_hours"),
        opens_before_days=line.maybe_whole("opens_before_days"),
        closes_before_hours=line.maybe_whole("closes_before_hours"),
        reminder_hours=_hours(line),
        entrance_unit=line.code("entrance_unit", EntranceUnit),
        summary=line.text("summary", 10_000),
        audience=line.text("audience", 300),
        mail_note=line.text("mail_note", 2_000),
    )
    _check(line, details)
    return details


def _part(line: Line, usual_start: time | None) -> KindActivityDetails:
    starts, ends = line.maybe_time("start_time"), line.maybe_time("end_time")
    if starts is not None and usual_start is None:
        raise line.wrong("start_time", "its kind has no usual_start")
    if ends is not None and (starts is None or ends <= starts):
        raise line.wrong("end_time", "is not after start_time")
    details = KindActivityDetails(
        format=line.code("format", ActivityFormat),
        title=line.text("title", 300, required=True),
        day=line.whole("day", 1, 31) - 1,
        starts_after_minutes=_minutes(usual_start, starts),
        duration_minutes=_minutes(starts, ends),
        track=line.text("track", 100),
        capacity_onsite=line.maybe_whole("capacity_onsite"),
        capacity_remote=line.maybe_whole("capacity_remote"),
        registration=line.code("registration", ActivityRegistration),
        counts_presence=_answer(line, "counts_presence"),
    )
    _check(line, details)
    return details


def _check(line: Line, details: KindDetails | KindActivityDetails) -> None:
    """Hold a line to the rules of the administrators' forms. Raises SeasonFileError."""
    try:
        details.check()
    except InvalidInput as error:
        name = next(iter(error.fields))
        column = _COLUMN_OF.get(name, name)
        value = line.values.get(column, "")
        raise line.wrong(column, f"{value!r} is not possible here") from None


def _answer(line: Line, column: str) -> bool:
    return _ANSWERS[line.one_of(column, _ANSWERS, "yes or no")]


def _hours(line: Line) -> tuple[int, ...]:
    items = line.items("reminder_hours")
    if not all(item.isascii() and item.isdecimal() and len(item) < 6 for item in items):
        raise line.wrong("reminder_hours", f"{items!r} are not whole numbers")
    return tuple(sorted(map(int, items), reverse=True))


def _minutes(first: time | None, last: time | None) -> int | None:
    if first is None or last is None:
        return None
    length = datetime.combine(_ANY_DAY, last) - datetime.combine(_ANY_DAY, first)
    return int(length.total_seconds() // 60)
