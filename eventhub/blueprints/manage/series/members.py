"""Who is invited to each event of a series."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.series.forms import MemberForm
from eventhub.blueprints.manage.series.rights import series_for_editing
from eventhub.domain.errors import InvalidInput, NotFound
from eventhub.extensions import db
from eventhub.models.series import Series, SeriesMember
from eventhub.queries.series_people import member_of, registered_in_series
from eventhub.services.series_members import add_member, add_registered_member, remove_member
from eventhub.web.auth import current_account
from eventhub.web.clock import now
from eventhub.web.once import earlier_location, keep_location
from eventhub.web.transactions import write_transaction


@bp.get("/series/<series_slug>/invites")
def new_member(series_slug: str) -> ResponseReturnValue:
    """Show the form, and who came to an event of the series."""
    return _page(series_for_editing(series_slug), MemberForm(formdata=None))


@bp.post("/series/<series_slug>/invites")
def add_member_now(series_slug: str) -> ResponseReturnValue:
    """Invite someone each time, by name."""
    series_for_editing(series_slug)
    form = MemberForm()
    form.offer(db.session())
    if not form.validate():
        return _page(series_for_editing(series_slug), form, 422)
    location = url_for("manage.series", series_slug=series_slug, _anchor="members")
    try:
        with write_transaction() as session:
            if earlier_location(session, form, now()) is None:
                found = series_for_editing(series_slug)
                add_member(session, found, form.wanted(), now(), account=current_account())
                keep_location(session, form, location)
    except InvalidInput as error:
        form.take_errors(error)
        return _page(series_for_editing(series_slug), form, 422)
    flash(f"C’est noté\u00a0: {form.given_name.data} sera de toutes les invitations.", "success")
    return redirect(location, code=303)


@bp.post("/series/<series_slug>/invites/inscrits")
def add_registered_member_now(series_slug: str) -> ResponseReturnValue:
    """Invite each time someone who registered at one of the series' events."""
    try:
        registration_id = uuid.UUID(request.form.get("registration", "")[:36])
    except ValueError as error:
        series_for_editing(series_slug)
        raise NotFound from error
    try:
        with write_transaction() as session:
            found = series_for_editing(series_slug)
            member = add_registered_member(
                session, found, registration_id, now(), account=current_account()
            )
            name = member.person.given_name
    except InvalidInput:  # a second click
        return redirect(url_for("manage.new_member", series_slug=series_slug), code=303)
    flash(f"C’est noté\u00a0: {name} sera de toutes les invitations.", "success")
    return redirect(url_for("manage.new_member", series_slug=series_slug), code=303)


@bp.get("/series/<series_slug>/invites/<int(max=2147483647):member_id>/retirer")
def member_removal(series_slug: str, member_id: int) -> ResponseReturnValue:
    """Ask before inviting someone no more."""
    series = series_for_editing(series_slug)
    return render_template(
        "manage/series/remove_member.html", series=series, member=_member(series, member_id)
    )


@bp.post("/series/<series_slug>/invites/<int(max=2147483647):member_id>/retirer")
def remove_member_now(series_slug: str, member_id: int) -> ResponseReturnValue:
    """Invite someone no more."""
    with write_transaction() as session:
        series = series_for_editing(series_slug)
        member = _member(series, member_id)
        remove_member(session, series, member, now(), account=current_account())
        name = member.person.given_name
    flash(f"{name} ne sera plus invité·e d’office.", "success")
    return redirect(url_for("manage.series", series_slug=series_slug, _anchor="members"), code=303)


def _member(series: Series, member_id: int) -> SeriesMember:
    member = member_of(db.session(), series.id, member_id)
    if member is None or member.removed_at is not None:
        raise NotFound
    return member


def _page(series: Series, form: MemberForm, status: int = 200) -> ResponseReturnValue:
    form.offer(db.session())
    page = render_template(
        "manage/series/members.html",
        series=series,
        form=form,
        registered=registered_in_series(db.session(), series.id),
    )
    return page, status
