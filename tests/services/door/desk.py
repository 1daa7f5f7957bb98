"""A door for tests: an event with a checkpoint, phones, and scans as phones send them."""

import itertools
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint, Scan
from eventhub.models.event import Event
from eventhub.models.person import Person
from eventhub.models.registration import Registration
from eventhub.queries.door import Door, device_door
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.door import ScanAnswer, record_scans
from eventhub.services.door.pairing import add_device, hash_secret
from eventhub.services.tickets import issue_ticket, signed_text
from tests.conftest import NOW, SECRET_KEY
from tests.factories import make_event, make_person, make_registration

_numbers = itertools.count(1)


class Desk:
    """One event's door."""

    def __init__(self, session: Session, event: Event | None = None) -> None:
        self.session = session
        self.event = event or make_event(session)
        self.checkpoints: list[Checkpoint] = default_checkpoints(session, self.event, NOW)
        self.entrance = str(self.checkpoints[0].id)
        self.tokens: dict[str, str] = {}

    def phone(self, name: str = "Accueil 1") -> Door:
        """The door of the phone of that name, paired at the first call, read again at others."""
        if name not in self.tokens:
            _, self.tokens[name] = add_device(
                self.session, self.event, name, NOW, secret_key=SECRET_KEY
            )
        door = device_door(self.session, hash_secret(self.tokens[name]))
        assert door is not None
        return door

    def guest(
        self, given_name: str = "Camille", family_name: str = "Brossard", **values: Any
    ) -> Registration:
        """A registration, with a ticket."""
        email = values.pop("email", f"invite{next(_numbers)}@example.org")
        person = make_person(self.session, given_name, family_name, email=email)
        registration = make_registration(self.session, self.event, person, **values)
        issue_ticket(self.session, registration.id, self.event.id, 1, NOW)
        return registration

    def ticket(self, registration: Registration) -> str:
        """The text in the QR code of the newest ticket."""
        self.session.refresh(registration, ["tickets"])
        return signed_text(self.session, registration.tickets[-1], SECRET_KEY)

    def scan(self, *, minute: float = 0, **fields: Any) -> dict[str, Any]:
        """A scan as a phone sends it, `minute` minutes after 8:00 UTC; an arrival by default."""
        moment = NOW - timedelta(hours=1) + timedelta(minutes=minute)
        sent = {
            "id": f"s{next(_numbers)}",
            "checkpoint": self.entrance,
            "kind": "arrival",
            "scanned_at": moment.isoformat(),
            "offset_ms": 0,
        }
        return sent | {name: value for name, value in fields.items() if value is not None}

    def send(self, *scans: Any, phone: str = "Accueil 1", now: datetime = NOW) -> list[ScanAnswer]:
        """Send scans by a phone, and return the verdicts."""
        answers = record_scans(self.session, self.phone(phone), scans, now, secret_key=SECRET_KEY)
        return answers.verdicts

    def verdicts(self, *scans: Any, phone: str = "Accueil 1", now: datetime = NOW) -> list[str]:
        """Send scans by a phone, and return the verdict codes."""
        return [answer.verdict.value for answer in self.send(*scans, phone=phone, now=now)]

    def presences(self) -> list[tuple[str, int, str, datetime | None]]:
        """Who is present, where, in which mode and since when, by name."""
        self.session.expire_all()
        rows = self.session.execute(
            select(
                Person.given_name,
                Person.family_name,
                Attendance.checkpoint_id,
                Attendance.mode,
                Attendance.present_at,
            )
            .join(Registration, Registration.id == Attendance.registration_id)
            .join(Person, Person.id == Registration.person_id)
            .where(Attendance.event_id == self.event.id)
            .order_by(Person.sort_key, Attendance.checkpoint_id)
        )
        return [(f"{row[0]} {row[1]}", row[2], row[3].value, row[4]) for row in rows]

    def present(self) -> list[str]:
        """The names of those present, once per checkpoint."""
        return [name for name, *_ in self.presences()]

    def registration(self, registration_id: object) -> Registration:
        """The registration as it is now."""
        found = self.session.get_one(Registration, uuid.UUID(str(registration_id)))
        self.session.refresh(found)
        return found

    def kept(self) -> list[Scan]:
        """Every scan of the event, as stored, in the order taken."""
        self.session.expire_all()
        return list(
            self.session.scalars(
                select(Scan).where(Scan.event_id == self.event.id).order_by(Scan.id)
            )
        )


def new_uuid() -> str:
    """An id such as a phone makes for a walk-in's registration."""
    return str(uuid.uuid4())
