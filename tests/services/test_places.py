import json
import subprocess
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

import config
from eventhub.domain.errors import RegistrationNotLive
from eventhub.domain.registration import RegistrationRequest, RegistrationState
from eventhub.models.base import begin_writing
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration, Ticket
from eventhub.services.registration import register, withdraw
from tests.conftest import NOW
from tests.factories import make_event

PROCESSES = 8
PEOPLE = 200
PLACES = 50
PATIENCE_SECONDS = 120


def test_two_hundred_at_once_for_fifty_places_from_eight_processes(
    live_settings: config.Settings, tmp_path: Path
) -> None:
    engine = create_engine(live_settings.database_url)
    with Session(engine) as session:
        event_id = make_event(session, slug="nec", capacity_onsite=PLACES).id
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.services.register_many",
                live_settings.database_url,
                "nec",
                str(number),
                str(PEOPLE // PROCESSES),
                str(tmp_path),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(list(tmp_path.glob("ready-*"))) < PROCESSES:
            assert time.monotonic() < deadline, "the processes did not start"
            threading.Event().wait(0.02)
        (tmp_path / "go").touch()
        answers = [
            json.loads(line)
            for process in processes
            for line in process.communicate(timeout=PATIENCE_SECONDS)[0].splitlines()
        ]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0] * PROCESSES

    confirmed, waiting = RegistrationState.CONFIRMED, RegistrationState.WAITING
    expected: list[tuple[str, int | None]] = [(confirmed.value, None)] * PLACES
    expected += [(waiting.value, rank) for rank in range(1, PEOPLE - PLACES + 1)]
    assert sorted(((state, rank) for state, rank in answers), key=str) == sorted(expected, key=str)
    with Session(engine) as session:
        event = session.get_one(Event, event_id)
        assert (event.taken_onsite, event.waiting_onsite, event.door_sequence) == (
            PLACES,
            PEOPLE - PLACES,
            PEOPLE,
        )
        rows = session.execute(
            select(Registration.state, Registration.waiting_rank, Registration.holds_place)
        )
        assert sorted(((state, rank, holds) for state, rank, holds in rows), key=str) == sorted(
            [(confirmed, None, True)] * PLACES
            + [(waiting, rank, False) for rank in range(1, PEOPLE - PLACES + 1)],
            key=str,
        )
        # Who came in before is before in the queue.
        queue = session.scalars(
            select(Registration.waiting_rank)
            .where(Registration.state == waiting)
            .order_by(Registration.sequence)
        ).all()
        assert queue == list(range(1, PEOPLE - PLACES + 1))
        for table in (Ticket, OutgoingMail):
            assert session.scalar(select(func.count()).select_from(table)) == PEOPLE
    engine.dispose()


def test_withdrawing_twice_at_once_frees_one_place(live_settings: config.Settings) -> None:
    engine = create_engine(live_settings.database_url)
    with Session(engine) as session:
        event = make_event(session, capacity_onsite=2)
        event_id = event.id
        request = RegistrationRequest("Camille", "Brossard", "camille@example.org")
        other = RegistrationRequest("Noé", "Brossard", "noe@example.org")
        registration_id = register(session, event, request, NOW).registration_id
        register(session, event, other, NOW)
        session.commit()
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def leave() -> None:
        with Session(engine) as session:
            start.wait()
            begin_writing(session)
            try:
                withdraw(session, session.get_one(Registration, registration_id), NOW)
                session.commit()
                outcomes.append("withdrawn")
            except RegistrationNotLive:
                outcomes.append("refused")

    threads = [threading.Thread(target=leave) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert sorted(outcomes) == ["refused"] * 3 + ["withdrawn"]
    with Session(engine) as session:
        assert session.get_one(Event, event_id).taken_onsite == 1
    engine.dispose()
