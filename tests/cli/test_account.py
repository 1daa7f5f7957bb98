"""`eventhub account …`, as it is typed."""

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from eventhub.cli.account import account
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.queries.accounts import account_by_email
from tests.factories import make_account, make_departement

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    def run_command(*words: str) -> Result:
        return CliRunner().invoke(account, words, obj=ScriptInfo(create_app=lambda: app))

    return run_command


def test_add_makes_an_account_with_its_territory(run: Run, session: Session) -> None:
    make_departement(session, "37", "Indre-et-Loire")
    make_departement(session, "41", "Loir-et-Cher")
    session.commit()
    words = ("nadege@example.org", "--role", "organiser")
    done = run("add", *words, "--departement", "37", "--departement", "41")
    assert (done.exit_code, done.stdout) == (0, "nadege@example.org\n")
    made = account_by_email(db.session(), "nadege@example.org")
    assert made is not None
    assert (made.role, [d.code for d in made.departements]) == (
        AccountRole.ORGANISER,
        ["37", "41"],
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere", "--role", "staff"), "Écrivez une adresse complète"),
        (("known@example.org", "--role", "staff"), "Un compte existe déjà"),
        (
            ("a@example.org", "--role", "organiser", "--departement", "99"),
            "Département inconnu\u00a0: 99",
        ),
    ],
)
def test_a_mistake_is_told_and_nothing_is_added(
    run: Run, session: Session, words: tuple[str, ...], message: str
) -> None:
    make_account(session, email="known@example.org")
    done = run("add", *words)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert message in done.stderr
    assert account_by_email(db.session(), "a@example.org") is None


def test_sign_in_link_prints_the_link_alone(run: Run, session: Session, app: Flask) -> None:
    make_account(session, email="nadege@example.org")
    done = run("sign-in-link", "Nadege@example.org")
    assert done.exit_code == 0
    link = re.fullmatch(r"http://127\.0\.0\.1:8000(/connexion/[\w-]{43})\n", done.stdout)
    assert link is not None
    assert app.test_client().post(link[1]).status_code == 303


@pytest.mark.parametrize("email", ["closed@example.org", "unknown@example.org"])
def test_no_link_is_made_for_a_closed_or_unknown_account(
    run: Run, session: Session, email: str
) -> None:
    make_account(session, email="closed@example.org", active=False)
    done = run("sign-in-link", email)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"there is no active account for {email}" in done.stderr


def test_a_co_organiser_has_no_territory(run: Run, session: Session) -> None:
    make_departement(session, "37", "Indre-et-Loire")
    session.commit()
    done = run("add", "ines@example.org", "--role", "co-organiser", "--departement", "37")
    assert (done.exit_code, done.stdout) == (0, "ines@example.org\n")
    made = account_by_email(db.session(), "ines@example.org")
    assert made is not None
    assert (made.role, made.departements) == (AccountRole.CO_ORGANISER, [])
