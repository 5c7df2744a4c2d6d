"""Deploying definitions: compile and try them, publish the plans that filings start on (R34, R38, R40)."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ..compiler.compilation import Compilation, compile_definitions
from ..compiler.reports.text import text
from ..office.filings.open_offers import mark_all_offers
from ..office.filings.recurrences import mark_stale
from ..office.overviews.leftovers import Leftover, leftovers
from ..office.plans import (
    Deploy,
    Published,
    active_office,
    active_plans,
    compare_published,
    note_deploy,
    publish,
    read_published,
)
from ..plan import Model, Office, Plan, digest
from ..review.faces.running import say_counts
from ..review.running import Runs, say_lacking
from ..simulation.trying import report_of, template_of, try_scenarios
from .desk import Desk
from .examples import list_examples
from .names import short_digest
from .running import read_what_runs
from .verdicts import judge_what_runs


class Deployed(Model):
    """What was published, from which revision of the definitions and by whom; or would be, by `dry_run`.

    `office` says what changed in the definitions that belong to no template: tables of law, products, roles.
    `runs` says what runs of the templates that change, and could be moved; nothing has been. `warnings` and
    `leftovers` stop nothing.
    """

    plans: tuple[Published, ...]
    office: Literal["new", "changed", "unchanged"]
    revision: str
    author: str
    dry_run: bool = False
    without_scenarios: str | None = None
    runs: Runs | None = None
    warnings: str = ""
    leftovers: tuple[Leftover, ...] = ()
    """Roles and products that relations use and the definitions no longer know."""
    examples: tuple[str, ...] = ()
    """Keys of office.yaml that still have the example of kantoor, in an office that is not for practice."""


class Mistaken(Model):
    """The definitions have mistakes, or scenarios of what changes fail; `report` has each as text."""

    report: str
    what: Literal["errors", "scenarios"] = "errors"


class Outdated(Model):
    """Somebody else published while these definitions were tried: nothing was published."""


@dataclass(frozen=True)
class Deployable:
    """A folder's definitions as compiled, without mistakes; `author` is that of its revision in git."""

    compilation: Compilation
    plans: tuple[Plan, ...]
    office: Office
    revision: str
    author: str
    warnings: str


def read_definitions(folder: Path) -> Deployable | Mistaken:
    """Compile the definitions in a folder; return plans or mistakes. Needs no office and makes none."""
    compiled = compile_definitions(folder)
    if compiled.errors or compiled.office is None:
        return Mistaken(report=text(compiled))
    return Deployable(
        compilation=compiled,
        plans=tuple(compiled.plans.values()),
        office=compiled.office,
        revision=revision_of(folder),
        author=author_of(folder),
        warnings=text(compiled),
    )


def deploy(
    desk: Desk,
    ready: Deployable,
    author: str = "",
    *,
    without_scenarios: str | None = None,
    dry_run: bool = False,
) -> Deployed | Mistaken | Outdated:
    """Publish the plans: new filings start on them, running ones stay on theirs. Raises DatabaseError.

    Refused where a scenario fails of a template whose plan changes, or of any where what belongs to no
    template does; `without_scenarios` says why they are not run, and is written down with the deploy.
    Without an `author` it is that of the revision. What belongs to no template holds at once, for running
    filings too. Recurrences go on by the new plan, as a worker tells.
    """
    by = author or ready.author
    seen, before, active, published, left = desk.read(
        lambda connection: (
            read_published(connection),
            active_office(connection),
            active_plans(connection),
            compare_published(connection, ready.plans),
            leftovers(connection, ready.office),
        )
    )
    plans = {one.template: one.plan for one in active}
    after = {plan.template: plan for plan in ready.plans}
    changed = {one.template for one in published if one.change != "unchanged"}
    touched = changed if before == ready.office else {plan.template for plan in ready.plans}
    failed = None if without_scenarios else _try_scenarios(ready, touched)
    if failed is not None:
        return failed
    runs = None
    if before is not None and (changed or before != ready.office):
        was = {name: plan for name, plan in plans.items() if name in changed or name in after}
        runs = judge_what_runs(read_what_runs(desk, changed), was, after, (before, ready.office))
    if not dry_run:
        done = _publish(desk, ready, by, without_scenarios, seen)
        if done is None:
            return Outdated()
        published = done
    return Deployed(
        plans=published,
        office="new" if before is None else "unchanged" if before == ready.office else "changed",
        revision=ready.revision,
        author=by,
        dry_run=dry_run,
        without_scenarios=without_scenarios,
        runs=runs,
        warnings=ready.warnings,
        leftovers=left,
        examples=() if desk.equipment.practice else list_examples(ready.office),
    )


def _try_scenarios(ready: Deployable, touched: set[str]) -> Mistaken | None:
    """Run the scenarios of templates that the change can touch; return what fails, or None."""
    compilation = ready.compilation
    names = [name for name in sorted(compilation.scenarios) if template_of(name) in touched]
    report = report_of(compilation, names, try_scenarios(compilation, names))
    return Mistaken(report=text(report), what="scenarios") if report.diagnostics else None


def _publish(
    desk: Desk, ready: Deployable, author: str, without_scenarios: str | None, seen: dict[str, str]
) -> tuple[Published, ...] | None:
    """Publish, unless what is published is not what was seen and tried against: then None."""
    now = datetime.now(UTC)
    with desk.equipment.database.write() as connection:
        if read_published(connection) != seen:
            return None
        before = active_office(connection)
        published = publish(
            connection, ready.plans, ready.office, revision=ready.revision, author=author, at=now
        )
        changes = {one.template: one.digest for one in published if one.change != "unchanged"}
        mark_stale(connection, templates=changes if before == ready.office else None)
        if before != ready.office:
            mark_all_offers(connection)
        if changes or before != ready.office:
            noted = Deploy(
                at=now,
                revision=ready.revision,
                author=author,
                changes=changes,
                office=digest(ready.office),
                without_scenarios=without_scenarios,
            )
            note_deploy(connection, noted)
    return published


def describe_published(plan: Published) -> str:
    """Return a line about one template's plan: name, short digest and what publishing did with it."""
    return f"{plan.template} {short_digest(plan.digest or '-')} {plan.change}"


def say_deployed(result: Deployed) -> Iterator[str]:
    """Yield what a deploy did, or would do, line by line."""
    yield from map(describe_published, result.plans)
    if result.office == "changed":
        yield "products, roles and statutory tables have changed, for running filings too"
    for runs in result.runs.templates if result.runs else ():
        if runs.filings:
            yield f"running filings of {runs.template}: {say_counts(runs.counts)}"
        yield from (say_lacking(lacking, runs.title) for lacking in runs.lacking)
    if result.runs and any(runs.filings for runs in result.runs.templates):
        yield "they stay on their plan until they are moved"
    if result.dry_run:
        yield "nothing was published"


def revision_of(folder: Path) -> str:
    """Return the git revision that a folder is at, with '+' when it holds changes; empty without git.

    A folder that git is told to ignore is at none, whatever repository it lies in.
    """
    head = "" if _is_ignored(folder) else _run_git(folder, "rev-parse", "--short=12", "HEAD")
    changed = _run_git(folder, "status", "--porcelain", "--", ".") if head else ""
    return f"{head}+" if changed else head


def author_of(folder: Path) -> str:
    """Return who made the git revision that a folder is at; empty where it is at none."""
    return "" if _is_ignored(folder) else _run_git(folder, "log", "-1", "--format=%an")


def _is_ignored(folder: Path) -> bool:
    return bool(_run_git(folder, "check-ignore", "."))


def _run_git(folder: Path, *words: str) -> str:
    try:
        ran = subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", str(folder), *words],  # noqa: S607  whichever git the admin uses
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""
