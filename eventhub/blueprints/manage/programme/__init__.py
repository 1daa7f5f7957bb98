"""The tab « Programme »: an editor that needs no script."""

from eventhub.blueprints.manage.programme import (  # the modules add their routes to `bp`
    activities,
    copying,
    moves,
    rooms,
)

__all__ = ["activities", "copying", "moves", "rooms"]
