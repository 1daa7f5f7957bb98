"""Makes a tagged PDF from a Typst template and data.

The data goes in as one JSON text through `sys.inputs`: a template shows it, and nothing in it can
become markup. Every document asks for PDF/UA-1 (ISO 14289-1): Typst refuses one that breaks it.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typst import Fonts

PDF_MIMETYPE = "application/pdf"

_FOLDER = Path(__file__).resolve().parent
_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_SQUARE = "\u25a1"
_LONGEST_WORD = 18


def render_pdf(template: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """The PDF that `template` (a .typ file beside this module) makes of `data`.

    PDF/UA-1 wants every character to be shown by some font. A pictogram that none has is left
    out, and a letter that none has becomes a square.
    """
    import typst  # heavy, and only documents need it

    timestamp = made_at.astimezone(UTC).replace(microsecond=0)
    text = json.dumps(data, ensure_ascii=False)
    for _ in range(3):
        try:
            return typst.compile(
                str(_FOLDER / template),
                root=str(_FOLDER),
                font_paths=_fonts(),
                sys_inputs={"data": text},
                pdf_standards="ua-1",
                timestamp=timestamp,
            )
        except typst.TypstError as error:
            unshown = _unshown_characters(error.diagnostic)
            if not unshown:
                raise
            text = text.translate({ord(c): _substitute(c) for c in unshown})
    return typst.compile(
        str(_FOLDER / template),
        root=str(_FOLDER),
        font_paths=_fonts(),
        sys_inputs={"data": text.encode("cp1252", "ignore").decode("cp1252")},
        pdf_standards="ua-1",
        timestamp=timestamp,
    )


@cache
def _fonts() -> "Fonts":
    """Ours, then those of the machine, for scripts that ours has not; read once a process."""
    import typst

    return typst.Fonts(font_paths=[str(_FOLDER / "fonts")])


def _unshown_characters(diagnostic: str) -> set[str]:
    plain = (
        _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        for text in _UNSHOWN.findall(diagnostic)
    )
    return {character for text in plain for character in text if character not in '"\\'}


def _substitute(character: str) -> str | None:
    """A square in place of a letter, nothing in place of a pictogram or a mark."""
    return _SQUARE if unicodedata.category(character)[0] in "LN" else None


def shown(text: str, longest: int) -> str:
    """`text` on one line, without control characters, cut after `longest` characters.

    Words longer than a column get places where they may be cut, so that none runs out of its box.
    """
    kept = "".join(" " if c.isspace() else c for c in text if _is_shown(c))
    line = " ".join(kept.split())
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return " ".join(_breakable(word) for word in line.split(" "))


def _is_shown(character: str) -> bool:
    """Whether a character is kept: spaces are; control characters and overrides are not.

    The joiners between letters (U+200C, U+200D) are part of how some scripts are written.
    """
    if character.isspace() or character in "\u200c\u200d":
        return True
    return unicodedata.category(character)[0] != "C"


def _breakable(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else "\u200b".join(word)
