"""What was written in format 1 is read for ever: its states, its digests, and what follows from its events.

`tests/histories/format-1/steps.json.gz` holds every step of four filings as the machine of format 1 took
them.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from kantoor.data import Struct, canonical, digest_of, fill_in, replace
from kantoor.filing.commands import Send
from kantoor.filing.digests import act_digest, state_digest
from kantoor.filing.events import (
    AnyEvent,
    AnyResult,
    Back,
    Cancel,
    Decide,
    Failed,
    RecordFact,
    Resolved,
    ResolvedContact,
    Retry,
    Sent,
    Tick,
)
from kantoor.filing.format_1 import read_state, state_in_format_1
from kantoor.filing.issuing import reissue
from kantoor.filing.outcome import Step
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.filing.turn import Reader
from kantoor.filing.waits import next_wake
from kantoor.plan import Automation, Chase, DateRule, Escalate, Plan, Remind, SendMessage, To, load_plan

from .driver import ACCOUNTANT, CLIENT, MANAGER, RECIPIENT, Driver, shown
from .plans import OFFER, REVIEW, VAT, with_phase

ANOTHER = replace(RECIPIENT, contact="c-ook")
FOLDER = Path(__file__).parents[1] / "histories" / "format-1"
STORIES: dict[str, list[dict[str, Any]]] = json.loads(
    gzip.decompress((FOLDER / "steps.json.gz").read_bytes())
)


def plan_of(story: str) -> Plan:
    """Return the plan that a history started with."""
    history = json.loads(gzip.decompress((FOLDER / story).read_bytes()))
    started = history["events"][0]["workflowExecutionStartedEventAttributes"]
    (payload,) = started["input"]["payloads"]
    text: str = json.loads(msgspec.convert(payload["data"], bytes))["plan"]
    return load_plan(text)


def taken(story: str) -> Iterator[tuple[dict[str, Any], Step]]:
    """Yield each step as it was written, with what the machine makes of its event today."""
    plan, state = plan_of(story), None
    for written in STORIES[story]:
        event: AnyEvent = msgspec.convert(written["event"], AnyEvent)
        outcome = step(plan, state, event)
        assert isinstance(outcome, Step), outcome
        state = outcome.state
        yield written, outcome


@pytest.mark.parametrize("story", STORIES)
def test_the_machine_comes_to_the_same_digests(story: str) -> None:
    plan = plan_of(story)
    for written, outcome in taken(story):
        assert state_in_format_1(plan, outcome.state) == written["state"]
        assert state_digest(plan, outcome.state) == written["digest"]


@pytest.mark.parametrize("story", STORIES)
def test_the_machine_asks_and_tells_the_same(story: str) -> None:
    for written, outcome in taken(story):
        assert [fill_in(one) for one in outcome.commands] == extended(outcome.commands, written["commands"])
        assert [fill_in(one) for one in outcome.entries] == extended(outcome.entries, written["entries"])


def extended(now: Sequence[Struct], written: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was written in format 1, each with what later fields of it say today."""
    return [fill_in(one) | before for one, before in zip(now, written, strict=True)]


@pytest.mark.parametrize("story", STORIES)
def test_a_state_of_format_1_is_read_and_keeps_its_digest(story: str) -> None:
    plan = plan_of(story)
    for written in STORIES[story]:
        state = read_state(plan, canonical(written["state"]))
        assert digest_of(canonical(state_in_format_1(plan, state))) == written["digest"]
        assert msgspec.json.decode(canonical(state), type=State) == state


def on_format_1(*held: str) -> Driver:
    """Return a filing on a plan of format 1, holding back the answers to these commands."""
    filing = Driver(replace(VAT, format=1))
    filing.hold = set(held)
    return filing


def reject(filing: Driver) -> None:
    filing.decide("reject", reason="Er mist een factuur")


def offer_again(filing: Driver) -> None:
    reject(filing)
    filing.prepare("2")
    filing.review("2")


def end(filing: Driver) -> None:
    filing.must(Cancel, MANAGER, reason="Dubbel")


@pytest.mark.parametrize("go_on", [reject, offer_again, Driver.decide, end])
@pytest.mark.parametrize("failed", [False, True])
def test_a_message_of_format_1_whose_reason_was_gone_changes_nothing_when_its_result_comes(
    go_on: Callable[[Driver], Any], failed: bool
) -> None:
    filing = on_format_1("send", "resolve", "deliver")
    to_a_reminder(filing)
    asked = wrote(filing)["in_flight"]
    assert [one["purpose"] for one in asked if one["kind"] == "send"] == ["reminder"]
    go_on(filing)
    result = about_reminder(filing, failed)
    assert_changes_nothing(filing, wrote(filing) | {"in_flight": asked}, result)


@pytest.mark.parametrize("go_on", [reject, offer_again, Driver.decide, end])
def test_a_reminder_of_format_1_on_its_way_stays_as_it_was_issued(go_on: Callable[[Driver], Any]) -> None:
    filing = on_format_1("send", "resolve", "deliver")
    to_a_reminder(filing)
    issued = next(one for one in filing.in_flight if one.kind == "send")
    asked = wrote(filing)["in_flight"][0]
    go_on(filing)
    assert asked in wrote(filing)["in_flight"]
    state = read_state(filing.plan, canonical(wrote(filing)))
    pending = next(one for one in state.journal.in_flight if one.number == issued.number)
    assert reissue(Reader(filing.plan, state), pending, also_withdrawn=True) == issued


@pytest.mark.parametrize(("format", "again"), [(1, ("c-jansen", "c-ook")), (2, ("c-ook",))])
def test_a_reminder_of_format_1_that_is_retried_goes_to_whom_it_went_to(
    format: Literal[1, 2], again: tuple[str, ...]
) -> None:
    filing = for_two(format)
    filing.until(date(2026, 2, 5))
    (reminder,) = filing.in_flight
    filing.decide()
    filing.send(Failed(at=filing.now, number=reminder.number, error="postvak vol"))
    (retried,) = filing.must(Retry, MANAGER, phase="aanbieden").commands
    assert isinstance(retried, Send)
    assert retried.contacts == again


def test_a_reminder_of_format_1_is_issued_where_everybody_has_answered() -> None:
    filing = for_two(1, recipients=(replace(RECIPIENT, jointly=("approve",)),))
    filing.act(
        Decide,
        replace(CLIENT, jointly=("approve",)),
        phase="aanbieden",
        answer="approve",
        documents=(shown(),),
    )
    filing.until(date(2026, 2, 5))
    (reminder,) = filing.in_flight
    assert isinstance(reminder, Send)
    assert (reminder.purpose, reminder.contacts) == ("reminder", ())


def for_two(format: Literal[1, 2], recipients: tuple[ResolvedContact, ...] = (RECIPIENT, ANOTHER)) -> Driver:
    """Return a filing that was offered on 1 February to who must all approve; its reminders are held back."""
    plan = with_phase(replace(OFFER, block=replace(OFFER.block, to=To(decide="all"))))
    filing = Driver(replace(plan, format=format))
    filing.resolution["recipients"] = recipients
    filing.to_offer()
    filing.hold = {"send"}
    return filing


def to_a_reminder(filing: Driver) -> None:
    """Go on until a reminder of the offer is on its way, and nothing else."""
    filing.hold, held = set(), filing.hold
    filing.to_offer()
    filing.hold = held
    filing.until(date(2026, 2, 5))


def about_reminder(filing: Driver, failed: bool) -> AnyResult:
    number = next(c.number for c in filing.commands if c.kind == "send" and c.purpose == "reminder")
    if failed:
        return Failed(at=filing.now, number=number, error="postvak vol", reached=(CLIENT.id,))
    return Sent(at=filing.now, number=number, recipients=(CLIENT.id,))


def test_a_lookup_of_format_1_for_an_offer_that_was_begun_again_changes_nothing() -> None:
    filing = on_format_1("resolve")
    filing.to_offer()
    first = filing.in_flight[0]
    filing.must(Back, MANAGER, phase="aanbieden", reason="Fout gezien")
    filing.prepare("2")
    filing.review("2")
    result = Resolved(at=filing.now, number=first.number, recipients=(), problem="Niemand mag dit.")
    assert {p.number for p in state_of(filing).journal.in_flight} > {first.number}
    assert_changes_nothing(filing, wrote(filing), result)


def test_a_message_of_format_1_of_a_phase_that_is_to_be_done_again_is_not_sent_again() -> None:
    note = Automation(id="melden", at="entered", send=SendMessage(message="btw-stukken", to=To()))
    plan = with_phase(replace(REVIEW, automations=(note,)))
    filing = Driver(replace(plan, format=1))
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.hold = {"send"}
    filing.prepare()
    (sent,) = filing.in_flight
    filing.must(Back, ACCOUNTANT, phase="controle", reason="Rubriek 1a")
    result = Failed(at=filing.now, number=sent.number, error="postvak vol")
    assert_changes_nothing(filing, wrote(filing), result)


def wrote(filing: Driver) -> dict[str, Any]:
    """Return the state as the machine of format 1 wrote it."""
    return state_in_format_1(filing.plan, state_of(filing))


def state_of(filing: Driver) -> State:
    assert filing.state is not None
    return filing.state


def assert_changes_nothing(filing: Driver, written: dict[str, Any], result: AnyResult) -> None:
    state = read_state(filing.plan, canonical(written))
    assert [p.withdrawn for p in state.journal.in_flight if p.number == result.number] == [True]
    outcome = step(filing.plan, state, result)
    assert isinstance(outcome, Step), outcome
    assert outcome.state.case == state.case
    assert not outcome.commands
    assert {"message_sent", "stands_still"} >= {entry.what for entry in outcome.entries}


def reminding(format: Literal[1, 2], escalate: Escalate | None = None) -> Driver:
    """Return a filing that was offered on 1 February; reminders follow every four days, at most three."""
    chase = Chase(remind=Remind(every_days=4, at_most=3), escalate=escalate)
    plan = with_phase(replace(OFFER, block=replace(OFFER.block, chase=chase)))
    filing = Driver(replace(plan, format=format))
    filing.to_offer()
    return filing


@pytest.mark.parametrize(("format", "counted", "following"), [(1, "2", 13), (2, "1", 15)])
def test_a_late_reminder_of_format_1_counts_for_all_that_were_due_and_the_next_keeps_its_day(
    format: Literal[1, 2], counted: str, following: int
) -> None:
    filing = reminding(format)
    filing.send(Tick(at=datetime(2026, 2, 11, 12)))
    assert [e.data["number"] for e in filing.entries if e.what == "reminded"] == [counted]
    assert next_wake(filing.plan, state_of(filing)) == datetime(2026, 2, following, 8)


def test_reminders_of_format_1_go_on_alike_once_their_state_was_read() -> None:
    filing = reminding(1)
    for late in (datetime(2026, 2, 5, 8), datetime(2026, 2, 10, 12), datetime(2026, 2, 13, 8)):
        read = read_state(filing.plan, canonical(wrote(filing)))
        assert next_wake(filing.plan, read) == next_wake(filing.plan, state_of(filing))
        tick = Tick(at=late)
        outcome = step(filing.plan, read, tick)
        assert isinstance(outcome, Step)
        filing.send(tick)
        assert next_wake(filing.plan, outcome.state) == next_wake(filing.plan, state_of(filing))
    assert wrote(filing)["phases"][0]["reminders"] == 3
    assert not [e for e in filing.entries if e.what == "escalated"]


def test_on_the_day_of_an_escalation_format_1_still_reminds_before_the_office_opens() -> None:
    filing = reminding(1, Escalate(on=DateRule(anchor="period.end", days=10), role="accountant"))
    filing.until(date(2026, 2, 5))
    filing.send(Tick(at=datetime(2026, 2, 10, 7)))
    filing.send(Tick(at=datetime(2026, 2, 10, 8)))
    told = [e.what for e in filing.entries if e.what in ("reminded", "escalated")]
    assert told == ["reminded", "reminded", "escalated"]


def test_what_is_on_its_way_in_format_1_with_its_reason_is_not_withdrawn() -> None:
    filing = on_format_1("send")
    to_a_reminder(filing)
    state = read_state(filing.plan, canonical(wrote(filing)))
    assert [pending.withdrawn for pending in state.journal.in_flight] == [False]
    assert state.journal.in_flight == state_of(filing).journal.in_flight


def test_an_act_that_came_after_format_1_is_hashed_by_all_that_it_says() -> None:
    act = RecordFact(
        at=datetime(2026, 2, 1), id="1", by=MANAGER, phase="opstellen", fact="saldo", value=1, reason="omdat"
    )
    assert act_digest(act, 1) == act_digest(replace(act, at=datetime(2026, 2, 2)), 1)
    for other in (replace(act, value=2), replace(act, reason="anders"), replace(act, by=ACCOUNTANT)):
        assert act_digest(other, 1) != act_digest(act, 1)
