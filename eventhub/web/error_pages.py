"""error_pages."""

from flask import Flask


def init_error_pages(app: Flask) -> None:
    """Set up."""
