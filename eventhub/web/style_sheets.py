"""The style sheets of the public pages, sent as one file where it is up to date."""

from pathlib import Path

SITE_PARTS = ("css/tokens.css", "css/base.css", "css/components.css", "css/pages.css")
"""In the order in which they are read: the first one sets the order of the layers."""
SITE_SHEET = "css/site.css"
"""All of them in one request; made by `tools/assets.py`, never edited, never committed."""


def site_css(root: Path) -> str:
    """The parts below `root`, the folder of static files, one after the other."""
    return "".join((root / part).read_text("utf-8") for part in SITE_PARTS)


def site_sheets(root: Path) -> tuple[str, ...]:
    """What a page links: the one file, or its parts where one has been edited since."""
    sheet = root / SITE_SHEET
    if sheet.is_file() and sheet.read_text("utf-8") == site_css(root):
        return (SITE_SHEET,)
    return SITE_PARTS
