import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

import config
from eventhub.domain.mail import MailKind, MailState
from eventhub.models.mail import OutgoingMail
from eventhub.services.outbox import enqueue
from eventhub.web.mail_delivery import (
    FIRST_DELAY,
    LONGEST_DELAY,
    Tally,
    deliver_due,
    next_try_after,
    sole_deliverer,
)
from eventhub.web.mail_transport import (
    FolderTransport,
    SmtpAddress,
    SmtpTransport,
    parse_smtp_url,
    transport_for,
)
from tests.conftest import NOW
from tests.smtp import TAKEN, Inbox, free_port, smtp_server


@pytest.fixture
def engine(live_settings: config.Settings) -> Iterator[Engine]:
    live_settings.instance_path.mkdir(parents=True)
    engine = create_engine(live_settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with smtp_server() as inbox:
        yield inbox


def address(number: int) -> str:
    return f"personne.{number}@example.org"


def write(engine: Engine, *numbers: int) -> None:
    with Session(engine) as session:
        for number in numbers:
            enqueue(session, MailKind.SIGN_IN, address(number), NOW, link="https://example.org/")
        session.commit()


def outbox(engine: Engine) -> list[tuple[str, MailState, int, str, datetime]]:
    with Session(engine) as session:
        mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        return [(mail.to, mail.state, mail.tries, mail.error, mail.next_try_at) for mail in mails]


def deliver(engine: Engine, settings: config.Settings, inbox: Inbox, now: datetime = NOW) -> Tally:
    transport = SmtpTransport(parse_smtp_url(inbox.url))
    try:
        return deliver_due(engine, settings, transport, now=lambda: now)
    finally:
        transport.close()


def test_mails_are_sent_in_order_over_one_connection(
    engine: Engine, live_settings: config.Settings, inbox: Inbox
) -> None:
    write(engine, 1, 2, 3)
    assert deliver(engine, live_settings, inbox) == Tally(sent=3)
    assert inbox.recipients == [address(1), address(2), address(3)]
    assert inbox.connections == 1
    assert {mail[1:4] for mail in outbox(engine)} == {(MailState.SENT, 1, "")}
    assert deliver(engine, live_settings, inbox) == Tally()


def test_each_mail_is_committed_before_the_next_one_begins(
    engine: Engine, live_settings: config.Settings, inbox: Inbox
) -> None:
    states: list[list[MailState]] = []

    def look(_address: str) -> str:
        states.append([state for _, state, *_ in outbox(engine)])
        return TAKEN

    inbox.on_recipient = look
    write(engine, 1, 2)
    deliver(engine, live_settings, inbox)
    queued, sent = MailState.QUEUED, MailState.SENT
    assert states == [[queued, queued], [sent, queued]]


def test_a_refused_recipient_is_marked_with_the_reason_and_holds_nobody_up(
    engine: Engine, live_settings: config.Settings, inbox: Inbox
) -> None:
    inbox.on_recipient = lambda to: TAKEN if to != address(2) else "550 no such mailbox"
    write(engine, 1, 2, 3)
    assert deliver(engine, live_settings, inbox) == Tally(sent=2, refused=1)
    assert inbox.recipients == [address(1), address(3)]
    assert [mail[1:4] for mail in outbox(engine)] == [
        (MailState.SENT, 1, ""),
        (MailState.FAILED, 1, "550 no such mailbox"),
        (MailState.SENT, 1, ""),
    ]


def test_a_refused_content_is_marked_with_the_reason(
    engine: Engine, live_settings: config.Settings, inbox: Inbox
) -> None:
    inbox.on_data = lambda _to: "554 looks like spam"
    write(engine, 1)
    assert deliver(engine, live_settings, inbox) == Tally(refused=1)
    assert outbox(engine)[0][1:4] == (MailState.FAILED, 1, "554 looks like spam")


@pytest.mark.parametrize("step", ["on_recipient", "on_data"])
def test_a_mail_put_off_by_the_server_is_tried_again_later(
    engine: Engine, live_settings: config.Settings, inbox: Inbox, step: str
) -> None:
    setattr(inbox, step, lambda to: "451 come back" if to == address(1) else TAKEN)
    write(engine, 1, 2)
    assert deliver(engine, live_settings, inbox) == Tally(sent=1, put_off=1)
    later = NOW + FIRST_DELAY
    assert outbox(engine)[0] == (address(1), MailState.QUEUED, 1, "451 come back", later)

    setattr(inbox, step, lambda _to: TAKEN)
    assert deliver(engine, live_settings, inbox, later - timedelta(seconds=1)) == Tally()
    assert deliver(engine, live_settings, inbox, later) == Tally(sent=1)
    assert inbox.recipients == [address(2), address(1)]


def test_delays_grow_to_an_hour_and_never_end() -> None:
    delays = [next_try_after(tries, NOW) - NOW for tries in (0, 1, 2, 6, 7, 1000)]
    assert delays == [
        FIRST_DELAY,
        FIRST_DELAY * 2,
        FIRST_DELAY * 4,
        FIRST_DELAY * 64,
        LONGEST_DELAY,
        LONGEST_DELAY,
    ]


def test_without_a_server_everything_waits(engine: Engine, live_settings: config.Settings) -> None:
    write(engine, 1, 2)
    nowhere = Inbox(free_port())
    tally = deliver(engine, live_settings, nowhere)
    assert tally == Tally(unreachable=tally.unreachable)
    assert "refused" in tally.unreachable
    expected = (MailState.QUEUED, 1, tally.unreachable, NOW + FIRST_DELAY)
    assert [mail[1:] for mail in outbox(engine)] == [expected, expected]


def test_a_server_that_closes_in_the_midst_loses_nothing(
    engine: Engine, live_settings: config.Settings, inbox: Inbox
) -> None:
    inbox.on_data = lambda to: TAKEN if to != address(2) else "421 closing"
    write(engine, 1, 2, 3)
    assert deliver(engine, live_settings, inbox) == Tally(sent=1, unreachable="421 closing")
    inbox.on_data = lambda _to: TAKEN
    assert deliver(engine, live_settings, inbox, NOW + FIRST_DELAY) == Tally(sent=2)
    assert inbox.recipients == [address(1), address(2), address(3)]


def test_a_connection_that_the_server_has_let_go_is_opened_again(
    engine: Engine, live_settings: config.Settings
) -> None:
    port = free_port()
    transport = SmtpTransport(SmtpAddress("127.0.0.1", port))
    for number in (1, 2):
        write(engine, number)
        with smtp_server(port) as inbox:
            assert deliver_due(engine, live_settings, transport, now=lambda: NOW) == Tally(sent=1)
            assert inbox.recipients == [address(number)]
    transport.close()


def test_a_mail_that_cannot_be_made_holds_nobody_up(
    engine: Engine, live_settings: config.Settings, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    with Session(engine) as session:
        enqueue(session, MailKind.SIGN_IN, address(1), NOW)  # the template wants a link
        enqueue(session, MailKind.REGISTRATIONS_FOUND, address(2), NOW, registration_ids=[])
        session.commit()
    write(engine, 3)
    assert deliver(engine, live_settings, inbox) == Tally(sent=1, refused=1, put_off=1)
    assert [mail[1:4] for mail in outbox(engine)] == [
        (MailState.QUEUED, 1, "cannot be made: UndefinedError"),
        (MailState.FAILED, 1, "what it is about is gone"),
        (MailState.SENT, 1, ""),
    ]
    assert "cannot be made" in caplog.text


def test_it_stops_between_two_mails_when_asked(
    engine: Engine, live_settings: config.Settings, inbox: Inbox
) -> None:
    write(engine, 1, 2, 3)
    transport = SmtpTransport(parse_smtp_url(inbox.url))
    tally = deliver_due(
        engine,
        live_settings,
        transport,
        now=lambda: NOW,
        stop=lambda: len(inbox.taken) == 2,
    )
    transport.close()
    assert tally == Tally(sent=2)


def test_without_an_address_mails_become_files_named_by_their_id(
    engine: Engine, live_settings: config.Settings
) -> None:
    write(engine, 1, 2)
    transport = transport_for(live_settings)
    assert deliver_due(engine, live_settings, transport, now=lambda: NOW) == Tally(sent=2)
    folder = live_settings.instance_path / "mail"
    with Session(engine) as session:
        ids = set(session.scalars(select(OutgoingMail.message_id)))
    assert {path.name for path in folder.iterdir()} == {f"{id_}.eml" for id_ in ids}


def test_a_file_written_twice_is_one_file(tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path / "mail")
    transport.send("abc", "", "", b"first, and longer")
    transport.send("abc", "", "", b"second")
    assert [(path.name, path.read_bytes()) for path in transport.folder.iterdir()] == [
        ("abc.eml", b"second")
    ]


def test_one_delivers_at_a_time(
    engine: Engine, live_settings: config.Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    order: list[str] = []
    waits = threading.Event()

    def second() -> None:
        with sole_deliverer(engine, live_settings.instance_path):
            order.append("second")

    class Watch(threading.Thread):
        """Says when the second one has said that it waits."""

        def run(self) -> None:
            while "waiting" not in caplog.text:
                threading.Event().wait(0.01)
            waits.set()

    with sole_deliverer(engine, live_settings.instance_path):
        threads = [threading.Thread(target=second), Watch()]
        for thread in threads:
            thread.start()
        assert waits.wait(10)
        order.append("first")
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", SmtpAddress("mail.example.org", 25)),
        ("smtp://mail.example.org:2525/", SmtpAddress("mail.example.org", 2525)),
        (
            "smtp://hub%40example.org:p%2Fw@mail.example.org?starttls=1",
            SmtpAddress("mail.example.org", 587, "hub@example.org", "p/w", starttls=True),
        ),
        (
            "smtps://hub:secret@mail.example.org",
            SmtpAddress("mail.example.org", 465, "hub", "secret", tls=True),
        ),
    ],
)
def test_addresses_of_servers(url: str, expected: SmtpAddress) -> None:
    assert parse_smtp_url(url) == expected


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://x", "smtp://", "smtp://x:port", "smtp://x/y"]
)
def test_other_addresses_of_servers_are_refused(live_settings: config.Settings, url: str) -> None:
    with pytest.raises(config.SettingError, match="EVENTHUB_SMTP_URL"):
        transport_for(replace(live_settings, smtp_url=url))
