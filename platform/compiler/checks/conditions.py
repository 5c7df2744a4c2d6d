"""Conditions: each `if` can be understood, and can hold."""

from collections.abc import Iterator

from ..conditions import Finding, parse_condition
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.phases import Phase
from ..logic import PERIOD_KINDS, Logic
from ..places import inside
from ..source import Source
from ..suggest import listed
from ..variables import variables
from ..walks import Conditional, conditionals


def _phase(condition: str) -> Example:
    return Example(
        "period: month\n"
        "phases:\n  - id: nazorg\n    title: Nazorg\n    role: accountant\n"
        f"    if: {condition}\n"
    )


def _checkpoint(condition: str) -> Example:
    return Example(
        "period: month\n"
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    checkpoints:\n"
        f"      - id: kilometers\n        title: De kilometers zijn er\n        if: {condition}\n"
    )


NEVER = Code(
    "K316",
    "never applies",
    "By the values that the variables can have, this condition never holds: the phase is never reached, "
    "the checkpoint never asked, the automation never run, the alternative never taken.",
    wrong=_phase("period.kind == 'year' and period.last_of_year"),
    right=_phase("period.last_of_year"),
)
NOT_HERE = Code(
    "K317",
    "for a period that does not come",
    "The condition holds in a period that neither this template nor its products have, as those of a year "
    "in a template for months. It does no harm, and says more than is so.",
    wrong=_checkpoint("period.kind == 'year'"),
    right=_checkpoint("period.last_of_year"),
    level="warning",
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report conditions with mistakes, and those that never hold."""
    for _, template in definitions.templates():
        known = variables(definitions, template)
        logic = Logic(definitions, template)
        source = definitions.source_of(template.node)
        for owner in conditionals(template):
            _, findings = parse_condition(owner.condition or "", known)
            yield from (_placed(finding, owner, source) for finding in findings)
            if not findings and not logic.possible(owner):
                yield _never(owner, logic)


def _never(owner: Conditional, logic: Logic) -> Diagnostic:
    if isinstance(owner, Phase):
        return NEVER.at(owner.place("if"), "this phase is never reached: the condition cannot hold")
    if any(logic.possible(owner, kind=kind) for kind in PERIOD_KINDS):
        message = f"this never applies: the periods here are {listed(logic.kinds, 'and')}"
        return NOT_HERE.at(owner.place("if"), message)
    return NEVER.at(owner.place("if"), "this never applies: the condition cannot hold")


def _placed(finding: Finding, owner: Conditional, source: Source) -> Diagnostic:
    node = owner.node.child("if")
    assert node is not None
    place = inside(source, node, finding.line, finding.word)
    return finding.code.at(place, finding.message, help=finding.help)
