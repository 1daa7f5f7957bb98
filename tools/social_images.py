"""Draws the pictures beside a shared link, one per family of kinds: `-m tools.social_images`.

They hold the colour, the pictogram and the river of an event's poster, and no word: what is shared
brings its own. They are committed; draw them again after a change of these parts.
"""

import io
import re
import sys
from pathlib import Path
from typing import get_args

from PIL import Image
from playwright.sync_api import sync_playwright

from eventhub.domain.kinds import KindColour
from tests.chromium import LAUNCH_ARGS, chromium_path
from tools.environment import ROOT

STATIC = ROOT / "eventhub" / "static"
FOLDER = STATIC / "social"
WIDTH, HEIGHT = 1200, 630
"""What networks show whole. Source: https://ogp.me, and their advice to publishers."""
COLOURS = 48
MOST_BYTES = 60_000


def main() -> int:
    """Draw every picture; 1 where there is no Chromium."""
    chromium = chromium_path()
    if chromium is None:
        print("No Chromium on this machine", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=LAUNCH_ARGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for colour in get_args(KindColour):
            page.set_content(picture(colour))
            write(FOLDER / f"{colour}.png", page.screenshot())
        browser.close()
    return 0


def picture(colour: str) -> str:
    """The page to be photographed."""
    tokens = (STATIC / "css" / "tokens.css").read_text("utf-8")
    icons = (STATIC / "icons.svg").read_text("utf-8")
    macros = (ROOT / "eventhub" / "templates" / "macros" / "icons.html").read_text("utf-8")
    river = re.search(r'<svg class="river".*?</svg>', macros, re.DOTALL)
    if river is None:
        raise SystemExit("macros/icons.html has no river any more")
    return f"""<!doctype html><style>{tokens}
      body {{ margin: 0; background: var(--deep-{colour}); color: #fff; overflow: hidden }}
      .river {{ position: absolute; inset: 0; width: 100%; height: 100%; opacity: .45 }}
      .river :is(.ripple, .bank) {{ fill: none; stroke: #fff; stroke-width: 3 }}
      .river :is(.flow, .island) {{ fill: none }}
      .sign {{ position: absolute; left: 110px; top: 105px; width: 420px; height: 420px;
        fill: none; stroke: #fff; stroke-width: 1.6;
        stroke-linecap: round; stroke-linejoin: round }}
      .ruler {{ position: absolute; inset: auto 0 0; height: 26px; border-top: 4px solid #f6bd4a;
        background: repeating-linear-gradient(90deg, #f6bd4a 0 4px, #0000 4px 60px) }}
      .icons {{ display: none }}</style>
      <div class="icons">{icons}</div>{river[0]}
      <svg class="sign"><use href="#kind-{colour}"/></svg><div class="ruler"></div>"""


def write(file: Path, taken: bytes) -> None:
    """Keep a picture with few colours, which is all that it has."""
    with Image.open(io.BytesIO(taken)) as image:
        drawn = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        drawn.save(file, optimize=True)
    if file.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{file.name} weighs {file.stat().st_size} bytes, {MOST_BYTES} at most")


if __name__ == "__main__":
    sys.exit(main())
