"""The signed-in account, and what it may do with an event."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, cast

import flask_login
from flask import Flask, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from eventhub.domain.errors import Forbidden, NotFound, NotSignedIn
from eventhub.domain.event import EventState
from eventhub.domain.rights import (
    Actor,
    may_administer,
    may_decide_event,
    may_edit_event,
    may_see_draft,
    may_see_event_figures,
    may_see_figures,
    may_see_names,
    may_see_structures,
)
from eventhub.extensions import db, login
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.queries.accounts import account_in_session, actor_of
from eventhub.queries.events import event_by_slug

_P = ParamSpec("_P")

SESSION_LASTS = timedelta(days=14)
"""How long a browser stays signed in after its last visit."""

# One slash, then neither a slash nor a backslash: browsers read « /\host » as « //host ».
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\\]*", re.ASCII)


class SignedIn:
    """The account of the session, as Flask-Login wants to see it."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        """What the session keeps: the account and the version of its sessions."""
        return f"{self.account.id}.{self.account.session_version}"

    @property
    def display_name(self) -> str:
        """The name shown in the masthead."""
        return self.account.shown_name


def init_auth(app: Flask) -> None:
    """Load the account of the session, and give templates what it may do beyond events."""
    app.permanent_session_lifetime = SESSION_LASTS
    # "basic": a session that moves to another network goes on, but is no longer fresh.
    login.session_protection = "basic"

    @login.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def load(identity: str) -> SignedIn | None:
        number, _, version = identity.partition(".")
        if not (number.isdecimal() and version.isdecimal()):
            return None
        account = account_in_session(db.session(), int(number), int(version))
        return SignedIn(account) if account is not None else None

    @app.context_processor
    def rights() -> dict[str, Callable[[], bool]]:
        return {
            "may_administer": lambda: is_signed_in() and may_administer(current_actor()),
            "may_see_figures": lambda: is_signed_in() and may_see_figures(current_actor()),
            "may_see_structures": lambda: is_signed_in() and may_see_structures(current_actor()),
        }


def sign_in(account: Account) -> None:
    """Begin a session for `account`; what the browser's session held before is dropped.

    Thus nobody can have prepared it. Source: OWASP, Session Fixation.
    """
    session.clear()
    session.permanent = True
    flask_login.login_user(SignedIn(account))
    g.pop("actor", None)


def sign_out() -> None:
    """End the session of this browser."""
    flask_login.logout_user()
    session.clear()
    g.pop("actor", None)


def is_signed_in() -> bool:
    """Whether someone is signed in."""
    return bool(flask_login.current_user.is_authenticated)


def is_freshly_signed_in() -> bool:
    """Whether someone is signed in, and from where they signed in."""
    return is_signed_in() and bool(flask_login.login_fresh())


def current_account() -> Account:
    """The account that is signed in. Raises NotSignedIn where nobody is."""
    if not is_signed_in():
        raise NotSignedIn
    return cast(SignedIn, flask_login.current_user).account


def current_actor() -> Actor:
    """The rights of the account that is signed in, read once a request.

    Raises NotSignedIn where nobody is.
    """
    if "actor" not in g:
        g.actor = actor_of(db.session(), current_account())
    return cast(Actor, g.actor)


def sign_in_required(
    view: Callable[_P, ResponseReturnValue],
) -> Callable[_P, ResponseReturnValue]:
    """Open a view to signed-in accounts only; see `require_sign_in`."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
        refusal = require_sign_in()
        return view(*args, **kwargs) if refusal is None else refusal

    return guarded


def require_sign_in() -> ResponseReturnValue | None:
    """What to answer to someone who is not signed in: 303 to a page, 401 for data; else None.

    Data is any address that ends like a file (.json, .csv, .pdf…). To be used as it is in
    `before_request`.
    """
    if is_signed_in():
        return None
    if is_data(request.path):
        raise NotSignedIn
    return redirect(_sign_in_url(), code=303)


def require_administrator() -> ResponseReturnValue | None:
    """Let administrators through who signed in from where they are now.

    A session that moved to another network or browser since is asked to sign in again first.
    Raises Forbidden for other accounts.
    """
    refusal = require_sign_in()
    if refusal is not None:
        return refusal
    if not may_administer(current_actor()):
        raise Forbidden
    if not is_freshly_signed_in():
        flash(
            "Vous avez changé de réseau ou de navigateur. Pour gérer les comptes, "
            "connectez-vous à nouveau.",
            "warning",
        )
        return redirect(_sign_in_url(), code=303)
    return None


def administrators_only(
    view: Callable[_P, ResponseReturnValue],
) -> Callable[_P, ResponseReturnValue]:
    """Open a view to administrators only; see `require_administrator`."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
        refusal = require_administrator()
        return view(*args, **kwargs) if refusal is None else refusal

    return guarded


def is_data(path: str) -> bool:
    """Whether an address answers with data, not with a page."""
    return "." in path.rpartition("/")[2]


def local_path(raw: str | None) -> str:
    """`raw` where it is a path of this site, else an empty string.

    Source: OWASP, Unvalidated Redirects and Forwards.
    """
    return raw if raw and _LOCAL_PATH.fullmatch(raw) else ""


def event_for_editing(slug: str) -> Event:
    """The event, for someone who may edit it. Raises NotFound, Forbidden."""
    event = _event(slug)
    if not may_edit_event(current_actor(), event.id, departement_codes(event)):
        raise Forbidden
    return event


def event_for_deciding(slug: str) -> Event:
    """The event, for someone of its territory, who may share, cancel and delete it.

    Raises NotFound, Forbidden.
    """
    event = _event(slug)
    if not may_decide_event(current_actor(), departement_codes(event)):
        raise Forbidden
    return event


def event_for_names(slug: str) -> Event:
    """The event, for someone who may read its registrations. Raises NotFound, Forbidden."""
    event = _event(slug)
    if not may_see_names(current_actor(), event.id, departement_codes(event)):
        raise Forbidden
    return event


def event_for_figures(slug: str) -> Event:
    """The event, for someone who may read its figures. Raises NotFound, Forbidden.

    A draft is for those of its territory.
    """
    event = _event(slug)
    actor = current_actor()
    allowed = may_see_event_figures(actor, event.id) and (
        event.state is not EventState.DRAFT
        or may_see_draft(actor, event.id, departement_codes(event))
    )
    if not allowed:
        raise Forbidden
    return event


def departement_codes(event: Event) -> frozenset[str]:
    """The codes of the départements in which an event takes place."""
    return frozenset(departement.code for departement in event.departements)


def _event(slug: str) -> Event:
    current_account()
    event = event_by_slug(db.session(), slug)
    if event is None:
        raise NotFound
    return event


def _sign_in_url() -> str:
    if request.method not in {"GET", "HEAD"}:
        return url_for("accounts.sign_in")
    return url_for("accounts.sign_in", next=local_path(request.full_path.rstrip("?")) or None)
