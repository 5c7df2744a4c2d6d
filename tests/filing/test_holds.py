"""Holding a filing and resuming it: what stops, what goes on, and what is made up for."""

from datetime import date

from kantoor.data import replace
from kantoor.filing.events import Actor, Attach, Cancel, Complete, Hold, Note, ResolveAgain, Resume, TaskDone
from kantoor.plan import Automation, DateRule, SendMessage, To

from .driver import ADMIN, CLIENT, FISCAL, MANAGER, Driver, shown
from .plans import CLOSE, COLLECT, VAT, with_phase
from .test_phases import refused

SYSTEM = Actor(kind="system", id="kantoor")
WHY = "Klant is met vakantie"


def held_at_offer() -> Driver:
    """Return a filing that was offered on 1 February and held on 3 February."""
    filing = Driver(VAT)
    filing.to_offer()
    filing.until(date(2026, 2, 3))
    filing.must(Hold, MANAGER, reason=f" {WHY} ")
    return filing


def sent(filing: Driver) -> list[str]:
    return [command.purpose for command in filing.commands if command.kind == "send"]


def test_a_held_filing_reminds_and_escalates_nobody_and_its_deadlines_are_told_as_missed() -> None:
    filing = held_at_offer()
    before = len(filing.commands)
    filing.until(date(2026, 6, 1))
    assert filing.told()[-2:] == ["held", "deadline_missed"]
    assert len(filing.commands) == before
    assert filing.view.planner == "te_laat"


def test_reminders_count_from_the_day_on_which_it_was_resumed() -> None:
    filing = held_at_offer()
    filing.until(date(2026, 2, 9))
    filing.must(Resume, MANAGER)
    filing.until(date(2026, 2, 12))
    assert "reminded" not in filing.told()
    filing.until(date(2026, 2, 13))
    assert filing.told().count("reminded") == 1


def test_until_a_day_it_is_held_and_then_goes_on_by_itself() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.must(Hold, MANAGER, reason=WHY, until=date(2026, 2, 10))
    held = filing.view.held
    assert held is not None
    assert (held.reason, held.until, held.by) == (WHY, date(2026, 2, 10), MANAGER.id)
    filing.until(date(2026, 2, 10))
    assert filing.view.held is None
    assert (filing.entries[-1].what, filing.entries[-1].by) == ("resumed", "kantoor")


def test_acts_are_refused_with_since_when_and_to_the_team_with_the_reason() -> None:
    filing = held_at_offer()
    answer = filing.act(Complete, ADMIN, phase="aanbieden")
    assert refused(answer, "held")
    assert answer.text == (
        "Deze opdracht is sinds 3 februari 2026 aangehouden: Klant is met vakantie. Hervat de opdracht eerst."
    )
    by_client = filing.decide()
    assert refused(by_client, "held")
    assert by_client.text == "Deze opdracht is sinds 3 februari 2026 aangehouden."
    assert refused(filing.act(Hold, MANAGER, reason="Nog eens"), "held")


def test_notes_documents_acts_of_the_system_and_cancelling_are_taken() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.must(Hold, ADMIN, reason=WHY)
    filing.must(Note, FISCAL, text="Belt na 1 maart")
    filing.must(Attach, ADMIN, shown=shown())
    assert refused(filing.act(ResolveAgain, SYSTEM, phase="opstellen"), "no_offer")
    filing.must(Cancel, ADMIN, reason="Gestopt")
    assert filing.view.held is None


def test_a_result_is_taken_and_nothing_begins_after_it_until_the_filing_is_resumed() -> None:
    filing = Driver(VAT)
    filing.hold = {"follow"}
    filing.to_offer()
    filing.decide()
    filing.must(Hold, MANAGER, reason=WHY)
    (following,) = filing.in_flight
    filing.answer(following)
    assert filing.active() == []
    assert {d.status for d in filing.view.deadlines} == {"met"}
    filing.must(Resume, MANAGER)
    assert filing.active() == ["afronden"]


def test_a_delivery_that_has_not_begun_waits_for_the_filing_to_be_resumed() -> None:
    plan = replace(
        VAT, deadlines=(replace(VAT.deadlines[0], earliest=DateRule(anchor="period.end", days=20)),)
    )
    filing = Driver(plan)
    filing.to_offer()
    filing.decide()
    filing.must(Hold, FISCAL, reason=WHY)
    filing.until(date(2026, 2, 25))
    assert "delivering" not in filing.told()
    filing.must(Resume, FISCAL)
    filing.until(date(2026, 2, 25))
    assert "accepted" in filing.told()


def test_a_dated_message_that_passed_is_dropped_and_a_task_is_made() -> None:
    asks = Automation(
        id="mailen",
        at=DateRule(anchor="period.end", days=10),
        send=SendMessage(message="btw-stukken", to=To()),
    )
    filing = Driver(with_phase(replace(COLLECT, automations=(*COLLECT.automations, asks))))
    filing.until(date(2026, 2, 5))
    before = sent(filing)
    filing.must(Hold, ADMIN, reason=WHY)
    filing.until(date(2026, 2, 15))
    assert refused(filing.act(TaskDone, CLIENT, task="verzamelen.uploaden.1", proof="hash"), "held")
    filing.must(Resume, ADMIN)
    filing.until(date(2026, 2, 20))
    assert sent(filing) == before
    assert [item.id for item in filing.view.work if item.kind == "task"] == [
        "verzamelen.bellen.1",
        "verzamelen.uploaden.1",
    ]


def test_no_phase_is_entered_while_the_filing_is_held() -> None:
    filing = Driver(VAT)
    filing.must(Hold, MANAGER, reason=WHY)
    filing.until(date(2026, 2, 10))
    assert filing.active() == []
    filing.must(Resume, MANAGER)
    assert filing.active() == ["verzamelen"]


def test_the_work_list_says_that_it_is_held_and_nothing_else() -> None:
    filing = held_at_offer()
    (item,) = filing.view.work
    assert (item.kind, item.roles, item.missing) == ("held", ("relatiebeheerder",), (WHY,))
    assert filing.view.planner == "bij_klant"


def test_who_holds_it_has_a_role_in_it_a_reason_and_a_day_to_come() -> None:
    filing = Driver(replace(VAT, phases=(COLLECT, CLOSE)))
    filing.until(date(2026, 2, 1))
    assert refused(filing.act(Resume, ADMIN), "not_held")
    assert refused(filing.act(Hold, FISCAL, reason=WHY), "wrong_role")
    assert refused(filing.act(Hold, CLIENT, reason=WHY), "wrong_role")
    assert refused(filing.act(Hold, ADMIN, reason=" "), "reason_missing")
    assert refused(filing.act(Hold, ADMIN, reason=WHY, until=date(2026, 2, 1)), "day_passed")
    filing.must(Hold, ADMIN, reason=WHY)
    assert refused(filing.act(Resume, FISCAL), "wrong_role")
