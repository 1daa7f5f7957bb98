"""The one way in which an entry point writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from eventhub.extensions import db
from eventhub.models.base import begin_writing


@contextmanager
def write_transaction() -> Iterator[Session]:
    """Open a writing transaction; commit once when the block ends, roll back when it raises.

    Whatever was read before is expired: load what the service needs inside the block.
    """
    session = db.session()
    begin_writing(session)
    try:
        yield session
    except BaseException:
        session.rollback()
        raise
    session.commit()
