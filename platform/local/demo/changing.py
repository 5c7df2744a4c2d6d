"""A template is changed: what that means for what runs, the move of one filing, and the way back."""

import asyncio
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from ...data import replace
from ...filing.outcome import Refusal
from ...review.faces.text import write_text
from ...review.review import Review, review
from ...review.sides import find_sources, load_sides
from ...service.bulk.asking import Asked
from ...service.bulk.reading import RunPage, read_run
from ...service.bulk.runs import prepare
from ...service.bulk.selecting import Chosen
from ...service.bulk.telling import say_run
from ...service.desk import Desk
from ...service.filings.move_verdicts import ACTIVE, MoveWish
from ...service.filings.moving import move_filing, preview_move
from ...service.names import short_digest
from ...service.overviews import reading
from ...service.releasing.deploying import Deployed, Mistaken, deploy, read_definitions, say_deployed
from ...service.reviewing.verdicts import judge_what_runs
from ...service.reviewing.what_runs import read_what_runs
from ...service.visiting.managing import give_management
from . import printing
from .players import MANAGER
from .scenes import DEFINITIONS
from .stage import TEMPLATE, DemoFailedError, Stage, filing_name

T = TypeVar("T")

MOVED = filing_name("1001", TEMPLATE, "2026-02")
REASON = "Vanaf februari worden grote posten verklaard"
EDITS = (
    ("at: { after: period.end, days: 8 }", "at: { after: period.end, days: 7 }"),
    (
        "      - id: icp\n",
        "      - id: posten\n        title: Grote posten zijn verklaard\n        required: true\n"
        "      - id: icp\n",
    ),
)
"""What is edited: the first reminder comes a day earlier, and the review asks one thing more."""
LONG = re.compile(r" {6}\S.* → | {6}and \d+ periods more| {8}btw-aangifte/")
"""Lines of a comparison that a scene leaves out: more periods and more filings of the same."""


async def changing(stage: Stage) -> None:
    """Change the VAT return, move one filing that runs, and take both back."""
    await change(stage, DEFINITIONS, MOVED)


async def change(stage: Stage, folder: Path, name: str) -> None:
    """Edit the VAT return in a copy of the definitions in `folder`, deploy it, move a filing, and go back."""
    edited = _edit(folder, stage.desk.settings.home / "edited")
    old, new = printing.folder(folder), printing.folder(edited)
    found, on = await _look(stage, "the comparison", lambda: _compare(stage.desk, old, new))
    stage.say(f"   $ kantoor diff {old} {new} --office --on {on}")
    _say(stage, _shorten(write_text(found).splitlines()))
    stage.say(f"   $ kantoor deploy {new} --dry-run | grep {TEMPLATE}")
    _say(stage, await _deploy(stage, new, dry_run=True))
    await _deploy(stage, new)
    stage.say("   the same without --dry-run: published; what runs stays on its plan until it is moved")
    before = stage.filing(name).plan
    await _give_management(stage)
    await _prepare_all(stage)
    await _move(stage, name, ACTIVE, f" --reason '{REASON}'", REASON)
    stage.say("   and the way back:")
    await _move(stage, name, short_digest(before), f" --to {short_digest(before)}")
    await _give_management(stage, remove=True)
    stage.say(f"   $ kantoor deploy {old} | grep {TEMPLATE}")
    _say(stage, await _deploy(stage, old))
    stage.say(f"   $ kantoor filing show {name} | grep Verplaatst")
    page = reading.filing_page(stage.desk, name)
    if isinstance(page, Refusal):
        raise DemoFailedError(page.text)
    stage.say(printing.timeline([line for line in page.timeline if line.what == "moved"]))


def _edit(folder: Path, copy: Path) -> Path:
    """Make a copy of definitions in which the VAT return is edited. Raises DemoFailedError."""
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    file = copy / "workflows" / f"{TEMPLATE}.yaml"
    text = file.read_text("utf-8")
    for was, becomes in EDITS:
        if text.count(was) != 1:
            raise DemoFailedError(f"{file} has '{was.strip()}' {text.count(was)} times, and not once")
        text = text.replace(was, becomes)
    file.write_text(text, "utf-8")
    return copy


def _compare(desk: Desk, old: str, new: str) -> tuple[Review, str]:
    """Return the review of an edit with the verdicts of what runs, and the office's day."""
    before, after = load_sides(find_sources(old, new, Path(old)))
    running = read_what_runs(desk)
    runs = judge_what_runs(running, before.plans, after.plans, (before.office, after.office))
    return replace(review(before, after, running.on), runs=runs), running.on.isoformat()


async def _deploy(stage: Stage, folder: str, *, dry_run: bool = False) -> list[str]:
    """Publish a folder, or look what that would do; return what is said of the VAT return."""

    def call() -> Deployed | Mistaken:
        ready = read_definitions(Path(folder))
        if isinstance(ready, Mistaken):
            return ready
        done = deploy(stage.desk, ready, "demo", dry_run=dry_run)
        assert isinstance(done, Deployed | Mistaken), "nobody else publishes here, and there is no review"
        return done

    result = await _look(stage, "the scenarios of what changes", call)
    if isinstance(result, Mistaken):
        raise DemoFailedError(result.report)
    return [line for line in say_deployed(result) if TEMPLATE in line]


async def _prepare_all(stage: Stage) -> None:
    """Show what moving all filings of the template to the active plan would do; it is not confirmed."""
    asked = Asked(action="move", template=TEMPLATE, how=MoveWish())

    def call() -> RunPage | Refusal:
        number = prepare(stage.desk, MANAGER, asked, Chosen(template=TEMPLATE))
        return number if isinstance(number, Refusal) else read_run(stage.desk, number)

    found = await _look(stage, "what moving all would do", call)
    if isinstance(found, Refusal):
        raise DemoFailedError(found.text)
    lines = say_run(found.run)
    stage.say(f"   $ kantoor bulk move {TEMPLATE} --all --as {MANAGER} | head -{len(lines)}")
    _say(stage, lines)


async def _move(stage: Stage, name: str, to: str, typed: str, reason: str = "") -> None:
    """Move a filing, show what that did, and wait until the office has it."""
    wish, act_id, effects = MoveWish(to=to, reason=reason), uuid4().hex, list[str]()
    line = await _look(stage, "what a move would do", lambda: preview_move(stage.desk, name, wish))
    if isinstance(line, Refusal):
        raise DemoFailedError(line.text)
    shown = line.mark

    async def move() -> object:
        carried = await move_filing(stage.desk, MANAGER, name, wish, shown, act_id)
        effects[:] = carried.effects
        return carried.outcome

    before = stage.filing(name).plan
    await stage.until_known(MANAGER, move)
    stage.say(f"   $ kantoor filing move {name}{typed} --dry-run | tail -1")
    stage.say(f"   Er is nog niets gedaan; verplaats zo met --mark {shown}.")
    stage.say(f"   $ kantoor filing move {name}{typed} --mark {shown} --as {MANAGER}")
    _say(stage, (f"Verplaatst: {name}", *(f"  {text}" for text in effects)))
    await stage.wait_for(f"the move of {name}", lambda: stage.filing(name).plan != before)


async def _give_management(stage: Stage, *, remove: bool = False) -> None:
    """Give the manager of the practice office the right beheer, or take it away again."""
    result = await _look(
        stage, "the right beheer", lambda: give_management(stage.desk, MANAGER, remove=remove)
    )
    if isinstance(result, Refusal):
        raise DemoFailedError(result.text)


async def _look(stage: Stage, what: str, call: Callable[[], T]) -> T:
    """Call what waits for the database beside the office, whose programs are watched meanwhile."""
    async with stage.narrate(what):
        return await stage.persist(lambda: asyncio.to_thread(call))


def _shorten(lines: Iterable[str]) -> list[str]:
    """Return lines without those that say more of the same, and … where they were."""
    kept: list[str] = []
    for line in lines:
        if not LONG.match(line):
            kept.append(line)
        elif not kept[-1].endswith("…"):
            kept[-1] += " …"
    return kept


def _say(stage: Stage, lines: Iterable[str]) -> None:
    for line in lines:
        stage.say(f"   {line}" if line else "")
