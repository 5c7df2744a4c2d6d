from datetime import date, datetime
from typing import Any

import pytest

from kantoor.data import replace
from kantoor.filing.commands import ANSWERED_BY, AnyCommand
from kantoor.filing.events import (
    Actor,
    AnyResult,
    Back,
    Cancel,
    Complete,
    Delivered,
    Failed,
    Hold,
    Judged,
    Resolved,
    Retry,
    Sent,
)
from kantoor.filing.outcome import Refusal
from kantoor.plan import DateRule, LiteralValue

from .driver import ADMIN, FISCAL, MANAGER, Driver
from .plans import CLOSE, COLLECT, OFFER, VAT, with_phase
from .test_laws import do_the_next_thing
from .test_phases import refused

OF_VAT = ("send", "resolve", "deliver", "follow")
"""The commands that a VAT return brings about."""

KINDS = ("sent", "resolved", "delivered", "judged", "failed")


def test_a_return_is_delivered_on_its_earliest_day_and_not_before() -> None:
    early = replace(COLLECT, not_before=None)
    filing = Driver(with_phase(early))
    filing.collect()
    filing.prepare()
    filing.review()
    filing.decide()
    assert filing.active() == ["indienen"]
    filing.until(date(2026, 1, 23))
    assert "delivering" not in filing.told()
    filing.until(date(2026, 1, 24))
    assert filing.active() == ["afronden"]
    day = next(e.at.date() for e in filing.entries if e.what == "delivering")
    assert day == date(2026, 1, 24)


def test_a_refusal_sends_the_work_back_with_the_authoritys_own_text() -> None:
    filing = Driver(VAT)
    filing.verdicts = iter([(False, "Rubriek 1a is onjuist")])
    filing.to_offer()
    filing.decide()
    assert filing.active() == ["opstellen"]
    reason = next(e.data["reason"] for e in filing.entries if e.what == "sent_back")
    assert reason == "510: Rubriek 1a is onjuist"
    filing.prepare("2")
    filing.review("2")
    filing.decide(content="2")
    attempts = [(c.attempt, c.hash) for c in filing.commands if c.kind == "deliver"]
    assert attempts == [(1, "hash-1"), (2, "hash-2")]
    assert filing.view.planner == "ingediend"


def test_a_technical_failure_stands_still_and_is_delivered_again_on_retry() -> None:
    filing = Driver(VAT)
    filing.hold = {"deliver"}
    filing.to_offer()
    filing.decide()
    failed = filing.commands[-1]
    filing.send(Failed(at=filing.now, number=failed.number, error="Digipoort: 210"))
    assert filing.active() == ["indienen"]
    filing.hold = set()
    filing.must(Retry, FISCAL, phase="indienen")
    assert [c.attempt for c in filing.commands if c.kind == "deliver"] == [1, 2]
    assert filing.active() == ["afronden"]


def test_what_the_gateway_ended_is_delivered_again_and_what_was_not_asked_is_followed_again() -> None:
    filing = Driver(VAT)
    filing.hold = {"follow"}
    filing.to_offer()
    filing.decide()
    first = filing.commands[-1]
    filing.send(Failed(at=filing.now, number=first.number, error="Certificaat verlopen"))
    filing.must(Retry, FISCAL, phase="indienen")
    second = filing.commands[-1]
    assert (second.kind, second.number) == ("follow", first.number + 1)
    assert refused(filing.act(Cancel, MANAGER, reason="Toch niet"), "delivery_runs")
    filing.send(Failed(at=filing.now, number=second.number, error="Digipoort: 210", over=True))
    filing.must(Retry, FISCAL, phase="indienen")
    assert [c.attempt for c in filing.commands if c.kind == "deliver"] == [1, 2]


def test_while_a_delivery_runs_nothing_goes_back_and_nothing_is_cancelled() -> None:
    filing = Driver(VAT)
    filing.hold = {"follow"}
    filing.to_offer()
    filing.decide()
    back = filing.act(Back, FISCAL, phase="indienen", reason="Fout ontdekt")
    assert refused(back, "delivery_runs")
    said = filing.act(Cancel, MANAGER, reason="Vergissing")
    assert refused(said, "delivery_runs")
    assert isinstance(said, Refusal)
    assert "Blijft die lang uit, dan zegt de werklijst dat; leg op de pagina" in said.text


def test_what_is_on_its_way_can_be_kept_from_going_out_where_it_cannot_be_cancelled() -> None:
    filing = Driver(VAT)
    filing.hold = {"deliver"}
    filing.to_offer()
    filing.decide()
    said = filing.act(Cancel, MANAGER, reason="Vergissing")
    assert refused(said, "delivery_runs")
    assert isinstance(said, Refusal)
    assert said.text.endswith("houd de opdracht dan aan: wat nog niet is verstuurd, gaat dan niet uit.")
    assert not isinstance(filing.act(Hold, MANAGER, reason="Vergissing"), Refusal)


def test_a_return_that_is_not_followed_any_more_is_still_with_the_authority() -> None:
    filing = Driver(VAT)
    filing.hold = {"follow"}
    filing.to_offer()
    filing.decide()
    filing.send(Failed(at=filing.now, number=filing.commands[-1].number, error="Certificaat verlopen"))
    back = filing.act(Back, FISCAL, phase="indienen", reason="Fout ontdekt")
    assert refused(back, "delivery_runs")
    said = filing.act(Cancel, MANAGER, reason="Vergissing")
    assert refused(said, "delivery_runs")
    assert isinstance(said, Refusal)
    assert "Probeer het opnieuw, of leg op de pagina van de opdracht vast" in said.text
    filing.hold = set()
    filing.must(Retry, FISCAL, phase="indienen")
    assert [c.attempt for c in filing.commands if c.kind == "deliver"] == [1]
    assert filing.view.planner == "ingediend"


def test_what_the_gateway_has_ended_can_go_back() -> None:
    filing = Driver(VAT)
    filing.hold = {"follow"}
    filing.to_offer()
    filing.decide()
    failed = Failed(at=filing.now, number=filing.commands[-1].number, error="Digipoort: 210", over=True)
    filing.send(failed)
    filing.must(Back, FISCAL, phase="indienen", reason="Ander bestand nodig")
    assert filing.active() == ["opstellen"]


def test_what_was_accepted_is_neither_cancelled_nor_done_again() -> None:
    filing = Driver(with_phase(replace(CLOSE, back_to="opstellen")))
    filing.to_offer()
    filing.decide()
    assert filing.active() == ["afronden"]
    assert refused(filing.act(Cancel, MANAGER, reason="Toch niet"), "accepted")
    assert refused(filing.act(Back, ADMIN, phase="afronden", reason="Foutje"), "accepted")
    filing.must(Complete, ADMIN, phase="afronden")
    assert filing.view.planner == "klaar"


def test_what_nobody_approved_is_never_delivered() -> None:
    skipped = replace(OFFER, condition=LiteralValue(value=False))
    filing = Driver(with_phase(skipped))
    filing.to_offer()
    assert filing.active() == ["indienen"]
    assert not [c for c in filing.commands if c.kind == "deliver"]
    assert "De klant heeft deze versie niet geaccordeerd." in filing.view.work[-1].missing
    filing.must(Retry, FISCAL, phase="indienen")
    assert not [c for c in filing.commands if c.kind == "deliver"]


def without_delivery(*aiming: str) -> Driver:
    """Return a filing that delivers nothing, with a deadline that these phases have as their target."""
    target = DateRule(anchor="deadlines.aangifte", workdays=-2)
    kept = [p for p in VAT.phases if p.id not in ("aanbieden", "indienen")]
    phases = tuple(replace(p, due=target if p.id in aiming else None) for p in kept)
    return Driver(replace(VAT, phases=phases))


@pytest.mark.parametrize("aiming", [("controle",), ()])
def test_a_deadline_for_which_nothing_is_delivered_is_missed_when_its_day_passes(aiming: tuple[str]) -> None:
    filing = without_delivery(*aiming)
    filing.until(date(2026, 2, 28))
    assert [d.status for d in filing.view.deadlines] == ["open"]
    filing.until(date(2026, 3, 1))
    assert ([d.status for d in filing.view.deadlines], filing.view.planner) == (["missed"], "te_laat")
    assert filing.told().count("deadline_missed") == 1


def test_a_deadline_for_which_nothing_is_delivered_is_met_by_the_phases_that_aim_at_it() -> None:
    filing = without_delivery("opstellen", "controle")
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.prepare()
    assert [d.status for d in filing.view.deadlines] == ["open"]
    filing.review()
    assert ([d.status for d in filing.view.deadlines], filing.active()) == (["met"], ["afronden"])
    filing.until(date(2026, 3, 10))
    assert "deadline_missed" not in filing.told()


def test_a_missed_deadline_is_told_the_day_after_and_shown_until_delivered() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 28))
    assert filing.view.planner == "loopt"
    filing.until(date(2026, 3, 1))
    assert filing.view.planner == "te_laat"
    assert filing.told().count("deadline_missed") == 1
    filing.to_offer()
    filing.decide()
    assert filing.view.planner == "ingediend"
    assert filing.view.deadlines[0].status == "met_late"
    filing.must(Complete, ADMIN, phase="afronden")
    assert filing.view.planner == "klaar"


def sent_on(day: date, status_of: str = "follow") -> Driver:
    """Return a filing of which the return was sent on a day, and whose status does not come."""
    filing = Driver(VAT)
    filing.hold = {"deliver", "follow"}
    filing.to_offer()
    filing.decide()
    (deliver,) = (one for one in filing.commands if one.kind == "deliver")
    filing.send(Delivered(at=filing.now, number=deliver.number, reference="kenmerk", sent=day))
    return filing


def judge(filing: Driver, *, accepted: bool) -> None:
    follow = next(one for one in reversed(filing.commands) if one.kind == "follow")
    judged = Judged(at=filing.now, number=follow.number, accepted=accepted, code="500", text="Klaar")
    filing.send(judged)


def test_a_return_that_was_sent_in_time_is_not_late_while_its_status_does_not_come() -> None:
    filing = sent_on(date(2026, 2, 10))
    assert ([d.status for d in filing.view.deadlines], filing.view.due) == (["open"], date(2026, 2, 28))
    filing.until(date(2026, 3, 5))
    assert (filing.view.planner, filing.view.deadlines[0].status, filing.view.due) == ("loopt", "met", None)
    assert "deadline_missed" not in filing.told()
    judge(filing, accepted=True)
    assert (filing.view.planner, filing.view.deadlines[0].status) == ("ingediend", "met")


def test_a_return_that_was_sent_in_time_and_refused_after_its_day_is_late() -> None:
    filing = sent_on(date(2026, 2, 10))
    filing.until(date(2026, 3, 5))
    judge(filing, accepted=False)
    assert (filing.view.planner, filing.view.deadlines[0].status) == ("te_laat", "missed")
    filing.until(date(2026, 3, 6))
    assert filing.told().count("deadline_missed") == 1


def test_a_return_whose_status_cannot_be_asked_any_more_is_late_only_where_the_gateway_ended_it() -> None:
    for over, planner in ((False, "loopt"), (True, "te_laat")):
        filing = sent_on(date(2026, 2, 10))
        follow = next(one for one in filing.commands if one.kind == "follow")
        filing.send(Failed(at=filing.now, number=follow.number, error="Geen status", over=over))
        filing.until(date(2026, 3, 5))
        assert filing.view.planner == planner


def test_a_return_that_turns_out_to_have_been_sent_in_time_is_not_late_any_more() -> None:
    filing = Driver(VAT)
    filing.hold = {"deliver", "follow"}
    filing.to_offer()
    filing.decide()
    filing.until(date(2026, 3, 5))
    assert filing.view.planner == "te_laat"
    (deliver,) = (one for one in filing.commands if one.kind == "deliver")
    found = {"reference": "kenmerk", "sent": date(2026, 2, 10)}
    filing.send(Delivered(at=filing.now, number=deliver.number, **found))
    assert filing.view.planner == "loopt"
    judge(filing, accepted=True)
    assert filing.view.deadlines[0].status == "met"


def test_a_result_that_answers_nothing_in_flight_is_refused() -> None:
    filing = Driver(VAT)
    answer = filing.send(Failed(at=filing.now, number=99, error="?"))
    assert refused(answer, "not_in_flight")


def at_the_second_attempt(*held: str) -> Driver:
    """Return a filing that delivers for the second time, holding back the answers to these commands.

    Its first attempt is still on its way too, as after a way back that nothing kept: what comes of it must
    not be taken for the second's.
    """
    filing = Driver(VAT)
    filing.hold = {"deliver", *held}
    filing.to_offer()
    filing.decide()
    first = filing.in_flight[0]
    filing.send(Failed(at=filing.now, number=first.number, error="Digipoort: 210"))
    filing.must(Retry, FISCAL, phase="indienen")
    assert filing.state is not None
    journal, pending = filing.state.journal, filing.state.journal.in_flight[0]
    on_their_way = (replace(pending, number=first.number), *journal.in_flight)
    filing.state = replace(filing.state, journal=replace(journal, in_flight=on_their_way))
    return filing


def test_a_failure_of_an_earlier_attempt_leaves_the_later_one_as_it_is() -> None:
    filing = at_the_second_attempt()
    assert filing.state is not None
    before = filing.state.case
    filing.send(Failed(at=filing.now, number=filing.in_flight[0].number, error="Te laat"))
    assert filing.state.case == before
    assert filing.entries[-1].data["reason"] == "Te laat"


def test_an_earlier_attempt_that_was_taken_is_told_and_the_later_one_goes_on() -> None:
    filing = at_the_second_attempt("follow")
    first, second = filing.in_flight
    assert filing.state is not None
    before = filing.state.case
    filing.send(Delivered(at=filing.now, number=first.number, reference="kenmerk-1"))
    assert filing.state.case == before
    assert filing.entries[-1].data["reference"] == "kenmerk-1"
    filing.answer(second)
    assert filing.state.case.deliveries[0].reference == f"kenmerk-{second.number}"


def test_a_judgement_of_an_earlier_attempt_is_told_and_judges_no_later_one() -> None:
    filing = at_the_second_attempt()
    assert filing.state is not None
    first = replace(filing.state.journal.in_flight[0], what="follow")
    journal = replace(filing.state.journal, in_flight=(first,))
    filing.state = replace(filing.state, journal=journal)
    before = filing.state.case
    filing.send(Judged(at=filing.now, number=first.number, accepted=True, code="500", text="Verwerkbaar"))
    assert filing.state.case == before
    assert filing.told()[-1] == "accepted"


@pytest.mark.parametrize(
    ("what", "kind"),
    [(what, kind) for what in OF_VAT for kind in KINDS if kind not in ANSWERED_BY[what]],
)
def test_a_result_of_another_kind_stalls_its_command_until_somebody_retries_it(what: str, kind: str) -> None:
    filing = Driver(VAT)
    filing.hold = {"send", "resolve", "deliver", "follow"}
    command = until_on_its_way(filing, what)
    filing.send(results_of(filing.now, command.number)[kind])
    assert command.number not in {one.number for one in filing.in_flight}
    told = filing.entries[-1]
    assert (told.what, told.data["command"], told.data["answered"]) == ("stands_still", what, kind)
    (stalled,) = (item for item in filing.view.work if item.kind == "stalled")
    assert stalled.missing == (told.data["reason"],)
    filing.must(Retry, Actor(kind="team", id="dirk", roles=stalled.roles), phase=command.phase)
    assert [one.kind for one in filing.in_flight if one.phase == command.phase] == [what]
    assert not any(item.kind == "stalled" for item in filing.view.work)


def test_a_delivery_with_a_result_of_another_kind_is_under_way_and_is_the_same_one_when_retried() -> None:
    filing = Driver(VAT)
    filing.hold = {"deliver"}
    command = until_on_its_way(filing, "deliver")
    filing.send(Sent(at=filing.now, number=command.number, recipients=()))
    assert refused(filing.act(Cancel, MANAGER, reason="Dubbel"), "delivery_runs")
    assert filing.must(Retry, FISCAL, phase="indienen").commands == (command,)
    filing.answer(command)
    assert filing.told().count("delivering") == 1
    assert filing.view.planner == "ingediend"


def until_on_its_way(filing: Driver, what: str) -> AnyCommand:
    """Do the next thing until a command of a kind is on its way, and return it."""
    while not any(command.kind == what for command in filing.in_flight):
        do_the_next_thing(filing, "1")
    return next(command for command in filing.in_flight if command.kind == what)


def results_of(at: datetime, number: int) -> dict[str, AnyResult]:
    """Return a result of every kind for a command."""
    about: dict[str, Any] = {"at": at, "number": number}
    every: tuple[AnyResult, ...] = (
        Sent(recipients=("iemand",), **about),
        Resolved(recipients=(), **about),
        Delivered(reference="kenmerk", **about),
        Judged(accepted=True, code="500", text="Verwerkbaar", **about),
        Failed(error="Mislukt", **about),
    )
    return {one.kind: one for one in every}
