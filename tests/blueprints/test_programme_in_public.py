"""What the public, and programs, never read of a programme: unnamed speakers and remote links."""

from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails, SpeakerDetails
from eventhub.domain.event import ActivityFormat, EventMode
from eventhub.exports.minutes_draft import minutes_draft
from eventhub.models.event import Event
from eventhub.services.programme import add_activity
from eventhub.services.tokens import create_token
from tests.conftest import NOW
from tests.factories import make_event

NAMED, UNNAMED, LINK = "Perrine Nommée", "Hermine Discrète", "https://visio.example.org/secret"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, slug="rencontre", mode=EventMode.HYBRID)
    details = ActivityDetails(
        format=ActivityFormat.WORKSHOP,
        title="Dessiner la carte",
        on=date(2027, 4, 8),
        starts_at=time(10, 0),
        ends_at=time(11, 0),
        room="Salle Cher",
        remote_link=LINK,
        speakers=(
            SpeakerDetails(name=NAMED, may_be_named=True),
            SpeakerDetails(name=UNNAMED, role="témoin", structure="Le Refuge Secret"),
        ),
    )
    add_activity(session, event, details, NOW)
    session.commit()
    return event


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/evenements/rencontre",
        "/evenements/rencontre.ics",
        "/evenements/rencontre/inscription",
        "/agenda.ics",
        "/agenda.json",
        "/agenda.atom",
        "/recherche?q=carte",
        "/recherche?q=hermine",
        "/api/v1/events",
        "/api/v1/events/rencontre",
    ],
)
def test_unnamed_speakers_and_links_are_nowhere(
    client: FlaskClient, session: Session, event: Event, address: str
) -> None:
    token = create_token(session, "essai", ["events:read"], NOW, None)
    session.commit()
    shown = client.get(address, headers={"Authorization": f"Bearer {token}"})
    assert shown.status_code == 200
    for secret in ("Discrète", "Refuge Secret", "visio.example.org"):
        assert secret not in shown.text


def test_the_page_names_who_agreed(client: FlaskClient, event: Event) -> None:
    page = client.get("/evenements/rencontre").text
    assert f"Avec {NAMED}" in page
    assert "Salle Cher, et à distance" in page


def test_the_draft_of_the_minutes_names_who_agreed(event: Event) -> None:
    draft = minutes_draft(event, [])
    assert NAMED in draft
    assert UNNAMED not in draft
    assert LINK not in draft


def test_the_api_tells_nothing_of_people(
    client: FlaskClient, session: Session, event: Event
) -> None:
    token = create_token(session, "essai", ["events:read"], NOW, None)
    session.commit()
    told = client.get(
        "/api/v1/events/rencontre", headers={"Authorization": f"Bearer {token}"}
    ).get_json()
    assert told["activities"] == [
        {
            "id": str(event.activities[0].id),
            "format": "workshop",
            "title": "Dessiner la carte",
            "starts_at": "2027-04-08T10:00:00+02:00",
            "ends_at": "2027-04-08T11:00:00+02:00",
            "room": "Salle Cher",
            "capacity": {"onsite": None, "remote": None},
            "places_left": {"onsite": None, "remote": None},
        }
    ]
