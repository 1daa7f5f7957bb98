"""« Nouvel évènement » from a kind, from another event, or from a blank page."""

import html
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import (
    ActivityFormat,
    EventState,
    KindFamily,
    PartnershipRole,
)
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.event import Activity, ActivitySpeaker, Event, KindActivity, Partnership
from eventhub.web.clock import now as clock
from tests.blueprints.sign_in import signed_in
from tests.blueprints.test_manage_events import TYPED, form_values
from tests.factories import (
    make_account,
    make_departement,
    make_event,
    make_kind,
    make_registration,
    make_structure,
)
from tests.query_count import counted_statements

NEW = "/organisation/evenements/nouveau"


@pytest.fixture
def organiser(session: Session) -> Account:
    make_kind(session)
    make_departement(session, "41", "Loir-et-Cher")
    return make_account(session, AccountRole.ORGANISER, ("37",), display_name="Nadège Lemoine")


@pytest.fixture
def nadege(app: Flask, session: Session, organiser: Account) -> FlaskClient:
    return signed_in(app, session, organiser)


def shown(client: FlaskClient, address: str) -> dict[str, Any]:
    """What a browser would send back of the form at an address, unchanged.

    Without the number of the sheet, so that several tries are not one.
    """
    page = client.get(address)
    assert page.status_code == 200
    return {
        name: html.unescape(value) if isinstance(value, str) else value
        for name, value in form_values(page.text).items()
        if name != "sheet"
    }


def the_new_one(session: Session) -> Event:
    session.expire_all()
    return session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()


@pytest.fixture
def nec(session: Session, organiser: Account) -> Event:
    """Last year's, two days, with a programme, a person who speaks and two structures."""
    hub, town = make_structure(session, "Hub-Lo"), make_structure(session, "Ville d’Orléans")
    event = make_event(
        session,
        slug="nec-2027",
        title="NEC 2027",
        departements=organiser.departements,
        starts_on=date(2027, 4, 8),
        ends_on=date(2027, 4, 9),
        starts_at=datetime(2027, 4, 8, 7, 15, tzinfo=UTC),
        ends_at=datetime(2027, 4, 9, 15, 0, tzinfo=UTC),
        registration_opens_at=datetime(2027, 3, 8, 8, 0, tzinfo=UTC),
        registration_closes_at=datetime(2027, 4, 7, 10, 0, tzinfo=UTC),
        remote_link="https://visio.example.org/nec",
        reminder_hours=[100],
        partnerships=[
            Partnership(structure=hub, role=PartnershipRole.ORGANISER),
            Partnership(structure=town, role=PartnershipRole.HOST, position=1),
        ],
        activities=[
            Activity(
                format=ActivityFormat.PLENARY,
                title="Ouverture",
                starts_at=datetime(2027, 4, 8, 7, 30, tzinfo=UTC),
                ends_at=datetime(2027, 4, 8, 8, 30, tzinfo=UTC),
                speakers=[ActivitySpeaker(name="Honorine Valfroy", may_be_named=True)],
            ),
            Activity(format=ActivityFormat.STAND, title="Stands", position=1),
        ],
    )
    make_registration(session, event)
    return event


def test_the_first_page_says_what_to_begin_with(nadege: FlaskClient, session: Session) -> None:
    make_kind(session, "nec", label="Numérique en Commun")
    make_kind(session, "trimestrielle", label="Réunion trimestrielle", family=KindFamily.MEETING)
    make_kind(session, "ancien", label="Type retiré", active=False)
    page = nadege.get(NEW)
    assert page.status_code == 200
    assert 'href="/organisation/evenements/nouveau?type=nec"' in page.text
    assert "Réunion trimestrielle" in page.text
    assert "Type retiré" not in page.text
    assert page.text.index(">Évènements</h3>") < page.text.index(">Réunions</h3>")
    assert "?vierge=1" in page.text
    assert page.text.count("<h1") == 1


def test_the_last_edition_of_each_kind_on_one_s_territory_is_offered(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    mine, today = organiser.departements, clock().date()
    elsewhere = [make_departement(session, "41")]
    make_kind(session, "nec", label="NEC")

    def held(days_ago: int, title: str, **values: object) -> None:
        values = {"departements": mine, "kind_code": "nec"} | values
        make_event(session, title=title, starts_on=today - timedelta(days=days_ago), **values)

    held(360, "NEC de l’an dernier")
    held(420, "NEC d’avant")
    held(730, "NEC ancien")
    held(340, "NEC voisin", departements=elsewhere)
    held(350, "NEC annulé", state=EventState.CANCELLED)
    held(900, "Journée d’il y a longtemps", kind_code="journee")
    held(-30, "Journée à venir", kind_code="journee")
    page = nadege.get(NEW).text
    assert "NEC de l’an dernier" in page
    assert page.index("NEC de l’an dernier") < page.index("Journée d’il y a longtemps")
    for other in ("NEC d’avant", "NEC ancien", "NEC voisin", "NEC annulé", "Journée à venir"):
        assert other not in page


def test_any_event_that_one_may_read_is_found(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    elsewhere = [make_departement(session, "41")]
    make_event(session, title="Café public", departements=elsewhere)
    make_event(
        session, title="Café brouillon ailleurs", departements=elsewhere, state=EventState.DRAFT
    )
    make_event(session, title="Café brouillon ici", departements=organiser.departements,
               state=EventState.DRAFT)  # fmt: skip
    make_event(session, title="Café annulé", departements=elsewhere, state=EventState.CANCELLED)
    page = nadege.get(f"{NEW}?q=cafe").text
    assert "Café public" in page
    assert "Café brouillon ici" in page
    assert "Café annulé" in page
    assert "Café brouillon ailleurs" not in page
    assert "Rien ne correspond" in nadege.get(f"{NEW}?q=introuvable").text
    assert nadege.get(f"{NEW}?q=%00%F0%9F%92%A9{'x' * 5000}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_first_page_asks_the_same_whatever_it_lists(
    nadege: FlaskClient, session: Session, organiser: Account, rows: int
) -> None:
    for number in range(rows):
        kind = make_kind(session, f"type-{number}", label=f"Type {number}")
        make_event(
            session,
            title=f"Café {number}",
            kind_code=kind.code,
            departements=organiser.departements,
            starts_on=clock().date() - timedelta(days=360 + number),
        )
    session.commit()
    session.expire_all()
    with counted_statements(db.engine) as statements:
        assert nadege.get(f"{NEW}?q=cafe").text.count("Café ") >= 2 * rows
    assert len(statements) == 11


def test_a_kind_fills_the_form_and_gives_its_programme(
    nadege: FlaskClient, session: Session
) -> None:
    kind = make_kind(
        session,
        "trimestrielle",
        label="Réunion trimestrielle",
        family=KindFamily.MEETING,
        usual_start=time(9, 30),
        duration_minutes=180,
        capacity_onsite=30,
        opens_before_days=30,
        closes_before_hours=24,
        reminder_hours=[100, 24],
        mail_note="Apportez vos questions.",
        activities=[
            KindActivity(
                format=ActivityFormat.TALK,
                title="Actualités",
                starts_after_minutes=0,
                duration_minutes=45,
            )
        ],
    )
    session.commit()
    values = shown(nadege, f"{NEW}?type=trimestrielle")
    assert {
        name: values.get(name)
        for name in (
            "kind_code", "title", "starts_on", "starts_at", "ends_at", "capacity_onsite",
            "registration_opens_at", "mail_note", "contact_email", "organisers", "type",
        )
    } == {
        "kind_code": "trimestrielle",
        "title": "Réunion trimestrielle",
        "starts_on": "",
        "starts_at": "09:30",
        "ends_at": "12:30",
        "capacity_onsite": "30",
        "registration_opens_at": "",
        "mail_note": "Apportez vos questions.",
        "contact_email": values["contact_email"],
        "organisers": "Hub-Lo",
        "type": "trimestrielle",
    }  # fmt: skip
    done = nadege.post(NEW, data=values | {"starts_on": "2027-04-08", "reminder_hours": ["100"]})
    assert done.status_code == 303
    made = the_new_one(session)
    assert (
        made.kind_code,
        made.starts_at,
        made.ends_at,
        made.registration_opens_at,
        made.registration_closes_at,
        made.reminder_hours,
    ) == (
        "trimestrielle",
        datetime(2027, 4, 8, 7, 30, tzinfo=UTC),
        datetime(2027, 4, 8, 10, 30, tzinfo=UTC),
        datetime(2027, 3, 9, 8, 30, tzinfo=UTC),
        datetime(2027, 4, 7, 7, 30, tzinfo=UTC),
        [100],
    )
    assert [(one.title, one.starts_at) for one in made.activities] == [
        ("Actualités", datetime(2027, 4, 8, 7, 30, tzinfo=UTC))
    ]
    assert "1\u00a0temps du programme, d’après le type." in nadege.get(done.location).text
    # Another kind chosen in the form: its programme would not be that of the event.
    nadege.post(NEW, data=values | {"starts_on": "2027-04-09", "kind_code": "journee"})
    assert the_new_one(session).activities == []
    assert kind.activities[0].title == "Actualités"


def test_an_hour_typed_moves_the_end_that_was_left_behind(
    nadege: FlaskClient, session: Session
) -> None:
    make_kind(session, "soir", label="Soirée", usual_start=time(9, 30), duration_minutes=120)
    session.commit()
    values = shown(nadege, f"{NEW}?type=soir")
    nadege.post(NEW, data=values | {"starts_on": "2027-01-07", "starts_at": "18:00"})
    assert the_new_one(session).ends_at == datetime(2027, 1, 7, 19, 0, tzinfo=UTC)
    nadege.post(NEW, data=values | {"starts_on": "2027-01-08", "starts_at": "09:00"})
    assert the_new_one(session).ends_at == datetime(2027, 1, 8, 10, 30, tzinfo=UTC)


def test_an_event_is_made_again_whole_and_without_anybody(
    nadege: FlaskClient, session: Session, nec: Event
) -> None:
    page = nadege.get(f"{NEW}?copie=nec-2027")
    assert "2\u00a0temps du programme, 2\u00a0structures" in page.text
    values = shown(nadege, f"{NEW}?copie=nec-2027")
    assert (
        values["title"],
        values["starts_on"],
        values["ends_on"],
        values["registration_opens_at"],
        values["remote_link"],
    ) == (
        "NEC 2028",
        "2028-04-06",
        "2028-04-07",
        "2028-03-06T09:00",
        "https://visio.example.org/nec",
    )
    done = nadege.post(NEW, data=values | {"reminder_hours": ["100"]})
    assert (done.status_code, done.location) == (303, "/organisation/evenements/nec-2028")
    made = the_new_one(session)
    assert (made.state, made.taken_onsite, made.reminder_hours) == (EventState.DRAFT, 0, [100])
    assert [(one.title, one.starts_at, one.speakers) for one in made.activities] == [
        ("Ouverture", datetime(2028, 4, 6, 7, 30, tzinfo=UTC), []),
        ("Stands", None, []),
    ]
    assert [(one.structure.name, one.role) for one in made.partnerships] == [
        ("Hub-Lo", PartnershipRole.ORGANISER),
        ("Ville d’Orléans", PartnershipRole.HOST),
    ]
    said = nadege.get(done.location).text
    assert (
        "Repris\u00a0: 2\u00a0temps du programme, 2\u00a0structures\u00a0; aucune personne." in said
    )
    assert "Honorine Valfroy" not in nadege.get(f"{done.location}/programme").text


def test_what_was_left_as_proposed_follows_the_date_that_is_typed(
    nadege: FlaskClient, session: Session, nec: Event
) -> None:
    values = shown(nadege, f"{NEW}?copie=nec-2027")
    nadege.post(NEW, data=values | {"starts_on": "2028-01-27"})
    made = the_new_one(session)
    assert (made.ends_on, made.registration_opens_at, made.registration_closes_at) == (
        date(2028, 1, 28),
        datetime(2027, 12, 27, 8, 0, tzinfo=UTC),
        datetime(2028, 1, 26, 11, 0, tzinfo=UTC),
    )
    assert made.activities[0].starts_at == datetime(2028, 1, 27, 8, 30, tzinfo=UTC)
    # What was changed by hand stays as it was typed.
    typed = {"starts_on": "2028-01-28", "ends_on": "", "registration_opens_at": "2028-01-03T10:00"}
    nadege.post(NEW, data=values | typed)
    made = the_new_one(session)
    assert (made.ends_on, made.registration_opens_at, made.registration_closes_at) == (
        date(2028, 1, 28),
        datetime(2028, 1, 3, 9, 0, tzinfo=UTC),
        datetime(2028, 1, 27, 11, 0, tzinfo=UTC),
    )


def test_a_form_that_comes_back_shows_the_dates_that_follow_the_one_typed(
    nadege: FlaskClient, session: Session, nec: Event
) -> None:
    values = shown(nadege, f"{NEW}?copie=nec-2027")
    page = nadege.post(NEW, data=values | {"starts_on": "2028-01-27", "title": ""})
    assert page.status_code == 422
    again = form_values(page.text)
    assert (again["ends_on"], again["registration_opens_at"], again["proposed_on"]) == (
        "2028-01-28",
        "2027-12-27T09:00",
        "2028-01-27",
    )
    done = nadege.post(NEW, data=again | {"title": "NEC", "starts_on": "2028-02-03"})
    assert done.status_code == 303
    assert the_new_one(session).registration_opens_at == datetime(2028, 1, 3, 8, 0, tzinfo=UTC)


def test_a_recent_meeting_proposes_no_date(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    make_kind(session, "trimestrielle", label="Trimestrielle", family=KindFamily.MEETING)
    make_event(
        session,
        slug="recente",
        kind_code="trimestrielle",
        departements=organiser.departements,
        starts_on=clock().date() - timedelta(days=60),
        registration_closes_at=clock() - timedelta(days=61),
    )
    values = shown(nadege, f"{NEW}?copie=recente")
    assert (values["starts_on"], values["registration_closes_at"]) == ("", "")
    assert nadege.post(NEW, data=values).status_code == 422
    assert nadege.post(NEW, data=values | {"starts_on": "2027-06-03"}).status_code == 303
    closes_at = the_new_one(session).registration_closes_at
    assert closes_at is not None
    assert closes_at.date() == date(2027, 6, 2)


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.CLOSED])
def test_a_finished_event_says_how_to_make_it_again(
    nadege: FlaskClient, nec: Event, session: Session, state: EventState
) -> None:
    nec.state = state
    session.commit()
    page = nadege.get("/organisation/evenements/nec-2027").text
    assert (
        'href="/organisation/evenements/nouveau?copie=nec-2027">Refaire cet évènement</a>' in page
    )
    assert nadege.post(NEW, data=shown(nadege, f"{NEW}?copie=nec-2027")).status_code == 303


def test_what_one_may_not_see_is_not_copied(nadege: FlaskClient, session: Session) -> None:
    elsewhere = [make_departement(session, "41")]
    make_event(session, slug="cache", departements=elsewhere, state=EventState.DRAFT)
    make_kind(session, "rendez-vous", label="Rendez-vous", family=KindFamily.ONE_TO_ONE)
    make_event(session, slug="deux", departements=elsewhere, kind_code="rendez-vous")
    make_kind(session, "ancien", label="Retiré", active=False)
    session.commit()
    before = len(session.scalars(select(Event.id)).all())
    for source, status in (
        ("copie=cache", 403),
        ("copie=deux", 403),
        ("copie=inconnu", 404),
        ("copie=%00%ED%A0%80", 404),
        ("type=ancien", 404),
        ("type=inconnu", 404),
    ):
        assert nadege.get(f"{NEW}?{source}").status_code == status
        name, _, value = source.partition("=")
        if "%" not in value:
            assert nadege.post(NEW, data=TYPED | {name: value}).status_code == status
    assert len(session.scalars(select(Event.id)).all()) == before


def test_a_copy_does_not_tell_of_the_draft_that_the_other_meeting_prepares(
    nadege: FlaskClient, session: Session
) -> None:
    loiret = make_departement(session, "45", "Loiret")
    draft = make_event(
        session,
        slug="nec-secret",
        title="NEC encore secret",
        state=EventState.DRAFT,
        departements=[loiret],
    )
    make_event(session, slug="preparation", departements=[loiret], prepares_id=draft.id)

    values = shown(nadege, f"{NEW}?copie=preparation")
    answer = nadege.post(NEW, data=values | {"prepares": "nec-secret", "starts_on": "2027-05-04"})

    assert "NEC encore secret" not in nadege.get(f"{NEW}?copie=preparation").text
    assert (answer.status_code, "NEC encore secret" in answer.text) == (422, False)


def test_an_event_from_elsewhere_is_taken_into_one_s_own_hands(
    nadege: FlaskClient, session: Session, nec: Event
) -> None:
    nec.departements = [make_departement(session, "41")]
    nec.mail_note = "Le code du portail est 1234."
    nec.activities[0].remote_link = "https://visio.example.org/ouverture"
    session.commit()
    values = shown(nadege, f"{NEW}?copie=nec-2027")
    assert (
        values["remote_link"],
        values["mail_note"],
        values["contact_name"],
        values["departement_codes"],
    ) == ("", "", "Nadège Lemoine", ["37"])
    assert nadege.post(NEW, data=values).status_code == 303
    made = the_new_one(session)
    assert [one.remote_link for one in made.activities] == ["", ""]
    assert [one.code for one in made.departements] == ["37"]


def test_pressed_twice_it_is_copied_once(nadege: FlaskClient, session: Session, nec: Event) -> None:
    values = form_values(nadege.get(f"{NEW}?copie=nec-2027").text)
    places = {nadege.post(NEW, data=values).location for _ in range(2)}
    assert len(places) == 1
    made = the_new_one(session)
    assert len(made.activities) == 2


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31", "demain", "", "\0"])
@pytest.mark.parametrize("source", ["type=journee", "copie=nec-2027"])
def test_an_absurd_date_is_an_answer_not_a_fault(
    nadege: FlaskClient, nec: Event, source: str, typed: str
) -> None:
    values = shown(nadege, f"{NEW}?{source}")
    page = nadege.post(
        NEW, data=values | {"starts_on": typed, "title": "<script>alert(1)</script>"}
    )
    assert page.status_code == 422
    assert 'href="#starts_on"' in page.text
    assert "<script>alert" not in page.text
    hostile = values | {"proposed_on": "=cmd()", "starts_on": "2028-02-03"}
    assert nadege.post(NEW, data=hostile).status_code in {303, 422}


def test_a_public_holiday_is_said_once_the_draft_is_there(
    nadege: FlaskClient, session: Session, nec: Event
) -> None:
    values = shown(nadege, f"{NEW}?copie=nec-2027")
    done = nadege.post(NEW, data=values | {"starts_on": "2028-05-01"})
    assert done.status_code == 303
    assert "Jour férié" in nadege.get(done.location).text
