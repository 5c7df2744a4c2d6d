"""Documents that are made from others: the approval of the source covers what was made from its bytes."""

from datetime import date

from kantoor.data import replace
from kantoor.filing.events import Attach, Complete
from kantoor.filing.outcome import Refusal
from kantoor.plan import Document

from .driver import ACCOUNTANT, ADMIN, Driver, shown
from .plans import DELIVER, OFFER, REVIEW, VAT, with_phase

RETURN = VAT.documents[0]
ANNEX = Document(
    id="bijlage", title="Bijlage", made_in="opstellen", source="aangifte", report="omzetbelasting"
)
TOO_EARLY = "is gemaakt voordat de huidige versie van 'Aangifte omzetbelasting' is toegevoegd"


def delivering(annex: Document = ANNEX) -> Driver:
    """Return a filing, at its beginning, that offers the return and delivers an annex made from it."""
    block = DELIVER.block
    plan = with_phase(replace(DELIVER, block=replace(block, document=annex.id)))
    filing = Driver(replace(plan, documents=(RETURN, annex)))
    filing.until(date(2026, 2, 1))
    return filing


def complete(filing: Driver) -> list[str]:
    """Complete preparing; return what is in the way, as the refusal and the work list tell it."""
    missing = [text for item in filing.view.work if item.kind == "phase" for text in item.missing]
    answer = filing.act(Complete, ADMIN, phase="opstellen")
    if isinstance(answer, Refusal):
        assert all(text in answer.text for text in missing)
    return missing


def test_a_document_that_was_attached_before_its_source_keeps_the_work_until_it_is_attached_again() -> None:
    filing = delivering()
    filing.collect()
    filing.must(Attach, ADMIN, shown=shown("1", "bijlage"))
    filing.must(Attach, ADMIN, shown=shown("1"))
    assert complete(filing) == [f"document bijlage ('Bijlage') {TOO_EARLY} (voeg het opnieuw toe)"]
    filing.must(Attach, ADMIN, shown=shown("1", "bijlage"))
    assert complete(filing) == []
    filing.review()
    filing.decide()
    assert [c.document for c in filing.commands if c.kind == "deliver"] == ["bijlage"]
    assert filing.active() == ["afronden"]


def test_a_document_is_made_again_when_its_source_was_replaced_in_a_later_round() -> None:
    filing = delivering()
    filing.collect()
    filing.must(Attach, ADMIN, shown=shown("1"))
    filing.must(Attach, ADMIN, shown=shown("1", "bijlage"))
    assert complete(filing) == []
    filing.review()
    filing.decide("reject", reason="Er mist een factuur")
    assert complete(filing) == []
    filing.review()
    filing.decide("reject", reason="Er mist een factuur")
    filing.must(Attach, ADMIN, shown=shown("2"))
    assert len(complete(filing)) == 1
    filing.must(Attach, ADMIN, shown=shown("2", "bijlage"))
    assert complete(filing) == []


def trace(filing: Driver, content: str) -> str:
    """Attach a version of the annex as the service does; return the code of the refusal, or none."""
    answer = filing.act(Attach, ADMIN, shown=shown(content, "bijlage"), traced=True)
    return answer.code if isinstance(answer, Refusal) else ""


def test_bytes_that_were_made_from_an_earlier_version_are_refused_when_they_are_attached_again() -> None:
    filing = delivering()
    filing.collect()
    filing.must(Attach, ADMIN, shown=shown("1"))
    assert [trace(filing, content) for content in ("a", "b", "a")] == ["", "", ""]
    complete(filing)
    filing.review()
    filing.decide("reject", reason="Er mist een factuur")
    filing.must(Attach, ADMIN, shown=shown("2"))
    assert [trace(filing, content) for content in ("a", "b")] == ["made_from_another"] * 2
    assert complete(filing) == [f"document bijlage ('Bijlage') {TOO_EARLY} (voeg het opnieuw toe)"]
    assert trace(filing, "c") == ""
    filing.must(Attach, ADMIN, shown=shown("1"))
    assert [trace(filing, content) for content in ("c", "a")] == ["made_from_another", ""]
    filing.must(Attach, ADMIN, shown=shown("2"))
    assert trace(filing, "c") == ""
    assert complete(filing) == []


def test_bytes_that_were_attached_before_what_they_are_made_from_can_be_attached_again() -> None:
    filing = delivering()
    filing.collect()
    assert trace(filing, "a") == ""
    filing.must(Attach, ADMIN, shown=shown("1"))
    assert trace(filing, "a") == ""


def test_a_document_whose_source_is_made_in_a_later_phase_stands_still_at_its_delivery_and_says_why() -> None:
    filing = delivering(replace(ANNEX, made_in="verzamelen"))
    filing.must(Attach, ADMIN, shown=shown("1", "bijlage"))
    filing.collect()
    filing.prepare()
    filing.review()
    filing.decide()
    (item,) = filing.view.work
    assert item.missing == (f"'Bijlage' {TOO_EARLY}. Stuur het werk terug en voeg 'Bijlage' opnieuw toe.",)


def with_optional(annex: Document) -> Driver:
    """Return a filing that reviews and offers the return together with an optional document."""
    reviewed = with_phase(replace(REVIEW, reviews=("aangifte", annex.id)))
    plan = with_phase(replace(OFFER, block=replace(OFFER.block, documents=("aangifte", annex.id))), reviewed)
    filing = Driver(replace(plan, documents=(RETURN, annex)))
    filing.until(date(2026, 2, 1))
    filing.collect()
    return filing


OPTIONAL = Document(id="bijlage", title="Bijlage", made_in="opstellen", optional=True)


def test_an_optional_document_that_nobody_attached_holds_up_neither_review_nor_offer() -> None:
    filing = with_optional(OPTIONAL)
    filing.prepare()
    filing.review()
    assert [offer.status for offer in filing.view.offers] == ["waiting"]
    filing.decide()
    assert filing.active() == ["afronden"]


def test_an_optional_document_that_is_attached_is_reviewed_and_offered_with_the_others() -> None:
    filing = with_optional(OPTIONAL)
    filing.must(Attach, ADMIN, shown=shown("1", "bijlage"))
    filing.prepare()
    answer = filing.act(Complete, ACCOUNTANT, phase="controle", documents=(shown("1"),))
    assert isinstance(answer, Refusal)
    assert answer.code == "stale_document"
    both = (shown("1"), shown("1", "bijlage"))
    filing.must(Complete, ACCOUNTANT, phase="controle", documents=both)
    assert [offer.documents for offer in filing.view.offers] == [both]


def test_an_offer_of_nothing_stands_still_and_says_so() -> None:
    plan = with_phase(replace(REVIEW, reviews=()))
    plan = with_phase(replace(OFFER, block=replace(OFFER.block, documents=("bijlage",))), plan)
    filing = Driver(replace(plan, documents=(replace(RETURN, optional=True), OPTIONAL)))
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.must(Complete, ADMIN, phase="opstellen")
    filing.must(Complete, ACCOUNTANT, phase="controle")
    (offer,) = filing.view.offers
    assert (offer.status, offer.problem) == (
        "standing_still",
        "Er is geen document toegevoegd dat kan worden aangeboden.",
    )
