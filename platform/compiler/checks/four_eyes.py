"""Four eyes: the rule refers to earlier phases."""

from collections.abc import Iterator

from ...suggest import join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..language.phases import Phase
from ..language.workflow import Workflow


def _review_example(four_eyes: str) -> Example:
    return Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        f"    four_eyes: [{four_eyes}]\n    back_to: opstellen\n"
    )


FOUR_EYES = Code(
    "K311",
    "four_eyes names a phase that is not earlier",
    "`four_eyes` names earlier phases: whoever acted in one of them cannot complete this phase. Nobody has "
    "acted yet in the phase itself or a later one, so the rule would restrict nobody.",
    wrong=_review_example("controle"),
    right=_review_example("opstellen"),
    remedy="name a phase that comes before this one",
)


EXCEPTION = Code(
    "K353",
    "four_eyes_exception without four_eyes",
    "`four_eyes_exception` names the role that may let somebody complete the phase although they acted in a "
    "phase of its `four_eyes`. Without those there is nothing to make an exception to.",
    wrong=Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        "    four_eyes_exception: relatiebeheerder\n    back_to: opstellen\n"
    ),
    right=Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        "    four_eyes: [opstellen]\n    four_eyes_exception: relatiebeheerder\n    back_to: opstellen\n"
    ),
    remedy="add 'four_eyes', or remove the exception",
)
BARRED_EXCEPTION = Code(
    "K483",
    "four_eyes_exception by a role that did the work",
    "An exception lets somebody check their own work, and is given by somebody who did none of it. The role "
    "that is named does that work, or the check, for which it needs no exception: where one person holds it, "
    "nobody can give one. Name a role that has no part in either.",
    wrong=Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        "    four_eyes: [opstellen]\n    four_eyes_exception: administratie\n    back_to: opstellen\n"
    ),
    right=Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        "    four_eyes: [opstellen]\n    four_eyes_exception: relatiebeheerder\n    back_to: opstellen\n"
    ),
    level="warning",
    remedy="name a role that works on none of these phases",
)


def _describe(template: Workflow, phase: Phase, name: str) -> str:
    if name == phase.id:
        return "the phase itself"
    beside = template.stage_of[name] == template.stage_of[phase.id]
    return f"'{name}', which runs beside it" if beside else f"the later phase '{name}'"


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report `four_eyes` that names the phase itself or a later one, and exceptions to none."""
    for _, template in definitions.templates():
        for phase in template.phases:
            if phase.four_eyes_exception and not phase.four_eyes and phase.intact("four_eyes"):
                place = phase.key_place("four_eyes_exception")
                yield EXCEPTION.at(place, f"'{phase.id}' has no 'four_eyes' to make an exception to")
            yield from _check_exception(template, phase)
            earlier = {other.id for other in template.before(phase)} if phase.four_eyes else set()
            for index, name in enumerate(phase.four_eyes):
                if name in template.stage_of and name not in earlier:
                    which = _describe(template, phase, name)
                    message = f"expected an earlier phase, found {which}"
                    yield FOUR_EYES.at(phase.place("four_eyes", index), message)


def _check_exception(template: Workflow, phase: Phase) -> Iterator[Diagnostic]:
    """Report an exception by the role of the phase itself, or of one that it checks."""
    role = phase.four_eyes_exception
    if role is None or not phase.four_eyes or not phase.intact("role", "four_eyes", "four_eyes_exception"):
        return
    own = [one for one in template.phases if one.id in (phase.id, *phase.four_eyes) and one.role == role]
    if own:
        names = join_names([one.id for one in own], "and")
        message = f"role '{role}' works on {names}, and who works on it gives no exception"
        related = [Related("the role's own work", one.place("role")) for one in own]
        yield BARRED_EXCEPTION.at(phase.place("four_eyes_exception"), message, related=related)
