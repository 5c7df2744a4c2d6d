"""Waiting: a phase is left by whichever comes first, and given up on its day."""

from datetime import date, timedelta
from typing import Any

import pytest

from kantoor.data import replace
from kantoor.filing.events import (
    SYSTEM,
    Back,
    Cancel,
    Complete,
    Failed,
    Judged,
    Linked,
    Notice,
    Reached,
    Retry,
    Sent,
    Started,
    Withdrawn,
)
from kantoor.filing.issuing import reissue
from kantoor.filing.outcome import Refusal
from kantoor.filing.redacting import Redactor
from kantoor.filing.turn import Reader
from kantoor.filing.waits import next_wake
from kantoor.plan import (
    Automation,
    Chase,
    DateRule,
    DayAwaited,
    End,
    Escalate,
    FactDefinition,
    FilingAwaited,
    GiveUp,
    LeaveNote,
    NoticeAwaited,
    Outcome,
    Phase,
    Plan,
    Remind,
    StartFiling,
    WaitFor,
    Work,
)

from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, Driver
from .plans import DELIVER, VAT

NOTICE = NoticeAwaited(notice="naheffingsaanslag")
REFUND = NoticeAwaited(notice="teruggaafbeschikking")
RETURN = FilingAwaited(template="aangifte-ib", period="previous", phase="indienen")
FIRST_OF_MARCH = DateRule(anchor="period.end", days=29)
LAST = DateRule(anchor="period.end", months=3, day="last")

FIRST = Phase(id="opstellen", title="Opstellen", role="administratie", block=Work())
PREPARE = replace(FIRST, not_before=DateRule(anchor="period.end", days=1))
AFTER = Phase(id="bezwaar", title="Bezwaar", role="fiscaal", block=Work())
CLOSE = Phase(id="afronden", title="Afronden", role="administratie", back_to="wachten", block=Work())


def waiting(*awaited: Any, chase: Chase | None = None) -> Phase:
    """Return a phase of tax people that waits."""
    block = WaitFor(awaited=awaited, chase=chase)
    return Phase(id="wachten", title="Aanslag afwachten", role="fiscaal", block=block)


def plan_of(*phases: Phase) -> Plan:
    ends = (*VAT.ends, End(id="verlopen", title="Verlopen", planner="klaar"))
    return replace(VAT, documents=(), deadlines=(), phases=phases, ends=ends)


def begin(*phases: Phase) -> Driver:
    return Driver(plan_of(*phases))


def notice(kind: str = "naheffingsaanslag", **facts: Any) -> dict[str, Any]:
    return {"phase": "wachten", "notice": kind, "on": date(2026, 3, 2), **facts}


@pytest.mark.parametrize(
    ("automation", "what"),
    [
        ({"start": StartFiling(template="aangifte-ib")}, "start"),
        ({"note": LeaveNote(template="btw", message="btw-klaar")}, "note"),
        (None, "watch"),
    ],
)
def test_a_result_of_another_kind_stalls_what_was_asked(automation: dict[str, Any] | None, what: str) -> None:
    does = (Automation(id="a", at="entered", **automation),) if automation else ()
    filing = Driver(plan_of(PREPARE, replace(waiting(RETURN), automations=does), AFTER))
    filing.hold |= {"start", "note"}
    filing.until(date(2026, 2, 1))
    filing.must(Complete, ADMIN, phase="opstellen")
    command = next(one for one in filing.in_flight if one.kind == what)
    filing.send(Sent(at=filing.now, number=command.number, recipients=()))
    assert filing.entries[-1].data["answered"] == "sent"
    filing.must(Retry, FISCAL, phase="wachten")
    assert what in {one.kind for one in filing.in_flight}


def code_of(answer: object) -> str:
    assert isinstance(answer, Refusal)
    return answer.code


def test_a_notice_from_the_inbox_ends_the_wait_and_its_entry_names_no_reference() -> None:
    filing = begin(waiting(NOTICE, REFUND), AFTER)
    filing.must(Notice, SYSTEM, **notice("teruggaafbeschikking", reference="B.01", document="hash"))
    assert filing.active() == ["bezwaar"]
    told = next(entry for entry in filing.entries if entry.what == "notice_received")
    assert told.data == {
        "notice": "teruggaafbeschikking",
        "on": "2026-03-02",
        "proof": "hash",
    }


def test_a_notice_is_taken_once_under_its_id() -> None:
    filing = begin(waiting(NOTICE), AFTER)
    filing.must(Notice, SYSTEM, id="brief", **notice())
    assert filing.must(Notice, SYSTEM, id="brief", **notice()).repeated
    assert filing.told().count("notice_received") == 1


def test_another_notice_than_the_awaited_one_is_refused_by_its_name() -> None:
    answer = begin(waiting(NOTICE), AFTER).act(Notice, SYSTEM, **notice("definitieve_aanslag"))
    assert isinstance(answer, Refusal)
    assert (answer.code, "naheffingsaanslag" in answer.text) == ("other_notice", True)


def test_a_phase_that_awaits_no_notice_takes_none() -> None:
    assert code_of(begin(waiting(RETURN), AFTER).act(Notice, SYSTEM, **notice())) == "no_notice_awaited"


@pytest.mark.parametrize(
    ("by", "lacks", "code"),
    [
        (FISCAL, "reason", "reason_missing"),
        (FISCAL, "document", "proof_missing"),
        (ADMIN, None, "wrong_role"),
        (CLIENT, None, "wrong_role"),
    ],
)
def test_a_letter_is_recorded_by_the_phases_role_with_a_reason_and_proof(
    by: Any, lacks: str, code: str
) -> None:
    filing = begin(waiting(NOTICE), AFTER)
    facts = notice(reason="per post", document="hash")
    assert code_of(filing.act(Notice, by, **{k: v for k, v in facts.items() if k != lacks})) == code
    filing.must(Notice, FISCAL, **facts)
    assert filing.active() == ["bezwaar"]


def test_the_day_of_a_notice_of_what_has_happened_is_not_to_come_and_else_is_left_to_who_looks_at_it() -> (
    None
):
    """A person is told; of what the inbox hands over the day is recorded by who does the work after it."""
    day = FactDefinition(
        id="vastgesteld_op", title="Vastgesteld op", type="date", set_in=("bezwaar",), past=True
    )
    plan = replace(plan_of(waiting(replace(NOTICE, fact=day.id)), AFTER), facts=(day,))
    ahead = Driver(plan)
    to_come = ahead.now.date() + timedelta(days=1)
    letter = notice(on=to_come, reason="per post", document="hash")
    assert code_of(ahead.act(Notice, FISCAL, **letter)) == "day_to_come"
    by_hand = replace(plan, facts=(replace(day, past=False),))
    Driver(by_hand).must(Notice, FISCAL, **letter)
    ahead.must(Notice, SYSTEM, **notice(on=to_come))
    (work,) = ahead.view.work
    assert work.missing == ("gegeven vastgesteld_op ('Vastgesteld op')",)
    today = Driver(plan)
    today.must(Notice, FISCAL, **(letter | {"on": today.now.date()}))
    assert [one.value for one in today.view.facts] == [today.now.date().isoformat()]


def test_a_wait_is_not_completed_by_hand_and_says_what_it_waits_for() -> None:
    answer = begin(waiting(NOTICE, RETURN), AFTER).act(Complete, FISCAL, phase="wachten")
    assert isinstance(answer, Refusal)
    assert "'naheffingsaanslag' of aangifte-ib over de vorige periode" in answer.text


def test_a_wait_is_in_the_open_work_of_its_role_with_what_it_waits_for() -> None:
    chase = Chase(give_up=GiveUp(on=LAST, then="bezwaar"))
    (item,) = begin(waiting(NOTICE, DayAwaited(on=FIRST_OF_MARCH), chase=chase), AFTER).view.work
    assert (item.kind, item.roles, item.due) == ("wait", ("fiscaal",), date(2026, 4, 30))
    assert item.missing == ("het bericht 'naheffingsaanslag'", "1 maart 2026")


def test_the_awaited_day_ends_the_wait_at_its_opening_hour() -> None:
    filing = begin(waiting(NOTICE, DayAwaited(on=FIRST_OF_MARCH)), AFTER)
    filing.until(date(2026, 2, 28))
    assert filing.active() == ["wachten"]
    filing.until(date(2026, 3, 1))
    assert filing.active() == ["bezwaar"]
    assert "day_came" in filing.told()


def test_a_day_that_is_past_ends_the_wait_at_once() -> None:
    filing = begin(PREPARE, waiting(DayAwaited(on=DateRule(anchor="period.start"))), AFTER)
    filing.until(date(2026, 2, 1))
    filing.must(Complete, ADMIN, phase="opstellen")
    filing.until(date(2026, 2, 1))
    assert filing.active() == ["bezwaar"]


def test_another_filing_that_is_so_far_ends_the_wait() -> None:
    filing = begin(waiting(NOTICE, RETURN), AFTER)
    (command,) = filing.commands
    assert (command.kind, command.template, command.period, command.until) == (
        "watch",
        "aangifte-ib",
        "previous",
        "indienen",
    )
    other = "aangifte-ib/1001/2025/-/1"
    filing.send(Reached(at=filing.now, number=command.number, filing=other, how="phase"))
    assert filing.active() == ["bezwaar"]
    assert "filing_reached" in filing.told()


def test_a_filing_that_is_so_far_already_ends_the_wait_at_once() -> None:
    filing = begin(PREPARE, waiting(RETURN), AFTER)
    filing.reached = {"filing": "aangifte-ib/1001/2025/-/1", "how": "ended"}
    filing.until(date(2026, 2, 1))
    filing.must(Complete, ADMIN, phase="opstellen")
    assert filing.active() == ["bezwaar"]


def test_what_comes_after_the_wait_was_left_changes_nothing() -> None:
    filing = begin(waiting(NOTICE, RETURN), AFTER)
    filing.must(Notice, SYSTEM, **notice())
    before, told = filing.digest, filing.told()
    (command,) = filing.in_flight
    filing.send(Reached(at=filing.now, number=command.number, filing="x", how="ended"))
    assert (filing.told(), filing.active(), filing.in_flight) == (told, ["bezwaar"], [])
    assert filing.digest != before


def test_a_watch_that_is_over_is_answered_without_a_word() -> None:
    filing = begin(waiting(NOTICE, RETURN), AFTER)
    filing.must(Notice, SYSTEM, **notice())
    told = filing.told()
    filing.send(Withdrawn(at=filing.now, number=1, reason="voorbij"))
    assert (filing.told(), filing.in_flight) == (told, [])


def test_a_watch_that_failed_stalls_until_it_is_tried_again() -> None:
    filing = begin(waiting(RETURN), AFTER)
    filing.send(Failed(at=filing.now, number=1, error="niet bereikbaar"))
    assert [item.kind for item in filing.view.work] == ["stalled", "wait"]
    filing.must(Retry, FISCAL, phase="wachten")
    assert [(c.kind, c.number) for c in filing.in_flight] == [("watch", 2)]


def test_a_cancelled_filing_watches_no_more() -> None:
    filing = begin(waiting(RETURN), AFTER)
    filing.must(Cancel, FISCAL, reason="dubbel")
    assert filing.state
    assert all(pending.withdrawn for pending in filing.state.journal.in_flight)


def test_reminders_of_a_wait_go_on_to_its_own_role_until_it_is_given_up() -> None:
    chase = Chase(
        remind=Remind(every_days=30, at_most=None, message="btw-stukken"),
        give_up=GiveUp(on=LAST, then="afronden"),
    )
    filing = begin(waiting(NOTICE, chase=chase), AFTER, replace(CLOSE, back_to=None))
    filing.until(date(2026, 5, 30))
    assert filing.told().count("reminded") == 3
    assert {c.to.name for c in filing.commands if c.kind == "send"} == {"fiscaal"}
    assert filing.active() == ["afronden"]
    assert filing.told()[-4:] == ["given_up", "phase_completed", "phase_passed_over", "phase_entered"]


def test_no_reminder_goes_on_the_day_of_giving_up() -> None:
    day = DateRule(anchor="filing.start", days=20)
    chase = Chase(remind=Remind(every_days=10, at_most=None), give_up=GiveUp(on=day, then="bezwaar"))
    filing = begin(waiting(NOTICE, chase=chase), AFTER)
    filing.until(date(2026, 2, 28))
    assert filing.told().count("reminded") == 1


def test_a_wait_that_is_given_up_may_end_the_filing() -> None:
    filing = begin(waiting(NOTICE, chase=Chase(give_up=GiveUp(on=LAST, end="verlopen"))), AFTER)
    filing.until(date(2026, 4, 30))
    assert (filing.view.ended, filing.view.end_title) == ("end", "Verlopen")
    assert filing.state
    assert next_wake(filing.plan, filing.state) is None


def test_an_escalated_wait_is_also_the_work_of_the_other_role() -> None:
    chase = Chase(escalate=Escalate(on=FIRST_OF_MARCH, role="accountant"))
    filing = begin(waiting(NOTICE, chase=chase), AFTER)
    assert code_of(filing.act(Notice, ACCOUNTANT, **notice(reason="post", document="h"))) == "wrong_role"
    filing.until(date(2026, 3, 1))
    filing.must(Notice, ACCOUNTANT, **notice(reason="post", document="h"))
    assert filing.active() == ["bezwaar"]


def test_a_phase_waits_afresh_when_the_work_is_sent_back() -> None:
    filing = begin(waiting(RETURN, DayAwaited(on=FIRST_OF_MARCH)), replace(CLOSE, role="fiscaal"))
    filing.send(Reached(at=filing.now, number=1, filing="x", how="ended"))
    filing.must(Back, FISCAL, phase="afronden", reason="opnieuw")
    assert filing.active() == ["wachten"]
    assert [command.number for command in filing.in_flight] == [2]


def test_an_automation_starts_another_filing_and_leaves_a_note() -> None:
    automations = (
        Automation(id="ib", at="completed", start=StartFiling(template="aangifte-ib", period="next")),
        Automation(id="let_op", at="completed", note=LeaveNote(template="btw", message="btw-klaar")),
    )
    filing = begin(replace(FIRST, automations=automations), CLOSE)
    filing.must(Complete, ADMIN, phase="opstellen")
    assert [(c.kind, c.template) for c in filing.commands] == [("start", "aangifte-ib"), ("note", "btw")]
    assert filing.told()[-2:] == ["started_another", "note_left"]


def test_the_note_of_an_outcome_is_left_though_the_filing_ends_with_it() -> None:
    small = Outcome(
        id="klein",
        title="Volgende aangifte",
        end="verlopen",
        note=LeaveNote(template="btw-aangifte", message="btw-klaar"),
    )
    filing = begin(replace(FIRST, outcomes=(small,)), CLOSE)
    filing.hold.add("note")
    filing.must(Complete, ADMIN, phase="opstellen")
    assert filing.view.ended == "end"
    (command,) = filing.in_flight
    assert (command.kind, command.template, command.message) == ("note", "btw-aangifte", "btw-klaar")
    filing.answer(command)
    assert filing.told()[-1] == "note_left"


def test_a_filing_that_cannot_be_started_stalls_the_phase_until_it_is_tried_again() -> None:
    start = Automation(id="ib", at="entered", start=StartFiling(template="aangifte-ib"))
    filing = Driver(plan_of(PREPARE, replace(CLOSE, automations=(start,))))
    filing.hold.add("start")
    filing.until(date(2026, 2, 1))
    filing.must(Complete, ADMIN, phase="opstellen")
    filing.send(Failed(at=filing.now, number=1, error="Het product is niet afgesproken."))
    assert [item.kind for item in filing.view.work] == ["stalled", "phase"]
    filing.hold.clear()
    filing.must(Retry, ADMIN, phase="afronden")
    assert filing.told()[-1] == "started_another"


def test_a_new_run_asks_again_for_what_is_awaited_and_started_and_not_for_a_wait_that_was_left() -> None:
    start = Automation(id="ib", at="entered", start=StartFiling(template="aangifte-ib"))
    filing = hold_start(start)
    assert issued_again(filing) == ["start", "watch"]
    filing.must(Notice, SYSTEM, **notice())
    assert issued_again(filing) == ["start"]


def hold_start(start: Automation) -> Driver:
    """Return a filing that waits, while what it starts is still on its way."""
    filing = Driver(plan_of(PREPARE, replace(waiting(NOTICE, RETURN), automations=(start,)), AFTER))
    filing.hold.add("start")
    filing.until(date(2026, 2, 1))
    filing.must(Complete, ADMIN, phase="opstellen")
    return filing


def issued_again(filing: Driver) -> list[str]:
    """Return the kinds of the commands that a new run issues again."""
    assert filing.state is not None
    reader = Reader(filing.plan, filing.state)
    commands = (reissue(reader, pending) for pending in filing.state.journal.in_flight)
    return sorted(command.kind for command in commands if command is not None)


def give_up_beside_a_delivery() -> Driver:
    """Return a filing that gave up waiting, at an end, while the authority has not judged its return."""
    wait = replace(waiting(NOTICE, chase=Chase(give_up=GiveUp(on=LAST, end="verlopen"))), group="samen")
    phases = (*VAT.phases[:4], replace(DELIVER, group="samen"), wait, VAT.phases[-1])
    ends = (*VAT.ends, End(id="verlopen", title="Verlopen", planner="klaar"))
    filing = Driver(replace(VAT, phases=phases, ends=ends))
    filing.hold = {"follow"}
    filing.to_offer()
    filing.decide()
    filing.until(date(2026, 5, 1))
    assert "given_up" in filing.told()
    assert filing.active() == ["indienen", "wachten"]
    return filing


def judge(filing: Driver, *, accepted: bool) -> None:
    (command,) = filing.in_flight
    filing.send(Judged(at=filing.now, number=command.number, accepted=accepted, code="x", text="y"))


def test_an_end_that_was_given_up_to_waits_for_the_delivery_beside_it_and_not_once_accepted() -> None:
    filing = give_up_beside_a_delivery()
    judge(filing, accepted=True)
    assert (filing.view.ended, filing.active()) == (None, ["afronden"])


def test_a_wait_that_was_given_up_ends_the_filing_once_the_delivery_beside_it_was_not_accepted() -> None:
    filing = give_up_beside_a_delivery()
    (command,) = filing.in_flight
    filing.send(Failed(at=filing.now, number=command.number, error="Digipoort: 210", over=True))
    assert (filing.view.ended, filing.view.end_title) == ("end", "Verlopen")


def test_what_was_stalled_when_the_filing_ended_is_told_as_left_undone() -> None:
    automations = (
        Automation(id="ib", at="entered", start=StartFiling(template="aangifte-ib")),
        Automation(id="let_op", at="entered", note=LeaveNote(template="btw", message="btw-klaar")),
    )
    filing = Driver(plan_of(replace(PREPARE, automations=automations)))
    filing.hold |= {"start", "note"}
    filing.until(date(2026, 2, 1))
    for command in filing.in_flight:
        filing.send(Failed(at=filing.now, number=command.number, error="Niet afgesproken."))
    filing.must(Complete, ADMIN, phase="opstellen")
    told = [e.data for e in filing.entries if e.what == "left_undone"]
    assert [one["command"] for one in told] == ["start", "note"]
    assert {one["reason"] for one in told} == {"Niet afgesproken."}


def test_two_phases_of_one_awaited_filing_are_watched_each() -> None:
    other = replace(RETURN, phase="aanbieden")
    filing = begin(waiting(RETURN, other), AFTER)
    assert [c.until for c in filing.commands if c.kind == "watch"] == ["indienen", "aanbieden"]


def test_a_filing_that_ran_already_is_not_told_to_be_started() -> None:
    start = Automation(id="ib", at="completed", start=StartFiling(template="aangifte-ib"))
    filing = begin(replace(FIRST, automations=(start,)), CLOSE)
    filing.hold.add("start")
    filing.must(Complete, ADMIN, phase="opstellen")
    (command,) = filing.in_flight
    path = "aangifte-ib/1001/2026-01/-/1"
    filing.send(Started(at=filing.now, number=command.number, filing=path, new=False))
    assert filing.told()[-1] == "ran_already"


def test_an_optional_filing_is_not_waited_for_where_there_is_none() -> None:
    filing = begin(FIRST, waiting(replace(RETURN, optional=True)), CLOSE)
    filing.reached = {"filing": "aangifte-ib", "how": "none"}
    filing.must(Complete, ADMIN, phase="opstellen")
    assert filing.active() == ["afronden"]
    assert "nothing_to_await" in [entry.what for entry in filing.entries]
    (watch,) = (command for command in filing.commands if command.kind == "watch")
    assert watch.optional


PARTNERS = FilingAwaited(template="aangifte-ib", phase="controle", of="partner")


def linked(*relations: str) -> tuple[Driver, int]:
    """Return a filing that waits for those of linked relations, and the number of its lookup."""
    filing = begin(waiting(NOTICE, PARTNERS), AFTER)
    (find,) = filing.in_flight
    filing.send(Linked(at=filing.now, number=find.number, relations=relations))
    return filing, find.number


def test_the_filings_of_all_linked_relations_end_the_wait_and_no_one_of_them_alone() -> None:
    filing, _ = linked("2001", "2002")
    watched = [(c.kind, c.relation, c.until) for c in filing.commands if c.kind == "watch"]
    assert watched == [("watch", "2001", "controle"), ("watch", "2002", "controle")]
    first, second = (p.number for p in filing.in_flight)
    filing.send(Reached(at=filing.now, number=first, filing="aangifte-ib/2001/2025/-/1", how="phase"))
    assert filing.active() == ["wachten"]
    filing.send(Failed(at=filing.now, number=second, error="niet bereikbaar"))
    assert filing.active() == ["wachten"]
    filing.must(Retry, FISCAL, phase="wachten")
    (again,) = filing.in_flight
    filing.send(Reached(at=filing.now, number=again.number, filing="aangifte-ib", how="none"))
    assert filing.active() == ["bezwaar"]
    assert filing.told().count("filing_reached") == 1
    assert "nothing_to_await_there" in filing.told()


def test_where_nobody_is_linked_an_optional_wait_is_over() -> None:
    filing, _ = linked()
    assert filing.active() == ["bezwaar"]
    assert "nobody_linked" in filing.told()


def test_where_somebody_has_to_be_linked_the_phase_stalls_until_they_are() -> None:
    filing = begin(waiting(NOTICE, PARTNERS), AFTER)
    filing.send(Failed(at=filing.now, number=1, error="Er is geen fiscaal partner vastgelegd."))
    stalled = filing.view.work[0]
    assert (stalled.kind, stalled.missing) == ("stalled", ("Er is geen fiscaal partner vastgelegd.",))
    filing.must(Retry, FISCAL, phase="wachten")
    (find,) = filing.in_flight
    assert (find.kind, find.number) == ("find", 2)
    filing.must(Notice, SYSTEM, **notice())
    told = filing.told()
    filing.send(Linked(at=filing.now, number=2, relations=("2001",)))
    assert (filing.told(), filing.in_flight) == (told, [])


def test_the_open_work_says_whose_filing_is_waited_for() -> None:
    filing, _ = linked("2001")
    assert filing.view.work[0].missing[-1] == (
        "aangifte-ib over dezelfde periode bij de fiscaal partner (fase controle)"
    )


def test_a_filing_is_started_for_each_linked_relation_also_when_this_one_ends_first() -> None:
    start = StartFiling(template="jaarrekening", period="previous", of="business", optional=True)
    starting = replace(FIRST, automations=(Automation(id="jaar", at="completed", start=start),))
    filing = begin(starting)
    filing.must(Complete, ADMIN, phase="opstellen")
    assert filing.state
    assert filing.state.case.ended
    (find,) = filing.state.journal.in_flight
    assert not find.withdrawn
    assert reissue(Reader(filing.plan, filing.state), find) == filing.commands[-1]
    filing.send(Linked(at=filing.now, number=find.number, relations=("2001", "2002")))
    started = [(c.template, c.period, c.relation) for c in filing.commands if c.kind == "start"]
    assert started == [("jaarrekening", "previous", "2001"), ("jaarrekening", "previous", "2002")]
    assert filing.told().count("started_another") == 2


def test_nothing_is_started_where_nobody_is_linked() -> None:
    start = StartFiling(template="jaarrekening", of="business", optional=True)
    filing = begin(replace(FIRST, automations=(Automation(id="jaar", at="entered", start=start),)), CLOSE)
    filing.send(Linked(at=filing.now, number=1))
    assert [c.kind for c in filing.commands] == ["find"]
    assert filing.told()[-1] == "nobody_linked"


def test_a_wait_that_begins_late_is_not_given_up_before_it_is_known_who_is_linked() -> None:
    chase = Chase(give_up=GiveUp(on=DateRule(anchor="period.start", days=-20), then="bezwaar"))
    filing = begin(waiting(PARTNERS, chase=chase), AFTER)
    filing.until(date(2026, 1, 5))
    assert filing.active() == ["wachten"]
    filing.send(Linked(at=filing.now, number=1, relations=("2001",)))
    filing.until(date(2026, 1, 6))
    assert filing.active() == ["bezwaar"]
    assert filing.told()[-3:-1] == ["given_up", "phase_completed"]


def test_a_redacted_filing_still_watches_the_same_and_names_nobody() -> None:
    filing, _ = linked("2001", "2002")
    assert filing.state
    shown = Redactor(filing.plan).redact(filing.state).state.journal.in_flight
    assert [one.awaited for one in shown] == [one.awaited for one in filing.state.journal.in_flight]
    assert len({one.of for one in shown} - {"2001", "2002", None}) == 2
