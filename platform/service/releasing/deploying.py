"""Deploying definitions: compile and try them, publish the plans that filings start on (R34, R38, R40)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from ...compiler.compilation import Compilation, compile_definitions
from ...compiler.reports.text import text
from ...office.deploys import Deploy, note_deploy
from ...office.filings.open_offers import mark_all_offers
from ...office.filings.recurrences import mark_stale
from ...office.office_clock import office_now
from ...office.overviews.leftovers import Leftover, leftovers
from ...office.pilots import begin_pilots
from ...office.plans import (
    Published,
    active_office,
    active_plans,
    compare_published,
    keep_plans,
    keep_written,
    publish,
    read_published,
)
from ...plan import Model, Office, Plan, Written, digest
from ...policies.following import keeps_of
from ...review.faces.saying_runs import say_counts
from ...review.kept import KeptReview, digest_proofs, write_kept
from ...review.runs import Runs
from ...simulation.trying import report_of, template_of, try_scenarios
from ..desk import Desk
from ..names import short_digest
from ..reviewing.verdicts import judge_what_runs, say_who_lacks
from ..reviewing.what_runs import read_what_runs
from .examples import list_examples
from .git import author_of, revision_of
from .kept_reviews import find_departures, find_other_verdicts
from .not_released import NotReleased, refuse_beside_pilots, refuse_pilot


class Deployed(Model):
    """What was published, from which revision of the definitions and by whom; or would be, by `dry_run`.

    `office` says what changed in the definitions that belong to no template: tables of law, products, roles.
    `relations` are those of a pilot, for whom alone the plans are in force; empty for everyone. `runs` says
    what runs of the templates that change and could be moved (nothing has been), and which relations would
    not start; on pilot of its relations alone. `warnings` and `leftovers` stop nothing.
    """

    plans: tuple[Published, ...]
    office: Literal["new", "changed", "unchanged"]
    revision: str
    author: str
    relations: tuple[str, ...] = ()
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


class Departed(Model):
    """The deploy would not be what was reviewed: nothing was published. `sentences` say what is another."""

    sentences: tuple[str, ...]


class Nameless(Model):
    """Nobody is known who publishes: the folder is at no revision of Git, or holds changes of somebody's."""


@dataclass(frozen=True)
class Deployable:
    """A folder's definitions as compiled, without mistakes; `author` is that of its revision in git."""

    compilation: Compilation
    plans: tuple[Plan, ...]
    office: Office
    revision: str
    author: str
    warnings: str

    @property
    def written(self) -> dict[str, Written]:
        """Return by template where its parts are written."""
        find = self.compilation.find_written
        return {one.template: Written(revision=self.revision, parts=find(one.template)) for one in self.plans}

    @property
    def is_committed(self) -> bool:
        """Say whether they are a revision of Git as it is, whose author is known."""
        return bool(self.revision and self.author) and not self.revision.endswith("+")

    @property
    def scenarios(self) -> dict[str, str]:
        """Return the texts of the scenarios, by name."""
        return {name: file.source.text for name, file in self.compilation.scenarios.items()}


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


NotDeployed = Mistaken | Outdated | Departed | Nameless | NotReleased


def deploy(
    desk: Desk,
    ready: Deployable,
    author: str = "",
    *,
    without_scenarios: str | None = None,
    kept: KeptReview | None = None,
    pilot: Sequence[str] = (),
    dry_run: bool = False,
) -> Deployed | NotDeployed:
    """Publish the plans: new filings start on them, running ones stay on theirs. Raises DatabaseError.

    Refused where a scenario fails of a template whose plan changes, or of any where what belongs to no
    template does; `without_scenarios` says why they are not run, and is written down with the deploy.
    With `pilot`, the numbers of one to five relations, the plans that change are in force for these alone.
    Without an `author` it is that of the revision, and somebody has to be named where there is none or the
    folder holds changes. What belongs to no template holds at once, for running filings too. Recurrences go
    on by the new plan, as a worker tells. `kept` is the review that is carried out: refused where it would
    do something else than was reviewed, or other filings run than it told of.
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
    refusal = desk.read(
        lambda connection: _refuse(
            connection, published, after, pilot, touched=bool(touched), same_office=before == ready.office
        )
    )
    if refusal:
        return refusal
    if kept is not None:
        sides = (plans, before), (after, ready.office)
        proofs = digest_proofs(ready.compilation.policies, ready.scenarios)
        departures = tuple(find_departures(kept, published, seen, *sides, proofs, date.today()))
        if departures:
            return Departed(sentences=departures)
    if not author and not dry_run and touched and not ready.is_committed:
        return Nameless()
    failed = None if without_scenarios else _try_scenarios(ready, touched)
    if failed is not None:
        return failed
    runs = None
    if before is not None and (changed or before != ready.office):
        was = {name: plan for name, plan in plans.items() if name in changed or name in after}
        what, offices = read_what_runs(desk, changed), (before, ready.office)
        runs = judge_what_runs(what, was, after, offices)
    if kept is not None:
        others = tuple(find_other_verdicts(kept, runs))
        if others:
            return Departed(sentences=others)
    if runs is not None and pilot:  # a review is of everyone
        theirs = what.keep(lambda one: one.relation in pilot).judge_starts_of(pilot)
        runs = judge_what_runs(theirs, was, after, offices)
    if not dry_run:
        noted = Deploy(
            at=desk.read(office_now),
            revision=ready.revision,
            author=by,
            changes={one.template: one.digest for one in published if one.change != "unchanged"},
            office=digest(ready.office),
            without_scenarios=without_scenarios,
            review=write_kept(kept).decode() if kept else None,
            kind="pilot" if pilot else "deploy",
            before={name: seen.get(name) for name in changed},
            office_before=seen.get(""),
        )
        if not _publish(desk, ready, noted, pilot, seen):
            return Outdated()
    return Deployed(
        plans=published,
        office="new" if before is None else "unchanged" if before == ready.office else "changed",
        revision=ready.revision,
        author=by,
        relations=tuple(sorted({*pilot})),
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
    report = report_of(compilation, names, try_scenarios(compilation, names, keeps_of(compilation.policies)))
    return Mistaken(report=text(report), what="scenarios") if report.diagnostics else None


def _refuse(
    connection: Connection,
    published: Collection[Published],
    after: Mapping[str, Plan],
    pilot: Sequence[str],
    *,
    touched: bool,
    same_office: bool,
) -> NotReleased | None:
    """Return why this cannot be published, for everyone or on pilot, whatever the definitions say."""
    if pilot:
        refusal = refuse_pilot(connection, published, after, pilot, office_changes=not same_office)
        return refusal or refuse_beside_pilots(connection, published, pilot=True)
    return refuse_beside_pilots(connection, published, pilot=False) if touched else None


def _publish(
    desk: Desk, ready: Deployable, deploy: Deploy, pilot: Sequence[str], seen: dict[str, str]
) -> bool:
    """Publish, unless what is published is not what was seen and tried against: then False."""
    with desk.equipment.database.write() as connection:
        if read_published(connection) != seen:
            return False
        if pilot:
            _publish_for(connection, ready, deploy, pilot)
            return True
        office_changes = deploy.office != deploy.office_before
        publish(
            connection,
            ready.plans,
            ready.office,
            revision=deploy.revision,
            author=deploy.author,
            at=datetime.now(UTC),
            written=ready.written,
        )
        mark_stale(connection, templates=None if office_changes else deploy.changes)
        if office_changes:
            mark_all_offers(connection)
        if deploy.changes or office_changes:
            note_deploy(connection, deploy)
    return True


def _publish_for(connection: Connection, ready: Deployable, deploy: Deploy, pilot: Sequence[str]) -> None:
    """Publish the plans that change for these relations alone."""
    theirs = [plan for plan in ready.plans if plan.template in deploy.changes]
    keep_plans(connection, theirs, deploy.revision, deploy.author, datetime.now(UTC))
    keep_written(connection, theirs, ready.written)
    before = deploy.before or {}
    plans = {plan.template: (before[plan.template] or "", digest(plan)) for plan in theirs}
    begin_pilots(connection, plans, {*pilot}, note_deploy(connection, deploy))
    mark_stale(connection, templates=plans, relations={*pilot})


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
        yield from say_who_lacks(runs)
    if result.runs and any(runs.filings for runs in result.runs.templates):
        yield "none of these moves by itself: each stays on its plan until it is moved"
        if any(runs.counts.get("later") for runs in result.runs.templates):
            yield "those that cannot now may be asked to move by themselves, when it is safe (docs/moving.md)"
    if result.relations:
        yield f"on pilot: in force for relation {', '.join(result.relations)} alone"
    if result.dry_run:
        yield "nothing was published"
