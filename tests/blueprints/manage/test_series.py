"""The pages of series: list, one series, its form, its next dates, who is invited."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole
from eventhub.domain.scan import AttendanceOrigin
from eventhub.extensions import db
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.person import Person
from eventhub.models.registration import Registration
from eventhub.models.series import Series, SeriesCadence, SeriesMember
from eventhub.services.checkpoints import default_checkpoints
from eventhub.web.clock import now
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.blueprints.test_manage_events import form_values
from tests.factories import (
    make_account,
    make_category,
    make_departement,
    make_event,
    make_kind,
    make_member,
    make_person,
    make_registration,
    make_series,
)
from tests.query_count import counted_statements

TODAY = now().date()
LIST = "/organisation/series"
SIX = {"18": "Cher", "28": "Eure-et-Loir", "36": "Indre", "37": "Indre-et-Loire",
       "41": "Loir-et-Cher", "45": "Loiret"}  # fmt: skip

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def sign_in(app: Flask, session: Session) -> SignIn:
    def run(role: AccountRole = AccountRole.ADMINISTRATOR, *departements: str) -> FlaskClient:
        return signed_in(app, session, make_account(session, role, departements))

    return run


def hold(session: Session, series: Series, days_ago: int, *people: Person) -> Event:
    """A past event of the series at which these people were present."""
    event = make_event(session, series_id=series.id, starts_on=TODAY - timedelta(days=days_ago))
    default_checkpoints(session, event, now())
    session.flush()
    checkpoint = session.scalars(
        select(Checkpoint.id).where(Checkpoint.event_id == event.id)
    ).first()
    for person in people:
        registration = make_registration(session, event, person)
        session.add(
            Attendance(
                event_id=event.id,
                registration_id=registration.id,
                checkpoint_id=checkpoint,
                mode=registration.mode,
                origin=AttendanceOrigin.IMPORT,
            )
        )
    session.commit()
    return event


def form(**values: Any) -> dict[str, Any]:
    return {
        "title": "Rencontres du Loiret",
        "kind_code": "journee",
        "departement_codes": ["45"],
        "cadences-0-since": "2026-01-01",
        "cadences-0-months": "3",
    } | values


def test_without_any_series_the_first_one_is_offered(sign_in: SignIn, session: Session) -> None:
    assert "Votre première série" in sign_in().get(LIST).text
    page = sign_in(AccountRole.STAFF, "37").get(LIST).text
    assert "Aucune série pour l’instant" in page


def test_the_list_says_rhythm_last_next_and_lateness(sign_in: SignIn, session: Session) -> None:
    late = make_series(session, title="Rencontres du Loiret")
    make_event(session, series_id=late.id, starts_on=TODAY - timedelta(days=150))
    yearly = make_series(
        session,
        title="Rencontres du Cher",
        cadences=[
            SeriesCadence(since=date(2020, 1, 1), half_months=5),
            SeriesCadence(since=date(2024, 7, 1), half_months=24),
        ],
        departements=[make_departement(session, "18", "Cher")],
    )
    make_event(session, series_id=yearly.id, starts_on=TODAY - timedelta(days=30))
    page = text_of(sign_in().get(LIST).text)
    assert page.index("Rencontres du Loiret") < page.index("Rencontres du Cher")
    for said in (
        "Chaque trimestre",
        "Une fois par an",
        "En retard de",
        "À l’heure",
        "1 manquante ou pas encore notée",
        "attendue vers le",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("role", "departements", "statuses"),
    [
        (AccountRole.ORGANISER, ("45",), [200, 200, 200, 200, 200, 200, 303]),
        (AccountRole.ORGANISER, (), [200, 200, 200, 200, 200, 200, 303]),
        (AccountRole.ORGANISER, ("18",), [200, 403, 403, 403, 403, 200, 303]),
        (AccountRole.STAFF, ("45",), [200, 200, 403, 403, 403, 403, 403]),
        (AccountRole.STAFF_FIGURES, (), [200, 200, 403, 403, 403, 403, 403]),
        (AccountRole.CO_ORGANISER, (), [403, 403, 403, 403, 403, 403, 403]),
    ],
)
def test_series_are_edited_in_their_territory_and_read_by_its_staff(
    sign_in: SignIn,
    session: Session,
    role: AccountRole,
    departements: tuple[str, ...],
    statuses: list[int],
) -> None:
    make_series(session, slug="loiret")
    client = sign_in(role, *departements)
    paths = ("", "/loiret", "/loiret/reglages", "/loiret/invites", "/generer?serie=loiret",
             "/nouvelle", "/generer")  # fmt: skip
    assert [client.get(LIST + path).status_code for path in paths] == statuses


def test_names_are_for_those_who_may_read_them(sign_in: SignIn, session: Session) -> None:
    series = make_series(session, slug="loiret")
    make_member(session, series, make_person(session, "Inès", "Aubertin"))
    shown = {
        role: "Aubertin" in sign_in(role, "45").get(f"{LIST}/loiret").text
        for role in (AccountRole.ORGANISER, AccountRole.STAFF, AccountRole.STAFF_FIGURES)
    }
    assert shown == {
        AccountRole.ORGANISER: True,
        AccountRole.STAFF: True,
        AccountRole.STAFF_FIGURES: False,
    }


def test_a_series_shows_its_history_and_what_is_missing(sign_in: SignIn, session: Session) -> None:
    series = make_series(
        session,
        slug="indre",
        cadences=[
            SeriesCadence(since=date(2023, 1, 1), half_months=5),
            SeriesCadence(since=date(2024, 7, 1), half_months=24),
        ],
    )
    make_event(session, series_id=series.id, starts_on=date(2023, 7, 4), title="Juillet")
    make_event(session, series_id=series.id, starts_on=date(2024, 2, 20), title="Février")
    make_event(
        session,
        series_id=series.id,
        starts_on=date(2023, 9, 19),
        title="Annulée",
        state=EventState.CANCELLED,
    )
    page = text_of(sign_in().get(f"{LIST}/indre").text)
    for said in (
        "Tous les 2,5 mois depuis le 1er janvier 2023, puis une fois par an depuis le 1er juillet",
        "2 rencontres manquantes ou pas encore notées attendues vers septembre 2023, décembre 2023",
        "Était attendue vers le mardi 30 avril 2024",
        "Mardi 4 juillet 2023",
        "Annulée",
        "il y en a zéro",
    ):
        assert said in page


def test_who_was_not_seen_at_three_meetings_is_named(sign_in: SignIn, session: Session) -> None:
    series = make_series(session, slug="loiret")
    there = make_person(session, "Présente", "Partout")
    regular = make_person(session, "Habituée", "Disparue")
    once = make_person(session, "Passante", "Dunefois")
    member = make_person(session, "Membre", "Ancienne")
    newcomer = make_person(session, "Membre", "Nouvelle")
    make_member(session, series, member, added_at=now() - timedelta(days=900))
    make_member(session, series, newcomer, added_at=now() - timedelta(days=1))
    hold(session, series, 600, there, regular)
    hold(session, series, 500, there, regular, once)
    page = text_of(sign_in().get(f"{LIST}/loiret").text)
    assert "il y en a 2" in page
    for days_ago in (400, 300, 200):
        hold(session, series, days_ago, there)
    make_event(session, series_id=series.id, starts_on=TODAY - timedelta(days=100))  # no list
    page = text_of(sign_in().get(f"{LIST}/loiret").text)
    unseen = page.partition("Pas vu·e·s depuis trois rencontres")[2]
    assert "Habituée Disparue Venu·e 2 fois" in unseen
    assert "Membre Ancienne Invité·e à chaque fois. Jamais venu·e." in unseen
    for name in ("Partout", "Dunefois", "Nouvelle"):
        assert name not in unseen


def test_a_series_is_made_once_and_changed(sign_in: SignIn, session: Session) -> None:
    make_kind(session)
    make_departement(session)
    session.commit()
    client = sign_in()
    assert "Un évènement tous les … mois" in client.get(f"{LIST}/nouvelle").text
    sheet = "a" * 32
    for _ in range(2):
        made = client.post(f"{LIST}/nouvelle", data=form(sheet=sheet))
        assert (made.status_code, made.location) == (303, f"{LIST}/rencontres-du-loiret")
    assert session.scalar(select(func.count()).select_from(Series)) == 1
    page = client.get(f"{LIST}/rencontres-du-loiret/reglages").text
    assert 'value="2026-01-01"' in page
    changed = client.post(
        f"{LIST}/rencontres-du-loiret/reglages",
        data=form(
            version="1",
            **{"cadences-0-months": "2,5", "cadences-1-since": "2026-07-01",
               "cadences-1-months": "12", "cadences-2-since": "", "cadences-2-months": ""},
        ),
    )  # fmt: skip
    assert changed.status_code == 303
    session.expire_all()
    series = session.scalars(select(Series)).one()
    assert [(one.since, one.half_months) for one in series.cadences] == [
        (date(2026, 1, 1), 5),
        (date(2026, 7, 1), 24),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0", "Un rythme de zéro mois ne donne aucune date."),
        ("-3", "Écrivez un nombre de mois plus grand que zéro"),
        ("NaN", "Écrivez un nombre de mois en chiffres"),
        ("99999999999", "Écrivez 60 mois au plus."),
        ("2,3", "Arrondissez au demi-mois"),
        ("=cmd()", "Écrivez un nombre de mois en chiffres"),
        ("<script>alert(1)</script>", "Écrivez un nombre de mois en chiffres"),
        ("3" * 5000, "Écrivez un nombre de mois en chiffres"),
        ("", "Donnez aussi le nombre de mois"),
    ],
)
def test_a_cadence_that_cannot_be_gets_a_clear_answer(
    sign_in: SignIn, session: Session, typed: str, said: str
) -> None:
    make_kind(session)
    make_departement(session)
    session.commit()
    answer = sign_in().post(f"{LIST}/nouvelle", data=form(**{"cadences-0-months": typed}))
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert "<script>alert" not in answer.text
    assert "Rencontres du Loiret" in answer.text
    assert session.scalar(select(func.count()).select_from(Series)) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"title": "x" * 5000},
        {"title": "\0"},
        {"cadences-0-since": "0001-01-01"},
        {"cadences-0-since": "9999-12-31"},
        {"cadences-0-since": ""},
        {"ended_on": "9999-12-31"},
        {"duration_minutes": "99999999999999999999"},
        {"bassin_id": "99999999999999999999"},
        {"kind_code": "inconnu"},
        {"departement_codes": ["99"]},
    ],
)
def test_what_no_series_can_be_is_refused(
    sign_in: SignIn, session: Session, values: dict[str, Any]
) -> None:
    make_kind(session)
    make_departement(session)
    session.commit()
    answer = sign_in().post(f"{LIST}/nouvelle", data=form(**values))
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_of_two_who_change_it_the_second_sees_what_changed(
    sign_in: SignIn, session: Session
) -> None:
    series = make_series(session, slug="loiret", title="Avant", place="Orléans")
    client = sign_in()
    first = client.post(f"{LIST}/loiret/reglages", data=form(title="Première", version="1"))
    assert first.status_code == 303
    second = client.post(
        f"{LIST}/loiret/reglages",
        data=form(title="Seconde", version="1", note="ma note", **{"cadences-0-months": "12"}),
    )
    assert second.status_code == 409
    page = text_of(second.text)
    assert "Quelqu’un a modifié la série pendant que vous écriviez" in page
    assert "Titre : Première" in page
    assert "Cadence : chaque trimestre depuis le 1er janvier 2026" in page
    assert "ma note" in second.text
    assert 'value="Seconde"' in second.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', second.text)
    assert version is not None
    again = client.post(f"{LIST}/loiret/reglages", data=form(title="Seconde", version=version[1]))
    assert again.status_code == 303
    session.expire_all()
    assert session.get_one(Series, series.id).title == "Seconde"


def rows_of(page: str) -> dict[str, str]:
    """What the preview's rows would send if nothing was touched."""
    fields = r'type="date"[^>]*name="(date-[^"]+)" value="([^"]*)"'
    sent: dict[str, str] = dict(re.findall(fields, page))
    for name in re.findall(r'name="(make-[^"]+)" value="y" checked', page):
        sent[name] = "y"
    return sent


def test_four_meetings_for_six_departements_are_one_form(sign_in: SignIn, session: Session) -> None:
    for code, name in SIX.items():
        series = make_series(
            session,
            slug=f"serie-{code}",
            title=f"Rencontres {name}",
            departements=[make_departement(session, code, name)],
        )
        make_event(
            session,
            series_id=series.id,
            title=f"Rencontre {name}",
            starts_on=TODAY - timedelta(days=60),
            departements=[make_departement(session, code, name)],
        )
    client = sign_in()
    slugs = [f"serie-{code}" for code in SIX]
    page = client.get(f"{LIST}/generer", query_string={"serie": slugs, "nombre": "4"})
    assert page.status_code == 200
    rows = rows_of(page.text)
    assert len([name for name in rows if name.startswith("date-")]) == 24
    assert len([name for name in rows if name.startswith("make-")]) == 24
    sent = rows | {"serie": slugs, "sheet": "b" * 32}
    answers = [client.post(f"{LIST}/generer", data=sent) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, LIST)] * 2
    made = session.scalars(
        select(Event).where(Event.state == EventState.DRAFT).order_by(Event.starts_on)
    ).all()
    assert len(made) == 24
    assert sorted(str(one.starts_on) for one in made) == sorted(
        value for name, value in rows.items() if name.startswith("date-")
    )
    assert {one.starts_on.weekday() for one in made} == {(TODAY - timedelta(days=60)).weekday()}
    assert "24 évènements créés, en brouillon." in client.get(LIST).text.replace("\u00a0", " ")
    # The next four follow those that are there.
    again = rows_of(client.get(f"{LIST}/generer", query_string={"serie": slugs[:1]}).text)
    assert min(v for k, v in again.items() if k.startswith("date-")) > str(
        max(one.starts_on for one in made if one.series_id == made[0].series_id)
    )


def test_dates_are_edited_unticked_and_checked_before(sign_in: SignIn, session: Session) -> None:
    series = make_series(session, slug="loiret")
    make_event(session, series_id=series.id, starts_on=date(2027, 3, 11), title="Déjà là")
    make_event(session, starts_on=date(2027, 5, 20), title="Une autre rencontre")
    client = sign_in()
    name = f"{series.id}-"
    sent = {
        "serie": "loiret",
        f"date-{name}0": "2027-05-20",
        f"make-{name}0": "y",
        f"date-{name}1": "2027-07-14",
        f"make-{name}1": "y",
        f"date-{name}2": "2027-09-09",
    }
    looked = client.post(f"{LIST}/generer", data=sent | {"verifier": "1"})
    assert looked.status_code == 200
    page = text_of(looked.text)
    assert "Même jour, même territoire (Loiret) : jeudi 20 mai 2027, Une autre rencontre ." in page
    assert "Jour férié : mercredi 14 juillet 2027, Fête nationale." in page
    made = client.post(f"{LIST}/generer", data=sent | {"publish": "y"})
    assert (made.status_code, made.location) == (303, f"{LIST}/loiret")
    days = session.scalars(
        select(Event.starts_on).where(Event.series_id == series.id).order_by(Event.starts_on)
    ).all()
    assert days == [date(2027, 3, 11), date(2027, 5, 20), date(2027, 7, 14)]
    page = client.get(f"{LIST}/loiret").text.replace("\u00a0", " ")
    assert "2 évènements créés, publiés." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2027-03-11", "La série a déjà un évènement ce jour-là : Déjà là."),
        ("", "Donnez une date, ou décochez."),
        ("demain", "Donnez une date : le jour, le mois et l’année."),
        ("2027-02-30", "Donnez une date : le jour, le mois et l’année."),
        ("0001-01-01", "Donnez une date entre 2000 et 2100."),
        ("9999-12-31", "Donnez une date entre 2000 et 2100."),
        ("20270311", "Donnez une date : le jour, le mois et l’année."),
        ("2027-W10-4", "Donnez une date : le jour, le mois et l’année."),
        ("\0", "Donnez une date : le jour, le mois et l’année."),
    ],
)
def test_a_date_that_cannot_be_makes_nothing_and_is_kept(
    sign_in: SignIn, session: Session, typed: str, said: str
) -> None:
    series = make_series(session, slug="loiret")
    make_event(session, series_id=series.id, starts_on=date(2027, 3, 11), title="Déjà là")
    sent = {"serie": "loiret"}
    for number, value in enumerate((typed, "2027-06-10", "2027-06-10")):
        sent |= {f"date-{series.id}-{number}": value, f"make-{series.id}-{number}": "y"}
    answer = sign_in().post(f"{LIST}/generer", data=sent)
    assert answer.status_code == 422
    page = text_of(answer.text)
    assert said in page
    assert "Cette date y est deux fois." in page
    assert "Rien n’est créé." in page
    assert session.scalar(select(func.count()).select_from(Event)) == 1


def test_nothing_ticked_and_what_is_missing_are_said(sign_in: SignIn, session: Session) -> None:
    series = make_series(session, slug="loiret")
    client = sign_in()
    sent = {"serie": "loiret", f"date-{series.id}-0": "2027-06-10"}
    assert "Cochez au moins une date." in client.post(f"{LIST}/generer", data=sent).text
    sent |= {f"make-{series.id}-0": "y", "publish": "y"}
    answer = client.post(f"{LIST}/generer", data=sent)
    assert answer.status_code == 422
    assert "Dites où a lieu l’évènement" in answer.text
    assert session.scalar(select(func.count()).select_from(Event)) == 0
    assert client.post(f"{LIST}/generer", data={"serie": "inconnu"}).status_code == 404


def test_a_series_without_a_rhythm_asks_for_the_dates(sign_in: SignIn, session: Session) -> None:
    make_series(session, slug="loiret", cadences=[])
    page = sign_in().get(f"{LIST}/generer?serie=loiret&nombre=2").text
    assert "Sans rythme" in page
    assert set(rows_of(page).values()) == {""}


def test_without_an_event_dates_begin_with_the_cadence(sign_in: SignIn, session: Session) -> None:
    since = date(2090, 1, 7)  # a Saturday
    make_series(session, slug="loiret", cadences=[SeriesCadence(since=since, half_months=6)])
    page = sign_in().get(f"{LIST}/generer?serie=loiret&nombre=2").text
    dates = [value for name, value in rows_of(page).items() if name.startswith("date-")]
    assert dates == ["2090-01-09", "2090-04-10"]


def test_an_event_is_put_in_a_series_and_taken_out(sign_in: SignIn, session: Session) -> None:
    series = make_series(session, slug="loiret")
    event = make_event(session, slug="ancien", title="Ancienne rencontre")
    client = sign_in()
    assert "Ancienne rencontre" in client.get(f"{LIST}/loiret").text
    empty = client.post(f"{LIST}/loiret/evenements")
    assert (empty.status_code, "Choisissez un évènement" in empty.text) == (422, True)
    assert client.post(f"{LIST}/loiret/evenements", data={"event": "inconnu"}).status_code == 404
    linked = client.post(f"{LIST}/loiret/evenements", data={"event": "ancien"})
    assert linked.status_code == 303
    session.expire_all()
    assert event.series_id == series.id
    assert client.post(f"{LIST}/loiret/evenements/ancien/retirer").status_code == 303
    session.expire_all()
    assert event.series_id is None


def test_people_are_invited_each_time_and_no_more(sign_in: SignIn, session: Session) -> None:
    series = make_series(session, slug="loiret")
    make_category(session)
    event = make_event(session, series_id=series.id, starts_on=TODAY + timedelta(days=60))
    came = make_registration(session, event, make_person(session, "Bruno", "Delaunay"))
    client = sign_in()
    page = client.get(f"{LIST}/loiret/invites").text
    assert "Bruno Delaunay" in page
    typed = {
        "given_name": "Inès",
        "family_name": "Aubertin",
        "email": "ines@example.org",
        "category": "mediateur",
        "role": "participant",
        "sheet": "c" * 32,
    }
    wrong = client.post(f"{LIST}/loiret/invites", data=typed | {"email": "ines", "sheet": ""})
    assert (wrong.status_code, 'value="Aubertin"' in wrong.text) == (422, True)
    for _ in range(2):
        assert client.post(f"{LIST}/loiret/invites", data=typed).status_code == 303
    twice = client.post(f"{LIST}/loiret/invites", data=typed | {"sheet": "d" * 32})
    assert "Cette personne est déjà invitée à chaque fois." in twice.text
    for _ in range(2):
        added = client.post(f"{LIST}/loiret/invites/inscrits", data={"registration": str(came.id)})
        assert added.status_code == 303
    assert client.post(f"{LIST}/loiret/invites/inscrits").status_code == 404
    members = session.scalars(select(SeriesMember).order_by(SeriesMember.id)).all()
    assert [one.person.given_name for one in members] == ["Inès", "Bruno"]
    states = session.scalars(
        select(Registration.state).where(Registration.person_id == members[0].person_id)
    ).all()
    assert states == [RegistrationState.INVITED]
    assert session.scalars(select(OutgoingMail.kind)).all() == [MailKind.EVENT_INVITATION]
    removal = f"{LIST}/loiret/invites/{members[0].id}/retirer"
    assert "Ne plus inviter" in client.get(removal).text
    assert client.post(removal).status_code == 303
    assert client.post(removal).status_code == 404
    assert "Aubertin" not in client.get(f"{LIST}/loiret").text


@pytest.mark.parametrize("page", ["list", "one"])
def test_the_number_of_statements_does_not_grow(
    sign_in: SignIn, session: Session, page: str
) -> None:
    client = sign_in()
    found = []
    first = make_series(session, slug="loiret")
    for number in (1, 2):
        for _ in range(number):
            series = first if page == "one" else make_series(session)
            person = make_person(session)
            make_member(session, series, make_person(session), added_at=now())
            for days_ago in (400, 300, 200):
                hold(session, series, days_ago, person)
            make_event(session, series_id=series.id, starts_on=TODAY + timedelta(days=20))
        session.expire_all()
        path = LIST if page == "list" else f"{LIST}/loiret"
        with counted_statements(db.engine) as statements:
            assert client.get(path).status_code == 200
        found.append(len(statements))
    assert found[0] == found[1]


def settings_of(client: FlaskClient, slug: str) -> dict[str, Any]:
    """What the settings form of an event would send back, untouched."""
    page = client.get(f"/organisation/evenements/{slug}/reglages")
    assert page.status_code == 200
    return form_values(page.text)


def test_settings_change_one_event_or_those_that_follow(sign_in: SignIn, session: Session) -> None:
    series = make_series(session, title="Rencontres du Loiret")
    days = [TODAY + timedelta(days=n) for n in (30, 60, 90)]
    for number, on in enumerate(days):
        make_event(session, series_id=series.id, slug=f"e{number}", starts_on=on)
    client = sign_in()
    page = client.get("/organisation/evenements/e0/reglages").text
    assert re.search(r'id="following-one"[^>]*checked', page)
    assert "Celle-ci et les suivantes" in page

    def places() -> list[str]:
        session.expire_all()
        return list(session.scalars(select(Event.place).order_by(Event.starts_on)))

    sent = settings_of(client, "e0")
    first = client.post("/organisation/evenements/e0/reglages", data=sent | {"place": "Blois"})
    assert first.status_code == 303
    assert places() == ["Blois", "Halle du Port-Vieux", "Halle du Port-Vieux"]
    sent = settings_of(client, "e1") | {"place": "Vierzon", "following": "all"}
    assert client.post("/organisation/evenements/e1/reglages", data=sent).status_code == 303
    assert places() == ["Blois", "Vierzon", "Vierzon"]
    said = text_of(client.get("/organisation/evenements/e1/reglages").text)
    assert "Changé aussi dans 1 évènement qui suit (le lieu), même où c’était différent :" in said


def test_settings_of_an_event_in_no_series_ask_nothing(sign_in: SignIn, session: Session) -> None:
    make_event(session, slug="seul")
    page = sign_in().get("/organisation/evenements/seul/reglages").text
    assert "Celle-ci et les suivantes" not in page


def test_addresses_that_no_series_has_are_not_found(sign_in: SignIn, session: Session) -> None:
    make_series(session, slug="loiret")
    client = sign_in()
    for path in ("/inconnue", "/%00", "/" + "x" * 5000, "/loiret/invites/999999/retirer",
                 "/loiret/invites/99999999999999/retirer"):  # fmt: skip
        assert client.get(LIST + path).status_code == 404, path
    assert client.get(f"{LIST}/generer?serie=%00&nombre=999999999999").status_code == 303
    assert client.get(f"{LIST}/generer?serie=loiret&nombre=999").status_code == 200
    assert client.post(f"{LIST}/generer", data={"serie": "\0"}).status_code == 404
    assert client.post(f"{LIST}/loiret/evenements", data={"event": "\0"}).status_code == 404
    assert client.post(f"{LIST}/loiret/evenements/%00/retirer").status_code == 404
