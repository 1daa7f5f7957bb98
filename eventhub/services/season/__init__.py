"""A season: a hub's own year, read from files and loaded once, whole or not at all."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.services.season.events import (
    DeliverableLine,
    EventLine,
    load_events,
    read_deliverables,
    read_events,
    read_preparations,
)
from eventhub.services.season.history import Plan, load_history, plans
from eventhub.services.season.kind_templates import (
    KindTemplate,
    load_kind_templates,
    read_kind_templates,
)
from eventhub.services.season.people import Cast
from eventhub.services.season.published import (
    PublishedFigure,
    known_members,
    load_headcounts,
    read_figures,
)
from eventhub.services.season.reference import Reference, load_reference, read_reference
from eventhub.services.season.series import SeriesLine, load_series, read_series
from eventhub.services.season.upcoming import UpcomingLine, load_upcoming, read_upcoming

EXAMPLE = Path(__file__).resolve().parents[2] / "data" / "example"
"""The season that is shipped."""

_LOADING = 0x5EA50
"""The number of the lock that a loading holds on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Season:
    """All that the files of a season say."""

    reference: Reference
    events: dict[str, EventLine]
    deliverables: tuple[DeliverableLine, ...]
    preparations: dict[str, str]
    figures: tuple[PublishedFigure, ...]
    plans: dict[str, Plan]
    upcoming: tuple[UpcomingLine, ...]
    series: tuple[SeriesLine, ...]
    kind_templates: dict[str, KindTemplate]


@dataclass(frozen=True, slots=True)
class Added:
    """How many rows a loading has added."""

    events: int = 0
    upcoming: int = 0
    structures: int = 0
    people: int = 0
    registrations: int = 0
    presences: int = 0
    headcounts: int = 0


def read_season(folder: Path) -> Season:
    """Read and check every file of a season. Raises SeasonFileError.

    `preparations.csv`, `upcoming.csv`, `programme.csv`, `series.csv`, `series_cadences.csv`,
    `kind_templates.csv` and `kind_programmes.csv` may be missing: those of the example are used
    as far as they speak of the season's own events, kinds and territories.
    """
    reference = read_reference(folder)
    events = read_events(folder, reference)
    members = known_members(
        departements=reference.departements,
        bassins=reference.bassins,
        categories=reference.categories,
        kinds=reference.kinds,
    )
    figures = read_figures(folder / "figures.csv", events, members)
    preparations, has_preparations = _own_or_example(folder, "preparations.csv")
    upcoming, has_upcoming = _own_or_example(folder, "upcoming.csv")
    programme = upcoming.with_name("programme.csv")
    templates, has_templates = _own_or_example(folder, "kind_templates.csv")
    series, has_series = _own_or_example(folder, "series.csv")
    coming = read_upcoming(upcoming, programme, reference, strict=has_upcoming)
    return Season(
        reference=reference,
        events=events,
        deliverables=read_deliverables(folder, events),
        preparations=read_preparations(preparations, events, strict=has_preparations),
        figures=figures,
        plans=plans(figures),
        upcoming=coming,
        series=read_series(
            series,
            series.with_name("series_cadences.csv"),
            reference,
            {*events, *(one.slug for one in coming)},
            strict=has_series,
        ),
        kind_templates=read_kind_templates(
            templates,
            templates.with_name("kind_programmes.csv"),
            reference,
            strict=has_templates,
        ),
    )


def _own_or_example(folder: Path, name: str) -> tuple[Path, bool]:
    own = folder / name
    return (own, True) if own.exists() else (EXAMPLE / name, False)


def load_season(session: Session, season: Season, now: datetime) -> Added:
    """Write what is missing of a season; what is there, edited or not, is left alone."""
    _wait_for_another_loading(session)
    by_key = load_reference(session, season.reference)
    load_kind_templates(session, season.kind_templates)
    made = load_events(
        session, season.events, season.deliverables, season.preparations, by_key, now
    )
    cast = Cast(season.reference.departements, season.reference.categories)
    history = load_history(session, made, season.plans, cast, by_key, now)
    upcoming = load_upcoming(session, season.upcoming, cast, by_key, now)
    load_series(session, season.series, now)
    rows: Counter[str] = history + upcoming
    return Added(
        events=len(made),
        upcoming=upcoming["events"],
        structures=rows["structures"],
        people=rows["people"],
        registrations=rows["registrations"],
        presences=rows["presences"],
        headcounts=load_headcounts(session, season.figures, made, now),
    )


def _wait_for_another_loading(session: Session) -> None:
    """Let two loadings come one after the other; on SQLite every writer does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOADING)))
