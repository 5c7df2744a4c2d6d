"""Former phases: what a phase was, of `was`, says of every filing that is moved where it goes on."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example


def _example(former: str, first: str) -> Example:
    """Return a template whose first phase is `opstellen`; after its others comes `verzamelen`."""
    return Example(
        "phases:\n"
        f"  - id: verzamelen\n    title: Verzamelen\n    was: [{former}]\n    role: administratie\n"
        f"  - id: opstellen\n    title: Opstellen\n    was: [{first}]\n    role: administratie\n"
    )


IN_A_RING = Code(
    "K359",
    "circular 'was'",
    "`was` names phases of earlier versions of the file. Where a phase was itself, or two phases were each "
    "other, nobody can tell which id a filing means: the same id is in both versions.",
    wrong=_example("opstellen", "verzamelen"),
    right=_example("opstellen", "boekhouden"),
)
LATER_KEPT_ID = Code(
    "K360",
    "id of a phase reused by a later one",
    "Where one phase became several, work goes on in the first of them. But a filing in the phase whose id "
    "both versions have stays in that one: were it a later part, what earlier parts ask would be missed. So "
    "only the first part may keep the id.",
    wrong=_example("inzamelen", "verzamelen"),
    right=_example("opstellen", "boekhouden"),
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report phases that, by their `was`, were themselves, over others or not, or one that comes later."""
    for _, template in definitions.templates():
        stages = template.stage_of
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
                elif stages.get(name, -1) > stages[phase.id]:
                    yield LATER_KEPT_ID.at(
                        phase.place("was", index),
                        f"expected a phase that is gone or comes earlier, found '{name}', which comes later",
                        help=f"give '{phase.id}' the id '{name}', and the later part a new id with "
                        f"'was: [{name}]'",
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
