"""Former phases: what a phase was, of `was`, can be told for every filing that is moved."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example


def _example(second: str) -> Example:
    return Example(
        "phases:\n  - id: verzamelen\n    title: Verzamelen\n    was: [opstellen]\n    role: administratie\n"
        f"  - id: opstellen\n    title: Opstellen\n    was: [{second}]\n    role: administratie\n"
    )


IN_A_RING = Code(
    "K359",
    "phases that were each other",
    "`was` names phases of earlier versions of the file. Where a phase was itself, or two phases were each "
    "other, nobody can tell which id a filing means: the same id is in both versions.",
    wrong=_example("verzamelen"),
    right=_example("boekhouden"),
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report phases that, by their `was`, were themselves, over others or not."""
    for _, template in definitions.templates():
        former = {phase.id: list(phase.was) for phase in template.phases}
        for phase in template.phases:
            for index, name in enumerate(phase.was):
                if _leads(former, name, phase.id):
                    former[phase.id].remove(name)  # each ring is told once
                    yield IN_A_RING.at(
                        phase.place("was", index),
                        _say(phase.id, name),
                        help="name only ids that earlier versions of the file had; give a phase that is "
                        "something else now an id that was never used",
                    )


def _leads(former: dict[str, list[str]], start: str, end: str) -> bool:
    """Say whether a phase, or what it was, and so on, is `end`."""
    seen: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            pending += former.get(name, ())
    return False


def _say(phase: str, name: str) -> str:
    if name == phase:
        return f"expected a phase of an earlier version, found '{phase}' itself"
    return f"expected a phase of an earlier version, found '{name}', which in its turn was '{phase}'"
