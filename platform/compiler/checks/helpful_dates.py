"""Dates that cannot help: before what they wait for, or after what makes them matter, in some period."""

from collections.abc import Callable, Iterator
from datetime import date
from operator import ge, gt
from typing import NamedTuple

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.dates import DateRule, Deadline
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..logic import Logic
from ..sampling import Case, Days, cases, count, earliest


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
)
FIRES_AT_ONCE = Code(
    "K581",
    "date before the phase begins",
    "The automation has a date on which its phase cannot have begun, so that it is done on entering, "
    "whenever that is. Write `at: entered`, or a later date.",
    wrong=_automation_example("after: period.end, days: 2"),
    right=_automation_example("after: period.end, days: 9"),
    level="warning",
)
DUE_NEVER_COUNTS = Code(
    "K582",
    "latest day that leaves due without use",
    "`latest` is the last day whatever `due` says. Here it is before every day that `due` can give, so that "
    "`due` never counts.",
    wrong=_latest_example(1),
    right=_latest_example(3),
    level="warning",
)
GIVEN_UP_FIRST = Code(
    "K482",
    "wait given up before anybody is told",
    "The wait is given up before the day on which it escalates, or before its first reminder: these never "
    "come.",
    wrong=_wait_example(4),
    right=_wait_example(12),
    level="warning",
)


class _Found(NamedTuple):
    """Something that can be wrong with a date, asked of each case."""

    code: Code
    rule: DateRule
    ask: Callable[[Case, Days | None], list[bool]]
    """Say of each sample of a case whether it is wrong; with the first days on which the phase begins."""
    say: Callable[[Case, int, Days | None], str]
    """Return the sentence for a sample by its place."""
    related: tuple[Related, ...] = ()
    always: bool = False
    """Whether it is wrong only when it is so in every period."""
    phase: Phase | None = None
    unless: Callable[[Case], list[bool]] = lambda case: []
    """What says in some period that another mistake, reported by itself, is the cause."""


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report dates that cannot help in some period."""
    for _, template in definitions.templates():
        if not template.intact("period", "created", "deadlines", "phases"):
            continue
        asked = list(_list_questions(template))
        if not asked:
            continue
        alike = list(cases(template, Logic(definitions, template)))
        late = any(_begins_late(case, template) for case in alike)
        for found in asked:
            if late and found.code in (FIRES_AT_ONCE, GIVEN_UP_FIRST):
                continue  # a first day is wrong, and reported by itself: what is before it follows from that
            sentence = _find_wrong(found, template, alike)
            if sentence and not any(True in found.unless(case) for case in alike):
                yield found.code.at(found.rule.place(_key(found.rule)), sentence, related=found.related)


def _find_wrong(found: _Found, template: Workflow, alike: list[Case]) -> str | None:
    """Return the sentence for the first sample that is wrong, where it is wrong in as many as it must."""
    sentence = None
    for case in alike:
        begin = case.starts(found.phase, template) if found.phase else None
        wrong = found.ask(case, begin)
        if found.always and (not wrong or False in wrong):
            return None
        if sentence is None and True in wrong:
            sentence = found.say(case, wrong.index(True), begin)
    return sentence


def _list_questions(template: Workflow) -> Iterator[_Found]:
    deadlines = {deadline.id: deadline for deadline in template.deadlines}
    for deadline in template.deadlines:
        if deadline.latest and deadline.latest.sound and all(choice.sound for choice in deadline.due):
            yield _ask_latest(deadline, deadline.latest)
    for phase in template.phases:
        yield from (found._replace(phase=phase) for found in _ask_phase(phase, deadlines))


def _begins_late(case: Case, template: Workflow) -> bool:
    """Say whether the first day of a phase is after its own target, or after a deadline of a delivery."""
    met = {one.deliver.deadline for one in template.phases if one.deliver}
    last = earliest(*(case.anchors.get(f"deadlines.{name}") for name in met))
    return any(
        True in _compare(gt, case.days(phase.not_before), end)
        for phase in template.phases
        if phase.not_before
        for end in (last, case.days(phase.due))
    )


def _compare(is_wrong: Callable[[date, date], bool], first: Days | None, second: Days | None) -> list[bool]:
    """Return of each sample whether two dates are wrong; nothing where one of them has no date."""
    return list(map(is_wrong, first.each, second.each)) if first and second else []


def _at(days: Days | None, place: int) -> date | None:
    return days.each[place] if days else None


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
        if chase.remind and chase.remind.sound:
            yield _ask_reminder(chase.remind.every_days, chase.give_up)


def _ask_latest(deadline: Deadline, latest: DateRule) -> _Found:
    def ask(case: Case, start: Days | None) -> list[bool]:
        days = [case.days(choice) for choice in deadline.due]
        return _compare(gt, earliest(*days), case.days(latest)) if all(days) else []

    def say(case: Case, n: int, start: Days | None) -> str:
        last, due = _at(case.days(latest), n), _at(case.days(deadline.due[0]), n)
        return f"'due' never counts: for {case.periods[n].code} latest is {last}, and due is {due}"

    related = (Related("never counts", deadline.key_place("due")),)
    return _Found(DUE_NEVER_COUNTS, latest, ask, say, related, always=True)


def _ask_target(due: DateRule, first: DateRule, deadline: str) -> _Found:
    def ask(case: Case, start: Days | None) -> list[bool]:
        return _compare(gt, case.days(first), case.days(due))

    def say(case: Case, n: int, start: Days | None) -> str:
        target, day = _at(case.days(due), n), _at(case.days(first), n)
        dates = f"for {case.periods[n].code} it is {target}, and the first day is {day}"
        return f"the target is before the first day of the authority: {dates}"

    def is_wrong_itself(case: Case) -> list[bool]:
        return _compare(gt, case.days(first), case.anchors.get(deadline))

    related = (Related("the first day", first.place(_key(first))),)
    return _Found(TARGET_TOO_EARLY, due, ask, say, related, unless=is_wrong_itself)


def _ask_automation(at: DateRule) -> _Found:
    def ask(case: Case, start: Days | None) -> list[bool]:
        return _compare(gt, start, case.days(at))

    def say(case: Case, n: int, start: Days | None) -> str:
        begins = f"the phase begins on {_at(start, n)} at the earliest"
        dates = f"for {case.periods[n].code} it is {_at(case.days(at), n)}, and {begins}"
        return f"the date is before the phase begins: {dates}"

    return _Found(FIRES_AT_ONCE, at, ask, say)


def _ask_escalation(escalate: DateRule, give_up: DateRule) -> _Found:
    def ask(case: Case, start: Days | None) -> list[bool]:
        return _compare(ge, case.days(escalate), case.days(give_up))

    def say(case: Case, n: int, start: Days | None) -> str:
        told, over = _at(case.days(escalate), n), _at(case.days(give_up), n)
        dates = f"for {case.periods[n].code} it is given up on {over} and escalates on {told}"
        return f"the wait is given up before it escalates: {dates}"

    related = (Related("escalates", escalate.place(_key(escalate))),)
    return _Found(GIVEN_UP_FIRST, give_up, ask, say, related)


def _ask_reminder(every: int, give_up: DateRule) -> _Found:
    def ask(case: Case, start: Days | None) -> list[bool]:
        over, reminded = case.days(give_up), count(start, days=every) if start else None
        waits = _compare(
            gt, over, start
        )  # else the wait is over before it begins, which is reported by itself
        return [one and other for one, other in zip(waits, _compare(ge, reminded, over), strict=False)]

    def say(case: Case, n: int, start: Days | None) -> str:
        dates = (
            f"it begins on {_at(start, n)} at the earliest and is given up on {_at(case.days(give_up), n)}"
        )
        return f"the wait is given up before its first reminder: for {case.periods[n].code} {dates}"

    return _Found(GIVEN_UP_FIRST, give_up, ask, say)


def _key(rule: DateRule) -> str:
    return next((key for key in ("after", "before", "month_of") if getattr(rule, key)), "after")
