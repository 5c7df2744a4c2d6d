"""A bulk run as the terminal shows it: what would happen for each line, and what became of it."""

from typing import Any

from ..service.bulk import reading
from ..service.bulk.reading import RunPage
from ..service.bulk.telling import say_run
from ..service.desk import Desk
from ..service.lists import bulk_table
from ..service.results import Refusal
from ..words import BULK_STEP_WORDS
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
    for line in say_run(page.run):
        say(line)
    if page.run.stage == "shown":
        say(f"bevestig met `kantoor bulk confirm {number} --count {page.run.ready}`")
    for step in page.steps:
        say(f"{BULK_STEP_WORDS[step.did]} door {step.who_name or step.who}")
    print_table(bulk_table(lines))
