"""Standing members of a series: who is invited to each of its events."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from eventhub.domain.errors import InvalidInput, NotFound
from eventhub.domain.event import EventState
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import (
    LIVE_STATES,
    STRUCTURE_NAME_MAX,
    RegistrationOrigin,
    RegistrationRequest,
    RegistrationState,
    clean_line,
    end_of,
    modes_of,
    why_not_a_line,
)
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.person import Category, Person
from eventhub.models.registration import Registration
from eventhub.models.series import Series, SeriesMember
from eventhub.models.territory import Departement
from eventhub.services.audit import record
from eventhub.services.outbox import enqueue
from eventhub.services.people import find_or_create_person
from eventhub.services.sequence import lock_event, next_sequence
from eventhub.services.structures import find_or_create_structure

_ALREADY = "Cette personne est déjà invitée à chaque fois."


def add_member(
    session: Session, series: Series, typed: RegistrationRequest, now: datetime, *, account: Account
) -> SeriesMember:
    """Invite someone to each event of the series from now on, those published and to come too.

    Raises InvalidInput. Effects: writes a mail for each published event to come.
    """
    person = find_or_create_person(session, typed.given_name, typed.family_name, typed.email, now)
    structure_name = clean_line(typed.structure)
    wrong = {}
    problem = why_not_a_line(structure_name, STRUCTURE_NAME_MAX)
    if problem:
        wrong["structure"] = problem
    if typed.category and session.get(Category, typed.category) is None:
        wrong["category"] = "Choisissez dans la liste."
    if typed.departement and session.get(Departement, typed.departement) is None:
        wrong["departement"] = "Choisissez dans la liste."
    if wrong:
        raise InvalidInput(wrong)
    structure = find_or_create_structure(session, structure_name) if structure_name else None
    member = SeriesMember(
        person_id=person.id,
        role=typed.role,
        category_code=typed.category or None,
        structure_id=structure.id if structure else None,
        structure_name=structure_name,
        departement_code=typed.departement or None,
    )
    return _add(session, series, member, now, account)


def add_registered_member(
    session: Session,
    series: Series,
    registration_id: uuid.UUID,
    now: datetime,
    *,
    account: Account,
) -> SeriesMember:
    """Invite someone from now on who registered at one of the series' events.

    Raises NotFound where that registration is of no event of the series, InvalidInput.
    """
    found = session.get(Registration, registration_id)
    if found is None or found.event.series_id != series.id:
        raise NotFound
    person = found.person
    while person.merged_into_id is not None:
        person = session.get_one(Person, person.merged_into_id)
    member = SeriesMember(
        person_id=person.id,
        role=found.role,
        category_code=found.category_code,
        structure_id=found.structure_id,
        structure_name=found.structure_name,
        departement_code=found.departement_code,
    )
    return _add(session, series, member, now, account)


def remove_member(
    session: Session, series: Series, member: SeriesMember, now: datetime, *, account: Account
) -> None:
    """Invite someone no more; what they answered so far stays. Raises NotFound."""
    if member.series_id != series.id or member.removed_at is not None:
        raise NotFound
    member.removed_at = now
    session.flush()
    _record(session, series, member, now, "series-member-removed", account)


def invite_members(session: Session, event: Event, now: datetime) -> int:
    """Invite the standing members of the event's series who have no live registration there.

    The number of people invited. An invitation takes no place. Does nothing for an event that is
    not published, is over, or belongs to no series. Effects: one mail each, for those who have an
    address; the event's row stays locked until the commit.
    """
    if event.series_id is None:
        return 0
    members = session.scalars(
        select(SeriesMember)
        .where(SeriesMember.series_id == event.series_id, SeriesMember.removed_at.is_(None))
        .order_by(SeriesMember.id)
        .options(joinedload(SeriesMember.person))
    ).all()
    return _invite(session, event, members, now)


def _add(
    session: Session, series: Series, member: SeriesMember, now: datetime, account: Account
) -> SeriesMember:
    member.series_id = series.id
    member.added_at = now
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError as error:
        raise InvalidInput({"email": _ALREADY}) from error
    session.expire(series, ["members"])
    _record(session, series, member, now, "series-member-added", account)
    coming = session.scalars(
        select(Event)
        .where(Event.series_id == series.id, Event.state == EventState.PUBLISHED)
        .order_by(Event.starts_on, Event.id)
    ).all()
    for event in coming:
        _invite(session, event, [member], now)
    return member


def _invite(session: Session, event: Event, members: Sequence[SeriesMember], now: datetime) -> int:
    if not members or event.state is not EventState.PUBLISHED or end_of(event) <= now:
        return 0
    lock_event(session, event)
    listed = _on_the_list(session, event, (member.person_id for member in members))
    wanted = [member for member in members if member.person_id not in listed]
    if not wanted:
        return 0
    sequence = next_sequence(session, event.id)
    mode = modes_of(event.mode)[0]
    invited = [
        Registration(
            id=uuid.uuid4(),
            event_id=event.id,
            person_id=member.person_id,
            state=RegistrationState.INVITED,
            origin=RegistrationOrigin.STAFF,
            role=member.role,
            mode=mode,
            category_code=member.category_code,
            structure_id=member.structure_id,
            structure_name=member.structure_name,
            departement_code=member.departement_code,
            created_at=now,
            updated_at=now,
            sequence=sequence,
        )
        for member in wanted
    ]
    session.add_all(invited)
    session.flush()
    for registration, member in zip(invited, wanted, strict=True):
        if member.person.email:
            enqueue(
                session,
                MailKind.EVENT_INVITATION,
                member.person.email,
                now,
                registration_id=registration.id,
            )
    return len(invited)


def _on_the_list(session: Session, event: Event, person_ids: Iterable[int]) -> set[int]:
    return set(
        session.scalars(
            select(Registration.person_id).where(
                Registration.event_id == event.id,
                Registration.person_id.in_(list(person_ids)),
                Registration.state.in_(LIVE_STATES),
            )
        )
    )


def _record(
    session: Session,
    series: Series,
    member: SeriesMember,
    now: datetime,
    action: str,
    account: Account,
) -> None:
    record(
        session,
        now,
        action,
        account_id=account.id,
        actor=account.shown_name,
        event_id=None,
        subject=f"series:{series.slug}",
        member=member.id,
    )
