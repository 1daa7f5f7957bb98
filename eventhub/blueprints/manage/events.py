"""« Mes évènements », and the first tab of each."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp, event_status
from eventhub.blueprints.manage.new_event import may_create
from eventhub.domain.event import EventState
from eventhub.domain.preparation import Preparation, Task, preparation
from eventhub.domain.rights import AccountRole, may_edit_event, may_see_names
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.queries.event_overview import event_overview
from eventhub.queries.management import (
    EventList,
    ManagedEvent,
    managed_events,
)
from eventhub.queries.preparation_choices import preparations_of
from eventhub.queries.reference import departement_total
from eventhub.queries.registration_list import latest_registrations
from eventhub.services.events import TIMEZONE
from eventhub.web.agenda_rows import EventRow, event_row, territory
from eventhub.web.auth import (
    current_actor,
    departement_codes,
    event_for_figures,
    event_for_names,
)
from eventhub.web.capacity_words import over_capacity
from eventhub.web.clock import now
from eventhub.web.date_warnings import warnings_of

LATEST = 6
PAGES = {EventList.DRAFTS: "brouillons", EventList.UPCOMING: "a-venir", EventList.PAST: "page"}
"""The word of the address for the page of each list."""
LONG_AGO_DAYS = 31


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the events that the account may open: drafts, upcoming, past."""
    words = request.args.get("q", "").strip()
    asked = {name: request.args.get(word, 1, type=int) for name, word in PAGES.items()}
    found = managed_events(db.session(), current_actor(), _today(), words=words, pages=asked)
    total = departement_total(db.session())
    shown = {
        EventList.DRAFTS: found.drafts,
        EventList.UPCOMING: found.upcoming,
        EventList.PAST: found.past,
    }

    def address(name: EventList, page: int) -> str:
        """Another page of a list; the other lists stay where they are."""
        pages = {PAGES[other]: one.page for other, one in shown.items()} | {PAGES[name]: page}
        chosen: dict[str, Any] = {word: page for word, page in pages.items() if page > 1}
        return url_for("manage.index", q=words or None, _anchor=name.value, **chosen)

    return render_template(
        "manage/index.html",
        drafts=[_row(item, total) for item in found.drafts.rows],
        upcoming=[_row(item, total) for item in found.upcoming.rows],
        past=[(item, _address(item), territory(item.event, total)) for item in found.past.rows],
        found=found,
        words=words,
        pages=[
            (
                one.page,
                one.pages,
                address(name, one.page - 1) if one.page > 1 else "",
                address(name, one.page + 1) if one.page < one.pages else "",
            )
            for name, one in shown.items()
        ],
        may_create=may_create(),
    )


@bp.get("/evenements/<slug>")
def event(slug: str) -> ResponseReturnValue:
    """Show where one event stands, and what is left to do.

    Staff without names are led to the figures.
    """
    actor = current_actor()
    if actor.role is AccountRole.STAFF_FIGURES:
        event_for_figures(slug)
        return redirect(url_for("manage.figures", slug=slug), code=303)
    found = event_for_names(slug)
    codes = departement_codes(found)
    overview = event_overview(db.session(), found, now())
    may_edit = may_edit_event(actor, found.id, codes)
    todo = preparation(overview.facts, overview.today) if may_edit else Preparation((), ())
    return render_template(
        "manage/overview.html",
        event=found,
        overview=overview,
        left=[(task, *_when(task, overview.today)) for task in todo.left],
        done=todo.done,
        may_edit=may_edit,
        may_create=may_create(),
        latest=latest_registrations(db.session(), found.id, LATEST),
        warnings=warnings_of(found, now()) if may_edit else [],
        over_capacity=over_capacity(found),
        first_date=wording.first_date(found),
        preparations=preparations_of(db.session(), found.id),
    )


def _row(item: ManagedEvent, total: int) -> EventRow:
    """A line of the list, in the organiser's words: how many are registered."""
    word, _, icon = event_status(item.event)
    row = event_row(item.event, now(), departement_total=total, with_year=True)
    people = wording.count(item.registered, "personne inscrite", "personnes inscrites")
    note = people if item.event.registration_enabled or item.registered else "sans inscription"
    if item.waiting:
        note += f", {item.waiting} en attente"
    if item.event.state is EventState.DRAFT and not item.registered:
        note = ""
    return replace(
        row,
        url=_address(item),
        status_icon="" if item.event.state is EventState.DRAFT else icon,
        status_text=word,
        status_note=note,
    )


def _address(item: ManagedEvent) -> str:
    actor = current_actor()
    names = may_see_names(actor, item.event.id, departement_codes(item.event))
    return url_for("manage.event" if names else "manage.figures", slug=item.event.slug)


def _when(task: Task, today: date) -> tuple[str, str]:
    """When a task is due: a word, and a line under it."""
    late = (today - task.due_on).days
    if late > LONG_AGO_DAYS:
        return "Maintenant", f"attendu depuis {wording.month(task.due_on)}"
    if late > 0:
        return "Maintenant", f"en retard de {wording.count(late, 'jour')}"
    if late == 0:
        return "Maintenant", ""
    before = wording.day(task.due_on, weekday=False, year=task.due_on.year != today.year)
    if task.due_on - today <= timedelta(days=7):
        return "Cette semaine", f"avant le {before}"
    month = wording.month(task.due_on, year=task.due_on.year != today.year)
    number = "1er" if task.due_on.day == 1 else task.due_on.day
    return wording.capitalise(month), f"avant le {number}"


def _today() -> date:
    return wording.local(now(), TIMEZONE).date()
