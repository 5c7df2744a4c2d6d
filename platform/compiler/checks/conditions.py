"""Conditions: each `if` is valid and can be true."""

from collections.abc import Iterator

from ...suggest import join_names
from ..conditions import Finding, parse_condition
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..logic import PERIOD_KINDS, Logic
from ..places import inside
from ..source_text import Source
from ..unasked import explain_unasked
from ..variables import variables
from ..walks import Conditional, conditionals
from .references import lacked_fact


def _phase_example(condition: str) -> Example:
    return Example(
        "period: month\n"
        "phases:\n  - id: nazorg\n    title: Nazorg\n    role: accountant\n"
        f"    if: {condition}\n"
    )


def _checkpoint_example(condition: str) -> Example:
    return Example(
        "period: month\n"
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    checkpoints:\n"
        f"      - id: kilometers\n        title: De kilometers zijn er\n        if: {condition}\n"
    )


NEVER = Code(
    "K316",
    "condition is always false",
    "No combination of the values that the variables can have makes this condition true, so its phase, "
    "checkpoint, automation or alternative is unreachable.",
    wrong=_phase_example("period.kind == 'year' and period.last_of_year"),
    right=_phase_example("period.last_of_year"),
    remedy="change the condition, or remove what it is of",
)
NOT_HERE = Code(
    "K317",
    "condition for a period that never occurs",
    "The condition is true only in a kind of period that neither this template nor its products have, such "
    "as a year in a template for months. It is harmless, but misleading.",
    wrong=_checkpoint_example("period.kind == 'year'"),
    right=_checkpoint_example("period.last_of_year"),
    level="warning",
    remedy="remove it, or name a kind of period that occurs here",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report conditions that are invalid, and those that are always false."""
    for _, template in definitions.templates():
        known = variables(definitions, template)
        logic = Logic(definitions, template)
        source = definitions.source_of(template)
        for owner in conditionals(template):
            _, findings = parse_condition(owner.condition or "", known)
            for finding in findings:
                yield _locate(explain_unasked(finding, source.path, definitions), owner, source, template)
            if not findings and not logic.possible(owner):
                yield _diagnose_unreachable(owner, logic)


def _diagnose_unreachable(owner: Conditional, logic: Logic) -> Diagnostic:
    if isinstance(owner, Phase):
        return NEVER.at(owner.place("if"), "unreachable phase: this condition is always false")
    if any(logic.possible(owner, kind=kind) for kind in PERIOD_KINDS):
        kinds = join_names(logic.kinds)
        message = f"this condition is always false: in this template period.kind is {kinds}"
        return NOT_HERE.at(owner.place("if"), message)
    return NEVER.at(owner.place("if"), "this condition is always false")


def _locate(finding: Finding, owner: Conditional, source: Source, template: Workflow) -> Diagnostic:
    node = owner.node.child("if")
    assert node is not None
    place = inside(source, node, finding.line, finding.word)
    lacks = finding.missing
    if lacks and lacks.startswith("facts."):
        lacks = lacked_fact(source.path, template.facts, lacks.removeprefix("facts."))
    return finding.code.at(place, finding.message, help=finding.help, lacks=lacks)
