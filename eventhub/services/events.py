"""Events: making and editing them, and their states."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import Forbidden, InvalidInput, StateForbids
from eventhub.domain.event import EventMode, EventState
from eventhub.domain.event_details import EventDetails
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import end_of
from eventhub.domain.rights import AccountRole, Actor, may_decide_event, may_edit_event
from eventhub.models.account import Account, event_co_organisers
from eventhub.models.event import Event
from eventhub.queries.events import people_to_tell
from eventhub.services.audit import record
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.event_addresses import insert_with_slug
from eventhub.services.event_details import take_details
from eventhub.services.event_moves import follow_date, moment_now, shift_registration
from eventhub.services.figures import freeze_figures
from eventhub.services.outbox import enqueue
from eventhub.services.search_texts import index_event
from eventhub.services.sequence import lock_event, next_sequence
from eventhub.services.series_members import invite_members

TIMEZONE = "Europe/Paris"
"""The zone of the events made here. Source: product.md."""

_SHAREABLE = (AccountRole.ORGANISER, AccountRole.CO_ORGANISER)

# What a calendar entry says: when one of these changes, its sequence rises.
_DATES = frozenset(
    {"date_precision", "starts_on", "ends_on", "starts_at", "ends_at", "starts_half", "ends_half"}
)
_IN_CALENDARS = _DATES | {"title", "place", "address", "summary"}
_NOT_WRITTEN = frozenset({"updated_at", "search_text", "door_sequence", "version"})
_WHEN = _DATES | {"entrance_unit"}


def create_event(
    session: Session, details: EventDetails, now: datetime, *, account: Account, actor: Actor
) -> Event:
    """Make a draft, with its address, its entrance at the door and its programme still empty.

    Raises InvalidInput, with `departement_codes` where none is in the account's territory;
    Forbidden for an account that makes no events.
    """
    details.check()
    codes = frozenset(details.departement_codes)
    if not may_edit_event(actor, None, codes):
        if not may_edit_event(actor, None, actor.departements):
            raise Forbidden
        raise InvalidInput(
            {"departement_codes": "Choisissez au moins un département de votre territoire."}
        )
    event = Event(
        state=EventState.DRAFT,
        timezone=TIMEZONE,
        door_epoch=secrets.token_hex(8),
        created_at=now,
        updated_at=now,
    )
    take_details(session, event, details)
    insert_with_slug(session, event)
    index_event(session, event)
    session.flush()
    default_checkpoints(session, event, now)
    _record(session, event, now, "event-created", account)
    return event


def update_event(
    session: Session,
    event: Event,
    details: EventDetails,
    now: datetime,
    *,
    account: Account,
    actor: Actor,
) -> list[str]:
    """Change an event; the names of what changed.

    The address stays. Where the dates change, the programme, the door's entrances (but those
    where somebody was recorded), opening and closing of registration (but where `details` changes
    them) follow. Raises InvalidInput;
    StateForbids for a cancelled or closed event.
    """
    lock_event(session, event)
    if event.state in {EventState.CANCELLED, EventState.CLOSED}:
        raise StateForbids
    details.check()
    if not may_edit_event(actor, event.id, frozenset(details.departement_codes)):
        raise InvalidInput(
            {
                "departement_codes": (
                    "Gardez au moins un département de votre territoire : "
                    "sans lui, vous ne pourriez plus modifier l’évènement."
                )
            }
        )
    held = frozenset(departement.code for departement in event.departements)
    if held != set(details.departement_codes) and not may_decide_event(actor, held):
        raise InvalidInput(
            {"departement_codes": "Le territoire se change par son organisation\u00a0: gardez-le."}
        )
    before, moment = _snapshot(event), moment_now(event)
    take_details(session, event, details)
    shift_registration(event, moment)
    session.flush()
    follow_date(session, event, moment)
    session.expire(event, ["kind", "bassin"])
    after = _snapshot(event)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return []
    event.updated_at = now
    event.version += 1
    index_event(session, event)
    if event.state is not EventState.DRAFT and not _IN_CALENDARS.isdisjoint(changed):
        event.calendar_sequence += 1
    session.flush()
    if not _WHEN.isdisjoint(changed):
        default_checkpoints(session, event, now, unit_changed="entrance_unit" in changed)
    else:
        next_sequence(session, event.id)
    _record(session, event, now, "event-changed", account, changed=changed, version=event.version)
    return changed


def missing_to_publish(event: Event) -> dict[str, str]:
    """What must be written before an event can be published: field and French sentence."""
    missing: dict[str, str] = {}
    if not event.departements:
        missing["departement_codes"] = "Dites dans quel département a lieu l’évènement."
    if not event.contact_email:
        missing["contact_email"] = "Donnez l’adresse de la personne à qui écrire."
    if event.mode in {EventMode.ONSITE, EventMode.HYBRID} and not event.place:
        missing["place"] = "Dites où a lieu l’évènement, même en un mot : la commune."
    return missing


def publish_event(session: Session, event: Event, now: datetime, *, account: Account) -> None:
    """Show a draft in the agenda, or a postponed event again at its new date.

    Raises InvalidInput with what is missing (see `missing_to_publish`), StateForbids.
    Effects: invites the standing members of the event's series.
    """
    lock_event(session, event)
    if event.state not in {EventState.DRAFT, EventState.POSTPONED}:
        raise StateForbids
    missing = missing_to_publish(event)
    if event.state is EventState.POSTPONED and end_of(event) <= now:
        missing["starts_on"] = "Donnez d’abord la nouvelle date."
    if missing:
        raise InvalidInput(missing)
    if event.state is EventState.POSTPONED:
        event.calendar_sequence += 1
    if event.published_at is None:
        event.published_at = now
    _enter(session, event, EventState.PUBLISHED, now, "")
    _record(session, event, now, "event-published", account)
    invite_members(session, event, now)


def cancel_event(
    session: Session, event: Event, reason: str, now: datetime, *, account: Account
) -> int:
    """Cancel an event for good and write to everyone registered; the number of mails.

    `reason` is shown to the public and said in the mail.
    Raises StateForbids, InvalidInput on `reason` where it is empty.
    """
    lock_event(session, event)
    if event.state in {EventState.CANCELLED, EventState.CLOSED}:
        raise StateForbids
    if not reason:
        raise InvalidInput({"reason": "Dites pourquoi, en une phrase."})
    event.calendar_sequence += 1
    _enter(session, event, EventState.CANCELLED, now, reason)
    told = people_to_tell(session, event.id)
    for registration_id, address in told:
        enqueue(
            session,
            MailKind.EVENT_CANCELLED,
            address,
            now,
            registration_id=registration_id,
            reason=reason,
        )
    _record(session, event, now, "event-cancelled", account, reason=reason, mails=len(told))
    return len(told)


def postpone_event(
    session: Session, event: Event, reason: str, now: datetime, *, account: Account
) -> None:
    """Take the date away; registrations stay. `publish_event` gives the new one.

    Raises StateForbids, InvalidInput on `reason` where it is empty.
    """
    lock_event(session, event)
    if event.state not in {EventState.DRAFT, EventState.PUBLISHED}:
        raise StateForbids
    if not reason:
        raise InvalidInput({"reason": "Dites pourquoi, en une phrase."})
    event.calendar_sequence += 1
    _enter(session, event, EventState.POSTPONED, now, reason)
    _record(session, event, now, "event-postponed", account, reason=reason)


def close_event(
    session: Session, event: Event, now: datetime, *, account: Account, early: bool = False
) -> None:
    """Close a published event and freeze its figures.

    `early` closes it before its end, and takes `now` as the end.
    Raises StateForbids, also where the event is not over and `early` is false.
    """
    lock_event(session, event)
    if event.state is not EventState.PUBLISHED:
        raise StateForbids
    if now < end_of(event):
        if not early:
            raise StateForbids
        _end_now(event, now)
    event.closed_at = now
    _enter(session, event, EventState.CLOSED, now, "")
    freeze_figures(session, event, now, account.id)
    _record(session, event, now, "event-closed", account, early=early)


def share_event(
    session: Session,
    event: Event,
    account_ids: Collection[int],
    now: datetime,
    *,
    account: Account,
) -> None:
    """Set which organisers, of other territories or structures, may edit this event."""
    lock_event(session, event)
    wanted = set(
        session.scalars(
            select(Account.id).where(
                Account.id.in_(account_ids), Account.role.in_(_SHAREABLE), Account.active
            )
        )
    )
    held = set(
        session.scalars(
            select(event_co_organisers.c.account_id).where(
                event_co_organisers.c.event_id == event.id
            )
        )
    )
    if wanted == held:
        return
    session.execute(
        delete(event_co_organisers).where(
            event_co_organisers.c.event_id == event.id,
            event_co_organisers.c.account_id.in_(held - wanted),
        )
    )
    for added in sorted(wanted - held):
        session.execute(insert(event_co_organisers).values(event_id=event.id, account_id=added))
    _record(session, event, now, "event-shared", account, accounts=sorted(wanted))


def _enter(session: Session, event: Event, state: EventState, now: datetime, reason: str) -> None:
    event.state = state
    event.state_reason = reason
    event.updated_at = now
    session.flush()
    next_sequence(session, event.id)


def _end_now(event: Event, now: datetime) -> None:
    """Let the event end now; one that had not begun took place in its last minute."""
    today = now.astimezone(ZoneInfo(event.timezone)).date()
    if event.starts_at is not None and event.starts_at >= now:
        event.starts_at = now - timedelta(minutes=1)
    event.ends_at = now
    event.starts_on = min(event.starts_on, today)
    event.ends_on = today


def _record(
    session: Session,
    event: Event,
    now: datetime,
    action: str,
    account: Account,
    reason: str = "",
    **detail: Any,
) -> None:
    record(
        session,
        now,
        action,
        account_id=account.id,
        actor=account.shown_name,
        event_id=event.id,
        subject=event.slug,
        reason=reason,
        **detail,
    )


def _snapshot(event: Event) -> dict[str, Any]:
    columns = {
        column.key: getattr(event, column.key)
        for column in Event.__table__.columns
        if column.key not in _NOT_WRITTEN
    }
    return columns | {
        "departements": [departement.code for departement in event.departements],
        "alternatives": [alternative.on for alternative in event.alternatives],
        "structures": [(p.role, p.structure_id) for p in event.partnerships],
    }
