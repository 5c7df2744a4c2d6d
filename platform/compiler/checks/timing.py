"""Timing: dates come in an order in which they can still be of use, in every period they are meant for."""

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
from ..walks import Dated, dated


def _deadline(earliest: str) -> Example:
    return Example(
        "deadlines:\n  - id: aangifte\n    title: Indienen en betalen\n"
        f"    earliest: {{ {earliest} }}\n    due: [{{ after: period.end, months: 1, day: last }}]\n"
    )


def _target(due: str) -> Example:
    return Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        f"    back_to: opstellen\n    due: {{ {due} }}\n"
    )


def _chase(days: int) -> Example:
    return Example(
        "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n"
        "    back_to: opstellen\n"
        "    offer:\n      documents: [aangifte]\n      chase:\n"
        f"        remind: {{ every_days: {days}, at_most: 2 }}\n"
        "        escalate: { before: deadlines.aangifte, workdays: 4, role: accountant }\n"
    )


EARLIEST_TOO_LATE = Code(
    "K506",
    "earliest day after the last",
    "The authority takes the return from the earliest day on, and the last day has passed by then: there is "
    "no day on which it can be delivered. The message names a period for which it is so.",
    wrong=_deadline("after: period.end, months: 2"),
    right=_deadline("month_of: period.end, day: 24"),
)
AFTER_DEADLINE = Code(
    "K507",
    "after the deadline",
    "The phase comes before the delivery, and this day lies after the last day of the deadline, in every "
    "period of some kind: whoever keeps to it is late.",
    wrong=_target("after: deadlines.aangifte, days: 3"),
    right=_target("before: deadlines.aangifte, workdays: 6"),
)
TOO_LATE_TO_HELP = Code(
    "K404",
    "too late to help",
    "Reminders stop at the escalation, and an escalation helps only before the deadline. Here no reminder "
    "can go out before the escalation, however early the phase is entered, or the escalation itself comes "
    "too late.",
    wrong=_chase(28),
    right=_chase(4),
)

MESSAGES = {
    "created": "the filing is created only after the deadline",
    "target": "the target date lies after the deadline",
    "not_before": "the phase is entered only after the deadline",
    "escalate": "the escalation comes after the deadline",
}


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report dates that come too late to be of use."""
    for _, template in definitions.templates():
        if not template.intact("period", "created", "deadlines", "phases"):
            continue
        alike = list(cases(template, Logic(definitions, template)))
        for deadline in template.deadlines:
            yield from _earliest(deadline, alike)
        late = [one for found in dated(template) for one in _after_deadline(found, template, alike)]
        yield from late
        if any(one.span == template.created.place(_key(template.created)) for one in late):
            continue  # then everything is too late
        for phase in template.phases:
            yield from _reminders(phase, template, alike)


def _earliest(deadline: Deadline, alike: list[Case]) -> Iterator[Diagnostic]:
    rule = deadline.earliest
    if rule is None:
        return

    def late(sample: Sample) -> bool:
        return _later(sample.day(rule), sample.anchors.get(f"deadlines.{deadline.id}"))

    sample = _always(late, alike)
    if sample:
        earliest, last = sample.day(rule), sample.anchors[f"deadlines.{deadline.id}"]
        assert earliest is not None
        message = (
            f"over {sample.period.code} the earliest day is {_shown(earliest)}, the last day {_shown(last)}"
        )
        yield EARLIEST_TOO_LATE.at(rule.place(), message)


def _after_deadline(found: Dated, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    created = (
        found.sort == "created"
        and template.phases
        and str(getattr(found.rule, _key(found.rule))).startswith("period.")
    )
    first = template.phases[0] if created else found.phase
    name = _deadline_of(first, template) if first else None
    if name is None or found.sort not in MESSAGES:
        return

    def late(sample: Sample) -> bool:
        return _later(sample.day(found.rule), sample.anchors.get(f"deadlines.{name}"))

    sample = _always(late, alike)
    if sample:
        day, last = sample.day(found.rule), sample.anchors[f"deadlines.{name}"]
        assert day is not None
        code = TOO_LATE_TO_HELP if found.sort == "escalate" else AFTER_DEADLINE
        over = f"over {sample.period.code} it is {_shown(day)}, the deadline {_shown(last)}"
        message = f"{MESSAGES[found.sort]}: {over}"
        yield code.at(found.rule.place(_key(found.rule)), message)


def _reminders(phase: Phase, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    chase = phase.offer.chase if phase.offer else phase.chase
    if (
        chase is None
        or chase.remind is None
        or chase.escalate is None
        or not chase.remind.intact("every_days")
    ):
        return
    remind, escalate = chase.remind, chase.escalate

    def late(sample: Sample) -> bool:
        entered = _entered(phase, template, sample)
        first = entered and entered + timedelta(days=remind.every_days)
        escalation = sample.day(escalate)
        return first is not None and escalation is not None and first >= escalation

    sample = _always(late, alike)
    if sample:
        entered, escalation = _entered(phase, template, sample), sample.day(escalate)
        over = f"over {sample.period.code} the phase begins {entered} at the earliest"
        message = f"no reminder can go out before the escalation: {over}, the escalation is {escalation}"
        yield TOO_LATE_TO_HELP.at(remind.place("every_days"), message)


def _entered(phase: Phase, template: Workflow, sample: Sample) -> date | None:
    """Return the first day on which a phase can be entered, as far as dates say."""
    before = template.phases[: template.phases.index(phase)]
    rules = [other.not_before for other in [*before, phase] if other.not_before and not other.condition]
    days = [day for rule in rules if (day := sample.day(rule)) is not None]
    start = sample.anchors.get("filing.start")
    return max([*days, *([start] if start else [])], default=None)


def _deadline_of(phase: Phase, template: Workflow) -> str | None:
    """Return the deadline of the first delivery from a phase on: what is late for it is too late."""
    following = template.phases[template.phases.index(phase) :]
    return next((other.deliver.deadline for other in following if other.deliver), None)


def _always(late: Callable[[Sample], bool], alike: list[Case]) -> Sample | None:
    """Return the first sample of a case in which it is always so: then it is no matter of weekends."""
    return next((case.samples[0] for case in alike if all(late(sample) for sample in case.samples)), None)


def _later(day: date | None, than: date | None) -> bool:
    return day is not None and than is not None and day > than


def _key(rule: DateRule) -> str:
    return next((key for key in ("after", "before", "month_of") if getattr(rule, key)), "after")


def _shown(day: date) -> str:
    return day.isoformat()
