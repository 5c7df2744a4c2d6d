"""Chasing: clients are reminded, and a colleague is told when they do not answer."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example
from ..language.phases import Automation, Chase, Phase, Request
from ..language.workflow import Workflow
from ..walks import is_by_hand, sbr_of

_REMIND = "        remind: { every_days: 4, at_most: 2 }\n"
_ESCALATE = "        escalate: { before: deadlines.aangifte, workdays: 4, role: accountant }\n"


def _offer_example(chase: str, way: str = "") -> Example:
    return Example(
        "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n"
        f"    back_to: opstellen\n    offer:\n      documents: [aangifte]\n{way}      chase:\n{chase}"
    )


def _late_example(due: str) -> Example:
    return Example(
        "chase: { workdays: 2, role: relatiebeheerder }\n"
        f"phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n{due}"
    )


def _work_example(chase: str, *others: tuple[str, str]) -> Example:
    return Example(
        f"phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    chase:\n{chase}",
        others=others,
    )


_WORK = (
    "messages/werk.yaml",
    "title: Werk\nchannels: [email]\ntexts:\n  nl:\n    subject: Werk\n    body: Kijk op {{ filing.link }}\n",
)


NO_ESCALATION = Code(
    "K401",
    "offer without an escalation",
    "An offer for approval or signature waits for the client. When the client does not answer, somebody at "
    "the office must be told in time: `escalate` says who and when.",
    wrong=_offer_example(_REMIND),
    right=_offer_example(_REMIND + _ESCALATE),
    remedy="add who is told, and from when: escalate: { before: deadlines.…, workdays: 4, role: … }",
)
NO_REMINDERS = Code(
    "K402",
    "offer without reminders",
    "An offer for approval or signature reminds the client before it involves a colleague: `remind` says "
    "how often.",
    wrong=_offer_example(_ESCALATE),
    right=_offer_example(_REMIND + _ESCALATE),
    remedy="add how often: remind: { every_days: 4, at_most: 2 }",
)
NO_EFFECT = Code(
    "K403",
    "chase without effect",
    "A chase has reminders, an escalation, or both. In a work phase, and in a delivery that a person makes, "
    "reminders go to the phase's own role and need their own message. The chase of an offer belongs in its "
    "`offer` block, that of a wait in its `wait` block, that of a request or a task beside it in the "
    "automation.",
    wrong=_work_example("      remind: { every_days: 2, at_most: 3 }\n"),
    right=_work_example("      remind: { every_days: 2, at_most: 3, message: werk }\n", _WORK),
)


FOR_INFORMATION = Code(
    "K406",
    "chase of an offer for information",
    "What is offered for information waits for no answer: nobody is reminded and nothing escalates. A "
    "relation can be set to approve nevertheless; then the chase works for that relation alone.",
    wrong=_offer_example(_REMIND + _ESCALATE, "      offer_as: information\n"),
    right=_offer_example(_REMIND + _ESCALATE),
    level="warning",
    remedy="remove the 'chase', or ask for approval: 'offer_as: approval'",
)


NO_WORK = Code(
    "K450",
    "chase of a template without effect",
    "The `chase` of a template counts from the target date (`due`) of each work phase that has no `chase` of "
    "its own. There is no such phase here.",
    wrong=_late_example(""),
    right=_late_example("    due: { before: deadlines.aangifte, workdays: 9 }\n"),
    remedy="give a work phase a target date ('due'), or remove this 'chase'",
)


_NEITHER = "add one of them, or remove the 'chase'"


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report offers without an escalation or reminders, and chases without effect."""
    for _, template in definitions.templates():
        unhidden = template.intact("phases") and all(p.intact("due", "chase") for p in template.phases)
        if template.chase and unhidden and not template.chased:
            message = "this 'chase' has no effect: no work phase has a 'due' and no 'chase' of its own"
            yield NO_WORK.at(template.key_place("chase"), message)
        for phase in template.phases:
            yield from _check_offer(template, phase)
            yield from _check_effect(template, phase)
            for automation in phase.automations:
                yield from _check_asked(automation)


def _check_offer(template: Workflow, phase: Phase) -> Iterator[Diagnostic]:
    offer, sbr = phase.offer, sbr_of(template)
    if offer is None or phase.deliver or phase.wait:
        return  # a phase of two kinds is reported as such
    if (offer.offer_as or sbr.offer_as) == "information":
        if offer.chase:
            message = "nobody answers an offer for information, so this 'chase' has no effect"
            yield FOR_INFORMATION.at(offer.key_place("chase"), message)
        return
    chase = offer.chase or Chase()
    if not (offer.sound and chase.sound and sbr.intact("offer_as") and template.intact("sbr")):
        return
    place = offer.key_place("chase") if offer.has_key("chase") else phase.key_place("offer")
    if chase.escalate is None:
        message = "missing 'escalate' in 'chase': nobody is told when the client does not answer"
        yield NO_ESCALATION.at(place, message)
    elif chase.remind is None:
        yield NO_REMINDERS.at(place, "missing 'remind' in 'chase': the client is never reminded")


def _check_asked(automation: Automation) -> Iterator[Diagnostic]:
    chase, request = automation.chase, automation.request
    if chase is None or not automation.sound or not chase.sound or not automation.actions:
        return  # one that does nothing is reported as such
    if request is None and automation.task is None:
        message = "this 'chase' has no effect: nothing is asked of anybody here"
        yield NO_EFFECT.at(
            automation.key_place("chase"), message, help="remove it, or ask something: 'task' or 'request'"
        )
    elif request is None and automation.at == "completed":
        message = "this 'chase' has no effect: the phase is over when the task is made"
        yield NO_EFFECT.at(automation.key_place("chase"), message, help="write 'at: entered', or a date")
    elif not chase.remind and not chase.escalate:
        message = "this 'chase' has no effect: it has neither 'remind' nor 'escalate'"
        yield NO_EFFECT.at(automation.key_place("chase"), message, help=_NEITHER)
    elif chase.remind and chase.remind.sound and not chase.remind.message and not _invites(request):
        message = "missing 'message' in 'remind': there is no message to repeat"
        yield NO_EFFECT.at(
            chase.key_place("remind"), message, help="add 'message': what is sent as a reminder"
        )


def _invites(request: Request | None) -> bool:
    """Say whether a request has a message of its own, or may have one that an error hides."""
    return request is not None and (request.message is not None or not request.sound)


def _check_effect(template: Workflow, phase: Phase) -> Iterator[Diagnostic]:
    chase = phase.chase
    if chase is None:
        return
    block = "offer" if phase.offer else "wait" if phase.wait else None
    if (
        phase.deliver
        and not block
        and template.intact("documents")
        and not is_by_hand(template, phase.deliver)
    ):
        message = "this 'chase' has no effect: kantoor delivers this itself, and nobody has to be reminded"
        yield NO_EFFECT.at(phase.key_place("chase"), message, help="remove it")
    elif block:
        article = "an" if block == "offer" else "a"
        message = f"this 'chase' has no effect: in {article} {block} phase it belongs in the '{block}' block"
        yield NO_EFFECT.at(phase.key_place("chase"), message, help=f"move it below '{block}'")
    elif not chase.remind and not chase.escalate and chase.sound:
        message = "this 'chase' has no effect: it has neither 'remind' nor 'escalate'"
        yield NO_EFFECT.at(phase.key_place("chase"), message, help=_NEITHER)
    elif chase.remind and not chase.remind.message and chase.remind.sound:
        message = "missing 'message' in 'remind': without an offer there is no message to repeat"
        yield NO_EFFECT.at(
            chase.key_place("remind"), message, help="add 'message': what is sent as a reminder"
        )
