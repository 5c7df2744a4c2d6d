"""Documents that are made from others: the approval of the source covers what was made from its bytes."""

from datetime import date

from kantoor.data import replace
from kantoor.filing.events import Attach, Complete
from kantoor.filing.outcome import Refusal
from kantoor.plan import Document

from .driver import ADMIN, Driver, shown
from .plans import DELIVER, VAT, with_phase

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


def test_a_document_whose_source_is_made_in_a_later_phase_stands_still_at_its_delivery_and_says_why() -> None:
    filing = delivering(replace(ANNEX, made_in="verzamelen"))
    filing.must(Attach, ADMIN, shown=shown("1", "bijlage"))
    filing.collect()
    filing.prepare()
    filing.review()
    filing.decide()
    (item,) = filing.view.work
    assert item.missing == (f"'Bijlage' {TOO_EARLY}. Stuur het werk terug en voeg 'Bijlage' opnieuw toe.",)
