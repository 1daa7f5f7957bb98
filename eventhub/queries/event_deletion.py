"""What holds an event back from being deleted."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.models.attendance import Attendance
from eventhub.models.door import Scan
from eventhub.models.event import Event
from eventhub.models.figure import Headcount
from eventhub.models.minutes import Minutes
from eventhub.models.registration import Registration

_SHOWN = (EventState.PUBLISHED, EventState.CLOSED)


@dataclass(frozen=True, slots=True)
class Holding:
    """How much there is of each thing that would be lost with an event.

    `registrations` counts those that were withdrawn as well; `presences` what was recorded at
    the door in any way.
    """

    was_published: bool
    registrations: int
    presences: int
    minutes: int
    headcounts: int

    def __bool__(self) -> bool:
        return bool(
            self.was_published
            or self.registrations
            or self.presences
            or self.minutes
            or self.headcounts
        )


def what_holds(session: Session, event: Event) -> Holding:
    """What stands against deleting an event; false where nothing does."""
    registrations, attendances, scans, minutes, headcounts = session.execute(
        select(
            *(
                select(func.count()).where(model.event_id == event.id).scalar_subquery()
                for model in (Registration, Attendance, Scan, Minutes, Headcount)
            )
        )
    ).one()
    return Holding(
        was_published=event.published_at is not None or event.state in _SHOWN,
        registrations=registrations,
        presences=attendances + scans,
        minutes=minutes,
        headcounts=headcounts,
    )
