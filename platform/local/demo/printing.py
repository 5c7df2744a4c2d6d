"""What the demo prints: scenes, tables, the planner, a timeline."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ...period import in_words
from ...service.lists import planner_table, start_table
from ...service.overviews.reading import Waiting
from ...service.results import PlannerGrid, TimelineLine
from ...service.starting.starting import Line
from ...tables import Table

Say = Callable[[str], None]


def scene(number: int, title: str) -> str:
    """Return the heading of a scene."""
    return f"\n{number}. {title}\n"


def folder(path: Path) -> str:
    """Return a folder as one types it in the current folder: relative when it is below."""
    path, here = path.resolve(), Path.cwd().resolve()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def describe_kill(flying: int) -> str:
    """Return the sentence about the killed worker; `flying` counts the returns that were on their way."""
    if not flying:
        return "killed the worker (SIGKILL) after the last return had landed: this machine was that quick"
    returns = "return" if flying == 1 else "returns"
    return f"killed the worker (SIGKILL) with {flying} {returns} in flight"


def render_starts(lines: Sequence[Line]) -> str:
    """Return the table of who starts and who cannot, and why."""
    return indent_table(start_table(lines))


def grid(planner: PlannerGrid) -> str:
    """Return the planner of one product."""
    return indent_table(planner_table(planner))


def timeline(lines: Sequence[TimelineLine]) -> str:
    """Return a whole timeline."""
    return "\n".join(f"   {line.at:%Y-%m-%d %H:%M}  {line.who}: {line.text}" for line in lines)


def work(lines: Sequence[Waiting]) -> str:
    """Return what waits for somebody, without the columns that say what to type."""
    rows = ((line.relation_name, line.title, in_words(line.due) if line.due else "") for line in lines)
    return indent_table(Table(("relatie", "wat", "streefdatum"), tuple(rows)))


def indent_table(table: Table) -> str:
    """Return a table as a scene prints it."""
    return "\n".join(f"   {line}" for line in table.lines())
