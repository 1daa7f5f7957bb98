"""Checks that every installed package is pinned in constraints.txt, and at that version."""

import re
import sys
from importlib.metadata import distributions
from pathlib import Path

CONSTRAINTS = Path(__file__).resolve().parent.parent / "constraints.txt"

#: What the virtual environment brings, and the project itself.
NOT_PINNED = {"eventhub", "pip", "setuptools"}


def canonical(name: str) -> str:
    """The name of a package as the index compares it.

    Source: https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Print each package that is not pinned as installed; 1 where there is one."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    wanted = {canonical(name): version for name, version in pinned.items()}
    installed = {canonical(package.name): package.version for package in distributions()}
    strays = sorted(
        f"{name} {version} is installed, {wanted.get(name, 'nothing')} is pinned"
        for name, version in installed.items()
        if name not in NOT_PINNED and wanted.get(name) != version
    )
    print("\n".join(strays) or f"{len(wanted)} packages pinned")
    if strays:
        print("Run `make pins`, then `make deps`; or remove what does not belong in .venv.")
    return 1 if strays else 0


if __name__ == "__main__":
    sys.exit(main())
