"""Dates that cannot help: before what they wait for, or after what makes them matter, in some period."""

from collections.abc import Callable, Iterator, Sequence
from operator import ge, gt
from typing import NamedTuple

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..language.dates import DateRule, Deadline
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..sampling import Case, Days, Sample, compare, count, earliest, find_case, list_cases
from .terms import pick_code, say_begin


def _delivery_example(due: str) -> Example:
    return Example(
        "phases:\n  - id: indienen\n    title: Indienen\n    role: administratie\n    back_to: opstellen\n"
        f"    due: {{ {due} }}\n    deliver: {{ document: aangifte, deadline: aangifte }}\n"
    )


def _automation_example(at: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
        "    not_before: { after: period.end, days: 5 }\n    automations:\n"
        f"      - id: bellen\n        at: {{ {at} }}\n"
        "        task: { title: Bel de klant, to: { role: administratie } }\n"
    )


def _latest_example(months: int) -> Example:
    return Example(
        "deadlines:\n  - id: aangifte\n    title: Indienen en betalen\n"
        "    due: [{ after: period.end, months: 2, day: last }]\n"
        f"    latest: {{ after: period.end, months: {months}, day: last }}\n"
    )


def _wait_example(months: int) -> Example:
    return Example(
        "phases:\n  - id: afwachten\n    title: Afwachten\n    role: administratie\n"
        "    not_before: { after: period.end, days: 1 }\n    wait:\n      for: [{ notice: aanslag }]\n"
        "      chase:\n        escalate: { after: period.end, months: 6, role: accountant }\n"
        f"        give_up: {{ after: period.end, months: {months}, then: nazorg }}\n"
        "  - id: nazorg\n    title: Nazorg\n    role: administratie\n"
    )


TARGET_TOO_EARLY = Code(
    "K580",
    "target before the first day of the authority",
    "The delivery should be done on a day on which the authority does not take it yet. The message names a "
    "period as an example.",
    wrong=_delivery_example("before: period.end, days: 10"),
    right=_delivery_example("before: deadlines.aangifte, workdays: 2"),
    level="warning",
    remedy="take a later target",
)
FIRES_AT_ONCE = Code(
    "K581",
    "date before the phase begins",
    "The automation has a date on which its phase cannot have begun, so that it is done on entering, "
    "whenever that is. Write `at: entered`, or a later date.",
    wrong=_automation_example("after: period.end, days: 2"),
    right=_automation_example("after: period.end, days: 9"),
    level="warning",
    remedy="write 'at: entered', or take a later date",
)
DUE_NEVER_COUNTS = Code(
    "K582",
    "latest day that always comes before due",
    "`latest` is the last day whatever `due` says. Here it is before every day that `due` can give, so that "
    "`due` never counts.",
    wrong=_latest_example(1),
    right=_latest_example(3),
    level="warning",
    remedy="take a later 'latest', or remove 'due' from what it shadows",
)
GIVEN_UP_FIRST = Code(
    "K482",
    "wait given up before anybody is told",
    "The wait is given up before the day on which it escalates, or before its first reminder: these never "
    "come.",
    wrong=_wait_example(4),
    right=_wait_example(12),
    level="warning",
    remedy="give up later, or tell somebody sooner",
)


class _Found(NamedTuple):
    """Something that can be wrong with a date, asked of each case."""

    code: Code
    rule: DateRule
    ask: Callable[[Case, Days | None], Sequence[bool]]
    """Say of each sample of a case whether it is wrong; with the first days on which the phase begins."""
    say: Callable[[Sample, Days | None], str]
    """Return the sentence for a sample."""
    related: tuple[Related, ...] = ()
    always: bool = False
    """Whether it is wrong only when it is so in every period."""
    phase: Phase | None = None
    unless: Callable[[Case], Sequence[bool]] = lambda case: ()
    """What says in some period that another mistake, reported by itself, is the cause."""


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report dates that cannot help in some period."""
    for _, template in definitions.templates():
        if not template.intact("period", "created", "deadlines", "phases"):
            continue
        asked = list(_list_questions(template))
        if not asked:
            continue
        alike = list_cases(definitions, template)
        late = any(_begins_late(case, template) for case in alike)
        for found in asked:
            if late and found.code in (FIRES_AT_ONCE, GIVEN_UP_FIRST):
                continue  # a first day is wrong, and reported by itself: what is before it follows from that
            sample = _find_wrong(found, template, alike)
            if sample and not find_case(found.unless, alike):
                sentence = found.say(sample, _find_starts(found, template, sample.case))
                code = pick_code(found.code, sample) if found.code is FIRES_AT_ONCE else found.code
                yield code.at(found.rule.place(found.rule.anchor_key), sentence, related=found.related)


def _find_wrong(found: _Found, template: Workflow, alike: list[Case]) -> Sample | None:
    """Return the first sample that is wrong, where as many are as must be."""

    def ask(case: Case) -> Sequence[bool]:
        return found.ask(case, _find_starts(found, template, case))

    if found.always:
        of_periods = [ask(case) for case in alike if not case.anchor]
        known = of_periods if any(of_periods) else [said for case in alike if (said := ask(case))]
        if not all(said and all(said) for said in known):
            return None
    return find_case(ask, alike)


def _find_starts(found: _Found, template: Workflow, case: Case) -> Days | None:
    return case.starts(found.phase, template) if found.phase else None


def _list_questions(template: Workflow) -> Iterator[_Found]:
    deadlines = {deadline.id: deadline for deadline in template.deadlines}
    for deadline in template.deadlines:
        if deadline.latest and deadline.latest.sound and all(choice.sound for choice in deadline.due):
            yield _ask_latest(deadline, deadline.latest)
    for phase in template.phases:
        yield from (found._replace(phase=phase) for found in _ask_phase(phase, deadlines))


def _begins_late(case: Case, template: Workflow) -> bool:
    """Say whether the filing or a phase begins after a delivery's deadline, or a phase after its target."""
    met = {one.deliver.deadline for one in template.phases if one.deliver}
    last = earliest(*(case.anchors.get(f"deadlines.{name}") for name in met))
    return True in compare(gt, case.first, last) or any(
        True in compare(gt, case.days(phase.not_before), end)
        for phase in template.phases
        if phase.not_before
        for end in (last, case.days(phase.due))
    )


def _ask_phase(phase: Phase, deadlines: dict[str, Deadline]) -> Iterator[_Found]:
    deadline = deadlines.get(phase.deliver.deadline or "") if phase.deliver else None
    if deadline and deadline.earliest and phase.due:
        yield _ask_target(phase.due, deadline.earliest, f"deadlines.{deadline.id}")
    for automation in phase.automations:
        if isinstance(automation.at, DateRule) and automation.sound:
            yield _ask_automation(automation.at)
    chase = phase.wait.chase if phase.wait else None
    if chase and chase.give_up and chase.sound:
        if chase.escalate:
            yield _ask_escalation(chase.escalate, chase.give_up)
        if chase.remind and chase.remind.sound and not chase.escalate:  # else that ends them
            yield _ask_reminder(chase.remind.every_days, chase.give_up)


def _ask_latest(deadline: Deadline, latest: DateRule) -> _Found:
    def ask(case: Case, start: Days | None) -> Sequence[bool]:
        days = [case.days(choice) for choice in deadline.due]
        return compare(gt, earliest(*days), case.days(latest)) if all(days) else ()

    def say(sample: Sample, start: Days | None) -> str:
        last, due = sample.day(latest), sample.day(deadline.due[0])
        return f"'due' never counts: {sample.when} latest is {last}, and due is {due}"

    related = (Related("never counts", deadline.key_place("due")),)
    return _Found(DUE_NEVER_COUNTS, latest, ask, say, related, always=True)


def _ask_target(due: DateRule, first: DateRule, deadline: str) -> _Found:
    def ask(case: Case, start: Days | None) -> Sequence[bool]:
        return compare(gt, case.days(first), case.days(due))

    def say(sample: Sample, start: Days | None) -> str:
        target, day = sample.day(due), sample.day(first)
        dates = f"{sample.when} it is {target}, and the first day is {day}"
        return f"the target is before the first day of the authority: {dates}"

    def is_wrong_itself(case: Case) -> Sequence[bool]:
        return compare(gt, case.days(first), case.anchors.get(deadline))

    related = (Related("the first day", first.place(first.anchor_key)),)
    return _Found(TARGET_TOO_EARLY, due, ask, say, related, unless=is_wrong_itself)


def _ask_automation(at: DateRule) -> _Found:
    def ask(case: Case, start: Days | None) -> Sequence[bool]:
        return compare(gt, start, case.days(at))

    def say(sample: Sample, start: Days | None) -> str:
        begins = say_begin("the phase begins", sample.pick(start), sample)
        dates = f"{sample.when} it is {sample.day(at)}, and {begins}"
        return f"the date is before the phase begins: {dates}"

    return _Found(FIRES_AT_ONCE, at, ask, say)


def _ask_escalation(escalate: DateRule, give_up: DateRule) -> _Found:
    def ask(case: Case, start: Days | None) -> Sequence[bool]:
        return compare(ge, case.days(escalate), case.days(give_up))

    def say(sample: Sample, start: Days | None) -> str:
        told, over = sample.day(escalate), sample.day(give_up)
        dates = f"{sample.when} it is given up on {over} and escalates on {told}"
        return f"the wait is given up before it escalates: {dates}"

    related = (Related("escalates", escalate.place(escalate.anchor_key)),)
    return _Found(GIVEN_UP_FIRST, give_up, ask, say, related)


def _ask_reminder(every: int, give_up: DateRule) -> _Found:
    def ask(case: Case, start: Days | None) -> Sequence[bool]:
        over, reminded = case.days(give_up), count(start, days=every) if start else None
        waits = compare(gt, over, start)  # else the wait never waits, which is reported by itself
        return [waited and late for waited, late in zip(waits, compare(ge, reminded, over), strict=False)]

    def say(sample: Sample, start: Days | None) -> str:
        begins, over = say_begin("it begins", sample.pick(start), sample), sample.day(give_up)
        dates = f"{sample.when} {begins} and is given up on {over}"
        return f"the wait is given up before its first reminder: {dates}"

    return _Found(GIVEN_UP_FIRST, give_up, ask, say)
