"""Phases side by side: the language has none yet, the machine keeps them right."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.events import Back, Decide, Judged
from kantoor.plan import Phase, Work

from .driver import CLIENT, MANAGER, Driver, shown
from .plans import CLOSE, COLLECT, DELIVER, OFFER, PREPARE, REVIEW, VAT
from .test_phases import refused

BESIDE = Phase(id="naast", title="Naast", role="administratie", group="samen", block=Work())
DELIVERED = replace(DELIVER, group="samen")
ANOTHER = replace(DELIVER, id="elders", title="Elders indienen", group="samen")
OFFERED = replace(OFFER, id="toelichten", title="Toelichten", group="samen")


def in_the_group(*group: Phase) -> Driver:
    """Return a filing whose client has just approved the return; a group of phases follows."""
    filing = Driver(replace(VAT, phases=(COLLECT, PREPARE, REVIEW, OFFER, *group, CLOSE)))
    filing.to_offer()
    return filing


def reject(filing: Driver) -> object:
    """Let the client reject the offer of the group."""
    facts = {"phase": OFFERED.id, "answer": "reject", "documents": (shown(),), "reason": "Niet duidelijk"}
    return filing.act(Decide, CLIENT, **facts)


def attempts(filing: Driver, phase: Phase) -> list[int]:
    """Return the attempts that were made to deliver in a phase."""
    return [c.attempt for c in filing.commands if c.kind == "deliver" and c.phase == phase.id]


def test_an_offer_that_goes_back_to_its_neighbour_begins_anew() -> None:
    offer = replace(OFFER, group="samen", back_to="naast")
    filing = Driver(replace(VAT, phases=(COLLECT, PREPARE, REVIEW, BESIDE, offer, DELIVER, CLOSE)))
    filing.to_offer()
    filing.decide("reject", reason="Er mist een factuur")
    assert filing.active() == ["naast", "aanbieden"]
    assert [phase.round for phase in filing.view.phases if phase.id in ("naast", "aanbieden")] == [2, 2]
    assert filing.view.offers[0].status == "waiting"


def test_an_offer_beside_a_return_that_was_accepted_is_not_rejected() -> None:
    filing = in_the_group(DELIVERED, OFFERED)
    filing.decide()
    assert filing.active() == [OFFERED.id]
    assert refused(reject(filing), "accepted")
    assert refused(filing.act(Back, MANAGER, phase=OFFERED.id, reason="Fout"), "accepted")
    filing.must(Decide, CLIENT, phase=OFFERED.id, answer="approve", documents=(shown(),))
    assert filing.active() == ["afronden"]


def test_an_offer_beside_a_return_that_the_authority_has_is_not_rejected() -> None:
    filing = in_the_group(DELIVERED, OFFERED)
    filing.hold = {"follow"}
    filing.decide()
    assert refused(reject(filing), "delivery_runs")
    assert refused(filing.act(Back, MANAGER, phase=OFFERED.id, reason="Fout"), "delivery_runs")


def test_a_rejection_that_goes_back_over_no_delivery_is_taken_while_one_runs() -> None:
    filing = in_the_group(BESIDE, DELIVERED, replace(OFFERED, back_to=BESIDE.id))
    filing.hold = {"follow"}
    filing.decide()
    reject(filing)
    assert filing.active() == [BESIDE.id, DELIVERED.id, OFFERED.id]
    filing.answer(filing.in_flight[0])
    assert filing.active() == [BESIDE.id, OFFERED.id]
    assert attempts(filing, DELIVERED) == [1]


def test_a_refusal_leaves_the_accepted_return_beside_it_as_it_is() -> None:
    filing = in_the_group(DELIVERED, ANOTHER)
    filing.verdicts = iter([(True, "Verwerkbaar"), (False, "Onbekend nummer")])
    filing.decide()
    assert filing.active() == ["opstellen"]
    assert filing.view.phases[4].status == "completed"
    filing.prepare("2")
    filing.review("2")
    filing.decide(content="2")
    assert filing.active() == ["afronden"]
    assert (attempts(filing, DELIVERED), attempts(filing, ANOTHER)) == ([1], [1, 2])


@pytest.mark.parametrize("group", [(DELIVERED, ANOTHER), (ANOTHER, DELIVERED)])
def test_a_refusal_waits_for_the_return_beside_it_that_the_authority_has(group: tuple[Phase, ...]) -> None:
    filing = in_the_group(*group)
    filing.hold = {"follow"}
    filing.decide()
    flying = {command.phase: command for command in filing.in_flight}
    number = flying[ANOTHER.id].number
    filing.send(Judged(at=filing.now, number=number, accepted=False, code="510", text="Onbekend nummer"))
    filing.until(date(2026, 3, 10))
    assert filing.active() == [phase.id for phase in group]
    assert attempts(filing, ANOTHER) == [1]
    filing.answer(flying[DELIVERED.id])
    assert filing.active() == ["opstellen"]
    assert next(p for p in filing.view.phases if p.id == DELIVERED.id).status == "completed"
