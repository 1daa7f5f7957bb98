"""The event's row: its lock, and the change counter that the doors' copies follow."""

from sqlalchemy import update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from eventhub.domain.errors import NotFound
from eventhub.models.event import Event


def lock_event(session: Session, event: Event) -> None:
    """Lock the event's row until the commit, and read it again as it is by then.

    Call it before deciding by the event's state: of two clicks at once the second then sees what
    the first has done. On SQLite a writing transaction is alone already.
    Raises NotFound where the first has deleted it.
    """
    session.flush()
    columns = [column.key for column in Event.__table__.columns]
    try:
        session.refresh(event, columns, with_for_update=True)
    except InvalidRequestError:
        raise NotFound from None


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
