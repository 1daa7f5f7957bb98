"""Starts the application on a database of its own, on loopback, and ends it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SECRET = "a key for benchmarks, of no worth elsewhere"  # noqa: S105 - no secret


@dataclass(frozen=True, slots=True)
class Served:
    """A running application."""

    port: int
    environment: dict[str, str]
    process_id: int

    def eventhub(self, *arguments: str) -> str:
        """Run a command of the application on the same database; give its standard output."""
        return _eventhub(self.environment, *arguments)


def _eventhub(environment: dict[str, str], *arguments: str) -> str:
    command = [str(Path(sys.executable).parent / "eventhub"), *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout


@contextmanager
def served(workers: int = 2, threads: int = 4) -> Iterator[Served]:
    """Migrate an empty database, load the example season and serve with granian.

    EVENTHUB_BENCH_DATABASE_URL names an empty database; default: SQLite in a temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="eventhub-bench-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {
            **os.environ,
            "EVENTHUB_INSTANCE_PATH": folder,
            "EVENTHUB_SECRET_KEY": _SECRET,
            "EVENTHUB_DATABASE_URL": os.environ.get("EVENTHUB_BENCH_DATABASE_URL", ""),
            "EVENTHUB_BASE_URL": f"http://127.0.0.1:{port}",
            "EVENTHUB_LOG_LEVEL": "WARNING",
        }
        _eventhub(environment, "db", "upgrade")
        _eventhub(environment, "season", "load")
        command = [
            str(Path(sys.executable).parent / "granian"),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(workers), "--blocking-threads", str(threads)),
            *("--backlog", "1024", "--no-ws", "--log-level", "error"),
            "bench.server:app",
        ]
        server = subprocess.Popen(command, env=environment, cwd=ROOT)
        try:
            wait_until_ready(port, server)
            yield Served(port, environment, server.pid)
        finally:
            server.terminate()
            server.wait(30)


def wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    """Poll /readyz until it answers 200. Raises RuntimeError after a minute, or where it ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)  # between two polls of the condition
    raise RuntimeError("the server was not ready within a minute")
