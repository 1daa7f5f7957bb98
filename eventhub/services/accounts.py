"""Staff accounts, and signing in by a mailed link."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, LastAdministrator, LinkExpired
from eventhub.domain.mail import MailKind
from eventhub.domain.naming import email_key
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account, SignInLink
from eventhub.models.structure import Structure
from eventhub.models.territory import Departement
from eventhub.queries.accounts import account_by_email
from eventhub.services.audit import record
from eventhub.services.outbox import enqueue
from eventhub.services.people import clean_email
from eventhub.services.structures import find_or_create_structure

LINK_LASTS = timedelta(minutes=30)
LINKS_AT_MOST = 5
"""Links mailed to one account while the first of them lasts; nobody's mailbox is filled by us."""
LINK_TOKEN_BYTES = 32

_TAKEN = "Un compte existe déjà avec cette adresse."

COMMAND_LINE = "ligne de commande"
"""Who acted, where no account did."""

_TERRITORIAL = frozenset({AccountRole.ORGANISER, AccountRole.STAFF, AccountRole.STAFF_FIGURES})


def add_account(
    session: Session,
    email: str,
    role: AccountRole,
    departement_codes: Collection[str],
    now: datetime,
    *,
    display_name: str = "",
    structure_name: str = "",
    by: Account | None,
) -> Account:
    """Add a staff account; without départements its territory is the region.

    `structure_name` says for whom a co-organiser works; `by` is None for the command line.
    Raises InvalidInput on `email` (no address, or taken) and
    on `departement_codes`.
    """
    address = clean_email(email)
    if account_by_email(session, address) is not None:
        raise InvalidInput({"email": _TAKEN})
    account = Account(
        email=address,
        email_key=email_key(address),
        display_name=display_name,
        role=role,
        departements=_territory(session, role, departement_codes),
        structure=_structure(session, role, structure_name),
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:  # someone else has just added it
        raise InvalidInput({"email": _TAKEN}) from error
    _record(session, now, "account-added", account, by)
    return account


def change_account(
    session: Session,
    account: Account,
    role: AccountRole,
    departement_codes: Collection[str],
    now: datetime,
    *,
    display_name: str,
    structure_name: str = "",
    by: Account | None,
) -> None:
    """Give an account another role, territory, name or structure, at once.

    Raises InvalidInput on `departement_codes`; LastAdministrator.
    """
    if role is not AccountRole.ADMINISTRATOR:
        _keep_an_administrator(session, account)
    account.role = role
    account.departements = _territory(session, role, departement_codes)
    account.display_name = display_name
    account.structure = _structure(session, role, structure_name)
    session.flush()
    _record(session, now, "account-changed", account, by)


def deactivate_account(
    session: Session, account: Account, now: datetime, *, by: Account | None
) -> None:
    """Close an account: signed out everywhere, its links void. Raises LastAdministrator."""
    _keep_an_administrator(session, account)
    account.active = False
    account.session_version += 1
    session.flush()
    _void_links(session, account, now)
    _record(session, now, "account-deactivated", account, by)


def reactivate_account(
    session: Session, account: Account, now: datetime, *, by: Account | None
) -> None:
    """Open a closed account again; its old sessions stay closed."""
    account.active = True
    session.flush()
    _record(session, now, "account-reactivated", account, by)


def make_sign_in_link(
    session: Session, account: Account, now: datetime, lasts: timedelta = LINK_LASTS
) -> str:
    """Make a link of one use, good for a while; its token, of which only the hash is kept."""
    token = secrets.token_urlsafe(LINK_TOKEN_BYTES)
    session.add(
        SignInLink(
            account_id=account.id,
            token_hash=_hash(token),
            created_at=now,
            expires_at=now + lasts,
        )
    )
    session.flush()
    return token


def mail_sign_in_link(
    session: Session, email: str, now: datetime, link_of: Callable[[str], str]
) -> None:
    """Mail a link to the active account of that address; for any other one, do nothing.

    Says nothing of which it was. `link_of` makes the whole address from the token.
    """
    account = account_by_email(session, email)
    if account is None or not account.active:
        return
    lately = session.scalar(
        select(func.count()).where(
            SignInLink.account_id == account.id, SignInLink.created_at > now - LINK_LASTS
        )
    )
    if (lately or 0) >= LINKS_AT_MOST:
        return
    token = make_sign_in_link(session, account, now)
    enqueue(session, MailKind.SIGN_IN, account.email, now, link=link_of(token))
    session.flush()


def is_live_link(session: Session, token: str, now: datetime) -> bool:
    """Whether a link can still be used; looking does not use it up."""
    return _live_link(session, token, now) is not None


def use_sign_in_link(session: Session, token: str, now: datetime) -> Account:
    """Use a link up, and with it the account's other ones. Raises LinkExpired."""
    link = _live_link(session, token, now)
    if link is None:
        raise LinkExpired
    taken = session.execute(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
        .returning(SignInLink.id)
    ).one_or_none()
    if taken is None:  # used at this very moment, elsewhere
        raise LinkExpired
    account = link.account
    account.last_signed_in_at = now
    _void_links(session, account, now)
    session.flush()
    return account


def _live_link(session: Session, token: str, now: datetime) -> SignInLink | None:
    digest = _hash(token)
    link = session.scalar(
        select(SignInLink)
        .join(SignInLink.account)
        .where(
            SignInLink.token_hash == digest,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
            Account.active,
        )
    )
    # The index compares hashes, of which nobody can choose the beginning; this one takes the
    # same time whatever differs.
    if link is None or not hmac.compare_digest(link.token_hash, digest):
        return None
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _void_links(session: Session, account: Account, now: datetime) -> None:
    session.execute(
        update(SignInLink)
        .where(SignInLink.account_id == account.id, SignInLink.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def _territory(session: Session, role: AccountRole, codes: Collection[str]) -> list[Departement]:
    if role not in _TERRITORIAL:
        return []
    found = list(
        session.scalars(
            select(Departement).where(Departement.code.in_(codes)).order_by(Departement.code)
        )
    )
    unknown = sorted(set(codes) - {departement.code for departement in found})
    if unknown:
        raise InvalidInput({"departement_codes": f"Département inconnu : {', '.join(unknown)}."})
    return found


def _structure(session: Session, role: AccountRole, name: str) -> Structure | None:
    """For whom a co-organiser works; the others are of the hub."""
    if role is not AccountRole.CO_ORGANISER:
        return None
    return find_or_create_structure(session, name)


def _keep_an_administrator(session: Session, account: Account) -> None:
    """Raise LastAdministrator where `account` is the only active one."""
    if account.role is not AccountRole.ADMINISTRATOR or not account.active:
        return
    # The rows are locked: two administrators who close each other's account at once wait here.
    others = session.scalars(
        select(Account.id)
        .where(
            Account.role == AccountRole.ADMINISTRATOR,
            Account.active,
        )
        .order_by(Account.id)
        .with_for_update()
    ).all()
    if set(others) <= {account.id}:
        raise LastAdministrator


def _record(
    session: Session, now: datetime, action: str, account: Account, by: Account | None
) -> None:
    record(
        session,
        now,
        action,
        account_id=by.id if by else None,
        actor=by.shown_name if by else COMMAND_LINE,
        event_id=None,
        subject=f"account:{account.id}",
        role=account.role.value,
        departements=[departement.code for departement in account.departements],
    )
