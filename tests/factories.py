"""Rows for tests, with invented people at example.org; each takes only what the test says."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventhub.domain.event import CountingUnit, EventState, KindFamily
from eventhub.domain.naming import email_key, name_key, search_text
from eventhub.domain.registration import RegistrationOrigin, RegistrationState
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.models.event import Event, EventKind
from eventhub.models.person import Category, Person
from eventhub.models.registration import Registration
from eventhub.models.series import Series, SeriesCadence, SeriesMember
from eventhub.models.structure import Structure
from eventhub.models.territory import Departement

_numbers = itertools.count(1)
MADE_AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def make_departement(session: Session, code: str = "45", name: str = "Loiret") -> Departement:
    """The département of that code, made where it is missing."""
    found = session.get(Departement, code)
    if found is None:
        found = Departement(code=code, name=name)
        session.add(found)
        session.flush()
    return found


def make_kind(session: Session, code: str = "journee", **values: Any) -> EventKind:
    """The kind of that code, made where it is missing."""
    found = session.get(EventKind, code)
    if found is None:
        values = {
            "label": "Journée",
            "family": KindFamily.EVENT,
            "counted_by": CountingUnit.DAY,
        } | values
        found = EventKind(code=code, **values)
        session.add(found)
        session.flush()
    return found


def make_category(session: Session, code: str = "mediateur") -> Category:
    """The category of that code, made where it is missing."""
    found = session.get(Category, code)
    if found is None:
        found = Category(code=code, label="Médiatrice ou médiateur numérique", lacoop="mediators")
        session.add(found)
        session.flush()
    return found


def make_event(session: Session, **values: Any) -> Event:
    """A published one-day event in the Loiret, 8 April 2027, 9:00 to 17:00, 40 places on site."""
    number = next(_numbers)
    starts_on: date = values.get("starts_on", date(2027, 4, 8))
    values = {
        "slug": f"evenement-{number}",
        "title": f"Évènement {number}",
        "kind_code": make_kind(session).code,
        "state": EventState.PUBLISHED,
        "starts_on": starts_on,
        "ends_on": starts_on,
        "starts_at": datetime(starts_on.year, starts_on.month, starts_on.day, 7, 0, tzinfo=UTC),
        "ends_at": datetime(starts_on.year, starts_on.month, starts_on.day, 15, 0, tzinfo=UTC),
        "capacity_onsite": 40,
        "contact_name": "Nadège Lemoine",
        "contact_email": "nadege@example.org",
        "place": "Halle du Port-Vieux",
        "door_epoch": f"epoch{number}",
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    } | values
    values.setdefault("departements", [make_departement(session)])
    values.setdefault("search_text", search_text(str(values["title"])))
    event = Event(**values)
    session.add(event)
    session.commit()
    return event


def make_person(
    session: Session, given_name: str = "Camille", family_name: str = "Brossard", **values: Any
) -> Person:
    """A person with an address of their own."""
    number = next(_numbers)
    email = values.pop("email", f"personne{number}@example.org")
    person = Person(
        given_name=given_name,
        family_name=family_name,
        name_key=name_key(f"{given_name} {family_name}"),
        sort_key=name_key(f"{family_name} {given_name}"),
        email=email,
        email_key=email_key(email) if email else None,
        created_at=MADE_AT,
        **values,
    )
    session.add(person)
    session.flush()
    return person


def make_structure(session: Session, name: str | None = None, **values: Any) -> Structure:
    """A structure of that name."""
    name = name or f"Structure {next(_numbers)}"
    structure = Structure(name=name, name_key=name_key(name), **values)
    session.add(structure)
    session.flush()
    return structure


def make_registration(
    session: Session, event: Event, person: Person | None = None, **values: Any
) -> Registration:
    """A confirmed online registration that holds no counted place (see services for the rest)."""
    number = next(_numbers)
    values = {
        "state": RegistrationState.CONFIRMED,
        "origin": RegistrationOrigin.ONLINE,
        "created_at": MADE_AT + timedelta(minutes=number),
        "updated_at": MADE_AT,
    } | values
    registration = Registration(event_id=event.id, person=person or make_person(session), **values)
    session.add(registration)
    session.commit()
    return registration


def make_account(
    session: Session,
    role: AccountRole = AccountRole.ADMINISTRATOR,
    departements: tuple[str, ...] = (),
    **values: Any,
) -> Account:
    """A staff account of that role and territory."""
    number = next(_numbers)
    email = values.pop("email", f"equipe{number}@example.org")
    account = Account(
        email=email,
        email_key=email_key(email),
        display_name=values.pop("display_name", f"Équipe {number}"),
        role=role,
        departements=[
            make_departement(session, code, f"Département {code}") for code in departements
        ],
        created_at=MADE_AT,
        **values,
    )
    session.add(account)
    session.commit()
    return account


def make_series(session: Session, **values: Any) -> Series:
    """A quarterly series of the Loiret, from 2026 on, without any event."""
    number = next(_numbers)
    values = {
        "slug": f"serie-{number}",
        "title": f"Série {number}",
        "kind_code": make_kind(session).code,
        "cadences": [SeriesCadence(since=date(2026, 1, 1), half_months=6)],
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    } | values
    values.setdefault("departements", [make_departement(session)])
    series = Series(**values)
    session.add(series)
    session.commit()
    return series


def make_member(
    session: Session, series: Series, person: Person | None = None, **values: Any
) -> SeriesMember:
    """Someone invited to each event of the series."""
    values = {"added_at": MADE_AT} | values
    member = SeriesMember(series_id=series.id, person=person or make_person(session), **values)
    session.add(member)
    session.commit()
    return member
