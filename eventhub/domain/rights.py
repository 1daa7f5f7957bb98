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

    An organiser with no département is one of the region. `co_organised` holds event ids.
    """

    role: AccountRole
    departements: frozenset[str] = frozenset()
    co_organised: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_regional(self) -> bool:
        """Whether the actor's territory is the whole region."""
        return self.role is AccountRole.ADMINISTRATOR or not self.departements


def may_edit_event(actor: Actor, event_id: int | None, departements: frozenset[str]) -> bool:
    """Whether the actor may create (`event_id` None) or edit an event of these départements.

    An organiser edits the events that touch their territory, and those they co-organise.
    """
    if actor.role is AccountRole.ADMINISTRATOR:
        return True
    if actor.role is not AccountRole.ORGANISER:
        return False
    if event_id is not None and event_id in actor.co_organised:
        return True
    return actor.is_regional or bool(actor.departements & departements)


def may_see_names(actor: Actor, event_id: int, departements: frozenset[str]) -> bool:
    """Whether the actor may read the registrations of an event."""
    if actor.role is AccountRole.STAFF:
        return actor.is_regional or bool(actor.departements & departements)
    return may_edit_event(actor, event_id, departements)


def may_see_figures(_actor: Actor) -> bool:
    """Whether the actor may read figures: everyone with an account may, of every event."""
    return True


def may_see_draft(actor: Actor, event_id: int, departements: frozenset[str]) -> bool:
    """Whether the actor may know of an event that is not published: those of its territory."""
    if actor.role in {AccountRole.STAFF, AccountRole.STAFF_FIGURES}:
        return actor.is_regional or bool(actor.departements & departements)
    return may_edit_event(actor, event_id, departements)


def may_administer(actor: Actor) -> bool:
    """Whether the actor may edit accounts, kinds and categories."""
    return actor.role is AccountRole.ADMINISTRATOR
