"""What a search is asked, and the words found in a text, to be shown."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from eventhub.domain.naming import fold, search_text, search_words

TYPED_MAX = 200
"""Longest search that is looked at, in characters; the rest is cut."""
SHORTEST_WORD = 2
"""Letters that one word at least must have: a single one is everywhere."""

_AROUND = 90
_STEM_MIN = 4
_PATTERNS = str.maketrans(
    {
        "a": "[aàâä]", "c": "[cç]", "e": "[eéèêë]", "i": "[iîï]", "o": "[oôö]", "u": "[uùûü]",
        "'": "['’]",
    }
)  # fmt: skip


class SearchGroup(StrEnum):
    """What is searched in, in the order of the page; the values are those of the address."""

    EVENTS = "evenements"
    ACTIVITIES = "programmes"
    MINUTES = "comptes-rendus"
    STRUCTURES = "structures"
    PEOPLE = "personnes"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `is_found`: it holds a word of the search."""

    text: str
    is_found: bool


def clean_search(typed: str) -> str:
    """What was typed, on one line, without control characters or halves of pairs, and cut."""
    kept = "".join(
        " " if unicodedata.category(character) in {"Cc", "Cs"} else character
        for character in typed[:TYPED_MAX]
    )
    return " ".join(kept.split())


def words_of(typed: str) -> list[str]:
    """The words to look for, each of them, the longest first; nothing where all are too short."""
    words = sorted(search_words(clean_search(typed)), key=len, reverse=True)
    return words if words and len(words[0]) >= SHORTEST_WORD else []


def pieces(text: str, words: list[str]) -> tuple[Piece, ...]:
    """The text cut where words of it are found: whole words, in any of their spellings."""
    cut: list[Piece] = []
    for token in re.split(r"(\s+)", text):
        if not token:
            continue
        is_found = not token.isspace() and any(word in _searched(token) for word in words)
        if cut and not is_found and not cut[-1].is_found:
            cut[-1] = Piece(cut[-1].text + token, is_found=False)
        else:
            cut.append(Piece(token, is_found))
    return tuple(cut)


def all_found_in(text: str, words: list[str]) -> bool:
    """Whether each of the words is in the text."""
    tokens = [_searched(token) for token in text.split()]
    return all(any(word in token for token in tokens) for word in words)


def excerpt(text: str, words: list[str]) -> tuple[Piece, ...]:
    """What stands around the first word found in a long text; its beginning where none is."""
    plain = " ".join(text.split())
    at = min((_place(plain, word) for word in words), default=0)
    begin = max(0, (at if at < len(plain) else 0) - _AROUND)
    end = min(len(plain), begin + 2 * _AROUND + 20)
    if begin:
        begin = plain.find(" ", begin) + 1
    if end < len(plain):
        end = max(plain.rfind(" ", begin, end), begin + 1)
    shown = pieces(plain[begin:end], words)
    before = (Piece("… ", False),) if begin else ()
    after = (Piece(" …", False),) if end < len(plain) else ()
    return (*before, *shown, *after)


def _place(text: str, word: str) -> int:
    """Where a word is in a text, or the stem that its inclusive spelling keeps; else its length."""
    for length in (len(word), len(word) - 2, len(word) - 4):
        if length < min(_STEM_MIN, len(word)):
            break
        found = _pattern(word[:length]).search(text)
        if found is not None:
            return found.start()
    return len(text)


@lru_cache(maxsize=256)
def _pattern(word: str) -> re.Pattern[str]:
    told = "".join(
        {"oe": "(?:oe|œ)", "ae": "(?:ae|æ)"}.get(part) or re.escape(part).translate(_PATTERNS)
        for part in re.split(r"(oe|ae)", word)
    )
    return re.compile(told, re.IGNORECASE)


@lru_cache(maxsize=4096)
def _searched(token: str) -> str:
    return search_text(token) or fold(token)
