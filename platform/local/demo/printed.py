"""What the demo prints: scenes, tables, the planner, a timeline."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ...office.overviews.planner import STATE_WORDS, PlannerGrid
from ...office.overviews.timeline import TimelineLine
from ...office.overviews.worklist import WorkLine
from ...office.plans import Published
from ...period import in_words
from ...service.starting import Line

Say = Callable[[str], None]

_CHANGES = {"new": "nieuw", "changed": "gewijzigd", "unchanged": "ongewijzigd", "withdrawn": "vervallen"}
_RESULTS = {"starts": "start", "planned": "gepland", "runs_already": "is er al", "not_ready": "niet klaar"}


def scene(number: int, title: str) -> str:
    """Return the heading of a scene."""
    return f"\n{number}. {title}\n"


def published(plan: Published) -> str:
    """Return a line of `kantoor deploy`."""
    return f"{plan.template} {plan.digest or '-'} {_CHANGES[plan.change]}"


def folder(path: Path) -> str:
    """Return a folder as somebody types it who stands where the demo was begun."""
    path, here = path.resolve(), Path.cwd().resolve()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def killed(flying: int) -> str:
    """Return when the worker was killed, with so many returns on their way."""
    if not flying:
        return "killed the worker (SIGKILL) after the last return had landed: this machine was that quick"
    returns = "return" if flying == 1 else "returns"
    return f"killed the worker (SIGKILL) with {flying} {returns} in flight"


def started(lines: Sequence[Line]) -> str:
    """Return who starts, and why not the others."""
    return table(("relatie", "naam", "uitkomst", "toelichting"), map(_started, lines))


def grid(planner: PlannerGrid) -> str:
    """Return the planner of one product."""
    rows = (
        (
            row.relation,
            row.name,
            *(STATE_WORDS[row.cells[p].state] if p in row.cells else "" for p in planner.periods),
        )
        for row in planner.rows
    )
    return table(("relatie", "naam", *planner.periods), rows)


def timeline(lines: Sequence[TimelineLine]) -> str:
    """Return a whole timeline."""
    return "\n".join(f"   {line.at:%d-%m-%Y %H:%M}  {line.who}: {line.text}" for line in lines)


def work(lines: Sequence[WorkLine]) -> str:
    """Return what waits for somebody."""
    rows = ((line.relation_name, line.title, in_words(line.due) if line.due else "") for line in lines)
    return table(("relatie", "wat", "uiterlijk"), rows)


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows in columns as wide as their widest cell."""
    cells = [header, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    return "\n".join("   " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)


def _started(line: Line) -> tuple[str, ...]:
    return line.relation, line.name, _RESULTS[line.result], line.text
