"""Timing: dates are early enough to be useful in every kind of period of the template."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from operator import ge, gt, le
from typing import NamedTuple

from ...period import Period
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example
from ..language.dates import DateRule, Deadline
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..logic import Logic
from ..sampling import Case, Days, cases, count
from ..walks import Dated, dated_rules


def _deadline_example(earliest: str) -> Example:
    return Example(
        "deadlines:\n  - id: aangifte\n    title: Indienen en betalen\n"
        f"    earliest: {{ {earliest} }}\n    due: [{{ after: period.end, months: 1, day: last }}]\n"
    )


def _target_example(due: str) -> Example:
    return Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        f"    back_to: opstellen\n    due: {{ {due} }}\n"
    )


def _chase_example(days: int) -> Example:
    return Example(
        "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n"
        "    back_to: opstellen\n"
        "    offer:\n      documents: [aangifte]\n      chase:\n"
        f"        remind: {{ every_days: {days}, at_most: 2 }}\n"
        "        escalate: { before: deadlines.aangifte, workdays: 4, role: accountant }\n"
    )


_PHASE = (
    "phases:\n  - id: nazorg\n    title: Nazorg\n    role: accountant\n"
    "    not_before: {{ after: period.end, days: {first} }}\n    due: {{ after: period.end, days: {due} }}\n"
)


def _order_example(workdays: int) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
        "    due: { before: deadlines.aangifte, workdays: 9 }\n"
        "  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        f"    back_to: opstellen\n    due: {{ before: deadlines.aangifte, workdays: {workdays} }}\n"
    )


def _escalation_example(rule: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
        "    not_before: { after: period.end, days: 1 }\n"
        f"    chase:\n      escalate: {{ {rule}, role: accountant }}\n"
    )


EARLIEST_TOO_LATE = Code(
    "K506",
    "earliest day after the deadline",
    "The authority accepts the return from the earliest day on, but the deadline has passed by then, so it "
    "can never be delivered in time. The message names a period as an example.",
    wrong=_deadline_example("after: period.end, months: 2"),
    right=_deadline_example("month_of: period.end, day: 24"),
)
AFTER_DEADLINE = Code(
    "K507",
    "date after the deadline",
    "The phase comes before the delivery, and this date is after its deadline in some period. Whoever keeps "
    "to it delivers too late; a message that is sent then no longer helps.",
    wrong=_target_example("after: deadlines.aangifte, days: 3"),
    right=_target_example("before: deadlines.aangifte, workdays: 6"),
)
TOO_LATE_TO_HELP = Code(
    "K404",
    "reminder or escalation too late",
    "Reminders stop at the escalation, and an escalation is useful only before the deadline. Here no "
    "reminder can be sent before the escalation, however early the phase begins, or the escalation itself "
    "is after the deadline.",
    wrong=_chase_example(28),
    right=_chase_example(4),
)


def _wait_example(give_up: str) -> Example:
    return Example(
        "phases:\n  - id: afwachten\n    title: Afwachten\n    role: administratie\n"
        "    not_before: { after: period.end, days: 1 }\n    wait:\n      for: [{ notice: aanslag }]\n"
        f"      chase:\n        give_up: {{ {give_up}, then: nazorg }}\n"
        "  - id: nazorg\n    title: Nazorg\n    role: administratie\n"
    )


OVER_BEFORE_IT_BEGINS = Code(
    "K346",
    "wait that is over before it begins",
    "The day on which the wait ends, or is given up, has passed when the phase can begin: the filing would "
    "not wait at all. The message names a period as an example.",
    wrong=_wait_example("after: period.start, days: 10"),
    right=_wait_example("after: period.end, months: 36"),
)

BEGINS_LATE = Code(
    "K508",
    "phase begins after its own target",
    "The first day on which the phase can begin is after the day on which it should be done.",
    wrong=Example(_PHASE.format(first=20, due=10)),
    right=Example(_PHASE.format(first=10, due=20)),
)
OUT_OF_ORDER = Code(
    "K509",
    "due before what it checks",
    "The phase reviews what an earlier phase makes, or checks it with four eyes, and its target is before "
    "that of the earlier phase. Nobody can keep to both.",
    wrong=_order_example(12),
    right=_order_example(7),
    level="warning",
)
TOO_EARLY_TO_HELP = Code(
    "K405",
    "escalation before the phase begins",
    "The escalation is on a day on which the phase cannot have begun, so another role shares the work from "
    "its first moment on, and nobody is reminded.",
    wrong=_escalation_example("before: period.end, days: 10"),
    right=_escalation_example("before: deadlines.aangifte, workdays: 5"),
)

MESSAGES = {
    "created": "the filing is created after the deadline",
    "target": "the target date is after the deadline",
    "not_before": "the phase begins after the deadline",
    "escalate": "the escalation is after the deadline",
    "automation": "the message is sent after the deadline",
}


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report dates that are too late to be useful."""
    for _, template in definitions.templates():
        if not template.intact("period", "created", "deadlines", "phases"):
            continue
        alike = list(cases(template, Logic(definitions, template)))
        for deadline in template.deadlines:
            yield from _check_earliest(deadline, alike)
        late = [one for dated in dated_rules(template) for one in _check_deadline(dated, template, alike)]
        yield from late
        if any(one.span == template.created.place(_anchor_key(template.created)) for one in late):
            continue  # everything else follows from this one
        turned = [one for phase in template.phases for one in _check_target(phase, alike)]
        yield from turned
        for phase in () if turned else template.phases:  # what begins late escalates too early as well
            yield from _check_reminders(phase, template, alike)
            yield from _check_order(phase, template, alike)
        for dated in dated_rules(template):
            if dated.phase and dated.sort in ("awaited", "give_up"):
                yield from _check_wait(dated.rule, dated.phase, template, alike)


def _check_earliest(deadline: Deadline, alike: list[Case]) -> Iterator[Diagnostic]:
    rule = deadline.earliest
    if rule is None:
        return
    found = _find(lambda case: (case.days(rule), case.anchors.get(f"deadlines.{deadline.id}")), alike)
    if found:
        dates = f"for {found.period.code} it is {found.first} and the deadline is {found.second}"
        yield EARLIEST_TOO_LATE.at(rule.place(), f"the earliest day is after the deadline: {dates}")


def _check_deadline(dated: Dated, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    created = (
        dated.sort == "created"
        and template.phases
        and str(getattr(dated.rule, _anchor_key(dated.rule))).startswith("period.")
    )
    first = template.phases[0] if created else dated.phase
    name = template.next_deadline(first) if first else None
    if name is None or dated.sort not in MESSAGES or not _matters(dated):
        return
    if dated.rule.before == f"deadlines.{name}" and dated.rule.day is None and dated.rule.sound:
        return  # what is counted back from a day is never after it

    found = _find(lambda case: (case.days(dated.rule), case.anchors.get(f"deadlines.{name}")), alike)
    if found:
        code = TOO_LATE_TO_HELP if dated.sort == "escalate" else AFTER_DEADLINE
        dates = f"for {found.period.code} it is {found.first} and the deadline is {found.second}"
        yield code.at(dated.rule.place(_anchor_key(dated.rule)), f"{MESSAGES[dated.sort]}: {dates}")


def _matters(dated: Dated) -> bool:
    """Say whether a late date is a mistake: a task or a note after the deadline can be meant."""
    automations = dated.phase.automations if dated.sort == "automation" and dated.phase else []
    return dated.sort != "automation" or any(one.at is dated.rule and one.send for one in automations)


def _check_target(phase: Phase, alike: list[Case]) -> Iterator[Diagnostic]:
    """Report a phase that begins after its own target."""
    if phase.not_before and phase.due:
        message = "the phase begins after its own target"
        yield from _compare(BEGINS_LATE, phase.not_before, phase.due, alike, message)


def _check_order(phase: Phase, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    """Report a phase that is due before what it checks, or escalates before it begins."""
    checked = {*phase.four_eyes, *(template.makers.get(name, "") for name in phase.reviews)}
    for other in template.before(phase) if checked and phase.due else ():
        if other.id in checked and other.due and phase.due:
            message = f"'{phase.id}' is due before '{other.id}', which it checks"
            found = list(_compare(OUT_OF_ORDER, other.due, phase.due, alike, message))
            yield from found
            if found:
                break
    chase = phase.offer.chase if phase.offer else phase.chase
    if chase and chase.escalate and chase.escalate.sound:
        yield from _check_escalation(phase, chase.escalate, template, alike)


def _check_escalation(
    phase: Phase, escalate: DateRule, template: Workflow, alike: list[Case]
) -> Iterator[Diagnostic]:
    found = _find(lambda case: (case.starts(phase, template), case.days(escalate)), alike)
    if found:
        begins = f"the phase begins on {found.first} at the earliest"
        dates = f"for {found.period.code} it is {found.second} and {begins}"
        message = f"the escalation is before the phase begins: {dates}"
        yield TOO_EARLY_TO_HELP.at(escalate.place(_anchor_key(escalate)), message)


def _compare(
    code: Code, first: DateRule, second: DateRule, alike: list[Case], message: str
) -> Iterator[Diagnostic]:
    """Report two dates of which the one that should come first is later in some period."""
    if not (first.sound and second.sound):
        return
    found = _find(lambda case: (case.days(first), case.days(second)), alike)
    if found:
        dates = f"for {found.period.code} {found.first} is after {found.second}"
        yield code.at(second.place(_anchor_key(second)), f"{message}: {dates}")


def _check_reminders(phase: Phase, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    chase = phase.offer.chase if phase.offer else phase.chase
    if (
        chase is None
        or chase.remind is None
        or chase.escalate is None
        or not chase.remind.intact("every_days")
    ):
        return
    remind, escalate = chase.remind, chase.escalate

    def list_first(case: Case) -> Days | None:
        start = case.starts(phase, template)
        return count(start, days=remind.every_days) if start else None

    found = _find(lambda case: (list_first(case), case.days(escalate)), alike, ge)
    if found:
        begins = found.first - timedelta(days=remind.every_days)
        dates = f"the phase begins on {begins} at the earliest and the escalation is on {found.second}"
        message = f"no reminder can be sent before the escalation: for {found.period.code} {dates}"
        yield TOO_LATE_TO_HELP.at(remind.place("every_days"), message)


def _check_wait(rule: DateRule, phase: Phase, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    found = _find(lambda case: (case.days(rule), case.starts(phase, template)), alike, le)
    if found:
        begins = f"the phase begins on {found.second} at the earliest"
        dates = f"for {found.period.code} it is {found.first}, and {begins}"
        yield OVER_BEFORE_IT_BEGINS.at(rule.place(_anchor_key(rule)), f"this wait never waits: {dates}")


class _Found(NamedTuple):
    """A period, and two dates for it of which one is wrong."""

    period: Period
    first: date
    second: date


def _find(
    ask: Callable[[Case], tuple[Days | None, Days | None]],
    alike: list[Case],
    is_wrong: Callable[[date, date], bool] = gt,
) -> _Found | None:
    """Return the first sample whose two dates are wrong: of which the first is after the second.

    Holidays are left out of samples: they only make what counts back earlier and what counts on later, so
    what is late here is late in every office.
    """
    asked = set[tuple[Days, Days]]()
    for case in alike:
        first, second = ask(case)
        if first is None or second is None or (first, second) in asked:
            continue
        asked.add((first, second))
        wrong = next((n for n, one in enumerate(map(is_wrong, first.each, second.each)) if one), None)
        if wrong is not None:
            return _Found(case.periods[wrong], first.each[wrong], second.each[wrong])
    return None


def _anchor_key(rule: DateRule) -> str:
    return next((key for key in ("after", "before", "month_of") if getattr(rule, key)), "after")
