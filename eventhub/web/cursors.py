"""Cursors of lists: opaque to the caller, a place in a stable order to us."""

import base64
import binascii
import re
from datetime import date

from eventhub.domain.errors import InvalidInput
from eventhub.queries.event_pages import EventPosition

# PostgreSQL refuses a number beyond 64 bits; no event's number is that long.
_EVENT_NUMBER = re.compile(r"[0-9]{1,18}")


def write_cursor(*parts: str) -> str:
    """A cursor that holds `parts`, none of which contains a bar."""
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


def read_cursor(cursor: str, size: int) -> list[str]:
    """The `size` parts of a cursor. Raises InvalidInput where it is none of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = base64.urlsafe_b64decode(padded.encode("ascii")).decode().split("|")
    except (binascii.Error, UnicodeError) as error:
        raise invalid_cursor() from error
    if len(parts) != size:
        raise invalid_cursor()
    return parts


def invalid_cursor() -> InvalidInput:
    """The answer to a cursor that cannot be read."""
    return InvalidInput({"cursor": "Ce curseur n’est pas lisible."})


def event_position(cursor: str) -> EventPosition | None:
    """The place of a list of events, or None for its beginning. Raises InvalidInput."""
    if not cursor:
        return None
    starts_on, event_id = read_cursor(cursor, 2)
    if not _EVENT_NUMBER.fullmatch(event_id):
        raise invalid_cursor()
    try:
        return EventPosition(date.fromisoformat(starts_on), int(event_id))
    except ValueError as error:
        raise invalid_cursor() from error
