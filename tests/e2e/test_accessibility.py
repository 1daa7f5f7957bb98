"""Every type of page, narrow and wide, by day and by night: axe, reflow, spacing, keyboard.

axe is a floor. A page type is one line of page_types.py.
"""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.page_types import PAGES

pytestmark = pytest.mark.usefixtures("showcase")

#: The least that a reader may set. Source: WCAG 2.2, 1.4.12.
TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }
"""

#: Boxes that cut the text they hold, those hidden on purpose apart.
CUT = """() => [...document.querySelectorAll('body *:not(svg, svg *)')].filter(box => {
  const style = getComputedStyle(box)
  if (box.closest('.visually-hidden') || style.position === 'absolute' && box.offsetWidth <= 1)
    return false
  const cuts = value => value === 'hidden' || value === 'clip'
  return box.clientWidth > 0 && box.textContent.trim() !== ''
    && (cuts(style.overflowX) && box.scrollWidth > box.clientWidth + 1
        || cuts(style.overflowY) && box.scrollHeight > box.clientHeight + 1)
}).map(box => box.outerHTML.slice(0, 120))"""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

FOCUS = """() => {
  const box = document.activeElement, style = getComputedStyle(box)
  const place = box.getBoundingClientRect()
  return {tag: box.tagName, text: box.textContent.trim().slice(0, 40),
    seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      && place.width > 0 && place.top >= 0 && place.bottom <= innerHeight + 1}
}"""


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Page, axe_violations: Callable[[Page], list[str]], address: str
) -> None:
    page.goto(address)
    found: dict[str, object] = {}

    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            state = f"{width} {scheme}"
            if violations := axe_violations(page):
                found[state] = violations
        if page.evaluate(OVERFLOW) > 0:
            found[f"{width}"] = "scrolls sideways"

    assert found == {}
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_spaced_text_is_neither_cut_nor_wider_than_the_screen(
    new_context: Callable[..., BrowserContext], address: str
) -> None:
    # A reader's own style sheet is not subject to the page's policy.
    page = new_context(bypass_csp=True, viewport={"width": 320, "height": 900}).new_page()
    page.goto(address)
    page.add_style_tag(content=TEXT_SPACING)

    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERFLOW) <= 0


def settled_focus(page: Page) -> dict[str, object]:
    """Where the focus is, once the browser has scrolled to it: it does so a frame or two later."""
    focus: dict[str, object] = page.evaluate(FOCUS)
    for _ in range(20):
        if focus["seen"] or focus["tag"] == "BODY":
            break
        page.wait_for_timeout(50)  # between two looks at the condition
        focus = page.evaluate(FOCUS)
    return focus


@pytest.mark.parametrize("address", ["/", "/evenements/nec-a-venir", "/accessibilite"])
def test_the_keyboard_goes_everywhere_and_is_always_seen(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    page.keyboard.press("Tab")
    assert settled_focus(page) == {"tag": "A", "text": "Aller au contenu", "seen": True}

    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focus = settled_focus(page)
        if focus["tag"] == "BODY":
            break
        if not focus["seen"]:
            unseen.append(focus)
    assert unseen == []


def test_the_skip_link_leads_past_the_navigation(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("() => document.activeElement.closest('main') !== null")
