"""Registering at an event, and withdrawing."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NoReturn, cast

from sqlalchemy import Integer, String, Table, bindparam, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventhub.domain.errors import (
    AlreadyRegistered,
    EventFull,
    InvalidInput,
    RegistrationClosed,
    RegistrationNotLive,
)
from eventhub.domain.mail import MailKind
from eventhub.domain.naming import email_key
from eventhub.domain.registration import (
    LIVE_STATES,
    STRUCTURE_NAME_MAX,
    AttendanceMode,
    ClosedReason,
    RegistrationOrigin,
    RegistrationRequest,
    RegistrationRole,
    RegistrationState,
    clean_line,
    has_hidden_characters,
    modes_of,
    why_not_a_line,
    why_registration_is_closed,
)
from eventhub.models.event import Event
from eventhub.models.person import Category, Person
from eventhub.models.prepared import Prepared, prepared_insert
from eventhub.models.registration import Registration
from eventhub.models.territory import Departement
from eventhub.services import outbox, people, places
from eventhub.services.sequence import next_sequence
from eventhub.services.structures import (
    ID_BY_KEY,
    MERGED_BY_KEY,
    find_or_create_structure,
    structure_key,
)
from eventhub.services.tickets import IssuedTicket, store_ticket

_CHOOSE = "Choisissez dans la liste."
_INSERT = prepared_insert(
    cast(Table, Registration.__table__),
    "id event_id person_id state origin role mode category_code structure_id structure_name "
    "departement_code holds_place waiting_rank created_at updated_at sequence",
)
_FROM_THE_REQUEST = (
    "state",
    "mode",
    "category_code",
    "structure_id",
    "structure_name",
    "departement_code",
    "holds_place",
    "waiting_rank",
    "updated_at",
    "sequence",
)
"""What the answer to an invitation sets, where it comes by the form."""
_SAID_OF_ONESELF = {"category_code", "structure_id", "structure_name", "departement_code"}
"""What stays as the organisers wrote it where the answer says nothing."""
_LIVE_INDEX_NAMES = ("uq_registrations_live", "registrations.person_id")
"""How PostgreSQL and SQLite name the index that allows one live registration a person."""


@dataclass(frozen=True, slots=True)
class RegistrationOutcome:
    """What came of a request: a place, or a rank on the waiting list.

    The ticket exists in both cases; it is shown once the registration is confirmed.
    """

    registration_id: uuid.UUID
    ticket: IssuedTicket
    state: RegistrationState
    rank: int | None
    _session: Session = field(repr=False, compare=False)

    @property
    def registration(self) -> Registration:
        """The registration's row; costs a statement."""
        return self._session.get_one(Registration, self.registration_id)


def register(
    session: Session,
    event: Event,
    request: RegistrationRequest,
    now: datetime,
    *,
    origin: RegistrationOrigin = RegistrationOrigin.ONLINE,
    notify: bool = True,
    beyond_capacity: bool = False,
) -> RegistrationOutcome:
    """Give a person a place at the event, or a rank in its queue, and write the mail that says so.

    `event` was read in this transaction. People who register by themselves must find registration
    open; staff (`origin` staff) may register at any event that is neither cancelled nor a draft.
    `notify` False writes no mail. `beyond_capacity` gives a place at a full event, to staff only.

    Who was invited takes over that registration: the answer to an invitation may come by the form.

    Raises InvalidInput, RegistrationClosed, EventFull, AlreadyRegistered: the transaction must
    then be rolled back. Effects: locks the event's row until the commit.
    """
    request = clean_request(event, request)
    _refuse_when_closed(event, now, origin)
    mode = request.mode or modes_of(event.mode)[0]
    # The event's row first: from here on, registrations at one event come one after the other.
    beyond_capacity = beyond_capacity and origin is RegistrationOrigin.STAFF
    placement = places.take_place(session, event, mode, beyond_capacity=beyond_capacity)
    known = _look_up(session, event, request)
    if known.registered:
        raise AlreadyRegistered
    if placement is None:
        _refuse_without_a_place(session, event, now, origin)
    person_id = known.person_id or people.create_person(
        session,
        request.given_name,
        request.family_name,
        request.email,
        now,
        shares_mailbox=known.mailbox_is_known,
    )
    structure_id = known.structure_id or _structure_id(session, request.structure)
    state = RegistrationState.WAITING if placement.rank else RegistrationState.CONFIRMED
    registration_id = uuid.uuid4()
    values = {
        "id": registration_id,
        "event_id": event.id,
        "person_id": person_id,
        "state": state,
        "origin": origin,
        "role": request.role,
        "mode": mode,
        "category_code": request.category,
        "structure_id": structure_id,
        "structure_name": request.structure,
        "departement_code": request.departement,
        "holds_place": state is RegistrationState.CONFIRMED,
        "waiting_rank": placement.rank,
        "created_at": now,
        "updated_at": now,
        "sequence": placement.sequence,
    }
    if known.invitation_id is not None:
        registration_id = known.invitation_id
        _take_over(session, registration_id, values)
    else:
        _insert(session, values)
    ticket = store_ticket(session, registration_id, event.id, placement.sequence, now)
    if notify and request.email:
        waiting = state is RegistrationState.WAITING
        outbox.enqueue(
            session,
            MailKind.REGISTRATION_WAITING if waiting else MailKind.REGISTRATION_CONFIRMED,
            request.email,
            now,
            registration_id=registration_id,
            **({"rank": placement.rank} if waiting else {}),
        )
    return RegistrationOutcome(registration_id, ticket, state, placement.rank, session)


def _insert(session: Session, values: Mapping[str, Any]) -> None:
    try:
        _INSERT.execute(session.connection(), values)
    except IntegrityError as error:
        # Somebody came in by another way (the door, an import) than under the event's lock.
        if any(name in str(error.orig) for name in _LIVE_INDEX_NAMES):
            raise AlreadyRegistered from error
        raise


def _take_over(session: Session, invitation_id: uuid.UUID, values: Mapping[str, Any]) -> None:
    """Make an invitation the registration that was asked for; where it came from stays."""
    registration = session.get_one(Registration, invitation_id, populate_existing=True)
    for name in _FROM_THE_REQUEST:
        if values[name] or name not in _SAID_OF_ONESELF:
            setattr(registration, name, values[name])
    if values["role"] is not RegistrationRole.PARTICIPANT:
        registration.role = values["role"]
    registration.excused_at = None
    session.flush()


def clean_request(event: Event, request: RegistrationRequest) -> RegistrationRequest:
    """The request with its texts cleaned. Raises InvalidInput with a sentence per field.

    Whether the category and the département exist is looked up by `register`; what no database
    could look up is refused here.
    """
    wrong: dict[str, str] = {}
    given_name, family_name, email = request.given_name, request.family_name, request.email
    try:
        given_name, family_name, email = people.clean_person(given_name, family_name, email)
    except InvalidInput as error:
        wrong.update(error.fields)
    for name, code in (("category", request.category), ("departement", request.departement)):
        if code and has_hidden_characters(code):
            wrong[name] = _CHOOSE
    structure = clean_line(request.structure)
    problem = why_not_a_line(structure, STRUCTURE_NAME_MAX)
    if problem:
        wrong["structure"] = problem
    if request.mode is not None and request.mode not in modes_of(event.mode):
        wrong["mode"] = (
            "Cet évènement ne se suit pas à distance."
            if request.mode is AttendanceMode.REMOTE
            else "Cet évènement se suit à distance seulement."
        )
    if wrong:
        raise InvalidInput(wrong)
    return replace(
        request,
        given_name=given_name,
        family_name=family_name,
        email=email,
        category=request.category or None,
        structure=structure,
        departement=request.departement or None,
    )


def withdraw(
    session: Session, registration: Registration, now: datetime, *, excused: bool = False
) -> None:
    """Withdraw a registration, free its place or its rank, and write the mail that says so.

    `excused` also notes the person excused. The place stays free for whoever is first in the
    queue, if anybody waits. Raises RegistrationNotLive for one already withdrawn.
    Effects: locks the event's row until the commit.
    """
    sequence = next_sequence(session, registration.event_id)
    # Read again under the lock: two withdrawals of one registration free one place.
    session.refresh(registration)
    if registration.state not in LIVE_STATES:
        raise RegistrationNotLive
    held_place, rank = registration.holds_place, registration.waiting_rank
    registration.state = RegistrationState.CANCELLED
    registration.holds_place = False
    registration.waiting_rank = None
    registration.cancelled_at = now
    registration.updated_at = now
    registration.sequence = sequence
    if excused:
        registration.excused_at = now
    session.flush()
    if held_place:
        places.free_place(session, registration.event_id, registration.mode)
    if rank is not None:
        places.leave_queue(session, registration.event_id, registration.mode, rank)
    email = session.scalar(select(Person.email).where(Person.id == registration.person_id))
    if email:
        outbox.enqueue(
            session,
            MailKind.REGISTRATION_CANCELLED,
            email,
            now,
            registration_id=registration.id,
            excused=excused,
            waited=rank is not None,
        )


def _refuse_when_closed(event: Event, now: datetime, origin: RegistrationOrigin) -> None:
    reason = why_registration_is_closed(event, now)
    if reason is None:
        return
    blocks_staff = reason in {ClosedReason.NOT_PUBLISHED, ClosedReason.CANCELLED}
    if origin is not RegistrationOrigin.STAFF or blocks_staff:
        raise RegistrationClosed(reason)


def _refuse_without_a_place(
    session: Session, event: Event, now: datetime, origin: RegistrationOrigin
) -> NoReturn:
    """Say why no place was given: the event changed meanwhile, or it is full."""
    session.refresh(event, ["state"])
    _refuse_when_closed(event, now, origin)
    raise EventFull


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database already knows of a request."""

    person_id: int | None
    mailbox_is_known: bool
    registered: bool
    structure_id: int | None
    invitation_id: uuid.UUID | None


_SAME_PERSON = (
    Person.email_key == bindparam("email_key", type_=String),
    Person.name_key == bindparam("name_key", type_=String),
)
_LOOK_UP = Prepared(
    select(
        exists().where(Category.code == bindparam("category", type_=String)),
        exists().where(Departement.code == bindparam("departement", type_=String)),
        exists().where(Person.email_key == bindparam("email_key", type_=String)),
        select(Person.id).where(*_SAME_PERSON).scalar_subquery(),
        select(Person.merged_into_id).where(*_SAME_PERSON).scalar_subquery(),
        exists().where(
            *_SAME_PERSON,
            Registration.person_id == Person.id,
            Registration.event_id == bindparam("event", type_=Integer),
            Registration.state != RegistrationState.CANCELLED,
            Registration.state != RegistrationState.INVITED,
        ),
        ID_BY_KEY,
        MERGED_BY_KEY,
        select(Registration.id)
        .where(
            *_SAME_PERSON,
            Registration.person_id == Person.id,
            Registration.event_id == bindparam("event", type_=Integer),
            Registration.state == RegistrationState.INVITED,
        )
        .scalar_subquery(),
    )
)


def _structure_id(session: Session, name: str) -> int | None:
    structure = find_or_create_structure(session, name) if name else None
    return structure.id if structure else None


def _look_up(session: Session, event: Event, request: RegistrationRequest) -> _Known:
    """Find person and structure, and check the codes, in one statement. Raises InvalidInput."""
    values = {
        "category": request.category,
        "departement": request.departement,
        "email_key": email_key(request.email) if request.email else None,
        "name_key": people.person_key(request.given_name, request.family_name),
        "event": event.id,
        "structure_key": structure_key(request.structure) or None,
    }
    row = _LOOK_UP.execute(session.connection(), values).one()
    category_is_known, departement_is_known, mailbox_is_known, person_id, merged, registered = row[
        :6
    ]
    structure_id, structure_is_merged = row[6], row[7] is not None
    invitation_id = uuid.UUID(str(row[8])) if row[8] is not None else None
    wrong: dict[str, str] = {}
    if request.category and not category_is_known:
        wrong["category"] = _CHOOSE
    if request.departement and not departement_is_known:
        wrong["departement"] = _CHOOSE
    if wrong:
        raise InvalidInput(wrong)
    if merged is not None and request.email:
        person = people.find_person(session, request.given_name, request.family_name, request.email)
        person_id = person.id if person else None
        live = session.execute(
            select(Registration.id, Registration.state).where(
                Registration.person_id == person_id,
                Registration.event_id == event.id,
                Registration.state.in_(LIVE_STATES),
            )
        ).one_or_none()
        invited = live is not None and live.state is RegistrationState.INVITED
        registered = live is not None and not invited
        invitation_id = live.id if live is not None and invited else None
    return _Known(
        person_id,
        bool(mailbox_is_known),
        bool(registered),
        None if structure_is_merged else structure_id,
        invitation_id,
    )
