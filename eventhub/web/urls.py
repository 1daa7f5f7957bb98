"""Whole addresses of our pages, from the configured base: never from the Host header."""

from functools import lru_cache
from typing import Any

from flask import current_app
from werkzeug.routing import Map, MapAdapter


def public_url(endpoint: str, **values: Any) -> str:
    """The address of a page as it stands in mails, QR codes and documents.

    Needs no request: the command line and the mail worker make addresses too. A value of None is
    left out; one that the path has no place for goes to the query string.
    """
    settings = current_app.config["SETTINGS"]
    paths = _paths(current_app.url_map)
    return f"{settings.base_url}{paths.build(endpoint, values)}"


@lru_cache(maxsize=4)
def _paths(rules: Map) -> MapAdapter:
    return rules.bind("")
