"""Structured logs: one JSON object a line, on standard error; no name, address or secret."""

import json
import logging
import re
import sys
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

_SECRET_PATHS = re.compile(
    r"^(?P<stem>/(?:mon-inscription|mon-agenda|accueil/ajouter|connexion)/)[^/]+"
)


class JsonFormatter(logging.Formatter):
    """Writes a record, with the fields given as `extra={"fields": {…}}`, as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def init_logs(app: Flask, level: str) -> None:
    """Send the application's log to standard error and note each request with its duration.

    Effects: replaces the handlers of the `eventhub` logger. The part of an address that is a
    secret (a participant's link, a pairing code, a sign-in link) is never written.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("eventhub")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
    requests = logging.getLogger("eventhub.request")

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
        g.request_id = uuid.uuid4().hex[:12]

    @app.after_request
    def note(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
            if requests.isEnabledFor(logging.INFO):
                fields = {
                    "request": g.request_id,
                    "method": request.method,
                    "path": public_path(request.path),
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - g.started) * 1000, 1),
                }
                requests.info("request", extra={"fields": fields})
        return response


def public_path(path: str) -> str:
    """`path` with its secret part, if any, replaced by dots."""
    return _SECRET_PATHS.sub(r"\g<stem>…", path)
