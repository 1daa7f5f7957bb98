"""The one normaliser: search, de-duplication of persons and structures, and slugs."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "ʼ": "'", "‘": "'"})
_MEDIAN = "·‧•⋅."
_INCLUSIVE = re.compile(
    rf"(?<=\w)(?:[{_MEDIAN}](?P<dot>[a-z]+)(?:[{_MEDIAN}]s)?|\((?P<paren>[a-z]+)\)(?:s\b)?"
    rf"|-(?P<dash>rice|trice|ere|euse|esse|e|ne|le|ale|aux|ales|aux-ales)(?:-s|s)?)(?![\w])"
)
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower-case `text`, without accents, with œ as oe and ’ as '."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def name_key(text: str) -> str:
    """The key under which two spellings of a name are the same: letters and digits, spaced.

    A name in a script without Latin letters keeps its own letters, so that two such names differ.
    """
    folded = fold(text)
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    return " ".join(words)


def email_key(email: str) -> str:
    """The key of an address: trimmed, in lower case; the mailbox of two spellings is one."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def slugify(text: str, max_length: int = 80) -> str:
    """An address-safe form of `text`: a-z, 0-9 and single hyphens; `evenement` when nothing is left."""
    slug = _NOT_WORD.sub("-", fold(text)).strip("-")[:max_length].strip("-")
    return slug or "evenement"


def search_text(*parts: str | None) -> str:
    """What a search looks in: every part folded, inclusive spellings opened into whole words.

    « médiateur·rice·s » becomes findable by « mediateur », « mediateurs », « mediatrice » and
    « mediatrices », in any of the spellings · ‧ • ⋅ . - ( ). Words with a real hyphen stay whole.
    """
    return " ".join(_open_inclusive(fold(part)) for part in parts if part)


_FEMININE = {
    "teur": ("trice", "teuse"),
    "eur": ("euse", "rice"),
}


def _open_inclusive(folded: str) -> str:
    words: list[str] = []
    for word in folded.split():
        words.append(word)
        match = _INCLUSIVE.search(word)
        if match is None:
            continue
        stem = word[: match.start()]
        ending = match["dot"] or match["paren"] or match["dash"] or ""
        feminine = _feminine(stem, ending)
        words += [stem, f"{stem}s", feminine, f"{feminine}s"]
    return " ".join(words)


def _feminine(stem: str, ending: str) -> str:
    """Join a masculine form and a written feminine ending: mediateur + rice → mediatrice."""
    for size in range(min(len(ending), len(stem)), 0, -1):
        # The ending repeats the letter at which it takes over: conseill-er + ere, ateur + rice.
        at = stem.rfind(ending[0], max(0, len(stem) - 4))
        if at > 0 and len(stem) - at <= 4 and ending[0] in "tenl" and size == len(ending):
            return stem[:at] + ending
    if stem.endswith("eur") and ending in {"rice", "ice"}:
        return stem[:-3] + "rice"
    if stem.endswith("eur") and ending == "euse":
        return stem[:-3] + "euse"
    return stem + ending
