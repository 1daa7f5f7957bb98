"""« Partage »: who else may edit an event; kept by the organisers of its territory."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length
from wtforms.widgets import CheckboxInput

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import InvalidInput
from eventhub.domain.registration import EMAIL_MAX, STRUCTURE_NAME_MAX
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.queries import reference
from eventhub.queries.accounts import organisers_beyond
from eventhub.queries.management import co_organisers
from eventhub.services.co_organisers import INVITATION_LASTS, invite_co_organiser
from eventhub.services.events import share_event
from eventhub.web.auth import current_account, departement_codes, event_for_deciding
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField
from eventhub.web.once import OnceForm, earlier_location, keep_location
from eventhub.web.transactions import write_transaction
from eventhub.web.urls import public_url

NAME_MAX = 200


class ShareForm(Form):
    """Who else may edit the event, of the accounts that exist."""

    accounts = SelectMultipleField("Comptes", coerce=int, option_widget=CheckboxInput())


class InviteForm(OnceForm):
    """Someone of another structure, by their address."""

    email = LineField("Courriel", [InputRequired(), Length(max=EMAIL_MAX), Email()])
    display_name = LineField("Prénom et nom", [InputRequired(), Length(max=NAME_MAX)])
    structure = LineField("Structure", [Length(max=STRUCTURE_NAME_MAX)])


@bp.get("/evenements/<slug>/partage")
def share(slug: str) -> ResponseReturnValue:
    """Show who else may edit the event, and a way to invite someone."""
    return _page(event_for_deciding(slug))


@bp.post("/evenements/<slug>/partage")
def share_now(slug: str) -> ResponseReturnValue:
    """Set who else may edit the event; whoever is left out has lost it at the next request."""
    event = event_for_deciding(slug)
    form = ShareForm()
    _offer_accounts(form, event)
    if not form.validate():
        return _page(event, form, status=422)
    with write_transaction() as session:
        event = event_for_deciding(slug)
        share_event(session, event, form.accounts.data or [], now(), account=current_account())
    flash("C’est enregistré.", "success")
    return redirect(url_for("manage.share", slug=slug), code=303)


@bp.post("/evenements/<slug>/partage/inviter")
def invite(slug: str) -> ResponseReturnValue:
    """Share the event with an address, and mail it a link."""
    event = event_for_deciding(slug)
    form = InviteForm()
    if not form.validate():
        return _page(event, invite_form=form, status=422)
    location = url_for("manage.share", slug=slug)
    after_sign_in = url_for("manage.event", slug=slug)
    try:
        with write_transaction() as session:
            if earlier_location(session, form, now()):
                return redirect(location, code=303)
            keep_location(session, form, location)
            invited = invite_co_organiser(
                session,
                event_for_deciding(slug),
                form.email.data or "",
                now(),
                display_name=form.display_name.data or "",
                structure_name=form.structure.data or "",
                by=current_account(),
                link_of=lambda token: public_url(
                    "accounts.confirm", token=token, next=after_sign_in
                ),
            )
            name = invited.shown_name
    except InvalidInput as error:
        form.take_errors(error)
        return _page(event_for_deciding(slug), invite_form=form, status=422)
    flash(f"Une invitation part à l’adresse {wording.of_name(name)}.", "success")
    return redirect(location, code=303)


def _page(
    event: Event,
    form: ShareForm | None = None,
    invite_form: InviteForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    shared = co_organisers(db.session(), event.id)
    if form is None:
        form = ShareForm(formdata=None, data={"accounts": [account.id for account in shared]})
        _offer_accounts(form, event)
    page = render_template(
        "manage/share.html",
        event=event,
        form=form,
        invite_form=invite_form or InviteForm(formdata=None),
        shared_with=shared,
        structure_names=reference.structure_names(db.session()),
        days=INVITATION_LASTS.days,
    )
    return page, status


def _offer_accounts(form: ShareForm, event: Event) -> None:
    accounts = organisers_beyond(db.session(), departement_codes(event))
    form.accounts.choices = [SelectChoice(account.id, _said(account)) for account in accounts]


def _said(account: Account) -> str:
    """« Inès Aubertin (ines@example.org), Les Tilleuls »."""
    said = f"{account.display_name} ({account.email})" if account.display_name else account.email
    return f"{said}, {account.structure.name}" if account.structure is not None else said
