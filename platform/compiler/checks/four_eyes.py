"""Four eyes: the rule refers to earlier phases."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example


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
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report `four_eyes` that names the phase itself or a later one."""
    for _, template in definitions.templates():
        order = [phase.id for phase in template.phases]
        for number, phase in enumerate(template.phases):
            for index, name in enumerate(phase.four_eyes):
                if name in order[number:] and name not in order[:number]:
                    which = "the phase itself" if name == phase.id else f"the later phase '{name}'"
                    message = f"expected an earlier phase, found {which}"
                    yield FOUR_EYES.at(phase.place("four_eyes", index), message)
