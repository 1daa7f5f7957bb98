from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, LastAdministrator, LinkExpired
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account, SignInLink
from eventhub.models.audit import AuditEntry
from eventhub.models.mail import OutgoingMail
from eventhub.services.accounts import (
    LINK_LASTS,
    add_account,
    change_account,
    deactivate_account,
    is_live_link,
    mail_sign_in_link,
    make_sign_in_link,
    reactivate_account,
    use_sign_in_link,
)
from tests.factories import make_account, make_departement


def link_of(token: str) -> str:
    return f"https://hub.example.org/connexion/{token}"


def test_an_account_keeps_its_address_role_and_territory(session: Session, now: datetime) -> None:
    make_departement(session, "37", "Indre-et-Loire")
    make_departement(session, "41", "Loir-et-Cher")
    made = add_account(
        session, " Nadege@Example.org", AccountRole.ORGANISER, ["41", "37"], now, by=None
    )
    assert (made.email, made.email_key) == ("Nadege@example.org", "nadege@example.org")
    assert [departement.code for departement in made.departements] == ["37", "41"]
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor, entry.subject, entry.detail) == (
        "account-added",
        "ligne de commande",
        f"account:{made.id}",
        {"role": "organiser", "departements": ["37", "41"]},
    )


def test_an_address_has_one_account_whatever_its_case(session: Session, now: datetime) -> None:
    make_account(session, email="nadege@example.org")
    with pytest.raises(InvalidInput) as refused:
        add_account(session, "NADEGE@example.org", AccountRole.STAFF, [], now, by=None)
    assert refused.value.fields == {"email": "Un compte existe déjà avec cette adresse."}


def test_an_unknown_departement_is_refused(session: Session, now: datetime) -> None:
    make_departement(session, "37")
    with pytest.raises(InvalidInput) as refused:
        add_account(session, "a@example.org", AccountRole.ORGANISER, ["37", "99"], now, by=None)
    assert refused.value.fields == {"departement_codes": "Département inconnu\u00a0: 99."}


def test_an_administrator_has_no_territory(session: Session, now: datetime) -> None:
    make_departement(session, "37")
    made = add_account(session, "a@example.org", AccountRole.ADMINISTRATOR, ["37"], now, by=None)
    assert made.departements == []


def test_a_link_is_kept_hashed_and_serves_once(session: Session, now: datetime) -> None:
    account = make_account(session)
    token = make_sign_in_link(session, account, now)
    assert token not in session.scalars(select(SignInLink)).one().token_hash
    assert is_live_link(session, token, now)
    assert use_sign_in_link(session, token, now) is account
    assert account.last_signed_in_at == now
    assert not is_live_link(session, token, now)
    with pytest.raises(LinkExpired):
        use_sign_in_link(session, token, now)


def test_a_link_lasts_half_an_hour(session: Session, now: datetime) -> None:
    token = make_sign_in_link(session, make_account(session), now)
    assert is_live_link(session, token, now + timedelta(minutes=29, seconds=59))
    with pytest.raises(LinkExpired):
        use_sign_in_link(session, token, now + timedelta(minutes=30))


def test_signing_in_voids_the_other_links_of_the_account(session: Session, now: datetime) -> None:
    account = make_account(session)
    other = make_sign_in_link(session, make_account(session), now)
    first, second = (make_sign_in_link(session, account, now) for _ in range(2))
    use_sign_in_link(session, second, now)
    session.expire_all()
    assert not is_live_link(session, first, now)
    assert is_live_link(session, other, now)


def test_an_unknown_token_is_refused(session: Session, now: datetime) -> None:
    make_sign_in_link(session, make_account(session), now)
    with pytest.raises(LinkExpired):
        use_sign_in_link(session, "unknown", now)


def test_the_link_is_mailed_to_the_address_of_the_account(session: Session, now: datetime) -> None:
    make_account(session, email="nadege@example.org")
    mail_sign_in_link(session, "Nadege@EXAMPLE.org ", now, link_of)
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.kind, mail.to) == ("sign-in", "nadege@example.org")
    token = mail.params["link"].rpartition("/")[2]
    assert use_sign_in_link(session, token, now).email == "nadege@example.org"


@pytest.mark.parametrize("email", ["unknown@example.org", "closed@example.org"])
def test_nothing_is_mailed_to_other_addresses(session: Session, now: datetime, email: str) -> None:
    make_account(session, email="closed@example.org", active=False)
    mail_sign_in_link(session, email, now, link_of)
    assert session.scalars(select(OutgoingMail)).all() == []


def test_a_mailbox_gets_five_links_in_half_an_hour_at_most(session: Session, now: datetime) -> None:
    make_account(session, email="nadege@example.org")
    for _ in range(7):
        mail_sign_in_link(session, "nadege@example.org", now, link_of)
    assert len(session.scalars(select(OutgoingMail)).all()) == 5
    mail_sign_in_link(session, "nadege@example.org", now + LINK_LASTS, link_of)
    assert len(session.scalars(select(OutgoingMail)).all()) == 6


def test_a_closed_account_is_signed_out_everywhere_and_its_links_are_void(
    session: Session, now: datetime
) -> None:
    administrator = make_account(session)
    account = make_account(session, AccountRole.STAFF)
    token = make_sign_in_link(session, account, now)
    deactivate_account(session, account, now, by=administrator)
    assert (account.active, account.session_version) == (False, 2)
    reactivate_account(session, account, now, by=administrator)
    session.expire_all()
    assert (account.active, account.session_version) == (True, 2)
    assert not is_live_link(session, token, now)
    assert [entry.action for entry in session.scalars(select(AuditEntry))] == [
        "account-deactivated",
        "account-reactivated",
    ]


def test_the_last_administrator_stays(session: Session, now: datetime) -> None:
    closed = make_account(session, active=False)
    last = make_account(session)
    with pytest.raises(LastAdministrator):
        deactivate_account(session, last, now, by=last)
    with pytest.raises(LastAdministrator):
        change_account(session, last, AccountRole.STAFF, [], now, display_name="", by=last)
    assert (closed.active, last.active, last.role) == (False, True, AccountRole.ADMINISTRATOR)
    other = make_account(session)
    deactivate_account(session, last, now, by=other)
    assert not last.active


def test_an_account_can_change_role_and_territory(session: Session, now: datetime) -> None:
    administrator = make_account(session)
    account = make_account(session, AccountRole.ORGANISER, ("37",))
    make_departement(session, "18", "Cher")
    change_account(
        session,
        account,
        AccountRole.STAFF_FIGURES,
        ["18"],
        now,
        display_name="Inès",
        by=administrator,
    )
    session.expire_all()
    changed = session.get_one(Account, account.id)
    assert (changed.role, changed.display_name, [d.code for d in changed.departements]) == (
        AccountRole.STAFF_FIGURES,
        "Inès",
        ["18"],
    )
