"""Accounts of the staff: added, changed and closed by administrators."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length
from wtforms.widgets import CheckboxInput

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import InvalidInput, LastAdministrator, NotFound
from eventhub.domain.registration import EMAIL_MAX, STRUCTURE_NAME_MAX
from eventhub.domain.rights import ACCOUNT_ROLE_LABELS, AccountRole
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.queries import reference
from eventhub.queries.accounts import accounts as every_account
from eventhub.services.accounts import (
    add_account,
    change_account,
    deactivate_account,
    reactivate_account,
)
from eventhub.web.auth import administrators_only, current_account
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField
from eventhub.web.transactions import write_transaction

NAME_MAX = 200

ROLE_NOTES = {
    AccountRole.ADMINISTRATOR: "Tout, sur tous les territoires, et les comptes.",
    AccountRole.ORGANISER: "Crée et modifie les évènements de son territoire.",
    AccountRole.CO_ORGANISER: (
        "D’une autre structure. Modifie les évènements partagés avec elle ou lui, et ne voit "
        "rien d’autre."
    ),
    AccountRole.STAFF: "Lit les inscriptions et les chiffres de son territoire.",
    AccountRole.STAFF_FIGURES: "Lit les chiffres, jamais un nom.",
}
_LAST = "C’est le seul compte d’administration ouvert. Donnez d’abord ce rôle à un autre compte."


class AccountForm(Form):
    """A name, a role and a territory."""

    display_name = LineField("Prénom et nom", [InputRequired(), Length(max=NAME_MAX)])
    role = RadioField(
        "Rôle",
        [InputRequired()],
        choices=[SelectChoice(role.value, text) for role, text in ACCOUNT_ROLE_LABELS.items()],
        default=AccountRole.ORGANISER.value,
    )
    departement_codes = SelectMultipleField("Territoire", option_widget=CheckboxInput())
    structure = LineField("Structure", [Length(max=STRUCTURE_NAME_MAX)])

    def offer(self) -> None:
        """Fill the list of départements."""
        self.departement_codes.choices = [
            SelectChoice(item.code, f"{item.name} ({item.code})")
            for item in reference.departements(db.session())
        ]


class NewAccountForm(AccountForm):
    """The same, with the address that signs in."""

    email = LineField("Courriel", [InputRequired(), Length(max=EMAIL_MAX), Email()])


@bp.get("/comptes")
@administrators_only
def accounts() -> ResponseReturnValue:
    """List the accounts."""
    found = every_account(db.session())
    return render_template(
        "manage/accounts/index.html",
        open_accounts=[account for account in found if account.active],
        closed_accounts=[account for account in found if not account.active],
        role_labels=ACCOUNT_ROLE_LABELS,
    )


@bp.get("/comptes/nouveau")
@administrators_only
def new_account() -> ResponseReturnValue:
    """Show the form of a new account."""
    return _form_page(NewAccountForm(formdata=None), None)


@bp.post("/comptes/nouveau")
@administrators_only
def create_account() -> ResponseReturnValue:
    """Add an account."""
    form = NewAccountForm()
    form.offer()
    if not form.validate():
        return _form_page(form, None, 422)
    try:
        with write_transaction() as session:
            add_account(
                session,
                form.email.data,
                AccountRole(form.role.data),
                form.departement_codes.data or [],
                now(),
                display_name=form.display_name.data,
                structure_name=form.structure.data or "",
                by=current_account(),
            )
    except InvalidInput as error:
        form.take_errors(error)
        return _form_page(form, None, 422)
    flash(
        f"Le compte {wording.of_name(form.display_name.data or '')} est ouvert. "
        "Cette personne peut demander son lien de connexion.",
        "success",
    )
    return redirect(url_for("manage.accounts"), code=303)


@bp.get("/comptes/<int(max=2147483647):account_id>")
@administrators_only
def account(account_id: int) -> ResponseReturnValue:
    """Show one account, to change it."""
    found = _account(account_id)
    values: dict[str, Any] = {
        "display_name": found.display_name,
        "role": found.role.value,
        "departement_codes": [departement.code for departement in found.departements],
        "structure": found.structure.name if found.structure is not None else "",
    }
    return _form_page(AccountForm(formdata=None, data=values), found)


@bp.post("/comptes/<int(max=2147483647):account_id>")
@administrators_only
def edit_account(account_id: int) -> ResponseReturnValue:
    """Change an account's name, role or territory."""
    form = AccountForm()
    form.offer()
    if not form.validate():
        return _form_page(form, _account(account_id), 422)
    try:
        with write_transaction() as session:
            change_account(
                session,
                _account(account_id),
                AccountRole(form.role.data),
                form.departement_codes.data or [],
                now(),
                display_name=form.display_name.data,
                structure_name=form.structure.data or "",
                by=current_account(),
            )
    except InvalidInput as error:
        form.take_errors(error)
        return _form_page(form, _account(account_id), 422)
    except LastAdministrator:
        form.take_errors(InvalidInput({"role": _LAST}))
        return _form_page(form, _account(account_id), 422)
    flash("C’est enregistré.", "success")
    return redirect(url_for("manage.accounts"), code=303)


@bp.get("/comptes/<int(max=2147483647):account_id>/fermer")
@administrators_only
def deactivate(account_id: int) -> ResponseReturnValue:
    """Ask before an account is closed."""
    return render_template("manage/accounts/deactivate.html", account=_account(account_id))


@bp.post("/comptes/<int(max=2147483647):account_id>/fermer")
@administrators_only
def deactivate_now(account_id: int) -> ResponseReturnValue:
    """Close an account: it is signed out everywhere."""
    with write_transaction() as session:
        found = _account(account_id)
        deactivate_account(session, found, now(), by=current_account())
        name = found.shown_name
    flash(f"Le compte {wording.of_name(name)} est fermé.", "success")
    return redirect(url_for("manage.accounts"), code=303)


@bp.post("/comptes/<int(max=2147483647):account_id>/rouvrir")
@administrators_only
def reactivate(account_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    with write_transaction() as session:
        found = _account(account_id)
        reactivate_account(session, found, now(), by=current_account())
        name = found.shown_name
    flash(f"Le compte {wording.of_name(name)} est rouvert.", "success")
    return redirect(url_for("manage.accounts"), code=303)


def _account(account_id: int) -> Account:
    found = db.session.get(Account, account_id)
    if found is None:
        raise NotFound
    return found


def _form_page(form: AccountForm, found: Account | None, status: int = 200) -> ResponseReturnValue:
    form.offer()
    page = render_template(
        "manage/accounts/account.html",
        form=form,
        account=found,
        structure_names=reference.structure_names(db.session()),
        role_details={role.value: {"note": note} for role, note in ROLE_NOTES.items()},
    )
    return page, status
