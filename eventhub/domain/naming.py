"""The one normaliser: search, de-duplication of persons and structures, and slugs."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

_SPELLINGS = str.maketrans(
    {
        "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
        "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i",
        "’": "'", "ʼ": "'", "‘": "'", "′": "'", "`": "'", "´": "'",
        "‐": "-", "‑": "-", "\u00ad": None, "\u200b": None, "\u2060": None, "\ufeff": None,
    }
)  # fmt: skip
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_MAX_WORDS = 10

_DOTS = "·‧•⋅"
_ENDING_IN_BRACKETS = re.compile(r"(?<=[a-z])[(\[]([a-z]{1,6})[)\]]")
_EDGES = '.,;:!?…«»"“”()[]{}-–—/|*' + _DOTS
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu)'(?=\w)")

#: How a feminine is made: (written ending, end of the masculine, what replaces that end).
_FEMININES = (
    ("rice", "eur", "rice"), ("trice", "teur", "trice"), ("ice", "eur", "rice"),
    ("euse", "eur", "euse"), ("euse", "eux", "euse"), ("se", "eur", "euse"),
    ("se", "eux", "euse"), ("se", "oux", "ouse"), ("ere", "er", "ere"), ("iere", "ier", "iere"),
    ("ete", "et", "ete"), ("ve", "f", "ve"), ("ive", "if", "ive"), ("ne", "n", "nne"),
    ("enne", "en", "enne"), ("ienne", "ien", "ienne"), ("le", "l", "lle"), ("te", "t", "tte"),
    ("te", "tou", "toute"), ("ale", "aux", "ale"), ("ale", "al", "ale"), ("elle", "eau", "elle"),
    ("elle", "el", "elle"), ("que", "c", "que"), ("che", "c", "che"), ("sse", "e", "esse"),
    ("esse", "e", "esse"), ("e", "", "e"),
)  # fmt: skip


def fold(text: str) -> str:
    """Lower-case `text`, without accents, with œ as oe and ’ as '."""
    folded = unicodedata.normalize("NFKD", text.translate(_SPELLINGS)).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_SPELLINGS)


def name_key(text: str) -> str:
    """The key under which two spellings of a name are the same: letters and digits, spaced.

    A name in a script without Latin letters keeps its own letters, so that two such names differ.
    """
    folded = fold(text.replace("&", " et "))
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
    return " ".join("".join(kept).split())


def email_key(email: str) -> str:
    """The key of an address: trimmed, in lower case; the mailbox of two spellings is one."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def slugify(text: str, max_length: int = 80) -> str:
    """An address-safe form of `text`: a-z, 0-9 and single hyphens, cut between two words.

    `evenement` when nothing is left.
    """
    slug = _NOT_SLUG.sub("-", fold(text)).strip("-")
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rpartition("-")[0]
        slug = (cut or slug[:max_length]).strip("-")
    return slug or "evenement"


def search_text(*parts: str | None) -> str:
    """What a search looks in: every part folded, inclusive spellings opened into whole words.

    « médiateur·rice·s » becomes findable by « mediateur », « mediateurs », « mediatrice » and
    « mediatrices », in any of the spellings · ‧ • ⋅ . - ( ). Words with a real hyphen
    (« Nogent-le-Rotrou », « rendez-vous ») stay whole. Each word of `search_words` is looked for
    anywhere in it.
    """
    return " ".join(word for part in parts if part for word in _words_to_find(fold(part)))


def titled_search_text(title: str, *more: str | None) -> str:
    """A `search_text` of which the first line is the title's, so that a search can tell them.

    The rest holds each word once, and none that stands in another: it finds the same, and is read
    in half the time.
    """
    kept = search_text(title)
    rest: list[str] = []
    # The same for the same words, in whatever order they come.
    for word in sorted(set(search_text(*more).split()), key=lambda word: (-len(word), word)):
        if word not in kept:
            rest.append(word)
            kept = f"{kept} {word}"
    return f"{search_text(title)}\n{' '.join(rest)}"


def search_words(query: str) -> list[str]:
    """The words to look for, each of them, in a `search_text`; ten at most.

    An inclusive spelling is looked for by its first form, and « l’accueil » by « accueil ».
    """
    words: list[str] = []
    for token in fold(query).replace("/", " ").split():
        word = _ELISION.sub("", token.strip(_EDGES + "'"))
        forms = _inclusive_forms(token.strip('«»"“”,;:!?…'))
        word = forms[0] if forms else word
        if word and word not in words:
            words.append(word)
    return words[:_MAX_WORDS]


def _words_to_find(folded: str) -> Iterator[str]:
    for token in folded.split():
        yield token
        for piece in re.split(r"[/,;:!?…«»\"“”]", token):
            yield from _inclusive_forms(piece)


@lru_cache(maxsize=4096)
def _inclusive_forms(token: str) -> Sequence[str]:
    """The whole words that an inclusive spelling stands for, the shortest masculine first.

    Nothing when the word is not one: a hyphen or a full stop is a sign of inclusive writing only
    before an ending that the word can take; a median dot always is.
    """
    word = _ENDING_IN_BRACKETS.sub(r"·\1·", _ELISION.sub("", token)).strip(_EDGES)
    parts = re.split(rf"[{_DOTS}.-]", word)
    seams = re.findall(rf"[{_DOTS}.-]", word)
    for at in range(1, len(parts)):
        stem, tail = parts[at - 1], "".join(parts[at:])
        if not stem.isalpha() or not tail.isalpha():
            continue
        has_dot = any(seam in _DOTS for seam in seams[at - 1 :])
        prefix = "".join(part + seam for part, seam in zip(parts[: at - 1], seams, strict=False))
        if forms := _forms(stem, tail, has_dot=has_dot):
            return [prefix + form for form in forms]
    if any(seam in _DOTS for seam in seams):
        return [piece for piece in re.split(rf"[{_DOTS}]", word) if piece]
    return []


def _forms(stem: str, tail: str, *, has_dot: bool) -> list[str]:
    """Masculine and feminine, singular and plural, of a stem and its written ending."""
    if tail in {"s", "x"}:
        return [stem, stem + tail] if has_dot or (tail == "s" and len(stem) > 3) else []
    if tail in {"eaux", "aux"} and stem.endswith("al"):
        return [stem, f"{stem[:-2]}aux", f"{stem}e", f"{stem}es"]
    plural = tail.endswith("s")
    ending = tail[:-1] if plural else tail
    masculines = [stem]
    if stem.endswith("aux"):
        masculines.insert(0, f"{stem[:-3]}al")
    elif plural and stem.endswith("s"):
        masculines.insert(0, stem[:-1])
    feminines = [
        masculine[: len(masculine) - len(end)] + replacement
        for masculine in masculines
        for written, end, replacement in _FEMININES
        if written == ending and masculine.endswith(end)
    ]
    if "tou" in masculines and feminines:
        masculines += ["tout"]
    if len(stem) < 2 or not feminines:
        return []
    forms = (*masculines, *feminines)
    return list(dict.fromkeys(form for word in forms for form in (word, _plural(word))))


def _plural(word: str) -> str:
    return word if word.endswith(("s", "x")) else f"{word}s"
