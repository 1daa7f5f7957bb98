"""Static files: served by WhiteNoise under a prefix that changes with their content."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

STATIC_ROOT = Path(__file__).resolve().parent.parent / "static"


def init_static(app: Flask) -> None:
    """Serve `eventhub/static/` and give templates `asset(path)`.

    One prefix, made from the content of every file, lets browsers keep them for ever and keeps
    relative addresses in style sheets true.
    """
    prefix = f"/static/{_content_hash(STATIC_ROOT)}/"
    wrapped = WhiteNoise(app.wsgi_app, immutable_file_test=lambda _path, _url: True)
    wrapped.add_files(str(STATIC_ROOT), prefix=prefix)
    app.wsgi_app = wrapped  # type: ignore[method-assign]  # Flask's documented way to wrap

    def asset(path: str) -> str:
        return prefix + path

    app.add_template_global(asset, "asset")
    app.config["ASSET"] = asset


def _content_hash(root: Path) -> str:
    digest: Any = hashlib.blake2b(digest_size=6)
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in {".gz", ".br"}:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return str(digest.hexdigest())
