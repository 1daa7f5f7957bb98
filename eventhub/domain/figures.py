"""What each figure means: measures, dimensions, qualifiers. See docs/figures.md."""

from enum import StrEnum


class Qualifier(StrEnum):
    """How exact a declared figure is."""

    EXACT = "exact"
    MORE_THAN = "more_than"
    ABOUT = "about"
    NEARLY = "nearly"


class Covers(StrEnum):
    """What a headcount stands for: everybody, or only those beyond the list."""

    WHOLE = "whole"
    BEYOND_LIST = "beyond_list"
