"""Installs the npm packages that only tests use: a reader of calendars, and the HTML checker."""

import subprocess
import sys

from tools.assets import PACKAGES, ROOT, npm_command

NEEDED = ("ical.js", "vnu-jar")


def install() -> int:
    """Install them where one is missing; the status of npm."""
    if all((PACKAGES / name / "package.json").is_file() for name in NEEDED):
        return 0
    print("Fetching the npm packages of the tests …", file=sys.stderr)
    command = [*npm_command(), "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    return subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False).returncode


if __name__ == "__main__":
    sys.exit(install())
