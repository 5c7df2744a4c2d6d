"""The shipped templates on the machine, as the office and its clients go through them.

The days are worked out by hand, from the calendar of the year and the days on which the office is closed.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kantoor.data import replace
from kantoor.filing.commands import LeaveNote
from kantoor.filing.events import (
    SYSTEM,
    AcceptItem,
    Actor,
    AnswerRequest,
    Attach,
    Calendars,
    Check,
    Complete,
    Decide,
    Enclosure,
    Notice,
    RecordDelivery,
    RecordFact,
)
from kantoor.filing.outcome import Refusal, Step
from kantoor.plan import Plan

from ..shipped import compile_shipped
from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, PAYROLL, Driver, shown
from .test_phases import refused

DEFINITIONS = Path(__file__).parents[2] / "definitions"
FREE = (date(2026, 4, 6), date(2026, 4, 27), date(2026, 5, 14), date(2026, 5, 25))
"""Easter Monday, Koningsdag, Ascension Day and Whit Monday of 2026."""


@cache
def plans() -> dict[str, Plan]:
    compilation = compile_shipped()
    assert compilation.diagnostics == ()
    return dict(compilation.plans)


def begin(template: str, period: str, now: datetime = datetime(2025, 12, 31, 8), **start: Any) -> Driver:
    filing = Driver(plans()[template], period, now, calendars=Calendars(office=FREE, law=FREE), **start)
    assert filing.entries
    return filing


def test_the_payroll_of_four_weeks_is_due_a_month_after_them() -> None:
    filing = begin("loonaangifte", "2026-P03", datetime(2026, 2, 22, 8))
    assert last_days(filing) == {"lonen": date(2026, 3, 20), "aangifte": date(2026, 4, 22)}
    filing.until(date(2026, 3, 1))
    assert filing.active() == ["mutaties"]


def targets(filing: Driver) -> dict[str, date | None]:
    return {phase.id: phase.due for phase in filing.view.phases}


def last_days(filing: Driver) -> dict[str, date | None]:
    return {deadline.id: deadline.due for deadline in filing.view.deadlines}


def prepare(filing: Driver, phase: str, document: str, by: Actor, content: str = "1") -> None:
    """Attach a document and finish the phase that makes it."""
    filing.must(Attach, by, shown=shown(content, document))
    filing.complete_work(phase, by)


def decide(filing: Driver, phase: str, document: str, answer: str = "approve", **facts: Any) -> None:
    """Let the client answer to the first version of a document, or to the one of `content`."""
    content = facts.pop("content", "1")
    filing.must(Decide, CLIENT, phase=phase, answer=answer, documents=(shown(content, document),), **facts)


def deliver(filing: Driver, by: Actor = FISCAL) -> Step | Refusal:
    return filing.act(
        RecordDelivery, by, phase="indienen", on=filing.now.date(), proof="hash", reference="1234"
    )


# The VAT return.


def late_since(filing: Driver) -> dict[str, date | None]:
    """Return by kind since when open work of the team is late, None for what is not."""
    today = filing.now.date()
    assert all(item.due for item in filing.view.work)
    return {item.kind: item.due if item.due and item.due < today else None for item in filing.view.work}


def test_work_of_the_team_on_a_vat_return_says_since_when_it_is_late_whatever_deadline_has_passed() -> None:
    filing = begin("btw-aangifte", "2026-01")
    filing.until(date(2026, 2, 2))
    filing.complete_work("verzamelen", ADMIN)
    prepare(filing, "opstellen", "aangifte", ADMIN)
    filing.until(date(2026, 4, 10))
    assert (filing.active(), filing.view.deadlines[0].status) == (["controle"], "missed")
    assert late_since(filing) == {"phase": date(2026, 2, 19)}
    filing.complete_work("controle", ACCOUNTANT)
    filing.until(date(2026, 4, 13))
    late = {"decide": date(2026, 2, 25), "escalated": date(2026, 2, 25), "task": date(2026, 2, 28)}
    assert (filing.active(), late_since(filing)) == (["aanbieden"], late)
    decide(filing, "aanbieden", "aangifte")
    assert (filing.active(), filing.view.due) == (["afronden"], None)
    assert late_since(filing) == {"phase": date(2026, 3, 6)}


def test_a_task_that_is_made_after_the_target_of_its_phase_is_due_by_the_last_day_of_the_return() -> None:
    filing = begin("btw-aangifte", "2026-01")
    filing.until(date(2026, 2, 2))
    filing.complete_work("verzamelen", ADMIN)
    prepare(filing, "opstellen", "aangifte", ADMIN)
    filing.complete_work("controle", ACCOUNTANT)
    filing.until(date(2026, 2, 26))
    (task,) = [item for item in filing.view.work if item.kind == "task"]
    assert (filing.phase("aanbieden").due, task.due) == (date(2026, 2, 25), date(2026, 2, 28))


# The ICP statement.


def statement(period: str = "2026-Q1") -> Driver:
    """Return a statement with something to state, reviewed and offered on 2 April 2026."""
    filing = begin("icp-opgaaf", period)
    filing.until(date(2026, 4, 2))
    filing.complete_work("verzamelen", ADMIN, "prestaties")
    prepare(filing, "opstellen", "opgaaf", ADMIN)
    filing.complete_work("controle", FISCAL)
    assert filing.active() == ["aanbieden"]
    return filing


def test_an_icp_statement_is_offered_filed_by_hand_and_closed() -> None:
    filing = statement()
    decide(filing, "aanbieden", "opgaaf")
    assert isinstance(deliver(filing), Step)
    assert filing.view.planner == "ingediend"
    filing.complete_work("afronden", ADMIN)
    assert (filing.view.ended, filing.view.planner) == ("completed", "klaar")
    assert filing.view.deadlines[0].status == "met"
    assert filing.sent() == ["icp-stukken", "icp-ter-accordering", "icp-ingediend"]


def test_the_days_of_an_icp_statement_over_the_first_quarter() -> None:
    filing = begin("icp-opgaaf", "2026-Q1")
    assert last_days(filing) == {"opgaaf": date(2026, 4, 30)}
    assert targets(filing) == {
        "verzamelen": date(2026, 4, 13),
        "opstellen": date(2026, 4, 16),
        "controle": date(2026, 4, 20),
        "aanbieden": date(2026, 4, 24),
        "indienen": date(2026, 4, 28),
        "afronden": date(2026, 5, 7),
    }
    assert filing.active() == []
    filing.until(date(2026, 4, 1))
    assert filing.active() == ["verzamelen"]


def test_a_monthly_icp_statement_of_a_foreign_business_has_one_month_too() -> None:
    foreign = {"id": "opgaaf-icp", "frequency": "month", "foreign": True}
    filing = begin("icp-opgaaf", "2026-02", product=foreign)
    assert last_days(filing) == {"opgaaf": date(2026, 3, 31)}


def test_only_a_quarterly_icp_statement_is_checked_for_the_limit_of_goods() -> None:
    def checked(period: str) -> bool:
        return "maandgrens" in {c.id for c in begin("icp-opgaaf", period).phase("opstellen").checkpoints}

    assert checked("2026-Q1")
    assert not checked("2026-02")


def test_without_supplies_there_is_no_icp_statement() -> None:
    filing = begin("icp-opgaaf", "2026-Q1")
    filing.until(date(2026, 4, 2))
    filing.complete_work("verzamelen", ADMIN, "geen_prestaties")
    assert (filing.view.end_title, filing.view.planner) == ("Geen opgaaf nodig", "klaar")


def test_an_icp_statement_that_the_client_rejects_is_made_and_reviewed_again() -> None:
    filing = statement()
    decide(filing, "aanbieden", "opgaaf", "reject", reason="Een afnemer ontbreekt")
    assert filing.active() == ["opstellen"]
    prepare(filing, "opstellen", "opgaaf", ADMIN, content="2")
    filing.complete_work("controle", FISCAL)
    decide(filing, "aanbieden", "opgaaf", content="2")
    assert filing.active() == ["indienen"]


def test_a_client_who_is_silent_about_an_icp_statement_is_reminded_and_then_called_by_the_office() -> None:
    filing = statement()
    filing.until(date(2026, 4, 23))
    assert filing.sent().count("icp-accordering-herinnering") == 3  # 5, 8 and 11 April
    assert "icp-klant-zwijgt" not in filing.sent()
    filing.until(date(2026, 4, 24))
    assert filing.sent()[-1] == "icp-klant-zwijgt"
    filing.until(date(2026, 4, 28))
    assert [item.title for item in filing.view.work if item.kind == "task"] == [
        "Bel de klant over de opgaaf icp en leg vast wat is afgesproken"
    ]
    filing.must(Decide, ACCOUNTANT, phase="aanbieden", answer="not_deliver", reason="Klant wil niet")
    assert (filing.view.end_title, filing.view.planner) == ("Niet ingediend", "te_laat")


def test_who_prepared_an_icp_statement_does_not_review_it() -> None:
    filing = begin("icp-opgaaf", "2026-Q1")
    filing.until(date(2026, 4, 2))
    filing.complete_work("verzamelen", ADMIN, "prestaties")
    prepare(filing, "opstellen", "opgaaf", ADMIN)
    same = replace(ADMIN, roles=("administratie", "fiscaal"))
    reviewed = (shown("1", "opgaaf"),)
    assert refused(filing.act(Complete, same, phase="controle", documents=reviewed), "four_eyes")


# The VAT correction.


def correction(saldo: int = 250_000) -> Driver:
    """Return a correction over 2025 that was noticed on 2 March 2026, with its balance in cents recorded."""
    filing = begin("suppletie", "2025", datetime(2026, 3, 2, 9))
    record(filing, "signaleren", ADMIN, geconstateerd_op="2026-03-02", tijdvakken="Tweede kwartaal")
    filing.complete_work("signaleren", ADMIN)
    record(filing, "bepalen", FISCAL, saldo=saldo)
    return filing


def record(filing: Driver, phase: str, by: Actor, **values: Any) -> None:
    for fact, value in values.items():
        filing.must(RecordFact, by, phase=phase, fact=fact, value=value)


def offered_correction(saldo: int = 250_000) -> Driver:
    """Return a correction that must be filed, reviewed by a second tax person and offered on 10 March."""
    filing = correction(saldo)
    filing.until(date(2026, 3, 10))
    filing.complete_work("bepalen", FISCAL, "plicht")
    prepare(filing, "opstellen", "suppletie", ADMIN)
    filing.complete_work("controle", FISCAL)
    return filing


def filed_correction() -> Driver:
    """Return a correction that was approved and filed on 10 March 2026."""
    filing = offered_correction()
    decide(filing, "aanbieden", "suppletie")
    assert isinstance(deliver(filing), Step)
    assert filing.active() == ["afwachten"]
    return filing


def assess(filing: Driver, kind: str = "naheffingsaanslag") -> None:
    """Let the decision of 13 April come in, and record it."""
    filing.until(date(2026, 4, 14))
    filing.must(Notice, SYSTEM, phase="afwachten", notice=kind, on=date(2026, 4, 13), document="hash")
    record(filing, "aanslag", FISCAL, beschikking=kind)


def possible(filing: Driver, phase: str) -> list[str]:
    return [outcome.id for outcome in filing.phase(phase).outcomes]


@pytest.mark.parametrize(
    ("cents", "outcomes"),
    [
        (0, ["plicht", "klein", "geen_fout"]),
        (100_000, ["plicht", "klein"]),
        (-100_000, ["plicht", "klein"]),
        (100_001, ["plicht"]),
        (-100_001, ["plicht"]),
    ],
)
def test_up_to_a_thousand_euro_a_correction_may_go_into_the_next_return(
    cents: int, outcomes: list[str]
) -> None:
    filing = correction(cents)
    assert possible(filing, "bepalen") == outcomes


def test_a_small_correction_leaves_a_note_for_the_next_vat_return_and_ends() -> None:
    filing = correction(100_000)
    filing.complete_work("bepalen", FISCAL, "klein")
    assert {one.status for one in filing.view.deadlines} == {"needless"}
    assert (filing.view.end_title, filing.view.planner) == ("Verwerkt in de volgende aangifte", "klaar")
    notes = [c for c in filing.commands if isinstance(c, LeaveNote)]
    assert [(note.template, note.message) for note in notes] == [("btw-aangifte", "suppletie-klein")]
    assert filing.told().count("note_left") == 1


def test_a_large_correction_cannot_be_kept_for_the_next_vat_return() -> None:
    filing = correction(100_001)
    for checkpoint in ("saldo_bepaald", "termijn"):
        filing.must(Check, FISCAL, phase="bepalen", checkpoint=checkpoint)
    answer = filing.act(Complete, FISCAL, phase="bepalen", outcome="klein")
    assert isinstance(answer, Refusal)
    assert "niet mogelijk" in answer.text


def test_a_correction_is_due_eight_weeks_after_the_error_was_noticed() -> None:
    filing = begin("suppletie", "2025", datetime(2026, 3, 2, 9))
    assert last_days(filing) == {"suppletie": None, "bezwaar": None}
    record(filing, "signaleren", ADMIN, geconstateerd_op="2026-03-02")
    assert last_days(filing) == {"suppletie": date(2026, 4, 27), "bezwaar": None}  # Koningsdag; not moved
    assert targets(filing) == {
        "signaleren": date(2026, 3, 4),
        "bepalen": date(2026, 3, 16),
        "opstellen": date(2026, 3, 31),
        "controle": date(2026, 4, 8),
        "aanbieden": date(2026, 4, 17),
        "indienen": date(2026, 4, 21),
        "afwachten": None,
        "aanslag": None,
        "bezwaar": None,
        "afronden": None,
    }


def test_a_correction_is_filed_assessed_checked_and_the_client_is_told_to_pay_then() -> None:
    filing = filed_correction()
    assert "suppletie-aanslag" not in filing.sent()
    assess(filing)
    assert last_days(filing)["bezwaar"] == date(2026, 5, 26)  # six weeks end on Whit Monday
    filing.complete_work("aanslag", FISCAL, "klopt")
    assert filing.sent() == ["suppletie-ter-accordering", "suppletie-ingediend", "suppletie-aanslag"]
    assert filing.active() == ["afronden"]
    filing.complete_work("afronden", ADMIN)
    assert (filing.view.ended, filing.view.planner) == ("completed", "klaar")
    assert {deadline.status for deadline in filing.view.deadlines} == {"met", "needless"}


def test_a_refund_is_told_as_a_refund() -> None:
    filing = filed_correction()
    assess(filing, "teruggaafbeschikking")
    filing.complete_work("aanslag", FISCAL, "klopt")
    assert filing.sent()[-1] == "suppletie-teruggaaf"


def test_an_assessment_that_differs_leads_to_an_objection_within_six_weeks() -> None:
    filing = filed_correction()
    assess(filing)
    filing.complete_work("aanslag", FISCAL, "wijkt_af")
    assert filing.active() == ["bezwaar"]
    assert filing.phase("bezwaar").due == date(2026, 5, 18)
    filing.complete_work("bezwaar", FISCAL)
    assert filing.active() == ["afronden"]


def test_when_no_assessment_comes_the_office_is_told_and_goes_on_after_a_year() -> None:
    filing = filed_correction()
    filing.until(date(2026, 6, 9))
    assert filing.told().count("reminded") == 3  # 9 April, 9 May and 8 June
    filing.until(date(2026, 6, 10))
    assert filing.sent()[-1] == "suppletie-bericht-blijft-uit"
    filing.until(date(2027, 3, 9))
    assert filing.active() == ["afwachten"]
    filing.until(date(2027, 3, 10))
    assert filing.active() == ["afronden"]


def test_a_correction_that_the_client_rejects_is_made_and_reviewed_again() -> None:
    filing = offered_correction()
    decide(filing, "aanbieden", "suppletie", "reject", reason="De creditnota's ontbreken")
    assert filing.active() == ["opstellen"]
    prepare(filing, "opstellen", "suppletie", ADMIN, content="2")
    filing.complete_work("controle", FISCAL)
    decide(filing, "aanbieden", "suppletie", content="2")
    assert filing.active() == ["indienen"]


def test_a_client_who_is_silent_about_a_correction_is_called_before_the_eight_weeks_are_over() -> None:
    filing = offered_correction()
    filing.until(date(2026, 4, 16))
    assert filing.sent().count("suppletie-accordering-herinnering") == 3  # 14, 18 and 22 March
    assert "suppletie-klant-zwijgt" not in filing.sent()
    filing.until(date(2026, 4, 17))
    assert filing.sent()[-1] == "suppletie-klant-zwijgt"
    filing.until(date(2026, 4, 28))
    assert (filing.active(), filing.view.planner) == (["aanbieden"], "te_laat")


def test_an_error_that_nobody_works_out_is_escalated_before_it_is_known_when_it_was_noticed() -> None:
    filing = begin("suppletie", "2025", datetime(2026, 3, 2, 9))
    filing.until(date(2026, 3, 9))
    assert filing.sent() == ["suppletie-werk-blijft-liggen"]


# The payroll and its return.

NOTHING = dict.fromkeys(
    ("in_dienst", "uit_dienst", "gewijzigd", "uren", "verzuim", "vergoedingen", "brieven"), False
)
CHANGES, PAPERS = "mutaties.mutaties.1", "mutaties.stukken.1"


def payroll(period: str = "2026-03") -> Driver:
    return begin("loonaangifte", period)


def tell_changes(filing: Driver, **changes: bool) -> None:
    """Let the client tell what changes, and accept that."""
    filing.must(AnswerRequest, CLIENT, request=CHANGES, values=NOTHING | changes)
    filing.must(AcceptItem, PAYROLL, request=CHANGES)


def offered_run() -> Driver:
    """Return a payroll without changes whose trial run was reviewed and offered on 17 March 2026."""
    filing = payroll()
    filing.until(date(2026, 3, 6))
    tell_changes(filing)
    filing.complete_work("mutaties", PAYROLL)
    filing.until(date(2026, 3, 17))
    prepare(filing, "verwerken", "proefrun", PAYROLL)
    filing.complete_work("controle", ACCOUNTANT)
    assert filing.active() == ["aanbieden"]
    return filing


def test_the_days_of_the_payroll_of_march() -> None:
    filing = payroll()
    assert last_days(filing) == {"lonen": date(2026, 3, 24), "aangifte": date(2026, 4, 30)}
    assert targets(filing) == {
        "mutaties": date(2026, 3, 16),
        "verwerken": date(2026, 3, 17),
        "controle": date(2026, 3, 18),
        "aanbieden": date(2026, 3, 23),
        "definitief": date(2026, 3, 24),
        "indienen": date(2026, 4, 15),
        "afronden": date(2026, 4, 22),
    }
    filing.until(date(2026, 3, 4))
    assert filing.active() == []
    filing.until(date(2026, 3, 5))
    assert filing.active() == ["mutaties"]


def test_wages_are_ready_before_a_weekend_and_the_return_stays_on_one() -> None:
    # 24 May 2026 is a Sunday, and 28 February a Saturday.
    assert last_days(payroll("2026-05"))["lonen"] == date(2026, 5, 22)
    assert last_days(payroll("2026-01"))["aangifte"] == date(2026, 2, 28)


def test_the_return_made_from_an_approved_run_is_filed_without_another_approval() -> None:
    filing = offered_run()
    decide(filing, "aanbieden", "proefrun")
    prepare(filing, "definitief", "aangifte", PAYROLL)
    assert filing.active() == ["indienen"]
    assert isinstance(deliver(filing, PAYROLL), Step)
    assert filing.view.planner == "ingediend"
    filing.complete_work("afronden", PAYROLL)
    assert (filing.view.ended, filing.view.planner) == ("completed", "klaar")
    assert {deadline.status for deadline in filing.view.deadlines} == {"met"}
    assert filing.sent() == ["loon-mutaties", "loon-ter-accordering", "loon-betaalbaar", "loon-ingediend"]


def test_a_run_that_the_client_rejects_is_made_and_reviewed_again() -> None:
    filing = offered_run()
    decide(filing, "aanbieden", "proefrun", "reject", reason="De bonus van maart ontbreekt")
    assert filing.active() == ["verwerken"]
    prepare(filing, "verwerken", "proefrun", PAYROLL, content="2")
    filing.complete_work("controle", ACCOUNTANT)
    decide(filing, "aanbieden", "proefrun", content="2")
    assert filing.active() == ["definitief"]


def test_who_processed_the_payroll_does_not_review_its_run() -> None:
    filing = payroll()
    filing.until(date(2026, 3, 6))
    tell_changes(filing)
    filing.complete_work("mutaties", PAYROLL)
    prepare(filing, "verwerken", "proefrun", PAYROLL)
    same = replace(PAYROLL, roles=("salaris", "accountant"))
    reviewed = (shown("1", "proefrun"),)
    assert refused(filing.act(Complete, same, phase="controle", documents=reviewed), "four_eyes")


def test_a_new_employee_is_not_processed_before_the_papers_are_there() -> None:
    filing = payroll()
    filing.until(date(2026, 3, 6))
    tell_changes(filing, in_dienst=True)
    filing.must(Check, PAYROLL, phase="mutaties", checkpoint="nieuwe_medewerkers")
    answer = filing.act(Complete, PAYROLL, phase="mutaties")
    assert isinstance(answer, Refusal)
    assert "'Opgaaf gegevens voor de loonheffingen' is nog niet ontvangen" in answer.text
    for item in ("identiteitsbewijs", "opgaaf_loonheffingen", "arbeidsovereenkomst"):
        paper = Enclosure(hash=item, name=f"{item}.pdf", media_type="application/pdf")
        filing.must(AnswerRequest, CLIENT, request=PAPERS, item=item, documents=(paper,))
        filing.must(AcceptItem, PAYROLL, request=PAPERS, item=item)
    filing.complete_work("mutaties", PAYROLL)
    assert filing.active() == ["verwerken"]


def test_a_client_who_tells_no_changes_is_reminded_and_the_office_calls() -> None:
    filing = payroll()
    filing.until(date(2026, 3, 15))
    assert filing.sent() == ["loon-mutaties"] + 2 * ["loon-mutaties-herinnering"]  # 9 and 13 March
    filing.until(date(2026, 3, 16))
    assert filing.sent()[-1] == "loon-klant-levert-niet"
    assert filing.view.planner == "bij_klant"


def test_a_client_who_is_silent_about_a_run_is_called_before_the_wages_are_late() -> None:
    filing = offered_run()
    filing.until(date(2026, 3, 22))
    assert filing.sent().count("loon-accordering-herinnering") == 2  # 18 and 19 March
    filing.until(date(2026, 3, 23))
    assert filing.sent()[-1] == "loon-klant-zwijgt"
    filing.until(date(2026, 3, 25))
    assert filing.view.planner == "te_laat"
    assert filing.active() == ["aanbieden"]


@pytest.mark.parametrize("name", sorted(compile_shipped().plans))
def test_who_records_the_answer_of_a_client_has_another_role_than_who_made_what_was_offered(
    name: str,
) -> None:
    """So where one person has one role, somebody can record what is said on paper or by phone (R19)."""
    plan = compile_shipped().plans[name]
    made_in = {one.id: one.made_in for one in plan.documents}
    for offering in (phase for phase in plan.phases if phase.offer):
        for document in offering.offer.documents if offering.offer else ():
            assert plan.phase(made_in[document]).role != offering.role, offering.id
