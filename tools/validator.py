"""The Nu HTML checker, where Java is present: it comes as an npm package for development only."""

import shutil

from tools.assets import PACKAGES

JAR = PACKAGES / "vnu-jar" / "build" / "dist" / "vnu.jar"


def validator_command() -> list[str] | None:
    """The words that start the checker, or None where Java or the checker is missing."""
    java = shutil.which("java")
    if java is None or not JAR.exists():
        return None
    return [java, "-Xss2m", "-jar", str(JAR)]
