"""Words of a compte-rendu, and what its text says of itself."""

import re
from enum import StrEnum


class MinutesState(StrEnum):
    """`draft → in-review → published`, with revisions; or `withdrawn`."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


MINUTES_STATE_LABELS: dict[MinutesState, str] = {
    MinutesState.DRAFT: "Brouillon",
    MinutesState.IN_REVIEW: "En relecture",
    MinutesState.PUBLISHED: "Publié",
    MinutesState.WITHDRAWN: "Retiré",
}

BODY_MAX = 100_000
"""Characters of the longest text: some forty pages."""

TITLE_MAX = 300
SUMMARY_MAX = 240
NOTE_MAX = 300

TO_WRITE = "À compléter"
"""How a pre-filled draft marks what only its author knows."""

_TITLE = re.compile(r"\A\s*#[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_NOT_A_PARAGRAPH = re.compile(r"#|>|\||```|~~~|[-*+][ \t]|\d+[.)][ \t]|(?:[-*_][ \t]*){3,}$")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"\\([!-/:-@\[-`{-~])|[*`~]+|(?<!\w)_+|_+(?!\w)")


def split_title(body: str) -> tuple[str, str]:
    """The title that a text gives itself, and the rest of it.

    A text may begin with one heading of the first level; it is then the title of its page. An
    empty title: the event's stands.
    """
    found = _TITLE.match(body)
    if found is None:
        return "", body
    return plain_line(found["title"])[:TITLE_MAX], body[found.end() :].lstrip("\n")


def summary_of(body: str) -> str:
    """The first paragraph of a text on one line, cut at a word; empty where there is none."""
    _, rest = split_title(body)
    for block in re.split(r"\n[ \t]*\n", rest):
        if block.strip() and not _NOT_A_PARAGRAPH.match(block.lstrip()):
            line = plain_line(block)
            if len(line) <= SUMMARY_MAX:
                return line
            return line[: SUMMARY_MAX - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return ""


def plain_line(text: str) -> str:
    """The words of Markdown, without its marks, on one line."""
    return " ".join(_MARKS.sub(r"\1", _LINK.sub(r"\1", text)).split())


def passages_to_write(body: str) -> int:
    """How many passages of a pre-filled draft nobody has written yet."""
    return body.count(TO_WRITE)
