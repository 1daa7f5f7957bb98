from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.mail import MailKind
from eventhub.domain.rights import AccountRole, may_edit_event
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.structure import Structure
from eventhub.queries.accounts import actor_of
from eventhub.services.accounts import deactivate_account, is_live_link
from eventhub.services.co_organisers import invite_co_organiser
from eventhub.services.events import share_event, update_event
from eventhub.services.series_following import held_details
from tests.factories import make_account, make_event, make_structure


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


@pytest.fixture
def by(session: Session) -> Account:
    return make_account(session, AccountRole.ORGANISER, ("45",), display_name="Nadège Lemoine")


def invite(
    session: Session, event: Event, by: Account, now: datetime, email: str = "ines@example.org"
) -> Account:
    made = invite_co_organiser(
        session,
        event,
        email,
        now,
        display_name="Inès Aubertin",
        structure_name="Les Tilleuls",
        by=by,
        link_of=lambda token: f"https://hub.example.org/connexion/{token}",
    )
    session.commit()
    return made


def test_an_unknown_address_gets_an_account_of_its_structure_and_a_mail(
    session: Session, event: Event, by: Account, now: datetime
) -> None:
    made = invite(session, event, by, now, " Ines@Example.org ")
    assert (made.role, made.display_name, made.departements) == (
        AccountRole.CO_ORGANISER,
        "Inès Aubertin",
        [],
    )
    assert made.structure is session.query(Structure).one()
    mail = session.query(OutgoingMail).one()
    token = str(mail.params["link"]).rpartition("/")[2]
    assert (mail.kind, mail.to, mail.params) == (
        MailKind.CO_ORGANISER_INVITED,
        made.email,
        {
            "event_id": event.id,
            "by": "Nadège Lemoine",
            "link": f"https://hub.example.org/connexion/{token}",
        },
    )
    assert is_live_link(session, token, now + timedelta(days=6))
    assert not is_live_link(session, token, now + timedelta(days=7))
    assert may_edit_event(actor_of(session, made), event.id, frozenset({"45"}))
    assert not may_edit_event(actor_of(session, made), make_event(session).id, frozenset({"45"}))


@pytest.mark.parametrize("role", [AccountRole.ORGANISER, AccountRole.CO_ORGANISER])
def test_an_account_that_exists_keeps_what_it_is_with_the_event_added(
    session: Session, event: Event, by: Account, now: datetime, role: AccountRole
) -> None:
    codes = ("18",) if role is AccountRole.ORGANISER else ()
    theirs = make_structure(session, "La leur") if role is AccountRole.CO_ORGANISER else None
    held = make_account(
        session, role, codes, email="ines@example.org", display_name="Inès", structure=theirs
    )
    assert invite(session, event, by, now) is held
    assert (held.role, held.display_name, held.structure) == (role, "Inès", theirs)
    assert may_edit_event(actor_of(session, held), event.id, frozenset({"45"}))
    assert session.query(OutgoingMail).count() == 1


@pytest.mark.parametrize(
    ("role", "codes", "said"),
    [
        (AccountRole.ADMINISTRATOR, (), "peut déjà modifier"),
        (AccountRole.ORGANISER, ("45",), "peut déjà modifier"),
        (AccountRole.ORGANISER, (), "peut déjà modifier"),
        (AccountRole.STAFF, (), "a le rôle"),
        (AccountRole.STAFF_FIGURES, ("45",), "a le rôle"),
    ],
)
def test_who_may_already_or_never_could_is_not_invited(
    session: Session,
    event: Event,
    by: Account,
    now: datetime,
    role: AccountRole,
    codes: tuple[str, ...],
    said: str,
) -> None:
    make_account(session, role, codes, email="ines@example.org")
    with pytest.raises(InvalidInput) as refused:
        invite(session, event, by, now)
    assert said in refused.value.fields["email"]
    assert session.query(OutgoingMail).count() == 0


def test_a_closed_account_and_a_second_invitation_are_refused(
    session: Session, event: Event, by: Account, now: datetime
) -> None:
    held = invite(session, event, by, now)
    with pytest.raises(InvalidInput, match="peut déjà modifier"):
        invite(session, event, by, now)
    share_event(session, event, [], now, account=by)
    session.expire_all()
    assert not may_edit_event(actor_of(session, held), event.id, frozenset({"45"}))
    deactivate_account(session, held, now, by=None)
    with pytest.raises(InvalidInput, match="Ce compte est fermé"):
        invite(session, event, by, now)


def test_what_is_no_address_is_refused(
    session: Session, event: Event, by: Account, now: datetime
) -> None:
    with pytest.raises(InvalidInput):
        invite(session, event, by, now, "nowhere")


@pytest.mark.parametrize("codes", [("18",), ("18", "45"), ()])
def test_whom_an_event_is_shared_with_does_not_move_it_to_another_territory(
    session: Session, event: Event, by: Account, now: datetime, codes: tuple[str, ...]
) -> None:
    elsewhere = make_account(session, AccountRole.ORGANISER, ("18",))
    guests = [elsewhere, invite(session, event, by, now)]
    share_event(session, event, [guest.id for guest in guests], now, account=by)
    session.commit()
    for guest in guests:
        with pytest.raises(InvalidInput) as refused:
            update_event(
                session,
                event,
                replace(held_details(event), departement_codes=codes),
                now,
                account=guest,
                actor=actor_of(session, guest),
            )
        assert list(refused.value.fields) == ["departement_codes"]
        changed = update_event(
            session,
            event,
            replace(held_details(event), place=f"Chez {guest.id}"),
            now,
            account=guest,
            actor=actor_of(session, guest),
        )
        assert changed == ["place"]
