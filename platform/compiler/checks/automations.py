"""Automations: each has exactly one action."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..walks import automations


def _automation_example(action: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        f"      - id: klaar\n        at: completed\n{action}"
    )


ONE_ACTION = Code(
    "K315",
    "automation needs exactly one action",
    "An automation either sends a message or creates a task, not both, because a relation can only switch "
    "off an automation as a whole.",
    wrong=_automation_example(""),
    right=_automation_example("        send: { message: ter-accordering }\n"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report automations with no action or two."""
    for _, template in definitions.templates():
        for automation in automations(template):
            if not automation.sound:
                continue
            if automation.send and automation.task:
                message = "expected one action, found 'send' and 'task'"
                yield ONE_ACTION.at(
                    automation.key_place("task"), message, help="split it into two automations"
                )
            elif not automation.send and not automation.task:
                message = "this automation has no action"
                yield ONE_ACTION.at(automation.place(), message, help="add send or task")
