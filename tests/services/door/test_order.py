"""Whatever the order in which phones reach the server, presences and conflicts are the same."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, sessionmaker

from eventhub.domain.event import ActivityFormat
from eventhub.domain.registration import RegistrationState
from eventhub.models.event import Activity
from eventhub.models.person import Person
from eventhub.models.registration import Booking, Registration
from eventhub.queries.door_conflicts import event_conflicts
from tests.conftest import NOW
from tests.factories import make_event
from tests.services.door.desk import Desk, new_uuid

PHONES = ("Porte quai", "Porte rue", "Salle Cher")
SHOWN = ("accepted", "accepted_unsynced", "already_present", "waiting", "cancelled", "not_booked")
WALK_INS = (
    {"given_name": "Léa", "family_name": "Moreau", "email": "lea@example.org"},
    {"given_name": "Jo", "family_name": "Petit", "email": "jo@example.org"},
    {"given_name": "Inès", "family_name": "Aubertin", "email": "ines@example.org"},  # registered
)
GUESTS = (
    ("Inès", "Aubertin", "ines@example.org", RegistrationState.CONFIRMED),
    ("Yann", "Le Bihan", "yann@example.org", RegistrationState.CANCELLED),
    ("Sofiane", "Brochet", "sofiane@example.org", RegistrationState.WAITING),
)


@dataclass
class Plan:
    """What phones did, each in its own order; `whom` and `where` are indices."""

    acts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Arrivals, walk-ins, undos and excuses on three phones, all at different moments."""
    plan = Plan()
    count = draw(st.integers(1, 12))
    moments = iter(draw(st.permutations(range(count))))
    number = itertools.count()
    for _ in range(count):
        phone = draw(st.sampled_from(PHONES))
        kind = draw(st.sampled_from(["arrival", "arrival", "walk_in", "undo", "excuse"]))
        act = {
            "id": f"{next(number)}",
            "kind": kind,
            "minute": next(moments),
            "whom": draw(st.integers(0, len(GUESTS) + len(WALK_INS) - 1)),
            "where": draw(st.integers(0, 2)),
            "shown": draw(st.sampled_from(SHOWN)),
            "override": draw(st.booleans()) and draw(st.booleans()),
            "mode": draw(st.sampled_from([None, "onsite", "remote"])),
            "walk_in": draw(st.integers(0, len(WALK_INS) - 1)),
            "test": draw(st.integers(0, 9)) == 0,
            "undoes": str(draw(st.integers(0, count - 1))),
        }
        plan.acts.setdefault(phone, []).append(act)
    return plan


@st.composite
def deliveries(draw: st.DrawFn, plan: Plan) -> list[tuple[str, list[dict[str, Any]]]]:
    """An order in which batches reach the server: phones mixed, cut anywhere, some sent twice."""
    queues = {phone: list(acts) for phone, acts in plan.acts.items()}
    sent: list[tuple[str, list[dict[str, Any]]]] = []
    while queues:
        phone = draw(st.sampled_from(sorted(queues)))
        size = draw(st.integers(1, len(queues[phone])))
        batch = queues[phone][:size]
        sent.append((phone, batch))
        if draw(st.booleans()):
            del queues[phone][:size]
        if not queues[phone]:
            del queues[phone]
        elif len(sent) > 40:
            del queues[phone][:size]
            if not queues[phone]:
                del queues[phone]
    return sent


class Scene:
    """The same event anew, to deliver a plan to."""

    def __init__(self, session: Session) -> None:
        event = make_event(session, capacity_onsite=2)
        for number, title in enumerate(("Atelier A", "Atelier B")):
            session.add(
                Activity(
                    event_id=event.id,
                    format=ActivityFormat.WORKSHOP,
                    title=title,
                    position=number,
                    starts_at=NOW,
                    ends_at=NOW + timedelta(hours=1),
                    capacity_onsite=1,
                )
            )
        session.flush()
        self.desk = Desk(session, event)
        self.guests = [
            self.desk.guest(
                given,
                family,
                email=email,
                state=state,
                cancelled_at=NOW - timedelta(minutes=54)
                if state is RegistrationState.CANCELLED
                else None,
            )
            for given, family, email, state in GUESTS
        ]
        activity = self.desk.checkpoints[1].activity_id
        session.add(
            Booking(
                registration_id=self.guests[0].id,
                activity_id=activity,
                state=RegistrationState.CONFIRMED,
                created_at=NOW,
            )
        )
        session.flush()
        # Each phone makes its own id for each person that it adds.
        self.made = {(phone, number): new_uuid() for phone in PHONES for number in range(3)}

    def scan(self, phone: str, act: dict[str, Any]) -> dict[str, Any]:
        """The act as the phone sends it."""
        fields: dict[str, Any] = {
            "id": act["id"],
            "kind": act["kind"],
            "minute": act["minute"],
            "checkpoint": str(self.desk.checkpoints[act["where"]].id),
        }
        if act["test"]:
            fields["test"] = True
        if act["kind"] == "undo":
            fields["undoes"] = act["undoes"]
        elif act["kind"] == "walk_in":
            fields["registration"] = self.made[phone, act["walk_in"]]
            fields["person"] = WALK_INS[act["walk_in"]]
            fields["mode"] = act["mode"]
        else:
            whom = act["whom"]
            if whom < len(GUESTS):
                fields["ticket"] = self.desk.ticket(self.guests[whom])
            else:
                fields["registration"] = self.made[phone, whom - len(GUESTS)]
            fields["mode"] = act["mode"] or "onsite"
            fields["shown"] = act["shown"]
            if act["override"]:
                fields["override"] = act["shown"]
        return self.desk.scan(**fields)

    def outcome(self) -> tuple[Any, ...]:
        """Presences, states and conflicts, with people by their names."""
        session = self.desk.session
        session.expire_all()
        rows = session.execute(
            select(Registration.id, Person.given_name, Registration.state, Registration.excused_at)
            .join(Person, Person.id == Registration.person_id)
            .where(Registration.event_id == self.desk.event.id)
        ).all()
        names = {row[0]: row[1] for row in rows}
        labels = {checkpoint.id: checkpoint.label for checkpoint in self.desk.checkpoints}
        conflicts = {
            (
                conflict.kind.value,
                tuple(labels[number] for number in conflict.checkpoint_ids),
                names.get(conflict.registration_id) if conflict.registration_id else None,
                conflict.scans,
                conflict.verdict,
            )
            for conflict in event_conflicts(session, self.desk.event)
        }
        presences = {
            (name, labels[at], mode, when) for name, at, mode, when in self.desk.presences()
        }
        states = sorted((row[1], row[2].value, row[3]) for row in rows)
        return presences, states, conflicts


@contextmanager
def session_undone(connection: Connection) -> Iterator[Session]:
    """A session all of whose commits are undone at the end of the block."""
    outer = connection.begin_nested()
    factory = sessionmaker(connection, join_transaction_mode="create_savepoint")
    with factory(expire_on_commit=False) as session:
        yield session
    outer.rollback()


def deliver(
    connection: Connection, batches: list[tuple[str, list[dict[str, Any]]]]
) -> tuple[Any, ...]:
    with session_undone(connection) as session:
        scene = Scene(session)
        for minute, (phone, acts) in enumerate(batches):
            scans = [scene.scan(phone, act) for act in acts]
            scene.desk.send(*scans, phone=phone, now=NOW + timedelta(minutes=minute))
        return scene.outcome()


_FAIR = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check_that_order_changes_nothing(session: Session, data: st.DataObject) -> None:
    plan = data.draw(plans())
    one = data.draw(deliveries(plan))
    two = data.draw(deliveries(plan))
    connection = session.get_bind()
    assert isinstance(connection, Connection)
    assert deliver(connection, one) == deliver(connection, two)


@_FAIR
@given(data=st.data())
def test_the_order_of_arrival_changes_nothing(session: Session, data: st.DataObject) -> None:
    check_that_order_changes_nothing(session, data)


@pytest.mark.soak
@settings(_FAIR, max_examples=1000)
@given(data=st.data())
def test_the_order_of_arrival_changes_nothing_at_length(
    session: Session, data: st.DataObject
) -> None:
    check_that_order_changes_nothing(session, data)
