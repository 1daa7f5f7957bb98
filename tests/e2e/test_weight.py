"""The first visit over the wire: what a phone on a slow line has to fetch."""

import io
import random
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Request, expect

from eventhub.domain.event import PartnershipRole
from eventhub.domain.rights import AccountRole
from eventhub.models.event import Partnership
from eventhub.services.accounts import add_account
from eventhub.services.logos import KEPT_BYTES, set_logo
from eventhub.web.clock import now
from tests.e2e.server import LiveServer
from tests.factories import make_event, make_structure

MOST_BYTES = 100_000
MOST_REQUESTS = 10


def weigh(
    new_context: Callable[..., BrowserContext], base_url: str, address: str
) -> dict[str, int]:
    """What a first visit fetches, by path; a failed assertion where another host is asked."""
    page = new_context().new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108  # Playwright takes no built-in
    page.goto(address, wait_until="networkidle")
    # What is loaded when it comes into view is part of the visit.
    logos = page.locator("main img")
    for number in range(logos.count()):
        logos.nth(number).scroll_into_view_if_needed()
        expect(logos.nth(number)).to_have_js_property("complete", value=True)
    page.wait_for_load_state("networkidle")

    assert {urlsplit(request.url).netloc for request in finished} == {urlsplit(base_url).netloc}
    sizes = {
        urlsplit(request.url).path: sum(
            request.sizes()[part] for part in ("responseHeadersSize", "responseBodySize")
        )
        for request in finished
    }
    assert len(finished) == len(sizes), [request.url for request in finished]
    return sizes


@pytest.mark.parametrize(
    "address", ["/", "/evenements/nec-a-venir", "/evenements/carrefour-2024", "/?vue=passes"]
)
def test_a_first_visit_is_light_and_asks_no_other_host(
    new_context: Callable[..., BrowserContext], base_url: str, address: str
) -> None:
    sizes = weigh(new_context, base_url, address)

    assert any(path.endswith(".woff2") for path in sizes)
    assert len(sizes) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_a_page_with_four_logos_is_light_too(
    server: LiveServer, new_context: Callable[..., BrowserContext], base_url: str
) -> None:
    with server.session() as session:
        account = add_account(
            session, "poids@example.org", AccountRole.ADMINISTRATOR, [], now(), by=None
        )
        event = make_event(session, slug="quatre-logos", title="Quatre logos")
        for number in range(4):
            structure = make_structure(session, f"Structure au logo {number}")
            session.flush()
            set_logo(session, structure.id, noisy_logo(number), now(), account=account)
            event.partnerships.append(
                Partnership(structure=structure, role=PartnershipRole.PARTNER, position=number)
            )

    sizes = weigh(new_context, base_url, "/evenements/quatre-logos")

    logos = [size for path, size in sizes.items() if "/logos/" in path]
    assert len(logos) == 4, sizes
    # Nearly the most that is kept, so that the worst case is weighed.
    assert min(logos) > KEPT_BYTES / 2
    assert len(sizes) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def noisy_logo(seed: int) -> bytes:
    """A picture that does not compress well, as a photograph would be."""
    drawn = random.Random(seed)
    small = Image.frombytes("RGB", (40, 20), drawn.randbytes(40 * 20 * 3))
    kept = io.BytesIO()
    small.resize((400, 200), Image.Resampling.BICUBIC).save(kept, "PNG")
    return kept.getvalue()
