"""Accounts as administrators manage them in their browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.queries.accounts import account_by_email
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_departement

TYPED = {
    "display_name": "Inès Aubertin",
    "email": "ines@example.org",
    "role": "organiser",
    "departement_codes": ["37"],
}


@pytest.fixture
def administrator(session: Session) -> Account:
    make_departement(session, "37", "Indre-et-Loire")
    make_departement(session, "41", "Loir-et-Cher")
    return make_account(session, display_name="Nadège Lemoine")


@pytest.fixture
def nadege(app: Flask, session: Session, administrator: Account) -> FlaskClient:
    return signed_in(app, session, administrator)


def test_an_account_is_opened_and_listed(nadege: FlaskClient, session: Session) -> None:
    assert nadege.post("/organisation/comptes/nouveau", data=TYPED).status_code == 303
    made = account_by_email(session, "ines@example.org")
    assert made is not None
    assert (made.role, [d.code for d in made.departements]) == (AccountRole.ORGANISER, ["37"])
    page = nadege.get("/organisation/comptes").text
    for word in ("Inès Aubertin", "ines@example.org", "Indre-et-Loire", "Jamais"):
        assert word in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "ines@"}, "email"),
        ({"email": "known@example.org"}, "email"),
        ({"display_name": ""}, "display_name"),
        ({"departement_codes": ["99"]}, "departement_codes"),
    ],
)
def test_an_invalid_form_comes_back_and_no_account_is_opened(
    nadege: FlaskClient, session: Session, typed: dict[str, object], field: str
) -> None:
    make_account(session, email="known@example.org")
    before = len(session.scalars(select(Account)).all())
    page = nadege.post("/organisation/comptes/nouveau", data=TYPED | typed)
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert len(session.scalars(select(Account)).all()) == before


def test_role_and_territory_change(nadege: FlaskClient, session: Session) -> None:
    account = make_account(session, AccountRole.ORGANISER, ("37",))
    path = f"/organisation/comptes/{account.id}"
    assert nadege.get(path).status_code == 200
    typed = {"display_name": "Inès", "role": "staff", "departement_codes": ["41"]}
    assert nadege.post(path, data=typed).status_code == 303
    session.expire_all()
    assert (account.role, [d.code for d in account.departements]) == (AccountRole.STAFF, ["41"])


def test_closing_asks_first_and_signs_out_everywhere(
    nadege: FlaskClient, app: Flask, session: Session
) -> None:
    account = make_account(session, AccountRole.ORGANISER, display_name="Inès")
    theirs = signed_in(app, session, account)
    path = f"/organisation/comptes/{account.id}/fermer"
    assert "Fermer le compte d’Inès" in nadege.get(path).text
    assert theirs.get("/organisation/").status_code == 200
    assert nadege.post(path).status_code == 303
    assert theirs.get("/organisation/").status_code == 303
    assert "Comptes fermés" in nadege.get("/organisation/comptes").text
    assert nadege.post(f"/organisation/comptes/{account.id}/rouvrir").status_code == 303
    assert theirs.get("/organisation/").status_code == 303
    session.expire_all()
    assert account.active


def test_the_last_administrator_stays(
    nadege: FlaskClient, session: Session, administrator: Account
) -> None:
    path = f"/organisation/comptes/{administrator.id}"
    assert nadege.post(f"{path}/fermer").status_code == 409
    page = nadege.post(path, data={"display_name": "Nadège", "role": "staff"})
    assert page.status_code == 422
    assert "seul compte d’administration" in page.text
    session.expire_all()
    assert (administrator.active, administrator.role) == (True, AccountRole.ADMINISTRATOR)


def test_a_session_that_moved_signs_in_again_before_it_manages_accounts(
    nadege: FlaskClient,
) -> None:
    moved = {"User-Agent": "another browser"}
    assert nadege.get("/organisation/", headers=moved).status_code == 200
    asked = nadege.get("/organisation/comptes", headers=moved)
    assert (asked.status_code, asked.location) == (303, "/connexion?next=/organisation/comptes")
    page = nadege.get(asked.location, headers=moved)
    assert page.status_code == 200
    assert "Vous avez changé de réseau" in page.text


def test_only_administrators_see_the_way_to_accounts(app: Flask, session: Session) -> None:
    organiser = signed_in(app, session, make_account(session, AccountRole.ORGANISER))
    assert "/organisation/comptes" not in organiser.get("/organisation/").text
    administrator = signed_in(app, session, make_account(session))
    assert "/organisation/comptes" in administrator.get("/organisation/").text
