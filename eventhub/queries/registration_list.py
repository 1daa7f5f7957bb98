"""The registrations of one event, as the organiser reads them: searched, filtered, by pages."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from eventhub.domain.look_alikes import Identity, LookAlike, look_alikes
from eventhub.domain.naming import name_key
from eventhub.domain.registration import (
    LIVE_STATES,
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.mail import OutgoingMail
from eventhub.models.person import Category, Person
from eventhub.models.registration import Registration, Ticket
from eventhub.models.structure import Structure
from eventhub.models.territory import Departement

_Columns = TypeVarTuple("_Columns")

PAGE_SIZE = 50
WORDS_MAX = 200
_WORDS_COUNTED = 10


class RegistrationFilter(StrEnum):
    """What part of the list is asked for; the values are those of the address."""

    ALL = ""
    CONFIRMED = "confirmees"
    WAITING = "attente"
    INVITED = "invitees"
    CANCELLED = "desistees"
    EXCUSED = "excusees"
    LOOK_ALIKES = "a-verifier"


_STATES = {
    RegistrationFilter.CONFIRMED: RegistrationState.CONFIRMED,
    RegistrationFilter.WAITING: RegistrationState.WAITING,
    RegistrationFilter.INVITED: RegistrationState.INVITED,
    RegistrationFilter.CANCELLED: RegistrationState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class ListedRegistration:
    """One line of the list."""

    id: uuid.UUID
    given_name: str
    family_name: str
    email: str | None
    structure: str
    category: str
    role: RegistrationRole
    mode: AttendanceMode
    state: RegistrationState
    origin: RegistrationOrigin
    rank: int | None
    excused: bool
    present: bool
    created_at: datetime
    look_alike: LookAlike | None


@dataclass(frozen=True, slots=True)
class RegistrationList:
    """One page of the list. `counts` says how many each filter holds, the search apart."""

    rows: tuple[ListedRegistration, ...]
    counts: dict[RegistrationFilter, int]
    found: int
    page: int
    pages: int


def registration_list(
    session: Session,
    event_id: int,
    *,
    words: str = "",
    chosen: RegistrationFilter = RegistrationFilter.ALL,
    page: int = 1,
) -> RegistrationList:
    """The registrations that hold every word in a name, an address or a structure, by name.

    Those who wait come in the order of their rank. `page` counts from 1.
    """
    flagged = event_look_alikes(session, event_id)
    conditions = [Registration.event_id == event_id, *_holds_words(words)]
    if chosen in _STATES:
        conditions.append(Registration.state == _STATES[chosen])
    elif chosen is RegistrationFilter.EXCUSED:
        conditions.append(Registration.excused_at.is_not(None))
    elif chosen is RegistrationFilter.LOOK_ALIKES:
        conditions.append(Registration.id.in_(flagged))
    found = session.scalar(_joined(select(func.count())).where(*conditions)) or 0
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(max(page, 1), pages)
    by_name = (Person.sort_key, Registration.created_at, Registration.id)
    by_rank = (Registration.mode, Registration.waiting_rank, Registration.id)
    order: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
        by_rank if chosen is RegistrationFilter.WAITING else by_name
    )
    rows = session.execute(
        _rows().where(*conditions).order_by(*order).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    )
    return RegistrationList(
        rows=tuple(_listed(row, flagged) for row in rows),
        counts=_counts(session, event_id) | {RegistrationFilter.LOOK_ALIKES: len(flagged)},
        found=found,
        page=page,
        pages=pages,
    )


def latest_registrations(
    session: Session, event_id: int, number: int
) -> tuple[ListedRegistration, ...]:
    """The last `number` registrations to come in, newest first."""
    rows = session.execute(
        _rows()
        .where(Registration.event_id == event_id)
        .order_by(Registration.created_at.desc(), Registration.id)
        .limit(number)
    )
    return tuple(_listed(row, {}) for row in rows)


def event_look_alikes(session: Session, event_id: int) -> dict[uuid.UUID, LookAlike]:
    """The live registrations of the event that resemble another one."""
    rows = session.execute(
        select(Registration.id, Person.name_key, Person.email_key)
        .join(Registration.person)
        .where(Registration.event_id == event_id, Registration.state.in_(LIVE_STATES))
    )
    return look_alikes(Identity(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class RegistrationDetails:
    """All that staff may read of one registration."""

    registration: Registration
    category: str
    departement: str
    structure: str
    ticket: Ticket | None
    presences: tuple[Attendance, ...]
    mails: tuple[OutgoingMail, ...]
    resembling: tuple[tuple[uuid.UUID, str], ...]


def registration_details(
    session: Session, event_id: int, registration_id: uuid.UUID
) -> RegistrationDetails | None:
    """One registration of the event: its words, its ticket, presences and mails; or None.

    `resembling` are the live registrations of the event under the same words or mailbox.
    """
    row = session.execute(
        select(Registration, Category.label, Departement.name, Structure.name)
        .outerjoin(Registration.category)
        .outerjoin(Departement, Departement.code == Registration.departement_code)
        .outerjoin(Registration.structure)
        .where(Registration.event_id == event_id, Registration.id == registration_id)
        .options(joinedload(Registration.person))
    ).one_or_none()
    if row is None:
        return None
    registration: Registration = row[0]
    tickets = session.scalars(
        select(Ticket)
        .where(Ticket.registration_id == registration_id, Ticket.revoked_at.is_(None))
        .order_by(Ticket.id.desc())
    )
    presences = session.scalars(
        select(Attendance)
        .where(Attendance.registration_id == registration_id)
        .join(Attendance.checkpoint)
        .options(contains_eager(Attendance.checkpoint))
        .order_by(Checkpoint.position, Checkpoint.id)
    )
    mails = session.scalars(
        select(OutgoingMail)
        .where(OutgoingMail.registration_id == registration_id)
        .order_by(OutgoingMail.created_at, OutgoingMail.id)
    )
    return RegistrationDetails(
        registration=registration,
        category=row[1] or "",
        departement=row[2] or "",
        structure=row[3] or registration.structure_name,
        ticket=tickets.first(),
        presences=tuple(presences),
        mails=tuple(mails),
        resembling=_resembling(session, registration),
    )


def _resembling(session: Session, registration: Registration) -> tuple[tuple[uuid.UUID, str], ...]:
    person = registration.person
    words = frozenset(person.name_key.split())
    rows = session.execute(
        select(
            Registration.id,
            Person.given_name,
            Person.family_name,
            Person.name_key,
            Person.email_key,
        )
        .join(Registration.person)
        .where(
            Registration.event_id == registration.event_id,
            Registration.id != registration.id,
            Registration.state.in_(LIVE_STATES),
        )
        .order_by(Person.sort_key, Registration.id)
    )
    return tuple(
        (other_id, f"{given_name} {family_name}")
        for other_id, given_name, family_name, name, email in rows
        if (person.email_key is not None and email == person.email_key)
        or frozenset(name.split()) == words
    )


_PRESENT = (
    select(Attendance.id)
    .where(Attendance.registration_id == Registration.id)
    .exists()
    .label("present")
)


def _rows() -> Select[Registration, Person, str, str, bool]:
    return _joined(select(Registration, Person, Category.label, Structure.name, _PRESENT))


def _joined(statement: Select[*_Columns]) -> Select[*_Columns]:
    return (
        statement.select_from(Registration)
        .join(Registration.person)
        .outerjoin(Registration.category)
        .outerjoin(Registration.structure)
    )


def _listed(
    row: Row[Registration, Person, str, str, bool],
    flagged: dict[uuid.UUID, LookAlike],
) -> ListedRegistration:
    registration, person, category, structure, present = row
    return ListedRegistration(
        id=registration.id,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        structure=structure or registration.structure_name,
        category=category or "",
        role=registration.role,
        mode=registration.mode,
        state=registration.state,
        origin=registration.origin,
        rank=registration.waiting_rank,
        excused=registration.excused_at is not None,
        present=present,
        created_at=registration.created_at,
        look_alike=flagged.get(registration.id),
    )


def _holds_words(typed: str) -> list[ColumnElement[bool]]:
    """One condition per word: it stands in the name, the address or the structure."""
    words = name_key(typed[:WORDS_MAX].replace("\0", " ")).split()[:_WORDS_COUNTED]
    return [
        or_(
            Person.name_key.contains(word, autoescape=True),
            Person.email_key.contains(word, autoescape=True),
            Structure.name_key.contains(word, autoescape=True),
        )
        for word in words
    ]


def _counts(session: Session, event_id: int) -> dict[RegistrationFilter, int]:
    rows = session.execute(
        select(Registration.state, func.count())
        .where(Registration.event_id == event_id)
        .group_by(Registration.state)
    )
    by_state = {row[0]: row[1] for row in rows}
    excused = session.scalar(
        select(func.count()).where(
            Registration.event_id == event_id, Registration.excused_at.is_not(None)
        )
    )
    counts = {chosen: by_state.get(state, 0) for chosen, state in _STATES.items()}
    return counts | {
        RegistrationFilter.ALL: sum(by_state.values()),
        RegistrationFilter.EXCUSED: excused or 0,
    }
