"""Reach: every phase can be come to, and what it has can apply there, as far as conditions tell together."""

from collections.abc import Iterator

from ...reasoning import judge
from ..conditions import parse_condition
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..expressions import list_names, negate
from ..language.phases import Automation, Checkpoint, Outcome, Phase
from ..language.workflow import Workflow
from ..logic import PERIOD_KINDS, Logic
from ..variables import Known, variables
from ..walks import conditionals, jumps, passed_over
from ..ways import Ways, find_ways

_AFTER = (
    "phases:\n  - id: keuze\n    title: Keuze\n    role: accountant\n    outcomes:\n"
    "      - { id: gewoon, title: Gewoon }\n"
    "      - { id: buitenland, title: Buitenland, if: product.foreign, then: archief }\n"
    "  - id: nazorg\n    title: Nazorg\n    role: administratie\n"
    "  - id: archief\n    title: Archief\n    role: administratie\n"
)
_NOT_ONWARD = _AFTER.replace("title: Gewoon }", "title: Gewoon, if: not product.foreign }")


def _part_example(condition: str) -> Example:
    return Example(
        "phases:\n  - id: nazorg\n    title: Nazorg\n    role: accountant\n    if: product.foreign\n"
        "    checkpoints:\n      - id: adres\n        title: Het adres klopt\n        required: true\n"
        f"        if: {condition}\n"
    )


NOT_COME_TO = Code(
    "K380",
    "phase that no filing comes to",
    "Whenever the condition of the phase holds, an earlier outcome leads past it, or another condition keeps "
    "the filing from coming here: all conditions on each way to the phase cannot hold together.",
    wrong=Example(
        _NOT_ONWARD.replace(
            "role: administratie\n  - id: archief",
            "role: administratie\n    if: product.foreign\n  - id: archief",
        )
    ),
    right=Example(_NOT_ONWARD),
    level="warning",
    remedy="change one of these conditions, or remove the phase",
)
NEVER_HERE = Code(
    "K382",
    "condition that never holds in its phase",
    "The checkpoint, automation or outcome has a condition that cannot hold together with that of its phase, "
    "or of the ways that lead to it: it is never required, never done, or never chosen.",
    wrong=_part_example("not product.foreign"),
    right=_part_example("product.kor"),
    level="warning",
    remedy="change the condition, or remove what it is of",
)
ALWAYS = Code(
    "K384",
    "condition is always true",
    "The condition is true whatever the values of its variables are, so it decides nothing. Leave it out, or "
    "write what was meant.",
    wrong=_part_example("product.kor or not product.kor"),
    right=_part_example("product.kor"),
    level="warning",
    remedy="remove the 'if', or change it",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report phases that no filing comes to, parts that never apply, and conditions that always hold."""
    for _, template in definitions.templates():
        if not template.intact("phases") or not any(True for _ in conditionals(template)):
            continue
        logic, known = Logic(definitions, template), variables(definitions, template)
        yield from _check_always(template, logic, known)
        ways = find_ways(definitions, template)
        for phase in template.phases:
            yield from _check_phase(phase, ways)


def _check_phase(phase: Phase, ways: Ways) -> Iterator[Diagnostic]:
    logic = ways.logic
    if phase.condition is not None and not logic.possible(phase):
        return  # a condition that is always false is reported by itself
    parts: list[Checkpoint | Automation | Outcome]
    parts = [*phase.checkpoints, *phase.automations, *phase.outcomes]
    asked = [part for part in parts if part.condition is not None and logic.possible(part)]
    if (phase.condition is None and not asked) or not ways.is_led_to(phase):
        return  # nothing to find out; what every outcome passes over is reported as unreachable
    if ways.is_never(phase):
        over = [jump for jump in jumps(ways.template) if phase in passed_over(ways.template, jump)]
        related = [Related("passes over it", jump.owner.place("then")) for jump in over]
        message = f"no filing comes to '{phase.id}': the conditions on each way to it exclude each other"
        yield NOT_COME_TO.at(phase.place("id"), message, related=related)
        return
    for part in asked:
        condition = logic.condition(part)
        assert condition is not None
        if part.intact("if") and ways.is_never(phase, also=(condition,)):
            holds = phase.condition is not None
            related = [Related("condition of the phase", phase.place("if"))] if holds else []
            message = f"this condition never holds in '{phase.id}'"
            yield NEVER_HERE.at(part.place("if"), message, related=related)


def _check_always(template: Workflow, logic: Logic, known: Known) -> Iterator[Diagnostic]:
    values = {**logic.values, "period.kind": PERIOD_KINDS, "product.frequency": PERIOD_KINDS}
    alternatives = {id(choice) for deadline in template.deadlines for choice in deadline.due}
    for owner in conditionals(template):
        expression, findings = parse_condition(owner.condition or "", known)
        if expression is None or findings or id(owner) in alternatives:
            continue  # that of an alternative of a deadline has a check of its own
        if "id" in list_names(expression, "product"):
            continue  # the products of this template: another one may be added
        if judge([negate(expression)], values) is False:
            yield ALWAYS.at(owner.place("if"), "this condition is always true")
