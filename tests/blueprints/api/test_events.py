"""Events of the API: who may read which, and in which shape."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, EventState
from eventhub.domain.rights import TokenScope
from eventhub.extensions import db
from eventhub.models.event import Activity
from eventhub.web.cursors import write_cursor
from tests.blueprints.api.conftest import MakeHeaders
from tests.factories import make_departement, make_event
from tests.query_count import counted_statements


def test_an_event_is_given_whole(
    client: FlaskClient, session: Session, headers: MakeHeaders
) -> None:
    event = make_event(session, slug="nec", title="NEC", capacity_remote=60, taken_remote=60)
    workshop = Activity(
        event_id=event.id,
        format=ActivityFormat.WORKSHOP,
        title="Atelier",
        starts_at=datetime(2027, 4, 8, 8, 0, tzinfo=UTC),
        ends_at=datetime(2027, 4, 8, 9, 0, tzinfo=UTC),
        room="Salle Cher",
        capacity_onsite=12,
        taken_onsite=2,
    )
    session.add(workshop)
    session.commit()
    session.expire_all()
    assert client.get("/api/v1/events/nec", headers=headers()).get_json() == {
        "slug": "nec",
        "title": "NEC",
        "kind": "journee",
        "state": "published",
        "starts_on": "2027-04-08",
        "ends_on": "2027-04-08",
        "starts_at": "2027-04-08T09:00:00+02:00",
        "ends_at": "2027-04-08T17:00:00+02:00",
        "date_precision": "day",
        "mode": "onsite",
        "departements": ["45"],
        "place": "Halle du Port-Vieux",
        "registration_open": True,
        "capacity": {"onsite": 40, "remote": 60},
        "places_left": {"onsite": 40, "remote": 0},
        "activities": [
            {
                "id": str(workshop.id),
                "format": "workshop",
                "title": "Atelier",
                "starts_at": "2027-04-08T10:00:00+02:00",
                "ends_at": "2027-04-08T11:00:00+02:00",
                "room": "Salle Cher",
                "capacity": {"onsite": 12, "remote": None},
                "places_left": {"onsite": 10, "remote": None},
            }
        ],
        "url": "http://127.0.0.1:8000/evenements/nec",
    }


def test_a_postponed_event_has_no_date(
    client: FlaskClient, session: Session, headers: MakeHeaders
) -> None:
    make_event(session, slug="reporte", state=EventState.POSTPONED)
    document = client.get("/api/v1/events/reporte", headers=headers()).get_json()
    assert [document[name] for name in ("starts_on", "ends_on", "starts_at", "ends_at")] == [
        None
    ] * 4
    assert document["registration_open"] is False


def test_drafts_do_not_exist_for_programs(
    client: FlaskClient, session: Session, headers: MakeHeaders
) -> None:
    make_event(session, slug="brouillon", state=EventState.DRAFT)
    assert client.get("/api/v1/events/brouillon", headers=headers()).status_code == 404
    assert client.get("/api/v1/events", headers=headers()).get_json() == {"items": [], "next": None}


def test_a_list_goes_on_by_cursor_without_gap_or_double(
    client: FlaskClient, session: Session, headers: MakeHeaders
) -> None:
    for number in range(203):
        make_event(session, slug=f"e{number}", starts_on=date(2027, 1 + number % 3, 1))
    caller = headers()
    slugs: list[str] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        page = client.get(f"/api/v1/events?cursor={cursor}", headers=caller).get_json()
        slugs += [item["slug"] for item in page["items"]]
        cursor = page["next"]
        pages += 1
    assert (pages, len(slugs), len(set(slugs))) == (3, 203, 203)


def test_a_list_is_filtered(client: FlaskClient, session: Session, headers: MakeHeaders) -> None:
    cher = make_departement(session, "18", "Cher")
    make_event(session, slug="passe", starts_on=date(2020, 1, 1))
    make_event(session, slug="cher", starts_on=date(2097, 1, 1), departements=[cher])
    make_event(session, slug="loiret", starts_on=date(2098, 1, 1))
    caller = headers()

    def slugs(query: str) -> list[str]:
        page = client.get(f"/api/v1/events{query}", headers=caller).get_json()
        return [item["slug"] for item in page["items"]]

    assert slugs("") == ["passe", "cher", "loiret"]
    assert slugs("?upcoming=1") == ["cher", "loiret"]
    assert slugs("?departement=18") == ["cher"]
    assert slugs("?kind=nec") == []


def test_a_token_of_one_departement_sees_no_other(
    client: FlaskClient, session: Session, headers: MakeHeaders
) -> None:
    cher = make_departement(session, "18", "Cher")
    make_event(session, slug="cher", departements=[cher])
    make_event(session, slug="loiret")
    caller = headers(departement="18")
    page = client.get("/api/v1/events", headers=caller).get_json()
    assert [item["slug"] for item in page["items"]] == ["cher"]
    assert client.get("/api/v1/events/loiret", headers=caller).status_code == 403
    assert client.get("/api/v1/events?departement=45", headers=caller).status_code == 403


def test_no_token_no_scope_and_a_broken_cursor_are_problems(
    client: FlaskClient, session: Session, headers: MakeHeaders
) -> None:
    missing = client.get("/api/v1/events")
    assert (missing.status_code, missing.get_json()["code"]) == (401, "unauthorised")
    assert missing.headers["WWW-Authenticate"] == "Bearer"
    other = client.get("/api/v1/events", headers=headers(TokenScope.FIGURES_READ))
    assert (other.status_code, other.get_json()["code"]) == (403, "forbidden")
    beyond = write_cursor("2026-01-01", "9" * 30)  # than any number of PostgreSQL
    for cursor in ("é", "a", "YXxi", "====", "%00", beyond, write_cursor("2026-01-01", "-1")):
        broken = client.get(f"/api/v1/events?cursor={cursor}", headers=headers())
        assert (broken.status_code, broken.get_json()["code"]) == (422, "invalid"), cursor


@pytest.mark.parametrize("name", ["departement", "kind"])
def test_a_filter_that_no_database_could_look_up_is_named(
    client: FlaskClient, headers: MakeHeaders, name: str
) -> None:
    answer = client.get(f"/api/v1/events?{name}=%00", headers=headers())
    assert (answer.status_code, [error["field"] for error in answer.get_json()["errors"]]) == (
        422,
        [name],
    )


def test_what_a_token_reads_stays_in_no_cache(client: FlaskClient, headers: MakeHeaders) -> None:
    answer = client.get("/api/v1/events", headers=headers())
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_list_costs_the_same_with_one_and_with_three_events(
    client: FlaskClient, session: Session, headers: MakeHeaders
) -> None:
    caller = headers()
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_event(session)
        session.expire_all()
        with counted_statements(db.engine) as sent:
            assert client.get("/api/v1/events", headers=caller).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
