"""Everything that is looked at before a change of definitions is merged, in one go (R50).

Check, scenarios, policies, and the diff with verdicts by a snapshot; what comes of it is one comment, and
annotations on the lines. Definitions are data: nothing of them is run, and what they say is text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec.structs import replace

from ...compiler.compilation import Compilation
from ...compiler.reports.github import annotate, list_commands
from ...compiler.reports.paths import repository_path, show
from ...compiler.reports.text import summary
from ...compiler.workspace import Workspace
from ...plan import Plan
from ...policies.following import keeps_of
from ...policies.holding import MOST_STATES
from ...policies.keeping import find_cache
from ...policies.many import hold_all
from ...policies.mending import find_mends
from ...policies.reporting import Finding, Mends, fails, list_findings, summarise, write_breach
from ...policy import Policy
from ...review.faces.markdown import MARK, MOST, safe, write_markdown
from ...review.guards import Gate
from ...review.intent import Declared, list_undeclared
from ...review.pictures import find_pictures
from ...review.review import Change, Review, Side, review
from ...review.revisions import refuse_links
from ...review.safeguards import Finding as Lost
from ...review.saying import quote
from ...review.sides import NotCompiledError, find_sources, load_sides
from ...simulation.scenarios import run_scenario
from ...simulation.trying import Tried, choose_scenarios, report_of, template_of, try_scenarios
from ...what_if.faces import write_markdown as write_what_if
from .change_places import find_change, find_finding, find_guard, find_policy, find_scenario
from .closed_filings import ClosedFilings
from .verdicts import judge_what_runs
from .what_if import compare_closed
from .what_runs import WhatRuns

MOST_OF_LABEL = 500
"""Signs of what a comment begins with, as its writer labels it."""
MOST_OF_REASON = 1_000
"""Signs of why nothing was compared: it may quote a line that somebody wrote, and a comment has an end."""
NONE_SET, THERE_ARE_NONE = "none is set", "there are none"
MOST_SENTENCES = 10
"""What is told of the closed filings of one template; `kantoor what-if` has all."""
_WAYS_LEFT_OUT = "Not every way fits into a comment; the command that holds policies shows them all."
MOST_SHOWN = 3
"""Ways to breaches in the comment."""
MOST_TOLD = 20
"""What is told of one step in the comment; the annotations have all."""


class Looked(NamedTuple):
    """One step: its name, whether it is as it should be, what it says in a line, and what is wrong.

    `shown` is Markdown that shows it, a piece for each.
    """

    name: Literal["check", "scenarios", "policies", "gates", "intent"]
    passed: bool
    said: str
    wrong: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangeReview:
    """What comes of a change: the steps that were taken, workflow commands a line each, and one comment."""

    steps: tuple[Looked, ...]
    annotations: tuple[str, ...]
    comment: str

    @property
    def passed(self) -> bool:
        """Say whether every step is as it should be."""
        return all(one.passed for one in self.steps)


def review_change(
    base: str,
    folder: Path,
    runs: WhatRuns | None,
    gates: Sequence[Gate],
    on: date,
    days: int,
    closed: ClosedFilings | None = None,
    intent: tuple[Declared, ...] | None = None,
    most: int = MOST_STATES,
) -> ChangeReview:
    """Review what is in a folder now against a revision or folder.

    What runs is too old to judge by when it is of more than `days` before the day that it is `on`. With
    closed filings a few lines say what the change would have done to them. Where one side has errors nothing
    is compared, and the review has not passed. What an `intent` does not declare is wrong; what it declares
    passes no gate by that. Policies are held in so many states (`most`) of a template. Raises RevisionError
    and ClosedFilingsError.
    """
    sources = find_sources(base, str(folder), folder)
    refuse_links(folder)
    workspace = Workspace(folder)
    compilation = workspace.compile()
    checked = Looked("check", not compilation.errors, summary(compilation), tuple(_list_errors(compilation)))
    annotations = list(list_commands(compilation))
    if compilation.errors or compilation.office is None:
        return _make((checked, _refuse("the definitions have errors")), annotations)
    tried, failed = _try(compilation)
    annotations += failed
    try:
        before, after = load_sides(sources)
    except NotCompiledError as error:
        return _make((checked, tried, _refuse(str(error))), annotations)
    found = review(before, after, on)
    if runs is not None:
        judged = judge_what_runs(runs, before.plans, after.plans, (before.office, after.office))
        found = replace(found, runs=judged.mark_age(on, days, runs.written))
    lost, lost_failed = _try_lost(workspace, compilation, before, found)
    tried = _add(tried, lost, before.name)
    annotations += lost_failed
    waived = frozenset(one.name for one in found.policies_changed if one.waiver)
    held, broken = _hold(compilation, before, after, waived, most)
    tripped = found.trip(gates)
    said = f"{', '.join(gates)}: {len(tripped) or 'nothing'} to look at" if gates else NONE_SET
    every: tuple[Change | Lost, ...] = (*found.safeguards, *found.changes)
    places = {found.tell(one): find_change(compilation, one) for one in every}
    places |= {found.tell_policy(one): find_policy(compilation, one.name) for one in found.policies_changed}
    places |= {
        found.tell_scenario(one): find_scenario(compilation, one.name) for one in found.scenarios_changed
    }
    places |= {one.sentence: find_guard(compilation, one.name) for one in found.guards}
    annotations += [
        *broken,
        *(annotate("error", one, **places.get(one, {}), title="to look at") for one in tripped),
    ]
    steps = [checked, tried, held, Looked("gates", not tripped, said, tripped)]
    if intent is not None:
        undeclared = list_undeclared(found, intent)
        steps.append(_look_at_intent(undeclared))
        annotations += [annotate("error", one, title="not declared") for one in undeclared]
    return _make(
        tuple(steps),
        annotations,
        found,
        (before, after),
        _tell_what_if(closed, before, after) if closed else "",
    )


def _tell_what_if(closed: ClosedFilings, before: Side, after: Side) -> str:
    """Return a few lines on closed filings; nothing where no template changes."""
    found = compare_closed(closed, before, after)
    changed = found.templates or found.not_looked_at
    return write_what_if(found, most=MOST_SENTENCES) + "\n" if changed else ""


def say_not_compared(why: str) -> str:
    """Return the comment where a review failed before it could say anything of the change."""
    cut = why if len(why) <= MOST_OF_REASON else f"{why[:MOST_OF_REASON]} …"
    return f"❌ Nothing was compared: {safe(cut)}.\n"


def _look_at_intent(undeclared: tuple[str, ...]) -> Looked:
    number = len(undeclared)
    said = f"not declared: {number} {'change' if number == 1 else 'changes'}" if number else "all is declared"
    return Looked("intent", not undeclared, said, undeclared)


def _refuse(why: str) -> Looked:
    return Looked("gates", False, f"nothing was compared: {why}")


def _list_errors(compilation: Compilation) -> Iterator[str]:
    for one in compilation.errors:
        at = f"{repository_path(compilation, one.span)}:{show(compilation, one.span).line}"
        yield f"{at}: {one.code.id} {one.message}"


def _try(compilation: Compilation) -> tuple[Looked, list[str]]:
    names = choose_scenarios(compilation)
    tried = try_scenarios(compilation, names, keeps_of(compilation.policies))
    report = report_of(compilation, names, tried)
    wrong = tuple(_say_failed(one) for one in tried if one.outcome.failures)
    failed = sum(bool(one.outcome.failures) for one in tried)
    said = f"{len(tried)} run, {failed or 'none'} failed" if names else THERE_ARE_NONE
    passed = not report.diagnostics and len(tried) == len(names)
    return Looked("scenarios", passed, said, wrong), list(list_commands(report))


class _Lost(NamedTuple):
    """What came of the scenarios of BASE that are gone or expect less: a line, and what is wrong."""

    said: str
    wrong: tuple[str, ...]
    passed: list[str]
    """Those that a waiver lets pass, and that were not run."""


def _try_lost(
    workspace: Workspace, compilation: Compilation, before: Side, found: Review
) -> tuple[_Lost | None, list[str]]:
    """Run those that are gone or expect less as BASE has them, unless a waiver of BASE lets that pass.

    One that does not run, as what it names is gone, fails too; not one that fails on BASE itself.
    """
    every = [one for one in found.scenarios_changed if one.is_loss]
    wrong_before = {path.removeprefix("scenarios/").removesuffix(".yaml") for path in before.wrong_scenarios}
    names = [one.name for one in every if one.waiver is None and one.name not in wrong_before]
    passed = [one.name for one in every if one.waiver]
    if not names:
        return (_Lost("", (), passed) if passed else None), []
    texts = {f"scenarios/{name}.yaml": before.scenarios[name] for name in names}
    as_before = workspace.compile(texts)
    policies = {one.id: one for one in (*compilation.policies, *before.policies)}
    tried = {one.name: one for one in try_scenarios(as_before, names, keeps_of(policies.values()))}
    told: dict[str, str] = {}
    for name in names:
        if name not in tried:
            told[name] = f"{name} was not run: {_say_why_not(as_before, name)}"
        elif tried[name].outcome.failures and not _fails_on_base(as_before, before, name):
            told[name] = _say_failed(tried[name])
    failed = sum(name in tried for name in told)
    left = len(told) - failed
    said = f"{len(tried)} run, {failed or 'none'} failed" + (f", {left} not run" if left else "")
    wrong = {name: f"as {before.name} has it: {one}" for name, one in told.items()}
    annotations = [
        annotate("error", one, **find_scenario(compilation, name), title="scenario")
        for name, one in wrong.items()
    ]
    return _Lost(said, tuple(wrong.values()), passed), annotations


def _say_why_not(compilation: Compilation, name: str) -> str:
    """Return why a scenario cannot be run: its first error, or that of what it is about."""
    own = compilation.scenarios[name].source.path
    first = next((one for one in compilation.errors if one.span.path == own), None)
    return first.message if first else "its template, or the scenario that it corrects, does not run"


def _fails_on_base(compilation: Compilation, before: Side, name: str) -> bool:
    """Say whether a scenario fails on the plan of BASE too, where it can be run by itself."""
    model, template = compilation.scenarios[name].model, template_of(name)
    plan = before.plans.get(template, compilation.plans.get(template))
    if model is None or plan is None or model.corrects:
        return False
    return bool(run_scenario(model, plan, before.office, keeps_of(before.policies)).failures)


def _add(tried: Looked, lost: _Lost | None, base: str) -> Looked:
    """Return the step of the scenarios with the result of those that are gone or expect less."""
    if lost is None:
        return tried
    said = tried.said
    said += f"; as {base} has those that are gone or expect less: {lost.said}" if lost.said else ""
    said += f"; by a waiver not as {base} has it: {', '.join(lost.passed)}" if lost.passed else ""
    return tried._replace(
        passed=tried.passed and not lost.wrong, said=said, wrong=(*tried.wrong, *lost.wrong)
    )


def _say_failed(tried: Tried) -> str:
    first, *others = tried.outcome.failures
    more = f" (and {len(others)} more)" if others else ""
    found = first.actual.rstrip(".")
    return f"{quote(tried.title)} ({tried.name}): expected {first.expected}; found {found}{more}"


def _hold(
    compilation: Compilation, before: Side, after: Side, waived: frozenset[str], most: int
) -> tuple[Looked, list[str]]:
    """Hold the policies on the templates that change; on all where policies change.

    Those that are others or gone are held as BASE has them too: a change does not loosen what it is held to,
    unless a waiver of BASE lets just that pass.
    """
    policies = compilation.policies
    gone = [one for one in before.policies if one not in after.policies]
    lost = tuple(one for one in gone if one.id not in waived)
    changed = sorted(name for name, plan in after.plans.items() if before.plans.get(name) != plan)
    names = changed if before.policies == policies else sorted(compilation.plans)
    said, wrong, shown = _hold_on(compilation, policies, names, most)
    wrong = [one for one in wrong if _is_about(one, len(names), compilation)]
    titles = {one.id: quote(one.title) for one in (*lost, *policies)}
    titles |= {name: quote(compilation.plans[name].title) for name in names}
    told = [_say_finding(one, titles) for one in wrong]
    annotations = [
        annotate("error", f"{one.template}: {one.text}", **find_finding(compilation, one)) for one in wrong
    ]
    if lost:
        said_lost, found, shown_too = _hold_on(compilation, lost, changed, most)
        shown += shown_too
        said += f"; as {before.name} has those that are others or gone: {said_lost}"
        for one in found:
            if one.kind in ("broken", "not_exhaustive"):
                told.append(f"as {before.name} has it: {_say_finding(one, titles)}")
                place = find_finding(compilation, one._replace(policy=""))
                annotations.append(annotate("error", told[-1], **place))
    passed = [one.id for one in gone if one.id in waived]
    if passed:
        said += f"; by a waiver not as {before.name} has it: {', '.join(passed)}"
    return Looked("policies", not told, said, tuple(told), shown), annotations


def _hold_on(
    compilation: Compilation, policies: Sequence[Policy], names: Sequence[str], most: int
) -> tuple[str, list[Finding], tuple[str, ...]]:
    """Hold policies on templates by name; return what is said of it, what fails, and the ways there."""
    if not policies:
        return THERE_ARE_NONE, [], ()
    if not names:
        return "no template changes", [], ()
    meant = [name for name in names if any(policy.is_for(name) for policy in policies)]
    plans: list[Plan] = [compilation.plans[name] for name in meant]
    assert compilation.office is not None
    found = hold_all(plans, compilation.office, policies, find_cache(), most)
    wrong = [one for one in list_findings(policies, found) if fails(one)]
    mends = find_mends(compilation.plans, compilation.office, policies, found, find_cache(), most)
    return summarise(policies, found), wrong, tuple(_show_ways(compilation.plans, policies, wrong, mends))


def _show_ways(
    plans: Mapping[str, Plan], policies: Sequence[Policy], wrong: Sequence[Finding], mends: Mends
) -> Iterator[str]:
    """Yield the way to each breach, folded away."""
    of = {policy.id: policy for policy in policies}
    for one in wrong:
        if one.kind == "broken" and one.breach:
            plan = plans[one.template]
            title = f"The way: {quote(of[one.policy].title)} on {quote(plan.title)}"
            lines = write_breach(plan, of[one.policy], one.breach, mends, safe)
            yield "\n".join((f"<details><summary>{safe(title)}</summary>", "", *lines, "</details>", ""))


def _say_finding(one: Finding, titles: Mapping[str, str]) -> str:
    named = (f"{titles[name]} ({name})" for name in (one.policy, one.template) if name)
    return f"{' on '.join(named)}: {one.text}"


def _is_about(finding: Finding, held: int, compilation: Compilation) -> bool:
    """Say whether a finding is about what was held: of some templates alone nothing never applies."""
    return finding.kind != "never_applies" or held == len(compilation.plans)


def _sign(one: Looked) -> str:
    """Return what stands before a step; one in which nothing was looked at is not shown as in order."""
    if not one.passed:
        return "❌"
    return "➖" if one.said in (NONE_SET, THERE_ARE_NONE) else "✅"


def _write_steps(steps: tuple[Looked, ...], *, show: bool) -> str:
    """Return the steps as Markdown: a table, what is wrong, and with `show` what shows it."""
    lines = ["| | step | |", "|---|---|---|"]
    lines += [f"| {_sign(one)} | **{one.name}** | {safe(one.said)} |" for one in steps]
    lines.append("")
    for one in steps:
        if one.wrong:
            lines += [f"**{one.name}**", "", *(f"- {safe(text)}" for text in one.wrong[:MOST_TOLD])]
            more = len(one.wrong) - MOST_TOLD
            lines += [f"- and {more} more, which the annotations have"] if more > 0 else []
            lines.append("")
        if one.shown:
            lines += one.shown[:MOST_SHOWN] if show else ()
            lines += (_WAYS_LEFT_OUT, "") if not show or len(one.shown) > MOST_SHOWN else ()
    return "\n".join(lines) + "\n"


def _make(
    steps: tuple[Looked, ...],
    annotations: Sequence[str],
    found: Review | None = None,
    sides: tuple[Side, Side] | None = None,
    what_if: str = "",
) -> ChangeReview:
    head = _write_steps(steps, show=True)
    if len(head) > MOST // 3:
        head = _write_steps(steps, show=False)[: MOST // 4] + "\n"
    head += what_if[: MOST // 4]
    if found is None or sides is None:
        return ChangeReview(steps, tuple(annotations), head)
    rest = write_markdown(found, find_pictures(*sides, found), MOST - MOST_OF_LABEL - len(head))
    told = rest.removeprefix(f"{MARK}\n\n") if rest else "Nothing changes in what the definitions mean.\n"
    return ChangeReview(steps, tuple(annotations), head + told)
