"""Tables, constraints and relationships. Importing this package registers every table."""

from eventhub.models import (
    account,
    attendance,
    audit,
    door,
    event,
    figure,
    mail,
    minutes,
    person,
    registration,
    series,
    structure,
    territory,
)
from eventhub.models.base import Base

__all__ = [
    "Base",
    "account",
    "attendance",
    "audit",
    "door",
    "event",
    "figure",
    "mail",
    "minutes",
    "person",
    "registration",
    "series",
    "structure",
    "territory",
]
