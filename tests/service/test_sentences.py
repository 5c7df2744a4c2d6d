"""What the service says names no command and no option: each face adds what people do in its own way."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kantoor.cli.main import COMMANDS

SERVICE = Path(__file__).parents[2] / "platform/service"
COMMAND = re.compile(
    rf"\bkantoor ({'|'.join(sorted({one for group in COMMANDS.values() for one in group}))})\b"
)
OPTION = re.compile(r"(?<![\w-])--[a-z]+")


def find_commands(source: str) -> Iterator[str]:
    """Yield the texts of a module, its docstrings aside, that name a command or an option of one."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
            continue
        if COMMAND.search(node.value) or (" " in node.value and OPTION.search(node.value)):
            yield f"{node.lineno}: {node.value}"


@pytest.mark.parametrize(
    "module", sorted(SERVICE.rglob("*.py")), ids=lambda one: str(one.relative_to(SERVICE))
)
def test_no_sentence_of_the_service_names_a_command(module: Path) -> None:
    assert [*find_commands(module.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "line",
    [
        "TEXT = 'Zie `kantoor relation list`.'",
        "TEXT = f'{name} is er niet; zie kantoor deploy.'",
        "TEXT = 'Haal het bestand zelf op (--bytes).'",
    ],
)
def test_a_command_in_a_sentence_would_be_found(line: str) -> None:
    assert len([*find_commands(line)]) == 1
