"""Staff accounts and their rights."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.naming import email_key
from eventhub.domain.rights import AccountRole, Actor
from eventhub.models.account import Account, account_departements, event_co_organisers


def account_in_session(session: Session, account_id: int, session_version: int) -> Account | None:
    """The account of a browser's session, unless it was deactivated or signed out everywhere."""
    return session.scalar(
        select(Account).where(
            Account.id == account_id,
            Account.session_version == session_version,
            Account.active,
        )
    )


def account_by_email(session: Session, email: str) -> Account | None:
    """The account of that address, active or not; case does not matter."""
    return session.scalar(select(Account).where(Account.email_key == email_key(email)))


def accounts(session: Session) -> list[Account]:
    """Every account with its territory: active ones first, by name."""
    rows = session.scalars(
        select(Account).options(selectinload(Account.departements), selectinload(Account.structure))
    )
    return sorted(
        rows, key=lambda account: (not account.active, account.display_name.casefold(), account.id)
    )


def organisers_beyond(session: Session, departement_codes: Collection[str]) -> list[Account]:
    """The active organisers whose territory has none of these départements, by name.

    Co-organisers among them: an event is shared with those of other structures too.
    """
    inside = select(account_departements.c.account_id).where(
        account_departements.c.departement_code.in_(departement_codes)
    )
    everywhere = Account.id.not_in(select(account_departements.c.account_id))
    rows = session.scalars(
        select(Account)
        .where(
            Account.active,
            or_(
                Account.role == AccountRole.CO_ORGANISER,
                (Account.role == AccountRole.ORGANISER) & Account.id.not_in(inside) & ~everywhere,
            ),
        )
        .options(selectinload(Account.structure))
    )
    return sorted(rows, key=lambda account: (account.shown_name.casefold(), account.id))


def actor_of(session: Session, account: Account) -> Actor:
    """The account as the rules of rights see it."""
    departements = session.scalars(
        select(account_departements.c.departement_code).where(
            account_departements.c.account_id == account.id
        )
    )
    co_organised = session.scalars(
        select(event_co_organisers.c.event_id).where(event_co_organisers.c.account_id == account.id)
    )
    return Actor(
        role=account.role,
        departements=frozenset(departements),
        co_organised=frozenset(co_organised),
    )
