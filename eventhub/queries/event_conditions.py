"""Conditions that several queries put on events: the words they hold, and who may know of them."""

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from eventhub.domain.event import EventState
from eventhub.domain.naming import search_words
from eventhub.domain.rights import AccountRole, Actor
from eventhub.models.event import Event, event_departements

WORDS_MAX = 200
"""Longest search of the organisers that is looked at, in characters; the rest is cut."""


def holds_words(
    typed: str,
    *,
    text: InstrumentedAttribute[str] = Event.search_text,
    longest: int = WORDS_MAX,
) -> list[ColumnElement[bool]]:
    """One condition a word that was typed: `text` holds it. `longest` is in characters."""
    # PostgreSQL takes no text with a null character.
    words = search_words(typed[:longest].replace("\0", " "))
    return [text.contains(word, autoescape=True) for word in words]


def may_open(actor: Actor) -> ColumnElement[bool]:
    """The same rule as `eventhub.domain.rights`, as a condition."""
    if actor.is_regional:
        return true()
    territory: ColumnElement[bool] = Event.id.in_(
        select(event_departements.c.event_id).where(
            event_departements.c.departement_code.in_(actor.departements)
        )
    )
    if actor.role is AccountRole.STAFF_FIGURES:
        return or_(territory, Event.state != EventState.DRAFT)
    if actor.role is AccountRole.ORGANISER:
        co_organised = Event.id.in_(actor.co_organised) if actor.co_organised else false()
        return or_(territory, co_organised)
    if actor.role is AccountRole.CO_ORGANISER:
        return Event.id.in_(actor.co_organised) if actor.co_organised else false()
    return territory


def may_read_names(actor: Actor) -> ColumnElement[bool]:
    """The rule `may_see_names` of `eventhub.domain.rights`, as a condition on events."""
    if actor.role is AccountRole.STAFF_FIGURES:
        return false()
    return may_see_draft(actor)


def may_see_draft(actor: Actor) -> ColumnElement[bool]:
    """The rule `may_see_draft` of `eventhub.domain.rights`, as a condition on events."""
    if actor.is_regional:
        return true()
    allowed: list[ColumnElement[bool]] = []
    if actor.departements and actor.role is not AccountRole.CO_ORGANISER:
        here = select(event_departements.c.event_id).where(
            event_departements.c.departement_code.in_(actor.departements)
        )
        allowed.append(Event.id.in_(here))
    if actor.co_organised and actor.role in {AccountRole.ORGANISER, AccountRole.CO_ORGANISER}:
        allowed.append(Event.id.in_(actor.co_organised))
    return or_(*allowed) if allowed else false()
