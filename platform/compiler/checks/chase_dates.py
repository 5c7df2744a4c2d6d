"""Dates of chases: reminders and escalations come while they can still help, whatever is chased."""

from collections.abc import Callable, Collection, Iterator, Sequence
from operator import ge, gt

from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.dates import DateRule
from ..language.phases import WorkChase
from ..language.workflow import Workflow
from ..sampling import Case, Days, compare, count, find_case, find_turned, is_never_before, latest
from ..spans import Span
from ..walks import Chased, list_chased
from .terms import pick_code, say_begin


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


def _target_example(workdays: int) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
        "    due: { before: deadlines.aangifte, workdays: 9 }\n    chase:\n"
        f"      escalate: {{ before: deadlines.aangifte, workdays: {workdays}, role: accountant }}\n"
    )


TOO_LATE_TO_HELP = Code(
    "K404",
    "reminder or escalation too late",
    "Reminders stop at the escalation, and both are useful only before the deadline. Here no reminder can "
    "be sent before the escalation or the deadline, however early the wait begins, or the escalation itself "
    "is after the deadline.",
    wrong=_chase_example(28),
    right=_chase_example(4),
    remedy="remind sooner, or escalate later but before the deadline",
)
TOO_EARLY_TO_HELP = Code(
    "K405",
    "escalation before the phase begins",
    "The escalation is on a day on which the phase cannot have begun, or on which nothing was asked yet, so "
    "another role shares the work from its first moment on, and nobody is reminded.",
    wrong=_escalation_example("before: period.end, days: 10"),
    right=_escalation_example("before: deadlines.aangifte, workdays: 5"),
    remedy="take a later day: fewer days before, or more after",
)
ESCALATES_EARLY = Code(
    "K407",
    "escalation before the target",
    "Work escalates before the day on which it should be done: another role shares it, and is told that "
    "it is late, while nobody is.",
    wrong=_target_example(12),
    right=_target_example(7),
    level="warning",
    remedy="escalate on the target or later: fewer workdays before, or more after",
)


def check_chases(template: Workflow, alike: list[Case], late: Collection[int]) -> Iterator[Diagnostic]:
    """Report one thing at most of every chase; that of the template is one, however many phases it chases.

    `late` are the dates after the deadline, by identity: of a target that is late no more is told.
    """
    told = False
    for chased in list_chased(template):
        of_template = chased.chase is template.chase
        if not chased.chase.sound or (of_template and told):
            continue
        checks = _CHECKS if id(chased.phase.due) in late else (*_CHECKS, _check_target)
        for check in checks:
            found = list(check(chased, template, alike))
            yield from found
            if found:
                told = told or of_template
                break


def _check_late_escalation(chased: Chased, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    escalation, name = chased.escalation, template.next_deadline(chased.phase)
    if escalation is None or name is None or _counts_back(escalation, name):
        return

    def is_late(case: Case) -> Sequence[bool]:
        return compare(gt, case.escalations(chased), case.anchors.get(f"deadlines.{name}"))

    sample = find_case(is_late, alike)
    if sample:
        day = sample.pick(sample.case.escalations(chased))
        last = sample.pick(sample.case.anchors[f"deadlines.{name}"])
        of_whom, help = "", None
        related: list[Related] = []
        if isinstance(escalation, WorkChase):
            of_whom = f" of '{chased.phase.id}'"
            help = f"write fewer workdays, or give '{chased.phase.id}' a chase of its own"
            related = [Related("counts from this target", chased.phase.key_place("due"))]
        message = (
            f"the escalation{of_whom} is after the deadline: {sample.when} it is {day} and the "
            f"deadline is {last}"
        )
        yield TOO_LATE_TO_HELP.at(_place(escalation), message, help=help, related=related)


def _check_early_escalation(chased: Chased, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    escalation = chased.escalation
    if escalation is None or isinstance(escalation, WorkChase):
        return  # a target before the phase begins is reported as such

    def is_early(case: Case) -> Sequence[bool]:
        return compare(gt, _find_begins(chased, template, case), case.escalations(chased))

    sample = find_case(is_early, alike)
    if sample:
        begun = sample.pick(_find_begins(chased, template, sample.case))
        day = sample.pick(sample.case.escalations(chased))
        what, since = ("this is asked", "it is asked") if chased.asked else ("the phase begins",) * 2
        what = "its term begins" if sample.case.is_term else what
        begins = say_begin(since, begun, sample)
        message = f"the escalation is before {what}: {sample.when} it is {day} and {begins}"
        yield pick_code(TOO_EARLY_TO_HELP, sample).at(_place(escalation), message)


def _check_reminders(chased: Chased, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    reminders, name = chased.reminders, template.next_deadline(chased.phase)
    if reminders is None or not reminders.intact("every_days"):
        return
    stop, find_stops = _find_stop(chased, name)

    def is_late(case: Case) -> Sequence[bool]:
        begins = _find_begins(chased, template, case)
        first = count(begins, days=reminders.every_days) if begins else None
        return compare(ge, first, find_stops(case))

    sample = find_case(is_late, alike)
    if sample:
        begun = sample.pick(_find_begins(chased, template, sample.case))
        last = sample.pick(find_stops(sample.case))
        begins = say_begin("it is asked" if chased.asked else "the phase begins", begun, sample)
        message = (
            f"no reminder can be sent before the {stop}: {sample.when} {begins} and the {stop} is on {last}"
        )
        yield pick_code(TOO_LATE_TO_HELP, sample).at(reminders.place("every_days"), message)


def _check_target(chased: Chased, template: Workflow, alike: list[Case]) -> Iterator[Diagnostic]:
    """Report work that escalates before its own target: a client's silence may be told before that."""
    phase, escalation = chased.phase, chased.escalation
    if chased.asked or phase.offer or phase.wait or phase.due is None or escalation is None:
        return
    if isinstance(escalation, WorkChase) or is_never_before(escalation, phase.due):
        return
    sample = find_turned(phase.due, escalation, alike, phase)
    if sample:
        day, target = sample.pick(sample.case.escalations(chased)), sample.day(phase.due)
        related = [Related("the target", phase.due.place(phase.due.anchor_key))]
        message = f"the escalation is before the target: {sample.when} it is {day} and the target is {target}"
        yield ESCALATES_EARLY.at(_place(escalation), message, related=related)


_CHECKS = (_check_late_escalation, _check_early_escalation, _check_reminders)


def _find_stop(chased: Chased, deadline: str | None) -> tuple[str, Callable[[Case], Days | None]]:
    """Return what ends the use of reminders, and on which days: the escalation, or else the deadline."""
    if chased.escalation:
        return "escalation", lambda case: case.escalations(chased)
    return "deadline", lambda case: case.anchors.get(f"deadlines.{deadline}")


def _find_begins(chased: Chased, template: Workflow, case: Case) -> Days | None:
    """Return the first days on which somebody can be waited for: nothing is asked before its own date."""
    at = chased.asked.at if chased.asked else None
    return latest(case.starts(chased.phase, template), case.days(at if isinstance(at, DateRule) else None))


def _counts_back(escalation: DateRule | WorkChase, deadline: str) -> bool:
    """Say whether it counts back from the deadline: such a day is never after it."""
    if isinstance(escalation, WorkChase):
        return False
    return escalation.before == f"deadlines.{deadline}" and escalation.day is None and escalation.sound


def _place(escalation: DateRule | WorkChase) -> Span:
    key = "workdays" if isinstance(escalation, WorkChase) else escalation.anchor_key
    return escalation.place(key)
