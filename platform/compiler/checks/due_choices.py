"""Alternatives of a deadline: each can be taken, and one always is."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.dates import Deadline


def _deadline(first: str, last: str) -> Example:
    return Example(
        "deadlines:\n  - id: aangifte\n    title: Indienen en betalen\n    due:\n"
        f"      - {{ {first}after: period.end, months: 2, day: last }}\n"
        f"      - {{ {last}after: period.end, months: 1, day: last }}\n"
    )


ALTERNATIVES = Code(
    "K505",
    "alternatives of a deadline",
    "The first alternative whose `if` holds counts. One without `if` always holds, so what stands after "
    "it is never taken; and the last has no `if`, or there might be no day at all.",
    wrong=_deadline("", ""),
    right=_deadline("if: product.foreign, ", ""),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report alternatives that are never taken, and deadlines that may have none."""
    for _, template in definitions.templates():
        for deadline in template.deadlines:
            yield from _alternatives(deadline)


def _alternatives(deadline: Deadline) -> Iterator[Diagnostic]:
    if not deadline.due or not deadline.intact("due"):
        return
    always = [choice for choice in deadline.due if choice.condition is None and choice.sound]
    if always and always[0] is not deadline.due[-1]:
        following = deadline.due[[choice is always[0] for choice in deadline.due].index(True) + 1]
        related = [Related("always holds", always[0].place())]
        message = "this alternative is never taken: the one before it always holds"
        yield ALTERNATIVES.at(following.place(), message, related=related)
    last = deadline.due[-1]
    if last.condition is not None:
        message = "the last alternative has an 'if': when none holds there is no day"
        yield ALTERNATIVES.at(last.place("if"), message)
