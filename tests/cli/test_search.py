from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from eventhub.cli.search import search
from eventhub.models.event import Event
from tests.factories import make_event


def test_rebuilding_corrects_what_is_not_true_and_then_nothing(
    app: Flask, session: Session
) -> None:
    event = make_event(session, title="Café à Gien", place="")
    session.execute(update(Event).values(search_text=""))
    session.commit()

    first = CliRunner().invoke(search, ["rebuild"])
    second = CliRunner().invoke(search, ["rebuild"])

    assert first.output == "1 events, 0 activities, 0 structures, 0 minutes changed\n"
    assert second.output == "0 events, 0 activities, 0 structures, 0 minutes changed\n"
    session.refresh(event)
    assert event.search_text.startswith("cafe a gien\n")
