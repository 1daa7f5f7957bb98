"""Installs Chromium for the browser tests, on Debian and its kin, as root."""

import os
import shutil
import subprocess
import sys

from tests.chromium import chromium_path

#: libatomic1: the Node.js that drives it needs it on some machines.
PACKAGES = ("chromium", "libatomic1")


def can_install() -> bool:
    """Whether this is a machine where we may and can install packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> int:
    """Install Chromium with apt-get; the status of the step that failed, or 0."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    patient = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(
            [*patient, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            print(done.stdout)
            return done.returncode
    return 0


def main() -> int:
    """Install Chromium where it is missing; say in one line what there is."""
    if chromium_path() is None and can_install():
        install()
    found = chromium_path()
    if found is None:
        print("No Chromium, and it could not be installed: the browser tests will be skipped.")
        return 1
    print(f"Chromium: {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
