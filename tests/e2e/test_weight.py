"""The first visit over the wire: what a phone on a slow line has to fetch."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Request

MOST_BYTES = 100_000
MOST_REQUESTS = 10


@pytest.mark.parametrize(
    "address", ["/", "/evenements/nec-a-venir", "/evenements/carrefour-2024", "/?vue=passes"]
)
def test_a_first_visit_is_light_and_asks_no_other_host(
    new_context: Callable[..., BrowserContext], base_url: str, address: str
) -> None:
    page = new_context().new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108  # Playwright takes no built-in

    page.goto(address, wait_until="networkidle")

    sizes = {
        urlsplit(request.url).path: sum(
            request.sizes()[part] for part in ("responseHeadersSize", "responseBodySize")
        )
        for request in finished
    }
    assert {urlsplit(request.url).netloc for request in finished} == {urlsplit(base_url).netloc}
    assert any(path.endswith(".woff2") for path in sizes)
    assert len(finished) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes
