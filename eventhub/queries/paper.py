"""Who is on paper: the people who sign at the door, and the whole list of registrants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.models.attendance import Attendance
from eventhub.models.person import Category, Person
from eventhub.models.registration import Registration
from eventhub.models.structure import Structure
from eventhub.models.territory import Departement

EXPECTED_STATES = (RegistrationState.INVITED, RegistrationState.CONFIRMED)
"""Whose name is on the feuille d'émargement: people who are expected, not those who wait."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """One person expected at an event."""

    given_name: str
    family_name: str
    structure: str
    role: RegistrationRole
    mode: AttendanceMode


@dataclass(frozen=True, slots=True)
class Registrant:
    """One registration with all that the person gave; codes stay codes."""

    given_name: str
    family_name: str
    email: str | None
    structure: str
    category: str
    departement_code: str | None
    departement: str
    mode: AttendanceMode
    role: RegistrationRole
    state: RegistrationState
    waiting_rank: int | None
    origin: RegistrationOrigin
    created_at: datetime
    cancelled_at: datetime | None
    excused_at: datetime | None
    present: bool


def signatories(session: Session, event_id: int) -> Sequence[Signatory]:
    """People confirmed or invited, by name."""
    statement = (
        select(
            Person.given_name,
            Person.family_name,
            func.coalesce(Structure.name, Registration.structure_name),
            Registration.role,
            Registration.mode,
        )
        .join(Person, Registration.person_id == Person.id)
        .outerjoin(Structure, Registration.structure_id == Structure.id)
        .where(Registration.event_id == event_id, Registration.state.in_(EXPECTED_STATES))
        .order_by(Person.sort_key, Registration.created_at, Registration.id)
    )
    return [Signatory(*row) for row in session.execute(statement)]


def registrants(session: Session, event_id: int) -> Sequence[Registrant]:
    """Every registration of the event, whatever its state, by name."""
    present = select(Attendance.id).where(Attendance.registration_id == Registration.id).exists()
    statement = (
        select(
            Person.given_name,
            Person.family_name,
            Person.email,
            func.coalesce(Structure.name, Registration.structure_name),
            func.coalesce(Category.label, ""),
            Registration.departement_code,
            func.coalesce(Departement.name, ""),
            Registration.mode,
            Registration.role,
            Registration.state,
            Registration.waiting_rank,
            Registration.origin,
            Registration.created_at,
            Registration.cancelled_at,
            Registration.excused_at,
            present,
        )
        .join(Person, Registration.person_id == Person.id)
        .outerjoin(Structure, Registration.structure_id == Structure.id)
        .outerjoin(Category, Registration.category_code == Category.code)
        .outerjoin(Departement, Registration.departement_code == Departement.code)
        .where(Registration.event_id == event_id)
        .order_by(Person.sort_key, Registration.created_at, Registration.id)
    )
    return [Registrant(*tuple(row)) for row in session.execute(statement)]
