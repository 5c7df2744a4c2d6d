"""Answers: a condition reads them only where the client can have been asked by then."""

from collections.abc import Iterator

from ..conditions import parse_condition
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..expressions import list_unguarded
from ..language.phases import Automation, Phase
from ..language.workflow import Workflow
from ..places import inside
from ..variables import Known, variables
from ..walks import list_readings
from ..ways import Ways, find_ways

_FORM = (
    "title: Uw auto\nschema:\n  type: object\n  required: [auto]\n  properties:\n    auto:\n"
    "      type: boolean\n      title: Hebt u een auto?\n"
)


def _asking_example(at: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        "      - id: vraag\n        at: entered\n        request: { form: auto }\n"
        f"      - id: kilometers\n        at: {at}\n        if: answers.auto\n"
        "        task: { title: Houd de kilometers bij }\n",
        others=(("forms/auto.yaml", _FORM),),
    )


TOO_EARLY = Code(
    "K680",
    "condition reads an answer too early",
    "The condition is read when the client cannot have answered yet, so that it is always false there. A "
    "phase and what happens on entering it read answers to what earlier phases asked; checkpoints, outcomes, "
    "and automations on completing or at a date, also to what their own phase asks. One that compares the "
    "answer with none is meant.",
    wrong=_asking_example("entered"),
    right=_asking_example("completed"),
    remedy="ask it in an earlier phase, or read the answer in a later one",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report conditions that read answers before anybody can have given them."""
    for _, template in definitions.templates():
        asked = _list_asked(definitions, template)
        if asked and template.intact("phases"):
            yield from _check_template(definitions, template, asked)


def _check_template(
    definitions: Definitions, template: Workflow, asked: dict[str, list[tuple[Phase, Automation]]]
) -> Iterator[Diagnostic]:
    known: Known = variables(definitions, template)
    ways = find_ways(definitions, template)
    source = definitions.source_of(template)
    for owner, phase, own in list_readings(template):
        if "answers" not in (owner.condition or "") or not owner.intact("if"):
            continue
        expression, _ = parse_condition(owner.condition or "", known)
        for name in list_unguarded(expression, "answers"):
            asking = asked.get(name, [])
            if not asking or any(_can_answer(one, phase, own, ways) for one, _ in asking):
                continue
            node = owner.node.child("if")
            assert node is not None
            message = f"answer '{name}' cannot have been given yet when this condition is read"
            related = [Related("asked here", automation.key_place("request")) for _, automation in asking]
            yield TOO_EARLY.at(inside(source, node, 1, f"answers.{name}"), message, related=related)


def _can_answer(asking: Phase, phase: Phase, own: bool, ways: Ways) -> bool:
    """Say whether what a phase asks can have been answered when another one reads it, or itself."""
    return own if asking is phase else ways.can_precede(asking, phase)


def _list_asked(definitions: Definitions, template: Workflow) -> dict[str, list[tuple[Phase, Automation]]]:
    """Return by field of a form where the template asks it."""
    asked: dict[str, list[tuple[Phase, Automation]]] = {}
    for phase in template.phases:
        for automation in phase.automations:
            file = definitions.forms.get(automation.request.form) if automation.request else None
            schema = file.model.fields if file and file.model else None
            for name in schema.properties if schema else ():
                asked.setdefault(name, []).append((phase, automation))
    return asked
