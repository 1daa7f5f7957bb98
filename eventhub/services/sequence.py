"""The event's change counter, which the doors' copies follow."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from eventhub.models.event import Event


def next_sequence(session: Session, event_id: int) -> int:
    """Raise and return the event's sequence; the event's row stays locked until the commit.

    Call it in the transaction that changes the row which takes the number, so that a copy never
    misses a change committed late.
    """
    statement = (
        update(Event)
        .where(Event.id == event_id)
        .values(door_sequence=Event.door_sequence + 1)
        .returning(Event.door_sequence)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).scalar_one()
