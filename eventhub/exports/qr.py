"""QR codes, as SVG for pages and documents and as PNG for mails."""

import struct
import zlib

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

QUIET_MODULES = 4
"""White modules around the code. Source: ISO/IEC 18004 §5.3.8."""

Modules = list[list[bool]]


def qr_modules(text: str) -> Modules:
    """The dark modules of the code of `text`, row by row, without the quiet zone; level M."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_svg(text: str, label: str, *, css_class: str = "") -> Markup:
    """An `<svg>` of one path on white, quiet zone included, as wide as what holds it.

    `label` says to those who do not see it what the code is.
    """
    modules = qr_modules(text)
    size = len(modules) + 2 * QUIET_MODULES
    path = "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, cells in enumerate(modules)
        for start, length in _runs(cells)
    )
    corner = -QUIET_MODULES
    return Markup(
        '<svg{css} viewBox="{corner} {corner} {size} {size}" role="img" aria-label="{label}"'
        ' shape-rendering="crispEdges">'
        '<path fill="#fff" d="M{corner} {corner}h{size}v{size}h-{size}z"/>'
        '<path fill="#000" d="{path}"/></svg>'
    ).format(
        css=Markup(' class="{}"').format(css_class) if css_class else "",
        corner=corner,
        size=size,
        label=label,
        path=path,
    )


def qr_png(text: str, *, pixels_per_module: int = 8) -> bytes:
    """A PNG of one bit per pixel, quiet zone included.

    Written here in a few lines: an imaging library would weigh more than the whole mail worker.
    Source: PNG, third edition, §11.
    """
    modules = qr_modules(text)
    side = (len(modules) + 2 * QUIET_MODULES) * pixels_per_module
    blank = [False] * len(modules)
    margin = [blank] * QUIET_MODULES
    lines = bytearray()
    for row in [*margin, *modules, *margin]:
        cells = [False] * QUIET_MODULES + row + [False] * QUIET_MODULES
        # A pixel is 1 for white; each line begins with its filter, none.
        bits = "".join(("0" if dark else "1") * pixels_per_module for dark in cells)
        bits = bits.ljust((side + 7) // 8 * 8, "0")
        line = b"\x00" + int(bits, 2).to_bytes(len(bits) // 8, "big")
        lines += line * pixels_per_module
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(bytes(lines), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _runs(cells: list[bool]) -> list[tuple[int, int]]:
    """Where the dark runs of a row start, and how long they are."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(cells):
        if not dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs
