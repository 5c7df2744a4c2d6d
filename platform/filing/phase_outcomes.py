"""Outcomes (uitkomsten): the ways in which a phase of work can end, offered where their condition holds."""

from ..plan import Outcome, Phase
from .outcome import Refusal
from .turn import Reader


def possible_outcomes(reader: Reader, phase: Phase) -> tuple[Outcome, ...]:
    """Return the outcomes of a phase whose condition holds."""
    return tuple(outcome for outcome in phase.outcomes if reader.rules.holds(outcome.condition))


def choose_outcome(reader: Reader, phase: Phase, chosen: str | None) -> Outcome | Refusal | None:
    """Return the outcome that was chosen, or why it cannot be; None where the phase has none.

    The only one that is possible need not be named.
    """
    if not phase.outcomes:
        if chosen is None:
            return None
        text = f"De fase '{phase.title}' kent geen uitkomsten; rond de fase af zonder uitkomst."
        return Refusal(code="no_outcomes", text=text)
    possible = possible_outcomes(reader, phase)
    if chosen is None and len(possible) == 1:
        return possible[0]
    named = next((outcome for outcome in possible if outcome.id == chosen), None)
    if named:
        return named
    choices = ", ".join(f"{outcome.id} ('{outcome.title}')" for outcome in possible) or "geen"
    if chosen is None:
        text = f"Geef de uitkomst van de fase '{phase.title}' op. Kies uit: {choices}."
        return Refusal(code="outcome_missing", text=text)
    known = next((outcome for outcome in phase.outcomes if outcome.id == chosen), None)
    what = (
        f"De uitkomst '{known.title}' is hier niet mogelijk." if known else f"Onbekende uitkomst '{chosen}'."
    )
    return Refusal(code="unknown_outcome", text=f"{what} Kies uit: {choices}.")
