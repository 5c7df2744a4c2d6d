"""A choice of a move that cannot be made is refused with its own reason, and the name that is near."""

import pytest

from kantoor.filing.mapping import Mapping
from kantoor.filing.moving import Cannot, move
from kantoor.service.filings.choices import say_why
from tests.filing.moving.edits import add_checkpoint
from tests.filing.moving.test_move import collecting
from tests.filing.plans import VAT

NEWER = add_checkpoint(VAT, VAT.phases[0])


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (Mapping(back_to="opstelen"), "Het andere plan heeft geen fase 'opstelen'. Bedoelt u 'opstellen'?"),
        (
            Mapping(phases={"verzamlen": "opstellen"}),
            "Het plan van nu heeft geen fase 'verzamlen'. Bedoelt u 'verzamelen'?",
        ),
        (
            Mapping(phases={"opstellen": "opsteln"}),
            "Het andere plan heeft geen fase 'opsteln'. Bedoelt u 'opstellen'?",
        ),
        (
            Mapping(without=("review:aangift",)),
            "Er is geen waarborg 'review:aangift' in het plan van nu. Bedoelt u 'review:aangifte'?",
        ),
        (
            Mapping(without=("review:aangifte",)),
            "De waarborg 'review:aangifte' blijft: daar hoeft het kantoor niet van af te zien.",
        ),
        (
            Mapping(dropped=("verzamelen.belen",)),
            "In het andere plan gebeurt niets vanzelf op een dag dat 'verzamelen.belen' heet. "
            "Bedoelt u 'verzamelen.bellen'?",
        ),
        (Mapping(kept=("verzamelen.bellen",)), "'verzamelen.bellen' blijft vanzelf op 10 februari 2026."),
        (
            Mapping(kept=("verzamelen.bellen",), dropped=("verzamelen.bellen",)),
            "'verzamelen.bellen' kan niet zowel op de dag van nu blijven als vervallen.",
        ),
        (
            Mapping(back_to="verzamelen", dropped=("verzamelen.bellen",)),
            "'verzamelen.bellen' begint volgens het andere plan: de fase 'Stukken opvragen' wordt opnieuw "
            "gedaan.",
        ),
    ],
)
def test_a_choice_that_cannot_be_made_says_why_and_what_is_meant(mapping: Mapping, said: str) -> None:
    filing = collecting()
    assert filing.state is not None
    verdict = move(VAT, NEWER, filing.state, mapping)
    assert isinstance(verdict, Cannot)
    assert said in say_why(VAT, NEWER, filing.state, mapping, verdict)


def test_a_date_of_a_phase_that_is_not_active_or_that_has_been_is_told_so() -> None:
    filing = collecting()
    mapping = Mapping(dropped=("verzamelen.bellen",))
    filing.until(filing.now.date().replace(day=12))
    assert filing.state is not None
    verdict = move(VAT, NEWER, filing.state, mapping)
    assert say_why(VAT, NEWER, filing.state, mapping, verdict) == (
        "'verzamelen.bellen' is in deze ronde al gebeurd.",
    )
    filing.to_offer()
    verdict = move(VAT, NEWER, filing.state, mapping)
    assert say_why(VAT, NEWER, filing.state, mapping, verdict) == (
        "'verzamelen.bellen' is nu niet aan de beurt: de fase 'Stukken opvragen' is niet bezig.",
    )
