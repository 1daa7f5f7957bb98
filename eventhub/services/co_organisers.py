"""Inviting someone of another structure to organise one event with us."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.mail import MailKind
from eventhub.domain.rights import ACCOUNT_ROLE_LABELS, AccountRole, may_edit_event
from eventhub.models.account import Account, event_co_organisers
from eventhub.models.event import Event
from eventhub.queries.accounts import account_by_email, actor_of
from eventhub.services.accounts import add_account, make_sign_in_link
from eventhub.services.audit import record
from eventhub.services.outbox import enqueue
from eventhub.services.people import clean_email
from eventhub.services.sequence import lock_event

INVITATION_LASTS = timedelta(days=7)
"""Longer than a link that one has just asked for: nobody is waiting for this mail."""


def invite_co_organiser(
    session: Session,
    event: Event,
    email: str,
    now: datetime,
    *,
    display_name: str,
    structure_name: str,
    by: Account,
    link_of: Callable[[str], str],
) -> Account:
    """Share an event with someone by their address, and mail them a link that signs in once.

    Makes their account where there is none; one that exists keeps its name and its rights, with
    this event added. `link_of` makes the whole address from the token. Raises InvalidInput on
    `email`, also for someone who may edit the event already or never could.
    """
    lock_event(session, event)
    address = clean_email(email)
    account = account_by_email(session, address)
    if account is None:
        account = add_account(
            session,
            address,
            AccountRole.CO_ORGANISER,
            (),
            now,
            display_name=display_name,
            structure_name=structure_name,
            by=by,
        )
    _check(session, event, account)
    session.execute(insert(event_co_organisers).values(event_id=event.id, account_id=account.id))
    session.flush()
    token = make_sign_in_link(session, account, now, INVITATION_LASTS)
    enqueue(
        session,
        MailKind.CO_ORGANISER_INVITED,
        account.email,
        now,
        event_id=event.id,
        by=by.shown_name,
        link=link_of(token),
    )
    record(
        session,
        now,
        "co-organiser-invited",
        account_id=by.id,
        actor=by.shown_name,
        event_id=event.id,
        subject=event.slug,
        account=account.id,
    )
    return account


def _check(session: Session, event: Event, account: Account) -> None:
    if not account.active:
        problem = "Ce compte est fermé. L’administration peut le rouvrir."
    elif account.role not in {
        AccountRole.ADMINISTRATOR,
        AccountRole.ORGANISER,
        AccountRole.CO_ORGANISER,
    }:
        role = ACCOUNT_ROLE_LABELS[account.role]
        problem = f"Ce compte a le rôle « {role} ». L’administration peut le changer."
    else:
        codes = frozenset(departement.code for departement in event.departements)
        held = session.scalars(
            select(event_co_organisers.c.account_id).where(
                event_co_organisers.c.event_id == event.id
            )
        ).all()
        if account.id not in held and not may_edit_event(
            actor_of(session, account), event.id, codes
        ):
            return
        problem = "Cette personne peut déjà modifier cet évènement."
    raise InvalidInput({"email": problem})
