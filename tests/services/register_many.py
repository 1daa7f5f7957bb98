"""Registers several people at one event, as one process of several; for test_places.py.

Arguments: database URL, event's slug, number of this process, people to register, folder where
to say that we are ready and to wait for the start. Prints one line of JSON per person.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from eventhub.domain.registration import RegistrationRequest
from eventhub.models.base import begin_writing
from eventhub.models.event import Event
from eventhub.services.registration import register
from eventhub.web.clock import now

THREADS = 4
PATIENCE_SECONDS = 60


def main() -> None:
    url, slug, process, people, folder = sys.argv[1:]
    engine = create_engine(url, pool_size=THREADS)
    (Path(folder) / f"ready-{process}").touch()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (Path(folder) / "go").exists() and time.monotonic() < deadline:
        time.sleep(0.005)

    def one(number: int) -> str:
        request = RegistrationRequest(
            "Camille", "Brossard", f"p{process}.{number}@example.org", structure=f"S{number}"
        )
        # As `eventhub.web.transactions.write_transaction` does.
        with Session(engine, expire_on_commit=False) as session:
            begin_writing(session)
            event = session.scalars(select(Event).where(Event.slug == slug)).one()
            outcome = register(session, event, request, now())
            session.commit()
            return json.dumps([outcome.state.value, outcome.rank])

    with ThreadPoolExecutor(THREADS) as pool:
        for line in pool.map(one, range(int(people))):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
