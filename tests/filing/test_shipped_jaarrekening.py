"""The shipped annual accounts on the machine: from the papers to the deposit, over the calendar year 2025."""

from datetime import date, datetime

import pytest

from kantoor.data import replace
from kantoor.filing.events import Check, Complete, Decide, Notice, RecordDelivery, RecordFact, ResolvedContact
from kantoor.filing.outcome import Refusal, Step

from .driver import ACCOUNTANT, ADMIN, CLIENT, MANAGER, Driver, shown
from .shipped import deadline, due, messages, phase, relation, shipped
from .test_phases import refused

QUALIFIED = replace(ACCOUNTANT, qualifications=("AA",))
SECOND = replace(CLIENT, id="c-pietersen")
BOARD = tuple(ResolvedContact(contact=one.id, may=one.may) for one in (CLIENT, SECOND))
ADOPTED = "2026-06-15"


def started(legal_form: str = "bv") -> Driver:
    return Driver(
        shipped("jaarrekening"), "2025", begun=datetime(2026, 2, 2, 9), relation=relation(legal_form)
    )


def make(filing: Driver, content: str = "1") -> None:
    """Go on from compiling to what the client is asked."""
    filing.finish("samenstellen", ADMIN, content)
    filing.finish("beoordelen", ACCOUNTANT)
    filing.finish("bespreken", MANAGER)


def offered(legal_form: str = "bv", klasse: str = "klein") -> Driver:
    """Return a filing whose accounts are with the client."""
    filing = started(legal_form)
    filing.finish("aanvaarden", ACCOUNTANT)
    if filing.active() == ["grootteklasse"]:
        filing.finish("grootteklasse", ACCOUNTANT, klasse=klasse)
    filing.supply("uitvraag.stukken.1", ADMIN)
    filing.finish("uitvraag", ADMIN)
    make(filing)
    return filing


def answer(filing: Driver, word: str, by: object = CLIENT, content: str = "1", reason: str = "") -> object:
    (name,) = filing.active()
    documents = (shown(content, "jaarrekening"),)
    return filing.act(Decide, by, phase=name, answer=word, documents=documents, reason=reason)


def adopted(on: str = ADOPTED, klasse: str = "klein") -> Driver:
    """Return a filing whose accounts were adopted on a day, and recorded on it."""
    filing = offered(klasse=klasse)
    assert isinstance(answer(filing, "sign"), Step)
    filing.finish(*(("verklaren", QUALIFIED) if klasse == "klein" else ("controleverklaring", ACCOUNTANT)))
    filing.until(date.fromisoformat(on))
    filing.finish("vaststellen", MANAGER, voorlopig=False)
    filing.finish("vaststelling", MANAGER, vastgesteld_op=on)
    return filing


def test_a_private_company_goes_from_papers_to_deposit() -> None:
    filing = adopted()
    filing.finish("publicatie", ADMIN)
    assert refused(
        filing.act(RecordDelivery, ADMIN, phase="deponeren", on=date(2026, 6, 15)), "proof_missing"
    )
    filing.must(RecordDelivery, ADMIN, phase="deponeren", on=date(2026, 6, 15), proof="hash")
    filing.finish("afronden", ACCOUNTANT)
    assert filing.view.ended == "completed"
    assert deadline(filing, "deponeren").status == "met"
    assert messages(filing)[0] == "jaarrekening-uitvraag"
    assert messages(filing)[-1] == "jaarrekening-gedeponeerd"


def test_adoption_starts_the_eight_days_and_a_corrected_date_moves_them() -> None:
    filing = offered()
    assert due(filing, "deponeren") == date(2026, 12, 31)  # twelve months after 2025
    answer(filing, "sign")
    filing.finish("verklaren", QUALIFIED)
    filing.until(date(2026, 6, 17))
    filing.finish("vaststellen", MANAGER, voorlopig=False)
    filing.finish("vaststelling", MANAGER, vastgesteld_op=ADOPTED)
    assert due(filing, "deponeren") == date(2026, 6, 23)
    assert phase(filing, "publicatie").due == date(2026, 6, 17)  # four before it
    assert phase(filing, "deponeren").due == date(2026, 6, 19)  # a Friday, two working days before Tuesday
    corrected = {"phase": "vaststelling", "fact": "vastgesteld_op", "value": "2026-06-17"}
    filing.must(RecordFact, MANAGER, **corrected, reason="Volgens de notulen")
    assert due(filing, "deponeren") == date(2026, 6, 25)


def test_where_signing_adopts_the_eight_days_run_from_the_last_signature() -> None:
    filing = started()
    filing.resolution["recipients"] = BOARD
    filing.finish("aanvaarden", ACCOUNTANT)
    filing.finish("grootteklasse", ACCOUNTANT, klasse="klein")
    filing.supply("uitvraag.stukken.1", ADMIN)
    filing.finish("uitvraag", ADMIN)
    filing.finish("samenstellen", ADMIN)
    filing.finish("beoordelen", ACCOUNTANT)
    filing.finish("bespreken", MANAGER, door_ondertekening=True)
    answer(filing, "sign")
    filing.until(date(2026, 6, 15))
    assert due(filing, "deponeren") == date(2026, 11, 9)  # one of the two has signed; the 8th is a Sunday
    answer(filing, "sign", by=SECOND)
    assert due(filing, "deponeren") == date(2026, 6, 23)
    filing.finish("verklaren_direct", QUALIFIED)
    assert filing.active() == ["publicatie"]
    assert phase(filing, "vaststellen").status == "skipped"
    assert "jaarrekening-vaststellen" not in messages(filing)


def test_accounts_that_are_not_adopted_are_filed_provisionally_and_again_once_they_are() -> None:
    """So BW 2:394: by the last day of lid 2, and within eight days after the day that the notice names."""
    filing = offered("nv")
    answer(filing, "sign")
    filing.finish("verklaren", QUALIFIED)
    filing.finish("vaststellen", MANAGER, voorlopig=True)
    assert due(filing, "deponeren") == date(2026, 12, 31)
    filing.finish("publicatie_voorlopig", ADMIN)
    filing.must(RecordDelivery, ADMIN, phase="deponeren_voorlopig", on=filing.now.date(), proof="hash")
    assert filing.active() == ["alsnog_vaststellen"]
    assert phase(filing, "vaststelling").status == "skipped"
    filing.until(date(2027, 2, 10))
    letter = {"notice": "vaststelling", "reason": "Notulen", "document": "hash"}
    filing.must(Notice, MANAGER, phase="alsnog_vaststellen", on=date(2027, 2, 4), **letter)
    assert due(filing, "deponeren_vastgesteld") == date(2027, 2, 12)
    minutes = {"phase": "deponeren_vastgesteld", "fact": "alsnog_vastgesteld_op", "value": "2027-02-09"}
    filing.must(RecordFact, ADMIN, **minutes, reason="Volgens de notulen")
    assert due(filing, "deponeren_vastgesteld") == date(2027, 2, 17)
    filing.finish("deponeren_vastgesteld", ADMIN)
    filing.finish("afronden", ACCOUNTANT)
    asked, told, ended = messages(filing)[-3:]
    assert (asked, told) == ("jaarrekening-vaststellen", "werk-blijft-liggen")
    assert ended == "jaarrekening-vastgestelde-gedeponeerd"
    assert deadline(filing, "deponeren_vastgesteld").status == "met"
    assert filing.view.ended == "completed"


def test_accounts_that_are_adopted_before_they_are_filed_provisionally_are_filed_as_others_are() -> None:
    filing = offered("nv")
    answer(filing, "sign")
    filing.finish("verklaren", QUALIFIED)
    filing.until(date(2026, 12, 7))
    filing.finish("vaststellen", MANAGER, voorlopig=True)
    filing.until(date(2026, 12, 21))
    put_right = {"fact": "voorlopig", "value": False, "reason": "Gisteren toch vastgesteld"}
    assert refused(filing.act(RecordFact, MANAGER, phase="vaststellen", **put_right), "phase_not_active")
    filing.must(RecordFact, ADMIN, phase="publicatie_voorlopig", **put_right)
    filing.finish("publicatie_voorlopig", ADMIN)
    assert filing.active() == ["vaststelling"]
    filing.finish("vaststelling", MANAGER, vastgesteld_op="2026-12-20")
    assert due(filing, "deponeren") == date(2026, 12, 28)
    assert filing.active() == ["publicatie"]


def test_an_adoption_late_in_the_year_leaves_no_more_than_twelve_months() -> None:
    assert due(adopted("2026-12-28"), "deponeren") == date(2026, 12, 31)


def test_a_deposit_that_is_not_made_is_missed_after_its_eighth_day() -> None:
    filing = adopted()
    filing.until(date(2026, 6, 23))
    assert deadline(filing, "deponeren").status == "open"
    filing.until(date(2026, 6, 24))
    assert deadline(filing, "deponeren").status == "missed"


def test_a_rejection_sends_the_accounts_back_and_another_version_is_signed() -> None:
    filing = offered()
    assert refused(answer(filing, "reject"), "reason_missing")
    answer(filing, "reject", reason="De voorraad klopt niet")
    assert filing.active() == ["samenstellen"]
    make(filing, "2")
    assert refused(answer(filing, "sign"), "stale_document")
    assert isinstance(answer(filing, "sign", content="2"), Step)
    assert filing.active() == ["verklaren"]


@pytest.mark.parametrize(
    ("legal_form", "follow"), [("bv", ["aangifte-vpb"]), ("vof", []), ("eenmanszaak", [])]
)
def test_the_corporation_tax_return_is_started_for_a_company_alone(
    legal_form: str, follow: list[str]
) -> None:
    filing = started(legal_form)
    filing.finish("aanvaarden", ACCOUNTANT)
    assert [c.template for c in filing.commands if c.kind == "start"] == follow


def test_every_director_signs() -> None:
    filing = started()
    filing.resolution["recipients"] = BOARD
    filing.finish("aanvaarden", ACCOUNTANT)
    filing.finish("grootteklasse", ACCOUNTANT, klasse="micro")
    filing.supply("uitvraag.stukken.1", ADMIN)
    filing.finish("uitvraag", ADMIN)
    make(filing)
    answer(filing, "sign")
    assert filing.active() == ["ondertekenen"]
    answer(filing, "sign", by=SECOND)
    assert filing.active() == ["verklaren"]


def test_whoever_compiled_the_accounts_does_not_review_them() -> None:
    filing = offered()
    answer(filing, "reject", reason="Niet goed")
    both = replace(ACCOUNTANT, roles=("accountant", "administratie"))
    filing.finish("samenstellen", both, "2")
    told = filing.act(Complete, both, phase="beoordelen", documents=(shown("2", "jaarrekening"),))
    assert isinstance(told, Refusal)
    assert told.code == "four_eyes"


@pytest.mark.parametrize("klasse", ["middelgroot", "groot"])
def test_from_medium_size_an_auditors_report_comes_before_adoption(klasse: str) -> None:
    filing = adopted(klasse=klasse)
    assert phase(filing, "verklaren").status == "skipped"
    assert phase(filing, "controleverklaring").status == "completed"


def test_the_compilation_report_is_signed_by_a_qualified_accountant() -> None:
    filing = offered(klasse="micro")
    answer(filing, "sign")
    assert refused(filing.act(Complete, ACCOUNTANT, phase="verklaren"), "unqualified")
    filing.must(Check, QUALIFIED, phase="verklaren", checkpoint="dossier")
    seen = {"phase": "verklaren", "documents": (shown("2", "verklaring"),)}
    assert refused(filing.act(Complete, QUALIFIED, **seen), "stale_document")
    filing.finish("verklaren", QUALIFIED)
    (declaration,) = [one for one in filing.view.documents if one.id == "verklaring"]
    assert declaration.shown == shown("1", "verklaring")
    assert [(one.phase, one.by) for one in declaration.signatures] == [("verklaren", QUALIFIED.id)]


@pytest.mark.parametrize("legal_form", ["eenmanszaak", "vof", "maatschap", "cv"])
def test_who_is_no_legal_person_approves_and_deposits_nothing(legal_form: str) -> None:
    filing = offered(legal_form)
    assert filing.active() == ["akkoord"]
    answer(filing, "approve")
    filing.finish("verklaren", QUALIFIED)
    assert filing.active() == ["afronden"]
    skipped = {one.id for one in filing.view.phases if one.status == "skipped"}
    assert {"grootteklasse", "ondertekenen", "vaststellen", "publicatie", "deponeren"} <= skipped
    assert "jaarrekening-gedeponeerd" not in messages(filing)


@pytest.mark.parametrize(("above", "follows"), [(True, "publicatie"), (False, "afronden")])
def test_a_foundation_deposits_only_with_a_large_enterprise(above: bool, follows: str) -> None:
    filing = started("stichting")
    filing.finish("aanvaarden", ACCOUNTANT)
    filing.finish("grootteklasse", ACCOUNTANT, klasse="klein", boven_omzetgrens=above)
    filing.supply("uitvraag.stukken.1", ADMIN)
    filing.finish("uitvraag", ADMIN)
    make(filing)
    answer(filing, "sign")
    filing.finish("verklaren", QUALIFIED)
    filing.until(date(2026, 6, 15))
    filing.finish("vaststellen", MANAGER, voorlopig=False)
    filing.finish("vaststelling", MANAGER, vastgesteld_op=ADOPTED)
    assert filing.active() == [follows]
