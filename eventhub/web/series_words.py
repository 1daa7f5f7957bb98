"""What pages say of series: cadence, lateness, what became of the events that follow."""

from collections.abc import Sequence

from eventhub.domain.cadence import cadence_words, lateness_words
from eventhub.exports import wording
from eventhub.models.event import Event
from eventhub.queries.series import SeriesInList
from eventhub.services.series_following import FollowingOutcome

_NAMED_AT_MOST = 6

_WORDS = {
    "starts_on": "le jour",
    "ends_on": "la durée",
    "starts_at": "l’heure de début",
    "ends_at": "l’heure de fin",
    "starts_half": "la demi-journée",
    "ends_half": "la demi-journée",
    "title": "le titre",
    "kind_code": "le type",
    "departement_codes": "les départements",
    "bassin_id": "le bassin de vie",
    "mode": "la façon de venir",
    "place": "le lieu",
    "address": "l’adresse",
    "access": "comment venir",
    "accessibility": "l’accessibilité",
    "remote_link": "le lien à distance",
    "summary": "la présentation",
    "audience": "pour qui",
    "hub_role": "le rôle du hub",
    "contact_name": "la personne à qui écrire",
    "contact_email": "son courriel",
    "organisers": "les structures organisatrices",
    "co_organisers": "les structures co-organisatrices",
    "partners": "les structures partenaires",
    "registration_enabled": "les inscriptions",
    "registration_opens_at": "l’ouverture des inscriptions",
    "registration_closes_at": "la fermeture des inscriptions",
    "waiting_list": "la liste d’attente",
    "capacity_onsite": "les places sur place",
    "capacity_remote": "les places à distance",
    "promotion_delay_hours": "le délai de la liste d’attente",
    "reminder_hours": "les rappels",
    "mail_note": "le mot des courriels",
    "entrance_unit": "l’accueil",
}
"""Names of EventDetails, as they are called on screen."""


def cadence_in_words(listed: SeriesInList) -> str:
    """« chaque trimestre », or that there is none."""
    if listed.cadence is None:
        return "sans rythme"
    return cadence_words(listed.cadence.half_months)


def late_words(listed: SeriesInList) -> str:
    """« en retard de 3 semaines », or nothing."""
    return lateness_words(listed.standing.late_days)


def following_sentences(outcome: FollowingOutcome) -> list[str]:
    """What was done to the following events, and to which; what was not, and why."""
    if not outcome.names:
        return ["Rien à faire suivre : seule cette date a changé."]
    said = []
    if outcome.changed:
        number = wording.count(len(outcome.changed), "évènement qui suit", "évènements qui suivent")
        words = list(dict.fromkeys(_WORDS.get(name, name) for name in outcome.names))
        said.append(
            f"Changé aussi dans {number} ({', '.join(words)}), "
            f"même où c’était différent : {_days(outcome.changed)}."
        )
    else:
        said.append("Aucun évènement qui suit n’était à changer.")
    if outcome.skipped:
        left = ", ".join(
            f"{wording.event_days(one.event)} ({one.reason.rstrip('.')})"
            for one in outcome.skipped[:_NAMED_AT_MOST]
        )
        said.append(f"Laissé tel quel : {left}{_more(len(outcome.skipped))}.")
    return said


def _days(events: Sequence[Event]) -> str:
    shown = ", ".join(wording.event_days(event) for event in events[:_NAMED_AT_MOST])
    return f"{shown}{_more(len(events))}"


def _more(number: int) -> str:
    rest = number - _NAMED_AT_MOST
    return f" et {wording.count(rest, 'autre')}" if rest > 0 else ""
