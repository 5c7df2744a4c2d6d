"""Reviews: the parts that the office gives a class exist."""

from collections.abc import Iterator

from ...plan_parts import list_parts, name_part
from ...suggest import did_you_mean
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example


def _class_example(part: str) -> Example:
    return Example(f"classes:\n  - part: {part}\n    class: legal\n", "review/office.yaml")


UNKNOWN_PART = Code(
    "K218",
    "unknown part of a plan",
    "A class is given to a part that no plan has, so it would never hold. docs/reviewing.md lists the parts.",
    wrong=_class_example("phase.dew"),
    right=_class_example("phase.due"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report classes of parts that do not exist."""
    known = [name_part(owner, field) for owner, field in list_parts()]
    for file in definitions.review.values():
        for given in file.model.classes if file.model else ():
            if given.intact("part") and given.part not in known:
                help = did_you_mean(given.part, known)
                yield UNKNOWN_PART.at(given.place("part"), f"unknown part '{given.part}'", help=help)
