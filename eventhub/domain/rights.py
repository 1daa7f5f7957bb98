"""Who may do what: one list of rights, and the rules over it."""

from dataclasses import dataclass, field
from enum import StrEnum


class AccountRole(StrEnum):
    """What an account may do.

    `co-organiser` is of another structure: the events shared with it, and no other. `staff-figures`
    sees figures, never a name.
    """

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    CO_ORGANISER = "co-organiser"
    STAFF = "staff"
    STAFF_FIGURES = "staff-figures"


ACCOUNT_ROLE_LABELS: dict[AccountRole, str] = {
    AccountRole.ADMINISTRATOR: "Administration",
    AccountRole.ORGANISER: "Organisation",
    AccountRole.CO_ORGANISER: "Co-organisation d’évènements nommés",
    AccountRole.STAFF: "Équipe, avec les noms",
    AccountRole.STAFF_FIGURES: "Équipe, chiffres seulement",
}


class TokenScope(StrEnum):
    """What an API token may do."""

    EVENTS_READ = "events:read"
    REGISTRATIONS_READ = "registrations:read"
    REGISTRATIONS_WRITE = "registrations:write"
    FIGURES_READ = "figures:read"


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, as far as rights go.

    An organiser with no département is one of the region. `co_organised` holds event ids; it is
    all the territory that a co-organiser has.
    """

    role: AccountRole
    departements: frozenset[str] = frozenset()
    co_organised: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_regional(self) -> bool:
        """Whether the actor's territory is the whole region."""
        if self.role is AccountRole.CO_ORGANISER:
            return False
        return self.role is AccountRole.ADMINISTRATOR or not self.departements


def may_edit_event(actor: Actor, event_id: int | None, departements: frozenset[str]) -> bool:
    """Whether the actor may create (`event_id` None) or edit an event of these départements.

    An organiser edits the events that touch their territory, and those they co-organise; a
    co-organiser the latter alone.
    """
    if may_decide_event(actor, departements):
        return True
    shared = event_id is not None and event_id in actor.co_organised
    return shared and actor.role in {AccountRole.ORGANISER, AccountRole.CO_ORGANISER}


def may_decide_event(actor: Actor, departements: frozenset[str]) -> bool:
    """Whether the actor may share, cancel or delete an event of these départements.

    Those of its territory may; whoever it is shared with edits, and decides none of that.
    """
    if actor.role is AccountRole.ADMINISTRATOR:
        return True
    if actor.role is not AccountRole.ORGANISER:
        return False
    return actor.is_regional or bool(actor.departements & departements)


def may_create_events(actor: Actor) -> bool:
    """Whether the actor makes events at all, somewhere."""
    return actor.role in {AccountRole.ADMINISTRATOR, AccountRole.ORGANISER}


def may_see_names(actor: Actor, event_id: int, departements: frozenset[str]) -> bool:
    """Whether the actor may read the registrations of an event."""
    if actor.role is AccountRole.STAFF:
        return actor.is_regional or bool(actor.departements & departements)
    return may_edit_event(actor, event_id, departements)


def may_see_figures(actor: Actor) -> bool:
    """Whether the actor may read figures of every event: whoever is of the hub may."""
    return actor.role is not AccountRole.CO_ORGANISER


def may_see_event_figures(actor: Actor, event_id: int) -> bool:
    """Whether the actor may read the figures of one event that is public."""
    return may_see_figures(actor) or event_id in actor.co_organised


def may_see_draft(actor: Actor, event_id: int, departements: frozenset[str]) -> bool:
    """Whether the actor may know of an event that is not published: those of its territory."""
    if actor.role in {AccountRole.STAFF, AccountRole.STAFF_FIGURES}:
        return actor.is_regional or bool(actor.departements & departements)
    return may_edit_event(actor, event_id, departements)


def may_see_structures(actor: Actor) -> bool:
    """Whether the actor may open the directory of structures: whoever is of the hub may."""
    return actor.role is not AccountRole.CO_ORGANISER


def may_edit_structures(actor: Actor) -> bool:
    """Whether the actor may edit and merge structures: they belong to the whole region."""
    return may_create_events(actor)


def may_administer(actor: Actor) -> bool:
    """Whether the actor may edit accounts, kinds and categories."""
    return actor.role is AccountRole.ADMINISTRATOR
