"""Makes what the other commands need: .venv with the pinned packages, and the front-end files.

Runs before there is any package: standard library only, and started with the Python of the
machine. Does nothing, in a tenth of a second, where all is there and nothing has changed.
Everything is said on standard error.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "constraints.txt"
OLDEST_PYTHON = (3, 11)

#: What each way of using the project installs beside its own dependencies.
EXTRAS: Mapping[str, Sequence[str]] = {
    "serving": ("assets",),
    "development": ("assets", "dev"),
}


class Failure(Exception):
    """A step that did not succeed; its text is for the person at the terminal."""


def say(text: str) -> None:
    """Tell the person at the terminal what takes time."""
    print(text, file=sys.stderr, flush=True)


def run(command: Sequence[str | Path], **environment: str) -> None:
    """Run one command at the root, its output on standard error.

    Raises:
        Failure: it ended with another status than 0.
    """
    words = [str(word) for word in command]
    # Standard output is for the answer of the command that we prepare.
    done = subprocess.run(
        words, cwd=ROOT, env=os.environ | environment, stdout=sys.stderr, check=False
    )
    if done.returncode != 0:
        raise Failure(f"ended with {done.returncode}: {' '.join(words)}")


def digest(*parts: object) -> str:
    """A short text that changes when one of the parts does."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def read(path: Path) -> str:
    """The text of a file, or nothing where there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def check_python() -> None:
    """Refuse a Python that cannot work, in words that say what to install.

    Raises:
        Failure: Python is too old, or comes without venv.
    """
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        raise Failure(
            f"EventHub needs Python {wanted} or newer, this is {sys.version.split()[0]};"
            " another can be named: make PYTHON=python3.11 …"
        )
    if importlib.util.find_spec("ensurepip") is None:
        raise Failure("this Python has no venv (on Debian: apt-get install python3-venv)")


def make_venv() -> None:
    """Make .venv where it is missing, broken, of another Python, or was moved here."""
    identity = f"{ROOT}\n{sys.version}\n"
    stamp = VENV / ".identity"
    if read(stamp) == identity and (VENV / "bin" / "python").exists():
        return
    say(f"Making {VENV.name} …")
    run([sys.executable, "-m", "venv", "--clear", VENV])
    stamp.write_text(identity, encoding="utf-8")


def pip(*arguments: str | Path, venv: Path = VENV, constraints: Path | None = CONSTRAINTS) -> None:
    """Run the pip of a virtual environment, held to the pinned versions."""
    # As a variable and not as an option: so that it holds for what builds packages too.
    held = {"PIP_CONSTRAINT": str(constraints)} if constraints else {}
    run(
        [venv / "bin" / "python", "-m", "pip", *arguments],
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PIP_NO_INPUT="1",
        PIP_PROGRESS_BAR="off",
        PIP_QUIET="2",
        PIP_ROOT_USER_ACTION="ignore",
        **held,
    )


def project_with(extras: Sequence[str]) -> str:
    """The requirement that names the project and its extras, for pip."""
    return f"{ROOT}[{','.join(extras)}]"


def install_packages(use: str) -> None:
    """Install what `use` needs, unless that or more is there."""
    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    wanted = digest(project["project"], project["build-system"], read(CONSTRAINTS))

    def stamp(name: str) -> Path:
        return VENV / f".packages-{name}"

    enough = [name for name, extras in EXTRAS.items() if set(extras) >= set(EXTRAS[use])]
    if any(read(stamp(name)) == wanted for name in enough):
        return
    say("Installing Python packages (the first time: a minute or two) …")
    pip("install", "--editable", project_with(EXTRAS[use]))
    stamp(use).write_text(wanted, encoding="utf-8")


def fetch_assets(use: str) -> None:
    """Fetch and convert the files that the browser and the PDFs use, where something changed."""
    run([VENV / "bin" / "python", "-m", "tools.assets"])
    if use == "development":
        run([VENV / "bin" / "python", "-m", "tools.development_packages"])


def write_pins() -> None:
    """Install the newest of everything beside the project, and write down what that gave."""
    everything = sorted({extra for extras in EXTRAS.values() for extra in extras})
    build = tomllib.loads(read(ROOT / "pyproject.toml"))["build-system"]["requires"]
    with tempfile.TemporaryDirectory(prefix="eventhub-pins-") as folder:
        venv = Path(folder) / "venv"
        run([sys.executable, "-m", "venv", venv])
        pip("install", "--upgrade", *build, venv=venv, constraints=None)
        pip("install", "--editable", project_with(everything), venv=venv, constraints=None)
        frozen = subprocess.run(
            [venv / "bin" / "python", "-m", "pip", "freeze", "--all", "--exclude-editable"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
    pins = sorted((pin for pin in frozen if not pin.startswith("pip==")), key=str.casefold)
    head = "# Every package at the version that was tested. Written by `make pins`."
    CONSTRAINTS.write_text("\n".join([head, *pins, ""]), encoding="utf-8")
    say(f"{CONSTRAINTS.name}: {len(pins)} packages")


def main(use: str) -> None:
    """Make what `use` needs, one process at a time.

    Raises:
        Failure: with a sentence for the terminal.
    """
    with Path(__file__).open(encoding="utf-8") as own_file:
        fcntl.flock(own_file, fcntl.LOCK_EX)  # two `make` at once: the second waits
        check_python()
        if use == "pins":
            write_pins()
            return
        make_venv()
        install_packages(use)
        fetch_assets(use)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Failure as failure:
        sys.exit(f"Stopped: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
