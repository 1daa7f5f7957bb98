"""The hub's two colours as a style sheet; a colour that nobody could read stops the start.

The rest of the palette is in static/css/tokens.css and does not change with the hub.
"""

import re
from dataclasses import dataclass, fields

from flask import Flask

from config import SettingError, Settings

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_TEXT_CONTRAST = 4.5
"""Least contrast of text. Source: WCAG 2.2, 1.4.3."""
_DARK_CONTRAST = 7.0
"""What the light form of the hub's colour reaches on the dark theme's ground."""
_MARK_CONTRAST = 3.0
"""Least contrast of the mark of focus. Source: WCAG 2.2, 1.4.11."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of the sRGB space, each channel from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance, from 0 (black) to 1 (white).

        Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
        """
        linear = [
            channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
            for channel in (value / 255 for value in (self.red, self.green, self.blue))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """This colour with a `share` (0 to 1) of another."""
        return Colour(
            round(self.red + (other.red - self.red) * share),
            round(self.green + (other.green - self.green) * share),
            round(self.blue + (other.blue - self.blue) * share),
        )


def colour(text: str) -> Colour | None:
    """Read `#0a4a73` or `#04a`; None for anything else."""
    if not _HEX.fullmatch(text):
        return None
    digits = text[1:] if len(text) > 4 else "".join(digit * 2 for digit in text[1:])
    return Colour(*bytes.fromhex(digits))


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, from 1 to 21.

    Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    dark, light = sorted((one.luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)


_DEFAULTS = {field.name: str(field.default) for field in fields(Settings)}
_WHITE = Colour(255, 255, 255)
_BLACK = Colour(0, 0, 0)
_INK = Colour(0x13, 0x21, 0x2B)
_STONE = Colour(0xF5, 0xF0, 0xE5)
_DARK_PAPER = Colour(0x0E, 0x1A, 0x22)
_DARK_STONE = Colour(0x17, 0x26, 0x31)


def init_theme(app: Flask, settings: Settings) -> None:
    """Make the style sheet once. Raises SettingError for a colour that cannot be used."""
    app.config["THEME_CSS"] = theme_css(settings.hub_color, settings.hub_accent)


def theme_css(hub_color: str, hub_accent: str) -> str:
    """The style sheet of the hub's colours, to be loaded after the others.

    It stands outside the layers, so that it wins over tokens.css; empty for the colours that
    tokens.css already has. Raises SettingError for a colour that cannot be used.
    """
    rules = "".join(
        make(value)
        for make, value, default in (
            (_hub_rules, hub_color, _DEFAULTS["hub_color"]),
            (_accent_rules, hub_accent, _DEFAULTS["hub_accent"]),
        )
        if value.lower() != default.lower()
    )
    return rules or "/* The colours of tokens.css. */\n"


def _hub_rules(text: str) -> str:
    deep = _read("HUB_COLOR", text)
    # Links on paper and on stone, white titles on the poster.
    worst = min(contrast(deep, ground) for ground in (_WHITE, _STONE))
    if worst < _TEXT_CONTRAST:
        raise SettingError(
            f"EVENTHUB_HUB_COLOR is too light: {text} has a contrast of {worst:.2f} on the stone "
            f"ground of the pages, and needs {_TEXT_CONTRAST}; choose a darker colour"
        )
    pale = _lightened(deep)
    return (
        f":root{{--water-deep:{deep};--focus:{deep};--deep-nec:{deep};--kind-nec:{deep}}}\n"
        "@media screen and (prefers-color-scheme:dark){"
        f":root{{--water-deep:{pale};--focus:{pale};--kind-nec:{pale}}}}}\n"
    )


def _accent_rules(text: str) -> str:
    sand = _read("HUB_ACCENT", text)
    on_sand = max((_INK, _WHITE), key=lambda ink: contrast(sand, ink))
    hover = sand.mixed(_WHITE if on_sand == _INK else _BLACK, 0.2)
    worst = min(contrast(ground, on_sand) for ground in (sand, hover))
    if worst < _TEXT_CONTRAST:
        raise SettingError(
            f"EVENTHUB_HUB_ACCENT cannot carry the word of a button: {text} has a contrast of "
            f"{worst:.2f} with the darkest and the lightest ink, and needs {_TEXT_CONTRAST}; "
            "choose a lighter or a darker colour"
        )
    return (
        f":root{{--sand:{sand};--sand-edge:{sand.mixed(_BLACK, 0.4)};--sand-hover:{hover};"
        f"--on-sand:{on_sand}}}\n"
        "@media screen and (prefers-color-scheme:dark){"
        f":root{{--sand-edge:{sand.mixed(_WHITE, 0.5)};--focus:{_focus_in_the_dark(sand)}}}}}\n"
    )


def _focus_in_the_dark(sand: Colour) -> Colour:
    return sand if contrast(sand, _DARK_PAPER) >= _MARK_CONTRAST else _WHITE


def _lightened(deep: Colour) -> Colour:
    """The same hue, light enough for text on the dark theme."""
    shares = (step / 20 for step in range(21))
    lighter = (deep.mixed(_WHITE, share) for share in shares)
    return next(one for one in lighter if contrast(one, _DARK_STONE) >= _DARK_CONTRAST)


def _read(name: str, text: str) -> Colour:
    found = colour(text)
    if found is None:
        raise SettingError(f"EVENTHUB_{name} must be a colour like #0a4a73, not {text!r}")
    return found
