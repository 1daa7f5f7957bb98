import os
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from eventhub.web import static
from eventhub.web.style_sheets import SITE_PARTS, SITE_SHEET, site_css, site_sheets
from tools.assets import compress_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "css").mkdir()
    for number, part in enumerate(SITE_PARTS):
        (tmp_path / part).write_text(f".part{number} {{ margin: {number} }}\n", "utf-8")
    return tmp_path


def test_a_page_links_one_style_sheet_where_it_says_what_its_parts_say(root: Path) -> None:
    assert site_sheets(root) == SITE_PARTS

    (root / SITE_SHEET).write_text(site_css(root), "utf-8")
    assert site_sheets(root) == (SITE_SHEET,)

    (root / SITE_PARTS[2]).write_text(".edited {}", "utf-8")
    assert site_sheets(root) == SITE_PARTS


@pytest.mark.parametrize(("age_seconds", "encoding"), [(0, "gzip"), (60, None)])
def test_a_compressed_file_older_than_its_source_is_not_served(
    root: Path, monkeypatch: pytest.MonkeyPatch, age_seconds: int, encoding: str | None
) -> None:
    source, compressed = root / SITE_PARTS[0], root / f"{SITE_PARTS[0]}.gz"
    compressed.write_bytes(b"what was compressed")
    made_at = source.stat().st_mtime_ns - age_seconds * 10**9
    os.utime(compressed, ns=(made_at, made_at))
    monkeypatch.setattr(static, "STATIC_ROOT", root)
    app = Flask("static files")
    static.init_static(app)

    answer = Client(app).get(
        app.config["ASSET"](SITE_PARTS[0]), headers={"Accept-Encoding": "gzip"}, buffered=True
    )

    expected = compressed if encoding else source
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.data == expected.read_bytes()


@pytest.mark.parametrize("nanoseconds", [1, 342_525_273, 999_999_999])
def test_compressed_forms_are_exactly_as_old_as_their_source(root: Path, nanoseconds: int) -> None:
    source = root / SITE_PARTS[0]
    source.write_text(".part { margin: 0 }\n" * 200, "utf-8")
    made_at = 1_795_321_975 * 10**9 + nanoseconds
    os.utime(source, ns=(made_at, made_at))

    compress_file(source)

    ages = [Path(f"{source}{suffix}").stat().st_mtime_ns for suffix in (".gz", ".br")]
    assert ages == [made_at, made_at]
