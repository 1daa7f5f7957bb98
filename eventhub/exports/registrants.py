"""The list of registrants of an event, as a table for a French spreadsheet."""

from collections.abc import Iterable

from eventhub.domain.registration import (
    ATTENDANCE_MODE_LABELS,
    REGISTRATION_ROLE_LABELS,
    REGISTRATION_STATE_LABELS,
    RegistrationOrigin,
)
from eventhub.exports.tables import french_csv
from eventhub.exports.wording import local
from eventhub.queries.paper import Registrant

HEADER = (
    "Nom",
    "Prénom",
    "Courriel",
    "Structure",
    "Catégorie",
    "Code du département",
    "Département",
    "Mode",
    "Rôle",
    "État",
    "Rang d’attente",
    "Origine",
    "Inscription le",
    "Désistement le",
    "Excusé·e le",
    "Présent·e",
)

_ORIGINS = {
    RegistrationOrigin.ONLINE: "En ligne",
    RegistrationOrigin.STAFF: "Par l’équipe",
    RegistrationOrigin.IMPORT: "Import",
    RegistrationOrigin.DOOR: "À l’accueil",
}


def registrants_csv(registrants: Iterable[Registrant], timezone: str) -> bytes:
    """The list as CSV, its moments in `timezone`."""
    return french_csv(
        HEADER,
        (
            (
                row.family_name,
                row.given_name,
                row.email,
                row.structure,
                row.category,
                row.departement_code,
                row.departement,
                ATTENDANCE_MODE_LABELS[row.mode],
                REGISTRATION_ROLE_LABELS[row.role],
                REGISTRATION_STATE_LABELS[row.state],
                row.waiting_rank,
                _ORIGINS[row.origin],
                local(row.created_at, timezone),
                row.cancelled_at and local(row.cancelled_at, timezone),
                row.excused_at and local(row.excused_at, timezone),
                row.present,
            )
            for row in registrants
        ),
    )
