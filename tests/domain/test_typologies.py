from eventhub.domain.typologies import TYPOLOGIE_LABELS, TYPOLOGIE_MAX, typologie_label


def test_a_code_of_the_standard_has_a_french_label() -> None:
    assert typologie_label("PIJ_BIJ") == "Point ou bureau information jeunesse"


def test_a_code_that_the_standard_does_not_know_is_shown_as_it_is() -> None:
    assert typologie_label("HUB") == "HUB"
    assert typologie_label("") == ""


def test_labels_are_distinct_and_codes_fit_their_column() -> None:
    assert len(set(TYPOLOGIE_LABELS.values())) == len(TYPOLOGIE_LABELS)
    assert max(map(len, TYPOLOGIE_LABELS)) <= TYPOLOGIE_MAX
    assert all("'" not in label for label in TYPOLOGIE_LABELS.values())
