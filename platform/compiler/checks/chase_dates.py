"""Dates of chases: reminders and escalations come while they can still help, whatever is chased."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.dates import DateRule
from ..language.phases import WorkChase
from ..language.workflow import Workflow
from ..sampling import Case, Sample, find_case
from ..spans import Span
from ..walks import Chased, find_deadline, list_chased


def _chase_example(days: int) -> Example:
    return Example(
        "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n"
        "    back_to: opstellen\n"
        "    offer:\n      documents: [aangifte]\n      chase:\n"
        f"        remind: {{ every_days: {days}, at_most: 2 }}\n"
        "        escalate: { before: deadlines.aangifte, workdays: 4, role: accountant }\n"
    )


def _escalation_example(rule: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
        "    not_before: { after: period.end, days: 1 }\n"
        f"    chase:\n      escalate: {{ {rule}, role: accountant }}\n"
    )


TOO_LATE_TO_HELP = Code(
    "K404",
    "reminder or escalation too late",
    "Reminders stop at the escalation, and both are useful only before the deadline. Here no reminder can "
    "be sent before the escalation or the deadline, however early the wait begins, or the escalation itself "
    "is after the deadline.",
    wrong=_chase_example(28),
    right=_chase_example(4),
)
TOO_EARLY_TO_HELP = Code(
    "K405",
    "escalation before the phase begins",
    "The escalation is on a day on which the phase cannot have begun, or on which nothing was asked yet, so "
    "another role shares the work from its first moment on, and nobody is reminded.",
    wrong=_escalation_example("before: period.end, days: 10"),
    right=_escalation_example("before: deadlines.aangifte, workdays: 5"),
)


def check_chases(template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    """Report one thing at most of every chase; that of the template is one, however many phases it chases."""
    told = False
    for chased in list_chased(template):
        of_template = chased.chase is template.chase
        if not chased.chase.sound or (of_template and told):
            continue
        for check in (_check_late_escalation, _check_early_escalation, _check_reminders):
            found = list(check(chased, template, alike))
            yield from found
            if found:
                told = told or of_template
                break


def _check_late_escalation(chased: Chased, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    escalation, name = chased.escalation, find_deadline(template, chased.phase)
    if escalation is None or name is None or _counts_back(escalation, name):
        return

    def is_late(sample: Sample) -> bool:
        day, last = sample.find_escalation(chased), sample.anchors.get(f"deadlines.{name}")
        return day is not None and last is not None and day > last

    sample = find_case(is_late, alike)
    if sample:
        day, last = sample.find_escalation(chased), sample.anchors[f"deadlines.{name}"]
        of_whom, help = "", None
        related: list[Related] = []
        if isinstance(escalation, WorkChase):
            of_whom = f" of '{chased.phase.id}'"
            help = f"write fewer workdays, or give '{chased.phase.id}' a chase of its own"
            related = [Related("counts from this target", chased.phase.key_place("due"))]
        message = (
            f"the escalation{of_whom} is after the deadline: for {sample.period.code} it is {day} and the "
            f"deadline is {last}"
        )
        yield TOO_LATE_TO_HELP.at(_place(escalation), message, help=help, related=related)


def _check_early_escalation(chased: Chased, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    escalation = chased.escalation
    if escalation is None or isinstance(escalation, WorkChase):
        return  # a target before the phase begins is reported as such

    def is_early(sample: Sample) -> bool:
        begins, day = _find_begin(chased, template, sample), sample.find_escalation(chased)
        return begins is not None and day is not None and begins > day

    sample = find_case(is_early, alike)
    if sample:
        begins, day = _find_begin(chased, template, sample), sample.find_escalation(chased)
        what, since = ("this is asked", "it is asked") if chased.asked else ("the phase begins",) * 2
        message = (
            f"the escalation is before {what}: for {sample.period.code} it is {day} and {since} on {begins} "
            "at the earliest"
        )
        yield TOO_EARLY_TO_HELP.at(_place(escalation), message)


def _check_reminders(chased: Chased, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    reminders, name = chased.reminders, find_deadline(template, chased.phase)
    if reminders is None or not reminders.intact("every_days"):
        return
    stop, find_stop = _find_stop(chased, name)

    def is_late(sample: Sample) -> bool:
        begins, last = _find_begin(chased, template, sample), find_stop(sample)
        return begins is not None and last is not None and begins + timedelta(reminders.every_days) >= last

    sample = find_case(is_late, alike)
    if sample:
        begins, last = _find_begin(chased, template, sample), find_stop(sample)
        since = "it is asked" if chased.asked else "the phase begins"
        message = (
            f"no reminder can be sent before the {stop}: for {sample.period.code} {since} on {begins} at the "
            f"earliest and the {stop} is on {last}"
        )
        yield TOO_LATE_TO_HELP.at(reminders.place("every_days"), message)


def _find_stop(chased: Chased, deadline: str | None) -> tuple[str, Callable[[Sample], date | None]]:
    """Return what ends the use of reminders, and on which day: the escalation, or else the deadline."""
    if chased.escalation:
        return "escalation", lambda sample: sample.find_escalation(chased)
    return "deadline", lambda sample: sample.anchors.get(f"deadlines.{deadline}")


def _find_begin(chased: Chased, template: Workflow, sample: Sample) -> date | None:
    """Return the first day on which somebody can be waited for: nothing is asked before its own date."""
    begins = sample.find_start(chased.phase, template)
    at = chased.asked.at if chased.asked else None
    asked = sample.day(at) if isinstance(at, DateRule) else None
    return max((day for day in (begins, asked) if day), default=None)


def _counts_back(escalation: DateRule | WorkChase, deadline: str) -> bool:
    """Say whether it counts back from the deadline: such a day is never after it."""
    if isinstance(escalation, WorkChase):
        return False
    return escalation.before == f"deadlines.{deadline}" and escalation.day is None and escalation.sound


def _place(escalation: DateRule | WorkChase) -> Span:
    key = "workdays" if isinstance(escalation, WorkChase) else escalation.anchor_key
    return escalation.place(key)
