"""Dates that cannot help: before what they wait for, or after what makes them matter, in some period."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.dates import DateRule, Deadline
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..logic import Logic
from ..sampling import Sample, cases


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
    """Something wrong with a date, in each sample that it asks: the sentence, or None."""

    code: Code
    rule: DateRule
    ask: Callable[[Sample, date | None], str | None]
    """Asked of a sample and the first day on which the phase can begin in it."""
    related: tuple[Related, ...] = ()
    always: bool = False
    """Whether it is wrong only when it is so in every period."""
    phase: Phase | None = None
    unless: Callable[[Sample], bool] = lambda sample: False
    """What says in some period that another mistake, reported by itself, is the cause."""


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report dates that cannot help in some period."""
    for _, template in definitions.templates():
        if not template.intact("period", "created", "deadlines", "phases"):
            continue
        asked = list(_list_questions(template))
        if not asked:
            continue
        samples = [s for case in cases(template, Logic(definitions, template)) for s in case.samples]
        late = any(_begins_late(phase, sample, template) for phase in template.phases for sample in samples)
        for found in asked:
            if late and found.code in (FIRES_AT_ONCE, GIVEN_UP_FIRST):
                continue  # a first day is wrong, and reported by itself: what is before it follows from that
            phase = found.phase
            starts = [sample.find_start(phase, template) if phase else None for sample in samples]
            said = [found.ask(sample, start) for sample, start in zip(samples, starts, strict=True)]
            first = next((sentence for sentence in said if sentence), None)
            if first and (all(said) or not found.always) and not any(map(found.unless, samples)):
                yield found.code.at(found.rule.place(found.rule.anchor_key), first, related=found.related)


def _list_questions(template: Workflow) -> Iterator[_Found]:
    deadlines = {deadline.id: deadline for deadline in template.deadlines}
    for deadline in template.deadlines:
        if deadline.latest and deadline.latest.sound and all(choice.sound for choice in deadline.due):
            yield _ask_latest(deadline, deadline.latest)
    for phase in template.phases:
        yield from (found._replace(phase=phase) for found in _ask_phase(phase, deadlines))


def _begins_late(phase: Phase, sample: Sample, template: Workflow) -> bool:
    """Say whether the first day of a phase is after its own target, or after a deadline of a delivery."""
    first = sample.day(phase.not_before) if phase.not_before else None
    if first is None:
        return False
    met = [one.deliver.deadline for one in template.phases if one.deliver]
    lasts = [sample.anchors.get(f"deadlines.{name}") for name in met]
    target = sample.day(phase.due) if phase.due else None
    return any(last is not None and first > last for last in (target, *lasts))


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
    def ask(sample: Sample, start: date | None) -> str | None:
        last, days = sample.day(latest), [sample.day(choice) for choice in deadline.due]
        if last is None or any(day is None or day <= last for day in days):
            return None
        return f"'due' never counts: for {sample.period.code} latest is {last}, and due is {days[0]}"

    related = (Related("never counts", deadline.key_place("due")),)
    return _Found(DUE_NEVER_COUNTS, latest, ask, related, always=True)


def _ask_target(due: DateRule, earliest: DateRule, deadline: str) -> _Found:
    def ask(sample: Sample, start: date | None) -> str | None:
        target, first = sample.day(due), sample.day(earliest)
        if target is None or first is None or target >= first:
            return None
        dates = f"for {sample.period.code} it is {target}, and the first day is {first}"
        return f"the target is before the first day of the authority: {dates}"

    def is_wrong_itself(sample: Sample) -> bool:
        first, last = sample.day(earliest), sample.anchors.get(deadline)
        return first is not None and last is not None and first > last

    related = (Related("the first day", earliest.place(earliest.anchor_key)),)
    return _Found(TARGET_TOO_EARLY, due, ask, related, unless=is_wrong_itself)


def _ask_automation(at: DateRule) -> _Found:
    def ask(sample: Sample, start: date | None) -> str | None:
        day = sample.day(at)
        if day is None or start is None or day >= start:
            return None
        dates = f"for {sample.period.code} it is {day}, and the phase begins on {start} at the earliest"
        return f"the date is before the phase begins: {dates}"

    return _Found(FIRES_AT_ONCE, at, ask)


def _ask_escalation(escalate: DateRule, give_up: DateRule) -> _Found:
    def ask(sample: Sample, start: date | None) -> str | None:
        told, over = sample.day(escalate), sample.day(give_up)
        if told is None or over is None or told < over:
            return None
        dates = f"for {sample.period.code} it is given up on {over} and escalates on {told}"
        return f"the wait is given up before it escalates: {dates}"

    return _Found(GIVEN_UP_FIRST, give_up, ask, (Related("escalates", escalate.place(escalate.anchor_key)),))


def _ask_reminder(days: int, give_up: DateRule) -> _Found:
    def ask(sample: Sample, start: date | None) -> str | None:
        over = sample.day(give_up)
        if start is None or over is None or over <= start or start + timedelta(days=days) < over:
            return None
        dates = f"for {sample.period.code} it begins on {start} at the earliest and is given up on {over}"
        return f"the wait is given up before its first reminder: {dates}"

    return _Found(GIVEN_UP_FIRST, give_up, ask)
