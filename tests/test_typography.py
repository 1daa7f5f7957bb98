"""French typography of what is on screen, in mails and in documents, read from its sources."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "eventhub"
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"}
)
#: What a terminal shows is left out: nothing breaks lines there.
MODULES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if "cli" not in path.parts and path.name != "figures_text.py"
)

#: A space where a line may break, before « : ; ? ! » » or after « « ».
PLAIN_SPACE = re.compile(r"[\w.’)»…}] [:;?!»](?=[\s.,)<'\"]|$)|« [\w}]")
#: What Jinja reads and nobody else: notes, and statements without the words they hold.
NOTE = re.compile(r"\{#.*?#\}", re.DOTALL)
CODE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def words_of_template(text: str) -> list[str]:
    """The text between the statements, and the strings within them."""
    text = NOTE.sub("", text)
    strings = [part for code in CODE.findall(text) for part in QUOTED.findall(code)]
    return [CODE.sub("}", text), *(string[1:-1] for string in strings)]


def words_of_module(source: str) -> list[str]:
    """The strings of a module, docstrings and other notes apart."""
    tree = ast.parse(source)
    notes = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        "".join(str(part.value) if isinstance(part, ast.Constant) else "}" for part in node.values)
        if isinstance(node, ast.JoinedStr)
        else str(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        or (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
        )
    ]


def broken(strings: list[str]) -> list[str]:
    return [
        string[max(0, found.start() - 20) : found.end() + 20]
        for string in strings
        for found in PLAIN_SPACE.finditer(string)
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_line_of_a_template_breaks_before_a_french_mark(path: Path) -> None:
    assert broken(words_of_template(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_line_that_a_module_says_breaks_before_a_french_mark(path: Path) -> None:
    assert broken(words_of_module(path.read_text("utf-8"))) == []
