"""Automations: each does one thing."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..walks import automations


def _automation(what: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        f"      - id: klaar\n        at: completed\n{what}"
    )


ONE_THING = Code(
    "K315",
    "automation without one thing to do",
    "An automation sends a message or creates a task: one of them, for it is switched off as one.",
    wrong=_automation(""),
    right=_automation("        send: { message: ter-accordering }\n"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report automations that do nothing, or two things."""
    for _, template in definitions.templates():
        for automation in automations(template):
            if not automation.sound:
                continue
            if automation.send and automation.task:
                message = "this automation does two things"
                yield ONE_THING.at(automation.key_place("task"), message, help="make it two automations")
            elif not automation.send and not automation.task:
                yield ONE_THING.at(
                    automation.place(), "this automation does nothing", help="add send or task"
                )
