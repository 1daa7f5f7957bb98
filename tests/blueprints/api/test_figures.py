"""Figures of the API."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.rights import TokenScope
from eventhub.services.season import EXAMPLE, load_season, read_season
from tests.blueprints.api.conftest import MakeHeaders
from tests.factories import make_event


@pytest.fixture(autouse=True)
def _season(session: Session, now: datetime) -> None:
    load_season(session, read_season(EXAMPLE), now)
    session.commit()


def test_the_figures_of_an_event(client: FlaskClient, headers: MakeHeaders) -> None:
    answer = client.get("/api/v1/events/nec-2024/figures", headers=headers())
    document = answer.get_json()
    assert answer.status_code == 200
    assert document["figures"] == {
        "registered": 200,
        "present": 200,
        "participants": 200,
        "participations": 200,
        "onsite": 200,
        "remote": 0,
        "excused": 0,
        "no_shows": 0,
        "attendance_rate": 1.0,
        "walk_ins": 0,
        "structures": document["figures"]["structures"],
        "engaged_structures": 0,
        "activities": 0,
        "deliverables": 0,
        "preparatory_meetings": 0,
    }
    assert (document["frozen"], document["differences"]) == (None, [])
    for table in ("residence", "category", "structure", "role", "mode"):
        members = document["breakdowns"][table]
        assert sum(member["participants"] for member in members) == 200


def test_figures_to_come_are_null_before_the_end(client: FlaskClient, headers: MakeHeaders) -> None:
    answer = client.get("/api/v1/events/nec-a-venir/figures", headers=headers())
    figures = answer.get_json()["figures"]
    assert (figures["registered"], figures["no_shows"], figures["attendance_rate"]) == (
        52,
        None,
        None,
    )


def test_figures_over_events(client: FlaskClient, headers: MakeHeaders) -> None:
    answer = client.get(
        "/api/v1/figures?year=2024&departement=37&kind=carrefour", headers=headers()
    )
    document = answer.get_json()
    assert [line["slug"] for line in document["events"]] == ["carrefour-2024"]
    assert document["figures"]["participations"] == 214
    assert document["figures"]["events"] == 1
    assert (
        document["figures"]["new"] + document["figures"]["returning"]
        == (document["figures"]["participants"])
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("year=twenty", "year"),
        ("year=0", "year"),
        ("year=99999999999", "year"),
        ("year=000000202499", "year"),
        ("kind=%00", "kind"),
        ("departement=%00", "departement"),
        ("departement=99", "departement"),
        ("kind=kermesse", "kind"),
    ],
)
def test_an_unknown_filter_is_refused(
    client: FlaskClient, headers: MakeHeaders, query: str, field: str
) -> None:
    answer = client.get(f"/api/v1/figures?{query}", headers=headers())
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_a_token_of_one_departement_sees_its_own_figures_only(
    client: FlaskClient, headers: MakeHeaders
) -> None:
    caller = headers(TokenScope.FIGURES_READ, departement="37")
    own = client.get("/api/v1/figures?year=2024", headers=caller).get_json()
    asked = client.get("/api/v1/figures?year=2024&departement=37", headers=caller).get_json()
    assert own["figures"] == asked["figures"]
    assert own["filter"]["departement"] == "37"
    statuses = [
        client.get(address, headers=caller).status_code
        for address in (
            "/api/v1/figures?departement=45",
            "/api/v1/events/carrefour-2024/figures",
            "/api/v1/events/fne-45-2024/figures",
        )
    ]
    assert statuses == [403, 200, 403]


def test_figures_need_their_own_scope(client: FlaskClient, headers: MakeHeaders) -> None:
    caller = headers(TokenScope.EVENTS_READ)
    for address in ("/api/v1/figures", "/api/v1/events/nec-2024/figures"):
        assert client.get(address, headers=caller).status_code == 403
        assert client.get(address).status_code == 401


def test_a_draft_and_an_unknown_event_are_not_found(
    client: FlaskClient, session: Session, headers: MakeHeaders
) -> None:
    make_event(session, slug="brouillon", state=EventState.DRAFT)
    caller = headers()
    for slug in ("brouillon", "absent"):
        answer = client.get(f"/api/v1/events/{slug}/figures", headers=caller)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
