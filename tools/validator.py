"""The Nu HTML checker, where Java is present: it comes as an npm package for development only."""

import shutil
import subprocess
import sys

from tools.assets import PACKAGES, ROOT, npm_command

JAR = PACKAGES / "vnu-jar" / "build" / "dist" / "vnu.jar"


def validator_command() -> list[str] | None:
    """The words that start the checker, or None where Java or the checker is missing."""
    java = shutil.which("java")
    if java is None or not JAR.exists():
        return None
    return [java, "-Xss2m", "-jar", str(JAR)]


def install() -> int:
    """Install the checker where Java could run it and it is not there yet; the status of npm."""
    if shutil.which("java") is None or JAR.exists():
        return 0
    print("Fetching the HTML checker …", file=sys.stderr)
    command = [*npm_command(), "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    return subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False).returncode


if __name__ == "__main__":
    sys.exit(install())
