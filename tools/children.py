"""Child processes that never outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def dies_with_parent(sent: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` that asks the kernel to send `sent` when the parent is gone, even killed.

    Only Linux can do that; elsewhere it does nothing. The thread that starts the child has to
    live as long as the child should: Linux watches that thread, not the process.

    Source: prctl(2), PR_SET_PDEATHSIG
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, int(sent))


def die_with_parent() -> None:
    """Ask the same for this process."""
    dies_with_parent()()


def stop(*processes: subprocess.Popen[str], sent: signal.Signals, patience_seconds: float) -> None:
    """Send `sent` to those that still run, wait for all, and kill what is still there.

    Each leads a process group of its own: what it has started is killed with it.
    """
    deadline = time.monotonic() + patience_seconds
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.send_signal(sent)
    for process in running:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
