from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import EventMode, EventState
from eventhub.web.places import REGISTER, REGISTER_TO_WAIT, PlacesWords, places_words
from tests.factories import make_event

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HYBRID: dict[str, Any] = {"mode": EventMode.HYBRID, "capacity_onsite": 240}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"taken_onsite": 36},
            PlacesWords("Il reste 4 places", "sur 40, sur place", "", (36, 40), REGISTER),
        ),
        (
            {"taken_onsite": 39},
            PlacesWords("Il reste 1 place", "sur 40, sur place", "", (39, 40), REGISTER),
        ),
        (
            {"taken_onsite": 40},
            PlacesWords("Complet", "liste d’attente ouverte", "warning", (1, 1), REGISTER_TO_WAIT),
        ),
        # A place has come free, and is for those who wait.
        (
            {"taken_onsite": 39, "waiting_onsite": 6},
            PlacesWords(
                "Complet",
                "liste d’attente ouverte, 6 personnes",
                "warning",
                (1, 1),
                REGISTER_TO_WAIT,
            ),
        ),
        (
            {"taken_onsite": 40, "waiting_list": False},
            PlacesWords("Complet", "sans liste d’attente", "warning", (1, 1)),
        ),
        (
            {"capacity_onsite": None},
            PlacesWords("Sans limite de places", "sur place", action=REGISTER),
        ),
        (
            {"mode": EventMode.REMOTE, "capacity_remote": 60, "taken_remote": 10},
            PlacesWords("Il reste 50 places", "sur 60, à distance", "", (10, 60), REGISTER),
        ),
        (
            HYBRID | {"taken_onsite": 202},
            PlacesWords(
                "Il reste 38 places",
                "sur 240, sur place ; à distance, sans limite",
                "",
                (202, 240),
                REGISTER,
            ),
        ),
        (
            HYBRID | {"capacity_remote": 60, "taken_remote": 48},
            PlacesWords(
                "Il reste 240 places",
                "sur 240, sur place ; à distance, il en reste 12 sur 60",
                "",
                (0, 240),
                REGISTER,
            ),
        ),
        (
            HYBRID | {"capacity_remote": 60, "taken_remote": 60},
            PlacesWords(
                "Il reste 240 places",
                "sur 240, sur place ; complet à distance",
                "",
                (0, 240),
                REGISTER,
            ),
        ),
        (
            HYBRID | {"taken_onsite": 240, "capacity_remote": 60, "taken_remote": 59},
            PlacesWords(
                "Complet sur place",
                "liste d’attente ouverte ; à distance, il reste 1 place",
                "warning",
                (1, 1),
                REGISTER,
            ),
        ),
        (
            HYBRID | {"taken_onsite": 240, "capacity_remote": 60, "taken_remote": 60},
            PlacesWords("Complet", "liste d’attente ouverte", "warning", (1, 1), REGISTER_TO_WAIT),
        ),
        (
            HYBRID | {"capacity_onsite": None},
            PlacesWords(
                "Sans limite de places", "sur place ; à distance, sans limite", action=REGISTER
            ),
        ),
        (
            {"registration_opens_at": NOW + timedelta(days=20)},
            PlacesWords("Inscriptions à partir du 11 décembre", icon="clock"),
        ),
        (
            {"registration_opens_at": NOW + timedelta(days=50)},
            PlacesWords("Inscriptions à partir du 10 janvier 2027", icon="clock"),
        ),
        (
            {"registration_closes_at": NOW - timedelta(days=1)},
            PlacesWords("Inscriptions closes", icon="lock"),
        ),
        ({"registration_enabled": False}, PlacesWords("Sans inscription en ligne")),
        ({"state": EventState.CANCELLED}, PlacesWords("Annulé", icon="stop")),
        (
            {"state": EventState.POSTPONED},
            PlacesWords("Reporté", "nouvelle date bientôt, les inscriptions sont gardées", "clock"),
        ),
        (
            {"state": EventState.POSTPONED, "registration_enabled": False},
            PlacesWords("Reporté", "nouvelle date bientôt", "clock"),
        ),
        ({"state": EventState.CLOSED}, PlacesWords("C’est passé")),
    ],
)
def test_places_are_said_in_words(
    session: Session, values: dict[str, Any], words: PlacesWords
) -> None:
    event = make_event(session, **values)

    said = places_words(event, NOW)

    assert (
        PlacesWords(
            said.headline.replace("\u00a0", " "),
            said.note.replace("\u00a0", " "),
            said.icon,
            said.seats,
            said.action,
        )
        == words
    )


def test_an_event_is_over_at_its_last_minute(session: Session) -> None:
    event = make_event(session)
    assert event.ends_at is not None

    assert places_words(event, event.ends_at - timedelta(minutes=1)).action == REGISTER
    assert places_words(event, event.ends_at) == PlacesWords("C’est passé")
