"""Automations: each has exactly one action, and no two send the same at one moment."""

from collections.abc import Iterator

from ...suggest import join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..language.phases import ACTIONS, Automation, Phase
from ..logic import Logic
from ..walks import automations


def _automation_example(action: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        f"      - id: klaar\n        at: completed\n{action}"
    )


def _twice_example(at: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        "      - { id: klaar, at: completed, send: { message: ter-accordering } }\n"
        f"      - {{ id: nogmaals, at: {at}, send: {{ message: ter-accordering }} }}\n"
    )


ONE_ACTION = Code(
    "K315",
    "automation needs exactly one action",
    "An automation sends a message, creates a task, asks for data, starts a filing or leaves a note: one of "
    "these, because a relation can only switch off an automation as a whole.",
    wrong=_automation_example(""),
    right=_automation_example("        send: { message: ter-accordering }\n"),
)

TWICE = Code(
    "K386",
    "the same message twice at one moment",
    "Two automations of the phase send the same message to the same people at the same moment, in some "
    "filing: the reader gets two equal mails.",
    wrong=_twice_example("completed"),
    right=_twice_example("entered"),
    level="warning",
    remedy="remove one of the two, or give them conditions that exclude each other",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report automations with no action or several, and messages that are sent twice."""
    for _, template in definitions.templates():
        for automation in automations(template):
            if not automation.sound:
                continue
            found = automation.actions
            if len(found) > 1:
                message = f"expected one action, found {join_names(found, 'and')}"
                yield ONE_ACTION.at(
                    automation.key_place(found[1]), message, help="split it into two automations"
                )
            elif not found:
                message = "this automation has no action"
                yield ONE_ACTION.at(automation.place(), message, help=f"add {join_names(ACTIONS)}")
        for phase in template.phases:
            yield from _check_twice(phase, Logic(definitions, template))


def _check_twice(phase: Phase, logic: Logic) -> Iterator[Diagnostic]:
    first: dict[str, list[Automation]] = {}
    for one in phase.automations:
        if one.send is None or not one.sound:
            continue
        others = first.setdefault(f"{one.at!r} {one.send!r}", [])
        other = next((each for each in others if logic.possible(phase, each, one)), None)
        if other and logic.is_clear(phase, other, one):
            message = f"'{other.id}' and '{one.id}' send the same message at the same moment"
            related = [Related("the other", other.key_place("send"))]
            yield TWICE.at(one.key_place("send"), message, related=related)
        others.append(one)
