"""Several phones at once, with real commits."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventhub.extensions import db
from eventhub.models.attendance import Attendance
from eventhub.models.door import RegistrationAlias, Scan
from eventhub.models.registration import Registration
from tests.services.door.desk import Desk, new_uuid

SENDERS = 8


@pytest.fixture
def desk(live_app: Flask) -> Desk:
    """A desk whose rows every connection sees."""
    return Desk(db.session())


def together(app: Flask, tokens: list[str], batches: list[list[list[dict[str, object]]]]) -> None:
    """Let each sender send its batches, all at once."""
    ready = threading.Barrier(len(batches))

    def run(number: int) -> list[int]:
        statuses = []
        with app.app_context():
            client = app.test_client()
            ready.wait()
            for batch in batches[number]:
                answer = client.post(
                    "/api/v1/door/scans",
                    json={"scans": batch},
                    headers={"Authorization": f"Bearer {tokens[number]}"},
                )
                statuses.append(answer.status_code)
        return statuses

    with ThreadPoolExecutor(len(batches)) as pool:
        for statuses in pool.map(run, range(len(batches))):
            assert set(statuses) == {200}


def test_eight_phones_scanning_the_same_people_make_each_present_once(
    live_app: Flask, desk: Desk
) -> None:
    guests = [desk.guest() for _ in range(20)]
    for number in range(SENDERS):
        desk.phone(f"Accueil {number}")
    tickets = [desk.ticket(guest) for guest in guests]
    batches = [
        [[desk.scan(ticket=ticket, id=f"{number}-{at}")] for at, ticket in enumerate(tickets)]
        for number in range(SENDERS)
    ]
    # Every phone also sends again what the next one has sent.
    again = [batches[number] + batches[(number + 1) % SENDERS] for number in range(SENDERS)]
    desk.session.commit()
    together(live_app, list(desk.tokens.values()), again)
    session = db.session()
    assert session.scalar(select(func.count()).select_from(Attendance)) == 20
    assert session.scalar(select(func.count()).select_from(Scan)) == 20 * SENDERS
    verdicts = session.execute(select(Scan.verdict, func.count()).group_by(Scan.verdict)).all()
    assert sorted((verdict.value, count) for verdict, count in verdicts) == [
        ("accepted", 20),
        ("already_present", 20 * (SENDERS - 1)),
    ]


def test_one_person_added_on_eight_phones_is_one(live_app: Flask, desk: Desk) -> None:
    for number in range(SENDERS):
        desk.phone(f"Accueil {number}")
    people = [
        {"given_name": "Léa", "family_name": f"Moreau {at}", "email": f"lea{at}@example.org"}
        for at in range(5)
    ]
    batches = [
        [[desk.scan(kind="walk_in", registration=new_uuid(), person=person)] for person in people]
        for _ in range(SENDERS)
    ]
    desk.session.commit()
    together(live_app, list(desk.tokens.values()), batches)
    session = db.session()
    assert session.scalar(select(func.count()).select_from(Registration)) == 5
    assert session.scalar(select(func.count()).select_from(Attendance)) == 5
    assert session.scalar(select(func.count()).select_from(RegistrationAlias)) == 5 * (SENDERS - 1)
