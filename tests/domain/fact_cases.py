"""Facts for tests of figures, said in few words, and chance facts for properties."""

import itertools
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from eventhub.domain.event import CountingUnit, HubRole, KindFamily
from eventhub.domain.facts import (
    ActivityFact,
    CheckpointFact,
    EventFact,
    Facts,
    PresenceFact,
    RegistrationFact,
)
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)

DAY = date(2024, 12, 2)
NEXT_DAY = date(2024, 12, 3)


class Story:
    """Rows told one after the other: who is registered where, and who came."""

    def __init__(self) -> None:
        self.events: dict[int, EventFact] = {}
        self.registrations: list[RegistrationFact] = []
        self.presences: list[PresenceFact] = []
        self.checkpoints: dict[int, CheckpointFact] = {}
        self.activities: list[ActivityFact] = []
        self.bookings: list[tuple[uuid.UUID, int]] = []
        self.earlier: dict[int, list[date]] = {}
        self._numbers = itertools.count(1)

    def event(self, **values: Any) -> int:
        """An event that has taken place, of the hub's own, counted by day."""
        number = next(self._numbers)
        told: dict[str, Any] = {
            "id": number,
            "kind": "journee",
            "family": KindFamily.EVENT,
            "unit": CountingUnit.DAY,
            "hub_role": HubRole.ORGANISER,
            "counts": True,
            "is_over": True,
            "ends_on": DAY,
        }
        self.events[number] = EventFact(**(told | values))
        return number

    def registered(self, event_id: int, person_id: int, **values: Any) -> uuid.UUID:
        """A confirmed online registration of a participant, on site."""
        key = uuid.UUID(int=next(self._numbers))
        told: dict[str, Any] = {
            "state": RegistrationState.CONFIRMED,
            "origin": RegistrationOrigin.ONLINE,
            "role": RegistrationRole.PARTICIPANT,
            "mode": AttendanceMode.ONSITE,
        }
        self.registrations.append(RegistrationFact(key, event_id, person_id, **(told | values)))
        return key

    def entrance(self, event_id: int, day: date | None = DAY) -> int:
        """An entrance on a day."""
        number = next(self._numbers)
        self.checkpoints[number] = CheckpointFact(number, event_id, day)
        return number

    def activity(self, event_id: int, day: date | None = DAY, format_: str = "workshop") -> int:
        """The checkpoint of an activity on a day."""
        number, activity_id = next(self._numbers), next(self._numbers)
        self.activities.append(ActivityFact(activity_id, event_id, format_))
        self.checkpoints[number] = CheckpointFact(number, event_id, day, activity_id)
        return number

    def came(
        self,
        registration: uuid.UUID,
        *checkpoints: int,
        mode: AttendanceMode = AttendanceMode.ONSITE,
    ) -> None:
        """The registration was present at these checkpoints."""
        self.presences += [PresenceFact(registration, at, mode) for at in checkpoints]

    def facts(self, **values: Any) -> Facts:
        """All that was told."""
        return Facts(
            events=self.events,
            registrations=tuple(self.registrations),
            presences=tuple(self.presences),
            checkpoints=self.checkpoints,
            activities=tuple(self.activities),
            bookings=tuple(self.bookings),
            earlier=self.earlier,
            **values,
        )


@st.composite
def chance_facts(draw: st.DrawFn, events_max: int = 3) -> Facts:
    """Facts of a few events with a few people, of every state, role, origin and mode."""
    story = Story()
    codes: Sequence[str | None] = (None, "18", "37")
    for _ in range(draw(st.integers(1, events_max))):
        event_id = story.event(
            unit=draw(st.sampled_from(CountingUnit)),
            is_over=draw(st.booleans()),
            departements=tuple(draw(st.lists(st.sampled_from(["18", "37"]), unique=True))),
        )
        at = [
            story.entrance(event_id, draw(st.sampled_from([DAY, NEXT_DAY, None])))
            for _ in range(draw(st.integers(1, 2)))
        ] + [
            story.activity(event_id, draw(st.sampled_from([DAY, NEXT_DAY, None])))
            for _ in range(draw(st.integers(0, 3)))
        ]
        for person_id in draw(st.lists(st.integers(1, 6), max_size=8)):
            registration = story.registered(
                event_id,
                person_id,
                state=draw(st.sampled_from(RegistrationState)),
                origin=draw(st.sampled_from(RegistrationOrigin)),
                role=draw(st.sampled_from(RegistrationRole)),
                mode=draw(st.sampled_from(AttendanceMode)),
                category=draw(st.sampled_from(codes)),
                residence=draw(st.sampled_from(codes)),
                structure=draw(st.sampled_from(codes)),
                is_excused=draw(st.booleans()),
            )
            for checkpoint in draw(st.lists(st.sampled_from(at), unique=True)):
                story.came(registration, checkpoint, mode=draw(st.sampled_from(AttendanceMode)))
    return story.facts()
