"""Using a page with the keyboard alone: Tab, typing, Space, the arrows and Enter."""

from playwright.sync_api import Page

#: What the focused control is called: its label, or its own text.
NAME = """() => {
  const focused = document.activeElement;
  const label = focused.labels && focused.labels[0];
  return (label || focused).textContent.replace(/\\s+/g, " ").trim();
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called `name` has the focus."""
    for _ in range(160):
        page.keyboard.press("Tab")
        if page.evaluate(NAME).startswith(name):
            return
    raise AssertionError(f"Tab never comes to « {name} »")


def write(page: Page, **typed: str) -> None:
    """Type into fields, in their order; an underscore stands for a space."""
    for label, text in typed.items():
        tab_to(page, label.replace("_", " "))
        page.keyboard.type(text)


def write_over(page: Page, name: str, text: str) -> None:
    """Type into a field that holds something already."""
    tab_to(page, name)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def press(page: Page, name: str) -> None:
    """Go to a link or a button and press Enter."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
