"""Automations: each has exactly one action."""

from collections.abc import Iterator

from ...suggest import join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example
from ..language.phases import ACTIONS
from ..walks import automations


def _automation_example(action: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        f"      - id: klaar\n        at: completed\n{action}"
    )


ONE_ACTION = Code(
    "K315",
    "automation needs exactly one action",
    "An automation sends a message, creates a task, asks for data, starts a filing or leaves a note: one of "
    "these, because a relation can only switch off an automation as a whole.",
    wrong=_automation_example(""),
    right=_automation_example("        send: { message: ter-accordering }\n"),
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report automations with no action or several."""
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
