"""The documentation names every setting and every command."""

import dataclasses
import re
from pathlib import Path

import click
import pytest

import config
from eventhub.cli import cli

DOCS = Path(config.ROOT) / "docs"
COMMANDS = ("account", "door", "figures", "mail", "search", "season", "token")


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(config.Settings)])
def test_every_setting_is_documented(field: str) -> None:
    assert f"`EVENTHUB_{field.upper()}`" in (DOCS / "configuration.md").read_text("utf-8")


def test_no_setting_is_documented_that_does_not_exist() -> None:
    text = (DOCS / "configuration.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `EVENTHUB_([A-Z_]+)`", text, re.MULTILINE))
    assert documented == {field.name.upper() for field in dataclasses.fields(config.Settings)}


def every_command() -> list[str]:
    found = []
    for name in COMMANDS:
        command = cli.commands[name]
        if isinstance(command, click.Group) and command.commands:
            found += [f"eventhub {name} {sub}" for sub in command.commands]
        else:
            found.append(f"eventhub {name}")
    return found


@pytest.mark.parametrize("command", every_command())
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}" in (DOCS / "operations.md").read_text("utf-8")


def heading_ids(page: Path) -> set[str]:
    """The anchors of a page, made of its headings as repository viewers make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [*DOCS.rglob("*.md"), *Path(config.ROOT).glob("*.md")]:
        text = page.read_text("utf-8")
        for target in re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"", text):
            path, _, anchor = "".join(target).partition("#")
            if "://" in path:
                continue
            found = page.parent / path if path else page
            if not found.exists() or (anchor and anchor not in heading_ids(found)):
                broken.append(f"{page.name}: {''.join(target)}")
    assert broken == []
