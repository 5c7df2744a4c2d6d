"""Deploying definitions: compile them, and publish the plans that new filings start on (R38, R40)."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ..compiler.compilation import compile_definitions
from ..compiler.reports.text import text
from ..office.filings.open_offers import mark_all_offers
from ..office.filings.recurrences import mark_stale
from ..office.overviews.leftovers import Leftover, leftovers
from ..office.plans import Published, active_office, publish
from ..plan import Model, Office, Plan
from .desk import Desk
from .examples import list_examples
from .names import short_digest


class Deployed(Model):
    """What was published, from which revision of the definitions; `warnings` and `leftovers` stop nothing.

    `office` says what changed in the definitions that belong to no template: tables of law, products, roles.
    """

    plans: tuple[Published, ...]
    office: Literal["new", "changed", "unchanged"]
    revision: str
    warnings: str = ""
    leftovers: tuple[Leftover, ...] = ()
    """Roles and products that relations use and the definitions no longer know."""
    examples: tuple[str, ...] = ()
    """Keys of office.yaml that still have the example of kantoor, in an office that is not for practice."""


class Mistaken(Model):
    """The definitions have mistakes; `report` has each as `kantoor check` prints it."""

    report: str


class Deployable(Model):
    """A folder's definitions as compiled, without mistakes."""

    plans: tuple[Plan, ...]
    office: Office
    revision: str
    warnings: str


def read_definitions(folder: Path) -> Deployable | Mistaken:
    """Compile the definitions in a folder; return plans or mistakes. Needs no office and makes none."""
    compiled = compile_definitions(folder)
    if compiled.errors or compiled.office is None:
        return Mistaken(report=text(compiled))
    return Deployable(
        plans=tuple(compiled.plans.values()),
        office=compiled.office,
        revision=revision_of(folder),
        warnings=text(compiled),
    )


def deploy(desk: Desk, ready: Deployable, author: str) -> Deployed:
    """Publish the plans: new filings start on them, running ones stay on theirs. Raises DatabaseError.

    What belongs to no template holds at once, for running filings too. Recurrences go on by the new plan: a
    worker tells them.
    """
    with desk.equipment.database.write() as connection:
        before = active_office(connection)
        published = publish(
            connection,
            ready.plans,
            ready.office,
            revision=ready.revision,
            author=author,
            at=datetime.now(UTC),
        )
        changed = {one.template for one in published if one.change != "unchanged"}
        mark_stale(connection, templates=changed if before == ready.office else None)
        if before != ready.office:
            mark_all_offers(connection)
        gone = leftovers(connection, ready.office)
    return Deployed(
        plans=published,
        office="new" if before is None else "unchanged" if before == ready.office else "changed",
        revision=ready.revision,
        warnings=ready.warnings,
        leftovers=gone,
        examples=() if desk.equipment.practice else list_examples(ready.office),
    )


def describe_published(plan: Published) -> str:
    """Return a line about one template's plan: name, short digest and what publishing did with it."""
    return f"{plan.template} {short_digest(plan.digest or '-')} {plan.change}"


def revision_of(folder: Path) -> str:
    """Return the git revision that a folder is at, with '+' when it holds changes; empty without git."""
    head = _run_git(folder, "rev-parse", "--short=12", "HEAD")
    changed = _run_git(folder, "status", "--porcelain", "--", ".") if head else ""
    return f"{head}+" if changed else head


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
