"""Published comptes-rendus, and drafts for those who write them."""

from dataclasses import replace
from itertools import groupby
from math import ceil

from flask import Blueprint, render_template, request, url_for

from eventhub.domain.errors import NotFound
from eventhub.domain.minutes import MinutesState
from eventhub.domain.rights import may_edit_event
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries import minutes as minutes_queries
from eventhub.queries.minutes import MinutesRow
from eventhub.queries.reference import departement_total
from eventhub.web.agenda_rows import EventRow, event_row
from eventhub.web.auth import current_actor, departement_codes, is_signed_in
from eventhub.web.clock import now
from eventhub.web.minutes_page import draft_page, participants_words, published_page

bp = Blueprint("minutes", __name__)

PER_PAGE = 30


@bp.get("/comptes-rendus")
def index() -> str:
    """List what is published, the latest event first, under its year."""
    session = db.session()
    total = minutes_queries.count_published_minutes(session)
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    rows = minutes_queries.published_minutes(session, page, PER_PAGE)
    departements = departement_total(session)
    years = [
        (year, [_row(row, departements) for row in some])
        for year, some in groupby(rows, key=lambda row: row.event.ends_on.year)
    ]
    return render_template("minutes/index.html", years=years, total=total, page=page, pages=pages)


@bp.get("/comptes-rendus/<slug>")
def show(slug: str) -> str:
    """Show what is published; a draft, to those who may write it. Raises NotFound for others."""
    session = db.session()
    event = minutes_queries.event_of_minutes(session, slug)
    minutes = minutes_queries.minutes_of(session, event.id) if event is not None else None
    if event is None or minutes is None:
        raise NotFound
    if minutes.state is MinutesState.PUBLISHED:
        revisions = [one for one, _ in minutes_queries.revisions(session, minutes.id)]
        return render_template(
            "minutes/show.html", page=published_page(event, revisions), is_draft=False
        )
    if not _may_write(event):
        raise NotFound
    return render_template("minutes/show.html", page=draft_page(event, minutes.body), is_draft=True)


def _may_write(event: Event) -> bool:
    return is_signed_in() and may_edit_event(current_actor(), event.id, departement_codes(event))


def _row(row: MinutesRow, departements: int) -> EventRow:
    """A row of the list: the words of the compte-rendu in those of its event."""
    said = row.summary
    if row.title != row.event.title:
        said = f"{row.event.title}. {said}" if said else row.event.title
    return replace(
        event_row(row.event, now(), departement_total=departements, with_year=True),
        url=url_for("minutes.show", slug=row.event.slug),
        title=row.title,
        line=said,
        status_icon="",
        status_text=participants_words(row.figures),
        status_note="",
        seats=None,
    )
