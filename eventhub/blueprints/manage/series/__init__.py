"""« Séries »: events that recur, their cadence, their next dates, who is invited each time."""

from eventhub.blueprints.manage.series import (  # the modules add their routes to `bp`
    editing,
    generating,
    members,
    pages,
)

__all__ = ["editing", "generating", "members", "pages"]
