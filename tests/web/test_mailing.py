import email
import io
import os
import re
from email.message import EmailMessage
from email.policy import default as policy
from pathlib import Path

import icalendar
import pytest
import zxingcpp
from flask import Flask, url_for
from PIL import Image
from sqlalchemy import delete
from sqlalchemy.orm import Session

import config
from eventhub.domain.mail import MailKind
from eventhub.domain.ticket import read_ticket
from eventhub.models.mail import OutgoingMail
from eventhub.services.signing_keys import is_signed
from eventhub.web.mailing import (
    NothingToSend,
    event_url,
    message_bytes,
    registration_url,
    render,
    withdrawal_url,
)
from tests.conftest import NOW, SECRET_KEY, make_settings
from tests.web.mail_cases import (
    CASES,
    REGISTRATION_ID,
    Case,
    make_mail,
    make_mail_event,
    reload_registration,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "mails"


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return make_settings("sqlite://", tmp_path, base_url="https://hub.example.org")


def read(session: Session, mail: OutgoingMail, settings: config.Settings) -> EmailMessage:
    """The message as a program that receives it sees it."""
    raw = message_bytes(render(session, mail, settings))
    message = email.message_from_bytes(raw, policy=policy)
    assert isinstance(message, EmailMessage)
    assert list(message.defects) == []
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return message


def describe(message: EmailMessage) -> str:
    """The message laid out for reading: headers, then each part under its place in the tree."""
    lines = [f"{name}: {value}" for name, value in message.items() if name != "Content-Type"]
    lines += _describe_part(message, 0)
    return "\n".join(lines) + "\n"


def _describe_part(part: EmailMessage, depth: int) -> list[str]:
    words = [part.get_content_type()]
    for name in ("method", "boundary"):
        value = part.get_param(name)
        words += [f"{name}={value}"] if value else []
    words += [str(part[name]) for name in ("Content-Disposition", "Content-ID") if part[name]]
    lines = [f"{'=' * (depth + 4)} {'; '.join(words)}"]
    if part.is_multipart():
        for child in part.iter_parts():
            assert isinstance(child, EmailMessage)
            lines += _describe_part(child, depth + 2)
        return lines
    if part.get_content_maintype() == "image":
        return [*lines, f"[code QR : {_qr_text(part)}]"]
    if part.is_attachment():
        return [*lines, "[le même]"]
    return [*lines, *part.get_content().replace("\r\n", "\n").rstrip("\n").split("\n")]


def _qr_text(part: EmailMessage) -> str:
    image = Image.open(io.BytesIO(part.get_content())).convert("L")
    (found,) = zxingcpp.read_barcodes(image)
    return found.text


def part_of(message: EmailMessage, content_type: str) -> EmailMessage:
    part = next(part for part in message.walk() if part.get_content_type() == content_type)
    assert isinstance(part, EmailMessage)
    return part


@pytest.mark.parametrize("name", CASES)
def test_the_mail_is_the_golden_one(session: Session, settings: config.Settings, name: str) -> None:
    found = describe(read(session, make_mail(session, CASES[name]), settings))
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("EVENTHUB_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


def test_every_kind_has_a_case() -> None:
    assert {case.kind for case in CASES.values()} == set(MailKind)


@pytest.mark.parametrize("name", CASES)
def test_the_same_mail_is_made_of_the_same_bytes(
    session: Session, settings: config.Settings, name: str
) -> None:
    mail = make_mail(session, CASES[name])
    first = message_bytes(render(session, mail, settings))
    assert message_bytes(render(session, mail, settings)) == first


def test_the_code_in_the_mail_is_the_signed_ticket(
    session: Session, settings: config.Settings
) -> None:
    message = read(session, make_mail(session, CASES["registration-confirmed"]), settings)
    ticket = read_ticket(_qr_text(part_of(message, "image/png")))
    assert ticket is not None
    assert (ticket.event_number, ticket.ticket_id) == (7, "0102030405060708090a0b")
    assert is_signed(session, ticket, SECRET_KEY)


def test_the_picture_is_the_one_that_the_html_shows(
    session: Session, settings: config.Settings
) -> None:
    message = read(session, make_mail(session, CASES["registration-confirmed"]), settings)
    cid = str(part_of(message, "image/png")["Content-ID"]).strip("<>")
    assert f'src="cid:{cid}"' in part_of(message, "text/html").get_content()


def test_the_calendar_part_and_the_attachment_are_one_entry_that_programs_read(
    session: Session, settings: config.Settings
) -> None:
    message = read(session, make_mail(session, CASES["registration-confirmed"]), settings)
    proposed, attached = (
        part for part in message.walk() if part.get_content_type() == "text/calendar"
    )
    assert proposed.get_payload(decode=True) == attached.get_payload(decode=True)
    payload = attached.get_payload(decode=True)
    assert isinstance(payload, bytes)
    calendar = icalendar.Calendar.from_ical(payload)
    (entry,) = calendar.walk("VEVENT")
    assert calendar["method"] == "REQUEST"
    assert (entry["uid"], entry["sequence"]) == (str(REGISTRATION_ID), 2)
    assert entry.decoded("dtstart").isoformat() == "2027-04-08T07:00:00+00:00"
    assert entry.decoded("dtend").isoformat() == "2027-04-08T15:00:00+00:00"


def test_a_later_change_of_the_event_shows_in_a_mail_not_yet_sent(
    session: Session, settings: config.Settings
) -> None:
    mail = make_mail(session, CASES["registration-confirmed"])
    reload_registration(session).event.place = "Médiathèque des Deux-Rives"
    session.commit()
    text = part_of(read(session, mail, settings), "text/plain").get_content()
    assert "Où\u00a0: Médiathèque des Deux-Rives, 3 quai de la Saussaye" in text


@pytest.mark.parametrize("name", CASES)
def test_texts_follow_french_typography(
    session: Session, settings: config.Settings, name: str
) -> None:
    message = read(session, make_mail(session, CASES[name]), settings)
    text = part_of(message, "text/plain").get_content()
    html = re.sub(r"<style>.*?</style>|<[^>]+>", "", part_of(message, "text/html").get_content())
    for written in (text, html, str(message["Subject"])):
        assert re.findall(r"[^\u00a0][:;?!»](?=\s|$)", written) == []
        assert "'" not in written


def test_what_people_typed_stays_text(session: Session, settings: config.Settings) -> None:
    mail = make_mail(session, CASES["registration-confirmed"])
    registration = reload_registration(session)
    registration.person.given_name = "<script>alert(1)</script>"
    registration.event.title = "Titre\r\nBcc: noe@example.org <b>gras</b>"
    session.commit()
    message = read(session, mail, settings)
    assert message["Bcc"] is None
    html = part_of(message, "text/html").get_content()
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<script>alert(1)</script>" in part_of(message, "text/plain").get_content()


def test_a_long_title_keeps_every_letter_in_the_subject(
    session: Session, settings: config.Settings
) -> None:
    mail = make_mail(session, CASES["registration-waiting"])
    title = "Très long à lire, « déjà » vu et çà et là " * 6
    reload_registration(session).event.title = title.strip()
    session.commit()
    assert read(session, mail, settings)["Subject"] == (
        f"Liste d’attente, rang 3\u00a0: {title.strip()}, jeudi\u00a08 avril 2027 à 9\u00a0h"
    )


def test_nothing_is_made_of_a_registration_that_is_gone(
    session: Session, settings: config.Settings
) -> None:
    mail = OutgoingMail(
        kind=MailKind.REGISTRATION_CONFIRMED,
        to="elodie@example.org",
        mailbox_key="elodie@example.org",
        registration_id=REGISTRATION_ID,
        params={},
        message_id="abc",
        next_try_at=NOW,
        created_at=NOW,
    )
    with pytest.raises(NothingToSend):
        render(session, mail, settings)
    found = make_mail(session, Case(MailKind.REGISTRATIONS_FOUND, {"registration_ids": []}))
    session.execute(delete(OutgoingMail))
    with pytest.raises(NothingToSend):
        render(session, found, settings)


def test_addresses_in_mails_are_those_of_the_pages(app: Flask, session: Session) -> None:
    settings: config.Settings = app.config["SETTINGS"]
    event = make_mail_event(session)
    token = registration_url(settings, REGISTRATION_ID).rpartition("/")[2]
    with app.test_request_context():
        paths = [
            url_for("registration.manage", token=token),
            url_for("registration.withdrawal", token=token),
            url_for("agenda.event", slug=event.slug),
            url_for("accounts.sign_in"),
        ]
    assert [settings.base_url + path for path in paths] == [
        registration_url(settings, REGISTRATION_ID),
        withdrawal_url(settings, REGISTRATION_ID),
        event_url(settings, event),
        f"{settings.base_url}/connexion",
    ]
