"""Static files: served by WhiteNoise under a prefix that changes with their content."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from eventhub.web.style_sheets import site_sheets

STATIC_ROOT = Path(__file__).resolve().parent.parent / "static"


class FreshFiles(WhiteNoise):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise without the compressed files that are older than what they were made from."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> Any:
        """The file and those of its compressed forms that still say the same."""
        if stat_cache is not None:
            edited_at = stat_cache[path].st_mtime_ns
            forms = (path, f"{path}.gz", f"{path}.br")
            stat_cache = {
                form: stat_cache[form]
                for form in forms
                if form in stat_cache and stat_cache[form].st_mtime_ns >= edited_at
            }
        return super().get_static_file(path, url, stat_cache)


def init_static(app: Flask) -> None:
    """Serve `eventhub/static/` and give templates `asset(path)` and `site_sheets`.

    One prefix, made from the content of every file, lets browsers keep them for ever and keeps
    relative addresses in style sheets true.
    """
    prefix = f"/static/{_content_hash(STATIC_ROOT)}/"
    wrapped = FreshFiles(app.wsgi_app, immutable_file_test=lambda _path, _url: True)
    wrapped.add_files(str(STATIC_ROOT), prefix=prefix)
    app.wsgi_app = wrapped  # type: ignore[method-assign]  # Flask's documented way to wrap

    def asset(path: str) -> str:
        return prefix + path

    app.add_template_global(asset, "asset")
    app.jinja_env.globals["site_sheets"] = site_sheets(STATIC_ROOT)
    app.config["ASSET"] = asset


def _content_hash(root: Path) -> str:
    digest: Any = hashlib.blake2b(digest_size=6)
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in {".gz", ".br"}:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return str(digest.hexdigest())
