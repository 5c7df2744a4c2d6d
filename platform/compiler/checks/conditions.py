"""Conditions: each `if` can be understood, and can hold."""

from collections.abc import Iterator

from ..conditions import Finding, parse_condition
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.phases import Phase
from ..logic import Logic
from ..places import inside
from ..source import Source
from ..variables import variables
from ..walks import Conditional, conditionals


def _phase(condition: str) -> Example:
    return Example(
        "period: month\n"
        "phases:\n  - id: nazorg\n    title: Nazorg\n    role: accountant\n"
        f"    if: {condition}\n"
    )


NEVER = Code(
    "K316",
    "never applies",
    "By the values that the variables can have, this condition never holds: the phase is never reached, "
    "the checkpoint never asked, the automation never run, the alternative never taken.",
    wrong=_phase("period.kind == 'year' and period.last_of_year"),
    right=_phase("period.last_of_year"),
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
                what = "this phase is never reached" if isinstance(owner, Phase) else "this never applies"
                yield NEVER.at(owner.place("if"), f"{what}: the condition cannot hold")


def _placed(finding: Finding, owner: Conditional, source: Source) -> Diagnostic:
    node = owner.node.child("if")
    assert node is not None
    place = inside(source, node, finding.line, finding.word)
    return finding.code.at(place, finding.message, help=finding.help)
