"""Timing: dates are early enough to be useful in every kind of period of the template."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.dates import DateRule, Deadline
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..logic import Logic
from ..sampling import Case, Sample, cases
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
    "The phase comes before the delivery, and this date is after its deadline in every period of some kind. "
    "Whoever keeps to it delivers too late.",
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

MESSAGES = {
    "created": "the filing is created after the deadline",
    "target": "the target date is after the deadline",
    "not_before": "the phase begins after the deadline",
    "escalate": "the escalation is after the deadline",
}


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
        for phase in template.phases:
            yield from _check_reminders(phase, template, alike)
        for dated in dated_rules(template):
            if dated.phase and dated.sort in ("awaited", "give_up"):
                yield from _check_wait(dated.rule, dated.phase, template, alike)


def _check_earliest(deadline: Deadline, alike: list[Case]) -> Iterator[Diagnostic]:
    rule = deadline.earliest
    if rule is None:
        return

    def is_late(sample: Sample) -> bool:
        return _is_after(sample.day(rule), sample.anchors.get(f"deadlines.{deadline.id}"))

    sample = _find_case(is_late, alike)
    if sample:
        earliest, last = sample.day(rule), sample.anchors[f"deadlines.{deadline.id}"]
        assert earliest is not None
        dates = f"for {sample.period.code} it is {earliest} and the deadline is {last}"
        yield EARLIEST_TOO_LATE.at(rule.place(), f"the earliest day is after the deadline: {dates}")


def _check_deadline(dated: Dated, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    created = (
        dated.sort == "created"
        and template.phases
        and str(getattr(dated.rule, _anchor_key(dated.rule))).startswith("period.")
    )
    first = template.phases[0] if created else dated.phase
    name = _find_deadline(first, template) if first else None
    if name is None or dated.sort not in MESSAGES:
        return

    def is_late(sample: Sample) -> bool:
        return _is_after(sample.day(dated.rule), sample.anchors.get(f"deadlines.{name}"))

    sample = _find_case(is_late, alike)
    if sample:
        day, last = sample.day(dated.rule), sample.anchors[f"deadlines.{name}"]
        assert day is not None
        code = TOO_LATE_TO_HELP if dated.sort == "escalate" else AFTER_DEADLINE
        dates = f"for {sample.period.code} it is {day} and the deadline is {last}"
        yield code.at(dated.rule.place(_anchor_key(dated.rule)), f"{MESSAGES[dated.sort]}: {dates}")


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

    def is_late(sample: Sample) -> bool:
        start = _find_first_start(phase, template, sample)
        first = start and start + timedelta(days=remind.every_days)
        escalation = sample.day(escalate)
        return first is not None and escalation is not None and first >= escalation

    sample = _find_case(is_late, alike)
    if sample:
        start, escalation = _find_first_start(phase, template, sample), sample.day(escalate)
        dates = f"the phase begins on {start} at the earliest and the escalation is on {escalation}"
        message = f"no reminder can be sent before the escalation: for {sample.period.code} {dates}"
        yield TOO_LATE_TO_HELP.at(remind.place("every_days"), message)


def _check_wait(rule: DateRule, phase: Phase, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    def is_over(sample: Sample) -> bool:
        start, day = _find_first_start(phase, template, sample), sample.day(rule)
        return start is not None and day is not None and day <= start

    sample = _find_case(is_over, alike)
    if sample:
        start, day = _find_first_start(phase, template, sample), sample.day(rule)
        dates = f"for {sample.period.code} it is {day}, and the phase begins on {start} at the earliest"
        yield OVER_BEFORE_IT_BEGINS.at(rule.place(_anchor_key(rule)), f"this wait never waits: {dates}")


def _find_first_start(phase: Phase, template: Workflow, sample: Sample) -> date | None:
    """Return the first date on which a phase can begin, as far as its dates and earlier ones tell."""
    rules = [
        other.not_before
        for other in [*template.before(phase), phase]
        if other.not_before and not other.condition
    ]
    days = [day for rule in rules if (day := sample.day(rule)) is not None]
    start = sample.anchors.get("filing.start")
    return max([*days, *([start] if start else [])], default=None)


def _find_deadline(phase: Phase, template: Workflow) -> str | None:
    """Return the deadline of the first delivery in or after a phase."""
    following = template.phases[template.phases.index(phase) :]
    return next((other.deliver.deadline for other in following if other.deliver), None)


def _find_case(is_late: Callable[[Sample], bool], alike: list[Case]) -> Sample | None:
    """Return the first sample of a case in which all samples are late, so that weekends do not matter."""
    return next((case.samples[0] for case in alike if all(is_late(one) for one in case.samples)), None)


def _is_after(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day > other


def _anchor_key(rule: DateRule) -> str:
    return next((key for key in ("after", "before", "month_of") if getattr(rule, key)), "after")
