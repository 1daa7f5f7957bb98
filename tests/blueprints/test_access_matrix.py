"""Who may ask what: every route of the application, asked by everyone in the list of rights.

The expected answers are in access_matrix.txt, one line a route; a route without a line fails,
and the failure prints the line to read, judge and copy.
"""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from eventhub.domain.event import EventState
from eventhub.queries.events import event_by_slug
from tests.blueprints.access_world import make_world, undone

TABLE = Path(__file__).with_name("access_matrix.txt")
UNMATCHED_METHODS = {"HEAD", "OPTIONS"}

Key = tuple[str, str]


def routes(app: Flask) -> dict[Key, Rule]:
    """Every method of every address."""
    return {
        (method, rule.rule): rule
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - UNMATCHED_METHODS)
    }


def expected_answers() -> dict[Key, list[str]]:
    """The table, by method and address."""
    lines = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines()]
    return {
        (words[0], words[1]): words[2:] for words in lines if words and not words[0].startswith("#")
    }


def line(key: Key, answers: list[str]) -> str:
    return f"{key[0]:6} {key[1]:91} {' '.join(f'{answer:3}' for answer in answers)}".rstrip()


def test_every_route_answers_everyone_as_the_table_says(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A view that fails is a 500 in its line, and the other lines are still asked.
    monkeypatch.setitem(app.config, "TESTING", False)
    world = make_world(app, session)
    expected = expected_answers()
    found = routes(app)
    problems = [f"no such route: {line(key, expected[key])}" for key in expected.keys() - found]
    for key, rule in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        if unknown := rule.arguments - world.values.keys():
            problems.append(f"access_world.py has no value for {sorted(unknown)} of {key[1]}")
            continue
        answers = []
        for persona in world.personas.values():
            with undone(session):
                answers.append(world.ask(persona, key[0], rule))
        if key not in expected:
            problems.append(f"not in the table:\n{line(key, answers)}")
        elif answers != expected[key]:
            problems.append(f"expected:\n{line(key, expected[key])}\n{line(key, answers)}")
    assert not problems, "\n".join([*world.personas, *problems])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "in  200 200 403 200 200 200 303"),
        ("/chiffres", "in  200 200 403 200 200 200 200"),
        ("/chiffres.json", "401 200 200 403 200 200 200 200"),
        ("/inscriptions", "in  200 200 403 200 200 200 403"),
        ("/reglages", "in  200 200 403 200 200 403 403"),
    ],
)
def test_a_draft_is_for_those_of_its_territory(
    app: Flask, session: Session, path: str, expected: str
) -> None:
    world = make_world(app, session)
    event = event_by_slug(session, world.values["slug"])
    assert event is not None
    event.state = EventState.DRAFT
    session.commit()
    answers = [
        world.send(persona, "GET", f"/organisation/evenements/{event.slug}{path}")
        for persona in list(world.personas.values())[:8]
    ]
    assert " ".join(f"{answer:3}" for answer in answers) == expected


@pytest.mark.parametrize("path", ["", "/chiffres", "/inscriptions", "/reglages", "/nowhere"])
def test_an_unknown_event_is_not_found(app: Flask, session: Session, path: str) -> None:
    world = make_world(app, session)
    administrator = world.personas["administrator"]
    assert world.send(administrator, "GET", f"/organisation/evenements/inconnu{path}") == "404"
