"""The programme as organisers write it, without a script."""

import re
from datetime import UTC, date, datetime, time
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails, SpeakerDetails
from eventhub.domain.event import ActivityFormat, ActivityRegistration, EventMode, EventState
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.event import Activity, Event, EventRoom
from eventhub.models.registration import Booking
from eventhub.services.programme import add_activity
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.conftest import NOW
from tests.factories import make_account, make_event, make_registration
from tests.query_count import counted_statements

APRIL = date(2027, 4, 8)
TYPED: dict[str, Any] = {
    "format": "workshop",
    "title": "Dessiner la carte",
    "on": "2027-04-08",
    "starts_at": "10:40",
    "ends_at": "12:00",
    "registration": "open",
    "counts_presence": "y",
}


@pytest.fixture
def organiser(session: Session) -> Account:
    return make_account(session, AccountRole.ORGANISER, ("37",), display_name="Nadège Lemoine")


@pytest.fixture
def nadege(app: Flask, session: Session, organiser: Account) -> FlaskClient:
    return signed_in(app, session, organiser)


@pytest.fixture
def event(session: Session, organiser: Account) -> Event:
    return make_event(session, slug="rencontre", departements=organiser.departements)


def add(session: Session, event: Event, title: str, hours: str = "", **values: Any) -> Activity:
    start, _, end = hours.partition("-")
    details = ActivityDetails(
        title=title,
        on=APRIL if start else None,
        starts_at=time.fromisoformat(start) if start else None,
        ends_at=time.fromisoformat(end) if end else None,
        **({"format": ActivityFormat.WORKSHOP} | values),
    )
    made = add_activity(session, event, details, NOW)
    session.commit()
    return made


def base(event: Event) -> str:
    return f"/organisation/evenements/{event.slug}/programme"


def programme(session: Session, event: Event) -> list[tuple[str, str, str, str]]:
    """Title, start, end and track of each part, in order."""
    session.expire_all()

    def clock(moment: datetime | None) -> str:
        return f"{moment.astimezone(UTC).hour + 2}:{moment.minute:02}" if moment else ""

    rows = session.scalars(
        select(Activity).where(Activity.event_id == event.id).order_by(Activity.position)
    )
    return [(row.title, clock(row.starts_at), clock(row.ends_at), row.track) for row in rows]


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send back of a page's form, unchanged."""
    body = page[page.index('<form class="form"') :]
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]+>", body):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        checked = re.search(r"\bchecked\b", tag)
        if found.get("type") in {"checkbox", "radio"} and not checked:
            continue
        if "name" in found:
            values[found["name"]] = unescape(found.get("value", ""))
    for name, options in re.findall(
        r'<select[^>]+name="([\w-]+)"[^>]*>(.*?)</select>', body, re.DOTALL
    ):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        values[name] = chosen[1] if chosen else ""
    texts = re.findall(r'<textarea[^>]+name="(\w+)"[^>]*>\r?\n?(.*?)</textarea>', body, re.DOTALL)
    return values | {name: unescape(text) for name, text in texts}


def test_an_empty_programme_offers_to_begin_it(nadege: FlaskClient, event: Event) -> None:
    page = nadege.get(base(event))
    assert page.status_code == 200
    assert "Le programme est vide" in page.text
    assert "Copier le programme d’un autre évènement" in page.text


def test_a_whole_part_is_written_and_read_back(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    event.mode = EventMode.HYBRID
    session.commit()
    typed = TYPED | {
        "room": "Salle Cher",
        "track": "A",
        "remote_link": "https://visio.example.org/carte",
        "registration": "required",
        "capacity_onsite": "20",
        "capacity_remote": "50",
        "speakers-0-name": "Élise Maréchal",
        "speakers-0-role": "animation",
        "speakers-0-structure": "Le Relais",
        "speakers-0-may_be_named": "y",
        "speakers-1-name": "Paul Roy",
        "hosts": "La Brouette\nLe Relais",
        "summary": "Avec du fil.",
    }
    done = nadege.post(f"{base(event)}/nouveau", data=typed)
    [made] = session.scalars(select(Activity)).all()
    assert (done.status_code, done.location) == (303, f"{base(event)}#temps-{made.id}")
    assert (made.room, made.track, made.remote_link, made.registration) == (
        "Salle Cher",
        "A",
        "https://visio.example.org/carte",
        ActivityRegistration.REQUIRED,
    )
    assert [
        (one.name, one.role, one.structure and one.structure.name, one.may_be_named)
        for one in made.speakers
    ] == [("Élise Maréchal", "animation", "Le Relais", True), ("Paul Roy", "", None, False)]
    shown = form_of(nadege.get(f"{base(event)}/{made.id}").text)
    assert {name: shown[name] for name in typed if name != "counts_presence"} == {
        name: value for name, value in typed.items() if name != "counts_presence"
    } | {"hosts": "La Brouette\nLe Relais"}
    again = nadege.post(f"{base(event)}/{made.id}", data=shown, follow_redirects=True)
    assert "Rien n’a changé." in again.text
    page = text_of(nadege.get(base(event)).text)
    assert "Élise Maréchal, Paul Roy (nom gardé pour l’équipe)" in page
    assert "sur inscription, 20 places, 50 places à distance" in page


def test_one_more_person_loses_nothing_and_judges_nothing(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    typed = TYPED | {
        "title": "",
        "ends_at": "08:00",
        "summary": "Gardé",
        "more": "speaker",
        "speakers-0-name": "Élise",
        "speakers-1-name": "Paul",
        "speakers-1-role": "témoin",
    }
    page = nadege.post(f"{base(event)}/nouveau", data=typed)
    assert page.status_code == 200
    shown = form_of(page.text)
    assert (shown["summary"], shown["ends_at"], shown["speakers-1-role"]) == (
        "Gardé",
        "08:00",
        "témoin",
    )
    assert [name for name in shown if name.endswith("-name")] == [
        f"speakers-{row}-name" for row in range(4)
    ]
    assert 'id="errors"' not in page.text
    assert session.scalars(select(Activity)).all() == []


def test_consent_is_unticked_by_default(nadege: FlaskClient, event: Event) -> None:
    page = nadege.get(f"{base(event)}/nouveau").text
    assert page.count("Accepte d’être nommé·e") == 2
    assert [name for name in form_of(page) if "may_be_named" in name] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "x" * 5000}, "title"),
        ({"ends_at": "10:40"}, "ends_at"),
        ({"on": "0001-01-01"}, "on"),
        ({"on": "9999-12-31"}, "on"),
        ({"remote_link": "http://visio.example.org"}, "remote_link"),
        ({"capacity_onsite": "99999999999999999999"}, "capacity_onsite"),
        ({"speakers-0-role": "animation"}, "speakers-0-name"),
        ({"speakers-0-name": "x" * 5000}, "speakers-0-name"),
        ({"hosts": "***"}, "hosts"),
        ({"registration": "perhaps"}, "registration"),
    ],
)
def test_what_makes_no_sense_comes_back_as_typed(
    nadege: FlaskClient, session: Session, event: Event, wrong: dict[str, str], field: str
) -> None:
    page = nadege.post(f"{base(event)}/nouveau", data=TYPED | {"summary": "Gardé"} | wrong)
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert form_of(page.text)["summary"] == "Gardé"
    assert programme(session, event) == []


@pytest.mark.parametrize(
    "title", ["=cmd()", "<script>alert(1)</script>", "עברית 🎉", "nul\0l", "\ud83d demi"]
)
def test_odd_titles_are_shown_as_text(nadege: FlaskClient, event: Event, title: str) -> None:
    typed = TYPED | {"title": title.encode("utf-8", "surrogatepass")}
    done = nadege.post(f"{base(event)}/nouveau", data=typed)
    assert done.status_code in {303, 422}
    for address in (base(event), f"/evenements/{event.slug}"):
        page = nadege.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "", "٣"])
def test_rows_with_odd_numbers_are_left_aside(
    nadege: FlaskClient, session: Session, event: Event, number: str
) -> None:
    rows = {f"speakers-{number}-name": "Zoé", f"rooms-{number}-name": "Halle"}
    assert nadege.post(f"{base(event)}/nouveau", data=TYPED | rows).status_code == 303
    assert nadege.post(f"{base(event)}/salles", data=rows).status_code == 303
    assert programme(session, event)[0][0] == "Dessiner la carte"
    assert (event.activities[0].speakers, event.rooms) == ([], [])


def test_thirty_parts_an_hour_each_sheet_begins_where_the_last_one_ends(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    done = nadege.post(f"{base(event)}/nouveau", data=TYPED | {"room": "Cher", "then": "next"})
    shown = form_of(nadege.get(done.location).text)
    assert (shown["on"], shown["starts_at"], shown["ends_at"], shown["format"]) == (
        "2027-04-08",
        "12:00",
        "13:20",
        "workshop",
    )
    assert '<option value="Cher"></option>' in nadege.get(done.location).text
    done = nadege.post(
        f"{base(event)}/nouveau", data=shown | {"title": "Suite", "then": "parallel"}
    )
    shown = form_of(nadege.get(done.location).text)
    assert (shown["starts_at"], shown["ends_at"], shown["track"]) == ("12:00", "13:20", "B")
    nadege.post(f"{base(event)}/nouveau", data=shown | {"title": "À côté"})
    assert programme(session, event) == [
        ("Dessiner la carte", "10:40", "12:00", ""),
        ("Suite", "12:00", "13:20", "A"),
        ("À côté", "12:00", "13:20", "B"),
    ]


def test_moving_says_the_new_hours_and_gives_the_button_back(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    add(session, event, "Un", "09:00-10:00")
    add(session, event, "Deux", "10:00-10:30")
    third = add(session, event, "Trois", "10:30-11:00")
    address = f"{base(event)}/{third.id}/deplacer"
    page = nadege.get(base(event)).text
    assert f'id="plus-tot-{third.id}"' in page
    assert f'id="plus-tard-{third.id}"' not in page
    assert "Plus tôt : « Trois », de 10 h 30 à 11 h" in text_of(page)
    done = nadege.post(address, data={"direction": "earlier"})
    assert done.location == f"{base(event)}#plus-tot-{third.id}"
    done = nadege.post(address, data={"direction": "earlier"})
    assert done.location == f"{base(event)}#temps-{third.id}"
    assert "« Trois » : de 9 h à 9 h 30." in text_of(nadege.get(done.location).text)
    assert [one[:2] for one in programme(session, event)] == [
        ("Trois", "9:00"),
        ("Un", "9:30"),
        ("Deux", "10:30"),
    ]
    again = nadege.post(address, data={"direction": "earlier"}, follow_redirects=True)
    assert "« Trois » ne bouge pas." in text_of(again.text)
    assert nadege.post(address, data={"direction": "up"}).status_code == 422


def test_a_slot_moves_whole(nadege: FlaskClient, session: Session, event: Event) -> None:
    add(session, event, "Un", "09:00-10:00")
    first = add(session, event, "A", "10:00-11:00", track="A")
    add(session, event, "B", "10:00-11:00", track="B")
    done = nadege.post(
        f"{base(event)}/{first.id}/deplacer", data={"direction": "earlier", "whole": "slot"}
    )
    assert done.status_code == 303
    assert [one[:2] for one in programme(session, event)] == [
        ("A", "9:00"),
        ("B", "9:00"),
        ("Un", "10:00"),
    ]


def test_a_part_is_doubled_put_beside_another_and_shifted(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    one = add(session, event, "Un", "09:00-10:00", capacity_onsite=5)
    two = add(session, event, "Deux", "10:00-11:00")
    nadege.post(f"{base(event)}/{one.id}/dupliquer")
    assert [row[:3] for row in programme(session, event)][-1] == ("Un", "11:00", "12:00")
    assert "Ou y mettre un temps" in nadege.get(f"{base(event)}/{one.id}/parallele").text
    nadege.post(f"{base(event)}/{one.id}/parallele", data={"other": str(two.id)})
    assert programme(session, event)[:2] == [
        ("Un", "9:00", "10:00", "A"),
        ("Deux", "9:00", "10:00", "B"),
    ]
    wrong = nadege.post(f"{base(event)}/{one.id}/parallele", data={"other": "999"})
    assert wrong.status_code == 422
    page = nadege.get(f"{base(event)}/{one.id}/decaler")
    assert 'value="15"' in page.text
    done = nadege.post(f"{base(event)}/{one.id}/decaler", data={"minutes": "15"})
    assert "3 temps du programme sont maintenant 15 minutes plus tard." in text_of(
        nadege.get(done.location).text
    )
    assert [row[1] for row in programme(session, event)] == ["9:15", "9:15", "11:15"]
    for minutes in ("", "abc", "1000", "-99999999999999"):
        assert (
            nadege.post(f"{base(event)}/{one.id}/decaler", data={"minutes": minutes}).status_code
            == 422
        )


def test_a_later_end_moves_the_rest_where_that_is_ticked(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    one = add(session, event, "Un", "09:00-10:00")
    add(session, event, "Deux", "10:00-11:00")
    shown = form_of(nadege.get(f"{base(event)}/{one.id}").text)
    nadege.post(f"{base(event)}/{one.id}", data=shown | {"ends_at": "10:20", "shift_rest": "y"})
    assert [row[1:3] for row in programme(session, event)] == [
        ("9:00", "10:20"),
        ("10:20", "11:20"),
    ]
    shown = form_of(nadege.get(f"{base(event)}/{one.id}").text)
    refused = nadege.post(
        f"{base(event)}/{one.id}", data=shown | {"ends_at": "23:30", "shift_rest": "y"}
    )
    assert refused.status_code == 422
    assert 'href="#shift_rest"' in refused.text


def test_what_a_colleague_wrote_meanwhile_is_shown_and_nothing_is_lost(
    nadege: FlaskClient, app: Flask, session: Session, event: Event
) -> None:
    made = add(session, event, "Avant", "09:00-10:00", room="Salle Cher")
    address = f"{base(event)}/{made.id}"
    mine = form_of(nadege.get(address).text) | {"title": "Le mien", "summary": "Mon long texte"}
    colleague = signed_in(app, session, make_account(session, display_name="Inès Aubertin"))
    theirs = form_of(colleague.get(address).text) | {
        "title": "Le sien",
        "room": "Halle",
        "ends_at": "10:30",
        "speakers-0-name": "Zoé",
    }
    assert colleague.post(address, data=theirs).status_code == 303
    page = nadege.post(address, data=mine)
    assert page.status_code == 409
    shown = text_of(page.text)
    assert "Inès Aubertin" in shown
    assert (
        "Là où vous avez écrit autre chose, le programme contient maintenant : Titre : Le sien Là"
        in shown
    )
    assert (
        "est repris ci-dessous : Fin : 10:30 Salle : Halle Avec : Zoé (n’est pas nommé·e)" in shown
    )
    again = form_of(page.text)
    assert [again[name] for name in ("title", "summary", "room", "ends_at", "speakers-0-name")] == [
        "Le mien",
        "Mon long texte",
        "Halle",
        "10:30",
        "Zoé",
    ]
    assert nadege.post(address, data=again).status_code == 303
    assert programme(session, event) == [("Le mien", "9:00", "10:30", "")]
    assert [speaker.name for speaker in event.activities[0].speakers] == ["Zoé"]


@pytest.mark.parametrize("marks", ["", "title", "title= =", "\0", "x=1 " * 2000])
def test_a_form_without_its_marks_loses_nothing_either(
    nadege: FlaskClient, session: Session, event: Event, marks: str
) -> None:
    made = add(session, event, "Avant", "09:00-10:00")
    typed = form_of(nadege.get(f"{base(event)}/{made.id}").text)
    old = typed | {"version": "0", "started_from": marks, "title": "Le mien"}
    page = nadege.post(f"{base(event)}/{made.id}", data=old)
    assert page.status_code == 409
    assert "Titre : Avant" in text_of(page.text)
    assert form_of(page.text)["title"] == "Le mien"


def test_what_someone_chose_stays_and_the_page_says_why(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    made = add(session, event, "Choisi", "09:00-10:00")
    session.add(
        Booking(
            registration_id=make_registration(session, event).id,
            activity_id=made.id,
            state=RegistrationState.CONFIRMED,
            created_at=NOW,
        )
    )
    session.commit()
    page = nadege.get(f"{base(event)}/{made.id}/supprimer")
    assert "1 personne l’a choisi" in text_of(page.text)
    assert "Le modifier" in page.text
    refused = nadege.post(f"{base(event)}/{made.id}/supprimer")
    assert refused.status_code == 409
    assert "Des personnes l’ont choisi ou y sont passées" in refused.text
    free = add(session, event, "Libre", "10:00-11:00")
    nadege.post(f"{base(event)}/{free.id}/supprimer")
    assert [row[0] for row in programme(session, event)] == ["Choisi"]


def test_warnings_name_both_and_lead_to_both(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    speaker = (SpeakerDetails(name="Élise Maréchal"),)
    one = add(session, event, "Un", "09:00-10:00", room="Salle Cher", speakers=speaker)
    two = add(
        session,
        event,
        "Deux",
        "09:30-10:30",
        room="salle cher",
        speakers=speaker,
        capacity_onsite=40,
    )
    session.add(EventRoom(event_id=event.id, name="Salle Cher", name_key="salle cher", seats=30))
    session.commit()
    page = nadege.get(base(event)).text
    shown = text_of(page)
    assert "3 points à regarder" in shown
    assert "Salle Cher est prise deux fois en même temps : « Un » et « Deux » ." in shown
    assert "Élise Maréchal est attendu·e à deux endroits en même temps : « Un »" in shown
    assert "« Deux » annonce 40 places, salle cher en a 30." in shown
    assert "Salle Cher est prise en même temps par « Deux »." in shown
    assert page.count(f'href="#temps-{one.id}"') == 2
    assert page.count(f'href="#temps-{two.id}"') == 3


def test_rooms_are_listed_with_their_seats_and_renamed_everywhere(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    add(session, event, "Un", "09:00-10:00", room="Salle Cher")
    shown = form_of(nadege.get(f"{base(event)}/salles").text)
    assert shown["rooms-0-name"] == shown["rooms-0-was"] == "Salle Cher"
    more = nadege.post(f"{base(event)}/salles", data=shown | {"more": "room"})
    assert form_of(more.text)["rooms-0-name"] == "Salle Cher"
    typed = shown | {"rooms-0-name": "Halle", "rooms-0-seats": "30", "rooms-1-name": "Loir"}
    assert nadege.post(f"{base(event)}/salles", data=typed).status_code == 303
    session.expire_all()
    assert [(room.name, room.seats) for room in event.rooms] == [("Halle", 30), ("Loir", None)]
    assert event.activities[0].room == "Halle"
    wrong = nadege.post(f"{base(event)}/salles", data=typed | {"rooms-1-name": "HALLE"})
    assert wrong.status_code == 422
    assert "est là deux fois" in wrong.text
    wrong = nadege.post(f"{base(event)}/salles", data=typed | {"rooms-0-seats": "0"})
    assert 'href="#rooms-0-seats"' in wrong.text


def test_a_programme_is_copied_after_a_look_at_it(
    nadege: FlaskClient, session: Session, event: Event, organiser: Account
) -> None:
    last_year = make_event(
        session,
        slug="avant",
        title="Rencontre de 2026",
        departements=organiser.departements,
        starts_on=date(2026, 4, 8),
    )
    details = ActivityDetails(
        format=ActivityFormat.WORKSHOP,
        title="Broder",
        on=date(2026, 4, 8),
        starts_at=time(10, 0),
        speakers=(SpeakerDetails(name="Élise Maréchal", may_be_named=True),),
    )
    add_activity(session, last_year, details, NOW)
    make_event(session, slug="ailleurs", title="Rencontre d’ailleurs")
    session.commit()
    found = nadege.get(f"{base(event)}/copier?q=rencontre").text
    assert "Rencontre de 2026" in found
    assert "ailleurs" not in text_of(found)
    assert "Aucun de vos évènements" in nadege.get(f"{base(event)}/copier?q=%00zzz").text
    preview = nadege.get(f"{base(event)}/copier?de=avant")
    assert "1 temps viendra" in text_of(preview.text)
    assert "Broder" in preview.text
    assert nadege.get(f"{base(event)}/copier?de=ailleurs").status_code == 403
    assert nadege.get(f"{base(event)}/copier?de=inconnu").status_code == 404
    done = nadege.post(f"{base(event)}/copier", data={"source": "avant"}, follow_redirects=True)
    assert "1 temps est venu de « Rencontre de 2026 »." in text_of(done.text)
    assert programme(session, event) == [("Broder", "10:00", "", "")]
    assert event.activities[0].speakers == []


def test_a_closed_programme_is_read_only(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    made = add(session, event, "Un", "09:00-10:00")
    event.state = EventState.CLOSED
    session.commit()
    page = nadege.get(base(event)).text
    assert "ne se modifie plus" in page
    assert "Plus tôt" not in page
    assert nadege.post(f"{base(event)}/{made.id}/dupliquer").status_code == 409


def test_an_activity_of_another_event_is_not_found(
    nadege: FlaskClient, session: Session, event: Event, organiser: Account
) -> None:
    other = make_event(session, departements=organiser.departements)
    made = add(session, other, "Un", "09:00-10:00")
    for path in ("", "/supprimer", "/decaler", "/parallele"):
        assert nadege.get(f"{base(event)}/{made.id}{path}").status_code == 404
    assert nadege.get(f"{base(event)}/99999999999").status_code == 404


def fill(session: Session, event: Event, rows: range) -> None:
    for row in rows:
        add(
            session,
            event,
            f"Temps {row}",
            f"{9 + row:02}:00-{10 + row:02}:00",
            room=f"Salle {row}",
            hosts=(f"Structure {row}",),
            registration=ActivityRegistration.REQUIRED,
            speakers=tuple(
                SpeakerDetails(name=f"P{row}{n}", structure=f"S{row}{n}", may_be_named=True)
                for n in range(2)
            ),
        )


def test_three_parts_cost_as_many_statements_as_one(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    counts = []
    for rows in (range(1), range(1, 3)):
        fill(session, event, rows)
        addresses = (base(event), f"{base(event)}/salles", f"/evenements/{event.slug}")
        found = []
        for address in addresses:
            session.expire_all()
            with counted_statements(db.engine) as statements:
                assert nadege.get(address).status_code == 200
            found.append(len(statements))
        counts.append(found)
    assert counts[0] == counts[1]


def statements_for(client: FlaskClient, session: Session, address: str) -> int:
    session.expire_all()
    with counted_statements(db.engine) as statements:
        assert client.get(address).status_code == 200
    return len(statements)


def test_three_people_and_structures_cost_as_many_statements_as_one(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    counts = set()
    for number in (1, 3):
        made = add(
            session,
            event,
            f"Avec {number}",
            "09:00-10:00",
            hosts=tuple(f"Structure {number}{one}" for one in range(number)),
            speakers=tuple(
                SpeakerDetails(name=f"P{one}", structure=f"S{number}{one}") for one in range(number)
            ),
        )
        counts.add(statements_for(nadege, session, f"{base(event)}/{made.id}"))
    assert len(counts) == 1


def test_three_programmes_to_copy_cost_as_many_statements_as_one(
    nadege: FlaskClient, session: Session, event: Event, organiser: Account
) -> None:
    lists, previews = set(), set()
    for number in (1, 2, 3):
        other = make_event(session, departements=organiser.departements)
        fill(session, other, range(number))
        if number != 2:
            lists.add(statements_for(nadege, session, f"{base(event)}/copier"))
            previews.add(statements_for(nadege, session, f"{base(event)}/copier?de={other.slug}"))
    assert len(lists) == 1
    assert len(previews) == 1


def test_a_part_alone_in_its_track_moves_as_a_slot(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    add(session, event, "Repas", "12:00-13:00")
    alone = add(session, event, "Seul", "13:00-14:00", track="A")
    page = nadege.get(base(event)).text
    assert f'id="plus-tot-{alone.id}"' not in page
    assert f'id="creneau-plus-tot-{alone.id}"' in page
    nadege.post(
        f"{base(event)}/{alone.id}/deplacer", data={"direction": "earlier", "whole": "slot"}
    )
    assert [row[:2] for row in programme(session, event)] == [("Seul", "12:00"), ("Repas", "13:00")]
