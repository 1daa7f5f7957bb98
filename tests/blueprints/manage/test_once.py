"""A form whose button is pressed twice makes one thing."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.models.event import Activity, Event
from eventhub.models.figure import Headcount
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_departement, make_event, make_kind

EVENT: dict[str, Any] = {
    "kind_code": "journee",
    "title": "Journée des aidants",
    "starts_on": "2027-05-04",
    "precision": "day",
    "departement_codes": ["45"],
    "mode": "onsite",
    "hub_role": "organiser",
    "contact_email": "nadege@example.org",
}


@pytest.fixture
def browser_of(app: Flask, session: Session) -> FlaskClient:
    make_kind(session)
    make_departement(session)
    return signed_in(app, session, make_account(session))


def sheet_of(client: FlaskClient, address: str) -> str:
    page = client.get(address).get_data(as_text=True)
    found = re.search(r'name="sheet"[^>]*value="([0-9a-f]{32})"', page)
    assert found is not None
    return found[1]


def press_twice(client: FlaskClient, shown: str, address: str, values: dict[str, Any]) -> set[str]:
    values = values | {"sheet": sheet_of(client, shown)}
    answers = [client.post(address, data=values) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    return {answer.headers["Location"] for answer in answers}


def count(session: Session, model: type[Event | Activity | Headcount]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_event_is_made_once(browser_of: FlaskClient, session: Session) -> None:
    address = "/organisation/evenements/nouveau"
    assert len(press_twice(browser_of, f"{address}?vierge=1", address, EVENT)) == 1
    assert count(session, Event) == 1


def test_a_part_of_the_programme_is_made_once(browser_of: FlaskClient, session: Session) -> None:
    make_event(session, slug="nec")
    address = "/organisation/evenements/nec/programme/nouveau"
    values = {"format": "workshop", "title": "Atelier"}
    assert len(press_twice(browser_of, address, address, values)) == 1
    assert count(session, Activity) == 1


def test_a_headcount_is_made_once(browser_of: FlaskClient, session: Session) -> None:
    make_event(session, slug="nec")
    address = "/organisation/evenements/nec/chiffres"
    values = {
        "measure": "participants",
        "member": "",
        "qualifier": "about",
        "value": "30",
        "covers": "whole",
        "source": "Bilan",
    }
    assert len(press_twice(browser_of, address, address, values)) == 1
    assert count(session, Headcount) == 1


def test_two_sheets_make_two_things(browser_of: FlaskClient, session: Session) -> None:
    make_event(session, slug="nec")
    address = "/organisation/evenements/nec/programme/nouveau"
    for _ in range(2):
        sheet = sheet_of(browser_of, address)
        values = {"format": "workshop", "title": "Atelier", "sheet": sheet}
        assert browser_of.post(address, data=values).status_code == 303
    assert count(session, Activity) == 2


@pytest.mark.parametrize("sheet", ["\x00" * 32, "²" * 32, "G" * 32, "a" * 31 + "\n", "a" * 5000])
def test_a_sheet_that_was_not_made_here_is_no_fault(
    browser_of: FlaskClient, session: Session, sheet: str
) -> None:
    address = "/organisation/evenements/nouveau"
    assert browser_of.post(address, data=EVENT | {"sheet": sheet}).status_code == 303
    assert count(session, Event) == 1
