import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, EventState, HubRole, KindFamily
from eventhub.domain.figures import EVENT_MEASURES, MEASURES, OVER_MEASURES, Qualifier
from eventhub.domain.rights import AccountRole
from eventhub.domain.scan import AttendanceOrigin
from eventhub.extensions import db
from eventhub.models.attendance import Attendance
from eventhub.models.event import Event
from eventhub.models.figure import Headcount
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.figures import add_headcount
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.factories import (
    make_account,
    make_departement,
    make_event,
    make_kind,
    make_registration,
)
from tests.query_count import counted_statements

AT = datetime(2024, 12, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def staff(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, make_account(session, AccountRole.STAFF_FIGURES))


def held(session: Session, participants: int, **values: object) -> Event:
    """A past event with as many participants."""
    event = make_event(session, **({"starts_on": date(2024, 4, 9)} | values))
    (entrance, *_) = default_checkpoints(session, event, AT)
    for _ in range(participants):
        registration = make_registration(session, event)
        session.add(
            Attendance(
                event_id=event.id,
                registration_id=registration.id,
                checkpoint_id=entrance.id,
                mode=registration.mode,
                origin=AttendanceOrigin.IMPORT,
            )
        )
    session.commit()
    return event


def test_without_any_event_the_page_says_so(staff: FlaskClient) -> None:
    text = text_of(staff.get("/chiffres").text)
    assert "Aucun évènement ne correspond à ces filtres." in text


def test_each_figure_is_shown_with_its_definition_and_the_events_behind(
    staff: FlaskClient, session: Session
) -> None:
    event = held(session, 2, title="NEC 2024")
    page = staff.get("/chiffres").text
    text = text_of(page)
    for measure in (*EVENT_MEASURES, *OVER_MEASURES):
        said = MEASURES[measure]
        assert said.label in text
        assert " ".join(said.definition.split()) in text
    assert "Participants 2 Personnes différentes" in text
    assert "NEC 2024 mardi 9 avril 2024, compté mardi 9 avril 2024 Journée 2 compté" in text
    assert f'href="/organisation/evenements/{event.slug}/chiffres"' in page


def test_figures_are_narrowed_by_year_departement_and_kind(
    staff: FlaskClient, session: Session
) -> None:
    cher = make_departement(session, "18", "Cher")
    meeting = make_kind(session, "trimestrielle", label="Trimestrielle", family=KindFamily.MEETING)
    held(session, 1, title="Journée 2023", starts_on=date(2023, 5, 2))
    held(session, 2, title="Journée du Cher", departements=[cher])
    held(session, 4, title="Réunion du Loiret", kind_code=meeting.code)

    def participants(query: str) -> int:
        found = staff.get(f"/chiffres.json{query}").get_json()["figures"]["participants"]
        assert isinstance(found, int)
        return found

    assert participants("") == 7
    assert participants("?annee=2023") == 1
    assert participants("?annee=2024") == 6
    assert participants("?annee=2024&departement=18") == 2
    assert participants("?type=trimestrielle") == 4
    assert participants("?annee=2023&type=trimestrielle") == 0
    page = staff.get("/chiffres?annee=2024&departement=18&type=journee").text
    text = text_of(page)
    assert "Les chiffres de 2024 · Journée · Cher" in text
    assert "Journée du Cher" in text
    assert "Réunion du Loiret" not in text
    assert '<option value="18" selected>Cher</option>' in page
    assert 'href="/chiffres?annee=2023&amp;departement=18&amp;type=journee"' in page
    assert 'href="/chiffres.csv?annee=2024&amp;departement=18&amp;type=journee"' in page


@pytest.mark.parametrize(
    "query", ["annee=24", "annee=abcd", "annee=0000", "annee=²024", "departement=99", "type=fête"]
)
def test_an_unknown_filter_is_refused_rather_than_forgotten(
    staff: FlaskClient, session: Session, query: str
) -> None:
    held(session, 1)
    for path in ("/chiffres", "/chiffres.json", "/chiffres.csv"):
        assert staff.get(f"{path}?{query}").status_code == 422


def test_what_is_declared_is_never_made_exact(staff: FlaskClient, session: Session) -> None:
    held(session, 2, title="Comptée")
    declared = held(session, 0, title="Déclarée")
    add_headcount(
        session, declared, "participants", 95, AT, qualifier=Qualifier.MORE_THAN, source="Bilan"
    )
    session.commit()
    text = text_of(staff.get("/chiffres").text)
    assert "Participants plus de 97 Personnes" in text
    assert "Compté sur les listes : 2." in text
    assert re.search(r"Déclarée [^.]* Journée plus de 95 déclaré", text)


def test_a_headcount_of_a_period_is_shown_and_enters_no_total(
    staff: FlaskClient, session: Session
) -> None:
    held(session, 2)
    session.add(
        Headcount(
            measure="meetings",
            value=50,
            qualifier=Qualifier.EXACT,
            period="2021-03/2022-12",
            period_starts_on=date(2021, 3, 1),
            period_ends_on=date(2022, 12, 31),
            source="COPIL 2023",
            entered_at=AT,
        )
    )
    session.commit()
    text = text_of(staff.get("/chiffres").text)
    assert "Réunions 2021-03/2022-12 tout le monde COPIL 2023 50 COPIL 2023" in text
    assert "Réunions 0 Réunions passées" in text


def test_an_event_to_come_and_one_of_unknown_date_are_told_as_they_are(
    staff: FlaskClient, session: Session
) -> None:
    make_event(session, title="À venir", starts_on=date(2099, 4, 9))
    make_event(
        session,
        title="Sans date",
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 12, 31),
        starts_at=None,
        ends_at=None,
        date_precision=DatePrecision.YEAR,
    )
    text = text_of(staff.get("/chiffres").text)
    assert "jeudi 9 avril 2099 Journée — à venir" in text
    assert "Sans date 2022, pas de liste 2022 Journée — pas de liste" in text


def test_drafts_and_cancelled_events_count_nowhere(staff: FlaskClient, session: Session) -> None:
    for state in (EventState.DRAFT, EventState.CANCELLED, EventState.POSTPONED):
        make_event(session, title=f"Évènement {state}", state=state, starts_on=date(2024, 4, 9))
    assert "Aucun évènement" in text_of(staff.get("/chiffres").text)


def test_events_of_others_are_told_apart(staff: FlaskClient, session: Session) -> None:
    held(session, 1)
    held(session, 1, hub_role=HubRole.GUEST)
    text = text_of(staff.get("/chiffres").text)
    assert "dont le hub n’est ni organisateur ni co-organisateur : évènements : 1." in text


def test_the_csv_holds_the_figures_of_the_json(staff: FlaskClient, session: Session) -> None:
    held(session, 2)
    document = staff.get("/chiffres.json?annee=2024").get_json()
    answer = staff.get("/chiffres.csv?annee=2024")
    assert answer.headers["Content-Disposition"] == "attachment; filename=chiffres-2024.csv"
    rows = list(
        csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";")
    )
    assert {row["Code"]: row["Compté"] for row in rows if not row["Par"]} == {
        measure: "" if value is None else str(value).replace(".", ",")
        for measure, value in document["figures"].items()
    }


def test_signed_out_the_page_sends_to_sign_in_and_data_refuse(client: FlaskClient) -> None:
    answer = client.get("/chiffres")
    assert (answer.status_code, answer.location) == (303, "/connexion?next=/chiffres")
    assert client.get("/chiffres.json").status_code == 401
    assert client.get("/chiffres.csv").status_code == 401


def test_the_page_costs_the_same_whatever_the_number_of_events(
    staff: FlaskClient, session: Session
) -> None:
    counts = []
    for made in (1, 2):
        for _ in range(made):
            held(session, 2)
        session.expire_all()
        with counted_statements(db.engine) as statements:
            assert staff.get("/chiffres").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
