"""Kinds of phases: a phase offers, delivers, waits, or is work."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..language.phases import Phase

KINDS = ("offer", "deliver", "wait")
"""The blocks that set the kind of a phase; one without any is work."""

_OFFER = (
    "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n    back_to: opstellen\n"
    "    offer:\n      documents: [aangifte]\n      offer_as: information\n"
)

TWO_KINDS = Code(
    "K304",
    "phase of two kinds",
    "The block of a phase sets its kind. An offer waits for the client, a delivery for the authority, and "
    "`wait` for something else from outside: make them phases of their own, one after the other.",
    wrong=Example(f"{_OFFER}    deliver: {{ document: aangifte, deadline: aangifte }}\n"),
    right=Example(_OFFER),
    remedy="make two phases of it: one that offers, and a later one for the other",
)
NO_WORK = Code(
    "K305",
    "work rule outside a work phase",
    "Reviews, signatures, required requests, four eyes, outcomes and required checkpoints say who completes "
    "a phase and how, but a team member completes only work phases. The answer of the client completes an "
    "offer, that of the authority a delivery, and what comes from outside a wait: there such a rule would "
    "restrict nobody.",
    wrong=Example(f"{_OFFER}    reviews: [aangifte]\n"),
    right=Example(_OFFER),
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report phases of two kinds, and work rules in offers, deliveries and waits."""
    for _, template in definitions.templates():
        for phase in template.phases:
            kinds = [kind for kind in KINDS if getattr(phase, kind)]
            if len(kinds) > 1:
                first, second = kinds[:2]
                related = [Related(f"its {first}", phase.key_place(first))]
                message = f"expected one kind of phase, found '{first}' and '{second}' in '{phase.id}'"
                yield TWO_KINDS.at(phase.key_place(second), message, related=related)
            elif kinds:
                yield from _check_work_rules(phase)


def _check_work_rules(phase: Phase) -> Iterator[Diagnostic]:
    help = "move it to a work phase before this one"
    for key in ("reviews", "signs", "four_eyes", "outcomes"):
        if getattr(phase, key):
            message = f"'{key}' would restrict nobody: '{phase.id}' is not a work phase"
            yield NO_WORK.at(phase.key_place(key), message, help=help)
    for checkpoint in phase.checkpoints:
        if checkpoint.required:
            message = f"a required checkpoint would restrict nobody: '{phase.id}' is not a work phase"
            yield NO_WORK.at(checkpoint.key_place("required"), message, help=help)
    for automation in phase.automations:
        if automation.request and automation.request.required:
            message = f"a required request would keep nothing from going on: '{phase.id}' is not a work phase"
            place = automation.request.place() if not automation.request.has_key("required") else None
            place = place or automation.request.key_place("required")
            yield NO_WORK.at(place, message, help="move it to a work phase, or write required: false")
