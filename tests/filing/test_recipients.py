"""Who an open offer goes to is looked up again: who joins gets it, who leaves is no longer waited for."""

from datetime import date
from typing import Any

import pytest

from kantoor.data import replace
from kantoor.filing.commands import Send
from kantoor.filing.events import SYSTEM as KANTOOR
from kantoor.filing.events import Decide, Failed, ResolveAgain, Resolved, Retry, Sent, Withdrawn
from kantoor.filing.reasons import find_readers
from kantoor.plan import Offer, Phase

from .driver import CLIENT, FISCAL, MANAGER, RECIPIENT, Driver, shown
from .plans import OFFER, VAT, with_phase
from .test_offers import refused

FIRST = RECIPIENT
SECOND = replace(RECIPIENT, contact="c-pietersen")
INFORMED: dict[str, Any] = {"way": "information", "standing_until": date(2027, 1, 1)}
NOBODY: dict[str, Any] = {"recipients": (), "sender": MANAGER.id, "problem": "Niemand mag akkoord geven."}


def found(*recipients: Any) -> dict[str, Any]:
    return {"recipients": recipients, "sender": MANAGER.id}


def offered(phase: Phase = OFFER, *recipients: Any) -> Driver:
    filing = Driver(with_phase(phase))
    filing.resolution = found(*(recipients or (FIRST,)))
    filing.to_offer()
    return filing


def look_again(filing: Driver, **resolution: Any) -> None:
    """Let people change, and have the filing look again."""
    filing.resolution = resolution
    filing.must(ResolveAgain, KANTOOR, phase="aanbieden")


def last_send(filing: Driver) -> Send:
    sent = [c for c in filing.commands if isinstance(c, Send)]
    return sent[-1]


def waiting_for(filing: Driver) -> tuple[str, ...]:
    (item,) = [item for item in filing.view.work if item.kind == "decide"]
    return item.contacts


def decide_with(decide: str) -> Phase:
    assert isinstance(OFFER.block, Offer)
    return replace(OFFER, block=replace(OFFER.block, to=replace(OFFER.block.to, decide=decide)))


def test_who_joins_gets_the_offer_and_who_leaves_is_no_longer_waited_for() -> None:
    filing = offered()
    look_again(filing, **found(SECOND))
    assert waiting_for(filing) == ("c-pietersen",)
    assert (last_send(filing).purpose, last_send(filing).contacts) == ("offer", ("c-pietersen",))
    changed = next(e for e in filing.entries if e.what == "recipients_changed")
    assert (changed.data["joined"], changed.data["left"]) == ("c-pietersen", "c-jansen")


def test_who_has_the_offer_does_not_get_it_again_when_another_joins() -> None:
    filing = offered()
    look_again(filing, **found(FIRST, SECOND))
    assert last_send(filing).reached == ("c-jansen",)


def test_who_left_decides_no_longer_until_the_offer_goes_to_them_again() -> None:
    filing = offered()
    look_again(filing, **found(SECOND))
    assert refused(filing.decide(), "no_longer_asked")
    assert refused(filing.decide("reject", reason="Toch niet"), "no_longer_asked")
    look_again(filing, **found(FIRST))
    filing.decide()
    assert filing.active() == ["afronden"]


def test_looking_again_changes_nothing_where_nobody_has_changed() -> None:
    filing = offered()
    before, told, commands = filing.view, filing.told(), len(filing.commands)
    look_again(filing, **found(FIRST))
    assert (filing.view, filing.told()) == (before, told)
    assert [c.kind for c in filing.commands[commands:]] == ["resolve"]


def test_the_next_reminder_goes_to_who_decides_now() -> None:
    filing = offered()
    look_again(filing, **found(SECOND))
    filing.until(date(2026, 2, 9))
    assert (last_send(filing).purpose, last_send(filing).contacts) == ("reminder", ("c-pietersen",))


def test_an_offer_that_nobody_can_answer_any_more_is_work_until_somebody_can() -> None:
    filing = offered()
    look_again(filing, **NOBODY)
    assert [item.missing for item in filing.view.work if item.kind == "stalled"] == [(NOBODY["problem"],)]
    assert "offer_unanswerable" in filing.told()
    look_again(filing, **found(SECOND))
    assert [item.kind for item in filing.view.work] == ["decide"]


def test_a_retry_looks_again_and_keeps_what_was_offered_and_answered() -> None:
    filing = offered(decide_with("all"), replace(FIRST, jointly=("approve",)), SECOND)
    joint = replace(CLIENT, jointly=("approve",))
    filing.must(Decide, joint, phase="aanbieden", answer="approve", documents=(shown(),))
    look_again(filing, **NOBODY)
    filing.resolution = found(FIRST, SECOND)
    filing.must(Retry, MANAGER, phase="aanbieden")
    assert waiting_for(filing) == ("c-pietersen",)


def test_a_lookup_that_failed_is_retried_and_keeps_what_was_offered_and_answered() -> None:
    filing = offered(decide_with("all"), replace(FIRST, jointly=("approve",)), SECOND)
    joint = replace(CLIENT, jointly=("approve",))
    filing.must(Decide, joint, phase="aanbieden", answer="approve", documents=(shown(),))
    filing.hold = {"resolve"}
    filing.must(ResolveAgain, KANTOOR, phase="aanbieden")
    filing.send(Failed(at=filing.now, number=filing.commands[-1].number, error="De database is weg."))
    filing.hold = set()
    filing.must(Retry, MANAGER, phase="aanbieden")
    assert waiting_for(filing) == ("c-pietersen",)


def test_an_offer_is_approved_when_only_who_left_had_not_agreed() -> None:
    filing = offered(decide_with("all"), FIRST, SECOND)
    filing.decide()
    assert filing.view.planner == "bij_klant"
    look_again(filing, **found(FIRST))
    assert filing.active() == ["afronden"]


def test_leaving_of_all_approves_nothing() -> None:
    filing = offered(decide_with("all"), FIRST, SECOND)
    look_again(filing, **NOBODY)
    assert filing.active() == ["aanbieden"]


def test_an_offer_that_could_not_be_made_goes_out_once_people_are_in_order() -> None:
    filing = Driver(VAT)
    filing.resolution = NOBODY
    filing.to_offer()
    assert "offer_released" not in filing.told()
    look_again(filing, **NOBODY)
    assert filing.told().count("offer_stands_still") == 1
    look_again(filing, **found(FIRST))
    assert waiting_for(filing) == ("c-jansen",)


def test_how_a_released_offer_is_offered_stays_as_it_was() -> None:
    filing = offered()
    look_again(filing, **found(FIRST), way="information", standing_until=date(2027, 1, 1))
    (offer,) = filing.view.offers
    assert offer.way == "approval"


def test_a_lookup_that_was_overtaken_by_a_later_one_counts_no_longer() -> None:
    filing = offered()
    filing.hold = {"resolve"}
    look_again(filing, **found(SECOND))
    earlier = filing.commands[-1]
    look_again(filing, **found(FIRST))
    later = filing.commands[-1]
    filing.send(Resolved(at=filing.now, number=later.number, **found(FIRST)))
    filing.send(Resolved(at=filing.now, number=earlier.number, **found(SECOND)))
    assert waiting_for(filing) == ("c-jansen",)


def test_a_message_that_failed_for_who_left_goes_to_who_joins_and_stalls_nothing() -> None:
    filing = Driver(VAT)
    filing.resolution = found(FIRST)
    filing.hold = {"send"}
    filing.to_offer()
    filing.send(Failed(at=filing.now, number=last_send(filing).number, error="Adres onbekend."))
    filing.hold = set()
    look_again(filing, **found(SECOND))
    assert last_send(filing).reached == ()
    assert waiting_for(filing) == ("c-pietersen",)
    assert [item.kind for item in filing.view.work] == ["decide"]


def test_information_is_given_only_when_everybody_has_it_who_joined_meanwhile_too() -> None:
    filing = informing(FIRST)
    first = last_send(filing)
    look_again(filing, **found(FIRST, SECOND), **INFORMED)
    second = last_send(filing)
    filing.send(Sent(at=filing.now, number=second.number, recipients=("c-pietersen",)))
    assert filing.active() == ["aanbieden"]
    filing.send(Sent(at=filing.now, number=first.number, recipients=("c-jansen",)))
    assert filing.active() == ["afronden"]


def informing(*recipients: Any) -> Driver:
    """Return a filing that informs, whose messages wait."""
    filing = Driver(VAT)
    filing.resolution = found(*recipients) | INFORMED
    filing.hold = {"send"}
    filing.to_offer()
    return filing


def test_information_is_given_when_the_message_to_who_left_is_withdrawn_last() -> None:
    filing = informing(FIRST)
    first = last_send(filing)
    look_again(filing, **found(SECOND), **INFORMED)
    filing.send(Sent(at=filing.now, number=last_send(filing).number, recipients=("c-pietersen",)))
    filing.send(Withdrawn(at=filing.now, number=first.number, reason="beslist niet meer"))
    assert filing.active() == ["afronden"]


def test_information_is_given_when_only_who_left_did_not_have_it() -> None:
    filing = informing(FIRST, SECOND)
    number = last_send(filing).number
    filing.send(Failed(at=filing.now, number=number, error="Adres onbekend.", reached=("c-jansen",)))
    look_again(filing, **found(FIRST), **INFORMED)
    assert filing.active() == ["afronden"]


def test_nobody_was_informed_while_nobody_is_to_be() -> None:
    filing = informing(FIRST)
    look_again(filing, **(NOBODY | {"way": "information"}))
    filing.send(Withdrawn(at=filing.now, number=last_send(filing).number, reason="beslist niet meer"))
    assert filing.active() == ["aanbieden"]
    assert [item.kind for item in filing.view.work] == ["stalled"]


def test_a_message_on_its_way_goes_to_nobody_who_left_nor_to_who_gets_a_later_one() -> None:
    filing = Driver(VAT)
    filing.resolution = found(FIRST)
    filing.hold = {"send"}
    filing.to_offer()
    first = last_send(filing)
    look_again(filing, **found(FIRST, SECOND))
    second = last_send(filing)
    everybody = (FIRST.contact, SECOND.contact)

    def readers(message: Send) -> tuple[str, ...]:
        assert filing.state is not None
        return find_readers(filing.plan, filing.state, message.number, everybody)

    assert (readers(first), readers(second)) == (("c-jansen",), everybody)
    look_again(filing, **found(SECOND))
    assert (readers(first), readers(second)) == ((), ("c-pietersen",))


@pytest.mark.parametrize(("by", "code"), [(FISCAL, "wrong_role"), (CLIENT, "wrong_role")])
def test_only_kantoor_itself_and_who_may_act_in_the_phase_have_it_looked_up_again(by: Any, code: str) -> None:
    assert refused(offered().act(ResolveAgain, by, phase="aanbieden"), code)


def test_looking_again_is_refused_where_nothing_is_offered() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    assert refused(filing.act(ResolveAgain, KANTOOR, phase="verzamelen"), "no_offer")
    assert refused(filing.act(ResolveAgain, KANTOOR, phase="aanbieden"), "phase_not_active")
    filing.to_offer()
    filing.decide()
    assert refused(filing.act(ResolveAgain, KANTOOR, phase="aanbieden"), "phase_not_active")
