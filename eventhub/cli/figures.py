"""`eventhub figures …`: figures of one event or over events, and published ones checked."""

import json
import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from eventhub.domain.figures import Qualifier
from eventhub.exports.figures_csv import figures_csv
from eventhub.exports.figures_json import event_figures_document, figures_over_document
from eventhub.exports.figures_text import figures_text
from eventhub.extensions import db
from eventhub.models.event import EventKind
from eventhub.models.territory import Departement
from eventhub.queries.events import event_by_slug
from eventhub.queries.figure_rows import EventFigures, FigureFilter, FiguresOver
from eventhub.queries.figures import event_figures, figures_over
from eventhub.services.season.check import Checked, check_figures, read_published
from eventhub.web.clock import now


@click.command()
@click.option("--event", "slug", help="The figures of one event, by its slug.")
@click.option("--year", type=click.IntRange(1, 9999), help="Only events that end in this year.")
@click.option("--departement", help="Only events that touch this département.")
@click.option("--kind", help="Only events of this kind.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["json", "csv", "text"]),
    default="text",
    show_default=True,
    help="How the figures are printed.",
)
@click.option(
    "--check",
    "published",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare the published figures of a file with the computed ones; exit 1 on a difference.",
)
def figures(
    slug: str | None,
    year: int | None,
    departement: str | None,
    kind: str | None,
    output: str,
    published: Path | None,
) -> None:
    """Print figures: of one event, or over the events that the options keep."""
    narrowed = any(option is not None for option in (year, departement, kind))
    if (slug is not None) + narrowed + (published is not None) > 1:
        raise click.UsageError("--event, --check and the options over events do not go together")
    session = db.session()
    if published is not None:
        _check(session, published)
    elif slug is not None:
        _print(_of_event(session, slug), output)
    else:
        _print(_over(session, year, departement, kind), output)


def _of_event(session: Session, slug: str) -> EventFigures:
    event = event_by_slug(session, slug)
    if event is None:
        raise click.ClickException(f"there is no event {slug!r}")
    return event_figures(session, event.id, now())


def _over(
    session: Session, year: int | None, departement: str | None, kind: str | None
) -> FiguresOver:
    if departement is not None and session.get(Departement, departement) is None:
        raise click.ClickException(f"there is no département {departement!r}")
    if kind is not None and session.get(EventKind, kind) is None:
        raise click.ClickException(f"there is no kind {kind!r}")
    return figures_over(session, FigureFilter.of_year(year, departement, kind), now())


def _print(computed: EventFigures | FiguresOver, output: str) -> None:
    match output:
        case "json":
            document = (
                event_figures_document(computed)
                if isinstance(computed, EventFigures)
                else figures_over_document(computed)
            )
            click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        case "csv":
            click.echo(figures_csv(computed), nl=False)
        case _:
            click.echo(figures_text(computed))


def _check(session: Session, path: Path) -> None:
    failed = 0
    checked = list(check_figures(session, read_published(session, path), now()))
    for one in checked:
        click.echo(_checked_line(one))
        failed += not one.holds
    if failed:
        click.echo(f"eventhub: {failed} of {len(checked)} published figures do not hold", err=True)
        sys.exit(1)


def _checked_line(one: Checked) -> str:
    figure = one.figure
    about = figure.event or " ".join(filter(None, (figure.period, figure.departement)))
    by = f" {figure.dimension}={figure.member}" if figure.dimension else ""
    qualifier = "" if figure.qualifier is Qualifier.EXACT else f"{figure.qualifier.value} "
    computed = "nothing" if one.computed is None else one.computed
    return (
        f"{one.outcome.value:<9}  {about} {figure.measure}{by}: "
        f"published {qualifier}{figure.value}, computed {computed}"
    )
