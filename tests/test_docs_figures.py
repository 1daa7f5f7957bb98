"""docs/figures.md says what the code says."""

from pathlib import Path

import pytest

import config
from eventhub.domain.figures import DIMENSIONS, MEASURES

PAGE = (Path(config.ROOT) / "docs" / "figures.md").read_text("utf-8")


@pytest.mark.parametrize("code", MEASURES)
def test_every_definition_is_documented_as_it_is_printed(code: str) -> None:
    measure = MEASURES[code]
    assert f"| `{code}` | {measure.label} | {measure.definition} |" in PAGE


@pytest.mark.parametrize("code", DIMENSIONS)
def test_every_dimension_is_documented(code: str) -> None:
    assert f"| `{code}` | {DIMENSIONS[code].label} |" in PAGE
