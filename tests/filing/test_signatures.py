"""Signing within the office: who completes a phase signs exactly the bytes that were seen."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.events import Actor, Attach, Complete, RecordDelivery
from kantoor.plan import Phase, Plan, Work

from .driver import ACCOUNTANT, ADMIN, MANAGER, Driver, shown
from .plans import CLOSE, DELIVER, OFFER, PREPARE, VAT
from .test_phases import refused

SIGN = Phase(
    id="ondertekenen",
    title="Verklaring ondertekenen",
    role="accountant",
    qualification=("AA", "RA"),
    signs=("aangifte",),
    back_to="opstellen",
    block=Work(),
)
TITLED = replace(ACCOUNTANT, qualifications=("RA",))
UNSIGNED = (
    "De huidige versie van 'Aangifte omzetbelasting' is nog niet ondertekend "
    "(fase 'Verklaring ondertekenen')."
)


def plan_of(*phases: Phase) -> Plan:
    return replace(VAT, phases=phases)


def signing(*after: Phase) -> Driver:
    """Return a filing at the phase that signs its return."""
    filing = Driver(plan_of(PREPARE, SIGN, *after))
    filing.until(date(2026, 2, 1))
    filing.prepare()
    return filing


def sign(filing: Driver, content: str = "1", by: Actor = TITLED) -> object:
    return filing.act(Complete, by, phase="ondertekenen", documents=(shown(content),))


def test_who_completes_the_phase_signs_the_bytes_that_were_seen() -> None:
    filing = signing(CLOSE)
    assert filing.view.phases[1].signs == (shown(),)
    sign(filing)
    (document,) = filing.view.documents
    assert [(one.phase, one.by) for one in document.signatures] == [("ondertekenen", TITLED.id)]
    told = next(entry for entry in filing.entries if entry.what == "document_signed")
    assert (told.by, told.data["hash"]) == (TITLED.id, shown().hash)
    assert filing.active() == ["afronden"]


@pytest.mark.parametrize("seen", [(), (shown("2"),)])
def test_nobody_signs_what_they_have_not_seen(seen: tuple[object, ...]) -> None:
    filing = signing(CLOSE)
    answer = filing.act(Complete, TITLED, phase="ondertekenen", documents=seen)
    assert refused(answer, "stale_document")
    assert filing.view.documents[0].signatures == ()


def test_only_who_holds_the_title_signs() -> None:
    filing = signing(CLOSE)
    assert refused(sign(filing, by=ACCOUNTANT), "unqualified")
    assert refused(sign(filing, by=ADMIN), "wrong_role")


def test_another_version_needs_another_signature() -> None:
    filing = signing(OFFER)
    sign(filing)
    filing.decide("reject", reason="Fout")
    filing.must(Attach, ADMIN, shown=shown("2"))
    assert filing.view.documents[0].signatures == ()
    filing.must(Complete, ADMIN, phase="opstellen")
    assert refused(sign(filing, "1"), "stale_document")
    sign(filing, "2")
    assert filing.view.offers[0].documents == (shown("2"),)


def test_what_is_not_signed_is_not_offered() -> None:
    beside = replace(SIGN, group="samen")
    making = replace(PREPARE, id="nazien", title="Nazien", group="samen")
    document = replace(VAT.documents[0], made_in="nazien")
    plan = replace(plan_of(beside, making, replace(OFFER, back_to="nazien")), documents=(document,))
    filing = Driver(plan)
    filing.until(date(2026, 2, 1))
    filing.must(Attach, ADMIN, shown=shown("1"))
    sign(filing, "1")
    filing.must(Attach, ADMIN, shown=shown("2"))
    filing.must(Complete, ADMIN, phase="nazien")
    assert filing.view.offers[0].problem == UNSIGNED
    assert filing.entries[-1].data["reason"] == UNSIGNED


def test_what_is_signed_after_the_offer_is_offered_without_it_and_delivered_with_it() -> None:
    by_hand = replace(DELIVER.block, by_hand=True)
    after = replace(SIGN, back_to=None)
    filing = Driver(plan_of(PREPARE, OFFER, after, replace(DELIVER, block=by_hand)))
    filing.until(date(2026, 2, 25))
    filing.prepare()
    filing.decide()
    assert filing.active() == ["ondertekenen"]
    sign(filing)
    fiscal = Actor(kind="team", id="dirk", roles=("fiscaal",))
    filing.must(RecordDelivery, fiscal, phase="indienen", on=date(2026, 2, 25), proof="bewijs")
    assert filing.view.ended == "completed"


def test_a_phase_that_was_skipped_signs_nothing() -> None:
    never = replace(SIGN, condition=VAT.phases[0].checkpoints[1].condition)  # only in December
    filing = Driver(plan_of(PREPARE, never, OFFER))
    filing.until(date(2026, 2, 1))
    filing.prepare()
    assert filing.view.offers[0].problem is None
    assert filing.act(Complete, MANAGER, phase="ondertekenen", documents=()).code == "phase_not_active"
