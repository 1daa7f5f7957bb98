"""Markdown to HTML that may stand in a page: no HTML of the author's, no picture, one h1 kept.

CommonMark with tables and strikethrough. What markdown-it makes is cleaned again by nh3, so that
a fault in one of them is held by the other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from eventhub.domain.naming import slugify

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code",
    "em", "strong", "s", "a", "table", "thead", "tbody", "tr", "th", "td", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "div": {"class", "role", "aria-label", "tabindex"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
    "ol": {"start"},
    "p": {"class"},
    "td": {"class"},
    "th": {"scope", "class"},
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}
_LOWEST_LEVEL = 6

_BEFORE_SIGN = re.compile(r" (?=[:;?!»%](?:\s|$|[).,…]))")
_AFTER_GUILLEMET = re.compile(r"(?<=«) ")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: the address of its heading within the page, and its words."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A text made for a page: its HTML, and its highest headings for a table of contents."""

    html: Markup
    sections: tuple[Section, ...]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return parser.disable(["image"])


_PARSER = _parser()


def prose(text: str, *, lead: bool = False, top: int = 2) -> Prose:
    """The HTML of `text`; its headings begin at level `top` (2 to 6) and skip no level.

    With `lead`, a paragraph that opens the text is set as its chapô. French spaces before
    « : ; ? ! % » become no-break ones; code stays as it was written.
    """
    tokens = _PARSER.parse(text)
    sections = _set_headings(tokens, top)
    _set_tables(tokens)
    _set_spaces(tokens)
    if lead and tokens and tokens[0].type == "paragraph_open":
        tokens[0].attrSet("class", "lead")
    raw = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        raw,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener nofollow",
    )
    return Prose(Markup(clean), sections)  # noqa: S704 - cleaned just above


def _set_headings(tokens: Sequence[Token], top: int) -> tuple[Section, ...]:
    """Shift headings under the page's h1 and give them addresses; return those of the top level."""
    open_levels: list[int] = []
    taken: set[str] = set()
    found: list[Section] = []
    for at, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        if token.type == "heading_close":
            token.tag = tokens[at - 2].tag
            continue
        written = int(token.tag[1])
        while open_levels and open_levels[-1] >= written:
            open_levels.pop()
        open_levels.append(written)
        token.tag = f"h{min(len(open_levels) + top - 1, _LOWEST_LEVEL)}"
        title = _plain(tokens[at + 1])
        token.attrSet("id", _free_id(title, taken))
        if len(open_levels) == 1:
            found.append(Section(str(token.attrGet("id")), title))
    return tuple(section for section in found if section.title)


def _free_id(title: str, taken: set[str]) -> str:
    """An id that nothing else in a page has: ours are English words without such a prefix."""
    base = f"partie-{slugify(title, 60)}" if title else "partie"
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    taken.add(candidate)
    return candidate


def _plain(inline: Token) -> str:
    """The words of a line, without its marks."""
    words = "".join(
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in inline.children or ()
    )
    return " ".join(words.split())


def _set_tables(tokens: list[Token]) -> None:
    """Let wide tables scroll in a region that a keyboard reaches, and say what heads a column."""
    several = sum(token.type == "table_open" for token in tokens) > 1
    made: list[Token] = []
    number = 0
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        # The style that markdown-it gives aligned cells would break the content policy.
        if token.attrs.pop("style", "") == "text-align:right":
            token.attrSet("class", "num")
        if token.type == "table_open":
            number += 1
            made.append(_region(f"Tableau {number}" if several else "Tableau"))
        made.append(token)
        if token.type == "table_close":
            made.append(Token("region_close", "div", -1, block=True))
    tokens[:] = made


def _region(label: str) -> Token:
    token = Token("region_open", "div", 1, block=True)
    token.attrs = {
        "class": "table-scroll",
        "role": "region",
        "aria-label": label,
        "tabindex": "0",
    }
    return token


def _set_spaces(tokens: Sequence[Token]) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type == "text":
                words = _BEFORE_SIGN.sub("\u00a0", child.content)
                child.content = _AFTER_GUILLEMET.sub("\u00a0", words)
