import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import BatchTooLarge
from eventhub.domain.event import ActivityFormat
from eventhub.domain.registration import AttendanceMode, RegistrationOrigin, RegistrationState
from eventhub.domain.scan import CheckpointKind, Verdict
from eventhub.domain.ticket import read_ticket, ticket_bytes, ticket_text
from eventhub.extensions import db
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint, RegistrationAlias, SigningKey
from eventhub.models.event import Activity
from eventhub.models.person import Person
from eventhub.models.registration import Booking, Registration
from eventhub.queries.door import account_door
from eventhub.services.door import record_scans
from eventhub.services.signing_keys import sign
from eventhub.services.tickets import reissue_ticket
from tests.conftest import NOW, SECRET_KEY
from tests.factories import make_account, make_event
from tests.query_count import counted_statements
from tests.services.door.desk import Desk, new_uuid

UNKNOWN = Verdict.UNKNOWN


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session)


def workshop(desk: Desk, **values: Any) -> Checkpoint:
    """A checkpoint for a workshop of the desk's event."""
    activity = Activity(
        event_id=desk.event.id, format=ActivityFormat.WORKSHOP, title="Atelier", **values
    )
    desk.session.add(activity)
    desk.session.flush()
    checkpoint = Checkpoint(
        event_id=desk.event.id,
        kind=CheckpointKind.ACTIVITY,
        label="Atelier",
        activity_id=activity.id,
    )
    desk.session.add(checkpoint)
    desk.session.flush()
    return checkpoint


def test_a_ticket_makes_a_presence(desk: Desk) -> None:
    guest = desk.guest()
    (answer,) = desk.send(desk.scan(id="a", ticket=desk.ticket(guest), minute=5))
    assert (answer.id, answer.verdict, answer.registration_id) == ("a", Verdict.ACCEPTED, guest.id)
    assert (answer.message, answer.first_seen) == ("Présence enregistrée.", None)
    at = NOW - timedelta(minutes=55)
    assert desk.presences() == [("Camille Brossard", int(desk.entrance), "onsite", at)]


def test_a_typed_short_code_and_a_tap_do_the_same(desk: Desk) -> None:
    one, two = desk.guest("Inès", "Aubertin"), desk.guest("Yann", "Le Bihan")
    code = one.tickets[0].short_code
    typed = f"{code[:4].lower()} {code[4:]}"
    assert desk.verdicts(desk.scan(ticket=typed), desk.scan(registration=str(two.id))) == [
        "accepted",
        "accepted",
    ]
    assert desk.present() == ["Inès Aubertin", "Yann Le Bihan"]


def test_a_second_arrival_says_when_and_where_the_first_was(desk: Desk) -> None:
    guest = desk.guest()
    desk.send(desk.scan(ticket=desk.ticket(guest), minute=3), phone="Porte quai")
    (answer,) = desk.send(desk.scan(ticket=desk.ticket(guest), minute=9), phone="Porte rue")
    assert answer.verdict is Verdict.ALREADY_PRESENT
    assert answer.first_seen == {
        "at": (NOW - timedelta(minutes=57)).isoformat(),
        "device": "Porte quai",
    }
    assert len(desk.presences()) == 1


def test_the_earliest_arrival_gives_the_time(desk: Desk) -> None:
    guest = desk.guest()
    late = desk.scan(ticket=desk.ticket(guest), minute=30, shown="accepted", mode="remote")
    early = desk.scan(ticket=desk.ticket(guest), minute=10, shown="accepted")
    desk.send(late)
    assert desk.presences()[0][2:] == ("remote", NOW - timedelta(minutes=30))
    desk.send(early, phone="Accueil 2")
    assert desk.presences()[0][2:] == ("onsite", NOW - timedelta(minutes=50))


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (RegistrationState.CANCELLED, "cancelled"),
        (RegistrationState.WAITING, "waiting"),
    ],
)
def test_a_state_that_does_not_admit_makes_no_presence(
    desk: Desk, state: RegistrationState, verdict: str
) -> None:
    guest = desk.guest(state=state)
    assert desk.verdicts(desk.scan(ticket=desk.ticket(guest))) == [verdict]
    assert desk.present() == []
    assert desk.verdicts(desk.scan(ticket=desk.ticket(guest), override=verdict, by="Nadège")) == [
        verdict
    ]
    assert desk.present() == ["Camille Brossard"]
    assert (desk.kept()[1].overridden, desk.kept()[1].override_by) == (True, "Nadège")
    assert desk.session.get_one(Registration, guest.id).state is state


def test_an_invited_person_is_accepted(desk: Desk) -> None:
    guest = desk.guest(state=RegistrationState.INVITED)
    assert desk.verdicts(desk.scan(registration=str(guest.id))) == ["accepted"]


def test_an_activity_needs_a_booking(desk: Desk) -> None:
    checkpoint = workshop(desk)
    guest, booked = desk.guest(), desk.guest("Inès", "Aubertin")
    desk.session.add(
        Booking(
            registration_id=booked.id,
            activity_id=checkpoint.activity_id,
            state=RegistrationState.CONFIRMED,
            created_at=NOW,
        )
    )
    desk.session.flush()
    at = str(checkpoint.id)
    assert desk.verdicts(
        desk.scan(ticket=desk.ticket(guest), checkpoint=at),
        desk.scan(ticket=desk.ticket(booked), checkpoint=at),
        desk.scan(registration=str(booked.id), checkpoint=at),
        desk.scan(registration=str(guest.id), checkpoint=at, override=True),
    ) == ["not_booked", "accepted", "already_present", "not_booked"]
    assert desk.present() == ["Inès Aubertin", "Camille Brossard"]


def test_a_checkpoint_has_hours(desk: Desk) -> None:
    desk.checkpoints[0].opens_at = NOW - timedelta(minutes=30)
    desk.checkpoints[0].closes_at = NOW - timedelta(minutes=10)
    desk.session.flush()
    guest = desk.guest()
    scans = [desk.scan(ticket=desk.ticket(guest), minute=minute) for minute in (29, 50, 30)]
    assert desk.verdicts(*scans) == ["not_open", "not_open", "accepted"]


def test_a_ticket_of_another_event_is_named(desk: Desk) -> None:
    other = Desk(desk.session, make_event(desk.session, title="Le NEC de Chinon"))
    guest = other.guest()
    by_ticket, by_id = desk.send(
        desk.scan(ticket=other.ticket(guest), override=True),
        desk.scan(registration=str(guest.id), shown="accepted"),
    )
    assert {by_ticket.verdict, by_id.verdict} == {Verdict.OTHER_EVENT}
    assert by_ticket.message == by_id.message
    assert "Le NEC de Chinon" in by_ticket.message
    assert by_ticket.registration_id is None
    assert desk.present() == other.present() == []


def test_a_forgery_is_refused(desk: Desk) -> None:
    guest = desk.guest()
    read = read_ticket(desk.ticket(guest))
    assert read is not None
    forged = ticket_text(read.signed_bytes, bytes(64))
    assert desk.verdicts(desk.scan(ticket=forged, override=True, shown="accepted")) == ["forged"]
    assert desk.present() == []


def test_a_replaced_ticket_is_revoked_unless_the_phone_did_not_know(desk: Desk) -> None:
    guest = desk.guest()
    old, code = desk.ticket(guest), guest.tickets[0].short_code
    reissue_ticket(desk.session, guest, NOW)
    assert (
        desk.verdicts(
            desk.scan(ticket=old), desk.scan(ticket=code), desk.scan(ticket=old, override=True)
        )
        == ["revoked"] * 3
    )
    assert desk.present() == []
    assert desk.verdicts(desk.scan(ticket=old, shown="accepted")) == ["revoked"]
    assert desk.present() == ["Camille Brossard"]


def test_a_valid_ticket_whose_row_was_lost_is_kept(desk: Desk) -> None:
    data = ticket_bytes(1, desk.event.id, "ab" * 11)
    text = ticket_text(data, sign(desk.session, 1, data, SECRET_KEY))
    assert desk.verdicts(desk.scan(ticket=text)) == ["accepted_unsynced"]
    assert desk.kept()[0].ticket_public_id == "ab" * 11
    assert not desk.kept()[0].counts


@pytest.mark.parametrize("text", ["bonjour", "K7QM2RXP", "0" * 120, " "])
def test_a_text_that_is_no_ticket_is_unknown_and_kept(desk: Desk, text: str) -> None:
    assert desk.verdicts(desk.scan(ticket=text, id="x")) == ["unknown"]
    assert desk.kept()[0].payload["ticket"] == text


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "departure"},
        {"kind": None},
        {"registration": None},
        {"registration": "not a uuid"},
        {"kind": "undo"},
        {"kind": "undo", "undoes": "é"},
        {"kind": "walk_in"},
        {"kind": "walk_in", "person": "Camille"},
        {"checkpoint": "0"},
        {"checkpoint": "99999999999999999999"},
        {"checkpoint": None},
        {"checkpoint": ["1"]},
    ],
)
def test_a_malformed_scan_is_unknown_and_kept(desk: Desk, wrong: dict[str, Any]) -> None:
    guest = desk.guest()
    sent = desk.scan(id="m", registration=str(guest.id)) | wrong
    good = desk.scan(registration=str(guest.id))
    answers = desk.send({k: v for k, v in sent.items() if v is not None}, good)
    assert [(a.id, a.verdict.value) for a in answers] == [
        ("m", "unknown"),
        (good["id"], "accepted"),
    ]
    assert len(desk.kept()) == 2


def test_a_scan_without_an_id_is_kept_once_and_answered_null(desk: Desk) -> None:
    wrong: list[Any] = ["text", None, 12, [], {}, {"id": 7, "kind": "arrival"}, {"id": ""}]
    for _ in range(2):
        assert [(a.id, a.verdict) for a in desk.send(*wrong)] == [(None, UNKNOWN)] * len(wrong)
    (answer,) = desk.send({"id": "not an id", "kind": "arrival"})
    assert (answer.id, answer.verdict) == ("not an id", UNKNOWN)
    assert len(desk.kept()) == len(wrong) + 1
    answers = record_scans(desk.session, desk.phone(), wrong, NOW, secret_key=SECRET_KEY)
    assert answers.scans_held == 0


def test_an_id_already_held_replays_its_verdict_whatever_the_content(desk: Desk) -> None:
    guest, other = desk.guest(), desk.guest("Inès", "Aubertin")
    first = desk.send(desk.scan(id="a", registration=str(guest.id)))
    again = desk.send(
        desk.scan(id="a", registration=str(other.id)),
        desk.scan(id="a", kind="walk_in", person={"given_name": "X", "family_name": "Y"}),
        {"id": "a"},
        phone="Accueil 2",
    )
    assert again == first * 3
    assert desk.present() == ["Camille Brossard"]
    assert len(desk.kept()) == 1


def test_the_same_id_twice_in_one_call_is_one_scan(desk: Desk) -> None:
    scan = desk.scan(registration=str(desk.guest().id))
    assert desk.verdicts(scan, scan) == ["accepted", "accepted"]
    assert len(desk.kept()) == 1


def test_scans_held_counts_what_this_device_sent(desk: Desk) -> None:
    guest = desk.guest()
    scans = [desk.scan(registration=str(guest.id)) for _ in range(3)]
    held = []
    for phone in ("Accueil 1", "Accueil 2"):
        for some in (scans[:1], scans[:2], [desk.scan(id=f"own-{phone[-1]}", ticket="?")], []):
            answers = record_scans(
                desk.session, desk.phone(phone), some, NOW, secret_key=SECRET_KEY
            )
            held.append(answers.scans_held)
            assert answers.epoch == desk.event.door_epoch
    assert held == [1, 2, 3, 3, 0, 0, 1, 1]


def test_more_than_five_hundred_are_refused_whole(desk: Desk) -> None:
    guest = desk.guest()
    scans = [desk.scan(registration=str(guest.id)) for _ in range(501)]
    with pytest.raises(BatchTooLarge):
        desk.send(*scans)
    assert desk.kept() == []
    assert len(desk.verdicts(*scans[:500])) == 500


def test_an_undo_takes_the_presence_away(desk: Desk) -> None:
    guest = desk.guest()
    undo = desk.scan(kind="undo", undoes="a", reason="mauvaise personne")
    (_, second) = desk.send(desk.scan(id="a", registration=str(guest.id)), undo)
    assert (second.verdict, second.registration_id) == (Verdict.RECORDED, guest.id)
    assert desk.present() == []
    assert desk.kept()[1].reason == "mauvaise personne"
    assert desk.verdicts(desk.scan(registration=str(guest.id))) == ["accepted"]
    assert desk.present() == ["Camille Brossard"]


def test_an_undo_waits_for_what_it_names(desk: Desk) -> None:
    guest = desk.guest()
    (answer,) = desk.send(desk.scan(kind="undo", undoes="later"))
    assert (answer.verdict, answer.registration_id) == (Verdict.RECORDED, None)
    assert desk.verdicts(desk.scan(id="later", registration=str(guest.id))) == ["accepted"]
    assert desk.present() == []


def test_undoing_one_of_two_arrivals_leaves_the_other(desk: Desk) -> None:
    guest = desk.guest()
    desk.send(
        desk.scan(id="a", registration=str(guest.id), minute=1),
        desk.scan(id="b", registration=str(guest.id), minute=2),
        desk.scan(kind="undo", undoes="a"),
    )
    assert desk.presences()[0][3] == NOW - timedelta(minutes=58)


def test_an_undo_is_not_undone(desk: Desk) -> None:
    guest = desk.guest()
    desk.send(
        desk.scan(id="a", registration=str(guest.id)),
        desk.scan(id="u", kind="undo", undoes="a"),
        desk.scan(kind="undo", undoes="u"),
    )
    assert desk.present() == []


def test_what_the_phone_showed_decides(desk: Desk) -> None:
    cancelled = desk.guest(state=RegistrationState.CANCELLED)
    valid = desk.guest("Inès", "Aubertin")
    assert desk.verdicts(
        desk.scan(registration=str(cancelled.id), shown="accepted"),
        desk.scan(registration=str(valid.id), shown="waiting"),
    ) == ["cancelled", "accepted"]
    assert desk.present() == ["Camille Brossard"]


WALK_IN = {"given_name": "Léa", "family_name": "Moreau", "email": "Lea.Moreau@Example.org"}


def test_a_walk_in_is_registered_and_present(desk: Desk) -> None:
    named = new_uuid()
    person = WALK_IN | {"structure": "Médiathèque du Lac", "category": "inconnue"}
    (answer,) = desk.send(
        desk.scan(kind="walk_in", registration=named, person=person, mode="remote", minute=4)
    )
    assert (answer.verdict, str(answer.registration_id)) == (Verdict.RECORDED, named)
    registration = desk.session.get_one(Registration, uuid.UUID(named))
    assert registration.origin is RegistrationOrigin.DOOR
    assert registration.state is RegistrationState.CONFIRMED
    assert not registration.holds_place
    assert registration.structure is not None
    assert registration.structure.name == registration.structure_name == "Médiathèque du Lac"
    assert registration.person.email == "Lea.Moreau@example.org"
    assert desk.presences()[0][::2] == ("Léa Moreau", "remote")
    assert "email" not in desk.kept()[0].payload["person"]
    assert desk.kept()[0].payload["person"]["family_name"] == "Moreau"


def test_a_walk_in_without_an_id_or_a_name_is_taken(desk: Desk) -> None:
    assert desk.verdicts(
        desk.scan(kind="walk_in", person={}), desk.scan(kind="walk_in", person={"given_name": "Jo"})
    ) == ["recorded", "recorded"]
    assert desk.present() == [" ", "Jo "]


def test_an_address_that_cannot_be_read_loses_no_walk_in(desk: Desk) -> None:
    (answer,) = desk.send(desk.scan(kind="walk_in", person=WALK_IN | {"email": "lea@"}))
    assert "sans l’adresse" in answer.message
    assert desk.present() == ["Léa Moreau"]


def test_the_same_person_added_on_two_phones_is_one(desk: Desk) -> None:
    one, two = new_uuid(), new_uuid()
    desk.send(desk.scan(kind="walk_in", registration=one, person=WALK_IN))
    (answer,) = desk.send(
        desk.scan(kind="walk_in", registration=two, person=WALK_IN), phone="Accueil 2"
    )
    assert str(answer.registration_id) == one
    assert desk.present() == ["Léa Moreau"]
    alias = desk.session.get_one(RegistrationAlias, uuid.UUID(two))
    assert str(alias.registration_id) == one
    assert desk.verdicts(desk.scan(registration=two)) == ["already_present"]


def test_a_walk_in_of_a_registered_person_is_that_registration_arriving(desk: Desk) -> None:
    guest = desk.guest("Léa", "Moreau", email="lea.moreau@example.org")
    waiting = desk.guest("Jo", "Petit", email="jo@example.org", state=RegistrationState.WAITING)
    (first, second) = desk.send(
        desk.scan(kind="walk_in", registration=new_uuid(), person=WALK_IN),
        desk.scan(
            kind="walk_in",
            person={"given_name": "Jo", "family_name": "Petit", "email": "jo@example.org"},
        ),
    )
    assert [first.registration_id, second.registration_id] == [guest.id, waiting.id]
    assert desk.present() == ["Léa Moreau", "Jo Petit"]
    assert desk.session.get_one(Registration, waiting.id).state is RegistrationState.WAITING


def test_undoing_a_walk_in_cancels_it_unless_another_stands(desk: Desk) -> None:
    one, two = new_uuid(), new_uuid()
    desk.send(
        desk.scan(id="w1", kind="walk_in", registration=one, person=WALK_IN),
        desk.scan(id="w2", kind="walk_in", registration=two, person=WALK_IN),
        desk.scan(kind="undo", undoes="w1"),
    )
    assert desk.present() == ["Léa Moreau"]
    assert desk.registration(one).state is RegistrationState.CONFIRMED
    desk.send(desk.scan(kind="undo", undoes="w2"))
    assert desk.present() == []
    assert desk.registration(one).state is RegistrationState.CANCELLED
    desk.send(desk.scan(kind="walk_in", registration=new_uuid(), person=WALK_IN))
    assert desk.registration(one).state is RegistrationState.CONFIRMED
    assert desk.present() == ["Léa Moreau"]


def test_undoing_the_walk_in_of_a_registered_person_leaves_the_registration(desk: Desk) -> None:
    guest = desk.guest("Léa", "Moreau", email="lea.moreau@example.org")
    desk.send(desk.scan(id="w", kind="walk_in", person=WALK_IN), desk.scan(kind="undo", undoes="w"))
    assert desk.present() == []
    assert desk.session.get_one(Registration, guest.id).state is RegistrationState.CONFIRMED


def test_a_scan_waits_for_the_walk_in_that_it_names(desk: Desk) -> None:
    named, merged = new_uuid(), new_uuid()
    desk.send(
        desk.scan(kind="walk_in", registration=new_uuid(), person=WALK_IN, minute=20),
    )
    (unsynced, _) = desk.send(
        desk.scan(registration=named, minute=9, shown="accepted"),
        desk.scan(registration=merged, minute=1, shown="already_present"),
        phone="Accueil 2",
    )
    assert (unsynced.verdict, unsynced.registration_id) == (Verdict.ACCEPTED_UNSYNCED, None)
    jo = {"given_name": "Jo", "family_name": "Petit"}
    desk.send(
        desk.scan(kind="walk_in", registration=named, person=jo, minute=8),
        desk.scan(kind="walk_in", registration=merged, person=WALK_IN, minute=30),
        phone="Accueil 3",
    )
    assert [(name, at) for name, _, _, at in desk.presences()] == [
        ("Léa Moreau", NOW - timedelta(minutes=59)),
        ("Jo Petit", NOW - timedelta(minutes=52)),
    ]


def test_a_scan_waits_within_one_call_too(desk: Desk) -> None:
    named = new_uuid()
    jo = {"given_name": "Jo", "family_name": "Petit"}
    assert desk.verdicts(
        desk.scan(kind="undo", undoes="w"),
        desk.scan(registration=named, minute=1),
        desk.scan(id="w", kind="walk_in", registration=named, person=jo, minute=2),
    ) == ["recorded", "accepted_unsynced", "recorded"]
    assert desk.presences()[0][3] == NOW - timedelta(minutes=59)
    registration = desk.session.get_one(Registration, uuid.UUID(named))
    assert registration.state is RegistrationState.CANCELLED


def test_an_excuse_is_noted_and_undone(desk: Desk) -> None:
    guest, own = desk.guest(), desk.guest("Inès", "Aubertin", excused_at=NOW - timedelta(days=1))
    desk.send(
        desk.scan(id="e", kind="excuse", registration=str(guest.id), minute=2),
        desk.scan(id="o", kind="excuse", registration=str(own.id), minute=2),
    )
    assert desk.registration(guest.id).excused_at == NOW - timedelta(minutes=58)
    desk.send(desk.scan(kind="undo", undoes="e"), desk.scan(kind="undo", undoes="o"))
    assert desk.registration(guest.id).excused_at is None
    assert desk.registration(own.id).excused_at == NOW - timedelta(days=1)


def test_an_excuse_without_a_place_is_for_the_event_and_at_an_activity_for_it_alone(
    desk: Desk,
) -> None:
    one, two = desk.guest(), desk.guest("Inès", "Aubertin")
    checkpoint = workshop(desk)
    sent = desk.scan(kind="excuse", registration=str(one.id))
    del sent["checkpoint"]
    assert desk.verdicts(
        sent, desk.scan(kind="excuse", registration=str(two.id), checkpoint=str(checkpoint.id))
    ) == ["recorded", "recorded"]
    desk.session.expire_all()
    assert one.excused_at == NOW - timedelta(hours=1)
    assert two.excused_at is None


def test_a_rehearsal_is_kept_and_answered_but_never_counted(desk: Desk) -> None:
    guest = desk.guest()
    test: dict[str, Any] = {"test": True}
    assert desk.verdicts(
        desk.scan(id="t", registration=str(guest.id), **test),
        desk.scan(registration=str(guest.id), **test),
        desk.scan(kind="walk_in", person=WALK_IN, **test),
        desk.scan(kind="excuse", registration=str(guest.id), **test),
        desk.scan(kind="undo", undoes="t", **test),
    ) == ["accepted", "already_present", "recorded", "recorded", "recorded"]
    assert desk.present() == []
    assert len(desk.kept()) == 5
    assert guest.excused_at is None
    assert desk.session.scalar(select(Person).where(Person.family_name == "Moreau")) is None
    assert desk.verdicts(desk.scan(id="real", registration=str(guest.id))) == ["accepted"]
    desk.send(desk.scan(kind="undo", undoes="real", **test))
    assert desk.present() == ["Camille Brossard"]


def test_the_time_is_the_phones_corrected_by_what_it_knew(desk: Desk) -> None:
    guest = desk.guest()
    hour = 3_600_000
    desk.send(desk.scan(registration=str(guest.id), minute=60 * 24 + 7, offset_ms=-24 * hour))
    assert desk.presences()[0][3] == NOW - timedelta(minutes=53)


@pytest.mark.parametrize(
    ("scanned_at", "offset_ms"),
    [
        ("2031-01-01T00:00:00Z", 0),
        ("9999-12-31T23:59:59Z", 10**11),
        ("not a time", 0),
        (None, None),
        (12, "x"),
        ("2026-11-21T09:00:00", float("nan")),
        ("2026-11-21T09:00:00+00:00", 10**30),
    ],
)
def test_no_clock_is_refused_nor_in_the_future(
    desk: Desk, scanned_at: object, offset_ms: object
) -> None:
    guest = desk.guest()
    sent = desk.scan(registration=str(guest.id)) | {
        "scanned_at": scanned_at,
        "offset_ms": 0 if isinstance(offset_ms, float) else offset_ms,
    }
    assert desk.verdicts(sent) == ["accepted"]
    assert desk.presences()[0][3] == NOW


def test_a_clock_of_long_ago_is_taken_as_it_is(desk: Desk) -> None:
    guest = desk.guest()
    sent = desk.scan(registration=str(guest.id)) | {"scanned_at": "1970-01-01T02:00:00+02:00"}
    assert desk.verdicts(sent) == ["accepted"]
    assert desk.presences()[0][3] == datetime(1970, 1, 1, tzinfo=UTC)


def test_what_a_revoked_device_sends_is_held(desk: Desk) -> None:
    guest = desk.guest()
    desk.send(desk.scan(id="before", registration=str(guest.id)))
    device = desk.kept()[0].device
    assert device is not None
    device.revoked_at = NOW
    desk.session.flush()
    scans = [
        desk.scan(registration=str(desk.guest("Inès", "Aubertin").id), shown="accepted"),
        desk.scan(kind="undo", undoes="before"),
        desk.scan(kind="walk_in", person=WALK_IN),
        desk.scan(kind="excuse", registration=str(guest.id)),
        desk.scan(ticket="???"),
    ]
    assert desk.verdicts(*scans) == ["held"] * 5
    assert desk.verdicts(*scans) == ["held"] * 5
    assert desk.present() == ["Camille Brossard"]
    assert desk.kept()[3].payload["person"] == WALK_IN


def test_an_account_records_by_the_same_path(desk: Desk) -> None:
    account = make_account(desk.session, display_name="Nadège Lemoine")
    guest = desk.guest()
    door = account_door(desk.session, desk.event, account)
    scan = desk.scan(registration=str(guest.id))
    answers = record_scans(desk.session, door, [scan], NOW, secret_key=SECRET_KEY)
    assert (answers.scans_held, answers.verdicts[0].verdict) == (0, Verdict.ACCEPTED)
    (kept,) = desk.kept()
    assert (kept.account_id, kept.device_id) == (account.id, None)
    (again,) = desk.send(desk.scan(registration=str(guest.id)))
    assert again.first_seen is not None
    assert again.first_seen["device"] == "Nadège Lemoine"


def test_imported_presences_are_left_as_they_are(desk: Desk) -> None:
    guest = desk.guest()
    desk.session.add(
        Attendance(
            event_id=desk.event.id,
            registration_id=guest.id,
            checkpoint_id=int(desk.entrance),
            mode=AttendanceMode.REMOTE,
            origin="import",
        )
    )
    desk.session.flush()
    desk.send(desk.scan(id="a", registration=str(guest.id)))
    desk.send(desk.scan(kind="undo", undoes="a"))
    assert desk.presences() == [("Camille Brossard", int(desk.entrance), "remote", None)]


def test_hostile_text_is_kept(desk: Desk) -> None:
    odd = "\x00\ud800\u202e<b>"
    desk.send(
        desk.scan(ticket=odd, reason=odd, by=odd),
        desk.scan(kind="walk_in", person={"given_name": odd, "structure": odd}),
        {"id": "z", "kind": odd, odd: odd},
        odd,
    )
    assert len(desk.kept()) == 4
    assert desk.present() == ["<b> "]


def test_an_id_that_cannot_be_written_down_is_answered_by_none(desk: Desk) -> None:
    answers = desk.send(desk.scan(id="\ud800"), desk.scan(id="\x00"))
    assert [answer.id for answer in answers] == [None, "\x00"]


@pytest.mark.parametrize("kind", ["ticket", "code", "registration", "activity"])
def test_one_scan_costs_five_statements_besides_the_device(desk: Desk, kind: str) -> None:
    guest = desk.guest()
    scan = {
        "ticket": lambda: desk.scan(ticket=desk.ticket(guest)),
        "code": lambda: desk.scan(ticket=guest.tickets[0].short_code),
        "registration": lambda: desk.scan(registration=str(guest.id)),
        "activity": lambda: desk.scan(
            ticket=desk.ticket(guest), checkpoint=str(workshop(desk).id), override=True
        ),
    }[kind]()
    desk.send(desk.scan(ticket=desk.ticket(desk.guest()), shown="waiting"))  # keys are read once
    door = desk.phone()
    with counted_statements(db.engine) as statements:
        record_scans(desk.session, door, [scan], NOW, secret_key=SECRET_KEY)
    assert len(statements) == 5


def test_five_hundred_cost_no_more_statements_than_fifty(desk: Desk) -> None:
    counts = []
    for size in (50, 500):
        guests = [desk.guest() for _ in range(size)]
        scans = [
            desk.scan(registration=str(guest.id))
            if number % 2
            else desk.scan(ticket=desk.ticket(guest))
            for number, guest in enumerate(guests)
        ]
        scans = scans[: size - 10] + [desk.scan(kind="undo", undoes=s["id"]) for s in scans[:10]]
        door = desk.phone()
        with counted_statements(db.engine) as statements:
            record_scans(desk.session, door, scans, NOW, secret_key=SECRET_KEY)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 2
    assert counts[1] <= 12


def test_the_first_key_is_stored_with_the_first_device(desk: Desk) -> None:
    desk.phone()
    assert desk.session.get(SigningKey, 1) is not None
