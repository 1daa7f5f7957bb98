"""Logos of structures: what is sent is drawn again, small and bare, before anyone is shown it."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from eventhub.domain.errors import LogoRefused, StateForbids
from eventhub.models.account import Account
from eventhub.models.structure import Structure, StructureLogo
from eventhub.services.structure_directory import lock_structures, record_structure

LOGO_BYTES_MAX = 2 * 1024 * 1024
LOGO_PIXELS_MAX = 40_000_000
LOGO_WIDTH, LOGO_HEIGHT = 400, 200
"""The largest logo that is kept, in pixels: twice what a page shows, for fine screens."""

KEPT_BYTES = 8_000
"""What a logo may weigh where that can be: a page with four of them still opens on a slow line."""
# Of the size and how many colours, from the best on; 0: every colour.
_TRIES = ((1, 0), (1, 256), (1, 64), (0.75, 64), (0.5, 64), (0.5, 24))

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_WRONG_KIND = "Envoyez une image PNG, JPEG, WebP ou GIF."
_SVG = (
    "Un fichier SVG peut contenir des programmes : nous ne le gardons pas. "
    "Envoyez le logo en PNG, JPEG, WebP ou GIF."
)
_TOO_HEAVY = "Ce fichier est trop lourd : 2 Mo au plus."
_TOO_LARGE = "Cette image est trop grande : 40 millions de pixels au plus."


@dataclass(frozen=True, slots=True)
class Drawn:
    """A logo as it is kept: PNG."""

    data: bytes
    width: int
    height: int


def draw_logo(sent: bytes) -> Drawn:
    """Draw a picture again as a PNG of at most 400 × 200, without what a camera wrote in it.

    Nothing is decoded before its size is known to be bearable. Raises LogoRefused.
    """
    if len(sent) > LOGO_BYTES_MAX:
        raise LogoRefused(_TOO_HEAVY)
    if b"<svg" in sent[:4096].lower():
        raise LogoRefused(_SVG)
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures; the number of pixels is checked here.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(sent), formats=_FORMATS)
        if picture.width * picture.height > LOGO_PIXELS_MAX:
            raise LogoRefused(_TOO_LARGE)
        # A JPEG is decoded at the smallest size that will do.
        picture.draft("RGB", (2 * LOGO_WIDTH, 2 * LOGO_HEIGHT))
        # Copies of a large picture are what would weigh: none is made where it can do without.
        ImageOps.exif_transpose(picture, in_place=True)
        drawn = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        drawn.thumbnail((LOGO_WIDTH, LOGO_HEIGHT), Image.Resampling.LANCZOS)
        return _lightest(drawn)
    except Image.DecompressionBombError as error:
        raise LogoRefused(_TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise LogoRefused(_WRONG_KIND) from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError) as error:
        # What Pillow raises for broken files, by format.
        raise LogoRefused from error


def _lightest(picture: Image.Image) -> Drawn:
    """The best of the tries that is light enough, else the last of them."""
    size, kept = picture.size, io.BytesIO()
    for share, colours in _TRIES:
        size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
        bare = Image.new("RGBA", size)  # nothing that came with the file comes along
        bare.paste(picture if size == picture.size else picture.resize(size))
        kept = io.BytesIO()
        if colours:
            bare.quantize(colours, Image.Quantize.FASTOCTREE).save(kept, "PNG", optimize=True)
        else:
            bare.save(kept, "PNG", optimize=True)
        if kept.tell() <= KEPT_BYTES:
            break
    return Drawn(kept.getvalue(), *size)


def set_logo(
    session: Session, structure_id: int, sent: bytes, now: datetime, *, account: Account
) -> StructureLogo:
    """Give a structure a logo in place of its old one.

    Raises NotFound, StructureMerged, LogoRefused.
    """
    drawn = draw_logo(sent)
    (structure,) = lock_structures(session, structure_id)
    _drop(session, structure)
    logo = StructureLogo(
        structure_id=structure.id,
        sha256=hashlib.sha256(drawn.data).hexdigest(),
        media_type="image/png",
        width=drawn.width,
        height=drawn.height,
        data=drawn.data,
        created_at=now,
    )
    session.add(logo)
    session.flush()
    record_structure(session, now, "structure-logo-set", structure, account)
    return logo


def remove_logo(session: Session, structure_id: int, now: datetime, *, account: Account) -> None:
    """Take a structure's logo away. Raises NotFound, StructureMerged, StateForbids without one."""
    (structure,) = lock_structures(session, structure_id)
    if not _drop(session, structure):
        raise StateForbids
    record_structure(session, now, "structure-logo-removed", structure, account)


def _drop(session: Session, structure: Structure) -> bool:
    dropped = session.execute(
        delete(StructureLogo)
        .where(StructureLogo.structure_id == structure.id)
        .returning(StructureLogo.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire(structure, ["logo"])
    return bool(dropped)
