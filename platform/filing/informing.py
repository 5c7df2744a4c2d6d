"""Informing a client under a standing authority, and the time that they have to object to it (R15, R19).

Nobody is waited for: what was agreed beforehand stands. But whoever is informed can still say that it is
wrong, and where the offer gives them working days for it, the filing goes on only once those have passed.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from ..data import replace
from ..days import add_working_days
from ..plan import Phase
from .construct import Order, Wait
from .issuing import is_of_offer
from .state import OfferState
from .turn import Reader, Turn


def is_open_to_objection(reader: Reader, offer: OfferState) -> bool:
    """Say whether a client was informed, and can still object."""
    return bool(offer.sent) and not offer.outcome and reader.offered_as(offer.phase) == "information"


def last_day_to_object(reader: Reader, phase: Phase, informed: date) -> date | None:
    """Return the last day on which who was informed on a day can object; None where they get no time."""
    workdays = phase.offer.workdays_to_object if phase.offer else 0
    return add_working_days(informed, workdays, reader.rules.origin.calendars.office) if workdays else None


def find_last_day_to_object(reader: Reader, phase: Phase, offer: OfferState) -> date | None:
    """Return the last day on which who was informed can object to an offer that waits for that."""
    if offer.sent is None or not is_open_to_objection(reader, offer):
        return None
    return last_day_to_object(reader, phase, offer.sent.date())


def dates_of(reader: Reader, phase: Phase) -> Iterator[Wait]:
    """Yield the day on which the filing goes on without an objection: the one after the last.

    It is the day itself of informing where a move to another plan has taken the time away.
    """
    offer = reader.offer_state(phase.id)
    if offer and offer.sent and is_open_to_objection(reader, offer):
        informed = offer.sent.date()
        last = last_day_to_object(reader, phase, informed)
        yield Wait(last + timedelta(days=1) if last else informed, Order.UNOPPOSED, phase.id)


def inform(turn: Turn, phase: Phase, offer: OfferState) -> None:
    """Note that everybody was informed: the offer ends, or waits as long as they can object."""
    last = last_day_to_object(turn, phase, turn.now.date())
    if last and offer.sent:
        return
    turn.put_offer(replace(offer, sent=turn.now, outcome=None if last else "informed"))
    _tell(turn, phase, offer, last)
    if last is None:
        turn.withdraw(lambda one: is_of_offer(one, phase))


def inform_more(turn: Turn, phase: Phase, offer: OfferState) -> None:
    """Begin the time to object again: somebody joined who was informed only now."""
    turn.put_offer(replace(offer, sent=turn.now))
    _tell(turn, phase, offer, last_day_to_object(turn, phase, turn.now.date()))


def go_on_unopposed(turn: Turn, phase: Phase, wait: Wait) -> None:
    """End an offer to which nobody objected in time."""
    offer = turn.offer_state(phase.id)
    if offer is None:
        return
    turn.put_offer(replace(offer, outcome="informed"))
    turn.tell("unopposed", None, phase.id, title=phase.title)
    turn.withdraw(lambda one: is_of_offer(one, phase))


def _tell(turn: Turn, phase: Phase, offer: OfferState, last: date | None) -> None:
    day = offer.lookup.standing_until if offer.lookup else None
    until = day.isoformat() if day else None
    turn.tell(
        "informed",
        None,
        phase.id,
        title=phase.title,
        standing_until=until,
        object_until=last.isoformat() if last else None,
    )
