"""Published figures: what each says, and whether rows or a headcount answer for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.dates import Bounds, period_bounds
from eventhub.domain.event import ActivityFormat, HubRole, KindFamily
from eventhub.domain.figures import DIMENSIONS, MEASURES, NULLABLE_MEASURES, Covers, Qualifier
from eventhub.domain.registration import AttendanceMode, RegistrationRole
from eventhub.models.event import Event
from eventhub.models.figure import Headcount
from eventhub.services.season.reading import Line, read_table

_COLUMNS = (
    "event", "departement", "period", "measure", "dimension", "member", "value", "qualifier",
    "expect", "quote", "source",
)  # fmt: skip


class Expect(StrEnum):
    """What the product does with a published figure: compute it from rows, or hold it."""

    COMPUTED = "computed"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A published figure: about an event, or about a period and perhaps a département."""

    line: Line
    event: str | None
    departement: str | None
    period: str
    bounds: Bounds | None
    measure: str
    dimension: str
    member: str
    value: int
    qualifier: Qualifier
    expect: Expect
    quote: str
    source: str

    @property
    def members(self) -> frozenset[str]:
        """The members that it is about, several being added up."""
        return frozenset(self.member.split("|")) if self.member else frozenset()


Members = Mapping[str, Collection[str]]
"""The known members of a dimension; one that is not there takes any."""


def known_members(
    *,
    departements: Collection[str],
    bassins: Collection[str],
    categories: Collection[str],
    kinds: Collection[str],
) -> Members:
    """What the column `member` may hold, by dimension."""
    return {
        "residence": departements,
        "departement": departements,
        "bassin": bassins,
        "category": categories,
        "kind": kinds,
        "role": {role.value for role in RegistrationRole},
        "mode": {mode.value for mode in AttendanceMode},
        "family": {family.value for family in KindFamily},
        "hub_role": {role.value for role in HubRole},
        "activity_format": {one.value for one in ActivityFormat},
    }


def read_figures(
    path: Path, events: Collection[str], members: Members
) -> tuple[PublishedFigure, ...]:
    """The published figures about these events and these members. Raises SeasonFileError."""
    return tuple(_figure(line, events, members) for line in read_table(path, _COLUMNS))


def _figure(line: Line, events: Collection[str], members: Members) -> PublishedFigure:
    event = line.maybe_one_of("event", events, "the id of an event")
    departement = line.maybe_one_of("departement", members["departement"], "a known département")
    period = line.text("period", 40)
    if event is not None and (period or departement):
        raise line.wrong("period" if period else "departement", "is for figures without an event")
    if event is None and not period:
        raise line.wrong("period", "is empty, and so is event")
    bounds = None
    if period:
        try:
            bounds = period_bounds(period)
        except ValueError:
            raise line.wrong(
                "period", f"{period!r} is not a period: 2024 or 2021-10/2022-12"
            ) from None
    dimension = line.maybe_one_of("dimension", DIMENSIONS, "a dimension of figures") or ""
    named = line.items("member")
    if bool(named) is not bool(dimension):
        raise line.wrong("member", "goes with a dimension")
    for member in named:
        if member not in members.get(dimension, named):
            raise line.wrong("member", f"{member!r} is not a member of {dimension}")
    measure = line.one_of("measure", MEASURES, "a measure")
    if measure in NULLABLE_MEASURES:
        raise line.wrong("measure", f"{measure!r} is reckoned from other figures")
    return PublishedFigure(
        line=line,
        event=event,
        departement=departement,
        period=period,
        bounds=bounds,
        measure=measure,
        dimension=dimension,
        member="|".join(named),
        value=line.whole("value"),
        qualifier=line.code("qualifier", Qualifier),
        expect=line.code("expect", Expect),
        quote=line.text("quote", 2000),
        source=line.text("source", 200),
    )


def load_headcounts(
    session: Session,
    figures: Sequence[PublishedFigure],
    new_events: Mapping[str, Event],
    now: datetime,
) -> int:
    """Write the declared figures that are missing; how many. Those of known events stay as is."""
    known = {
        tuple(row)
        for row in session.execute(
            select(
                Headcount.departement_code,
                Headcount.period,
                Headcount.measure,
                Headcount.dimension,
                Headcount.member,
                Headcount.source,
            ).where(Headcount.event_id.is_(None))
        )
    }
    added = 0
    for one in figures:
        if one.expect is not Expect.DECLARED:
            continue
        event = new_events.get(one.event) if one.event else None
        key = (one.departement, one.period, one.measure, one.dimension, one.member, one.source)
        if event is None if one.event else key in known:
            continue
        session.add(
            Headcount(
                event_id=event.id if event else None,
                departement_code=one.departement,
                period=one.period,
                period_starts_on=one.bounds.first if one.bounds else None,
                period_ends_on=one.bounds.last if one.bounds else None,
                measure=one.measure,
                dimension=one.dimension,
                member=one.member,
                value=one.value,
                qualifier=one.qualifier,
                covers=Covers.WHOLE,
                quote=one.quote,
                source=one.source,
                entered_at=now,
            )
        )
        added += 1
    session.flush()
    return added
