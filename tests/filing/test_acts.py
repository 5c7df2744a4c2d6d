from datetime import date

from kantoor.data import replace
from kantoor.filing.digests import state_digest
from kantoor.filing.events import Actor, Attach, Cancel, Check, Complete, Note, TaskDone
from kantoor.filing.outcome import Step
from kantoor.filing.state import REMEMBERED_ACTS
from kantoor.filing.step import step
from kantoor.plan import Automation, DateRule, SendMessage, To

from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, MANAGER, Driver, shown
from .plans import COLLECT, VAT, with_phase
from .test_phases import refused


def test_the_same_act_twice_is_answered_with_the_first_answer_and_happens_once() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    facts = {"id": "x1", "phase": "verzamelen", "checkpoint": "bank_compleet"}
    first = filing.must(Check, ADMIN, **facts)
    filing.must(Note, MANAGER, text="Tussendoor")
    second = filing.must(Check, ADMIN, **facts)
    assert second.repeated
    assert second.sequence == first.sequence
    assert not second.entries
    assert filing.told().count("checkpoint_ticked") == 1


def test_an_id_that_was_used_for_something_else_is_refused() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    filing.must(Check, ADMIN, id="x1", phase="verzamelen", checkpoint="bank_compleet")
    other = filing.act(Check, ADMIN, id="x1", phase="verzamelen", checkpoint="kas")
    assert refused(other, "act_id_used")
    somebody_else = filing.act(Check, ACCOUNTANT, id="x1", phase="verzamelen", checkpoint="bank_compleet")
    assert refused(somebody_else, "act_id_used")


def test_the_last_hundred_acts_are_remembered() -> None:
    filing = Driver(VAT)
    for number in range(REMEMBERED_ACTS + 20):
        filing.must(Note, MANAGER, id=f"n{number}", text="…")
    assert filing.state is not None
    assert [a.id for a in filing.state.journal.answered] == [f"n{n}" for n in range(20, 120)]


def test_a_note_is_on_the_timeline_and_an_empty_one_is_refused() -> None:
    filing = Driver(VAT)
    filing.must(Note, MANAGER, text=" Klant belt maandag ")
    assert filing.entries[-1].data == {"text": "Klant belt maandag"}
    assert refused(filing.act(Note, MANAGER, text=" "), "empty_note")


def test_a_cancelled_filing_waits_for_nothing_and_takes_nothing_more() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    assert refused(filing.act(Cancel, FISCAL, reason="Dubbel"), "wrong_role")
    assert refused(filing.act(Cancel, MANAGER, reason=""), "reason_missing")
    filing.must(Cancel, MANAGER, reason="Dubbel gestart")
    assert filing.view.work == ()
    filing.until(date(2026, 12, 31))
    assert filing.told()[-1] == "filing_ended"
    assert refused(filing.decide(), "ended")


def test_a_task_is_done_by_whom_it_is_for_with_the_proof_it_asks_for() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 10))
    tasks = {item.id: item for item in filing.view.work if item.kind == "task"}
    assert set(tasks) == {"verzamelen.uploaden.1", "verzamelen.bellen.1"}
    assert tasks["verzamelen.uploaden.1"].client
    by_team = filing.act(TaskDone, ADMIN, task="verzamelen.uploaden.1", proof="hash")
    assert refused(by_team, "wrong_person")
    bare = filing.act(TaskDone, CLIENT, task="verzamelen.uploaden.1")
    assert refused(bare, "proof_missing")
    filing.must(TaskDone, CLIENT, task="verzamelen.uploaden.1", proof="hash")
    done_again = filing.act(TaskDone, CLIENT, task="verzamelen.uploaden.1", proof="hash")
    assert refused(done_again, "task_is_done")
    assert refused(filing.act(TaskDone, FISCAL, task="verzamelen.bellen.1"), "wrong_role")
    filing.must(TaskDone, ADMIN, task="verzamelen.bellen.1")
    assert not [item for item in filing.view.work if item.kind == "task"]
    assert refused(filing.act(TaskDone, ADMIN, task="verzamelen.niets.1"), "unknown_task")


def test_who_names_no_task_is_told_which_are_open_and_a_client_only_the_clients() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 11))

    def told(by: Actor) -> str:
        answer = filing.act(TaskDone, by, task="bellen")
        assert refused(answer, "unknown_task")
        return answer.text.removeprefix("Taak 'bellen' bestaat niet. ")

    mine = "verzamelen.uploaden.1 ('Lever bankafschriften')"
    ours = "verzamelen.bellen.1 ('Bel over ontbrekende stukken')"
    assert told(ADMIN) == f"Openstaande taken: {ours}, {mine}."
    assert told(CLIENT) == f"Openstaande taken: {mine}."
    filing.must(TaskDone, CLIENT, task="verzamelen.uploaden.1", proof="hash")
    assert told(CLIENT) == "Er zijn nu geen openstaande taken."


def test_the_open_tasks_of_a_phase_lapse_when_it_is_left() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 10))
    filing.must(TaskDone, ADMIN, task="verzamelen.bellen.1")
    filing.collect()
    assert filing.told().count("task_lapsed") == 1
    assert not [item for item in filing.view.work if item.kind == "task"]
    late = filing.act(TaskDone, CLIENT, task="verzamelen.uploaden.1", proof="hash")
    assert refused(late, "unknown_task")


def test_who_is_started_late_gets_no_reminders_of_what_was_only_just_asked() -> None:
    reminder = Automation(
        id="herinnering",
        at=DateRule(anchor="period.end", days=8),
        send=SendMessage(message="btw-stukken", to=To()),
    )
    plan = with_phase(replace(COLLECT, automations=(*COLLECT.automations, reminder)))
    in_time, late = Driver(plan), Driver(plan)
    in_time.until(date(2026, 2, 20))
    late.now = late.now.replace(year=2026, month=2, day=12)
    late.until(date(2026, 2, 20))
    sent = [[c.kind for c in filing.commands].count("send") for filing in (in_time, late)]
    assert sent == [2, 1]
    assert "task_made" in late.told()


def test_an_automation_that_is_switched_off_does_nothing() -> None:
    filing = Driver(VAT, automations_off=("btw-aangifte/verzamelen/stukken",))
    filing.until(date(2026, 2, 10))
    assert "message_sent" not in filing.told()
    assert "task_made" in filing.told()


def test_without_automations_offers_and_their_reminders_still_run() -> None:
    filing = Driver(VAT, without_automations=True)
    filing.to_offer()
    filing.until(date(2026, 2, 27))
    purposes = [c.purpose for c in filing.commands if c.kind == "send"]
    assert purposes == ["offer", "reminder", "reminder"]
    assert "task_made" not in filing.told()


def test_step_is_pure() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    act = Check(at=filing.now, id="x", by=ADMIN, phase="verzamelen", checkpoint="kas")
    assert filing.state is not None
    before = filing.digest
    first, second = step(VAT, filing.state, act), step(VAT, filing.state, act)
    assert first == second
    assert filing.digest == before
    assert isinstance(first, Step)
    assert state_digest(VAT, first.state) != before


def test_nothing_happens_before_the_start_and_nothing_starts_twice() -> None:
    filing = Driver(VAT)
    tick = Check(at=filing.now, id="x", by=ADMIN, phase="verzamelen", checkpoint="kas")
    assert refused(step(VAT, None, tick), "not_started")


def test_commands_are_numbered_and_each_is_answered_once() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.decide()
    filing.must(Complete, ADMIN, phase="afronden")
    assert filing.state is not None
    assert [c.number for c in filing.commands] == list(range(1, len(filing.commands) + 1))
    assert filing.state.journal.in_flight == ()


def test_attaching_another_document_undoes_the_review() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.decide("reject", reason="Fout")
    filing.must(Attach, ADMIN, shown=shown("2"))
    assert filing.state is not None
    assert filing.state.case.documents[0].reviews == ()
