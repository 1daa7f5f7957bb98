"""Events of every state beside the example season, to look at pages with."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, EventState
from tests.factories import make_event

LONG_TITLE = (
    "Un titre d’une longueur déraisonnable, comme on en lit dans les appels à projets, avec le mot "
    "anticonstitutionnellementanticonstitutionnellement au milieu, et la suite qui continue encore "
    "et encore jusqu’à trois cents caractères ou presque, pour voir ce que la page en fait"
)

#: By slug, what differs from an ordinary event to come.
EVENTS: Mapping[str, Mapping[str, Any]] = {
    "vitrine-complet": {"title": "Complet", "taken_onsite": 40, "waiting_onsite": 6},
    "vitrine-refus": {"title": "Complet sans liste", "taken_onsite": 40, "waiting_list": False},
    "vitrine-reporte": {"title": "Reporté", "state": EventState.POSTPONED},
    "vitrine-annule": {
        "title": "Annulé",
        "state": EventState.CANCELLED,
        "state_reason": "Trop peu de monde disponible à cette date.",
    },
    "vitrine-long": {"title": LONG_TITLE, "place": LONG_TITLE[:190], "audience": LONG_TITLE},
    "vitrine-sans-inscription": {"title": "Sans inscription", "registration_enabled": False},
    "vitrine-vague": {"title": "Date à préciser", "date_precision": DatePrecision.MONTH},
}


def make_showcase(session: Session) -> None:
    """Add the events of every state, from sixty days ahead."""
    today = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    for index, (slug, values) in enumerate(EVENTS.items()):
        starts_at = today + timedelta(days=60 + 7 * index)
        starts_on, ends_on = starts_at.date(), starts_at.date()
        hours: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=4)}
        if "date_precision" in values:
            starts_on = starts_on.replace(day=1)
            ends_on = starts_on.replace(day=28)
            hours = {"starts_at": None, "ends_at": None}
        make_event(session, slug=slug, starts_on=starts_on, ends_on=ends_on, **hours, **values)
