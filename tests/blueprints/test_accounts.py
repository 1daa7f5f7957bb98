"""Signing in by a mailed link, as a browser sees it."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from eventhub.app import create_app
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db, limiter
from eventhub.models.account import Account
from eventhub.models.mail import OutgoingMail
from eventhub.services.accounts import deactivate_account, make_sign_in_link
from eventhub.web.auth import local_path
from eventhub.web.clock import now as clock
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account


def link_path(session: Session) -> str:
    """The path of the link in the last mail."""
    mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert mail is not None
    link: str = mail.params["link"]
    return link.removeprefix("http://127.0.0.1:8000")


def test_the_way_in_is_an_address_a_mail_and_a_button(
    client: FlaskClient, session: Session
) -> None:
    make_account(session, email="nadege@example.org")
    asked = client.get("/organisation/evenements/nec?etat=x")
    assert (asked.status_code, asked.location) == (
        303,
        "/connexion?next=/organisation/evenements/nec?etat%3Dx",
    )
    sent = client.post(asked.location, data={"email": "nadege@example.org"})
    assert (sent.status_code, sent.location) == (303, "/connexion/envoyee")
    path = link_path(session)
    page = client.get(path)
    assert page.status_code == 200
    assert page.text.count("<button") == 1
    assert client.get("/organisation/").status_code == 303
    done = client.post(path)
    assert (done.status_code, done.location) == (303, "/organisation/evenements/nec?etat=x")
    assert client.get("/organisation/").status_code == 200


def test_opening_the_link_uses_nothing_up(client: FlaskClient, session: Session) -> None:
    token = make_sign_in_link(session, make_account(session), clock())
    session.commit()
    for _ in range(3):
        assert client.get(f"/connexion/{token}").status_code == 200
    assert client.head(f"/connexion/{token}").status_code == 200
    assert client.post(f"/connexion/{token}").status_code == 303


def test_a_link_serves_once(app: Flask, session: Session) -> None:
    token = make_sign_in_link(session, make_account(session), clock())
    session.commit()
    assert app.test_client().post(f"/connexion/{token}").status_code == 303
    other = app.test_client()
    assert other.get(f"/connexion/{token}").status_code == 410
    assert other.post(f"/connexion/{token}").status_code == 410
    assert other.get("/organisation/").status_code == 303


def test_the_answer_does_not_tell_whether_the_address_is_known(
    client: FlaskClient, session: Session
) -> None:
    make_account(session, email="known@example.org")
    make_account(session, email="closed@example.org", active=False)
    answers = [
        client.post("/connexion", data={"email": f"{name}@example.org"}, follow_redirects=True)
        for name in ("known", "closed", "unknown")
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}) == 1
    assert [mail.to for mail in session.scalars(select(OutgoingMail))] == ["known@example.org"]


def test_what_is_no_address_comes_back_with_what_was_typed(client: FlaskClient) -> None:
    page = client.post("/connexion", data={"email": "nadege@"})
    assert page.status_code == 422
    assert 'value="nadege@"' in page.text
    assert 'href="#email"' in page.text


@pytest.mark.parametrize(
    "raw",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "/\t/example.org",
        "\\\\example.org",
        "example.org",
        "javascript:alert(1)",
        "/a\nb",
        "",
        None,
    ],
)
def test_only_a_path_of_this_site_is_gone_to(raw: str | None) -> None:
    assert local_path(raw) == ""


def test_a_foreign_address_is_not_gone_to(client: FlaskClient, session: Session) -> None:
    token = make_sign_in_link(session, make_account(session), clock())
    session.commit()
    done = client.post(f"/connexion/{token}?next=https://example.org/")
    assert done.location == "/organisation/"


def test_what_the_session_held_before_signing_in_is_dropped(app: Flask, session: Session) -> None:
    client = app.test_client()
    with client.session_transaction() as before:
        before["planted"] = "by someone else"
    token = make_sign_in_link(session, make_account(session), clock())
    session.commit()
    client.post(f"/connexion/{token}")
    with client.session_transaction() as after:
        assert "planted" not in after


def test_signing_out_is_a_post_and_ends_the_session(app: Flask, session: Session) -> None:
    client = signed_in(app, session, make_account(session))
    assert client.get("/deconnexion").status_code == 405
    assert client.get("/organisation/").status_code == 200
    assert client.post("/deconnexion").status_code == 303
    assert client.get("/organisation/").status_code == 303


def test_a_closed_account_is_signed_out_everywhere(
    app: Flask, session: Session, now: datetime
) -> None:
    account = make_account(session, AccountRole.STAFF)
    browsers = [signed_in(app, session, account) for _ in range(2)]
    deactivate_account(session, account, now, by=None)
    session.commit()
    assert [browser.get("/organisation/").status_code for browser in browsers] == [303, 303]


def test_a_session_of_nobody_is_nobody(client: FlaskClient, session: Session) -> None:
    make_account(session)
    for identity in ("", "1", "x.y", "1.999", "999.1"):
        with client.session_transaction() as held:
            held["_user_id"] = identity
        assert client.get("/organisation/").status_code == 303


def test_a_link_out_of_date_says_so(client: FlaskClient, session: Session) -> None:
    account: Account = make_account(session)
    token = make_sign_in_link(session, account, clock() - timedelta(minutes=31))
    session.commit()
    page = client.get(f"/connexion/{token}")
    assert page.status_code == 410
    assert "Ce lien ne sert plus" in page.text


def test_asking_for_links_is_limited(live_settings: config.Settings) -> None:
    app = create_app(live_settings, TESTING=True, RATELIMIT_ENABLED=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    asked = [
        client.post("/connexion", data={"email": f"someone{number}@example.org"}).status_code
        for number in range(11)
    ]
    limiter.enabled = False  # the extension is one for all applications of the run
    assert asked == [303] * 10 + [429]
    with app.app_context():
        db.engine.dispose()
