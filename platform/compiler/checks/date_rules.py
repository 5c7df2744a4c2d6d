"""Date rules: each counts one unit from one anchor that is known there."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.dates import DateRule
from ..language.workflow import Workflow
from ..shape_codes import LATER
from ..suggest import did_you_mean, listed
from ..walks import Dated, dated
from .references import DEADLINE

PERIOD = ("period.start", "period.end")
COUNTS = ("months", "weeks", "days", "workdays")
NOT_YET = ("facts.", "phases.", "period.year_end")


def _created(rule: str) -> Example:
    return Example(f"created: {{ {rule} }}\n")


def _target(rule: str) -> Example:
    return Example(
        f"phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    due: {{ {rule} }}\n"
    )


ONE_ANCHOR = Code(
    "K501",
    "date without one anchor",
    "A date counts from one anchor: exactly one of `after`, `before` and `month_of`.",
    wrong=_created("days: 1"),
    right=_created("before: period.start, days: 1"),
)
ANCHOR = Code(
    "K502",
    "unknown anchor",
    "Dates count from period.start, period.end, filing.start or deadlines.<id>. The day of creation "
    "counts from the period alone, and a deadline from no deadline that stands below it.",
    wrong=_created("before: period.begin, days: 1"),
    right=_created("before: period.start, days: 1"),
)
UNITS = Code(
    "K503",
    "date that counts two ways",
    "A date counts one unit: months (then, if need be, the day of the month), weeks, days or workdays. "
    "`month_of` names the month, and takes the day.",
    wrong=_target("after: period.end, weeks: 1, workdays: 2"),
    right=_target("after: period.end, workdays: 7"),
)
BEFORE_START = Code(
    "K504",
    "before the filing starts",
    "Nothing of a filing happens before it starts.",
    wrong=_target("before: filing.start, days: 2"),
    right=_target("after: filing.start, days: 2"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report date rules that cannot be counted."""
    for _, template in definitions.templates():
        told = False
        for found in dated(template):
            if _counts_from_nothing(found, template):
                if not told and not any(phase.deliver for phase in template.phases):
                    yield _no_deadlines(found)
                told = True  # the block is away: one mistake, which a delivery tells of if there is one
            elif found.rule.intact("after", "before", "month_of"):
                yield from _anchored(found, template)
            if found.rule.intact(*COUNTS, "day"):
                yield from _counted(found.rule)


def _counts_from_nothing(found: Dated, template: Workflow) -> bool:
    """Say whether a date counts from a deadline of a template that has none."""
    rule, away = found.rule, not template.deadlines and template.intact("deadlines")
    anchor = rule.after or rule.before or rule.month_of or ""
    return away and anchor.startswith("deadlines.") and rule.intact("after", "before", "month_of")


def _no_deadlines(found: Dated) -> Diagnostic:
    rule = found.rule
    key = next(key for key in ("after", "before", "month_of") if getattr(rule, key))
    name = str(getattr(rule, key)).removeprefix("deadlines.")
    message = f"unknown deadline '{name}': this template has no 'deadlines'"
    return DEADLINE.at(rule.place(key), message)


def _anchored(found: Dated, template: Workflow) -> Iterator[Diagnostic]:
    rule = found.rule
    written = [key for key in ("after", "before", "month_of") if getattr(rule, key) is not None]
    if not written:
        if rule.sound:
            yield ONE_ANCHOR.at(rule.place(), "this date has no anchor", help="add after, before or month_of")
        return
    if len(written) > 1:
        message = f"this date has {len(written)} anchors: {listed(written, 'and')}"
        yield ONE_ANCHOR.at(rule.key_place(written[1]), message)
        return
    yield from _known(found, template, written[0])


def _known(found: Dated, template: Workflow, key: str) -> Iterator[Diagnostic]:
    anchor, place = getattr(found.rule, key), found.rule.place(key)
    allowed = _allowed(found, template)
    if anchor.startswith(NOT_YET):
        yield LATER.at(place, f"the anchor '{anchor}' is not in this version yet")
    elif anchor in allowed:
        if anchor == "filing.start" and key == "before":
            yield BEFORE_START.at(place, "this day lies before the filing starts")
    elif anchor.startswith("deadlines.") and found.sort not in ("created", "earliest", "due"):
        name = anchor.removeprefix("deadlines.")
        if template.intact("deadlines") and all(deadline.id for deadline in template.deadlines):
            known = [name.removeprefix("deadlines.") for name in allowed if name.startswith("deadlines.")]
            yield DEADLINE.at(place, f"unknown deadline '{name}'", help=did_you_mean(name, known))
    elif anchor == "filing.start" or anchor.startswith("deadlines."):
        yield ANCHOR.at(place, f"'{anchor}' is not known yet where this day is worked out")
    else:
        yield ANCHOR.at(place, f"unknown anchor '{anchor}'", help=did_you_mean(anchor, allowed))


def _allowed(found: Dated, template: Workflow) -> list[str]:
    """Return the anchors that are known where a date is worked out."""
    deadlines = [f"deadlines.{deadline.id}" for deadline in template.deadlines]
    if found.sort == "created":
        return list(PERIOD)
    if found.sort in ("earliest", "due"):
        owner = next(
            number
            for number, deadline in enumerate(template.deadlines)
            if found.rule is deadline.earliest or any(found.rule is choice for choice in deadline.due)
        )
        return [*PERIOD, "filing.start", *deadlines[:owner]]
    return [*PERIOD, "filing.start", *deadlines]


def _counted(rule: DateRule) -> Iterator[Diagnostic]:
    written = [key for key in COUNTS if getattr(rule, key) is not None]
    if rule.month_of is not None:
        if rule.day is None:
            yield UNITS.at(rule.place("month_of"), "month_of needs the day of that month", help="add day")
        elif written:
            yield UNITS.at(rule.key_place(written[0]), f"month_of takes a day, not {listed(written)}")
    elif len(written) > 1:
        message = f"this date counts {listed(written, 'and')}; one unit counts"
        yield UNITS.at(rule.key_place(written[1]), message)
    elif rule.day is not None and written and written != ["months"]:
        yield UNITS.at(
            rule.key_place("day"), f"'day' is the day of a month, and this date counts {written[0]}"
        )
    elif not written and rule.day is None and (rule.after or rule.before) and rule.sound:
        yield UNITS.at(
            rule.place("after" if rule.after else "before"), "this date counts nothing", help="add days"
        )
