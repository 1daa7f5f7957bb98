import re

from hypothesis import given
from hypothesis import strategies as st

from eventhub.domain.figures import (
    DIMENSIONS,
    EVENT_MEASURES,
    MEASURES,
    NULLABLE_MEASURES,
    Covers,
    Declared,
    Qualified,
    Qualifier,
    in_force,
    together,
)

counts = st.builds(Qualified, st.integers(0, 500), st.sampled_from(Qualifier))


def test_exact_and_qualified_keep_the_qualifier() -> None:
    for qualifier in Qualifier:
        assert Qualified(200) + Qualified(95, qualifier) == Qualified(295, qualifier)
        assert Qualified(5, qualifier) + Qualified(6, qualifier) == Qualified(11, qualifier)


def test_two_different_qualifiers_make_about() -> None:
    assert Qualified(60, Qualifier.MORE_THAN) + Qualified(150, Qualifier.NEARLY) == Qualified(
        210, Qualifier.ABOUT
    )


@given(counts, counts, counts)
def test_the_order_in_which_counts_are_added_does_not_matter(
    one: Qualified, two: Qualified, three: Qualified
) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)


def test_a_headcount_of_the_whole_takes_the_place_of_the_computed_figure() -> None:
    declared = Declared("participants", Qualified(95, Qualifier.MORE_THAN))
    assert together(12, [declared]) == Qualified(95, Qualifier.MORE_THAN)


def test_headcounts_beyond_the_list_are_added_to_it() -> None:
    beyond = [
        Declared("participants", Qualified(3), covers=Covers.BEYOND_LIST),
        Declared("participants", Qualified(10, Qualifier.ABOUT), covers=Covers.BEYOND_LIST),
    ]
    assert together(12, beyond) == Qualified(25, Qualifier.ABOUT)


def test_the_last_headcount_of_the_whole_is_in_force() -> None:
    first = Declared("participants", Qualified(553), entered_rank=1)
    last = Declared("participants", Qualified(585), entered_rank=2)
    assert in_force([last, first]) is last
    assert in_force([]) is None


def test_every_figure_has_a_name_and_a_definition_in_a_sentence() -> None:
    assert len({measure.label for measure in MEASURES.values()}) == len(MEASURES)
    for measure in MEASURES.values():
        assert measure.definition[0].isupper()
        assert measure.definition.endswith(".")
        assert "'" not in measure.definition


def test_the_figures_of_an_event_are_those_of_the_contract() -> None:
    assert EVENT_MEASURES == (
        "registered",
        "present",
        "participants",
        "participations",
        "onsite",
        "remote",
        "excused",
        "no_shows",
        "attendance_rate",
        "walk_ins",
        "structures",
        "engaged_structures",
        "activities",
        "deliverables",
        "preparatory_meetings",
    )
    assert set(EVENT_MEASURES) > NULLABLE_MEASURES


def test_definitions_keep_their_punctuation_on_the_line() -> None:
    texts = [measure.definition for measure in MEASURES.values()]
    texts += [dimension.note for dimension in DIMENSIONS.values()]
    broken = [text for text in texts if re.search(r" [:;?!»]|« ", text)]
    assert broken == []
