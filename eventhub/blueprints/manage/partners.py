"""« Partenaires »: the structures that have a role on an event."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import InvalidInput, NotFound
from eventhub.domain.event import PARTNERSHIP_ROLE_LABELS, EventState, PartnershipRole
from eventhub.domain.registration import STRUCTURE_NAME_MAX
from eventhub.domain.rights import may_see_structures
from eventhub.extensions import db
from eventhub.models.event import Event, Partnership
from eventhub.queries import reference
from eventhub.queries.structures import logos_of
from eventhub.services.partnerships import (
    add_partner,
    move_partner,
    partners_in_order,
    remove_partner,
    show_logo,
)
from eventhub.web.auth import current_account, current_actor, event_for_editing
from eventhub.web.clock import now
from eventhub.web.forms import LineField
from eventhub.web.once import OnceForm, earlier_location, keep_location
from eventhub.web.transactions import write_transaction

ACTS = ("up", "down", "show", "hide")
"""What the buttons beside a partner do."""


class PartnerForm(OnceForm):
    """A structure and its role."""

    name = LineField("Structure", [InputRequired(), Length(max=STRUCTURE_NAME_MAX)])
    role = RadioField(
        "Rôle",
        [InputRequired()],
        choices=[SelectChoice(one.value, PARTNERSHIP_ROLE_LABELS[one]) for one in PartnershipRole],
        default=PartnershipRole.PARTNER.value,
    )


@bp.get("/evenements/<slug>/partenaires")
def partners(slug: str) -> ResponseReturnValue:
    """List the partners by role, with a form to add one."""
    return _page(event_for_editing(slug), PartnerForm(formdata=None))


@bp.post("/evenements/<slug>/partenaires")
def add_partner_now(slug: str) -> ResponseReturnValue:
    """Give a structure a role."""
    event = event_for_editing(slug)
    form = PartnerForm()
    if not form.validate():
        return _page(event, form, 422)
    location = url_for("manage.partners", slug=slug)
    try:
        with write_transaction() as session:
            if earlier_location(session, form, now()):
                return redirect(location, code=303)
            keep_location(session, form, location)
            added = add_partner(
                session,
                event_for_editing(slug),
                form.name.data or "",
                PartnershipRole(form.role.data),
                now(),
                account=current_account(),
            )
            name = added.structure.name
    except InvalidInput as error:
        form.take_errors(error)
        return _page(event_for_editing(slug), form, 422)
    flash(f"« {name} » est ajoutée.", "success")
    return redirect(location, code=303)


@bp.post("/evenements/<slug>/partenaires/<int(max=2147483647):partnership_id>")
def change_partner(slug: str, partnership_id: int) -> ResponseReturnValue:
    """Move a partner up or down within its role, or show and hide its logo."""
    event_for_editing(slug)
    act = request.form.get("act", "")
    if act in ACTS:
        with write_transaction() as session:
            event, account = event_for_editing(slug), current_account()
            if act in {"up", "down"}:
                move_partner(session, event, partnership_id, act == "up", now(), account=account)
            else:
                show_logo(session, event, partnership_id, act == "show", now(), account=account)
    return redirect(url_for("manage.partners", slug=slug, _anchor="partners"), code=303)


@bp.get("/evenements/<slug>/partenaires/<int(max=2147483647):partnership_id>/retirer")
def leave_partner(slug: str, partnership_id: int) -> ResponseReturnValue:
    """Ask before a role is taken away."""
    event = event_for_editing(slug)
    return render_template(
        "manage/partners/remove.html",
        event=event,
        partnership=_partnership(event, partnership_id),
        role_labels=PARTNERSHIP_ROLE_LABELS,
    )


@bp.post("/evenements/<slug>/partenaires/<int(max=2147483647):partnership_id>/retirer")
def leave_partner_now(slug: str, partnership_id: int) -> ResponseReturnValue:
    """Take a role away."""
    event_for_editing(slug)
    with write_transaction() as session:
        event = event_for_editing(slug)
        remove_partner(session, event, partnership_id, now(), account=current_account())
    flash("C’est retiré.", "success")
    return redirect(url_for("manage.partners", slug=slug), code=303)


def _partnership(event: Event, partnership_id: int) -> Partnership:
    for one in event.partnerships:
        if one.id == partnership_id:
            return one
    raise NotFound


def _page(event: Event, form: PartnerForm, status: int = 200) -> ResponseReturnValue:
    row = partners_in_order(event)
    groups = [
        (PARTNERSHIP_ROLE_LABELS[role], [one for one in row if one.role is role])
        for role in PartnershipRole
        if any(one.role is role for one in row)
    ]
    page = render_template(
        "manage/partners/index.html",
        event=event,
        form=form,
        groups=groups,
        logos=logos_of(db.session(), [one.structure_id for one in row]),
        final=event.state in {EventState.CANCELLED, EventState.CLOSED},
        opens_directory=may_see_structures(current_actor()),
        structure_names=reference.structure_names(db.session()),
    )
    return page, status
