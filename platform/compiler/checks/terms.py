"""Terms: what counts from the day of a fact comes within the term that begins on it."""

from datetime import date

from ..diagnostics import Code
from ..examples import Example
from ..sampling import Sample


def _example(workdays: int) -> Example:
    return Example(
        "facts:\n  - id: dagtekening\n    title: Dagtekening\n    type: date\n    set_in: aanslag\n"
        "deadlines:\n  - id: bezwaar\n    title: Bezwaar maken\n"
        "    due: [{ after: facts.dagtekening, weeks: 6 }]\n"
        "phases:\n  - id: aanslag\n    title: Aanslag controleren\n    role: accountant\n"
        f"    due: {{ before: deadlines.bezwaar, workdays: {workdays} }}\n"
    )


OUTSIDE_TERM = Code(
    "K510",
    "date outside its term",
    "A deadline counts from a fact, such as the day of an assessment, and this date counts back from the "
    "deadline to a day before that fact: it has passed before the term begins. Or a reminder comes no sooner "
    "than the whole term is over. It is so whatever the day of the fact is. A fact that something waits for "
    "or counts back from lies ahead when it is recorded, and is left out. Of another that lies ahead, as "
    "an agreed day of delivery may, it is as it should be.",
    wrong=_example(45),
    right=_example(20),
    level="warning",
    remedy="take a date within the term; silence this where the day lies ahead when it is recorded",
)


def pick_code(code: Code, sample: Sample) -> Code:
    """Return the code for what comes before its phase: of a term, only that it is outside of it is known."""
    return OUTSIDE_TERM if sample.case.is_term else code


def say_begin(what: str, day: date | None, sample: Sample) -> str:
    """Return since when something runs, in words: what a phase has waited for, or the term of a fact."""
    return (
        f"the term begins on {day} (unless that lies ahead)"
        if sample.case.is_term
        else f"{what} on {day} at the earliest"
    )
