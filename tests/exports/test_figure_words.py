from dataclasses import replace
from datetime import UTC, datetime

import pytest

from eventhub.domain.figures import EVENT_MEASURES, Covers, Qualified, Qualifier
from eventhub.exports.figure_words import figure, figure_sentences, qualified, spoken
from eventhub.queries.figure_rows import DeclaredRow, EventFigures

NOW = datetime(2027, 4, 9, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "written", "said"),
    [
        (Qualified(1200), "1\u00a0200", "1\u00a0200"),
        (Qualified(95, Qualifier.MORE_THAN), "plus de\u00a095", "plus de\u00a095"),
        (Qualified(30, Qualifier.ABOUT), "environ\u00a030", "une trentaine"),
        (Qualified(33, Qualifier.ABOUT), "environ\u00a033", "environ\u00a033"),
        (Qualified(150, Qualifier.NEARLY), "près de\u00a0150", "près de\u00a0150"),
        (Qualified(30, Qualifier.MORE_THAN), "plus de\u00a030", "plus de\u00a030"),
    ],
)
def test_a_number_is_never_said_more_exactly_than_it_is_known(
    count: Qualified, written: str, said: str
) -> None:
    assert (qualified(count), spoken(count)) == (written, said)


@pytest.mark.parametrize(
    ("value", "is_rate", "words"),
    [(None, False, "—"), (None, True, "—"), (0, False, "0"), (0.8462, True, "85\u00a0%")],
)
def test_a_figure_that_does_not_exist_is_a_dash(
    value: float | None, is_rate: bool, words: str
) -> None:
    assert figure(value, is_rate=is_rate) == words


def declared(measure: str, count: Qualified, dimension: str = "", label: str = "") -> DeclaredRow:
    return DeclaredRow(
        id=1,
        measure=measure,
        label="Participants",
        dimension=dimension,
        member="x" if dimension else "",
        member_label=label,
        count=count,
        covers=Covers.WHOLE,
        quote="",
        source="Bilan",
        entered_at=NOW,
        entered_by="",
    )


def test_figures_are_told_with_what_is_declared_in_place_of_what_is_counted() -> None:
    total = declared("participants", Qualified(95, Qualifier.MORE_THAN))
    remote = declared("participants", Qualified(25), "mode", "À distance")
    loiret = declared("participants", Qualified(12), "residence", "Loiret")
    figures = EventFigures(
        event_id=1,
        slug="e",
        title="E",
        is_over=True,
        computed_at=NOW,
        figures=dict.fromkeys(EVENT_MEASURES, 0) | {"registered": 110, "deliverables": 3},
        breakdowns={},
        declared=(total, remote, loiret),
        together={
            "registered": Qualified(110),
            "participants": Qualified(95, Qualifier.MORE_THAN),
            "participations": Qualified(95, Qualifier.MORE_THAN),
            "remote": Qualified(25),
            "structures": None,
            "deliverables": Qualified(3),
        },
        frozen=None,
        differences=(),
    )
    assert figure_sentences(figures) == [
        "Inscrits\u00a0: 110",
        "Participants\u00a0: plus de\u00a095",
        "Participants, Loiret\u00a0: 12",
        "Participants à distance\u00a0: 25",
        "Livrables\u00a0: 3",
    ]
    assert figure_sentences(replace(figures, is_over=False)) == []
