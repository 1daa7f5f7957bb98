"""Collects what goes wrong in a browser while a test looks elsewhere."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

# A page left while it still loaded something: no fault of the page.
_LEFT = "net::ERR_ABORTED"
_FAILED_LOAD = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


class Watch:
    """Console errors, failed requests, unexpected statuses and requests to other hosts.

    All of them fail the test when it ends, except what it announced with `expect_status` and
    `expect_offline`.
    """

    def __init__(self, url: str) -> None:
        self.problems: list[str] = []
        self._host = urlsplit(url).netloc
        self._statuses: set[int] = set()
        self._offline = False

    def expect_status(self, *statuses: int) -> None:
        """From now on answers of these statuses (404, 422 …) are part of the test."""
        self._statuses.update(statuses)

    def expect_offline(self) -> None:
        """From now on the network may be away."""
        self._offline = True

    def follow(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        loaded = _FAILED_LOAD.match(message.text)
        if loaded and int(loaded[1]) in self._statuses:
            return
        if self._offline and "net::ERR_" in message.text:
            return
        self.problems.append(f"console {message.type}: {message.text} ({message.location})")

    def _failed(self, request: Request) -> None:
        if request.failure != _LEFT and not self._offline:
            self.problems.append(f"failed: {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._statuses:
            self.problems.append(f"status {response.status}: {response.url}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != self._host:
            self.problems.append(f"another host: {request.url}")
