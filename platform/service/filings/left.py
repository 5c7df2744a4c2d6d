"""What holding a filing may come too late for, as whoever holds it is told (R30)."""

from ...office.filings.held import find_left
from ..desk import Desk
from .sending import Done, Outcome

_DELIVERED = "De aangifte is al ingediend; het oordeel komt nog."
_MAYBE_DELIVERED = (
    "De aangifte kan al bij Digipoort zijn: dat wordt uitgezocht. Een aangifte die niet is aangekomen, gaat "
    "pas weg nadat de opdracht is hervat."
)
_MAYBE_SENT = "Een bericht kan al verstuurd zijn aan {}."
_NOT_YET_KNOWN = "Wat nu net wordt verzonden, kan nog weggaan: kijk straks op de tijdlijn."


async def warn_of_what_left(desk: Desk, outcome: Outcome) -> Outcome:
    """Add to the answer of a hold what has left before it, or may have."""
    if not isinstance(outcome, Done):
        return outcome
    left = await desk.ask(lambda connection: find_left(connection, outcome.filing))
    said = (
        _DELIVERED if left.delivered else None,
        _MAYBE_DELIVERED if left.maybe_delivered else None,
        _MAYBE_SENT.format(", ".join(left.maybe_sent)) if left.maybe_sent else None,
        None if outcome.recorded else _NOT_YET_KNOWN,
    )
    return outcome.model_copy(update={"warnings": tuple(one for one in said if one)})
