"""What people send as a logo, among it what they should not."""

import hashlib
import io
import struct
import zlib
from datetime import datetime

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy.orm import Session

from eventhub.domain.errors import LogoRefused, NotFound, StateForbids
from eventhub.models.structure import StructureLogo
from eventhub.services.logos import draw_logo, remove_logo, set_logo
from tests.factories import make_account, make_structure


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300), **values: object) -> bytes:
    file = io.BytesIO()
    mode = "RGB" if kind == "JPEG" else "RGBA"
    Image.new(mode, size, (10, 90, 130)).save(file, kind, **values)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it holds that many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_drawn_again_as_a_small_png(kind: str) -> None:
    drawn = draw_logo(picture(kind))
    assert (drawn.width, drawn.height) == (400, 133)
    with Image.open(io.BytesIO(drawn.data)) as made:
        assert (made.format, made.size) == ("PNG", (400, 133))


@pytest.mark.parametrize(
    ("size", "kept"),
    [((100, 40), (100, 40)), ((1, 1), (1, 1)), ((200, 2000), (20, 200)), ((9000, 3), (400, 1))],
)
def test_its_proportions_are_kept_and_nothing_is_made_larger(
    size: tuple[int, int], kept: tuple[int, int]
) -> None:
    drawn = draw_logo(picture(size=size))
    assert (drawn.width, drawn.height) == kept


def test_what_a_camera_wrote_is_gone_and_its_turn_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Appareil d’Inès"
    exif[0x0112] = 6
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Inès")
    turned = draw_logo(picture("JPEG", (300, 100), exif=exif))
    assert (turned.width, turned.height) == (67, 200)
    for data in (turned.data, draw_logo(picture(pnginfo=words)).data):
        with Image.open(io.BytesIO(data)) as made:
            assert dict(made.getexif()) == {}
            assert made.info == {}
        assert b"In\xc3\xa8s" not in data


def test_a_busy_picture_is_made_lighter_until_a_slow_line_bears_it() -> None:
    busy = Image.effect_noise((800, 400), 90).convert("RGB")
    file = io.BytesIO()
    busy.save(file, "PNG")
    drawn = draw_logo(file.getvalue())
    assert len(drawn.data) <= 16_000
    assert (drawn.width, drawn.height) == (200, 100)


def test_transparency_is_kept() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    with Image.open(io.BytesIO(draw_logo(file.getvalue()).data)) as made:
        assert made.getpixel((5, 5)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"<?xml version='1.0'?><svg xmlns='x'><script/></svg>", "SVG"),
        (b"\xef\xbb\xbf  <SVG onload='alert(1)'/>", "SVG"),
        (b"", "PNG, JPEG, WebP ou GIF"),
        (b"%PDF-1.7", "PNG, JPEG, WebP ou GIF"),
        (b"BM" + b"\0" * 60, "PNG, JPEG, WebP ou GIF"),
        (b"<html><script>alert(1)</script>", "PNG, JPEG, WebP ou GIF"),
        (b"\x89PNG\r\n\x1a\n", "PNG, JPEG, WebP ou GIF"),
        (picture()[:60], "ne peut pas être lu"),
        (picture("JPEG")[:400], "ne peut pas être lu"),
        (b"\0" * (2 * 1024 * 1024 + 1), "2 Mo"),
        (bomb(8000, 8000), "40 millions de pixels"),
        (bomb(60_000, 60_000), "40 millions de pixels"),
        (bomb(2_000_000_000, 2_000_000_000), "40 millions de pixels"),
    ],
)
def test_what_is_no_bearable_picture_is_refused_with_the_reason(sent: bytes, reason: str) -> None:
    with pytest.raises(LogoRefused) as refused:
        draw_logo(sent)
    assert reason in refused.value.fields["logo"]


def test_a_logo_takes_the_place_of_the_one_before(session: Session, now: datetime) -> None:
    structure, account = make_structure(session, "Les Tilleuls"), make_account(session)
    set_logo(session, structure.id, picture(), now, account=account)
    set_logo(session, structure.id, picture(size=(30, 30)), now, account=account)
    kept = session.query(StructureLogo).one()
    assert (kept.width, kept.height, kept.media_type) == (30, 30, "image/png")
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()
    remove_logo(session, structure.id, now, account=account)
    assert session.query(StructureLogo).count() == 0
    with pytest.raises(StateForbids):
        remove_logo(session, structure.id, now, account=account)
    with pytest.raises(NotFound):
        set_logo(session, 999_999, picture(), now, account=account)
