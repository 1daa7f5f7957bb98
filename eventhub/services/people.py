"""Persons: found by mailbox and name, or made."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Table, bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.naming import email_key, name_key
from eventhub.domain.registration import (
    EMAIL_MAX,
    clean_line,
    has_hidden_characters,
    why_not_a_name,
)
from eventhub.models.person import Person
from eventhub.models.prepared import Prepared

_PLAIN_ADDRESS = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:com|eu|fr|net|org)"
)
"""Nearly every address that is typed: valid without a further look, which costs ten times more."""

NOT_AN_ADDRESS = "Écrivez une adresse complète, par exemple nom@exemple.fr."
ACCENT_IN_ADDRESS = "Une adresse n’a pas d’accent avant le signe @. Vérifiez-la."


def clean_email(text: str) -> str:
    """The address as it can be written to. Raises InvalidInput (field `email`).

    Only its form is looked at, no network. Source: RFC 5321 §4.1.2, through email-validator.
    """
    address = text.strip(" \u00a0")
    if not address:
        raise InvalidInput({"email": "Remplissez ce champ."})
    if len(address) > EMAIL_MAX or has_hidden_characters(address):
        raise InvalidInput({"email": NOT_AN_ADDRESS})
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    if not address.partition("@")[0].isascii():
        # Few servers take such an address; nearly always it is a slip.
        raise InvalidInput({"email": ACCENT_IN_ADDRESS})
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidInput({"email": NOT_AN_ADDRESS}) from error
    return checked.ascii_email or checked.normalized


def clean_person(
    given_name: str, family_name: str, email: str | None
) -> tuple[str, str, str | None]:
    """The names and the address, cleaned. Raises InvalidInput with a sentence per field."""
    wrong: dict[str, str] = {}
    given_name, family_name = clean_line(given_name), clean_line(family_name)
    for field, name in (("given_name", given_name), ("family_name", family_name)):
        problem = why_not_a_name(name)
        if problem:
            wrong[field] = problem
    if email is not None:
        try:
            email = clean_email(email)
        except InvalidInput as error:
            wrong.update(error.fields)
    if wrong:
        raise InvalidInput(wrong)
    return given_name, family_name, email


def person_key(given_name: str, family_name: str) -> str:
    """The key under which two spellings of a person's name are the same."""
    return name_key(f"{given_name} {family_name}")


def find_or_create_person(
    session: Session, given_name: str, family_name: str, email: str | None, now: datetime
) -> Person:
    """The person of that mailbox and name, made where there is none.

    A second name in a known mailbox is a new person, who carries `shares_mailbox`. Without an
    address nobody can be told apart by name: always a new person. Raises InvalidInput.
    """
    given_name, family_name, email = clean_person(given_name, family_name, email)
    found = None
    if email is not None:
        found = find_person(session, given_name, family_name, email)
    if found is None:
        made = create_person(session, given_name, family_name, email, now)
        found = session.get_one(Person, made)
    return found


def find_person(session: Session, given_name: str, family_name: str, email: str) -> Person | None:
    """The person of that mailbox and name; the one they were merged into, if they were."""
    found = session.scalar(
        select(Person).where(
            Person.email_key == email_key(email),
            Person.name_key == person_key(given_name, family_name),
        )
    )
    while found is not None and found.merged_into_id is not None:
        found = session.get_one(Person, found.merged_into_id)
    return found


def create_person(
    session: Session,
    given_name: str,
    family_name: str,
    email: str | None,
    now: datetime,
    *,
    shares_mailbox: bool | None = None,
) -> int:
    """Add a person (names and address already clean) and return their id.

    Where another transaction has just added the same one, theirs is returned. `shares_mailbox`
    None: look whether the mailbox is already somebody's.
    """
    key = email_key(email) if email else None
    if shares_mailbox is None:
        shares_mailbox = key is not None and bool(
            session.scalar(select(exists().where(Person.email_key == key)))
        )
    values = {
        "given_name": given_name,
        "family_name": family_name,
        "name_key": person_key(given_name, family_name),
        "sort_key": name_key(f"{family_name} {given_name}"),
        "email": email,
        "email_key": key,
        "shares_mailbox": shares_mailbox,
        "created_at": now,
    }
    connection = session.connection()
    made = _INSERT[connection.dialect.name].execute(connection, values).scalar()
    if made is None:
        made = connection.scalar(_ID_BY_KEYS, {"email_key": key, "name_key": values["name_key"]})
    return cast(int, made)


_TABLE = cast(Table, Person.__table__)
_COLUMNS = [
    "given_name",
    "family_name",
    "name_key",
    "sort_key",
    "email",
    "email_key",
    "shares_mailbox",
    "created_at",
]


def _inserting(insert: Callable[[Table], Any]) -> Prepared:
    binds = {name: bindparam(name, type_=_TABLE.c[name].type) for name in _COLUMNS}
    statement = insert(_TABLE).values(binds).on_conflict_do_nothing().returning(_TABLE.c.id)
    return Prepared(statement)


_INSERT = {
    "sqlite": _inserting(sqlite.insert),
    "postgresql": _inserting(postgresql.insert),
}
_ID_BY_KEYS = select(Person.id).where(
    Person.email_key == bindparam("email_key"), Person.name_key == bindparam("name_key")
)
