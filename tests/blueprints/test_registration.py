import html
import re
from collections.abc import Iterator
from datetime import timedelta

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import config
from eventhub.app import create_app
from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.links import registration_token
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import AttendanceMode, RegistrationRequest, RegistrationState
from eventhub.domain.ticket import show_short_code
from eventhub.extensions import db, limiter
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.person import Person
from eventhub.models.registration import Registration, Ticket
from eventhub.services.registration import register
from eventhub.web.clock import now
from tests.conftest import SECRET_KEY
from tests.factories import make_category, make_departement, make_event, make_registration
from tests.query_count import counted_statements

SOON = now().date() + timedelta(days=60)
CAMILLE = {
    "given_name": "Camille",
    "family_name": "Brossard",
    "email": "camille@example.org",
    "category": "mediateur",
}


@pytest.fixture
def event(session: Session) -> Event:
    make_category(session)
    make_departement(session, "18", "Cher")
    return make_event(session, slug="nec", title="Le numérique ensemble", starts_on=SOON)


@pytest.fixture
def limited(live_settings: config.Settings) -> Iterator[FlaskClient]:
    """A browser at an application that counts what each address sends."""
    app = create_app(live_settings, TESTING=True, RATELIMIT_ENABLED=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = False  # the extension is one for all applications of the run


def hybrid(session: Session, **values: object) -> Event:
    make_category(session)
    return make_event(
        session,
        slug="nec",
        starts_on=SOON,
        mode=EventMode.HYBRID,
        **values,
    )


def send(client: FlaskClient, slug: str = "nec", **values: str) -> TestResponse:
    return client.post(f"/evenements/{slug}/inscription", data=CAMILLE | values)


def link_of(registration: Registration) -> str:
    return f"/mon-inscription/{registration_token(SECRET_KEY, registration.id)}"


def registered(session: Session, event: Event, number: int = 1) -> Registration:
    request = RegistrationRequest("Camille", "Brossard", f"camille.{number}@example.org")
    registration = register(session, event, request, now()).registration
    session.commit()
    return registration


def mails(session: Session) -> list[tuple[MailKind, str]]:
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.to) for mail in rows]


def people(session: Session) -> list[tuple[str, RegistrationState]]:
    rows = session.execute(
        select(Person.given_name, Registration.state)
        .join(Registration, Registration.person_id == Person.id)
        .order_by(Registration.created_at, Registration.waiting_rank)
    )
    return [(row[0], row[1]) for row in rows]


def title(response: TestResponse) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)
    assert found
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


def inputs(response: TestResponse) -> dict[str, str]:
    """The fields that a person fills in, and how browsers may help."""
    controls = re.findall(r"<(?:input|select)\b[^>]*>", response.text)
    found = {}
    for control in controls:
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', control))
        if attributes.get("type") != "hidden":
            found[attributes["name"]] = attributes.get("autocomplete", "")
    return found


class TestForm:
    def test_it_has_six_fields(self, client: FlaskClient, event: Event) -> None:
        response = client.get("/evenements/nec/inscription")
        assert response.status_code == 200
        assert inputs(response) == {
            "given_name": "given-name",
            "family_name": "family-name",
            "email": "email",
            "category": "",
            "structure": "organization",
            "departement": "",
        }
        assert "Il reste 40\u00a0places." in response.text
        assert "M’inscrire\n" not in response.text
        assert ">M’inscrire</button>" in response.text

    def test_a_hybrid_event_also_asks_for_the_mode(
        self, client: FlaskClient, session: Session
    ) -> None:
        hybrid(session, capacity_onsite=38)
        response = client.get("/evenements/nec/inscription")
        assert list(inputs(response))[-1] == "mode"
        assert len(inputs(response)) == 7
        assert "il reste 38\u00a0places" in response.text
        assert "sans limite" in response.text
        assert re.search(r"<input checked[^>]*value=\"onsite\"", response.text)

    def test_it_proposes_the_mode_that_has_places(
        self, client: FlaskClient, session: Session
    ) -> None:
        hybrid(session, capacity_onsite=0)
        response = client.get("/evenements/nec/inscription")
        assert re.search(r"<input checked[^>]*value=\"remote\"", response.text)
        assert "complet, liste d’attente ouverte" in response.text
        assert ">M’inscrire</button>" in response.text

    def test_when_full_it_says_beforehand_that_one_will_wait(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        event.capacity_onsite, event.waiting_onsite = 0, 2
        session.commit()
        response = client.get("/evenements/nec/inscription")
        assert response.status_code == 200
        assert (
            "Complet pour le moment. La liste d’attente est ouverte\u00a0: "
            "2\u00a0personnes y attendent."
        ) in response.text
        assert ">M’inscrire sur la liste d’attente</button>" in response.text

    @pytest.mark.parametrize("count", [1, 3])
    def test_its_statements_do_not_grow_with_its_lists(
        self, client: FlaskClient, session: Session, event: Event, count: int
    ) -> None:
        for number in range(count):
            make_category(session, f"categorie-{number}")
            make_departement(session, f"{90 + number}", f"Département {number}")
        session.commit()
        with counted_statements(db.engine) as statements:
            client.get("/evenements/nec/inscription")
        assert len(statements) == 4, statements


class TestRegistering:
    def test_it_stores_mails_and_leads_to_a_page_that_says_so(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        response = send(client, structure="La Friche", departement="18")
        assert (response.status_code, response.location) == (
            303,
            "/evenements/nec/inscription/suite",
        )
        registration = session.scalars(select(Registration)).one()
        assert (
            registration.state,
            registration.category_code,
            registration.structure_name,
            registration.departement_code,
        ) == (RegistrationState.CONFIRMED, "mediateur", "La Friche", "18")
        assert mails(session) == [(MailKind.REGISTRATION_CONFIRMED, "camille@example.org")]
        page = client.get(response.location)
        assert title(page) == "C’est noté"
        assert "camille@example.org" in page.text

    def test_a_second_attempt_mails_the_link_again_and_the_page_does_not_tell(
        self, app: Flask, session: Session, event: Event
    ) -> None:
        answers = []
        for _ in range(2):
            browser = app.test_client()
            response = send(browser)
            page = browser.get(response.location)
            answers.append((response.status_code, response.location, page.status_code, page.text))
        assert answers[0] == answers[1]
        assert people(session) == [("Camille", RegistrationState.CONFIRMED)]
        assert mails(session) == [
            (MailKind.REGISTRATION_CONFIRMED, "camille@example.org"),
            (MailKind.REGISTRATION_LINK, "camille@example.org"),
        ]

    def test_at_a_full_event_who_is_registered_sees_what_everybody_sees(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        send(client)
        event.capacity_onsite, event.waiting_list = 1, False
        session.commit()
        known, unknown = send(client), send(client, given_name="Noé")
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
        assert title(known) == "C’est complet"

    def test_the_last_place_gone_one_waits(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        event.capacity_onsite = 1
        session.commit()
        for number in range(3):
            response = send(client, given_name=f"Personne {number}", email=f"p{number}@example.org")
            assert response.status_code == 303
        confirmed, waiting = RegistrationState.CONFIRMED, RegistrationState.WAITING
        assert people(session) == [
            ("Personne 0", confirmed),
            ("Personne 1", waiting),
            ("Personne 2", waiting),
        ]
        page = client.get("/evenements/nec/inscription/suite")
        assert "votre rang sur la liste d’attente" in page.text

    def test_where_one_mode_is_full_the_other_is_proposed(
        self, client: FlaskClient, session: Session
    ) -> None:
        hybrid(session, capacity_onsite=0, waiting_list=False)
        response = send(client, mode="onsite")
        assert response.status_code == 422
        assert "Il n’y a plus de place ainsi. Il en reste autrement." in response.text
        assert people(session) == []
        assert send(client, mode="remote").status_code == 303

    def test_a_hybrid_event_wants_a_mode(self, client: FlaskClient, session: Session) -> None:
        hybrid(session)
        response = send(client)
        assert response.status_code == 422
        assert 'href="#mode"' in response.text
        assert send(client, mode="remote").status_code == 303
        registration = session.scalars(select(Registration)).one()
        assert registration.mode is AttendanceMode.REMOTE

    def test_a_mailbox_is_not_flooded_by_registrations(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        statuses = [
            send(client, given_name=f"Personne {number}").status_code for number in range(31)
        ]
        assert statuses == [303] * 30 + [429]
        assert len(people(session)) == 30

    def test_posts_are_limited_by_address(self, limited: FlaskClient) -> None:
        statuses = [send(limited, "inconnu").status_code for _ in range(61)]
        assert statuses == [404] * 60 + [429]

    def test_a_form_without_its_token_is_refused(self, app: Flask, event: Event) -> None:
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            response = send(app.test_client())
        finally:
            app.config["WTF_CSRF_ENABLED"] = False
        assert response.status_code == 400


class TestBadInput:
    def test_everything_wrong_is_said_at_the_top_and_at_its_field(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        response = client.post(
            "/evenements/nec/inscription",
            data={"given_name": "  ", "email": "camille", "structure": "La Friche"},
        )
        assert response.status_code == 422
        summary = response.text.partition('id="errors"')[2].partition("</div>")[0]
        assert re.findall(r'href="#(\w+)"', summary) == [
            "given_name",
            "family_name",
            "email",
            "category",
        ]
        assert re.findall(r'id="(\w+)-error"', response.text) == [
            "given_name",
            "family_name",
            "email",
            "category",
        ]
        assert re.search(r"<title>Erreur\u00a0: ", response.text)
        assert 'value="camille"' in response.text
        assert 'value="La Friche"' in response.text
        assert session.scalar(select(func.count()).select_from(Registration)) == 0
        assert session.scalar(select(func.count()).select_from(Person)) == 0
        assert mails(session) == []

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("given_name", "x" * 5000, "Raccourcissez : 100 caractères au plus."),
            ("family_name", "abc\u202ecba", "des caractères invisibles"),
            ("given_name", "🌻", "Écrivez-le avec des lettres."),
            ("email", "camille@example.org\r\nBcc: noe@example.org", "adresse complète"),
            ("email", "élodie@example.org", "pas d’accent avant le signe @"),
            ("category", "roi", "Choisissez dans la liste."),
            ("departement", "99", "Choisissez dans la liste."),
            ("structure", "x" * 201, "Raccourcissez : 200 caractères au plus."),
        ],
    )
    def test_hostile_values_are_refused_with_what_to_do(
        self,
        client: FlaskClient,
        session: Session,
        event: Event,
        field: str,
        value: str,
        sentence: str,
    ) -> None:
        response = send(client, **{field: value})
        assert response.status_code == 422
        assert f'href="#{field}"' in response.text
        assert sentence in response.text
        assert people(session) == []

    @pytest.mark.parametrize("name", ["=cmd()", "<script>alert(1)</script>", "Léa 🌻"])
    def test_strange_names_are_kept_as_text(
        self, client: FlaskClient, session: Session, event: Event, name: str
    ) -> None:
        assert send(client, given_name=name).status_code == 303
        registration = session.scalars(select(Registration)).one()
        assert registration.person.given_name == name
        page = client.get(link_of(registration))
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert html.escape(name, quote=False) in page.text


class TestClosed:
    @pytest.mark.parametrize(
        ("values", "status", "heading"),
        [
            ({"state": EventState.CANCELLED}, 410, "Cet évènement est annulé"),
            ({"state": EventState.POSTPONED}, 409, "Cet évènement est reporté"),
            ({"state": EventState.CLOSED}, 410, "C’est passé"),
            ({"starts_on": SOON - timedelta(days=90)}, 410, "C’est passé"),
            (
                {"registration_opens_at": now() + timedelta(days=3)},
                409,
                "Les inscriptions ne sont pas encore ouvertes",
            ),
            (
                {"registration_closes_at": now() - timedelta(days=3)},
                410,
                "Les inscriptions sont terminées",
            ),
            ({"registration_enabled": False}, 409, "Pas d’inscription en ligne"),
            ({"capacity_onsite": 0, "waiting_list": False}, 409, "C’est complet"),
        ],
    )
    def test_each_reason_has_its_page_and_nothing_is_stored(
        self,
        client: FlaskClient,
        session: Session,
        values: dict[str, object],
        status: int,
        heading: str,
    ) -> None:
        make_category(session)
        make_event(session, **({"slug": "nec", "starts_on": SOON} | values))
        for response in (client.get("/evenements/nec/inscription"), send(client)):
            assert (response.status_code, title(response)) == (status, heading)
            assert "nadege@example.org" in response.text
            assert "<form" not in response.text
        assert people(session) == []

    @pytest.mark.parametrize("slug", ["brouillon", "inconnu"])
    def test_drafts_and_unknown_events_are_not_found(
        self, client: FlaskClient, session: Session, slug: str
    ) -> None:
        make_event(session, slug="brouillon", state=EventState.DRAFT)
        for path in ("", "/suite"):
            assert client.get(f"/evenements/{slug}/inscription{path}").status_code == 404
        assert send(client, slug).status_code == 404


class TestColleague:
    def test_structure_and_departement_come_from_what_this_browser_typed(
        self, app: Flask, session: Session, event: Event
    ) -> None:
        browser = app.test_client()
        send(browser, structure="La Friche", departement="18")
        page = browser.get("/evenements/nec/inscription?collegue=1").text
        assert 'value="La Friche"' in page
        assert re.search(r'<option selected value="18">', page)
        assert "camille" not in page.casefold()

        plain = browser.get("/evenements/nec/inscription").text
        stranger = app.test_client().get("/evenements/nec/inscription?collegue=1").text
        make_event(session, slug="autre", starts_on=SOON)
        elsewhere = browser.get("/evenements/autre/inscription?collegue=1").text
        for other in (plain, stranger, elsewhere):
            assert "La Friche" not in other

    def test_without_having_registered_the_next_page_shows_nobody(
        self, client: FlaskClient, event: Event
    ) -> None:
        page = client.get("/evenements/nec/inscription/suite")
        assert (page.status_code, title(page)) == (200, "C’est noté")
        assert "@example.org</strong>" not in page.text


class TestOwnPage:
    def test_it_shows_the_ticket(self, client: FlaskClient, session: Session, event: Event) -> None:
        registration = registered(session, event)
        response = client.get(link_of(registration))
        assert response.status_code == 200
        ticket = session.scalars(select(Ticket)).one()
        assert show_short_code(ticket.short_code) in response.text
        assert 'aria-label="Code QR du billet' in response.text
        assert "Je ne peux plus venir" in response.text

    def test_it_stays_out_of_caches_searches_and_other_sites(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        link = link_of(registered(session, event))
        for path in ("", "/desistement", "/calendrier.ics"):
            headers = client.get(link + path).headers
            assert (
                headers["Cache-Control"],
                headers["Referrer-Policy"],
                headers["X-Robots-Tag"],
            ) == ("no-store", "no-referrer", "noindex, nofollow")

    def test_who_waits_sees_a_rank_and_no_code(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        event.capacity_onsite = 0
        session.commit()
        registered(session, event, 1)
        response = client.get(link_of(registered(session, event, 2)))
        assert '<span class="number">2</span>' in response.text
        assert "ticket-code" not in response.text
        assert "Quitter la liste d’attente" in response.text
        assert client.get(response.request.path + "/calendrier.ics").status_code == 404

    @pytest.mark.parametrize(
        ("values", "heading", "shows_code", "may_withdraw"),
        [
            ({"state": EventState.CANCELLED}, "Cet évènement est annulé", False, False),
            ({"state": EventState.POSTPONED}, "Vous êtes inscrit·e, Camille", True, True),
            ({"state": EventState.CLOSED}, "C’est passé", False, False),
            ({"date_precision": DatePrecision.MONTH}, "Vous êtes inscrit·e, Camille", True, True),
        ],
    )
    def test_it_says_what_became_of_the_event(
        self,
        client: FlaskClient,
        session: Session,
        event: Event,
        values: dict[str, object],
        heading: str,
        shows_code: bool,
        may_withdraw: bool,
    ) -> None:
        link = link_of(registered(session, event))
        for name, value in values.items():
            setattr(event, name, value)
        session.commit()
        response = client.get(link)
        assert title(response) == heading
        assert ("ticket-code" in response.text) is shows_code
        assert (f"{link}/desistement" in response.text) is may_withdraw

    def test_the_link_to_follow_remotely_is_for_those_who_do(
        self, client: FlaskClient, session: Session
    ) -> None:
        event = hybrid(session, remote_link="https://visio.example.org/nec")
        pages = []
        for number, mode in enumerate(AttendanceMode):
            request = RegistrationRequest(
                "Camille", "Brossard", f"camille{number}@example.org", mode=mode
            )
            registration = register(session, event, request, now()).registration
            session.commit()
            pages.append(client.get(link_of(registration)).text)
        onsite, remote = pages
        assert "visio.example.org" not in onsite
        assert "https://visio.example.org/nec" in remote

    def test_its_calendar_file_names_no_participant(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        registration = registered(session, event)
        response = client.get(link_of(registration) + "/calendrier.ics")
        assert response.mimetype == "text/calendar"
        calendar = icalendar.Calendar.from_ical(response.data)
        (entry,) = calendar.walk("VEVENT")
        assert (calendar["method"], entry["uid"]) == ("PUBLISH", str(registration.id))
        assert "attendee" not in entry
        assert link_of(registration) not in response.text

    @pytest.mark.parametrize("token", ["x", "A" * 43, "..%2F..%2Fetc"])
    def test_another_link_leads_to_retrouver(self, client: FlaskClient, token: str) -> None:
        for path in ("", "/desistement", "/calendrier.ics"):
            response = client.get(f"/mon-inscription/{token}{path}")
            assert response.status_code == 404
        assert client.post(f"/mon-inscription/{token}/desistement").status_code == 404

    def test_an_unknown_link_says_what_to_do(self, client: FlaskClient) -> None:
        response = client.get(f"/mon-inscription/{'A' * 43}")
        assert title(response) == "Ce lien ne mène à aucune inscription"
        assert 'href="/retrouver"' in response.text

    @pytest.mark.parametrize("count", [1, 3])
    def test_its_statements_do_not_grow_with_the_others(
        self, client: FlaskClient, session: Session, event: Event, count: int
    ) -> None:
        last = [registered(session, event, number) for number in range(count)][-1]
        session.expunge_all()
        with counted_statements(db.engine) as statements:
            client.get(link_of(last))
        assert len(statements) <= 3, statements


class TestWithdrawing:
    def test_it_asks_first_and_then_frees_the_place(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        registration = registered(session, event)
        link = link_of(registration)
        page = client.get(f"{link}/desistement")
        assert title(page) == "Vous ne pouvez plus venir\u00a0?"
        assert "Me noter excusé·e" in page.text
        assert people(session) == [("Camille", RegistrationState.CONFIRMED)]

        response = client.post(f"{link}/desistement", data={"excused": "y"})

        assert (response.status_code, response.location) == (303, link)
        session.refresh(registration)
        session.refresh(event)
        assert registration.state is RegistrationState.CANCELLED
        assert registration.excused_at is not None
        assert event.taken_onsite == 0
        after = client.get(link)
        assert title(after) == "Votre désistement est noté"
        assert "Vous êtes noté·e excusé·e." in after.text
        assert 'href="/evenements/nec/inscription"' in after.text
        assert mails(session)[-1] == (MailKind.REGISTRATION_CANCELLED, "camille.1@example.org")

    def test_doing_it_twice_changes_nothing_more(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        registered(session, event, 1)
        link = link_of(registered(session, event, 2))
        for _ in range(2):
            assert client.post(f"{link}/desistement").location == link
        assert client.get(f"{link}/desistement").location == link
        session.refresh(event)
        assert event.taken_onsite == 1
        assert len(mails(session)) == 3

    def test_it_is_too_late_once_the_event_is_over(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        registration = registered(session, event)
        event.ends_at = now() - timedelta(hours=1)
        session.commit()
        client.post(f"{link_of(registration)}/desistement")
        session.refresh(registration)
        assert registration.state is RegistrationState.CONFIRMED

    def test_who_waits_leaves_the_queue_without_excuse(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        event.capacity_onsite = 0
        session.commit()
        link = link_of(registered(session, event))
        page = client.get(f"{link}/desistement")
        assert title(page) == "Quitter la liste d’attente\u00a0?"
        assert "excused" not in page.text
        client.post(f"{link}/desistement")
        session.refresh(event)
        assert event.waiting_onsite == 0

    def test_over_https_the_form_needs_no_referer(
        self, app: Flask, session: Session, event: Event
    ) -> None:
        registration = registered(session, event)
        link = f"{link_of(registration)}/desistement"
        browser = app.test_client()
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            page = browser.get(link, base_url="https://localhost").text
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert token
            answer = browser.post(link, data={"csrf_token": token[1]}, base_url="https://localhost")
        finally:
            app.config["WTF_CSRF_ENABLED"] = False
        assert answer.status_code == 303
        session.refresh(registration)
        assert registration.state is RegistrationState.CANCELLED


class TestRetrieving:
    def test_the_answer_is_the_same_whoever_asks(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        registration = registered(session, event)
        before = mails(session)
        answers = []
        for address in ("camille.1@example.org", "personne@example.org"):
            response = client.post("/retrouver", data={"email": address})
            page = client.get(response.location)
            answers.append((response.status_code, response.location, page.text))
        assert answers[0] == answers[1]
        assert answers[0][0] == 303
        assert mails(session)[len(before) :] == [
            (MailKind.REGISTRATIONS_FOUND, "camille.1@example.org")
        ]
        mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
        assert mail
        assert mail.params == {"registration_ids": [str(registration.id)]}

    def test_an_incomplete_address_is_sent_back(self, client: FlaskClient) -> None:
        response = client.post("/retrouver", data={"email": "camille"})
        assert response.status_code == 422
        assert 'href="#email"' in response.text
        assert 'value="camille"' in response.text

    def test_a_mailbox_is_not_flooded(
        self, client: FlaskClient, session: Session, event: Event
    ) -> None:
        registered(session, event)
        before = len(mails(session))
        for _ in range(5):
            assert (
                client.post("/retrouver", data={"email": "camille.1@example.org"}).status_code
                == 303
            )
        assert len(mails(session)) - before == 3

    def test_tries_are_limited_by_address(self, limited: FlaskClient) -> None:
        statuses = [limited.post("/retrouver", data={}).status_code for _ in range(11)]
        assert statuses == [422] * 10 + [429]

    @pytest.mark.parametrize("count", [1, 3])
    def test_its_statements_do_not_grow_with_the_registrations(
        self, client: FlaskClient, session: Session, event: Event, count: int
    ) -> None:
        person = registered(session, event).person
        for _ in range(count - 1):
            make_registration(session, make_event(session, starts_on=SOON), person)
        with counted_statements(db.engine) as statements:
            client.post("/retrouver", data={"email": "camille.1@example.org"})
        assert len(statements) <= 3, statements
