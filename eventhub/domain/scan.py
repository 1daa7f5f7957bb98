"""Words of the door: kinds of scan, verdicts and what each means. See docs/door-protocol.md."""

from dataclasses import dataclass
from enum import StrEnum


class CheckpointKind(StrEnum):
    """Where presence is recorded."""

    ENTRANCE = "entrance"
    ACTIVITY = "activity"


class ScanKind(StrEnum):
    """What the agent did."""

    ARRIVAL = "arrival"
    UNDO = "undo"
    EXCUSE = "excuse"
    WALK_IN = "walk_in"


class Verdict(StrEnum):
    """What a scan came to; the same code on the phone, in the API and in the log."""

    ACCEPTED = "accepted"
    ACCEPTED_UNSYNCED = "accepted_unsynced"
    ALREADY_PRESENT = "already_present"
    NOT_BOOKED = "not_booked"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    NOT_OPEN = "not_open"
    OTHER_EVENT = "other_event"
    REVOKED = "revoked"
    FORGED = "forged"
    UNKNOWN = "unknown"
    RECORDED = "recorded"
    HELD = "held"


class AttendanceOrigin(StrEnum):
    """Where a presence comes from: scans, or history loaded without scan or hour."""

    SCAN = "scan"
    IMPORT = "import"


class Colour(StrEnum):
    """The ground on which a verdict is shown; its word and pictogram say the same."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class VerdictMeaning:
    """How a verdict is told: a word that fills the screen, and one sentence."""

    word: str
    sentence: str
    colour: Colour


VERDICT_MEANINGS: dict[Verdict, VerdictMeaning] = {
    Verdict.ACCEPTED: VerdictMeaning("C’est bon", "Présence enregistrée.", Colour.GREEN),
    Verdict.ACCEPTED_UNSYNCED: VerdictMeaning(
        "C’est bon",
        "Billet valable\u00a0: le nom viendra à la prochaine synchronisation.",
        Colour.GREEN,
    ),
    Verdict.ALREADY_PRESENT: VerdictMeaning(
        "Déjà là", "Cette personne est déjà passée à ce point d’accueil.", Colour.AMBER
    ),
    Verdict.NOT_BOOKED: VerdictMeaning(
        "Pas à ce temps",
        "Cette personne est inscrite, mais pas à ce temps du programme.",
        Colour.AMBER,
    ),
    Verdict.WAITING: VerdictMeaning(
        "Liste d’attente", "Cette personne est sur la liste d’attente.", Colour.AMBER
    ),
    Verdict.CANCELLED: VerdictMeaning(
        "Inscription annulée", "Cette inscription a été annulée.", Colour.RED
    ),
    Verdict.NOT_OPEN: VerdictMeaning(
        "Pas ouvert", "Ce point d’accueil n’est pas ouvert à cette heure.", Colour.AMBER
    ),
    Verdict.OTHER_EVENT: VerdictMeaning(
        "Autre évènement", "Ce billet est celui d’un autre évènement.", Colour.RED
    ),
    Verdict.REVOKED: VerdictMeaning(
        "Billet remplacé",
        "Ce billet a été remplacé\u00a0: demandez à voir le plus récent.",
        Colour.RED,
    ),
    Verdict.FORGED: VerdictMeaning(
        "Billet non valable", "La signature de ce billet n’est pas la nôtre.", Colour.RED
    ),
    Verdict.UNKNOWN: VerdictMeaning(
        "Code inconnu", "Ce code n’est pas un billet que nous connaissons.", Colour.RED
    ),
    Verdict.RECORDED: VerdictMeaning("C’est noté", "C’est enregistré.", Colour.GREEN),
    Verdict.HELD: VerdictMeaning(
        "Gardé à part",
        "Ce poste a été retiré\u00a0: le passage est gardé, l’organisation le vérifiera.",
        Colour.NONE,
    ),
}

COUNTING_VERDICTS = frozenset(
    {Verdict.ACCEPTED, Verdict.ACCEPTED_UNSYNCED, Verdict.ALREADY_PRESENT}
)
"""With these an arrival makes a presence."""

OVERRIDABLE_VERDICTS = frozenset(
    {Verdict.NOT_BOOKED, Verdict.WAITING, Verdict.CANCELLED, Verdict.NOT_OPEN}
)
"""With these an arrival makes a presence when the agent admits the person."""
