"""Fixtures of browser tests: one server for the run, the system's Chromium, a strict watch.

`page`, `context`, `new_context` and `browser` are pytest-playwright's; `page.goto("/")` leads to
the server. A console error, a failed request, a status of 400 or more, or a request to another
host fails the test: `watch.expect_status(422)` announces one that belongs to it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.chromium import LAUNCH_ARGS, chromium_path
from tests.conftest import make_settings
from tests.e2e.server import LiveServer, environment_of, free_port, run_command, serving
from tests.e2e.showcase import make_showcase
from tests.e2e.watch import Watch


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as one that drives a browser."""
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(
    new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A server with the example season loaded, shared by the browser tests of a run."""
    folder = tmp_path_factory.mktemp("server")
    settings = make_settings(
        new_database_url(), folder / "instance", base_url=f"http://127.0.0.1:{free_port()}"
    )
    environment = environment_of(settings)
    run_command(environment, "db", "upgrade")
    run_command(environment, "season", "load")
    with ExitStack() as stack:
        yield stack.enter_context(serving(settings, folder / "server.log"))


@pytest.fixture(scope="session")
def showcase(server: LiveServer) -> None:
    """Events of every state on the server, beside those of the season (see showcase.py)."""
    with server.session() as session:
        make_showcase(session)


@pytest.fixture(scope="session")
def base_url(server: LiveServer) -> str:
    """Where `page.goto("/…")` leads."""
    return server.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, quiet; without one the test is skipped."""
    found = chromium_path()
    if found is None:
        pytest.skip("No Chromium on this machine: browser tests are skipped.")
    return {"executable_path": found, "args": LAUNCH_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Every page in French, without waiting for movement."""
    return browser_context_args | {"locale": "fr-FR", "reduced_motion": "reduce"}


@pytest.fixture
def watch(base_url: str) -> Iterator[Watch]:
    """What went wrong in the browser: nothing, when the test ends."""
    watch = Watch(base_url)
    yield watch
    assert watch.problems == []


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], watch: Watch
) -> Callable[..., BrowserContext]:
    """Make one more context (another person, another theme), watched like the first."""

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        watch.follow(context)
        return context

    return make


@pytest.fixture
def axe_violations() -> Callable[[Page], list[str]]:
    """Run axe on a page: one line per rule broken, with the places."""
    axe = Axe()

    def run(page: Page) -> list[str]:
        # What has just changed (the colour scheme, the width) is drawn two frames later.
        page.evaluate(
            "() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(() => d(1))))"
        )
        violations = axe.run(page).response["violations"]
        return [
            f"{rule['id']}: {rule['help']}: {[node['target'] for node in rule['nodes'][:4]]}"
            for rule in violations
        ]

    return run
