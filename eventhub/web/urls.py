"""Whole addresses of our pages, from the configured base: never from the Host header."""

from typing import Any

from flask import current_app, url_for


def public_url(endpoint: str, **values: Any) -> str:
    """The address of a page as it stands in mails, QR codes and documents."""
    settings = current_app.config["SETTINGS"]
    return f"{settings.base_url}{url_for(endpoint, **values)}"
