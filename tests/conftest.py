"""Fixtures: one database per run, one transaction per test, and live databases for servers.

EVENTHUB_TEST_BACKEND chooses `sqlite` (default) or `postgresql`; for the latter
TEST_DATABASE_URL names a server, else one is started from a wheel.
"""

import os
import shutil
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from werkzeug.test import TestResponse

import config
from eventhub.app import create_app
from eventhub.extensions import db
from eventhub.models import Base
from tools.postgres import start_postgres

BACKEND = os.environ.get("EVENTHUB_TEST_BACKEND", "sqlite")
SECRET_KEY = "a test key, of no worth elsewhere"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

# A busy machine is no reason to fail.
hypothesis_settings.register_profile(
    "eventhub", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("eventhub")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to anything but loopback."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a test tried to reach {address!r}")
        connect(self, address)  # type: ignore[arg-type]  # as the socket takes it

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def now() -> datetime:
    """The moment at which tests take place, unless they say otherwise."""
    return NOW


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server on which databases may be created."""
    with ExitStack() as stack:
        url = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(start_postgres())
        yield url


@pytest.fixture(scope="session")
def new_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Make an empty database of the backend under test at each call."""
    if BACKEND == "sqlite":
        folder = tmp_path_factory.mktemp("databases")
        yield lambda: f"sqlite:///{folder / uuid.uuid4().hex}.sqlite3"
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make() -> str:
        name = f"eventhub_{uuid.uuid4().hex}"
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        made.append(name)
        return server.set(database=name).render_as_string(hide_password=False)

    yield make
    with admin.connect() as connection:
        for name in made:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


def make_settings(database_url: str, instance_path: Path, **values: object) -> config.Settings:
    """Settings of an application under test."""
    return config.Settings(
        instance_path=instance_path,
        secret_key=SECRET_KEY,
        database_url=database_url,
        **values,  # type: ignore[arg-type]  # fields of the dataclass
    )


class Browser(FlaskClient):
    """A browser. The tests hold one application context, which a request must not inherit from."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request, with nothing left in `g` by the one before."""
        g.__dict__.clear()
        return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def shared_app(
    new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The application over a database with every table, shared by the tests of a run."""
    settings = make_settings(new_database_url(), tmp_path_factory.mktemp("instance"))
    app = create_app(settings, TESTING=True, RATELIMIT_ENABLED=False, WTF_CSRF_ENABLED=False)
    app.test_client_class = Browser
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.engine.dispose()


@pytest.fixture
def session(shared_app: Flask) -> Iterator[Session]:
    """A session whose every commit is undone when the test ends."""
    engine: Engine = db.engine
    connection = engine.connect()
    transaction = connection.begin()
    original = db.session
    factory = sessionmaker(
        bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False
    )
    db.session = scoped_session(factory)  # type: ignore[arg-type]  # the same interface
    yield db.session()
    db.session.remove()
    db.session = original
    transaction.rollback()
    connection.close()


@pytest.fixture
def app(shared_app: Flask, session: Session) -> Flask:
    """The application, working in the test's transaction."""
    return shared_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a signed-in account."""
    return app.test_client()


@pytest.fixture
def live_settings(new_database_url: Callable[[], str], tmp_path: Path) -> config.Settings:
    """Settings of an application over a database of its own, with every table."""
    settings = make_settings(new_database_url(), tmp_path / "instance")
    engine = create_engine(settings.database_url)
    Base.metadata.create_all(engine)
    engine.dispose()
    return settings


@pytest.fixture
def live_app(live_settings: config.Settings) -> Iterator[Flask]:
    """An application over a database of its own: real commits, several connections."""
    app = create_app(live_settings, TESTING=True, RATELIMIT_ENABLED=False, WTF_CSRF_ENABLED=False)
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(live_settings.instance_path, ignore_errors=True)
