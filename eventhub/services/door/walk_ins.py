"""People who come in without a registration."""

import uuid

from sqlalchemy import case, exists, select
from sqlalchemy.orm import Session

from eventhub.domain.door import Standing
from eventhub.domain.errors import InvalidInput
from eventhub.domain.registration import (
    LIVE_STATES,
    NAME_MAX,
    STRUCTURE_NAME_MAX,
    AttendanceMode,
    RegistrationOrigin,
    RegistrationState,
)
from eventhub.domain.sent_scan import SentScan, WalkInPerson
from eventhub.models.door import RegistrationAlias
from eventhub.models.person import Category
from eventhub.models.registration import Registration
from eventhub.models.territory import Departement
from eventhub.services.door.book import Book
from eventhub.services.door.effects import Effects
from eventhub.services.door.lookups import load_registrations, load_scans, load_waiting
from eventhub.services.people import clean_email, create_person, find_person
from eventhub.services.structures import find_or_create_structure

_NAMESPACE = uuid.UUID("6f0f5a0e-7b0b-5d1f-9a0c-2d6b1f1f7c53")
"""Of the ids made for walk-ins that the phone gave none."""

UNREADABLE_ADDRESS = "C’est enregistré, sans l’adresse\u00a0: elle ne peut pas être lue."


def take_walk_in(
    session: Session, book: Book, effects: Effects, scan: SentScan
) -> tuple[uuid.UUID, str]:
    """The registration that a walk-in is or becomes, and a French note where there is one to give.

    The same id, or the same mailbox and name, is the same person: the phone's id then becomes an
    alias of the registration that there is. Scans that waited for the id take effect.
    """
    person = scan.person or WalkInPerson()
    wanted = scan.registration_id
    if wanted is None or wanted in book.elsewhere:
        wanted = uuid.uuid5(_NAMESPACE, f"{book.event_id}:{scan.scan_id}")
    if wanted in book.canonical:
        return book.canonical[wanted], ""
    email, note = _address(person.email)
    known = find_person(session, person.given_name, person.family_name, email) if email else None
    found = _registration_of(session, book.event_id, known.id) if known else None
    if found is None:
        person_id = known.id if known else _new_person(session, person, email, effects)
        _register(session, book, effects, wanted, person_id, scan)
        book.canonical[wanted] = wanted
    else:
        _add_alias(session, book, effects, wanted, found)
    _wake(session, book, effects, wanted)
    return book.canonical[wanted], note


def _address(text: str) -> tuple[str | None, str]:
    if not text:
        return None, ""
    try:
        return clean_email(text), ""
    except InvalidInput:
        return None, UNREADABLE_ADDRESS


def _registration_of(session: Session, event_id: int, person_id: int) -> Registration | None:
    """The person's registration at the event: a live one, else one made at the door, else any."""
    return session.scalars(
        select(Registration)
        .where(Registration.event_id == event_id, Registration.person_id == person_id)
        .order_by(
            case(
                (Registration.state.in_(LIVE_STATES), 0),
                (Registration.origin == RegistrationOrigin.DOOR, 1),
                else_=2,
            ),
            Registration.created_at.desc(),
            Registration.id,
        )
        .limit(1)
    ).first()


def _new_person(session: Session, person: WalkInPerson, email: str | None, effects: Effects) -> int:
    return create_person(
        session,
        person.given_name[:NAME_MAX],
        person.family_name[:NAME_MAX],
        email,
        effects.now,
    )


def _register(
    session: Session,
    book: Book,
    effects: Effects,
    registration_id: uuid.UUID,
    person_id: int,
    scan: SentScan,
) -> None:
    """Register someone at the door: confirmed, outside the counter of places."""
    person = scan.person or WalkInPerson()
    mode = scan.mode or AttendanceMode.ONSITE
    structure = find_or_create_structure(session, person.structure) if person.structure else None
    codes = session.execute(
        select(
            exists().where(Category.code == person.category),
            exists().where(Departement.code == person.departement),
        )
    ).one()
    session.add(
        Registration(
            id=registration_id,
            event_id=book.event_id,
            person_id=person_id,
            state=RegistrationState.CONFIRMED,
            origin=RegistrationOrigin.DOOR,
            mode=mode,
            category_code=person.category if codes[0] else None,
            departement_code=person.departement if codes[1] else None,
            structure_id=structure.id if structure else None,
            structure_name=person.structure[:STRUCTURE_NAME_MAX],
            created_at=effects.now,
            updated_at=effects.now,
            sequence=effects.sequence,
        )
    )
    session.flush()
    book.standings[registration_id] = Standing(registration_id, RegistrationState.CONFIRMED, mode)


def _add_alias(
    session: Session, book: Book, effects: Effects, alias_id: uuid.UUID, found: Registration
) -> None:
    session.add(
        RegistrationAlias(
            alias_id=alias_id,
            event_id=book.event_id,
            registration_id=found.id,
            created_at=effects.now,
            sequence=effects.sequence,
        )
    )
    found.sequence = effects.sequence
    session.flush()
    if found.id not in book.standings:
        connection = session.connection()
        load_registrations(connection, book, [found.id])
        load_scans(connection, book, registration_ids=[found.id])
    book.canonical[alias_id] = found.id


def _wake(session: Session, book: Book, effects: Effects, named: uuid.UUID) -> None:
    """Let the scans that waited for this id take effect, stored ones and those of this batch."""
    load_waiting(session.connection(), book, named)
    for fact in list(book.facts.values()):
        if fact.registration_id is None and fact.named == str(named) and fact.undoes is None:
            effects.resolve(fact, book.canonical[named])
