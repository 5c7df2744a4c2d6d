"""Kinds of phases: a phase is an offer, a delivery, or work."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.phases import Phase

_OFFER = (
    "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n    back_to: opstellen\n"
    "    offer:\n      documents: [aangifte]\n      offer_as: information\n"
)

TWO_KINDS = Code(
    "K304",
    "phase of two kinds",
    "A phase's kind is its block. Offering waits for the client and delivering for the authority: they "
    "are phases of their own, one after the other.",
    wrong=Example(f"{_OFFER}    deliver: {{ document: aangifte, deadline: aangifte }}\n"),
    right=Example(_OFFER),
)
NO_WORK = Code(
    "K305",
    "rule of work outside work",
    "A review, four eyes and a required checkpoint hold whoever completes a phase, and only a work phase is "
    "completed by a team member. An offer completes by the answer of the client, a delivery by that of the "
    "authority: there such a rule would hold nobody.",
    wrong=Example(f"{_OFFER}    reviews: [aangifte]\n"),
    right=Example(_OFFER),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report phases that are of two kinds, and rules of work in offers and deliveries."""
    for _, template in definitions.templates():
        for phase in template.phases:
            if phase.offer and phase.deliver:
                related = [Related("the other", phase.key_place("offer"))]
                message = f"the phase '{phase.id}' offers and delivers"
                yield TWO_KINDS.at(phase.key_place("deliver"), message, related=related)
            elif phase.offer or phase.deliver:
                yield from _rules_of_work(phase)


def _rules_of_work(phase: Phase) -> Iterator[Diagnostic]:
    help = "put it in a work phase before this one"
    for key in ("reviews", "four_eyes"):
        if getattr(phase, key):
            message = f"'{phase.id}' is no work phase, so '{key}' holds nobody here"
            yield NO_WORK.at(phase.key_place(key), message, help=help)
    for checkpoint in phase.checkpoints:
        if checkpoint.required:
            message = f"'{phase.id}' is no work phase, so a checkpoint cannot be required here"
            yield NO_WORK.at(checkpoint.key_place("required"), message, help=help)
