"""The Chromium that browser tests drive: the one of the system, never a downloaded one."""

import os
import shutil

#: Names under which systems install it, best first.
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

#: Quiet, reproducible, no call home. Chromium refuses to start its sandbox as root.
LAUNCH_ARGS: list[str] = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--no-default-browser-check",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


def chromium_path() -> str | None:
    """Where Chromium is, or None: browser tests are then skipped."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
