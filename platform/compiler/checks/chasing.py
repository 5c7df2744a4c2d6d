"""Chasing: whoever is waited for is reminded, and silence reaches somebody."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..language.phases import Chase, Phase
from ..language.workflow import Workflow
from ..walks import sbr_of

_REMIND = "        remind: { every_days: 4, at_most: 2 }\n"
_ESCALATE = "        escalate: { before: deadlines.aangifte, workdays: 4, role: accountant }\n"


def _offer(chase: str) -> Example:
    return Example(
        "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n"
        f"    back_to: opstellen\n    offer:\n      documents: [aangifte]\n      chase:\n{chase}"
    )


def _work(chase: str) -> Example:
    return Example(
        f"phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    chase:\n{chase}"
    )


NO_ESCALATION = Code(
    "K401",
    "silence reaches nobody",
    "An offer for approval or signature waits for the client. When the client stays silent, somebody at "
    "the office must hear of it in time: `escalate` says who and when.",
    wrong=_offer(_REMIND),
    right=_offer(_REMIND + _ESCALATE),
)
NO_REMINDERS = Code(
    "K402",
    "client is never reminded",
    "An offer for approval or signature reminds the client before it goes to a colleague: `remind` says "
    "how often.",
    wrong=_offer(_ESCALATE),
    right=_offer(_REMIND + _ESCALATE),
)
CHASES_NOBODY = Code(
    "K403",
    "chase that does nothing",
    "A chase has reminders, an escalation, or both. In a work phase a reminder goes to the phase's own "
    "role, and needs a message of its own; an offer's chase stands in its `offer` block.",
    wrong=_work("      remind: { every_days: 2, at_most: 3 }\n"),
    right=_work("      remind: { every_days: 2, at_most: 3, message: ter-accordering }\n"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report offers whose silence reaches nobody, and chases that do nothing."""
    for _, template in definitions.templates():
        for phase in template.phases:
            yield from _silence(template, phase)
            yield from _idle(phase)


def _silence(template: Workflow, phase: Phase) -> Iterator[Diagnostic]:
    offer, sbr = phase.offer, sbr_of(template)
    if offer is None or (offer.offer_as or sbr.offer_as) == "information":
        return
    chase = offer.chase or Chase()
    if not (offer.sound and chase.sound and sbr.intact("offer_as") and template.intact("sbr")):
        return
    place = offer.key_place("chase") if offer.wrote("chase") else phase.key_place("offer")
    if chase.escalate is None:
        message = "when the client stays silent, nobody hears of it: 'chase' has no 'escalate'"
        yield NO_ESCALATION.at(place, message)
    elif chase.remind is None:
        yield NO_REMINDERS.at(place, "the client is never reminded: 'chase' has no 'remind'")


def _idle(phase: Phase) -> Iterator[Diagnostic]:
    chase = phase.chase
    if chase is None:
        return
    if phase.offer:
        message = "the chase of an offer stands in its 'offer' block; here it does nothing"
        yield CHASES_NOBODY.at(phase.key_place("chase"), message)
    elif not chase.remind and not chase.escalate and chase.sound:
        yield CHASES_NOBODY.at(phase.key_place("chase"), "this chase has no reminders and no escalation")
    elif chase.remind and not chase.remind.message and chase.remind.sound:
        message = "a reminder of a work phase has nothing to send: it names no message"
        yield CHASES_NOBODY.at(chase.key_place("remind"), message)
