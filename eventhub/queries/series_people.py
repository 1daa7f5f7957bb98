"""Who belongs to a series: who is invited each time, who came, who has not been seen lately."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventhub.domain.event import EventState
from eventhub.domain.registration import LIVE_STATES
from eventhub.models.attendance import Attendance
from eventhub.models.event import Event
from eventhub.models.person import Person
from eventhub.models.registration import Registration
from eventhub.models.series import SeriesMember
from eventhub.queries.series import NOT_HELD

UNSEEN_MEETINGS = 3
"""Who has not been seen at so many meetings in a row is worth a call."""
REGULAR_MEETINGS = 2
"""Who came so many times before is a regular."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Someone not seen at the last meetings; `last_seen` is the event they came to last."""

    person: Person
    member: SeriesMember | None
    last_seen: Event | None
    times: int


@dataclass(frozen=True, slots=True)
class UnseenPeople:
    """Who was not seen at `meetings`, the last ones with a list of presences (three, or fewer).

    With fewer than three nobody can be said to be missing, and `people` is empty.
    """

    meetings: tuple[Event, ...]
    people: tuple[Unseen, ...]

    @property
    def is_known(self) -> bool:
        """Whether there are enough meetings to say so."""
        return len(self.meetings) == UNSEEN_MEETINGS


def live_members(session: Session, series_id: int) -> Sequence[SeriesMember]:
    """Who is invited to each event of a series, by name."""
    return session.scalars(
        select(SeriesMember)
        .join(SeriesMember.person)
        .where(SeriesMember.series_id == series_id, SeriesMember.removed_at.is_(None))
        .order_by(Person.sort_key, SeriesMember.id)
        .options(
            joinedload(SeriesMember.person),
            joinedload(SeriesMember.category),
            joinedload(SeriesMember.structure),
        )
    ).all()


def member_of(session: Session, series_id: int, member_id: int) -> SeriesMember | None:
    """One member of a series, who may have been removed."""
    return session.scalar(
        select(SeriesMember)
        .where(SeriesMember.id == member_id, SeriesMember.series_id == series_id)
        .options(joinedload(SeriesMember.person))
    )


def registered_in_series(
    session: Session, series_id: int, limit: int = 200
) -> Sequence[Registration]:
    """The last live registration of each person at an event of the series who is no member."""
    members = select(SeriesMember.person_id).where(
        SeriesMember.series_id == series_id, SeriesMember.removed_at.is_(None)
    )
    rows = session.scalars(
        select(Registration)
        .join(Registration.event)
        .join(Registration.person)
        .where(
            Event.series_id == series_id,
            Registration.state.in_(LIVE_STATES),
            Registration.person_id.not_in(members),
            Person.merged_into_id.is_(None),
            Person.anonymised_at.is_(None),
        )
        .order_by(Person.sort_key, Registration.person_id, Event.starts_on.desc())
        .options(joinedload(Registration.person), joinedload(Registration.structure))
    )
    by_person: dict[int, Registration] = {}
    for row in rows:
        by_person.setdefault(row.person_id, row)
        if len(by_person) == limit:
            break
    return list(by_person.values())


def unseen_people(
    session: Session, series_id: int, members: Sequence[SeriesMember], today: date
) -> UnseenPeople:
    """Members and regulars who were at none of the last three meetings.

    Only past events with a list of presences count. A member is looked at who was one before the
    first of the three, or had come before; a regular came twice or more before.
    """
    present = (
        select(Attendance.event_id)
        .join(Event, Event.id == Attendance.event_id)
        .where(
            Event.series_id == series_id,
            Event.state.not_in((*NOT_HELD, EventState.DRAFT)),
            Event.ends_on < today,
        )
        .distinct()
    )
    meetings = session.scalars(
        select(Event)
        .where(Event.id.in_(present))
        .order_by(Event.ends_on.desc(), Event.id.desc())
        .options(selectinload(Event.alternatives))
    ).all()
    last = meetings[:UNSEEN_MEETINGS]
    if len(last) < UNSEEN_MEETINGS:
        return UnseenPeople(tuple(last), ())
    by_id = {event.id: event for event in meetings}
    seen = _seen_by_person(session, by_id)
    lately = {event.id for event in last}
    since = last[-1].starts_on
    found = []
    for member in members:
        at = seen.pop(member.person.merged_into_id or member.person_id, set())
        was_there = bool(at) or member.added_at.date() <= since
        if was_there and not at & lately:
            found.append(_unseen(member.person, member, at, meetings))
    regulars = [
        person_id
        for person_id, at in seen.items()
        if len(at) >= REGULAR_MEETINGS and not at & lately
    ]
    people = session.scalars(
        select(Person).where(Person.id.in_(regulars), Person.anonymised_at.is_(None))
    ).all()
    found += [_unseen(person, None, seen[person.id], meetings) for person in people]
    found.sort(key=lambda one: (one.person.sort_key, one.person.id))
    return UnseenPeople(tuple(last), tuple(found))


def _seen_by_person(session: Session, events: Iterable[int]) -> dict[int, set[int]]:
    """By person, the events they were present at; those merged count for who they are now."""
    rows = session.execute(
        select(func.coalesce(Person.merged_into_id, Person.id), Attendance.event_id)
        .join(Registration, Registration.id == Attendance.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(Attendance.event_id.in_(list(events)))
        .distinct()
    )
    seen: dict[int, set[int]] = defaultdict(set)
    for person_id, event_id in rows:
        seen[person_id].add(event_id)
    return seen


def _unseen(
    person: Person, member: SeriesMember | None, at: set[int], meetings: Sequence[Event]
) -> Unseen:
    last = next((event for event in meetings if event.id in at), None)
    return Unseen(person, member, last, len(at))
