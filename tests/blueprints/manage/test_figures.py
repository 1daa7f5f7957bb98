import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.figures import EVENT_MEASURES, MEASURES, Qualifier
from eventhub.domain.registration import AttendanceMode, RegistrationRole
from eventhub.domain.rights import AccountRole
from eventhub.domain.scan import AttendanceOrigin
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.attendance import Attendance
from eventhub.models.event import Event
from eventhub.models.figure import Headcount
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.events import close_event
from eventhub.services.figures import add_headcount
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.factories import (
    make_account,
    make_departement,
    make_event,
    make_person,
    make_registration,
    make_structure,
)
from tests.query_count import counted_statements

AT = datetime(2024, 12, 20, 9, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parents[2] / "golden" / "figures.csv"


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, AccountRole.ORGANISER, ("45",), display_name="Nadège Lemoine")


@pytest.fixture
def organiser(app: Flask, session: Session, account: Account) -> FlaskClient:
    return signed_in(app, session, account)


@pytest.fixture
def event(session: Session, account: Account) -> Event:
    return make_event(session, slug="rencontre", starts_on=date(2024, 12, 13))


def attend(
    session: Session,
    event: Event,
    family_name: str,
    role: RegistrationRole = RegistrationRole.PARTICIPANT,
    residence: str | None = None,
) -> None:
    (entrance, *_) = default_checkpoints(session, event, AT)
    registration = make_registration(
        session,
        event,
        make_person(session, "Camille", family_name),
        role=role,
        departement_code=residence,
        structure_id=make_structure(session, f"Structure {family_name}").id,
    )
    session.add(
        Attendance(
            event_id=event.id,
            registration_id=registration.id,
            checkpoint_id=entrance.id,
            mode=AttendanceMode.ONSITE,
            origin=AttendanceOrigin.IMPORT,
        )
    )
    session.commit()


def address(event: Event, rest: str = "") -> str:
    return f"/organisation/evenements/{event.slug}/chiffres{rest}"


def headcount(**values: str) -> dict[str, str]:
    return {
        "measure": "participants",
        "member": "",
        "value": "95",
        "qualifier": "more_than",
        "covers": "whole",
        "source": "Bilan 2024",
        "quote": "plus de 95 présent-e-s",
    } | values


def test_each_figure_is_shown_with_its_definition(
    organiser: FlaskClient, session: Session, event: Event
) -> None:
    attend(session, event, "Aubertin")
    text = text_of(organiser.get(address(event)).text)
    for measure in EVENT_MEASURES:
        said = MEASURES[measure]
        assert said.label in text
        assert " ".join(said.definition.split()) in text
    assert "Participants 1 Personnes différentes" in text
    assert "Taux de présence 100 %" in text


def test_a_figure_that_does_not_exist_yet_is_a_dash(
    organiser: FlaskClient, session: Session, account: Account
) -> None:
    event = make_event(session, starts_on=date(2099, 4, 8))
    text = text_of(organiser.get(address(event)).text)
    for measure in ("no_shows", "attendance_rate"):
        assert f"{MEASURES[measure].label} — {MEASURES[measure].definition[:20]}" in text


def test_a_past_event_without_a_list_says_that_its_zeros_are_not_known(
    organiser: FlaskClient, session: Session, event: Event
) -> None:
    unknown = "ces zéros disent qu’on ne sait pas"
    assert unknown in text_of(organiser.get(address(event)).text)
    attend(session, event, "Aubertin")
    assert unknown not in text_of(organiser.get(address(event)).text)


def test_a_breakdown_is_a_table_that_adds_up(
    organiser: FlaskClient, session: Session, event: Event
) -> None:
    make_departement(session, "18", "Cher")
    attend(session, event, "Aubertin", residence="18")
    attend(session, event, "Delaunay")
    attend(session, event, "Pinson", RegistrationRole.FACILITATOR)
    text = text_of(organiser.get(address(event)).text)
    assert "Cher 1 inscrit, 1 présent 1 1 1 1" in text
    assert "Non renseigné 1 inscrit, 2 présents 1 2 1 1" in text
    assert "Ensemble 2 3 2 2" in text


def test_what_is_declared_stands_in_for_what_is_counted_and_says_so(
    organiser: FlaskClient, session: Session, event: Event
) -> None:
    attend(session, event, "Aubertin")
    answer = organiser.post(address(event), data=headcount())
    assert (answer.status_code, answer.location) == (303, f"{address(event)}#declares")
    organiser.post(
        address(event),
        data=headcount(member="mode:remote", value="25", qualifier="exact", quote=""),
    )
    text = text_of(organiser.get(address(event)).text)
    assert "Participants plus de 95 Personnes" in text
    assert "Compté sur les listes : 1." in text
    assert "Participants tout le monde Bilan 2024 : « plus de 95 présent-e-s » plus de 95 1" in text
    assert "Participants, à distance tout le monde" in text
    assert "noté par Nadège Lemoine" in text
    assert [
        (row.measure, row.dimension, row.member, row.value, row.qualifier)
        for row in session.scalars(select(Headcount).order_by(Headcount.id))
    ] == [
        ("participants", "", "", 95, Qualifier.MORE_THAN),
        ("participants", "mode", "remote", 25, Qualifier.EXACT),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"measure": ""}, "measure"),
        ({"measure": "attendance_rate"}, "measure"),
        ({"value": ""}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "beaucoup"}, "value"),
        ({"value": "9" * 30}, "value"),
        ({"qualifier": "peut-être"}, "qualifier"),
        ({"covers": "x"}, "covers"),
        ({"member": "mode:autre"}, "member"),
        ({"source": "  "}, "source"),
        ({"source": "x" * 201}, "source"),
        ({"quote": "x" * 1001}, "quote"),
    ],
)
def test_a_wrong_headcount_comes_back_as_it_was_typed(
    organiser: FlaskClient,
    session: Session,
    event: Event,
    wrong: dict[str, str],
    field: str,
) -> None:
    page = organiser.post(address(event), data=headcount(**wrong))
    assert page.status_code == 422
    assert "Il y a 1 erreur" in text_of(page.text)
    assert re.search(rf'href="#{field}(-0)?"', page.text)
    assert "plus de 95 présent-e-s" in page.text or field == "quote"
    assert session.scalar(select(Headcount)) is None


def test_taking_a_headcount_back_asks_first(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    added = add_headcount(session, event, "participants", 95, AT, source="Bilan", account=account)
    session.commit()
    page = address(event, f"/{added.id}/supprimer")
    assert "Participants : 95" in text_of(organiser.get(page).text)
    assert session.scalar(select(Headcount)) is not None
    answer = organiser.post(page)
    assert (answer.status_code, answer.location) == (303, f"{address(event)}#declares")
    assert session.scalar(select(Headcount)) is None
    assert organiser.get(page).status_code == 404


def test_the_headcount_of_another_event_is_out_of_reach(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    elsewhere = make_event(session, departements=[make_departement(session, "18", "Cher")])
    added = add_headcount(session, elsewhere, "participants", 9, AT, source="Bilan")
    session.commit()
    assert organiser.post(address(event, f"/{added.id}/supprimer")).status_code == 404
    assert organiser.get(address(event, f"/{10**30}/supprimer")).status_code == 404
    assert organiser.post(address(elsewhere, f"/{added.id}/supprimer")).status_code == 403
    assert session.scalar(select(Headcount)) is not None


def test_what_moved_since_the_closing_is_shown_with_who_and_why(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    attend(session, event, "Aubertin")
    close_event(session, event, AT, account=account)
    session.commit()
    assert "Rien n’a bougé depuis." in text_of(organiser.get(address(event)).text)
    attend(session, event, "Delaunay")
    text = text_of(organiser.get(address(event)).text)
    assert "Chiffres arrêtés le vendredi 20 décembre 2024 à 10 h." in text
    assert re.search(r"Participants [^:]+ : [^0-9]+ 1 2 ", text)


def test_the_page_the_json_and_the_csv_say_the_same(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    attend(session, event, "Aubertin")
    add_headcount(
        session,
        event,
        "participants",
        95,
        AT,
        qualifier=Qualifier.MORE_THAN,
        source="=Bilan",
        account=account,
    )
    session.commit()
    document = organiser.get(address(event, ".json")).get_json()
    answer = organiser.get(address(event, ".csv"))
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == "attachment; filename=chiffres-rencontre.csv"
    rows = list(
        csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";")
    )
    totals = {row["Code"]: row["Compté"] for row in rows if not row["Par"]}
    assert totals == {
        measure: "" if value is None else str(value).replace(".", ",")
        for measure, value in document["figures"].items()
    }
    participants = next(row for row in rows if row["Code"] == "participants" and not row["Par"])
    assert (participants["Déclaré"], participants["Ensemble"], participants["Précision"]) == (
        "plus de\u00a095",
        "95",
        "plus de",
    )
    assert participants["Source"] == "'=Bilan"
    for dimension, members in document["breakdowns"].items():
        for member in members:
            told = {
                row["Code"]: row["Compté"]
                for row in rows
                if row["Par"]
                and row["Qui ou quoi"] == member["label"]
                and (row["Code de la ligne"] or None) == member["member"]
            }
            assert told["participants"] == str(member["participants"]), dimension


def test_the_csv_is_the_golden_one(organiser: FlaskClient, session: Session, event: Event) -> None:
    make_departement(session, "18", "Cher")
    attend(session, event, "Aubertin", residence="18")
    made = organiser.get(address(event, ".csv")).data
    # The number of a structure depends on the tests that ran before.
    made = re.sub(rb"(Structure Aubertin);\d+;", rb"\1;1;", made)
    assert made == GOLDEN.read_bytes()


def test_staff_without_names_read_and_do_not_write(
    app: Flask, session: Session, event: Event, account: Account
) -> None:
    added = add_headcount(session, event, "participants", 95, AT, source="Bilan")
    session.commit()
    elsewhere = make_account(session, AccountRole.ORGANISER, ("18",))
    for role in (make_account(session, AccountRole.STAFF_FIGURES), elsewhere):
        browser = signed_in(app, session, role)
        page = browser.get(address(event))
        assert page.status_code == 200
        assert "Ajouter un effectif" not in page.text
        assert "supprimer" not in page.text
        assert browser.get(address(event, ".json")).status_code == 200
        assert browser.get(address(event, ".csv")).status_code == 200
        assert browser.post(address(event), data=headcount()).status_code == 403
        for method in ("GET", "POST"):
            path = address(event, f"/{added.id}/supprimer")
            assert browser.open(path, method=method).status_code == 403


def test_a_draft_elsewhere_is_closed_and_an_unknown_event_is_not_found(
    organiser: FlaskClient, session: Session, event: Event
) -> None:
    draft = make_event(
        session,
        state=EventState.DRAFT,
        departements=[make_departement(session, "18", "Cher")],
    )
    for rest in ("", ".json", ".csv"):
        assert organiser.get(address(draft, rest)).status_code == 403
        assert organiser.get(f"/organisation/evenements/rien/chiffres{rest}").status_code == 404


def test_signed_out_a_page_sends_to_sign_in_and_data_refuse(
    client: FlaskClient, event: Event
) -> None:
    assert client.get(address(event)).status_code == 303
    assert client.get(address(event, ".json")).status_code == 401
    assert client.get(address(event, ".csv")).status_code == 401


def test_the_page_costs_the_same_whatever_the_number_of_people(
    organiser: FlaskClient, session: Session, event: Event
) -> None:
    counts = []
    for names in (["Aubertin"], ["Delaunay", "Pinson"]):
        for name in names:
            attend(session, event, name)
        path = address(event)
        session.expire_all()
        with counted_statements(db.engine) as statements:
            assert organiser.get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
