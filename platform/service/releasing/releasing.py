"""Pilots that are promoted or rolled back, and whole deploys that are taken back (R34)."""

from collections.abc import Callable, Collection, Iterator, Mapping

from sqlalchemy import Connection

from ...office.deploys import Deploy, Kind, ListedDeploy, find_last_standing, note_deploy
from ...office.filings.open_offers import mark_all_offers
from ...office.filings.recurrences import mark_stale
from ...office.office_clock import office_now
from ...office.overviews.leftovers import Leftover, leftovers
from ...office.pilots import Pilot, end_pilots, list_pilots
from ...office.plans import (
    active_office,
    active_plans,
    latest_plan,
    plans_by_digest,
    put_in_force,
    put_office_in_force,
    read_office,
    read_published,
)
from ...plan import Model, Office, Plan
from ...review.faces.saying_runs import say_counts
from ...review.runs import Runs
from ...suggest import did_you_mean
from ..desk import Desk
from ..names import short_digest
from ..reviewing.verdicts import judge_what_runs, say_who_lacks
from ..reviewing.what_runs import WhatRuns, read_what_runs
from .not_released import NotReleased

Change = tuple[str | None, str | None]
"""A plan by its digest, before and after; None where there is none."""
Write = Callable[[Connection], None]


class Released(Model):
    """What a promote or rollback did, or would do: the plans by template, for everyone or for `relations`.

    `runs` says what of the filings on the plans before could be moved (none has been), and which
    relations would not start. `of_deploy` is the number of the deploy that a rollback takes back.
    """

    kind: Kind
    plans: dict[str, Change]
    by: str
    reason: str
    relations: tuple[str, ...] = ()
    office_changes: bool = False
    of_deploy: int | None = None
    of_release: str = ""
    """That deploy in words: its number, day, revision and who released it."""
    runs: Runs | None = None
    leftovers: tuple[Leftover, ...] = ()
    dry_run: bool = False


def promote(
    desk: Desk, template: str | None, by: str, reason: str, *, dry_run: bool = False
) -> Released | NotReleased:
    """Make the plans on pilot, of a template or all, those of everyone. Raises DatabaseError.

    Filings that run stay on their plan.
    """
    seen, running = desk.read(
        lambda connection: (read_published(connection), list_pilots(connection, template, running=True))
    )
    if not running:
        return desk.read(lambda connection: _refuse_without(connection, template))
    plans: dict[str, Change] = {one.template: (one.before, one.digest) for one in running}
    on_pilot = {one.template: frozenset(one.relations) for one in running}
    result = Released(
        kind="promote",
        plans=plans,
        by=by,
        reason=reason,
        runs=_judge_each(
            desk, plans, lambda what, name: what.judge_starts_of({*what.relations.held} - on_pilot[name])
        ),
        dry_run=dry_run,
    )

    def write(connection: Connection) -> None:
        office = _digest_of_office(connection)
        done = _note(connection, result, office, office)
        put_in_force(connection, {name: after for name, (_, after) in plans.items()})
        end_pilots(connection, running, done)
        mark_stale(connection, templates=plans)

    return result if dry_run else _carry_out(desk, seen, write, result)


def roll_back(
    desk: Desk, template: str | None, by: str, reason: str, *, dry_run: bool = False
) -> Released | NotReleased:
    """Put the plans before in force again: those of pilots (of a template or all), else of the last deploy.

    A deploy, or a promote, that was taken back is passed over: the next call takes back the one before it.
    Filings that run stay on their plan. Raises DatabaseError.
    """
    running, last = desk.read(
        lambda connection: (
            list_pilots(connection, template, running=True),
            find_last_standing(connection),
        )
    )
    if running:
        return _end(desk, running, by, reason, dry_run=dry_run)
    if template is not None:
        return desk.read(lambda connection: _refuse_without(connection, template))
    if last is None:
        return NotReleased(code="nothing_deployed", text="nothing was deployed that could be taken back")
    return _take_back(desk, last, by, reason, dry_run=dry_run)


def _end(
    desk: Desk, running: Collection[Pilot], by: str, reason: str, *, dry_run: bool
) -> Released | NotReleased:
    seen = desk.read(read_published)
    plans: dict[str, Change] = {one.template: (one.digest, one.before) for one in running}
    on_pilot = {one.template: one for one in running}

    def narrow(what: WhatRuns, name: str) -> WhatRuns:
        pilot = on_pilot[name]
        return what.keep(lambda one: one.plan == pilot.digest).judge_starts_of(pilot.relations)

    result = Released(
        kind="rollback",
        plans=plans,
        by=by,
        reason=reason,
        relations=tuple(sorted({number for one in running for number in one.relations})),
        runs=_judge_each(desk, plans, narrow),
        dry_run=dry_run,
    )

    def write(connection: Connection) -> None:
        office = _digest_of_office(connection)
        end_pilots(connection, tuple(running), _note(connection, result, office, office))
        mark_stale(connection, templates=plans)

    return result if dry_run else _carry_out(desk, seen, write, result)


def _take_back(
    desk: Desk, last: ListedDeploy, by: str, reason: str, *, dry_run: bool
) -> Released | NotReleased:
    older = "Deploy the definitions of an earlier revision instead."
    before, office_before = last.before, last.office_before
    if before is None:
        return NotReleased(
            code="not_kept", text="nobody wrote down what was in force before the last deploy", mend=older
        )
    seen = desk.read(read_published)
    if any(seen.get(name) != after for name, after in last.changes.items()) or seen.get("") != last.office:
        return NotReleased(
            code="others_in_force", text="what is in force is not what the last deploy put there", mend=older
        )
    if office_before is None:
        return NotReleased(
            code="nothing_before", text="before the last deploy nothing was published here at all", mend=older
        )
    plans = {name: (after, before.get(name)) for name, after in last.changes.items()}
    now, then, active = desk.read(
        lambda connection: (
            active_office(connection),
            read_office(connection, office_before),
            active_plans(connection),
        )
    )
    if now is None or then is None:
        return NotReleased(
            code="not_kept", text="the definitions before the last deploy are not kept here", mend=older
        )
    result = Released(
        kind="rollback",
        plans=plans,
        by=by,
        reason=reason,
        of_deploy=last.id,
        of_release=_say_release(last),
        office_changes=last.office != office_before,
        runs=_judge_all(desk, plans, {one.template: one.plan for one in active}, (now, then)),
        leftovers=desk.read(lambda connection: leftovers(connection, then)),
        dry_run=dry_run,
    )

    def write(connection: Connection) -> None:
        _note(connection, result, last.office, office_before)
        put_in_force(connection, before)
        if result.office_changes:
            put_office_in_force(connection, office_before)
            mark_all_offers(connection)
        mark_stale(connection, templates=None if result.office_changes else plans)

    return result if dry_run else _carry_out(desk, seen, write, result)


def _say_release(one: ListedDeploy) -> str:
    revision = f", revision {one.revision}" if one.revision else ""
    return f"release {one.id} of {one.at.date().isoformat()}{revision}, by {one.author}"


def _note(connection: Connection, result: Released, office_before: str, office: str) -> int:
    deploy = Deploy(
        at=office_now(connection),
        revision="",
        author=result.by,
        changes={name: after for name, (_, after) in result.plans.items()},
        office=office,
        kind=result.kind,
        before={name: before for name, (before, _) in result.plans.items()},
        office_before=office_before,
        reason=result.reason,
        undoes=result.of_deploy,
    )
    return note_deploy(connection, deploy)


def _carry_out(desk: Desk, seen: Mapping[str, str], write: Write, result: Released) -> Released | NotReleased:
    """Write it, unless what is published is not what was seen."""
    with desk.equipment.database.write() as connection:
        if read_published(connection) != seen:
            return NotReleased(
                code="meanwhile",
                text="somebody else published meanwhile",
                mend="Repeat it: it is judged again by what is there.",
            )
        write(connection)
    return result


def _digest_of_office(connection: Connection) -> str:
    return read_published(connection)[""]


def _refuse_without(connection: Connection, template: str | None) -> NotReleased:
    """Return that no pilot runs, or that there is no such template."""
    if template is not None and latest_plan(connection, template) is None:
        meant = did_you_mean(template, [one.template for one in active_plans(connection)])
        mend = f"{meant[0].upper()}{meant[1:]}" if meant else ""
        return NotReleased(code="unknown_template", text=f"there is no template '{template}'", mend=mend)
    text = f"no pilot of {template} runs" if template else "no pilot runs"
    return NotReleased(code="no_pilot", text=text)


def _judge_each(desk: Desk, plans: Mapping[str, Change], narrow: Callable[[WhatRuns, str], WhatRuns]) -> Runs:
    """Return what could become of what runs, of each of these templates by what `narrow` leaves of it."""
    office = desk.read(active_office)
    assert office is not None, "a pilot is beside a deploy"
    before, after = _read_sides(desk, plans)
    what = read_what_runs(desk, plans)
    judged = [
        judge_what_runs(
            narrow(what, name), {name: before[name]}, {name: after[name]}, (office, office)
        ).templates
        for name in sorted(plans)
    ]
    return Runs(source="office", on=what.on, templates=tuple(one for them in judged for one in them))


def _judge_all(
    desk: Desk, plans: Mapping[str, Change], active: Mapping[str, Plan], offices: tuple[Office, Office]
) -> Runs:
    """Return what could become of what runs, and of starts by every plan where the office's part changes."""
    _, changed = _read_sides(desk, plans)
    same = {name: plan for name, plan in active.items() if name not in plans}
    return judge_what_runs(read_what_runs(desk, plans), active, {**same, **changed}, offices)


def _read_sides(desk: Desk, plans: Mapping[str, Change]) -> tuple[dict[str, Plan], dict[str, Plan]]:
    """Return the plans before and after, by template."""
    named = {name for change in plans.values() for name in change if name}
    known = desk.read(lambda connection: plans_by_digest(connection, named))
    before = {name: known[one] for name, (one, _) in plans.items() if one}
    return before, {name: known[one] for name, (_, one) in plans.items() if one}


def say_released(result: Released) -> Iterator[str]:
    """Yield what a promote or rollback did, or would do, line by line."""
    if result.of_release:
        yield f"takes back {result.of_release}"
    for name, (before, after) in sorted(result.plans.items()):
        yield f"{name} {short_digest(before or '-')} -> {short_digest(after or '-')}"
    if result.office_changes:
        yield "products, roles and statutory tables have changed, for running filings too"
    if result.relations:
        yield f"the plan of everyone is in force again for relation {', '.join(result.relations)}"
    for runs in result.runs.templates if result.runs else ():
        if runs.filings:
            yield f"running filings of {runs.template}: {say_counts(runs.counts)}"
            yield "none of these moves by itself: each stays on its plan until it is moved"
        yield from say_who_lacks(runs)
    if result.dry_run:
        yield "nothing was released"
