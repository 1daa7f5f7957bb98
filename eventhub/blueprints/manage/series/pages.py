"""The list of series, and the page of one: events, cadence, who is invited, who is not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.series.days import today
from eventhub.blueprints.manage.series.rights import (
    ADDRESS,
    codes_of,
    makes_series,
    may_change,
    may_read_members,
    series_for_editing,
    series_for_reading,
)
from eventhub.domain.cadence import Gap, cadence_words
from eventhub.domain.errors import Forbidden, InvalidInput, NotFound
from eventhub.domain.rights import AccountRole
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.series import Series
from eventhub.queries.reference import departement_total
from eventhub.queries.series import (
    NOT_HELD,
    SeriesEvent,
    events_of_series,
    in_list,
    linkable_events,
    listed_series,
)
from eventhub.queries.series_people import live_members, unseen_people
from eventhub.services.series import link_event, unlink_event
from eventhub.web.auth import current_account, current_actor, event_for_editing
from eventhub.web.clock import now
from eventhub.web.series_words import cadence_in_words, late_words
from eventhub.web.transactions import write_transaction


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a series' history: an event, or what is missing between two."""

    item: SeriesEvent | None
    missing: tuple[str, ...] = ()


@bp.get("/series")
def series_list() -> ResponseReturnValue:
    """List the series of one's territory, those that are late first."""
    actor = current_actor()
    if actor.role is AccountRole.CO_ORGANISER:
        raise Forbidden
    listed = listed_series(db.session(), actor, today())
    total = departement_total(db.session())
    rows = [
        (one, territory(one.series, total), cadence_in_words(one), late_words(one))
        for one in listed
    ]
    return render_template(
        "manage/series/index.html",
        rows=rows,
        editable={one.series.id for one in listed if may_change(one.series)},
        may_create=makes_series(actor),
    )


@bp.get("/series/<series_slug>")
def series(series_slug: str) -> ResponseReturnValue:
    """Show one series."""
    return _page(series_for_reading(series_slug))


@bp.post("/series/<series_slug>/evenements")
def link_to_series(series_slug: str) -> ResponseReturnValue:
    """Put an existing event in the series."""
    series_for_editing(series_slug)
    slug = request.form.get("event", "")
    if not slug:
        return _page(series_for_editing(series_slug), "Choisissez un évènement dans la liste.")
    if not ADDRESS.fullmatch(slug):
        raise NotFound
    try:
        with write_transaction() as session:
            found = series_for_editing(series_slug)
            event = event_for_editing(slug)
            invited = link_event(session, found, event, now(), account=current_account())
    except InvalidInput as error:
        return _page(series_for_editing(series_slug), error.fields["event"])
    said = wording.count(invited, "invitation part", "invitations partent")
    flash(f"L’évènement est dans la série.{f' {said}.' if invited else ''}", "success")
    return redirect(url_for("manage.series", series_slug=series_slug), code=303)


@bp.post("/series/<series_slug>/evenements/<slug>/retirer")
def unlink_from_series(series_slug: str, slug: str) -> ResponseReturnValue:
    """Take an event out of the series; the event stays."""
    with write_transaction() as session:
        found = series_for_editing(series_slug)
        event = event_for_editing(slug)
        unlink_event(session, found, event, now(), account=current_account())
        title = event.title
    flash(f"« {title} » n’est plus dans la série. L’évènement, lui, reste.", "success")
    return redirect(url_for("manage.series", series_slug=series_slug), code=303)


def territory(series: Series, total: int) -> str:
    """« Loiret », « Toute la région », with the bassin de vie where there is one."""
    names = [departement.name for departement in series.departements]
    where = "Toute la région" if 1 < total <= len(names) else ", ".join(names)
    return f"{where}, {series.bassin.name}" if series.bassin is not None else where


def _page(series: Series, link_problem: str = "") -> ResponseReturnValue:
    session, on = db.session(), today()
    items = events_of_series(session, series.id)
    listed = in_list(series, [one.event for one in items], on)
    may_edit, may_name = may_change(series), may_read_members(series)
    members = live_members(session, series.id) if may_name else ()
    page = render_template(
        "manage/series/show.html",
        series=series,
        listed=listed,
        where=territory(series, departement_total(session)),
        cadence=cadence_history(series),
        late=late_words(listed),
        lines=_lines(items, listed.standing.gaps),
        may_edit=may_edit,
        may_name=may_name,
        members=members,
        unseen=unseen_people(session, series.id, members, on) if may_name else None,
        linkable=linkable_events(session, codes_of(series)) if may_edit else (),
        link_problem=link_problem,
    )
    return page, 422 if link_problem else 200


def cadence_history(series: Series) -> str:
    """« tous les 2,5 mois depuis le 1er janvier 2023, puis une fois par an depuis le … »."""
    parts = [
        f"{cadence_words(one.half_months)} depuis le {wording.day(one.since, weekday=False)}"
        for one in series.cadences
    ]
    return ", puis ".join(parts)


def _lines(items: Sequence[SeriesEvent], gaps: Sequence[Gap]) -> list[Line]:
    """The events, the latest first, each above what is missing before it."""
    missing = {
        gap.before.first if gap.before is not None else None: tuple(
            wording.month(due) for due in gap.missing
        )
        for gap in gaps
    }
    lines = [Line(None, missing.pop(None))] if None in missing else []
    for one in items:
        lines.append(Line(one))
        if one.event.state not in NOT_HELD and one.event.starts_on in missing:
            lines.append(Line(None, missing.pop(one.event.starts_on)))
    return lines
