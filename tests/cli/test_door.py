"""`eventhub door …`."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.cli.door import door
from eventhub.models.door import Device, DevicePairing
from eventhub.services.door.pairing import hash_secret
from tests.factories import make_event


def test_the_last_word_is_the_token_of_a_device_that_works(app: Flask, session: Session) -> None:
    event = make_event(session)
    done = app.test_cli_runner().invoke(door, ["add", event.slug, "--name", "Accueil 1"])
    assert done.exit_code == 0
    assert done.stdout.startswith("Accueil 1 ")
    token = done.stdout.split()[-1]
    (device,) = session.scalars(select(Device).where(Device.event_id == event.id))
    assert device.token_hash == hash_secret(token)
    copy = app.test_client().get(
        "/api/v1/door/snapshot", headers={"Authorization": f"Bearer {token}"}
    )
    assert [checkpoint["label"] for checkpoint in copy.get_json()["checkpoints"]] == ["Entrée"]


def test_a_link_is_printed_instead(app: Flask, session: Session) -> None:
    event = make_event(session)
    done = app.test_cli_runner().invoke(
        door, ["add", event.slug, "--name", "Accueil 1", "--link", "--pin", "2468"]
    )
    (pairing,) = session.scalars(select(DevicePairing).where(DevicePairing.event_id == event.id))
    link, _, code = done.stdout.strip().rpartition("/")
    assert link == "http://127.0.0.1:8000/accueil/ajouter"
    assert pairing.code_hash == hash_secret(code)
    assert pairing.pin_hash is not None
    assert session.scalars(select(Device).where(Device.event_id == event.id)).all() == []


def test_mistakes_are_told_in_one_line(app: Flask, session: Session) -> None:
    event = make_event(session)
    for arguments, told in (
        (["add", "nowhere", "--name", "A"], "there is no event nowhere"),
        (["add", event.slug, "--name", " "], "Donnez un nom au poste"),
        (["add", event.slug, "--name", "A", "--link", "--pin", "12"], "Le code PIN a de 4 à 8"),
        (["add", event.slug, "--name", "A", "--pin", "1234"], "--pin goes with --link"),
    ):
        done = app.test_cli_runner().invoke(door, arguments)
        assert done.exit_code != 0
        assert told in done.stderr
        assert done.stdout == ""
