"""Facts: what is recorded of the case, who may correct it, and what hangs on it."""

from datetime import date, datetime
from typing import Any

import pytest

from kantoor.data import replace
from kantoor.filing.deadlines import last_due
from kantoor.filing.events import Actor, Back, Check, Complete, RecordFact
from kantoor.filing.outcome import Refusal
from kantoor.filing.rules import rules_of
from kantoor.filing.turn import Reader
from kantoor.plan import (
    Absolute,
    Automation,
    Chase,
    Checkpoint,
    Compare,
    CreateTask,
    DateRule,
    Deadline,
    DueChoice,
    Escalate,
    FactDefinition,
    LiteralValue,
    Name,
    Option,
    Phase,
    Plan,
    SendMessage,
    To,
    Work,
)

from .driver import ADMIN, FISCAL, MANAGER, Driver
from .plans import DEADLINE, VAT

ADOPTED = FactDefinition(
    id="vastgesteld_op", title="Datum vaststelling", type="date", set_in=("vaststellen", "deponeren")
)
SIZE = FactDefinition(
    id="klasse",
    title="Grootteklasse",
    type="choice",
    set_in=("samenstellen",),
    options=(Option(id="micro", title="Micro"), Option(id="middelgroot", title="Middelgroot")),
)
BALANCE = FactDefinition(id="saldo", title="Saldo", type="money", set_in=("samenstellen",), optional=True)
PEOPLE = FactDefinition(
    id="medewerkers", title="Aantal medewerkers", type="number", set_in=("samenstellen",), optional=True
)
AUDIT = FactDefinition(
    id="controleplicht", title="Controleplicht", type="yes_no", set_in=("samenstellen",), optional=True
)
REMARK = FactDefinition(
    id="bijzonder", title="Bijzonderheden", type="text", set_in=("samenstellen",), optional=True
)

MICRO = Compare(by="eq", left=Name(path=("facts", "klasse")), right=LiteralValue(value="micro"))
SMALL = Compare(by="le", left=Absolute(of=Name(path=("facts", "saldo"))), right=LiteralValue(value=100_000))

COMPILE = Phase(
    id="samenstellen",
    title="Samenstellen",
    role="administratie",
    checkpoints=(Checkpoint(id="klein", title="Klein saldo is nagegaan", required=True, condition=SMALL),),
    block=Work(),
)
DECLARE = Phase(id="verklaren", title="Verklaren", role="accountant", condition=MICRO, block=Work())
ADOPT = Phase(id="vaststellen", title="Vaststellen", role="relatiebeheerder", block=Work())
FILE = Phase(
    id="deponeren",
    title="Deponeren",
    role="fiscaal",
    not_before=DateRule(anchor="phases.vaststellen", days=2),
    due=DateRule(anchor="deadlines.deponeren", days=-3),
    four_eyes=("vaststellen",),
    back_to="vaststellen",
    automations=(
        Automation(
            id="aankondigen",
            at=DateRule(anchor="facts.vastgesteld_op", days=4),
            send=SendMessage(message="btw-klaar", to=To()),
        ),
    ),
    block=Work(
        chase=Chase(
            escalate=Escalate(on=DateRule(anchor="deadlines.deponeren", days=-1), role="relatiebeheerder")
        )
    ),
)
ACCOUNTS = replace(
    VAT,
    template="jaarrekening",
    title="Jaarrekening",
    facts=(ADOPTED, SIZE, BALANCE, PEOPLE, AUDIT, REMARK),
    documents=(),
    deadlines=(
        Deadline(
            id="deponeren",
            title="Deponeren bij de KvK",
            law="BW 2:394",
            due=(DueChoice(rule=DateRule(anchor="facts.vastgesteld_op", days=8)),),
        ),
    ),
    phases=(COMPILE, DECLARE, ADOPT, FILE),
    ends=(),
)
ADOPTION = date(2026, 3, 10)


def record(filing: Driver, by: Actor, phase: str, fact: str, value: Any, reason: str = "") -> Any:
    return filing.act(RecordFact, by, phase=phase, fact=fact, value=value, reason=reason)


def started(plan: Plan = ACCOUNTS) -> Driver:
    filing = Driver(plan, "2025")
    filing.now = datetime(2026, 3, 10, 9)
    return filing


def compiled(klasse: str = "middelgroot", plan: Plan = ACCOUNTS) -> Driver:
    filing = started(plan)
    filing.must(RecordFact, ADMIN, phase="samenstellen", fact="klasse", value=klasse)
    filing.must(Complete, ADMIN, phase="samenstellen")
    return filing


def adopted(on: date = ADOPTION, plan: Plan = ACCOUNTS) -> Driver:
    filing = compiled(plan=plan)
    filing.must(RecordFact, MANAGER, phase="vaststellen", fact="vastgesteld_op", value=on.isoformat())
    filing.must(Complete, MANAGER, phase="vaststellen")
    return filing


def fact(filing: Driver, name: str) -> Any:
    return next(fact for fact in filing.view.facts if fact.id == name)


def code(answer: Any) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_a_phase_is_not_completed_without_its_facts_those_that_are_optional_aside() -> None:
    filing = started()
    (work,) = filing.view.work
    assert work.missing == ("gegeven klasse ('Grootteklasse')",)
    assert code(filing.act(Complete, ADMIN, phase="samenstellen")) == "not_ready"
    record(filing, ADMIN, "samenstellen", "klasse", "micro")
    filing.must(Complete, ADMIN, phase="samenstellen")
    assert filing.active() == ["verklaren"]


def test_only_the_first_phase_of_a_fact_that_is_part_of_the_filing_demands_it() -> None:
    skipped = replace(ADOPT, condition=LiteralValue(value=False))
    filing = compiled(plan=replace(ACCOUNTS, phases=(COMPILE, skipped, replace(FILE, not_before=None))))
    (work,) = filing.view.work
    assert work.missing == ("gegeven vastgesteld_op ('Datum vaststelling')",)
    assert adopted(ADOPTION).view.facts[0].text == "10 maart 2026"


def test_of_phases_side_by_side_the_first_demands_the_fact_and_either_may_record_it() -> None:
    beside = tuple(replace(p, group="samen", not_before=None, back_to=None) for p in (ADOPT, FILE))
    filing = compiled(plan=replace(ACCOUNTS, phases=(COMPILE, *beside)))
    assert [item.missing for item in filing.view.work] == [
        ("gegeven vastgesteld_op ('Datum vaststelling')",),
        (),
    ]
    record(filing, FISCAL, "deponeren", "vastgesteld_op", "2026-03-09")
    assert [item.missing for item in filing.view.work] == [(), ()]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("klasse", "micro", "Micro"),
        ("saldo", -123456, "€\u00a0-1.234,56"),
        ("saldo", 5, "€\u00a00,05"),
        ("medewerkers", 12, "12"),
        ("controleplicht", False, "nee"),
        ("controleplicht", True, "ja"),
        ("bijzonder", " Fusie per 1 juli ", "Fusie per 1 juli"),
    ],
)
def test_a_value_is_told_and_shown_as_people_write_it(name: str, value: Any, text: str) -> None:
    filing = started()
    assert (fact(filing, name).text, fact(filing, name).value) == ("nog niet bekend", None)
    filing.must(RecordFact, ADMIN, phase="samenstellen", fact=name, value=value)
    entry = filing.entries[-1]
    said = None if name == "bijzonder" else text
    assert (entry.what, entry.by, entry.data.get("value")) == ("fact_recorded", "anna", said)
    seen = fact(filing, name)
    assert (seen.text, seen.by, seen.at) == (text, "anna", filing.now)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("klasse", "groot"),
        ("klasse", None),
        ("saldo", "12"),
        ("saldo", True),
        ("saldo", 10**15),
        ("medewerkers", "twaalf"),
        ("medewerkers", False),
        ("medewerkers", -(10**13)),
        ("controleplicht", 1),
        ("controleplicht", "ja"),
        ("bijzonder", "  "),
        ("bijzonder", "x" * 501),
        ("bijzonder", 3),
    ],
)
def test_a_value_of_another_kind_or_size_is_refused(name: str, value: Any) -> None:
    assert code(record(started(), ADMIN, "samenstellen", name, value)) == "wrong_value"


@pytest.mark.parametrize(
    "value",
    ["1926-03-10", "2062-03-10", "20260310", "10-03-2026", "2026-02-30", "2026-W10-1", 20260310, None, ""],
)
def test_a_date_that_nobody_can_mean_is_refused(value: Any) -> None:
    assert code(record(compiled(), MANAGER, "vaststellen", "vastgesteld_op", value)) == "wrong_value"


HAPPENED = replace(ADOPTED, past=True)


def test_a_day_to_come_of_what_has_happened_is_refused_also_as_a_correction() -> None:
    filing = compiled(plan=replace(ACCOUNTS, facts=(HAPPENED, SIZE)))
    for far in ("2026-03-11", "2027-03-10", "2062-03-10"):
        told = record(filing, MANAGER, "vaststellen", "vastgesteld_op", far)
        assert code(told) == "day_to_come"
    assert told.text == (
        "'Datum vaststelling' is vandaag of eerder, en 10 maart 2062 moet nog komen. Vul de dag in waarop "
        "het is gebeurd; is het nog niet gebeurd, leg het dan pas daarna vast."
    )
    assert code(record(filing, MANAGER, "vaststellen", "vastgesteld_op", "gisteren")) == "wrong_value"
    filing.must(RecordFact, MANAGER, phase="vaststellen", fact="vastgesteld_op", value="2026-03-10")
    said = ("vaststellen", "vastgesteld_op", "2026-03-12", "Akte")
    assert code(record(filing, MANAGER, *said)) == "day_to_come"
    assert fact(filing, "vastgesteld_op").value == "2026-03-10"
    filing.until(date(2026, 3, 12))
    assert not isinstance(record(filing, MANAGER, *said), Refusal)


def test_the_same_value_twice_is_refused_and_another_one_needs_a_reason() -> None:
    filing = started()
    record(filing, ADMIN, "samenstellen", "klasse", "micro")
    assert code(record(filing, ADMIN, "samenstellen", "klasse", "micro", "nogmaals")) == "fact_unchanged"
    assert code(record(filing, ADMIN, "samenstellen", "klasse", "middelgroot", " ")) == "reason_missing"
    filing.must(
        RecordFact, ADMIN, phase="samenstellen", fact="klasse", value="middelgroot", reason="cijfers van 2024"
    )
    told = filing.entries[-1]
    assert told.what == "fact_corrected"
    assert (told.data["before"], told.data["value"], told.data["reason"]) == (
        "Micro",
        "Middelgroot",
        "cijfers van 2024",
    )
    assert fact(filing, "klasse").reason == "cijfers van 2024"


def test_an_entry_never_holds_what_somebody_wrote_freely() -> None:
    filing = started()
    record(filing, ADMIN, "samenstellen", "bijzonder", "Fusie")
    record(filing, ADMIN, "samenstellen", "bijzonder", "Splitsing", "anders verteld")
    told = [entry for entry in filing.entries if entry.what in ("fact_recorded", "fact_corrected")]
    assert len(told) == 2
    assert not {"value", "before"} & {key for entry in told for key in entry.data}


def test_a_fact_is_recorded_first_in_an_active_phase_of_its_own_by_the_role_of_that_phase() -> None:
    filing = started()
    assert code(record(filing, ADMIN, "samenstellen", "bestaat_niet", 1)) == "unknown_fact"
    assert code(record(filing, ADMIN, "samenstellen", "vastgesteld_op", "2026-03-10")) == "fact_not_here"
    assert code(record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-10")) == "phase_not_active"
    assert code(record(filing, MANAGER, "onzin", "klasse", "micro")) == "unknown_phase"
    assert code(record(filing, MANAGER, "samenstellen", "klasse", "micro")) == "wrong_role"


def test_a_fact_is_corrected_later_by_the_role_of_any_of_its_phases_as_long_as_the_filing_is_open() -> None:
    filing = compiled()
    answer = record(filing, ADMIN, "samenstellen", "klasse", "micro", "toch kleiner")
    assert not isinstance(answer, Refusal)
    assert code(record(filing, MANAGER, "samenstellen", "klasse", "middelgroot", "nee")) == "wrong_role"
    filing = adopted()
    assert not isinstance(
        record(filing, FISCAL, "deponeren", "vastgesteld_op", "2026-03-09", "akte"), Refusal
    )
    filing.until(date(2026, 3, 13))
    filing.must(Complete, FISCAL, phase="deponeren")
    late = record(filing, FISCAL, "deponeren", "vastgesteld_op", "2026-03-10", "toch niet")
    assert code(late) == "ended"


def test_whoever_records_a_fact_has_worked_in_that_phase() -> None:
    both = Actor(kind="team", id="eva", roles=("relatiebeheerder", "fiscaal"))
    filing = compiled()
    record(filing, both, "vaststellen", "vastgesteld_op", "2026-03-10")
    filing.must(Complete, MANAGER, phase="vaststellen")
    filing.until(date(2026, 3, 12))
    assert code(filing.act(Complete, both, phase="deponeren")) == "four_eyes"
    filing.must(Complete, FISCAL, phase="deponeren")


def test_a_checkpoint_follows_the_fact_that_it_hangs_on_at_once() -> None:
    filing = started()
    record(filing, ADMIN, "samenstellen", "klasse", "micro")
    assert code(filing.act(Check, ADMIN, phase="samenstellen", checkpoint="klein")) == "unknown_checkpoint"
    record(filing, ADMIN, "samenstellen", "saldo", -100_000)
    assert filing.view.work[0].missing == ("controlepunt klein ('Klein saldo is nagegaan')",)
    record(filing, ADMIN, "samenstellen", "saldo", 100_001, "vergeten post")
    assert filing.view.work[0].missing == ()


def test_a_phase_that_lies_ahead_is_judged_by_the_fact_as_it_is_when_its_turn_comes() -> None:
    filing = started()
    record(filing, ADMIN, "samenstellen", "klasse", "micro")
    record(filing, ADMIN, "samenstellen", "klasse", "middelgroot", "nagerekend")
    filing.must(Complete, ADMIN, phase="samenstellen")
    assert filing.active() == ["vaststellen"]


def test_a_phase_that_was_skipped_stays_so_when_the_fact_is_corrected_later() -> None:
    filing = compiled("middelgroot")
    record(filing, ADMIN, "samenstellen", "klasse", "micro", "nagerekend")
    statuses = {phase.id: phase.status for phase in filing.view.phases}
    assert (statuses["verklaren"], filing.active()) == ("skipped", ["vaststellen"])


def coming(filing: Driver, phase: str) -> str:
    return next(one.comes for one in filing.view.phases if one.id == phase)


def test_a_phase_comes_or_not_by_what_is_recorded_and_perhaps_while_that_can_still_be() -> None:
    audited = replace(ADOPT, condition=Name(path=("facts", "controleplicht")))
    filing = Driver(replace(ACCOUNTS, phases=(COMPILE, DECLARE, audited, FILE)))
    assert [coming(filing, name) for name in ("verklaren", "vaststellen", "deponeren")] == [
        *("perhaps", "perhaps", "yes")
    ]
    record(filing, ADMIN, "samenstellen", "klasse", "middelgroot")
    assert coming(filing, "verklaren") == "no"
    record(filing, ADMIN, "samenstellen", "klasse", "micro", "nagerekend")
    assert coming(filing, "verklaren") == "yes"
    filing.must(Complete, ADMIN, phase="samenstellen")
    assert filing.active() == ["verklaren"]
    assert coming(filing, "vaststellen") == "no"


def test_a_deadline_that_hangs_on_a_fact_is_unknown_and_follows_it() -> None:
    filing = compiled()
    assert (filing.view.due, filing.view.deadlines[0].due) == (None, None)
    assert filing.view.deadlines[0].status == "open"
    assert filing.view.phases[-1].due_unknown
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-10")
    assert filing.view.due == date(2026, 3, 18)
    assert (filing.view.phases[-1].due, filing.view.phases[-1].due_unknown) == (date(2026, 3, 15), False)
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-12", "verschoven")
    assert filing.view.due == date(2026, 3, 20)


def test_a_deadline_that_was_missed_is_open_again_by_a_correction_and_told_again_for_its_new_day() -> None:
    filing = adopted()
    filing.until(date(2026, 3, 19))
    assert (filing.view.deadlines[0].status, filing.view.planner) == ("missed", "te_laat")
    record(filing, FISCAL, "deponeren", "vastgesteld_op", "2026-03-14", "akte van de 14e")
    assert (filing.view.deadlines[0].status, filing.view.planner) == ("open", "loopt")
    filing.until(date(2026, 3, 23))
    days = [entry.data["due"] for entry in filing.entries if entry.what == "deadline_missed"]
    assert days == ["2026-03-18", "2026-03-22"]


def test_a_message_and_an_escalation_that_hang_on_a_fact_come_on_their_new_day() -> None:
    filing = adopted()
    filing.until(date(2026, 3, 12))
    record(filing, FISCAL, "deponeren", "vastgesteld_op", "2026-03-12", "verschoven")
    filing.until(date(2026, 3, 20))
    moments = {entry.what: entry.at.date() for entry in filing.entries}
    assert moments["message_sent"] == date(2026, 3, 16)
    assert moments["escalated"] == date(2026, 3, 19)


def test_a_phase_begins_so_many_days_after_another_one_ended() -> None:
    filing = compiled()
    begins = filing.view.phases[-1]
    assert (begins.begins, begins.begins_unknown) == (None, True)
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-10")
    filing.must(Complete, MANAGER, phase="vaststellen")
    assert (filing.view.phases[-1].begins, filing.active()) == (date(2026, 3, 12), [])
    filing.until(date(2026, 3, 12))
    assert filing.active() == ["deponeren"]


def test_a_day_counted_from_a_phase_counts_from_its_skipping_and_is_unknown_when_it_is_done_again() -> None:
    skipped = replace(ADOPT, condition=LiteralValue(value=False))
    filing = compiled(plan=replace(ACCOUNTS, phases=(COMPILE, skipped, replace(FILE, back_to=None))))
    assert filing.view.phases[-1].begins == date(2026, 3, 12)
    filing = adopted()
    filing.until(date(2026, 3, 12))
    filing.must(Back, FISCAL, phase="deponeren", reason="akte ontbreekt")
    assert (filing.view.phases[-1].begins, filing.active()) == (None, ["vaststellen"])
    assert fact(filing, "vastgesteld_op").text == "10 maart 2026"


def test_what_a_text_says_of_the_deadline_is_not_one_that_was_met_while_the_open_one_is_not_known() -> None:
    early = Deadline(
        id="opmaken",
        title="Opmaken",
        due=(DueChoice(rule=DateRule(anchor="period.end", months=5)),),
    )
    aiming = replace(COMPILE, due=DateRule(anchor="deadlines.opmaken"))
    filing = compiled(
        plan=replace(ACCOUNTS, deadlines=(early, *ACCOUNTS.deadlines), phases=(aiming, DECLARE, ADOPT, FILE))
    )
    assert filing.state is not None
    reader = Reader(filing.plan, filing.state)
    assert [deadline.status for deadline in filing.view.deadlines] == ["met", "open"]
    assert (last_due(reader), filing.view.due) == (None, None)
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-10")
    assert last_due(Reader(filing.plan, filing.state)) == date(2026, 3, 18)


LATEST = DateRule(anchor="period.end", months=3)


def test_the_latest_day_caps_a_deadline_and_holds_while_the_day_is_not_known() -> None:
    capped = replace(ACCOUNTS, deadlines=(replace(ACCOUNTS.deadlines[0], latest=LATEST),))
    filing = compiled(plan=capped)
    assert filing.view.due == date(2026, 3, 31)
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-10")
    assert filing.view.due == date(2026, 3, 18)
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-30", "uitgesteld")
    assert filing.view.due == date(2026, 3, 31)


def test_a_latest_day_moves_as_the_deadline_does() -> None:
    saturday = replace(
        ACCOUNTS.deadlines[0], moves="next_workday", latest=DateRule(anchor="period.end", months=2)
    )
    filing = started(replace(ACCOUNTS, deadlines=(saturday,)))
    assert filing.view.due == date(2026, 3, 2)


@pytest.mark.parametrize(("period", "due"), [("2025", date(2026, 1, 7)), ("2026-Q2", date(2027, 1, 7))])
def test_a_day_counts_from_the_end_of_the_calendar_year(period: str, due: date) -> None:
    rule = DueChoice(rule=DateRule(anchor="period.year_end", days=7))
    plan = replace(ACCOUNTS, deadlines=(replace(ACCOUNTS.deadlines[0], due=(rule,)),))
    assert Driver(plan, period).view.due == due


def test_rules_are_kept_per_facts_and_not_per_tick_of_a_plan_that_counts_from_no_phase() -> None:
    filing = adopted()
    assert filing.state is not None
    case, origin = filing.state.case, filing.state.origin
    rules = Reader(ACCOUNTS, filing.state).rules
    assert rules_of(ACCOUNTS, origin, case.facts, (), tuple(replace(p) for p in case.phases)) is rules
    assert rules_of(VAT, origin, case.facts, ()) is rules_of(VAT, origin, case.facts, (), case.phases)
    assert rules_of(ACCOUNTS, origin, case.facts, ()) is not rules


def test_rules_are_kept_where_a_fact_is_recorded_again_as_it_was_and_not_where_its_value_changed() -> None:
    filing = adopted()
    assert filing.state is not None
    case, origin = filing.state.case, filing.state.origin
    rules = Reader(ACCOUNTS, filing.state).rules
    again = tuple(replace(one, by="sanne", reason="nog eens gekeken") for one in case.facts)
    assert case.facts
    assert rules_of(ACCOUNTS, origin, again, case.requests, case.phases) is rules
    other = tuple(replace(one, value="2026-05-02") for one in case.facts)
    assert rules_of(ACCOUNTS, origin, other, case.requests, case.phases).values["facts"] == {
        one.id: "2026-05-02" for one in case.facts
    }


def test_a_delivery_whose_first_day_hangs_on_a_fact_waits_for_it() -> None:
    day = FactDefinition(id="open_vanaf", title="Open vanaf", type="date", set_in=("indienen", "opstellen"))
    optional = replace(day, optional=True)
    opens = replace(DEADLINE, earliest=DateRule(anchor="facts.open_vanaf"))
    filing = Driver(replace(VAT, facts=(optional,), deadlines=(opens,)))
    filing.to_offer()
    filing.decide()
    filing.until(date(2026, 2, 10))
    assert (filing.active(), filing.told().count("delivering")) == (["indienen"], 0)
    record(filing, FISCAL, "indienen", "open_vanaf", "2026-02-12")
    filing.until(date(2026, 2, 11))
    assert filing.active() == ["indienen"]
    filing.until(date(2026, 2, 12))
    assert filing.active() == ["afronden"]


def test_a_task_at_a_day_that_has_passed_when_the_fact_is_recorded_is_made_at_once() -> None:
    call = Automation(
        id="bellen",
        at=DateRule(anchor="facts.vastgesteld_op", days=1),
        task=CreateTask(title="Bel", to=To(kind="role", name="fiscaal")),
    )
    phases = (COMPILE, replace(ADOPT, automations=(call,)), FILE)
    filing = compiled(plan=replace(ACCOUNTS, phases=phases))
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-02")
    filing.until(filing.now.date())
    assert filing.told().count("task_made") == 1


def test_a_fact_that_closes_with_its_phase_is_corrected_there_alone() -> None:
    closing = replace(SIZE, closes_with_phase=True)
    filing = started(replace(ACCOUNTS, facts=(ADOPTED, closing, BALANCE, PEOPLE, AUDIT, REMARK)))
    record(filing, ADMIN, "samenstellen", "klasse", "micro")
    record(filing, ADMIN, "samenstellen", "klasse", "middelgroot", "Nagerekend")
    filing.finish("samenstellen", ADMIN)
    told = record(filing, ADMIN, "samenstellen", "klasse", "micro", "Toch")
    assert isinstance(told, Refusal)
    assert told.code == "fact_closed"
    assert "in de fase 'Samenstellen' over is beslist" in told.text
