"""Logs say what happened, never who or with which secret."""

import json
import logging

import pytest

from eventhub.web.logs import JsonFormatter, public_path


@pytest.mark.parametrize(
    ("path", "noted"),
    [
        ("/evenements/nec-2027", "/evenements/nec-2027"),
        ("/mon-inscription/aBc123", "/mon-inscription/…"),
        ("/mon-inscription/aBc123/annuler", "/mon-inscription/…/annuler"),
        ("/accueil/ajouter/K7QZ", "/accueil/ajouter/…"),
        ("/connexion/secret", "/connexion/…"),
    ],
)
def test_a_secret_part_of_an_address_is_not_noted(path: str, noted: str) -> None:
    assert public_path(path) == noted


def test_a_record_is_one_line_of_json() -> None:
    record = logging.LogRecord("eventhub", logging.INFO, "", 0, "deux\nlignes", (), None)
    record.fields = {"status": 200}
    line = JsonFormatter().format(record)
    assert "\n" not in line
    parsed = json.loads(line)
    assert (parsed["message"], parsed["status"], parsed["level"]) == ("deux\nlignes", 200, "info")
