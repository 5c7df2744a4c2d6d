"""Closed filings run again: by their own plan as they happened, by another with the numbers of the hand."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kantoor.data import canonical, read, replace
from kantoor.filing.commands import AnyCommand
from kantoor.filing.events import AnyAct, AnyResult, Delivered, Tick
from kantoor.filing.outcome import Refusal
from kantoor.filing.redacting import Redacting, Redactor
from kantoor.plan import Chase, DateRule, GiveUp, NoticeAwaited, Phase, Plan, WaitFor, Work, digest
from kantoor.review.review import Side
from kantoor.service.reviewing.closed_filings import ClosedFilings
from kantoor.service.reviewing.what_if import compare_closed
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import ClientHabits, OfficeHabits, People
from kantoor.what_if.closed import ClosedFiling, Problem
from kantoor.what_if.comparing import compare
from kantoor.what_if.course import read_course
from kantoor.what_if.faces import make_schema, write_json, write_markdown, write_text
from kantoor.what_if.redacting import redact_events
from kantoor.what_if.replaying import replay
from kantoor.what_if.report import GATES, TemplateWhatIf, WhatIf
from kantoor.what_if.telling import AS_MANY, ASSUMED, NOT_SAID, NOTHING, tell
from tests.examples import so_many
from tests.filing.moving.edits import add_checkpoint, change_phase, edits
from tests.filing.test_redacting import PERSONAL, fill, plant
from tests.shipped import compile_shipped
from tests.simulation.simulating import office, plan_of, start_of
from tests.simulation.test_recording import PLANTED, SECRET, own, planted
from tests.simulation.test_scenarios import NAMES, tried

ROOT = Path(__file__).parents[2]
VAT = "btw-aangifte"
PLAN = plan_of(VAT)
LAST = date(2029, 1, 1)


def close(plan: Plan, name: str, happened: Any) -> ClosedFiling:
    """Return a filing as a file has it."""
    bare = ClosedFiling(id=name, template=plan.template, plan=digest(plan))
    return redact_events(Redactor(plan), bare, tuple(happened))


@cache
def collected_in(name: str, workdays: int) -> ClosedFiling:
    """Return a VAT return over January 2027 whose first phase took so many working days."""
    people = People(office=OfficeHabits(phase_workdays={"verzamelen": workdays}), client=ClientHabits())
    filing = Simulation(PLAN, start_of(VAT), people=people)
    assert filing.run(LAST) == "ended"
    return close(PLAN, name, filing.tell().events)


@pytest.fixture(scope="module")
def three() -> tuple[ClosedFiling, ...]:
    """Returns whose papers were complete on Wednesday 3, Tuesday 9 and Monday 15 February."""
    return tuple(collected_in(name, days) for name, days in (("a", 2), ("b", 6), ("c", 10)))


def run(filings: tuple[ClosedFiling, ...], after: Plan, before: Plan = PLAN) -> WhatIf:
    closed = ClosedFilings(date(2027, 4, 1), None, {digest(PLAN): PLAN}, (), {VAT: filings})
    sides = (Side(name, {VAT: plan}, office()) for name, plan in (("main", before), ("newer", after)))
    return compare_closed(closed, *sides)


def only(filings: tuple[ClosedFiling, ...], after: Plan) -> TemplateWhatIf:
    (found,) = run(filings, after).templates
    assert (found.filings, found.reproduced) == (len(filings), len(filings))
    return found


def edit(plan: Plan, phase: str, change: Callable[[Phase], dict[str, Any]]) -> Plan:
    return change_phase(plan, phase, **change(plan.phase(phase)))


@pytest.mark.parametrize("name", NAMES[::2])
def test_a_filing_comes_out_by_its_own_plan_as_it_happened_also_without_what_names_somebody(
    name: str,
) -> None:
    story = tried(name).outcome.story
    assert story is not None
    if story.state.case.ended is None:
        return
    filing = close(story.plan, name, story.events)
    course = read_course(story.plan, filing.events)
    again = replay(story.plan, course, story.plan)
    assert (again.case, again.tally, again.misfits) == (course.state.case, course.tally, ())
    assert course.state.case.ended is not None
    assert (course.state.case.ended.how, course.tally.on) == (
        story.state.case.ended.how,
        story.state.case.ended.at.date(),
    )
    found = compare(filing, {filing.plan: story.plan}, story.plan, story.plan)
    assert (found.fate, found.before, found.misfits) == ("compared", found.after, ())


class Sleeping(Simulation):
    """A filing whose machine is woken for a date so much later than it is due, unless something comes."""

    def __init__(self, template: str, late: timedelta) -> None:
        self.late = late
        super().__init__(plan_of(template), start_of(template), people=People())

    def _wake(self) -> datetime | None:
        due = super()._wake()
        return due if due is None or due <= self.now else due + self.late


@given(st.sampled_from(sorted(compile_shipped().plans)), st.integers(1, 400))
@settings(max_examples=so_many(25))
def test_a_filing_whose_machine_was_woken_late_comes_out_by_its_own_plan_as_it_happened(
    template: str, hours: int
) -> None:
    filing = Sleeping(template, timedelta(hours=hours, minutes=37))
    assume(filing.run(LAST) == "ended")
    story = filing.tell()
    closed = close(story.plan, "a", story.events)
    course = read_course(story.plan, closed.events)
    event(f"{sum(one.at > one.since for one in course.wakes)} dates came late")
    again = replay(story.plan, course, story.plan)
    assert (again.case, again.tally, again.misfits) == (course.state.case, course.tally, ())


def test_by_another_plan_too_a_date_waits_until_the_machine_was_woken() -> None:
    filing = Sleeping(VAT, timedelta(days=9))
    assert filing.run(LAST) == "ended"
    course = read_course(PLAN, close(PLAN, "a", filing.tell().events).events)
    begins = course.wakes[0]
    assert (begins.since.date(), begins.at.date()) == (date(2027, 2, 1), date(2027, 2, 10))
    first = PLAN.phases[0]
    earlier = edit(PLAN, first.id, lambda phase: {"not_before": DateRule(anchor="period.end", days=4)})
    (entered,) = (one.entered for one in replay(earlier, course, PLAN).case.phases if one.id == first.id)
    assert entered
    assert entered.date() == begins.at.date()


def test_nothing_that_people_wrote_is_left_of_an_event_wherever_it_can_hold_it() -> None:
    kinds = (kind for union in (AnyAct, AnyResult) for kind in get_args(union))
    for kind in (*kinds, Tick):
        for form in PERSONAL:
            texts: list[str] = []
            event = fill(kind, plant(form, texts))
            held = {"value": None} if kind.__name__ == "RecordFact" else {"values": {}}
            event = replace(event, **{k: v for k, v in held.items() if k in kind.__struct_fields__})
            told = canonical(Redacting(Redactor(PLAN), {}, hours=True).plain(event)).decode()
            assert not [text for text in texts if f'"{text}"' in told or (len(text) > 4 and text in told)]
            assert '"at":"2026-01-01T08:00:00"' in told


def test_of_a_filing_with_names_in_every_place_none_is_told_and_it_goes_the_same_way() -> None:
    wages = planted(
        "loonaangifte",
        ClientHabits(
            decides="reject_once",
            reason=SECRET,
            answers={
                "loon-mutaties": {"uit_dienst": True, "uit_dienst_toelichting": SECRET, "opmerkingen": SECRET}
            },
        ),
        {},
    )
    wages.reach("verwerken", LAST)
    for act, said in (("note", {"text": SECRET}), ("hold", {"reason": SECRET}), ("resume", {})):
        assert not isinstance(wages.act(act, **said), Refusal), act
    wages.run(LAST)
    facts = {"saldo": 4321, "tijdvakken": SECRET, "geconstateerd_op": "2027-02-01"}
    correction = planted("suppletie", ClientHabits(), facts)
    correction.run(LAST)
    for simulation in (wages, correction):
        filing = close(simulation.plan, "x", own(simulation))
        text = canonical(filing).decode().lower()
        assert [word for word in PLANTED if word in text] == []
        assert "432100" not in text
        assert read(text.encode(), ClosedFiling).id == "x"
        course = read_course(simulation.plan, filing.events)
        assert replay(simulation.plan, course, simulation.plan).case == course.state.case


def test_by_the_same_plan_or_other_texts_nothing_is_different(three: tuple[ClosedFiling, ...]) -> None:
    assert run(three, PLAN).templates == ()
    found = only(three, replace(PLAN, title="Btw"))
    assert (found.compared, found.same, found.kept, found.messages, found.items) == (3, 3, (), (), ())


def test_a_later_reminder_goes_to_those_who_were_later_still(three: tuple[ClosedFiling, ...]) -> None:
    def later(phase: Phase) -> dict[str, Any]:
        first = replace(phase.automations[1], at=DateRule(anchor="period.end", days=10))
        return {"automations": (phase.automations[0], first, phase.automations[2])}

    found = only(three, edit(PLAN, "verzamelen", later))
    # Of b the papers were there on the 9th: it was reminded on the 8th, and would not have been on the 10th.
    assert [(one.id, one.before, one.after) for one in found.messages] == [("btw-stukken-herinnering", 3, 2)]
    assert (found.same, found.earlier, found.later, found.kept) == (2, None, None, ())


def test_returns_that_may_not_be_delivered_yet_end_as_many_days_later(
    three: tuple[ClosedFiling, ...],
) -> None:
    not_yet = DateRule(anchor="period.end", days=24)
    found = only(three, replace(PLAN, deadlines=(replace(PLAN.deadlines[0], earliest=not_yet),)))
    # Closed on 10, 16 and 22 February, a working day after delivering; now on the 25th, all three.
    assert found.later is not None
    assert (found.later.filings, found.later.median, found.later.most) == (3, 9, 15)
    assert (found.earlier, found.kept, found.same) == (None, (), 0)


def test_a_phase_that_begins_later_is_done_as_many_working_days_later_and_clients_answer_as_many_days_later(
    three: tuple[ClosedFiling, ...],
) -> None:
    later = change_phase(PLAN, "verzamelen", not_before=DateRule(anchor="period.end", days=4))
    found = only(three, later)
    # It begins on Thursday 4 February: papers on 8, 12, 18 instead of 3, 9, 15; offered on 10, 16, 22.
    # Agreed to after 4, 4 and 2 days, on 14 (a Sunday), 20 (a Saturday) and 24; closed on 15, 22 and 25.
    assert found.later is not None
    assert (found.later.filings, found.later.median, found.later.most) == (3, 5, 6)
    messages = {one.id: (one.before, one.after) for one in found.messages}
    assert messages["btw-stukken-herinnering"] == (3, 5)
    assert found.reminders == ()  # of the offer, after three days: a and b are reminded once, as they were
    assert [(one.id, one.after) for one in found.escalations if one.id == "aanbieden"] == [("aanbieden", 1)]
    assert found.misfits == ()
    assert {one.kind for one in found.assumed} == {"send"}  # reminders and escalations, which arrive
    assert ("verzamelen", 2) in [(one.item, one.acts) for one in found.assumed]


@settings(max_examples=so_many(25), deadline=None)
@given(st.data())
def test_whatever_is_edited_there_is_an_answer_and_the_way_back_is_its_mirror(data: st.DataObject) -> None:
    filing = collected_in("a", 2)
    edit = data.draw(edits(PLAN))
    there = compare(filing, {digest(PLAN): PLAN}, PLAN, edit.plan)
    back = compare(filing, {digest(PLAN): PLAN}, edit.plan, PLAN)
    assert "fault" not in (there.why, back.why)
    assert there.reproduced
    if there.fate == "compared":
        assert (there.before, there.after) == (back.after, back.before)
    else:
        assert (back.fate, back.why) in (("inconclusive", "base_stops"), ("otherwise", ""))


def test_what_is_late_by_an_earlier_day_of_the_law_is_counted_with_its_periods(
    three: tuple[ClosedFiling, ...],
) -> None:
    (deadline,) = PLAN.deadlines
    day = (replace(deadline.due[-1], rule=DateRule(anchor="period.end", days=17)),)
    whole = run(three, replace(PLAN, deadlines=(replace(deadline, due=day),)))
    kept = next(one for one in whole.templates[0].kept if one.law)
    assert (kept.before, kept.after, kept.more, kept.fewer) == (0, 1, 1, 0)
    assert (kept.periods, kept.ids) == ((("2027-01", 1),), ("c",))  # delivered on the 19th
    assert whole.trip(("late",)) == ("1 of ‘Aangifte btw’ would be late by law.",)
    assert "made 1 return late by law" in write_text(whole)


def test_a_return_is_late_or_in_time_by_law_by_the_day_on_which_it_would_have_been_sent(
    three: tuple[ClosedFiling, ...],
) -> None:
    def say_when_sent(filing: ClosedFiling) -> ClosedFiling:
        told = (replace(e, sent=e.at.date()) if isinstance(e, Delivered) else e for e in filing.events)
        return replace(filing, events=tuple(told))

    sent = tuple(say_when_sent(one) for one in three)
    (deadline,) = PLAN.deadlines
    day = (replace(deadline.due[-1], rule=DateRule(anchor="period.end", days=20)),)
    kept = replace(PLAN, deadlines=(replace(deadline, due=day),))
    later = change_phase(kept, "verzamelen", not_before=DateRule(anchor="period.end", days=12))
    for before, after, numbers in ((kept, later, (0, 3)), (later, kept, (3, 0))):
        whole = run(sent, after, before)
        found = next(one for one in whole.templates[0].kept if one.law)
        assert (found.before, found.after) == numbers


def test_a_removed_checkpoint_and_phase_are_told_as_acts_that_no_longer_fit(
    three: tuple[ClosedFiling, ...],
) -> None:
    def fewer(phase: Phase) -> dict[str, Any]:
        return {"checkpoints": phase.checkpoints[1:]}

    found = only(three, edit(PLAN, "opstellen", fewer))
    (misfit,) = found.misfits
    assert (misfit.act, misfit.phase, misfit.why, misfit.code) == (
        *("check", "opstellen"),
        *("refused", "unknown_checkpoint"),
    )
    assert (misfit.acts, misfit.filings, found.compared, found.earlier) == (3, 3, 3, None)
    left = tuple(phase for phase in PLAN.phases if phase.id != "afronden")
    found = only(three, replace(PLAN, phases=left))
    assert {(one.act, one.phase, one.why) for one in found.misfits} == {
        ("check", "afronden", "gone"),
        ("complete", "afronden", "gone"),
    }


def test_work_of_another_role_is_done_by_it_and_a_new_checkpoint_is_ticked_with_the_phase(
    three: tuple[ClosedFiling, ...],
) -> None:
    moved = change_phase(PLAN, "afronden", role="fiscaal")
    found = only(three, moved)
    assert [(one.id, one.before, one.after) for one in found.items] == [
        ("administratie", 9, 6),
        ("fiscaal", 0, 3),
    ]
    assert {(one.kind, one.item) for one in found.assumed} == {("role", "fiscaal")}
    assert (found.compared, found.misfits) == (3, ())
    found = only(three, add_checkpoint(PLAN, PLAN.phase("afronden")))
    assert [(one.kind, one.acts) for one in found.assumed] == [("tick", 3)]


def test_a_delivery_more_than_there_was_is_told_as_taken_for_granted(three: tuple[ClosedFiling, ...]) -> None:
    (place,) = [place for place, phase in enumerate(PLAN.phases) if phase.deliver]
    again = replace(PLAN.phases[place], id="nogmaals", title="Nogmaals", automations=())
    phases = (*PLAN.phases[: place + 1], again, *PLAN.phases[place + 1 :])
    whole = run(three, replace(PLAN, phases=phases))
    found = whole.templates[0].assumed
    assert {(one.kind, one.item, one.acts) for one in found} >= {
        ("deliver", "nogmaals", 3),
        ("follow", "nogmaals", 3),
    }
    said = " ".join(write_text(whole).split())
    assert "Taken for granted: 3 times a delivery of ‘Nogmaals’ that is new is accepted." in said
    kinds = {command.__struct_config__.tag for command in get_args(AnyCommand)} - {"watch", "find"}
    assert kinds <= set(ASSUMED)


def test_a_phase_that_nobody_did_stops_filings_and_they_are_in_no_other_number(
    three: tuple[ClosedFiling, ...],
) -> None:
    new = Phase(id="extra", title="Extra controle", role="accountant", block=Work())
    phases = (*PLAN.phases[:3], new, *PLAN.phases[3:])
    whole = run(three, replace(PLAN, phases=phases))
    (found,) = whole.templates
    (stop,) = found.stopped
    assert (stop.where, stop.filings, stop.ids) == ("Extra controle", 3, ("a", "b", "c"))
    assert (found.compared, found.kept, found.messages, found.misfits) == (0, (), (), ())
    assert whole.trip(("stopped", "late")) == ("3 of ‘Aangifte btw’ would not have ended.",)


def test_what_did_not_happen_by_its_plan_is_counted_apart_and_in_no_number(
    three: tuple[ClosedFiling, ...],
) -> None:
    first = three[0]
    late = [one for one in first.events if not isinstance(one, Tick)]
    odd = (
        replace(first, id="d", events=tuple(late)),
        replace(first, id="e", problem="moved", events=()),
        replace(first, id="f", plan="0" * 64),
    )
    (found,) = run((*three, *odd), add_checkpoint(PLAN, PLAN.phase("afronden"))).templates
    assert (found.filings, found.reproduced, found.compared) == (6, 3, 3)
    assert {(one.code, one.ids) for one in found.not_said} == {
        ("otherwise", ("d",)),
        ("moved", ("e",)),
        ("no_plan", ("f",)),
    }
    assert set(get_args(Problem)) <= set(NOT_SAID)


def test_where_nothing_could_be_compared_that_alone_is_said_and_no_gate_lets_it_pass(
    three: tuple[ClosedFiling, ...],
) -> None:
    moved = tuple(replace(one, problem="moved", events=()) for one in three)
    found = run(moved, add_checkpoint(PLAN, PLAN.phase("afronden")))
    assert "Of 3 closed filings, none could be compared, so nothing can be said" in write_text(found)
    for gate in GATES:
        assert found.trip((gate,)) == ("3 of ‘Aangifte btw’ could not be compared.",)
    none = run((), add_checkpoint(PLAN, PLAN.phase("afronden")))
    assert none.trip(("inconclusive",)) == none.not_looked_at == ("No filing of ‘Aangifte btw’ was closed.",)
    assert none.trip(("late",)) == ()
    assert none.not_looked_at[0] in write_text(none)
    assert none.not_looked_at[0] in write_markdown(none)


def test_filings_that_end_in_another_way_are_told_in_the_first_line_and_the_first_sentence(
    three: tuple[ClosedFiling, ...],
) -> None:
    given_up = GiveUp(on=DateRule(anchor="period.end", days=60), end="niet_ingediend")
    block = WaitFor(awaited=(NoticeAwaited(notice="brief"),), chase=Chase(give_up=given_up))
    wait = Phase(id="brief", title="Brief afwachten", role="fiscaal", block=block)
    found = run(three, replace(PLAN, phases=(*PLAN.phases[:-1], wait, PLAN.phases[-1])))
    assert "this change would have ended 3 filings in another way" in " ".join(write_text(found).split())
    said = [line for line in write_markdown(found).splitlines() if line.startswith("- ")]
    assert said[1] == "- 3 filings would have ended as ‘Niet ingediend’ instead of ‘completed’."
    assert found.trip(("otherwise",)) == ("3 of ‘Aangifte btw’ would have ended in another way.",)


def test_every_face_says_the_same_and_json_keeps_to_its_schema(three: tuple[ClosedFiling, ...]) -> None:
    new = Phase(id="extra", title="<b>@iemand</b>", role="accountant", block=Work())
    found = run(three, replace(PLAN, phases=(*PLAN.phases[:3], new, *PLAN.phases[3:])))
    assert "3 filings would not have ended, and would have stopped in ‘<b>@iemand</b>’." in write_text(found)
    assert "<b>" not in write_markdown(found)
    data = json.loads(write_json(found))
    assert (ROOT / "schemas/what-if.schema.json").read_text("utf-8") == make_schema()
    Draft202012Validator(json.loads(make_schema())).validate(data)
    assert data["templates"][0]["stopped"][0]["filings"] == 3


def test_nothing_different_is_said_only_where_no_filing_differs(three: tuple[ClosedFiling, ...]) -> None:
    found = run(three[:1], replace(PLAN, title="Anders"))
    (template,) = found.templates
    for same, said in ((template.compared, NOTHING), (0, AS_MANY)):
        (told,) = tell(replace(found, templates=(replace(template, same=same),)))
        assert told.sentences == (said,)
