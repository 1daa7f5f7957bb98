"""Figures in words: never more exact than what is known."""

from eventhub.domain.figures import NONE_TEXT, QUALIFIER_LABELS, Qualified, Qualifier
from eventhub.exports.wording import NBSP, capitalise, integer
from eventhub.queries.figure_rows import DeclaredRow, EventFigures

_ROUND_WORDS = {
    10: "une dizaine",
    12: "une douzaine",
    15: "une quinzaine",
    20: "une vingtaine",
    30: "une trentaine",
    40: "une quarantaine",
    50: "une cinquantaine",
    60: "une soixantaine",
    100: "une centaine",
}


def qualified(count: Qualified) -> str:
    """« 200 », « plus de 95 », « environ 30 », « près de 150 »."""
    number = integer(count.value)
    if count.qualifier is Qualifier.EXACT:
        return number
    return f"{QUALIFIER_LABELS[count.qualifier]}{NBSP}{number}"


def spoken(count: Qualified) -> str:
    """The same in a text: « une trentaine », for about 30."""
    if count.qualifier is Qualifier.ABOUT and count.value in _ROUND_WORDS:
        return _ROUND_WORDS[count.value]
    return qualified(count)


def figure(value: int | float | None, *, is_rate: bool = False) -> str:
    """A computed figure as printed: « 1 234 », « 85 % », « — » where there is none."""
    if value is None:
        return NONE_TEXT
    if is_rate:
        return f"{round(value * 100)}{NBSP}%"
    return integer(int(value))


def declared_name(row: DeclaredRow) -> str:
    """What a headcount counts: « Participants, à distance », « Participants, Loiret »."""
    member = row.member_label
    if not member:
        return row.label
    if row.dimension in _COMMON_NOUNS:
        member = member[:1].lower() + member[1:]
    return f"{row.label}, {member}"


_COMMON_NOUNS = frozenset({"mode", "role", "category", "activity_format", "family", "hub_role"})
"""Dimensions whose members are words, not names: they take no capital within a sentence."""

_IN_TEXTS = (
    "registered",
    "participants",
    "participations",
    "remote",
    "structures",
    "engaged_structures",
    "deliverables",
)

_LONGER = {"remote": "Participants à distance"}
"""Labels that say too little without the figures around them."""


def figure_sentences(figures: EventFigures) -> list[str]:
    """The figures of an event that has taken place, each in a line: « Participants : 200 ».

    What is declared takes the place of what is computed where it covers the whole; parts of it
    (« élu·e·s ») follow, but those of a mode, which are figures of their own. What counts
    nothing, or is not known as a whole, is left out.
    """
    if not figures.is_over:
        return []
    told: list[tuple[str, Qualified]] = []
    for measure in _IN_TEXTS:
        row = figures.headline(measure)
        # One participation each: the same number again.
        repeats = measure == "participations" and row.together == figures.together["participants"]
        if row.together is not None and not repeats:
            told.append((_LONGER.get(measure, row.label), row.together))
        told += [
            (declared_name(one), one.count)
            for one in figures.declared
            if one.measure == measure and one.dimension and one.dimension != "mode"
        ]
    return [f"{capitalise(label)} : {spoken(count)}" for label, count in told if count.value]
