"""The user guide names what is on the screens, and nothing else."""

import re
from functools import cache
from pathlib import Path

import pytest

import config

ROOT = Path(config.ROOT)
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
SCREENS = ("templates/**/*.html", "static/js/**/*.js", "**/*.py")
BREAKS_BEFORE = re.compile(r"[^\u00a0][:;?!»]|«[^\u00a0]")


def plain(text: str) -> str:
    """On one line, its spaces all alike, as one reads it."""
    return " ".join(text.replace("\\u00a0", " ").replace("&nbsp;", " ").split())


def words_of(chapter: Path) -> str:
    """The text of a page of the guide, without code and addresses."""
    text = re.sub(r"`[^`]*`", "", chapter.read_text("utf-8"))
    return re.sub(r"\]\([^)]*\)", "]", text)


@cache
def screens() -> str:
    """Whatever may be shown: templates, scripts, and the words in Python files."""
    found = [file for pattern in SCREENS for file in sorted((ROOT / "eventhub").glob(pattern))]
    return plain(" ".join(file.read_text("utf-8") for file in found))


@pytest.mark.parametrize("chapter", PAGES, ids=lambda chapter: chapter.stem)
def test_each_name_in_bold_is_on_a_screen(chapter: Path) -> None:
    named = [plain(name) for name in re.findall(r"\*\*(.+?)\*\*", words_of(chapter), re.DOTALL)]

    assert [name for name in named if name != "gras" and name not in screens()] == []


@pytest.mark.parametrize("chapter", PAGES, ids=lambda chapter: chapter.stem)
def test_its_french_is_set_as_on_the_screens(chapter: Path) -> None:
    text = words_of(chapter)
    assert "'" not in text
    lines = [line for line in text.splitlines() if not line.startswith("|--")]
    assert [line for line in lines if BREAKS_BEFORE.search(line)] == []


def test_every_page_is_in_the_contents() -> None:
    contents = (GUIDE / "README.md").read_text("utf-8")

    assert [
        page.name for page in PAGES if page.name != "README.md" if f"({page.name})" not in contents
    ] == []
