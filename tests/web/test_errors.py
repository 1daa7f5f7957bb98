"""Every broken rule has its French answer."""

import json

import pytest
from flask import Flask

from eventhub.domain.errors import DomainError, InvalidInput, RegistrationClosed, SeasonFileError
from eventhub.web.errors import ANSWERS, answer_for
from eventhub.web.problems import problem_for


def every_error() -> list[type[DomainError]]:
    found = list(DomainError.__subclasses__())
    for kind in found:
        found.extend(kind.__subclasses__())
    return found


def make(kind: type[DomainError]) -> DomainError:
    if kind is InvalidInput:
        return InvalidInput({"email": "Écrivez une adresse."})
    if kind is RegistrationClosed:
        return RegistrationClosed("over")
    if kind is SeasonFileError:
        return SeasonFileError("events.csv", 2, "kind", "inconnu")
    return kind()


@pytest.mark.parametrize("kind", every_error())
def test_every_broken_rule_has_an_answer_of_its_own(app: Flask, kind: type[DomainError]) -> None:
    assert kind in ANSWERS
    answer = answer_for(make(kind))
    assert 400 <= answer.status < 500
    assert answer.message.endswith((".", "!"))
    with app.test_request_context():
        response = problem_for(make(kind))
    assert response.mimetype == "application/problem+json"
    assert response.status_code == answer.status
    document = json.loads(response.get_data())
    assert (document["code"], document["status"]) == (kind.code, answer.status)


def test_codes_of_errors_are_distinct() -> None:
    codes = [kind.code for kind in every_error()]
    assert sorted(codes) == sorted(set(codes))


def test_fields_at_fault_are_listed_one_by_one(app: Flask) -> None:
    with app.test_request_context():
        document = problem_for(InvalidInput({"email": "Écrivez une adresse."})).get_json()
    assert document["errors"] == [{"field": "email", "message": "Écrivez une adresse."}]
