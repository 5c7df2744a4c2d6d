"""Four eyes: another person than whoever worked in the named earlier phases."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example


def _review(four_eyes: str) -> Example:
    return Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        f"    four_eyes: [{four_eyes}]\n    back_to: opstellen\n"
    )


FOUR_EYES = Code(
    "K311",
    "four eyes on what is not earlier",
    "`four_eyes` names earlier phases: whoever did anything there cannot complete this one. Of the "
    "phase itself or a later one nobody has done anything yet, so the rule would hold nobody back.",
    wrong=_review("controle"),
    right=_review("opstellen"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report `four_eyes` on the phase itself or on later ones."""
    for _, template in definitions.templates():
        order = [phase.id for phase in template.phases]
        for number, phase in enumerate(template.phases):
            for index, name in enumerate(phase.four_eyes):
                if name in order[number:] and name not in order[:number]:
                    which = "the phase itself" if name == phase.id else "a later phase"
                    yield FOUR_EYES.at(
                        phase.place("four_eyes", index), f"'{name}' is {which}, not an earlier one"
                    )
