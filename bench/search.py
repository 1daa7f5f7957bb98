"""What a search costs among thousands of events, beside a page that shows ten rows by key."""

import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import joinedload, selectinload

import config
from bench.result import Result
from bench.search_world import EVENTS, RARE, fill
from eventhub.app import create_app
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.reference import departement_total
from eventhub.services.accounts import add_account, make_sign_in_link
from eventhub.web.agenda_rows import event_row
from eventhub.web.clock import now
from eventhub.web.transactions import write_transaction
from tools.postgres import start_postgres

MOST = 4.0
"""How many pages by key a search may cost."""
ROUNDS = 15
ROWS = 10
FLOOR = "/bench/ten-rows"

WORDS = {
    "rare": RARE,
    "common": "rencontre",
    "several": "rencontre emploi gien",
    "inclusive": "médiateur·rice·s",
    "none": "introuvable",
}
PAGES = {
    "public": "/recherche",
    "organisers": "/organisation/recherche",
    "agenda": "/",
    "my-events": "/organisation/",
}
_PAGE = (
    "{% extends 'base.html' %}{% from 'macros/events.html' import event_list %}"
    "{% block content %}<div class=wrap><h1>Dix lignes</h1>{{ event_list(rows) }}</div>"
    "{% endblock %}"
)
_SECRET = "a key for benchmarks, of no worth elsewhere"  # noqa: S105 - no secret


def searches() -> Iterator[Result]:
    """Every page with a search and every sort of words, on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="eventhub-bench-") as folder:
        yield from _on("sqlite", f"sqlite:///{folder}/search.sqlite3", Path(folder))
        with start_postgres("eventhub_bench") as url:
            yield from _on("postgresql", url, Path(folder))


def _on(backend: str, url: str, folder: Path) -> Iterator[Result]:
    with _application(url, folder) as app:
        client = _organiser(app)
        for page, path in PAGES.items():
            for kind, typed in WORDS.items():
                value, floor = _beside_the_floor(client, path, typed)
                yield Result(
                    f"search.{backend}.{page}.{kind}",
                    value,
                    "ms",
                    floor=floor,
                    target=MOST,
                    at_most=True,
                )


@contextmanager
def _application(url: str, folder: Path) -> Iterator[Flask]:
    environment = {
        **os.environ,
        "EVENTHUB_INSTANCE_PATH": str(folder),
        "EVENTHUB_SECRET_KEY": _SECRET,
        "EVENTHUB_DATABASE_URL": url,
        "EVENTHUB_LOG_LEVEL": "WARNING",
    }
    for words in (("db", "upgrade"), ("season", "load")):
        command = [str(Path(sys.executable).parent / "eventhub"), *words]
        subprocess.run(command, env=environment, capture_output=True, check=True)
    app = create_app(
        config.load(environment), RATELIMIT_ENABLED=False, WTF_CSRF_ENABLED=False, TESTING=True
    )
    logging.disable(logging.CRITICAL)
    _ten_rows(app)
    with app.app_context():
        with write_transaction() as session:
            fill(session, date.today())  # noqa: DTZ011 - any day does
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


def _organiser(app: Flask) -> FlaskClient:
    """A browser in which an administrator is signed in: nobody finds more."""
    with app.app_context(), write_transaction() as session:
        account = add_account(
            session, "banc@example.org", AccountRole.ADMINISTRATOR, [], now(), by=None
        )
        token = make_sign_in_link(session, account, now())
    client = app.test_client()
    client.post(f"/connexion/{token}")
    return client


def _ten_rows(app: Flask) -> None:
    """Add the floor: ten events read by their keys, shown as the agenda shows them."""

    def ten_rows() -> str:
        session, moment = db.session(), now()
        step = EVENTS // ROWS
        events = session.scalars(
            select(Event)
            .where(Event.id.in_([1 + step * number for number in range(ROWS)]))
            .options(
                joinedload(Event.kind),
                selectinload(Event.departements),
                selectinload(Event.alternatives),
            )
        )
        total = departement_total(session)
        rows = [
            event_row(event, moment, departement_total=total, with_year=True) for event in events
        ]
        return render_template_string(_PAGE, rows=rows)

    app.add_url_rule(FLOOR, view_func=ten_rows)


def _beside_the_floor(client: FlaskClient, path: str, typed: str) -> tuple[float, float]:
    """Milliseconds of a search and of the floor: medians, one measured right after the other."""

    def asked(path: str, **query: str) -> Callable[[], float]:
        def run() -> float:
            began = time.perf_counter()
            answer = client.get(path, query_string=query)
            took = time.perf_counter() - began
            assert answer.status_code == 200, (path, answer.status_code)
            return took * 1000

        run()  # warms caches of statements and templates
        return run

    search, floor = asked(path, q=typed), asked(FLOOR)
    pairs = [(search(), floor()) for _ in range(ROUNDS)]
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
    )
