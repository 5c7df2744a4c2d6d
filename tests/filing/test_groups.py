"""Phases side by side: the language has none yet, the machine keeps them right."""

from kantoor.data import replace
from kantoor.plan import Phase, Work

from .driver import Driver
from .plans import CLOSE, COLLECT, DELIVER, OFFER, PREPARE, REVIEW, VAT

BESIDE = Phase(id="naast", title="Naast", role="administratie", group="samen", block=Work())


def test_an_offer_that_goes_back_to_its_neighbour_begins_anew() -> None:
    offer = replace(OFFER, group="samen", back_to="naast")
    filing = Driver(replace(VAT, phases=(COLLECT, PREPARE, REVIEW, BESIDE, offer, DELIVER, CLOSE)))
    filing.to_offer()
    filing.decide("reject", reason="Er mist een factuur")
    assert filing.active() == ["naast", "aanbieden"]
    assert [phase.round for phase in filing.view.phases if phase.id in ("naast", "aanbieden")] == [2, 2]
    assert filing.view.offers[0].status == "waiting"
