from datetime import date

from kantoor.data import replace
from kantoor.filing.events import Attach, Back, Check, Complete, Failed, Retry, Tick, Uncheck
from kantoor.filing.outcome import Refusal, Step
from kantoor.plan import Automation, Chase, Compare, LiteralValue, Name, Remind, SendMessage, To, Work

from .driver import ACCOUNTANT, ADMIN, FISCAL, MANAGER, Driver, shown
from .plans import COLLECT, PREPARE, REVIEW, VAT, with_phase


def refused(answer: Step | Refusal, code: str) -> bool:
    assert isinstance(answer, Refusal), answer
    assert answer.code == code, answer
    return True


def test_a_phase_is_entered_when_its_day_has_come_and_not_before() -> None:
    filing = Driver(VAT)
    assert filing.active() == []
    filing.until(date(2026, 1, 31))
    assert filing.active() == []
    filing.until(date(2026, 2, 1))
    assert filing.active() == ["verzamelen"]


def test_a_phase_with_an_open_required_checkpoint_is_not_completed() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    answer = filing.act(Complete, ADMIN, phase="verzamelen")
    assert refused(answer, "not_ready")
    assert "Bank is compleet" in answer.text
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    filing.must(Complete, ADMIN, phase="verzamelen")
    assert filing.active() == ["opstellen"]


def test_a_checkpoint_records_who_ticked_it_and_can_be_unticked_until_the_phase_is_completed() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    point = filing.view.phases[0].checkpoints[0]
    assert (point.by, point.at) == ("anna", filing.now)
    filing.must(Uncheck, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    assert refused(filing.act(Complete, ADMIN, phase="verzamelen"), "not_ready")
    filing.collect()
    again = filing.act(Uncheck, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    assert refused(again, "phase_not_active")


def test_a_checkpoint_whose_condition_does_not_hold_is_not_asked_for() -> None:
    january = Driver(VAT)
    january.until(date(2026, 2, 1))
    names = [c.id for c in january.view.phases[0].checkpoints]
    assert names == ["bank_compleet", "kas"]
    december = Driver(VAT, "2026-12")
    december.until(date(2027, 1, 1))
    names = [c.id for c in december.view.phases[0].checkpoints]
    assert names == ["bank_compleet", "kilometers", "kas"]


def test_an_unknown_checkpoint_is_refused_with_the_names_that_exist() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    answer = filing.act(Check, ADMIN, phase="verzamelen", checkpoint="bank")
    assert refused(answer, "unknown_checkpoint")
    assert "bank_compleet" in answer.text


def test_work_is_refused_to_whoever_does_not_hold_the_role() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    answer = filing.act(Check, FISCAL, phase="verzamelen", checkpoint="bank_compleet")
    assert refused(answer, "wrong_role")
    assert "Administratie" in answer.text


def test_a_phase_that_demands_a_title_refuses_whoever_lacks_it() -> None:
    plan = with_phase(replace(REVIEW, qualification=("AA", "RA")))
    filing = Driver(plan)
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.prepare()
    answer = filing.act(Complete, ACCOUNTANT, phase="controle", documents=(shown(),))
    assert refused(answer, "unqualified")
    qualified = replace(ACCOUNTANT, qualifications=("RA",))
    filing.must(Complete, qualified, phase="controle", documents=(shown(),))


def test_an_act_in_a_phase_whose_turn_it_is_not_says_which_phase_is_active() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    answer = filing.act(Complete, ACCOUNTANT, phase="controle")
    assert refused(answer, "phase_not_active")
    assert "Stukken opvragen" in answer.text


def test_a_phase_is_skipped_when_its_condition_does_not_hold() -> None:
    only_years = Compare(by="eq", left=Name(path=("period", "kind")), right=LiteralValue(value="year"))
    filing = Driver(with_phase(replace(COLLECT, condition=only_years)))
    assert filing.active() == ["opstellen"]
    assert "phase_skipped" in filing.told()


def test_phases_of_one_group_run_side_by_side_and_meet_again() -> None:
    collect = replace(COLLECT, group="samen", not_before=None)
    prepare = replace(PREPARE, group="samen")
    filing = Driver(with_phase(prepare, with_phase(collect)))
    assert filing.active() == ["verzamelen", "opstellen"]
    filing.prepare()
    assert filing.active() == ["verzamelen"]
    filing.collect()
    assert filing.active() == ["controle"]


def test_a_review_binds_the_exact_document_and_another_one_needs_another_review() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.prepare("1")
    assert refused(filing.act(Complete, ACCOUNTANT, phase="controle"), "stale_document")
    other = filing.act(Complete, ACCOUNTANT, phase="controle", documents=(shown("2"),))
    assert refused(other, "stale_document")
    filing.review("1")
    assert filing.active() == ["aanbieden"]


def test_a_phase_is_not_completed_without_the_document_it_makes() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    filing.collect()
    answer = filing.act(Complete, ADMIN, phase="opstellen")
    assert refused(answer, "not_ready")
    assert "Aangifte omzetbelasting" in answer.text


def test_going_back_enters_the_earlier_phase_again_with_nothing_ticked() -> None:
    plan = with_phase(replace(REVIEW, back_to="verzamelen"))
    filing = Driver(plan)
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.prepare()
    filing.must(Back, ACCOUNTANT, phase="controle", reason="Factuur ontbreekt")
    assert filing.active() == ["verzamelen"]
    assert filing.view.phases[0].round == 2
    assert all(c.by is None for c in filing.view.phases[0].checkpoints)
    assert refused(filing.act(Complete, ADMIN, phase="verzamelen"), "not_ready")


def test_going_back_needs_a_reason_and_a_way_back() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    assert refused(filing.act(Back, ADMIN, phase="verzamelen", reason="x"), "no_way_back")
    filing.collect()
    filing.prepare()
    assert refused(filing.act(Back, ACCOUNTANT, phase="controle", reason=" "), "reason_missing")


def test_four_eyes_refuses_whoever_did_anything_in_a_named_phase_in_whatever_round() -> None:
    everything = replace(ADMIN, roles=("administratie", "accountant"))
    bart = replace(ACCOUNTANT, roles=("administratie", "accountant"))
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    filing.must(Check, bart, phase="verzamelen", checkpoint="kas")
    filing.must(Uncheck, bart, phase="verzamelen", checkpoint="kas")
    filing.collect()
    filing.prepare()
    own = filing.act(Complete, everything, phase="controle", documents=(shown(),))
    assert refused(own, "four_eyes")
    earlier = filing.act(Complete, bart, phase="controle", documents=(shown(),))
    assert refused(earlier, "four_eyes")
    other = replace(ACCOUNTANT, id="eva")
    filing.must(Complete, other, phase="controle", documents=(shown(),))


def test_a_document_is_attached_only_in_the_phase_that_makes_it() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    assert refused(filing.act(Attach, ADMIN, shown=shown()), "phase_not_active")
    unknown = filing.act(Attach, ADMIN, shown=shown(document="jaarrekening"))
    assert refused(unknown, "unknown_document")


def test_a_refused_act_changes_nothing() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    before = filing.state
    filing.act(Complete, MANAGER, phase="verzamelen")
    assert filing.state == before


def test_a_tick_before_any_date_changes_only_the_sequence() -> None:
    filing = Driver(VAT)
    before = filing.state
    assert before is not None
    answer = filing.send(Tick(at=filing.now))
    assert isinstance(answer, Step)
    journal = replace(before.journal, sequence=before.journal.sequence + 1)
    assert answer.state == replace(before, journal=journal)
    assert not answer.entries


def with_a_message_under_way() -> tuple[Driver, int]:
    """Return a filing at its review, with a message of `opstellen` under way, and that command's number."""
    told = Automation(id="melden", at="completed", send=SendMessage(message="btw-stukken", to=To()))
    filing = Driver(with_phase(replace(PREPARE, automations=(told,))))
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.must(Attach, ADMIN, shown=shown())
    filing.hold = {"send"}
    filing.must(Complete, ADMIN, phase="opstellen")
    filing.hold = set()
    (command,) = filing.in_flight
    return filing, command.number


def assert_nothing_stalled(filing: Driver) -> None:
    assert filing.active() == ["opstellen"]
    assert [item for item in filing.view.work if item.kind == "stalled"] == []
    assert refused(filing.act(Retry, ADMIN, phase="opstellen"), "nothing_stalled")


def test_what_stood_still_is_dropped_when_the_work_goes_back() -> None:
    filing, number = with_a_message_under_way()
    filing.send(Failed(at=filing.now, number=number, error="Het adres bestaat niet."))
    assert [item.phase for item in filing.view.work if item.kind == "stalled"] == ["opstellen"]
    filing.must(Back, ACCOUNTANT, phase="controle", reason="Voorbelasting klopt niet")
    assert_nothing_stalled(filing)


def test_what_fails_after_the_work_went_back_does_not_stand_still_in_the_new_round() -> None:
    filing, number = with_a_message_under_way()
    filing.must(Back, ACCOUNTANT, phase="controle", reason="Voorbelasting klopt niet")
    filing.send(Failed(at=filing.now, number=number, error="Het adres bestaat niet."))
    assert filing.told()[-1] == "stands_still"
    assert_nothing_stalled(filing)


def test_a_reminder_of_a_work_phase_that_cannot_be_sent_stands_still_until_it_is_retried() -> None:
    chase = Chase(remind=Remind(every_days=3, at_most=1, message="btw-stukken"))
    filing = Driver(with_phase(replace(REVIEW, block=Work(chase=chase))))
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.prepare()
    filing.hold = {"send"}
    filing.until(date(2026, 2, 4))
    (reminder,) = [c for c in filing.commands if c.kind == "send" and c.purpose == "reminder"]
    filing.send(Failed(at=filing.now, number=reminder.number, error="Het adres bestaat niet."))
    assert [w.missing for w in filing.view.work if w.kind == "stalled"] == [("Het adres bestaat niet.",)]
    filing.hold = set()
    filing.must(Retry, ACCOUNTANT, phase="controle")
    assert filing.told().count("message_sent") == 2
    assert not [w for w in filing.view.work if w.kind == "stalled"]
