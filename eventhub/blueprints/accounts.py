"""Signing in by a mailed link, and out.

The link of the mail opens a page with one button: programs that open links before people do
(filters, previews) use nothing up.
"""

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from wtforms.validators import Email, InputRequired, Length

from eventhub.domain.errors import LinkExpired
from eventhub.domain.registration import EMAIL_MAX
from eventhub.extensions import db, limiter
from eventhub.services.accounts import (
    LINK_LASTS,
    is_live_link,
    mail_sign_in_link,
    use_sign_in_link,
)
from eventhub.web import auth
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField
from eventhub.web.transactions import write_transaction
from eventhub.web.urls import public_url

bp = Blueprint("accounts", __name__)

LINK_MINUTES = int(LINK_LASTS.total_seconds() // 60)


class SignInForm(Form):
    """The address to which the link goes."""

    email = LineField("Courriel", [InputRequired(), Length(max=EMAIL_MAX), Email()])


@bp.get("/connexion")
def sign_in() -> ResponseReturnValue:
    """Ask for an address; someone who has just signed in goes on."""
    wanted = auth.local_path(request.args.get("next"))
    if auth.is_freshly_signed_in():
        return redirect(wanted or url_for("manage.index"), code=303)
    return _page("accounts/sign_in.html", form=SignInForm(), next=wanted)


@bp.post("/connexion")
@limiter.limit("10 per minute; 60 per hour")
def mail_link() -> ResponseReturnValue:
    """Mail a link, and answer the same whether the address is known or not."""
    wanted = auth.local_path(request.args.get("next"))
    form = SignInForm()
    if not form.validate():
        return _page("accounts/sign_in.html", 422, form=form, next=wanted)
    with write_transaction() as session:
        mail_sign_in_link(
            session,
            form.email.data,
            now(),
            lambda token: public_url("accounts.confirm", token=token, next=wanted or None),
        )
    return redirect(url_for("accounts.link_mailed"), code=303)


@bp.get("/connexion/envoyee")
def link_mailed() -> ResponseReturnValue:
    """Say that the mail is on its way, if the address is known."""
    return _page("accounts/link_mailed.html", minutes=LINK_MINUTES)


@bp.get("/connexion/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Show the button that signs in."""
    if not is_live_link(db.session(), token, now()):
        return _page("accounts/link_expired.html", 410, minutes=LINK_MINUTES)
    wanted = auth.local_path(request.args.get("next"))
    return _page("accounts/confirm.html", token=token, next=wanted)


@bp.post("/connexion/<token>")
@limiter.limit("20 per minute")
def use_link(token: str) -> ResponseReturnValue:
    """Sign in."""
    try:
        with write_transaction() as session:
            account = use_sign_in_link(session, token, now())
    except LinkExpired:
        return _page("accounts/link_expired.html", 410, minutes=LINK_MINUTES)
    auth.sign_in(account)
    wanted = auth.local_path(request.args.get("next"))
    return redirect(wanted or url_for("manage.index"), code=303)


@bp.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    auth.sign_out()
    flash("Vous êtes déconnecté·e.", "success")
    return redirect(url_for("agenda.index"), code=303)


def _page(template: str, status: int = 200, **values: object) -> Response:
    """A page of signing in: never kept by a cache."""
    response = make_response(render_template(template, **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response
