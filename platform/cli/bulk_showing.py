"""A bulk run as the terminal shows it: what would happen for each line, and what became of it."""

from typing import Any

from ..service.bulk import reading
from ..service.bulk.reading import RunPage, Summary
from ..service.desk import Desk
from ..service.lists import bulk_table
from ..service.results import Refusal
from ..words import BULK_STEP_WORDS, FORESEEN_WORDS, LINE_WORDS, RUN_WORDS
from .desk import ask_desk, unwrap_result
from .printing import print_json, print_table, say


def show_run(number: int, form: str) -> None:
    """Print a bulk run with its lines."""

    def work(desk: Desk) -> tuple[RunPage, Any] | Refusal:
        page = reading.read_run(desk, number)
        return page if isinstance(page, Refusal) else (page, reading.read_lines(desk, number))

    page, lines = unwrap_result(ask_desk(work))
    if form == "json":
        print_json({"run": page.run, "lines": lines})
        return
    for line in _describe(page.run):
        say(line)
    for step in page.steps:
        say(f"{BULK_STEP_WORDS[step.did]} door {step.who_name or step.who}")
    print_table(bulk_table(lines))


def _describe(run: Summary) -> list[str]:
    shown = ", ".join(f"{many} {FORESEEN_WORDS[one]}" for one, many in sorted(run.foreseen.items()))
    said = [f"bulkactie {run.number}: {run.title} ({RUN_WORDS[run.status]}, van {run.who_name})", shown]
    if run.void:
        said.append(run.void)
    elif run.status == "shown":
        said.append(f"nog niets gedaan; bevestig met `kantoor bulk confirm {run.number} --count {run.ready}`")
    else:
        said.append(", ".join(f"{many} {LINE_WORDS[one]}" for one, many in sorted(run.outcomes.items())))
    return [one for one in said if one]
