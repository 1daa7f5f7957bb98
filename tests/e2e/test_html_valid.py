"""The HTML of every type of page, read by the Nu HTML checker where Java is present."""

import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.page_types import PAGES
from tests.e2e.server import LiveServer
from tools.validator import validator_command


@pytest.mark.usefixtures("showcase")
def test_the_html_checker_has_nothing_to_say(server: LiveServer, tmp_path: Path) -> None:
    command = validator_command()
    if command is None:
        pytest.skip("No Java or no HTML checker on this machine: the HTML is not checked.")
    files = {}
    for index, address in enumerate(PAGES.values()):
        with urllib.request.urlopen(server.url + address) as response:  # noqa: S310  # our server
            file = tmp_path / f"{index}.html"
            file.write_bytes(response.read())
            files[file.name] = address

    done = subprocess.run(
        [*command, "--format", "gnu", *(tmp_path / name for name in files)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    said = done.stderr
    for name, address in files.items():
        said = said.replace(str(tmp_path / name), address)
    assert said == ""
    assert done.returncode == 0
