"""Registrations of one event that may be one person twice, or several behind one mailbox.

Nothing is merged here: a person decides.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class LookAlike(StrEnum):
    """Why a registration is pointed at."""

    SAME_NAME = "same-name"
    """Another live registration has the same words in its name, in any order."""
    SAME_MAILBOX_AND_NAME = "same-mailbox-and-name"
    """Another one has the same mailbox, and the words of one name are all in the other."""
    SHARED_MAILBOX = "shared-mailbox"
    """Another one has the same mailbox and another name: often a structure's address."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is compared of one registration; keys as `eventhub.domain.naming` makes them."""

    registration_id: uuid.UUID
    name_key: str
    email_key: str | None


def look_alikes(identities: Iterable[Identity]) -> dict[uuid.UUID, LookAlike]:
    """Point at each registration that resembles another one, for the strongest reason."""
    by_words: dict[frozenset[str], list[Identity]] = defaultdict(list)
    by_mailbox: dict[str, list[Identity]] = defaultdict(list)
    for identity in identities:
        by_words[frozenset(identity.name_key.split())].append(identity)
        if identity.email_key:
            by_mailbox[identity.email_key].append(identity)
    found: dict[uuid.UUID, LookAlike] = {}
    for group in by_mailbox.values():
        for identity in group:
            others = [other for other in group if other is not identity]
            if not others:
                continue
            near = any(_one_holds_the_other(identity, other) for other in others)
            found[identity.registration_id] = (
                LookAlike.SAME_MAILBOX_AND_NAME if near else LookAlike.SHARED_MAILBOX
            )
    for words, group in by_words.items():
        if words and len(group) > 1:
            for identity in group:
                if found.get(identity.registration_id) is not LookAlike.SAME_MAILBOX_AND_NAME:
                    found[identity.registration_id] = LookAlike.SAME_NAME
    return found


def _one_holds_the_other(one: Identity, other: Identity) -> bool:
    mine, theirs = frozenset(one.name_key.split()), frozenset(other.name_key.split())
    return mine <= theirs or theirs <= mine
