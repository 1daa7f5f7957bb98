"""Serves EventHub: prepares the installation, then runs the server and the mail worker.

Standard library only, and little of it: this process stays for as long as the server does.
Restarts nothing: where one of the two ends, the other is ended and the status is 1.
"""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from tools.children import die_with_parent, dies_with_parent, stop

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
READY_WITHIN_SECONDS = 60
#: Longer than granian gives its workers to end what they answer.
STOPPED_WITHIN_SECONDS = 15

#: What the environment may set otherwise.
DEFAULTS = {
    "GRANIAN_WORKERS": "2",
    "GRANIAN_BLOCKING_THREADS": "4",
    "GRANIAN_WORKERS_KILL_TIMEOUT": "10",
    "GRANIAN_LOG_LEVEL": "warning",
    # Few memory arenas: threads would otherwise each keep their own.
    "MALLOC_ARENA_MAX": "2",
    "PYTHONUNBUFFERED": "1",
}


class Stopped(Exception):
    """We were asked to end."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable(host: str) -> str:
    """The host to connect to for a server that listens on `host`: itself, unless that is all."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared only


def chosen_port() -> int:
    """The PORT of the environment, 8000 where it is not set."""
    raw = os.environ.get("PORT") or "8000"
    if not raw.isdecimal() or not 0 < int(raw) < 65536:
        sys.exit(f"Stopped: PORT must be a number from 1 to 65535, not {raw!r}")
    return int(raw)


def check_port(host: str, port: int) -> None:
    """End with one line where we cannot listen there; granian would share a port in silence."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        sys.exit(f"Stopped: cannot listen on {host} port {port} ({error.strerror}); set PORT, HOST")


def prepare(environment: dict[str, str], *, link: bool) -> str:
    """Make the installation ready in a process that ends; the sign-in link, or nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.prepare", *(["--link"] if link else [])],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=dies_with_parent(),
    )
    if done.returncode != 0:
        sys.exit(done.returncode)
    return done.stdout.strip()


def start(words: list[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
    """Start a child in a group of its own: Ctrl-C reaches us alone, and we pass it on."""
    return subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        text=True,
        process_group=0,
        preexec_fn=dies_with_parent(),  # noqa: PLW1509  # we have no threads
    )


def answers(host: str, port: int) -> bool:
    """Whether a worker answers over HTTP."""
    try:
        with socket.create_connection((reachable(host), port), timeout=5) as connection:
            connection.sendall(
                b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def wait_until_ready(children: dict[str, "subprocess.Popen[str]"], host: str, port: int) -> bool:
    """Wait for the first answer; False where a child ended before, or it took too long."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children.values()):
            return False
        if answers(host, port):
            return True
        time.sleep(0.05)
    return False


def wait_for_an_end(children: dict[str, "subprocess.Popen[str]"]) -> None:
    """Sleep until one of the children has ended."""
    while all(child.poll() is None for child in children.values()):
        # Without taking the status away from Popen.
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)


def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    """Handle SIGINT and SIGTERM: the second one ends us at once, and the kernel our children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Stopped


def serve(host: str, port: int, environment: dict[str, str], greeting: str) -> int:
    """Run both children until one ends or we are asked to; the status to end with."""
    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    address = ["--host", host, "--port", str(port)]
    children: dict[str, subprocess.Popen[str]] = {}
    try:
        children["server"] = start(
            [str(BIN / "granian"), "--interface", "wsgi", *address, "wsgi:app"], environment
        )
        children["mail worker"] = start(
            [str(BIN / "eventhub"), "mail", "deliver", "--watch"], environment
        )
        if wait_until_ready(children, host, port):
            print(greeting, flush=True)
            wait_for_an_end(children)
        ended = [name for name, child in children.items() if child.poll() is not None]
        for name in ended:
            print(f"Stopped: the {name} ended with {children[name].returncode}", file=sys.stderr)
        if not ended:
            print(f"Stopped: no answer in {READY_WITHIN_SECONDS} s", file=sys.stderr)
        return 1
    except Stopped:
        print("Stopping …", file=sys.stderr)
        return 0
    finally:
        stop(*children.values(), sent=signal.SIGTERM, patience_seconds=STOPPED_WITHIN_SECONDS)


def main() -> int:
    """Prepare, serve, and give the status."""
    if "MAKELEVEL" in os.environ:  # started by make: where that is killed, we end too
        die_with_parent()
    host, port = os.environ.get("HOST") or "127.0.0.1", chosen_port()
    check_port(host, port)
    shown = reachable(host)
    own_url = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    environment = DEFAULTS | os.environ
    base_url = environment.setdefault("EVENTHUB_BASE_URL", own_url)
    # A link that signs an administrator in is shown to nobody but the person at this machine.
    private = is_loopback(host) and is_loopback(urlsplit(base_url).hostname or "")
    link = prepare(environment, link=private)
    greeting = f"EventHub: {own_url}"
    if base_url != own_url:
        greeting += f" (links in mails: {base_url})"
    if link:
        greeting += f"\nAdministrator: {link}"
    return serve(host, port, environment, greeting)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
