"""Runs the checks and the tests, some at once, without mixing what they print.

The output of each step is printed when the step has ended; a table and pytest's own closing
lines come last. The status is 0 only where every step ended well. Ctrl-C stops what runs.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.chromium import chromium_path
from tools.browser import can_install
from tools.children import dies_with_parent
from tools.node import node_command

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent

#: What pytest prints last, with or without its frame of equal signs.
CLOSING_LINE = re.compile(
    r"^=* ?(no tests ran|\d+ (passed|failed|skipped|deselected|errors?)\b).* in [\d.]+s.*$"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One program to run. It ends well with status 0."""

    name: str
    command: Sequence[str | Path]
    environment: dict[str, str] = field(default_factory=dict)
    after: str | None = None
    """The step that has to be over before, however it ended."""
    waits_for_network: bool = False
    """It needs no processor to speak of: it runs beside the others."""
    may_fail: bool = False
    """Its failure is told, and is none of the project's."""
    limit_seconds: int = 20 * 60


@dataclass(slots=True)
class Running:
    """A step under way."""

    step: Step
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    started: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended."""

    step: Step
    status: int
    seconds: float
    closing: str

    @property
    def verdict(self) -> str:
        """One word for the table."""
        if self.status == 0:
            return "ok"
        return "missing" if self.step.may_fail else "FAILED"


def pytest_step(name: str, backend: str, marks: str, *paths: str, **more: str) -> Step:
    """A run of pytest on one database."""
    slug = name.lower().replace(" ", "-")
    return Step(
        name,
        # A cache each: two runs at once would write the same files.
        [PYTHON, "-m", "pytest", "-m", marks, "-o", f"cache_dir=.pytest_cache/{slug}", *paths],
        {"EVENTHUB_TEST_BACKEND": backend, **more},
    )


def checks() -> list[Step]:
    """What reads the code without running it; quick ones first."""
    return [
        Step("style", [BIN / "ruff", "check", "."]),
        Step("format", [BIN / "ruff", "format", "--check", "."]),
        Step("layers", [BIN / "lint-imports", "--no-logo"]),
        Step("pins", [PYTHON, "-m", "tools.pins"]),
        Step("types", [BIN / "mypy"]),
    ]


def javascript() -> Step:
    """The tests of the pure modules of the door."""
    # File by file: what a folder means differs between versions of Node.js.
    files = sorted((ROOT / "tests" / "js").rglob("*.test.*js"))
    if not files:
        return Step("JavaScript", [PYTHON, "-c", "raise SystemExit('no tests in tests/js')"])
    return Step("JavaScript", [*node_command(), "--test", "--test-reporter=spec", *files])


def plan(name: str) -> list[Step]:
    """The steps of `full`, `fast`, `lint` or `soak`, in the order in which they are started."""
    usual = "not browser and not soak"
    sqlite = pytest_step("Python on SQLite", "sqlite", usual)
    if name == "lint":
        return checks()
    if name == "fast":
        return [sqlite, *checks(), javascript()]
    if name == "soak":
        return [
            pytest_step("soak on SQLite", "sqlite", "soak", EVENTHUB_SOAK="1"),
            pytest_step("soak on PostgreSQL", "postgresql", "soak", EVENTHUB_SOAK="1"),
        ]
    if name != "full":
        raise SystemExit(f"Unknown set of steps: {name}")
    postgresql = pytest_step("Python on PostgreSQL", "postgresql", usual)
    browser = pytest_step("browser", "sqlite", "browser and not soak", "tests/e2e")
    if chromium_path() is None and can_install():
        install = Step(
            "install Chromium",
            [PYTHON, "-m", "tools.browser"],
            waits_for_network=True,
            may_fail=True,
        )
        browser = Step(browser.name, browser.command, browser.environment, after=install.name)
        return [install, postgresql, sqlite, browser, *reversed(checks()), javascript()]
    return [browser, postgresql, sqlite, *reversed(checks()), javascript()]


def start(step: Step) -> Running:
    """Start a step, its output going to a temporary file."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("EVENTHUB_")}
    output = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it has been printed
    process = subprocess.Popen(
        step.command,
        cwd=ROOT,
        env=own | step.environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
        preexec_fn=dies_with_parent(),  # noqa: PLW1509  # we have no threads
    )
    return Running(step, process, output, time.monotonic())


def stop(running: Running) -> None:
    """End a step and all that it started: politely, then not."""
    for sent, patience_seconds in ((signal.SIGINT, 10), (signal.SIGKILL, 10)):
        if running.process.poll() is None:
            os.killpg(running.process.pid, sent)
        try:
            running.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def finish(running: Running) -> Outcome:
    """Print what a step that ended has said."""
    seconds = time.monotonic() - running.started
    running.output.seek(0)
    said = running.output.read().decode(errors="replace").rstrip()
    running.output.close()
    print(f"\n───── {running.step.name} ({seconds:.1f} s)\n{said}", flush=True)
    closings = [line for line in said.splitlines() if CLOSING_LINE.match(line)]
    return Outcome(
        running.step, running.process.returncode, seconds, closings[-1] if closings else ""
    )


def may_start(step: Step, running: Sequence[Running], waiting: Sequence[Step], slots: int) -> bool:
    """Whether there is room for a step, and what it waits for is over."""
    if step.after in {other.step.name for other in running} | {other.name for other in waiting}:
        return False
    busy = sum(not other.step.waits_for_network for other in running)
    return step.waits_for_network or busy < slots


def run_all(steps: Sequence[Step], slots: int) -> list[Outcome]:
    """Run steps, at most `slots` at once, in the order given as far as possible."""
    waiting, running, outcomes = list(steps), list[Running](), list[Outcome]()
    try:
        while waiting or running:
            for step in tuple(waiting):
                if may_start(step, running, waiting, slots):
                    waiting.remove(step)
                    running.append(start(step))
            time.sleep(0.05)
            for one in tuple(running):
                if time.monotonic() - one.started > one.step.limit_seconds:
                    one.output.write(f"\nStopped after {one.step.limit_seconds} s.\n".encode())
                    stop(one)
                if one.process.poll() is not None:
                    running.remove(one)
                    outcomes.append(finish(one))
    finally:
        for one in running:
            stop(one)
    return outcomes


def report(outcomes: Sequence[Outcome], seconds: float) -> int:
    """Print the table and pytest's closing lines; the status of the whole."""
    print(f"\n───── all ({seconds:.0f} s)")
    for one in outcomes:
        print(f"{one.verdict:8} {one.step.name:24} {one.seconds:6.1f} s")
    for one in outcomes:
        if one.closing:
            print(f"{one.step.name}:\n{one.closing}")
    return 1 if any(one.verdict == "FAILED" for one in outcomes) else 0


def main(name: str) -> int:
    """Run one set of steps."""
    steps = plan(name)
    # A soak measures what the machine can do: nothing runs beside it.
    slots = 1 if name == "soak" else max(1, min(4, os.cpu_count() or 1))
    print(f"{', '.join(step.name for step in steps)}: {slots} at once.", flush=True)
    started = time.monotonic()
    return report(run_all(steps, slots), time.monotonic() - started)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
