"""Memory at rest of all that `make run` starts."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.result import Result
from bench.serving import ROOT, wait_until_ready

MOST_MEGABYTES = 250


def memory_at_rest() -> list[Result]:
    """Start the product as `make run` does and sum what its processes hold, a shared page once.

    Proportional set size, from /proc; the resident sizes, which count shared pages again in each
    process, are printed beside it.
    """
    with tempfile.TemporaryDirectory(prefix="eventhub-bench-") as folder:
        environment = {
            **os.environ,
            "EVENTHUB_INSTANCE_PATH": folder,
            "PORT": "8098",
            "HOST": "127.0.0.1",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.run"],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(8098, process)
            time.sleep(5)  # at rest: after what the start itself holds
            tree = _descendants(process.pid)
            proportional = sum(_field(pid, "smaps_rollup", "Pss:") for pid in tree) / 1024
            resident = sum(_field(pid, "status", "VmRSS:") for pid in tree) / 1024
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
    return [
        Result("memory_at_rest", proportional, "MB", target=MOST_MEGABYTES),
        Result("memory_at_rest.resident", resident, "MB"),
    ]


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _descendants(int(child))
    return found


def _field(pid: int, file: str, name: str) -> int:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0
