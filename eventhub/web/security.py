"""security."""

from flask import Flask


def init_security(app: Flask) -> None:
    """Set up."""
