"""What the first tab of an event tells: how many people, and what is left to do."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventMode, EventState
from eventhub.domain.look_alikes import LookAlike
from eventhub.domain.mail import MailState
from eventhub.domain.preparation import EventFacts
from eventhub.domain.registration import AttendanceMode, RegistrationState, end_of
from eventhub.models.door import Device
from eventhub.models.event import Activity, Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.minutes import Minutes
from eventhub.models.registration import Registration
from eventhub.queries.registration_list import event_look_alikes

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class EventOverview:
    """The numbers of an event's registrations, and the facts of its preparation.

    `onsite` and `remote` are confirmed people; `lately` came in during the last seven days.
    """

    today: date
    onsite: int
    remote: int
    waiting: int
    invited: int
    cancelled: int
    structures: int
    lately: int
    facts: EventFacts

    @property
    def total(self) -> int:
        """Every registration, whatever its state."""
        return self.onsite + self.remote + self.waiting + self.invited + self.cancelled


def event_overview(session: Session, event: Event, now: datetime) -> EventOverview:
    """Count the registrations of an event and gather what its preparation needs."""
    counts: dict[tuple[RegistrationState, AttendanceMode], int] = {}
    structures = lately = 0
    for row in session.execute(
        select(
            Registration.state,
            Registration.mode,
            func.count(),
            func.count().filter(Registration.created_at > now - LATELY),
        )
        .where(Registration.event_id == event.id)
        .group_by(Registration.state, Registration.mode)
    ):
        counts[row[0], row[1]] = row[2]
        if row[0] is not RegistrationState.CANCELLED:
            lately += row[3]
    structures = (
        session.scalar(
            select(func.count(Registration.structure_id.distinct())).where(
                Registration.event_id == event.id,
                Registration.state == RegistrationState.CONFIRMED,
            )
        )
        or 0
    )

    def of_state(state: RegistrationState) -> int:
        return sum(number for (found, _), number in counts.items() if found is state)

    onsite = counts.get((RegistrationState.CONFIRMED, AttendanceMode.ONSITE), 0)
    remote = counts.get((RegistrationState.CONFIRMED, AttendanceMode.REMOTE), 0)
    waiting = of_state(RegistrationState.WAITING)
    return EventOverview(
        today=now.astimezone(ZoneInfo(event.timezone)).date(),
        onsite=onsite,
        remote=remote,
        waiting=waiting,
        invited=of_state(RegistrationState.INVITED),
        cancelled=of_state(RegistrationState.CANCELLED),
        structures=structures,
        lately=lately,
        facts=_facts(session, event, now, confirmed=onsite + remote, waiting=waiting),
    )


def _facts(
    session: Session, event: Event, now: datetime, *, confirmed: int, waiting: int
) -> EventFacts:
    doubles = sum(
        kind is not LookAlike.SHARED_MAILBOX
        for kind in event_look_alikes(session, event.id).values()
    )
    numbers = session.execute(
        select(
            select(func.count()).where(Activity.event_id == event.id).scalar_subquery(),
            select(func.count())
            .where(
                Device.event_id == event.id,
                Device.revoked_at.is_(None),
                Device.expires_at > now,
            )
            .scalar_subquery(),
            select(func.count())
            .select_from(OutgoingMail)
            .join(OutgoingMail.registration)
            .where(Registration.event_id == event.id, OutgoingMail.state == MailState.FAILED)
            .scalar_subquery(),
        )
    ).one()
    activities, devices, failed_mails = numbers
    minutes = session.scalar(select(Minutes.state).where(Minutes.event_id == event.id))
    onsite = event.mode in {EventMode.ONSITE, EventMode.HYBRID}
    remote = event.mode in {EventMode.REMOTE, EventMode.HYBRID}
    return EventFacts(
        state=event.state,
        family=event.kind.family,
        mode=event.mode,
        precision=event.date_precision,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        over=event.state is EventState.CLOSED
        or (event.state is EventState.PUBLISHED and end_of(event) <= now),
        has_hours=event.starts_at is not None,
        has_place=bool(event.place),
        has_capacity=(onsite and event.capacity_onsite is not None)
        or (remote and event.capacity_remote is not None),
        has_contact=bool(event.contact_email),
        has_summary=bool(event.summary),
        has_access=bool(event.accessibility),
        has_link=bool(event.remote_link),
        takes_registrations=event.registration_enabled,
        activities=activities,
        confirmed=confirmed,
        waiting=waiting,
        doubles=doubles,
        failed_mails=failed_mails,
        devices=devices,
        minutes=minutes,
    )
