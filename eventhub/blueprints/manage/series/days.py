"""Today, where the events of series take place."""

from datetime import date

from eventhub.exports import wording
from eventhub.services.events import TIMEZONE
from eventhub.web.clock import now


def today() -> date:
    """The day that it is in the events' zone."""
    return wording.local(now(), TIMEZONE).date()
