"""Alternatives of a deadline: each is reachable, and one always applies."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..language.dates import Deadline
from ..language.workflow import Workflow
from ..logic import Logic


def _moving_example(more: str) -> Example:
    return Example(
        "deadlines:\n  - id: aangifte\n    title: Indienen en betalen\n"
        f"    due:\n      - {{ after: period.end, months: 1, day: last }}\n{more}"
        "    latest_moves: never\n"
    )


def _applying_example(more: str) -> Example:
    return Example(
        f"deadlines:\n  - id: aangifte\n    title: Indienen en betalen\n{more}"
        "    due:\n      - { after: period.end, months: 1, day: last }\n"
    )


def _deadline_example(first: str, last: str) -> Example:
    return Example(
        "deadlines:\n  - id: aangifte\n    title: Indienen en betalen\n    due:\n"
        f"      - {{ {first}after: period.end, months: 2, day: last }}\n"
        f"      - {{ {last}after: period.end, months: 1, day: last }}\n"
    )


ALTERNATIVES = Code(
    "K505",
    "unreachable or missing alternative",
    "The first alternative whose `if` is true is taken. One without `if` always applies, so later ones are "
    "unreachable; and the last must not have an `if`, or the deadline could have no date.",
    wrong=_deadline_example("", ""),
    right=_deadline_example("if: product.foreign, ", ""),
)


NO_LATEST = Code(
    "K354",
    "latest_moves without latest",
    "`latest_moves` says where the day of `latest` moves off a closed day. Without `latest` there "
    "is no such day.",
    wrong=_moving_example(""),
    right=_moving_example("    latest: { after: period.year_end, months: 12 }\n"),
    remedy="remove 'latest_moves', or add 'latest'",
)
MAY_NOT_APPLY = Code(
    "K355",
    "delivery on a deadline that may not apply",
    "The deadline has an `if`, and the phase delivers for it also where that does not hold: nobody would see "
    "that the delivery is late. Give the phase the same `if`, or the deadline none.",
    wrong=_applying_example("    if: product.foreign\n"),
    right=_applying_example(""),
    remedy="give the phase the same 'if', or leave out that of the deadline",
)


_MOVE = "put it above that one, or remove it"


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report unreachable alternatives, and deadlines that may have no date or not apply to a delivery."""
    for _, template in definitions.templates():
        logic = Logic(definitions, template)
        for deadline in template.deadlines:
            found = list(_check_alternatives(deadline))
            yield from found or _check_shadowed(deadline, logic)
            if deadline.latest_moves and deadline.latest is None and deadline.intact("latest"):
                place = deadline.key_place("latest_moves")
                yield NO_LATEST.at(place, f"'{deadline.id}' has no 'latest' that can move")
        yield from _check_deliveries(template, logic)


def _check_deliveries(template: Workflow, logic: Logic) -> Iterator[Diagnostic]:
    deadlines = {one.id: one for one in template.deadlines if one.condition and one.intact("if")}
    for phase in template.phases:
        deadline = deadlines.get(phase.deliver.deadline or "") if phase.deliver else None
        if not phase.deliver or not deadline or not phase.intact("if"):
            continue
        if logic.is_clear(phase, deadline) and not logic.implies(phase, deadline):
            message = f"'{deadline.id}' has an 'if' that does not hold whenever '{phase.id}' delivers"
            related = [Related("applies if", deadline.place("if"))]
            yield MAY_NOT_APPLY.at(phase.deliver.place("deadline"), message, related=related)


def _check_shadowed(deadline: Deadline, logic: Logic) -> Iterator[Diagnostic]:
    """Report the first alternative that earlier ones leave no case to."""
    for number, choice in enumerate(deadline.due):
        earlier = [one for one in deadline.due[:number] if one.condition is not None]
        if not deadline.intact("due") or not earlier or any(not one.intact("if") for one in deadline.due):
            continue
        if logic.some(choice, earlier):
            related = [Related("already applies", one.place("if")) for one in earlier]
            message = "unreachable alternative: the earlier ones cover every case"
            yield ALTERNATIVES.at(choice.place(), message, related=related, help=_MOVE)
            return


def _check_alternatives(deadline: Deadline) -> Iterator[Diagnostic]:
    if not deadline.due or not deadline.intact("due"):
        return
    always = [choice for choice in deadline.due if choice.condition is None and choice.sound]
    if always and always[0] is not deadline.due[-1]:
        following = deadline.due[[choice is always[0] for choice in deadline.due].index(True) + 1]
        related = [Related("always applies", always[0].place())]
        message = "unreachable alternative: an earlier one has no 'if' and always applies"
        yield ALTERNATIVES.at(following.place(), message, related=related, help=_MOVE)
    last = deadline.due[-1]
    if last.condition is not None:
        message = "the last alternative has an 'if': without a match the deadline has no date"
        yield ALTERNATIVES.at(last.place("if"), message, help="leave out its 'if', or add one without")
