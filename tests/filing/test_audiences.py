"""For whom entries, notes and documents are, from the first (R45)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.audience import CLIENT, COMPLIANCE, OFFICE, Viewer, for_roles, is_audience, is_for, roles_in
from kantoor.data import replace
from kantoor.filing.events import Attach, Complete, Note
from kantoor.plan import Document

from .driver import ACCOUNTANT, ADMIN, Driver, shown
from .plans import VAT
from .test_phases import refused

ROLES = st.sets(st.sampled_from(["accountant", "fiscaal", "compliance"]), min_size=1)
AUDIENCES = st.sampled_from([None, OFFICE, CLIENT, COMPLIANCE, "strange", "roles:"]) | ROLES.map(for_roles)
COLLEAGUES = st.builds(Viewer, st.just(False), st.sampled_from([None, "ans"]), ROLES.map(frozenset))


@given(audience=AUDIENCES, who=st.sampled_from(["c-1", None]))
def test_a_client_reads_what_is_for_the_client_and_nothing_else(
    audience: str | None, who: str | None
) -> None:
    client = Viewer(client=True, id=who, roles=frozenset({"compliance", "accountant"}))
    assert is_for(audience, client, by=who) == (audience == CLIENT)


@given(audience=AUDIENCES, colleague=COLLEAGUES)
def test_a_colleague_reads_what_is_for_the_office_and_for_their_roles(
    audience: str | None, colleague: Viewer
) -> None:
    named = audience in (None, OFFICE, CLIENT)
    theirs = bool(colleague.roles & {*roles_in(audience)})
    compliance = audience == COMPLIANCE and COMPLIANCE in colleague.roles
    assert is_for(audience, colleague) == (named or theirs or compliance)
    if audience is not None and is_audience(audience):
        assert is_for(audience, colleague, by="ans") >= (colleague.id == "ans")


@given(roles=ROLES)
def test_the_roles_of_an_audience_are_read_back(roles: set[str]) -> None:
    assert is_audience(for_roles(roles))
    assert {*roles_in(for_roles(roles))} == roles


def collecting() -> Driver:
    driver = Driver(VAT)
    driver.until(date(2026, 2, 1))
    return driver


def test_a_note_has_the_audience_that_was_named_and_is_else_the_offices() -> None:
    driver = collecting()
    driver.must(Note, ADMIN, text="Gebeld")
    driver.must(Note, ADMIN, text="Ongebruikelijk", audience=COMPLIANCE)
    driver.must(Note, ADMIN, text="Voor Bart", audience=for_roles(["accountant"]))
    driver.must(Note, ADMIN, text="Voor allen", audience=OFFICE)
    found = [entry.audience for entry in driver.entries if entry.what == "noted"]
    assert found == [None, COMPLIANCE, "roles:accountant", None]


def test_an_audience_that_there_is_not_is_refused() -> None:
    driver = collecting()
    assert refused(driver.act(Note, ADMIN, text="x", audience="iedereen"), "unknown_audience")
    assert refused(driver.act(Note, ADMIN, text="x", audience="roles:baas"), "unknown_role")


def test_a_document_that_is_offered_is_not_kept_from_the_client() -> None:
    driver = collecting()
    driver.collect()
    answer = driver.act(Attach, ADMIN, shown=shown(), audience=COMPLIANCE)
    assert refused(answer, "offered_to_client")


def test_a_document_is_for_the_client_at_once_only_when_no_phase_reviews_or_offers_it() -> None:
    letter = Document(id="brief", title="Brief", made_in="opstellen")
    driver = Driver(replace(VAT, documents=(*VAT.documents, letter)))
    driver.until(date(2026, 2, 1))
    driver.collect()
    assert refused(driver.act(Attach, ADMIN, shown=shown(), audience=CLIENT), "offered_to_client")
    driver.must(Attach, ADMIN, shown=shown(document="brief"), audience=CLIENT)
    assert [one.audience for one in driver.view.documents if one.shown] == [CLIENT]
    assert driver.entries[-1].audience is None  # what was noticed when it was made is the office's


def test_what_the_client_was_shown_and_answered_is_for_them_and_the_work_is_not() -> None:
    driver = collecting()
    driver.to_offer()
    driver.decide()
    told: dict[str, set[str | None]] = {}
    for entry in driver.entries:
        told.setdefault(entry.what, set()).add(entry.audience)
    assert {what for what, whose in told.items() if whose == {CLIENT}} >= {"offer_released", "decided"}
    for what in ("checkpoint_ticked", "phase_completed", "document_attached", "document_reviewed"):
        assert told[what] == {None}


@pytest.mark.parametrize("audience", [COMPLIANCE, for_roles(["accountant"])])
def test_the_review_of_a_document_is_for_whom_the_document_is(audience: str) -> None:
    memo = Document(id="memo", title="Memo", made_in="opstellen")
    phases = tuple(
        replace(phase, reviews=("aangifte", "memo")) if phase.id == "controle" else phase
        for phase in VAT.phases
    )
    driver = Driver(replace(VAT, documents=(*VAT.documents, memo), phases=phases))
    driver.until(date(2026, 2, 1))
    driver.collect()
    driver.must(Attach, ADMIN, shown=shown(document="memo"), audience=audience)
    driver.prepare()
    driver.must(Complete, ACCOUNTANT, phase="controle", documents=(shown(), shown(document="memo")))
    found = {(e.what, e.audience) for e in driver.entries if e.data.get("document") == "memo"}
    assert found == {("document_attached", audience), ("document_reviewed", audience)}
