import io

import zxingcpp
from PIL import Image, ImageDraw

from eventhub.exports.qr import QUIET_MODULES, qr_modules, qr_png, qr_svg

# As long as a ticket: 120 characters of base45.
TEXT = "6BF%CT0OTW6$%QV0A" * 7 + "Z"


def read(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    return found.text


def test_a_ticket_makes_a_code_of_version_5() -> None:
    assert len(TEXT) == 120
    assert len(qr_modules(TEXT)) == 37


def test_the_png_is_read_by_another_decoder() -> None:
    image = Image.open(io.BytesIO(qr_png(TEXT)))
    side = (37 + 2 * QUIET_MODULES) * 8
    assert (image.format, image.mode, image.size) == ("PNG", "1", (side, side))
    assert read(image.convert("L")) == TEXT
    assert image.getpixel((0, 0)) == 255


def test_the_png_is_small_and_always_the_same() -> None:
    assert qr_png(TEXT) == qr_png(TEXT)
    assert len(qr_png(TEXT)) < 2000


def test_the_svg_is_read_by_another_decoder() -> None:
    svg = str(qr_svg(TEXT, "Code QR du billet"))
    *_, path = svg.split(' d="')
    image = Image.new("L", (450, 450), 255)
    draw = ImageDraw.Draw(image)
    for run in path.split('"')[0].split("M")[1:]:
        x, rest = run.split(" ")
        y, width = rest.split("v")[0].split("h")
        left, top = (int(x) + QUIET_MODULES) * 10, (int(y) + QUIET_MODULES) * 10
        draw.rectangle((left, top, left + int(width) * 10 - 1, top + 9), fill=0)
    assert read(image) == TEXT


def test_the_svg_says_what_it_is_and_lets_nothing_in() -> None:
    svg = str(qr_svg("A", '"><script>alert(1)</script>', css_class="qr"))
    assert svg.startswith('<svg class="qr" viewBox="-4 -4 29 29" role="img" aria-label="&#34;&gt;')
    assert "<script>" not in svg
    assert "style=" not in svg
