"""What workflows share with the process the sandbox leaves alone: here it is shown to be pure."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

import kantoor
from kantoor.runtime.task_queues import PASSED_THROUGH

ROOT = Path(kantoor.__path__[0])
FORBIDDEN_MODULES = frozenset(
    (
        *("http", "io", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlalchemy", "ssl"),
        *("subprocess", "sys", "tempfile", "time", "urllib", "uuid", "zoneinfo"),
    )
)
FORBIDDEN_CALLS = frozenset(("now", "today", "utcnow", "fromtimestamp", "strftime", "open", "input", "print"))
ALLOWED = frozenset(("workflow.now",))
"""The SDK's own clock is the same in a replay."""
CALLED_OUTSIDE = {"clock.py": ["zoneinfo"]}
"""What a module has for those alone who make its data: a filing's clock comes with its offsets worked out."""


def list_files() -> Iterator[Path]:
    for name in PASSED_THROUGH:
        if name.startswith("kantoor."):
            path = ROOT.joinpath(*name.split(".")[1:])
            yield from sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def find_impure(text: str) -> list[str]:
    """Return what in a module a replay could answer differently."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.split(".")[0] in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += [node.module or ""] if (node.module or "").split(".")[0] in FORBIDDEN_MODULES else []
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.split(".")[-1] in FORBIDDEN_CALLS and called not in ALLOWED:
                found.append(called)
    return found


@pytest.mark.parametrize("file", list(list_files()), ids=lambda file: str(file.relative_to(ROOT)))
def test_what_workflows_share_with_the_process_is_the_same_in_every_replay(file: Path) -> None:
    assert find_impure(file.read_text("utf-8")) == CALLED_OUTSIDE.get(file.name, [])


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "from time import monotonic",
        "from datetime import datetime\nat = datetime.now()",
        "from datetime import date\nday = date.today()",
        "text = open('file').read()",
    ],
)
def test_what_a_replay_could_answer_differently_is_found(text: str) -> None:
    assert find_impure(text)


def find_asking(text: str) -> list[str]:
    """Return by what a module has a workflow queried."""
    asking = {"query", "filing_state", "read_filing_view"}
    called = [ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [name for name in called if name.split(".")[-1] in asking]


def test_no_filing_that_runs_is_asked_by_query() -> None:
    """A query and a result that come together make a history that does not replay (docs/architecture.md)."""
    files = {str(file.relative_to(ROOT)): find_asking(file.read_text("utf-8")) for file in ROOT.rglob("*.py")}
    assert {name: found for name, found in files.items() if found} == {
        "runtime/client.py": ["handle.query"],
        "runtime/reviving.py": ["filing_state"],  # of one that has ended
    }


def test_every_module_that_is_shared_is_there() -> None:
    assert all(importlib.util.find_spec(name) for name in PASSED_THROUGH)
