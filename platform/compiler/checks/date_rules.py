"""Date rules: each counts one unit from one anchor that is available there."""

from collections.abc import Iterator
from functools import cached_property

from ...suggest import ask_if_meant, did_you_mean, join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example
from ..language.dates import DateRule, Deadline
from ..language.workflow import Fact, Workflow
from ..walks import Dated, dated_rules, ids, may_mean_invalid
from .references import DEADLINE, FACT, PHASE, lacked_fact, lacked_part

PERIOD = ("period.start", "period.end", "period.year_end")
ANCHORS = ("after", "before", "month_of")
GROUPS = ("period", "filing", "deadlines", "facts", "phases")
MANY = 100
"""Deadlines of which one that comes later can be meant too: to leave those out takes a look at all."""
COUNTS = ("months", "weeks", "days", "workdays")
COMPUTED_LATER = ("deadlines.", "facts.", "phases.")


def _with_created_example(rule: str) -> Example:
    return Example(f"created: {{ {rule} }}\n")


def _with_due_example(rule: str) -> Example:
    return Example(
        f"phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    due: {{ {rule} }}\n"
    )


ONE_ANCHOR = Code(
    "K501",
    "date needs exactly one anchor",
    "A date counts from one anchor: exactly one of `after`, `before` and `month_of`.",
    wrong=_with_created_example("days: 1"),
    right=_with_created_example("before: period.start, days: 1"),
    remedy="keep one of them",
)
ANCHOR = Code(
    "K502",
    "unknown anchor",
    "Dates count from period.start, period.end, period.year_end, filing.start, deadlines.<id>, facts.<id> or "
    "phases.<id>. The day of creation can only count from the period, and a deadline only from deadlines "
    "above it.",
    wrong=_with_created_example("before: period.begin, days: 1"),
    right=_with_created_example("before: period.start, days: 1"),
    remedy="count from something that is known there: the period, or for a deadline one above it",
)
UNITS = Code(
    "K503",
    "date needs exactly one unit",
    "A date counts one unit: months (optionally with the day of the month), weeks, days or workdays. "
    "`month_of` names the month and takes only the day.",
    wrong=_with_due_example("after: period.end, weeks: 1, workdays: 2"),
    right=_with_due_example("after: period.end, workdays: 7"),
    remedy="keep one of them",
)
BEFORE_START = Code(
    "K504",
    "date before the filing starts",
    "Nothing in a filing happens before it starts.",
    wrong=_with_due_example("before: filing.start, days: 2"),
    right=_with_due_example("after: filing.start, days: 2"),
    remedy="count after filing.start, or back from another anchor",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report date rules that cannot be computed."""
    for _, template in definitions.templates():
        reported, names = False, _Names(template)
        for dated in dated_rules(template):
            if _lacks_deadlines(dated, template):
                if not reported and not any(phase.deliver for phase in template.phases):
                    yield _diagnose_missing_deadlines(dated)
                reported = True  # the block is missing: one error, which a delivery reports if there is one
            elif dated.rule.intact(*ANCHORS):
                yield from _check_anchor_count(dated, names)
            if dated.rule.intact(*COUNTS, "day"):
                yield from _check_units(dated.rule)


def _lacks_deadlines(dated: Dated, template: Workflow) -> bool:
    """Say whether a date counts from a deadline of a template without deadlines."""
    rule, missing = dated.rule, not template.deadlines and template.intact("deadlines")
    anchor = rule.after or rule.before or rule.month_of or ""
    return missing and anchor.startswith("deadlines.") and rule.intact(*ANCHORS)


def _diagnose_missing_deadlines(dated: Dated) -> Diagnostic:
    rule = dated.rule
    key = next(key for key in ANCHORS if getattr(rule, key))
    name = str(getattr(rule, key)).removeprefix("deadlines.")
    message = f"unknown deadline '{name}': this template has no 'deadlines'"
    return DEADLINE.at(rule.place(key), message)


def _check_anchor_count(dated: Dated, names: "_Names") -> Iterator[Diagnostic]:
    rule = dated.rule
    keys = [key for key in ANCHORS if getattr(rule, key) is not None]
    if not keys:
        if rule.sound:
            yield ONE_ANCHOR.at(rule.place(), "this date has no anchor", help="add after, before or month_of")
        return
    if len(keys) > 1:
        message = f"expected one anchor, found {join_names(keys, 'and')}"
        yield ONE_ANCHOR.at(rule.key_place(keys[1]), message)
        return
    yield from _check_anchor(dated, names, keys[0])


def _check_anchor(dated: Dated, names: "_Names", key: str) -> Iterator[Diagnostic]:
    anchor, place, template = getattr(dated.rule, key), dated.rule.place(key), names.template
    group, _, name = anchor.partition(".")
    known = anchor in template.anchors and dated.sort != "created"
    if known and not dated.phase and group == "deadlines":
        known = template.counts_from_an_earlier(name, dated.rule)
    if anchor in PERIOD or known or (anchor == "filing.start" and dated.sort != "created"):
        if anchor == "filing.start" and key == "before":
            yield BEFORE_START.at(place, "this date is before the filing starts")
    elif group == "facts" and dated.sort != "created":
        yield from _diagnose_fact(dated, names, name, key)
    elif group in ("phases", "deadlines") and dated.sort != "created" and _is_hidden(template, group, name):
        return  # what has an error may be what is named
    elif group == "phases" and dated.sort != "created":
        help = did_you_mean(name, names.phases)
        lacks = lacked_part(place.path, "phases", name)
        yield PHASE.at(place, f"unknown phase '{name}'", help=help, lacks=lacks)
    elif group == "deadlines" and dated.sort not in ("created", "earliest", "due", "latest"):
        help = did_you_mean(name, names.deadlines)
        lacks = lacked_part(place.path, "deadlines", name)
        yield DEADLINE.at(place, f"unknown deadline '{name}'", help=help, lacks=lacks)
    elif anchor == "filing.start" or anchor.startswith(COMPUTED_LATER):
        yield ANCHOR.at(place, f"anchor '{anchor}' is not available here: it is computed later")
    else:
        anchors = names.list_anchors(dated)
        meant = next((one for one in (f"{group}.{anchor}" for group in GROUPS) if one in anchors), None)
        help = ask_if_meant(anchor, meant) if meant else did_you_mean(anchor, anchors)
        yield ANCHOR.at(place, f"unknown anchor '{anchor}'", help=help)


def _is_hidden(template: Workflow, group: str, name: str) -> bool:
    return ids(template, group) is None or may_mean_invalid(template, group, name)


def _diagnose_fact(dated: Dated, names: "_Names", name: str, key: str) -> Iterator[Diagnostic]:
    place, fact = dated.rule.place(key), names.facts.get(name)
    help = did_you_mean(name, names.dates) if names.dates else None
    if fact is not None and fact.intact("type"):
        yield FACT.at(place, f"fact '{name}' is not a date: its type is {fact.type}", help=help)
    elif fact is None and not _is_hidden(names.template, "facts", name):
        lacks = lacked_fact(place.path, names.facts, name)
        yield FACT.at(place, f"unknown fact '{name}'", help=help, lacks=lacks)


class _Names:
    """What dates of a template can name; worked out once, whoever gets a name wrong."""

    def __init__(self, template: Workflow) -> None:
        self.template = template

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return {fact.id: fact for fact in self.template.facts}

    @cached_property
    def dates(self) -> frozenset[str]:
        return frozenset(fact.id for fact in self.template.facts if fact.type == "date" and fact.intact("id"))

    @cached_property
    def phases(self) -> frozenset[str]:
        return frozenset(phase.id for phase in self.template.phases if phase.intact("id"))

    @cached_property
    def deadlines(self) -> frozenset[str]:
        return frozenset(deadline.id for deadline in self.template.deadlines if deadline.intact("id"))

    @cached_property
    def _anchors(self) -> frozenset[str]:
        return self.template.anchors.union(PERIOD, ("filing.start",))

    def list_anchors(self, dated: Dated) -> frozenset[str]:
        """Return the anchors that are available where a date is computed."""
        if dated.sort == "created":
            return frozenset(PERIOD)
        if dated.phase or len(self.template.deadlines) > MANY:
            return self._anchors
        later = (one for one in self.template.deadlines if not self._is_before(one, dated.rule))
        return self._anchors.difference(f"deadlines.{one.id}" for one in later)

    def _is_before(self, deadline: Deadline, rule: DateRule) -> bool:
        return self.template.counts_from_an_earlier(deadline.id, rule)


def _check_units(rule: DateRule) -> Iterator[Diagnostic]:
    units = [key for key in COUNTS if getattr(rule, key) is not None]
    if rule.month_of is not None:
        if rule.day is None:
            yield UNITS.at(rule.place("month_of"), "'month_of' needs the day of the month", help="add day")
        elif units:
            yield UNITS.at(rule.key_place(units[0]), f"'month_of' takes only 'day', found '{units[0]}'")
    elif len(units) > 1:
        message = f"expected one unit, found {join_names(units, 'and')}"
        yield UNITS.at(rule.key_place(units[1]), message)
    elif rule.day is not None and units and units != ["months"]:
        message = f"'day' is a day of the month and cannot be combined with '{units[0]}'"
        yield UNITS.at(rule.key_place("day"), message)
    elif not units and rule.day is None and (rule.after or rule.before) and rule.sound:
        place = rule.place("after" if rule.after else "before")
        yield UNITS.at(place, "this date has no unit", help="add months, weeks, days or workdays")
