"""The address of an event's pages: the first one, another one, and those it had."""

import re
from datetime import datetime
from itertools import count

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import EventState
from eventhub.domain.naming import slugify
from eventhub.models.account import Account
from eventhub.models.event import Event, FormerSlug
from eventhub.services.audit import record
from eventhub.services.sequence import lock_event, next_sequence

SLUG_MIN, SLUG_MAX = 3, 60
RESERVED = frozenset({"nouveau", "nouvelle", "agenda", "recherche", "modele"})
"""Words that stand, or may stand, where the address of an event does."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_TAKEN = "Cette adresse est déjà celle d’un autre évènement, ou l’a été."


class _Taken(Exception):
    """Someone has just taken that address."""


def insert_with_slug(session: Session, event: Event) -> None:
    """Insert a new event under the first free address made from its title and year."""
    year = str(event.starts_on.year)
    base = slugify(event.title, SLUG_MAX)
    if year not in base.split("-"):
        base = f"{base}-{year}"
    for number in count(1):
        slug = base if number == 1 else f"{base}-{number}"
        if slug in RESERVED or _is_taken(session, slug):
            continue
        try:
            with session.begin_nested():
                event.slug = slug
                session.add(event)
                session.flush()
                _refuse_former(session, slug)
        except (IntegrityError, _Taken):
            continue
        return


def change_slug(
    session: Session, event: Event, slug: str, now: datetime, *, account: Account
) -> None:
    """Give the pages of an event another address; the one they had leads there for ever.

    An event may take back an address that it had. Raises InvalidInput on `slug`.
    """
    lock_event(session, event)
    if slug == event.slug:
        return
    problem = why_not_a_slug(slug)
    if problem:
        raise InvalidInput({"slug": problem})
    if _is_taken(session, slug, but_for=event.id):
        raise InvalidInput({"slug": _TAKEN})
    former = event.slug
    session.execute(
        delete(FormerSlug).where(FormerSlug.slug == slug, FormerSlug.event_id == event.id)
    )
    try:
        with session.begin_nested():
            event.slug = slug
            session.add(FormerSlug(slug=former, event_id=event.id, left_at=now))
            session.flush()
            _refuse_former(session, slug)
    except (IntegrityError, _Taken):
        raise InvalidInput({"slug": _TAKEN}) from None
    event.updated_at = now
    if event.state is not EventState.DRAFT:  # calendars hold the address of the page
        event.calendar_sequence += 1
    session.flush()
    next_sequence(session, event.id)
    record(
        session,
        now,
        "event-address-changed",
        account_id=account.id,
        actor=account.shown_name,
        event_id=event.id,
        subject=slug,
        former=former,
    )


def why_not_a_slug(slug: str) -> str:
    """Why a text cannot be an address, in French; nothing where it can."""
    if not _SLUG.fullmatch(slug):
        return (
            "N’écrivez que des lettres minuscules sans accent, des chiffres et des tirets, "
            "par exemple nec-2027."
        )
    if not SLUG_MIN <= len(slug) <= SLUG_MAX:
        return f"Écrivez de {SLUG_MIN} à {SLUG_MAX} caractères."
    if slug in RESERVED:
        return "Ce mot sert déjà au site : choisissez une autre adresse."
    return ""


def _is_taken(session: Session, slug: str, but_for: int | None = None) -> bool:
    """Whether an event has that address, or another one than `but_for` had it."""
    had = exists().where(FormerSlug.slug == slug)
    if but_for is not None:
        had = exists().where(FormerSlug.slug == slug, FormerSlug.event_id != but_for)
    return bool(session.scalar(select(exists().where(Event.slug == slug) | had)))


def _refuse_former(session: Session, slug: str) -> None:
    """Someone may have left that address while we were waiting for it."""
    if session.scalar(select(exists().where(FormerSlug.slug == slug))):
        raise _Taken
