"""An event without limits, open now, to register at and to check in."""

from datetime import timedelta

import config
from bench.serving import Served
from eventhub.app import create_app
from eventhub.domain.event import EventState
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.services.checkpoints import default_checkpoints
from eventhub.web.clock import now
from eventhub.web.transactions import write_transaction

SLUG = "banc-d-essai"


def unlimited_event(server: Served) -> str:
    """Make the event on the served database and return its slug."""
    moment = now()
    day = (moment + timedelta(days=1)).date()
    app = create_app(config.load(server.environment))
    with app.app_context(), write_transaction() as session:
        event = Event(
            slug=SLUG,
            title="Banc d’essai",
            kind_code="journee",
            state=EventState.PUBLISHED,
            starts_on=day,
            ends_on=day,
            door_epoch="banc",
            created_at=moment,
            updated_at=moment,
        )
        session.add(event)
        session.flush()
        for checkpoint in default_checkpoints(session, event, moment):
            checkpoint.opens_at = checkpoint.closes_at = None
    with app.app_context():
        db.engine.dispose()
    return SLUG
