import pytest

from config import SettingError
from eventhub.web.theme import colour, contrast, theme_css

DEFAULT_COLOR, DEFAULT_ACCENT = "#0a4a73", "#f6bd4a"


def test_contrast_is_that_of_wcag() -> None:
    white, black, grey = colour("#fff"), colour("#000000"), colour("#767676")
    assert white
    assert black
    assert grey

    assert round(contrast(white, black), 2) == 21
    assert round(contrast(grey, white), 2) == 4.54


def test_the_colours_of_the_tokens_need_no_rule() -> None:
    assert theme_css(DEFAULT_COLOR, DEFAULT_ACCENT.upper()) == "/* The colours of tokens.css. */\n"


def test_a_hub_changes_its_colour_in_both_themes() -> None:
    assert theme_css("#7a1f4b", DEFAULT_ACCENT) == (
        ":root{--water-deep:#7a1f4b;--focus:#7a1f4b;--deep-nec:#7a1f4b;--kind-nec:#7a1f4b}\n"
        "@media screen and (prefers-color-scheme:dark)"
        "{:root{--water-deep:#caa5b7;--focus:#caa5b7;--kind-nec:#caa5b7}}\n"
    )


def test_a_dark_accent_carries_white_words() -> None:
    assert theme_css(DEFAULT_COLOR, "#25a").startswith(
        ":root{--sand:#2255aa;--sand-edge:#143366;--sand-hover:#1b4488;--on-sand:#ffffff}\n"
    )


@pytest.mark.parametrize(
    ("color", "accent", "said"),
    [
        ("blue", DEFAULT_ACCENT, "EVENTHUB_HUB_COLOR must be a colour like #0a4a73, not 'blue'"),
        ("#12345", DEFAULT_ACCENT, "EVENTHUB_HUB_COLOR must be a colour"),
        (DEFAULT_COLOR, "red;}", "EVENTHUB_HUB_ACCENT must be a colour"),
        ("#88f", DEFAULT_ACCENT, "EVENTHUB_HUB_COLOR is too light: #88f has a contrast of 2."),
        (DEFAULT_COLOR, "#7a7a7a", "EVENTHUB_HUB_ACCENT cannot carry the word of a button"),
    ],
)
def test_a_colour_that_cannot_be_read_stops_the_start_in_one_line(
    color: str, accent: str, said: str
) -> None:
    with pytest.raises(SettingError) as caught:
        theme_css(color, accent)

    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
