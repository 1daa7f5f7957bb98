"""The directory of structures, as organisers and the others use it."""

import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState, PartnershipRole
from eventhub.domain.registration import AttendanceMode
from eventhub.domain.rights import AccountRole
from eventhub.domain.scan import AttendanceOrigin, CheckpointKind
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.event import Event, Partnership
from eventhub.models.structure import Structure, StructureAlias, StructureLogo, StructureMerge
from eventhub.services.search_texts import rebuild
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

HOSTILE = (
    "=cmd()|' /C calc'!A0",
    "<script>alert(1)</script>",
    "a" * 5000,
    "\u202egnirts\u202c مرحبا",
    "🦊" * 60,
    "nul\x00nul",
)


@pytest.fixture
def organiser(app: Flask, session: Session) -> FlaskClient:
    account = make_account(session, AccountRole.ORGANISER, ("37",), display_name="Nadège Lemoine")
    return signed_in(app, session, account)


@pytest.fixture
def tilleuls(session: Session) -> Structure:
    make_departement(session, "37", "Indre-et-Loire")
    made = make_structure(
        session, "Médiathèque des Tilleuls", typologie="BIB", departement_code="37"
    )
    session.add(StructureAlias(structure_id=made.id, name="La Média", name_key="la media"))
    rebuild(session)
    session.commit()
    return made


@pytest.fixture
def event(session: Session, tilleuls: Structure) -> Event:
    """An event in the 37 to which two people of the Tilleuls said they came; one was there."""
    made = make_event(
        session,
        title="Rencontre",
        starts_on=date(2026, 6, 2),
        departements=[make_departement(session, "37", "Indre-et-Loire")],
    )
    session.add(Partnership(event_id=made.id, structure_id=tilleuls.id, role=PartnershipRole.HOST))
    checkpoint = Checkpoint(event_id=made.id, kind=CheckpointKind.ENTRANCE, label="Entrée")
    session.add(checkpoint)
    session.flush()
    make_registration(
        session, made, make_person(session, "Inès", "Aubertin"), structure_id=tilleuls.id
    )
    registration = make_registration(
        session, made, make_person(session, "Bruno", "Delaunay"), structure_id=tilleuls.id
    )
    session.add(
        Attendance(
            event_id=made.id,
            registration_id=registration.id,
            checkpoint_id=checkpoint.id,
            mode=AttendanceMode.ONSITE,
            origin=AttendanceOrigin.IMPORT,
        )
    )
    session.commit()
    return made


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (60, 30)).save(file, "PNG")
    file.seek(0)
    return file


def test_the_list_is_searched_in_any_spelling_and_filtered(
    organiser: FlaskClient, session: Session, tilleuls: Structure, event: Event
) -> None:
    make_structure(session, "Préfecture du Cher", typologie="PREF")
    rebuild(session)
    session.commit()
    every = text_of(organiser.get("/organisation/structures").text)
    assert "2 structures, par nom" in every
    assert "Bibliothèque, médiathèque Département 37 1 évènement 1 fois" in every
    for query in ("q=MEDIATHEQUE", "q=la+media", "type=BIB", "departement=37"):
        found = text_of(organiser.get(f"/organisation/structures?{query}").text)
        assert "1 structure, par nom" in found
        assert "Préfecture du Cher" not in found
    none = text_of(organiser.get("/organisation/structures?q=introuvable").text)
    assert "Aucune structure trouvée" in none


def test_an_empty_directory_says_what_will_be_there(organiser: FlaskClient) -> None:
    page = organiser.get("/organisation/structures").text
    assert "Le répertoire est vide" in page
    assert "/organisation/structures/nouvelle" in page


@pytest.mark.parametrize(
    "query", ["page=0", "page=99999999999999999999", "page=x", "q=%00&type=%00", "q=%ED%A0%80"]
)
def test_odd_addresses_of_the_list_have_an_answer(
    organiser: FlaskClient, tilleuls: Structure, query: str
) -> None:
    assert organiser.get(f"/organisation/structures?{query}").status_code == 200


def test_a_structure_says_its_events_and_who_came_by_right(
    app: Flask, session: Session, organiser: FlaskClient, tilleuls: Structure, event: Event
) -> None:
    address = f"/organisation/structures/{tilleuls.id}"
    named = text_of(organiser.get(address).text)
    assert "Bibliothèque, médiathèque" in named
    assert "La Média" in named
    assert "Rencontre Mardi 2 juin 2026 2 inscriptions, 1 présence Accueille 2 1" in named
    assert "2 personnes inscrites, 1 présente" in named
    assert "Inès Aubertin Bruno Delaunay , présent·e" in named
    elsewhere = make_account(session, AccountRole.STAFF, ("18",))
    figures_only = make_account(session, AccountRole.STAFF_FIGURES)
    for account in (elsewhere, figures_only):
        counted = text_of(signed_in(app, session, account).get(address).text)
        assert "2 personnes inscrites, 1 présente" in counted
        assert "Aubertin" not in counted
        assert "Modifier" not in counted


def test_a_draft_elsewhere_is_not_told_of(
    app: Flask, session: Session, tilleuls: Structure, event: Event
) -> None:
    event.state = EventState.DRAFT
    session.commit()
    account = make_account(session, AccountRole.STAFF_FIGURES, ("18",))
    page = signed_in(app, session, account).get(f"/organisation/structures/{tilleuls.id}").text
    assert "Rencontre" not in page


def test_a_structure_is_added_once_however_often_one_clicks(
    organiser: FlaskClient, session: Session
) -> None:
    data = {"name": "Tiers-lieu du Lavoir", "typologie": "TIERS_LIEUX", "sheet": "a" * 32}
    first = organiser.post("/organisation/structures/nouvelle", data=data)
    second = organiser.post("/organisation/structures/nouvelle", data=data)
    assert (first.status_code, second.location) == (303, first.location)
    assert session.query(Structure).one().typologie == "TIERS_LIEUX"


def test_a_name_taken_says_by_whom_and_offers_to_merge(
    organiser: FlaskClient, session: Session, tilleuls: Structure
) -> None:
    other = make_structure(session, "Bibliothèque")
    session.commit()
    refused = organiser.post(
        f"/organisation/structures/{other.id}/modifier",
        data={"name": "Bibliothèque", "aliases": "LA MEDIA\nBM", "version": "1"},
    )
    assert refused.status_code == 422
    said = text_of(refused.text)
    assert "« LA MEDIA » est déjà un nom de « Médiathèque des Tilleuls »." in said
    assert "la réunir à « Bibliothèque »" in said
    assert "LA MEDIA\nBM" in refused.text
    new = organiser.post("/organisation/structures/nouvelle", data={"name": "la media"})
    assert new.status_code == 422
    assert f"/organisation/structures/{tilleuls.id}" in new.text


def test_who_writes_second_is_shown_what_changed_and_loses_nothing(
    organiser: FlaskClient, session: Session, tilleuls: Structure
) -> None:
    address = f"/organisation/structures/{tilleuls.id}/modifier"
    first = {"name": "Médiathèque du Lavoir", "typologie": "BIB", "departement_code": "37"}
    assert organiser.post(address, data=first | {"version": "1"}).status_code == 303
    second = {"name": "Les Tilleuls", "typologie": "BIB", "departement_code": "37"}
    late = organiser.post(address, data=second | {"version": "1", "aliases": "Tilleuls"})
    assert late.status_code == 409
    said = text_of(late.text)
    assert "Nadège Lemoine, à" in said
    assert "Nom : Médiathèque du Lavoir" in said
    assert 'value="Les Tilleuls"' in late.text
    assert 'name="version" type="hidden" value="2"' in late.text
    session.expire_all()
    assert tilleuls.name == "Médiathèque du Lavoir"
    assert organiser.post(address, data=second | {"version": "2"}).status_code == 303


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["name", "website", "aliases", "typologie", "version"])
def test_hostile_words_get_a_clear_answer(
    organiser: FlaskClient, session: Session, tilleuls: Structure, name: str, text: str
) -> None:
    data = {"name": "Une structure", "version": "1", name: text}
    for address in ("nouvelle", f"{tilleuls.id}/modifier"):
        answer = organiser.post(f"/organisation/structures/{address}", data=data)
        assert answer.status_code in {303, 409, 422}
        assert "<script>alert" not in answer.text
    listed = organiser.get("/organisation/structures", query_string={"q": text})
    assert listed.status_code == 200
    assert "<script>alert" not in listed.text
    asked = organiser.get(
        f"/organisation/structures/{tilleuls.id}/reunir", query_string={"avec": text}
    )
    assert asked.status_code in {200, 422}
    assert "<script>alert" not in asked.text


def test_two_structures_are_merged_after_a_look_and_parted_again(
    organiser: FlaskClient, session: Session, tilleuls: Structure, event: Event
) -> None:
    other = make_structure(session, "Médiathèque Tilleuls")
    session.commit()
    address = f"/organisation/structures/{tilleuls.id}"
    asked = organiser.get(f"{address}/reunir?avec=mediatheque+tilleuls")
    assert asked.status_code == 200
    said = text_of(asked.text)
    assert "Il restera « Médiathèque Tilleuls »" in said
    assert "1 évènement où elle a un rôle ou accueille un temps" in said
    assert "2 inscriptions, de 2 personnes" in said
    assert "Médiathèque des Tilleuls, La Média" in said
    assert session.query(StructureMerge).count() == 0
    done = organiser.post(f"{address}/reunir", data={"into": other.id})
    assert done.location == f"/organisation/structures/{other.id}"
    again = organiser.post(f"{address}/reunir", data={"into": other.id})
    assert again.status_code == 409
    moved = organiser.get(address)
    assert moved.location == f"/organisation/structures/{other.id}"
    kept = text_of(organiser.get(moved.location).text)
    assert "Médiathèque des Tilleuls , réunie le" in kept
    assert "Inès Aubertin" in kept
    merge = session.query(StructureMerge).one()
    undo = f"/organisation/structures/reunions/{merge.id}/defaire"
    assert "Séparer « Médiathèque des Tilleuls »" in text_of(organiser.get(undo).text)
    assert organiser.post(undo).location == address
    assert "Inès Aubertin" in text_of(organiser.get(address).text)
    assert "Cette réunion est déjà défaite" in text_of(organiser.get(undo).text)
    assert organiser.post(undo).status_code == 409


def test_an_earlier_merge_waits_for_the_later_one(
    organiser: FlaskClient, session: Session, tilleuls: Structure
) -> None:
    a, b = make_structure(session, "A"), make_structure(session, "B")
    session.commit()
    for one in (a, b):
        organiser.post(f"/organisation/structures/{one.id}/reunir", data={"into": tilleuls.id})
    first = session.query(StructureMerge).order_by(StructureMerge.id).first()
    assert first is not None
    undo = f"/organisation/structures/reunions/{first.id}/defaire"
    assert "défaites-la d’abord" in text_of(organiser.get(undo).text)
    assert organiser.post(undo).status_code == 409


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Inconnue", "Aucune structure du répertoire ne porte ce nom."),
        ("la média", "C’est la même structure : choisissez-en une autre."),
    ],
)
def test_a_name_that_leads_nowhere_is_said(
    organiser: FlaskClient, tilleuls: Structure, typed: str, said: str
) -> None:
    answer = organiser.get(
        f"/organisation/structures/{tilleuls.id}/reunir", query_string={"avec": typed}
    )
    assert answer.status_code == 422
    assert said in text_of(answer.text)


def test_resembling_names_are_pointed_at(
    organiser: FlaskClient, session: Session, tilleuls: Structure
) -> None:
    for name in ("Médiathèque des Tilleuls de Tours", "La-Média", "Médiathèque", "Autre chose"):
        make_structure(session, name)
    session.commit()
    page = text_of(organiser.get(f"/organisation/structures/{tilleuls.id}").text)
    assert "Réunir « Médiathèque des Tilleuls de Tours » à celle-ci" in page
    assert "Réunir « La-Média » à celle-ci" in page
    assert "« Autre chose »" not in page


def test_a_logo_is_sent_shown_for_ever_and_removed(
    organiser: FlaskClient, client: FlaskClient, session: Session, tilleuls: Structure
) -> None:
    address = f"/organisation/structures/{tilleuls.id}"
    sent = organiser.post(f"{address}/logo", data={"logo": (picture(), "logo.png")})
    assert sent.location == address
    logo = session.query(StructureLogo).one()
    logo_address = f"/logos/{logo.sha256}.png"
    assert f'src="{logo_address}"' in organiser.get(address).text
    shown = client.get(logo_address)
    assert shown.data == logo.data
    assert {
        name: shown.headers[name]
        for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")
    } == {
        "Content-Type": "image/png",
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    assert organiser.get(f"{address}/logo/retirer").status_code == 200
    assert organiser.post(f"{address}/logo/retirer").location == address
    assert client.get(logo_address).status_code == 404
    assert organiser.get(f"{address}/logo/retirer").status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"<svg onload='alert(1)'/>", "logo.svg", "Un fichier SVG peut contenir des programmes"),
        (b"not a picture", "logo.png", "Envoyez une image PNG, JPEG, WebP ou GIF."),
        (b"", "", "Choisissez un fichier."),
    ],
)
def test_a_file_that_is_no_logo_is_refused_with_the_reason(
    organiser: FlaskClient,
    session: Session,
    tilleuls: Structure,
    data: bytes,
    name: str,
    said: str,
) -> None:
    answer = organiser.post(
        f"/organisation/structures/{tilleuls.id}/logo", data={"logo": (io.BytesIO(data), name)}
    )
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert session.query(StructureLogo).count() == 0


def test_a_file_too_heavy_is_refused_with_the_limit(
    organiser: FlaskClient, tilleuls: Structure
) -> None:
    head = 'Content-Disposition: form-data; name="logo"; filename="lourd.png"'
    body = b"--x\r\n" + head.encode() + b"\r\n\r\n" + b"\x00" * 2_100_000 + b"\r\n--x--\r\n"
    answer = organiser.post(
        f"/organisation/structures/{tilleuls.id}/logo",
        data=body,
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 422
    assert "2 Mo au plus" in text_of(answer.text)


def test_a_far_too_heavy_file_is_refused(organiser: FlaskClient, tilleuls: Structure) -> None:
    answer = organiser.post(
        f"/organisation/structures/{tilleuls.id}/logo",
        data=b"\x00" * 5_000_000,
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("number", ["2147483647", "0", "99999999999999999999"])
def test_a_structure_that_is_not_there_is_not_found(organiser: FlaskClient, number: str) -> None:
    for page in ("", "/modifier", "/reunir"):
        answer = organiser.get(f"/organisation/structures/{number}{page}")
        assert answer.status_code == 404
