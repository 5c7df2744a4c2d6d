"""Timing: dates are early enough to be useful in every kind of period of the template."""

from collections.abc import Collection, Iterator
from operator import gt, le

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..language.dates import DateRule, Deadline
from ..language.phases import Automation, Phase
from ..language.workflow import Workflow
from ..sampling import Case, Days, compare, find_case, find_turned, is_never_before, list_cases
from ..walks import Dated, dated_rules, jumps
from ..ways import Ways, find_ways
from .chase_dates import check_chases
from .terms import OUTSIDE_TERM, pick_code, say_begin


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


EARLIEST_TOO_LATE = Code(
    "K506",
    "earliest day after the deadline",
    "The authority accepts the return from the earliest day on, but the deadline has passed by then, so it "
    "can never be delivered in time. The message names a period as an example.",
    wrong=_deadline_example("after: period.end, months: 2"),
    right=_deadline_example("month_of: period.end, day: 24"),
    remedy="count fewer days in 'earliest', or more in 'due'",
)
AFTER_DEADLINE = Code(
    "K507",
    "date after the deadline",
    "The phase comes before the delivery, and this date is after its deadline in some period: whoever keeps "
    "to it delivers too late. A date that counts from the end of a phase is taken as if that ended on the "
    "first day on which it can begin. What an automation does after the deadline is K512.",
    wrong=_target_example("after: deadlines.aangifte, days: 3"),
    right=_target_example("before: deadlines.aangifte, workdays: 6"),
    remedy="take an earlier day: count back from the deadline, or fewer days",
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
    remedy="take a later day",
)

BEGINS_LATE = Code(
    "K508",
    "phase begins after its own target",
    "The first day on which the phase can begin is after the day on which it should be done.",
    wrong=Example(_PHASE.format(first=20, due=10)),
    right=Example(_PHASE.format(first=10, due=20)),
    remedy="take a later target, or let the phase begin earlier",
)
OUT_OF_ORDER = Code(
    "K509",
    "due before what it checks",
    "The phase reviews what an earlier phase makes, or checks it with four eyes, and its target is before "
    "that of the earlier phase. Nobody can keep to both.",
    wrong=_order_example(12),
    right=_order_example(7),
    level="warning",
    remedy="give what checks the later target",
)


def _task_example(rule: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        f"      - id: bellen\n        at: {{ {rule} }}\n"
        "        task: { title: Bel de klant, to: { role: administratie } }\n"
    )


def _sequence_example(workdays: int) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
        "    due: { before: deadlines.aangifte, workdays: 9 }\n"
        "  - id: nazorg\n    title: Nazorg\n    role: administratie\n"
        f"    due: {{ before: deadlines.aangifte, workdays: {workdays} }}\n"
    )


DONE_LATE = Code(
    "K512",
    "message, request or task after the deadline",
    "The phase comes before the delivery, and its automation sends a message, asks the client or gives "
    "somebody a task after the deadline of that, in some period. By then it no longer helps to be in time. "
    "One for who is late, such as to tell the client of it, is meant so.",
    wrong=_task_example("after: deadlines.aangifte, days: 2"),
    right=_task_example("before: deadlines.aangifte, workdays: 2"),
    level="warning",
    remedy="take a day before the deadline, or silence this where it is meant for who is late",
)
OUT_OF_SEQUENCE = Code(
    "K511",
    "target before that of an earlier phase",
    "The phase begins when the earlier one is done, and its target is before that of the earlier one: "
    "whoever keeps to the first cannot keep to the second.",
    wrong=_sequence_example(12),
    right=_sequence_example(7),
    level="warning",
    remedy="give the later phase the later target",
)
MOST_BEFORE = 8
"""Earlier phases with whose target that of a phase is compared."""
MESSAGES = {
    "created": "the filing is created after the deadline",
    "target": "the target date is after the deadline",
    "not_before": "the phase begins after the deadline",
    "awaited": "the wait ends after the deadline",
    "send": "the message is sent after the deadline",
    "request": "the client is asked after the deadline",
    "task": "the task is given after the deadline",
}
ACTS = ("send", "request", "task")
"""What an automation does that can come too late."""


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report dates that are too late to be useful."""
    for _, template in definitions.templates():
        if not template.intact("period", "created", "deadlines", "phases"):
            continue
        alike = list_cases(definitions, template)
        for deadline in template.deadlines:
            yield from _check_earliest(deadline, alike)
        late: set[str] = set()
        late_rules: set[int] = set()
        for dated in dated_rules(template):
            found = list(_check_deadline(dated, template, alike))
            if found:
                late.add(dated.sort)
                late_rules.add(id(dated.rule))
            yield from found
        if "created" in late:
            continue  # everything else follows from this one
        turned = [] if "not_before" in late else list(_check_targets(template, alike))
        yield from turned
        if not turned:  # what begins late escalates too early as well
            yield from () if "not_before" in late else check_chases(template, alike, late_rules)
            ways = find_ways(definitions, template)
            for phase in template.phases:
                turned = list(_check_order(phase, template, alike, late_rules))
                yield from turned or _check_sequence(phase, ways, alike, late_rules)
        for dated in dated_rules(template):
            if dated.phase and dated.sort in ("awaited", "give_up"):
                yield from _check_wait(dated.rule, dated.phase, template, alike)


def _check_earliest(deadline: Deadline, alike: list[Case]) -> Iterator[Diagnostic]:
    rule = deadline.earliest
    if rule is None:
        return
    name = f"deadlines.{deadline.id}"
    sample = find_case(lambda case: compare(gt, case.days(rule), case.anchors.get(name)), alike)
    if sample:
        last = sample.pick(sample.case.anchors[name])
        dates = f"{sample.when} it is {sample.day(rule)} and the deadline is {last}"
        yield EARLIEST_TOO_LATE.at(rule.place(), f"the earliest day is after the deadline: {dates}")


def _check_deadline(dated: Dated, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    created = (
        dated.sort == "created"
        and template.phases
        and str(getattr(dated.rule, dated.rule.anchor_key)).startswith("period.")
    )
    first = template.phases[0] if created else dated.phase
    name = template.next_deadline(first) if first else None
    sort = _find_sort(dated)
    message = MESSAGES.get(sort)
    if name is None or message is None:
        return
    if dated.rule.before == f"deadlines.{name}" and dated.rule.day is None and dated.rule.sound:
        return  # what is counted back from a day is never after it

    def count(case: Case) -> Days | None:
        if dated.phase is not None and dated.sort in ("not_before", "awaited"):
            return case.opens(dated.rule, dated.phase, template)
        return case.days(dated.rule)

    anchor = f"deadlines.{name}"
    owners = [one for one in (dated.phase, _find_automation(dated)) if one]
    sample = find_case(lambda case: compare(gt, count(case), case.anchors.get(anchor)), alike, *owners)
    if sample:
        last = sample.pick(sample.case.anchors[anchor])
        day = sample.pick(count(sample.case))
        from_phase = str(getattr(dated.rule, dated.rule.anchor_key)).startswith("phases.")
        soonest = f"{day} at the earliest" if from_phase else f"{day}"
        dates = f"{sample.when} it is {soonest} and the deadline is {last}"
        code = DONE_LATE if sort in ACTS else AFTER_DEADLINE
        yield code.at(dated.rule.place(dated.rule.anchor_key), f"{message}: {dates}")


def _find_sort(dated: Dated) -> str:
    """Return the sort of a date, of an automation what it does: a start or note that late can be meant.

    A day that is awaited beside something else, or that a wait may be given up before, holds nothing up.
    """
    wait = dated.phase.wait if dated.phase and dated.sort == "awaited" else None
    if wait and (len(wait.awaited) > 1 or (wait.chase and wait.chase.give_up)):
        return ""
    done = _find_automation(dated)
    does = (name for name in ACTS if getattr(done, name, None))
    return next(does, dated.sort)


def _find_automation(dated: Dated) -> Automation | None:
    automations = dated.phase.automations if dated.sort == "automation" and dated.phase else []
    return next((one for one in automations if one.at is dated.rule), None)


def _check_targets(template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    """Report phases that begin after their own target: by their own first day, or else by what comes before.

    Of the latter only the first, since later phases begin no earlier.
    """
    own = [one for phase in template.phases for one in _check_own_target(phase, template, alike)]
    yield from own
    for phase in () if own else template.phases:
        found = list(_check_target(phase, template, alike))
        yield from found
        if found:
            return


def _check_own_target(phase: Phase, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    first, due = phase.not_before, phase.due
    if first is None or due is None or not (first.sound and due.sound):
        return
    sample = find_case(lambda case: compare(gt, case.opens(first, phase, template), case.days(due)), alike)
    if sample:
        begins = sample.pick(sample.case.opens(first, phase, template))
        dates = f"{sample.when} {begins} is after {sample.day(due)}"
        yield BEGINS_LATE.at(due.place(due.anchor_key), f"the phase begins after its own target: {dates}")


def _check_target(phase: Phase, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    due = phase.due
    if due is None or not due.sound or due.before == "filing.start" or phase.deliver:
        return  # what is before the start, or before the authority takes it, is reported as such
    sample = find_case(lambda case: compare(gt, case.starts(phase, template), case.days(due)), alike, phase)
    if sample is None:
        return
    place, begins = due.place(due.anchor_key), sample.pick(sample.case.starts(phase, template))
    if sample.case.is_term:
        dates = f"{sample.when} it is {sample.day(due)}"
        yield OUTSIDE_TERM.at(place, f"the target is before the day that its term counts from: {dates}")
        return
    rules = [template.created, *(one.not_before for one in template.before(phase) if one.not_before)]
    causes = [
        rule for rule in reversed(rules) if sample.pick(sample.case.opens(rule, phase, template)) == begins
    ]
    related = [
        Related("begins no earlier because of this", rule.place(rule.anchor_key)) for rule in causes[:1]
    ]
    dates = f"{sample.when} {begins} is after {sample.day(due)}"
    yield BEGINS_LATE.at(place, f"the phase begins after its own target: {dates}", related=related)


def _check_order(
    phase: Phase, template: Workflow, alike: list[Case], late: Collection[int]
) -> Iterator[Diagnostic]:
    """Report a phase that is due before what it checks, unless that is due after the deadline."""
    checked = {*phase.four_eyes, *(template.makers.get(name, "") for name in phase.reviews)}
    for other in template.before(phase) if checked and phase.due else ():
        if other.id in checked and other.due and phase.due and id(other.due) not in late:
            message = f"'{phase.id}' is due before '{other.id}', which it checks"
            found = list(_check_two(OUT_OF_ORDER, other.due, phase.due, alike, message))
            yield from found
            if found:
                break


def _check_sequence(
    phase: Phase, ways: Ways, alike: list[Case], late: Collection[int]
) -> Iterator[Diagnostic]:
    """Report a phase whose target is before that of the nearest before it that tells."""
    due = phase.due
    if due is None or not due.sound or id(due) in late:
        return
    for other in reversed(ways.template.before(phase)[-MOST_BEFORE:]):
        if other.due is None or not other.due.sound or id(other.due) in late:
            continue
        if is_never_before(due, other.due):
            return
        known = [case for case in alike if case.days(other.due) and case.days(due)]
        message = f"'{phase.id}' is due before '{other.id}', which comes before it"
        found = list(_check_two(OUT_OF_SEQUENCE, other.due, due, known, message, other, phase))
        if found and ways.may_follow(phase, other):
            if all(jump.then in ways.template.stage_of for jump in jumps(ways.template)):
                yield from found  # else what comes after what is not known
            return
        if known and not found:
            return


def _check_two(
    code: Code, first: DateRule, second: DateRule, alike: list[Case], message: str, *owners: Phase
) -> Iterator[Diagnostic]:
    """Report two dates of which the one that should come first is later in some period."""
    if not (first.sound and second.sound):
        return
    sample = find_turned(first, second, alike, *owners)
    if sample:
        dates = f"{sample.when} {sample.day(first)} is after {sample.day(second)}"
        yield code.at(second.place(second.anchor_key), f"{message}: {dates}")


def _check_wait(rule: DateRule, phase: Phase, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    sample = find_case(lambda case: compare(le, case.days(rule), case.starts(phase, template)), alike)
    if sample:
        begins = say_begin("the phase begins", sample.pick(sample.case.starts(phase, template)), sample)
        dates = f"{sample.when} it would end on {sample.day(rule)}, and {begins}"
        yield pick_code(OVER_BEFORE_IT_BEGINS, sample).at(
            rule.place(rule.anchor_key), f"this wait never waits: {dates}"
        )
