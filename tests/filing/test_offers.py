from datetime import date

import msgspec
import pytest

from kantoor.data import replace
from kantoor.filing.commands import AnyCommand
from kantoor.filing.events import (
    Attach,
    Back,
    Complete,
    Decide,
    Failed,
    Release,
    ResolvedContact,
    Retry,
)
from kantoor.plan import To

from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, MANAGER, RECIPIENT, Driver, shown
from .plans import COLLECT, OFFER, PREPARE, REVIEW, VAT, with_phase
from .test_phases import refused


def offering(**changes: object) -> Driver:
    """Return a filing at its offer, with the offer block changed."""
    block = replace(OFFER.offer, **changes) if OFFER.offer else None
    filing = Driver(with_phase(replace(OFFER, block=block)))
    filing.to_offer()
    return filing


def test_an_approved_return_is_delivered_and_nothing_before() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    assert filing.view.planner == "bij_klant"
    assert "delivering" not in filing.told()
    filing.decide()
    assert filing.view.planner == "ingediend"
    assert filing.active() == ["afronden"]


def test_an_approval_binds_the_exact_document_and_rendering_that_were_shown() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    assert refused(filing.decide(content="2"), "stale_document")
    other_rendering = replace(shown(), rendering="rendering-2")
    answer = filing.act(Decide, CLIENT, phase="aanbieden", answer="approve", documents=(other_rendering,))
    assert refused(answer, "stale_document")


def test_a_rejection_needs_a_reason_and_sends_the_work_back() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    assert refused(filing.decide("reject"), "reason_missing")
    filing.decide("reject", reason="Er mist een factuur")
    assert filing.active() == ["opstellen"]
    filing.prepare("2")
    filing.review("2")
    assert refused(filing.decide(content="1"), "stale_document")
    filing.decide(content="2")
    deliveries = [c for c in filing.commands if c.kind == "deliver"]
    assert [(d.hash, d.standing) for d in deliveries] == [("hash-2", False)]


def test_a_decision_without_authority_is_refused() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    reader = replace(CLIENT, id="c-secretaris", may=("see", "answer"))
    answer = filing.act(Decide, reader, phase="aanbieden", answer="approve", documents=(shown(),))
    assert refused(answer, "no_authority")


def test_two_who_may_only_decide_jointly_must_both_approve() -> None:
    jointly = replace(RECIPIENT, jointly=("approve",))
    second = replace(jointly, contact="c-pietersen")
    filing = Driver(VAT)
    filing.resolution = {"recipients": (jointly, second), "sender": MANAGER.id}
    filing.to_offer()
    first = replace(CLIENT, jointly=("approve",))
    other = replace(first, id="c-pietersen")
    facts = {"phase": "aanbieden", "answer": "approve", "documents": (shown(),)}
    filing.must(Decide, first, **facts)
    assert filing.active() == ["aanbieden"]
    assert refused(filing.act(Decide, first, **facts), "already_answered")
    filing.must(Decide, other, **facts)
    assert "delivered" in filing.told()


def test_who_may_approve_alone_does_so_though_they_sign_only_jointly() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    director = replace(CLIENT, may=("see", "approve", "sign"), jointly=("sign",))
    filing.must(Decide, director, phase="aanbieden", answer="approve", documents=(shown(),))
    assert "delivered" in filing.told()


def asking(decide: str) -> Driver:
    """A filing whose offer one, all or each of the directors must decide."""
    assert OFFER.offer
    to = msgspec.convert({"kind": "function", "name": "directeur", "decide": decide}, To)
    return Driver(with_phase(replace(OFFER, block=replace(OFFER.offer, to=to))))


@pytest.mark.parametrize("decide", ["one", "all", "each"])
def test_who_may_only_decide_jointly_is_never_enough_alone(decide: str) -> None:
    filing = asking(decide)
    filing.resolution["recipients"] = (replace(RECIPIENT, jointly=("approve",)),)
    filing.to_offer()
    only = replace(CLIENT, jointly=("approve",))
    filing.must(Decide, only, phase="aanbieden", answer="approve", documents=(shown(),))
    assert filing.active() == ["aanbieden"]


@pytest.mark.parametrize("decide", ["all", "each"])
def test_with_all_or_each_every_recipient_must_approve(decide: str) -> None:
    second = replace(RECIPIENT, contact="c-pietersen")
    filing = asking(decide)
    filing.resolution = {"recipients": (RECIPIENT, second), "sender": MANAGER.id}
    filing.to_offer()
    filing.decide()
    assert filing.active() == ["aanbieden"]
    other = replace(CLIENT, id="c-pietersen")
    filing.must(Decide, other, phase="aanbieden", answer="approve", documents=(shown(),))
    assert filing.active() == ["afronden"]


def test_a_signature_is_asked_of_whoever_may_sign() -> None:
    filing = offering(offer_as="signature")
    assert refused(filing.decide("approve"), "wrong_answer")
    approver = replace(CLIENT, may=("see", "approve"))
    facts = {"phase": "aanbieden", "answer": "sign", "documents": (shown(),)}
    assert refused(filing.act(Decide, approver, **facts), "no_authority")
    filing.must(Decide, CLIENT, **facts)
    assert filing.active() == ["afronden"]


def test_information_stands_still_without_a_standing_authority() -> None:
    filing = offering(offer_as="information")
    assert "offer_stands_still" in filing.told()
    assert filing.active() == ["aanbieden"]
    assert [w.kind for w in filing.view.work if w.phase == "aanbieden"] == ["stalled"]


def test_information_under_a_standing_authority_does_not_wait() -> None:
    filing = Driver(VAT)
    filing.resolution |= {"way": "information", "standing_until": date(2026, 12, 31)}
    filing.to_offer()
    assert "informed" in filing.told()
    assert filing.active() == ["afronden"]
    assert [c.standing for c in filing.commands if c.kind == "deliver"] == [True]


def test_a_standing_authority_that_has_run_out_is_none() -> None:
    filing = Driver(VAT)
    filing.resolution |= {"way": "information", "standing_until": date(2026, 1, 31)}
    filing.to_offer()
    assert filing.active() == ["aanbieden"]
    filing.resolution["standing_until"] = date(2026, 12, 31)
    filing.must(Retry, MANAGER, phase="aanbieden")
    assert filing.active() == ["afronden"]


def test_a_standing_authority_holds_on_its_last_day() -> None:
    filing = Driver(VAT)
    filing.resolution |= {"way": "information", "standing_until": date(2026, 2, 1)}
    filing.to_offer()
    assert filing.now.date() == date(2026, 2, 1)
    assert filing.active() == ["afronden"]


def test_an_offer_forwarded_by_hand_waits_for_its_release() -> None:
    filing = offering(forward="by_hand")
    assert not [c for c in filing.commands if c.kind == "send" and c.purpose == "offer"]
    assert refused(filing.decide(), "not_offered")
    assert refused(filing.act(Release, ADMIN, phase="aanbieden"), "wrong_role")
    filing.must(Release, MANAGER, phase="aanbieden")
    assert refused(filing.act(Release, MANAGER, phase="aanbieden"), "already_released")
    filing.decide()
    assert filing.active() == ["afronden"]


def test_an_offer_that_reaches_nobody_stands_still_and_says_so_until_retried() -> None:
    filing = Driver(VAT)
    filing.resolution = {"recipients": (), "problem": "Er is geen contactpersoon die mag beslissen."}
    filing.to_offer()
    assert filing.view.offers[0].problem == "Er is geen contactpersoon die mag beslissen."
    filing.resolution = {"recipients": (RECIPIENT,), "sender": MANAGER.id}
    filing.must(Retry, MANAGER, phase="aanbieden")
    assert filing.view.planner == "bij_klant"


def test_silence_is_reminded_of_then_escalated_and_never_decides() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.until(date(2026, 2, 28))
    told = [(e.what, e.at.date()) for e in filing.entries if e.what in ("reminded", "escalated")]
    assert told == [
        ("reminded", date(2026, 2, 5)),
        ("reminded", date(2026, 2, 9)),
        ("escalated", date(2026, 2, 24)),
    ]
    assert filing.active() == ["aanbieden"]
    assert [w.roles for w in filing.view.work if w.kind == "escalated"] == [
        ("relatiebeheerder", "accountant")
    ]


def test_no_reminder_falls_on_or_after_the_escalation() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.prepare()
    filing.until(date(2026, 2, 21))
    filing.review()
    filing.until(date(2026, 2, 27))
    assert [e.what for e in filing.entries if e.what in ("reminded", "escalated")] == ["escalated"]


def test_reminders_missed_while_nothing_ran_are_not_made_up_for() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.now = filing.now.replace(day=16)
    filing.until(date(2026, 2, 16))
    assert filing.told().count("reminded") == 1


def test_reminders_missed_until_the_escalation_are_not_sent_with_it() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.now = filing.now.replace(day=24)
    filing.until(date(2026, 2, 24))
    assert [w for w in filing.told() if w in ("reminded", "escalated")] == ["escalated"]


def test_what_was_replaced_after_its_review_is_not_offered() -> None:
    together = {"group": "samen", "four_eyes": ()}
    filing = Driver(with_phase(replace(REVIEW, **together), with_phase(replace(PREPARE, group="samen"))))
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.must(Attach, ADMIN, shown=shown("1"))
    filing.review("1")
    filing.must(Attach, ADMIN, shown=shown("2"))
    filing.must(Complete, ADMIN, phase="opstellen")
    assert filing.active() == ["aanbieden"]
    assert "nog niet beoordeeld" in (filing.view.offers[0].problem or "")
    assert not [c for c in filing.commands if c.kind == "send" and c.purpose == "offer"]


def test_a_colleague_records_the_clients_answer_with_reason_and_proof() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    facts = {"phase": "aanbieden", "answer": "approve", "documents": (shown(),), "contact": CLIENT}
    bare = filing.act(Decide, MANAGER, **facts)
    assert refused(bare, "proof_missing")
    facts |= {"reason": "Telefonisch akkoord", "proof": "hash-notitie"}
    nobody = filing.act(Decide, MANAGER, **(facts | {"contact": None}))
    assert refused(nobody, "contact_missing")
    filing.must(Decide, MANAGER, **facts)
    assert filing.active() == ["afronden"]
    assert filing.entries[-1].what == "phase_entered"
    assert next(e.by for e in filing.entries if e.what == "phase_completed" and e.phase == "aanbieden") == (
        MANAGER.id
    )


def test_who_recorded_the_clients_no_sends_the_work_back() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    facts = {"phase": "aanbieden", "answer": "reject", "documents": (shown(),), "contact": CLIENT}
    filing.must(Decide, MANAGER, **facts, reason="Gebeld: er mist een factuur", proof="hash-notitie")
    assert next(e.by for e in filing.entries if e.what == "sent_back") == MANAGER.id


def test_the_last_who_agreed_ends_an_offer_also_when_all_agree_in_one_moment() -> None:
    filing = asking("all")
    second = replace(RECIPIENT, contact="c-aalbers")
    filing.resolution = {"recipients": (RECIPIENT, second), "sender": MANAGER.id}
    filing.to_offer()
    filing.decide()
    other = replace(CLIENT, id="c-aalbers")
    filing.must(Decide, other, phase="aanbieden", answer="approve", documents=(shown(),))
    ended = [e.by for e in filing.entries if e.what == "phase_completed" and e.phase == "aanbieden"]
    assert ended == ["c-aalbers"]


def test_the_preparer_may_not_record_the_clients_answer() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    preparer = replace(ADMIN, roles=("administratie", "relatiebeheerder"))
    answer = filing.act(
        Decide,
        preparer,
        phase="aanbieden",
        answer="approve",
        documents=(shown(),),
        contact=CLIENT,
        reason="Telefonisch",
        proof="hash-notitie",
    )
    assert refused(answer, "preparer")


def test_after_escalation_the_other_role_may_act_too_and_not_before() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    end = {"phase": "aanbieden", "answer": "not_deliver", "reason": "Klant is onbereikbaar"}
    assert refused(filing.act(Decide, ACCOUNTANT, **end), "wrong_role")
    filing.until(date(2026, 2, 24))
    filing.must(Decide, ACCOUNTANT, **end)
    assert filing.view.end_title == "Niet ingediend"
    assert filing.view.planner == "te_laat"
    (day,) = filing.view.deadlines
    assert day.status == "open", "the law asks it all the same"


def test_not_delivering_is_a_named_decision_with_a_reason() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    bare = filing.act(Decide, MANAGER, phase="aanbieden", answer="not_deliver")
    assert refused(bare, "reason_missing")
    closed = offering(may_end=None)
    answer = closed.act(Decide, MANAGER, phase="aanbieden", answer="not_deliver", reason="x")
    assert refused(answer, "no_such_end")


def test_an_offer_taken_back_by_its_role_is_withdrawn() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.must(Back, MANAGER, phase="aanbieden", reason="Nagekomen factuur")
    assert filing.view.offers == ()
    assert refused(filing.decide(), "phase_not_active")


def test_a_reminder_goes_only_to_whom_has_not_answered() -> None:
    filing = Driver(VAT)
    second = replace(RECIPIENT, contact="c-pietersen", jointly=("approve",))
    filing.resolution["recipients"] = (replace(RECIPIENT, jointly=("approve",)), second)
    filing.to_offer()
    joint = replace(CLIENT, jointly=("approve",))
    filing.must(Decide, joint, phase="aanbieden", answer="approve", documents=(shown(),))
    filing.until(date(2026, 2, 5))
    reminder = filing.commands[-1]
    assert reminder.kind == "send"
    assert reminder.contacts == ("c-pietersen",)


def test_a_message_that_cannot_be_sent_stands_still_and_goes_on_after_retry() -> None:
    filing = Driver(VAT)
    filing.hold = {"send"}
    filing.to_offer()
    offer = filing.commands[-1]
    filing.send(Failed(at=filing.now, number=offer.number, error="Het adres bestaat niet."))
    assert [w.missing for w in filing.view.work if w.kind == "stalled"] == [("Het adres bestaat niet.",)]
    filing.hold = set()
    assert refused(filing.act(Retry, FISCAL, phase="aanbieden"), "wrong_role")
    filing.must(Retry, MANAGER, phase="aanbieden")
    assert filing.view.planner == "bij_klant"
    assert refused(filing.act(Retry, MANAGER, phase="aanbieden"), "nothing_stalled")


def test_who_has_a_message_that_failed_for_others_is_told_and_left_out_of_the_retry() -> None:
    filing = Driver(VAT)
    second = replace(RECIPIENT, contact="c-pietersen")
    filing.resolution["recipients"] = (RECIPIENT, second)
    filing.hold = {"send"}
    filing.to_offer()
    offer = filing.commands[-1]
    one, other = RECIPIENT.contact, second.contact
    filing.send(Failed(at=filing.now, number=offer.number, error="Onbekend adres.", reached=(other,)))
    assert [e.data["to"] for e in filing.entries if e.what == "message_sent"][-1] == other
    filing.must(Retry, MANAGER, phase="aanbieden")
    again = filing.commands[-1]
    assert again.kind == "send"
    assert (again.contacts, again.reached) == ((one, other), (other,))
    filing.send(Failed(at=filing.now, number=again.number, error="Onbekend adres."))
    filing.must(Retry, MANAGER, phase="aanbieden")
    third = filing.commands[-1]
    assert third.kind == "send"
    assert third.reached == (other,)


def test_whom_an_offer_did_not_reach_keeps_nobody_else_from_deciding() -> None:
    filing = Driver(VAT)
    second = replace(RECIPIENT, contact="c-pietersen")
    filing.resolution["recipients"] = (RECIPIENT, second)
    filing.hold = {"send"}
    filing.to_offer()
    offer = filing.commands[-1]
    filing.send(
        Failed(at=filing.now, number=offer.number, error="Onbekend adres.", reached=(RECIPIENT.contact,))
    )
    assert filing.view.planner == "bij_klant"
    assert [w.kind for w in filing.view.work if w.kind == "stalled"] == ["stalled"]
    filing.hold = set()
    filing.decide()
    assert "delivered" in filing.told()
    assert not [w for w in filing.view.work if w.kind == "stalled"]


def test_information_that_did_not_reach_everybody_is_not_enough_to_deliver() -> None:
    filing = Driver(VAT)
    second = replace(RECIPIENT, contact="c-pietersen")
    filing.resolution |= {
        "way": "information",
        "standing_until": date(2026, 12, 31),
        "recipients": (RECIPIENT, second),
    }
    filing.hold = {"send"}
    filing.to_offer()
    offer = filing.commands[-1]
    filing.send(
        Failed(at=filing.now, number=offer.number, error="Onbekend adres.", reached=(RECIPIENT.contact,))
    )
    assert "informed" not in filing.told()
    filing.hold = set()
    filing.must(Retry, MANAGER, phase="aanbieden")
    assert "informed" in filing.told()


def test_an_offer_phase_is_not_completed_by_hand() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    assert refused(filing.act(Complete, MANAGER, phase="aanbieden"), "not_by_hand")


def test_a_recipient_who_may_only_see_is_not_asked_to_decide() -> None:
    filing = Driver(VAT)
    reader = ResolvedContact(contact="c-lezer", may=("see",))
    filing.resolution["recipients"] = (RECIPIENT, reader)
    filing.to_offer()
    assert [w.contacts for w in filing.view.work if w.kind == "decide"] == [("c-jansen",)]


def reoffered(held: str) -> tuple[Driver, AnyCommand]:
    """Return a filing that was offered again while the first offer's command is still unanswered."""
    filing = Driver(VAT)
    filing.hold = {held}
    filing.to_offer()
    first = filing.commands[-1]
    assert first.kind == held
    filing.must(Back, MANAGER, phase="aanbieden", reason="Nagekomen factuur")
    filing.prepare("2")
    filing.review("2")
    return filing, first


def test_a_message_of_a_withdrawn_offer_does_not_count_for_the_one_that_replaced_it() -> None:
    filing, first = reoffered("send")
    filing.answer(first)
    assert filing.told()[-1] == "message_sent"
    assert filing.view.offers[0].status == "sending"
    assert refused(filing.decide(content="2"), "not_offered")
    filing.answer(filing.commands[-1])
    assert filing.view.offers[0].status == "waiting"


def test_nobody_is_informed_by_a_message_about_an_earlier_version() -> None:
    filing = Driver(VAT)
    filing.resolution |= {"way": "information", "standing_until": date(2026, 12, 31)}
    filing.hold = {"send"}
    filing.to_offer()
    first = filing.commands[-1]
    filing.must(Back, MANAGER, phase="aanbieden", reason="Nagekomen factuur")
    filing.prepare("2")
    filing.review("2")
    filing.answer(first)
    assert "informed" not in filing.told()
    assert filing.active() == ["aanbieden"]


def test_who_was_looked_up_for_a_withdrawn_offer_is_not_offered_to() -> None:
    filing, first = reoffered("resolve")
    filing.answer(first)
    assert "offer_released" not in filing.told()
    filing.answer(filing.commands[-1])
    assert filing.told().count("offer_released") == 1


def test_a_message_of_a_withdrawn_offer_that_fails_is_told_and_not_sent_again() -> None:
    filing, first = reoffered("send")
    filing.send(Failed(at=filing.now, number=first.number, error="Het adres bestaat niet."))
    assert filing.told()[-1] == "stands_still"
    assert [w.kind for w in filing.view.work if w.phase == "aanbieden"] == []
    assert refused(filing.act(Retry, MANAGER, phase="aanbieden"), "nothing_stalled")


def test_a_lookup_that_failed_is_made_again_by_retry() -> None:
    filing = Driver(VAT)
    filing.hold = {"resolve"}
    filing.to_offer()
    filing.send(Failed(at=filing.now, number=filing.commands[-1].number, error="Database weg."))
    filing.hold = set()
    filing.must(Retry, MANAGER, phase="aanbieden")
    assert filing.view.planner == "bij_klant"


def test_a_standing_authority_that_runs_out_before_the_delivery_delivers_nothing() -> None:
    early = replace(COLLECT, not_before=None)
    filing = Driver(with_phase(early))
    filing.resolution |= {"way": "information", "standing_until": date(2026, 1, 23)}
    filing.collect()
    filing.prepare()
    filing.review()
    assert "informed" in filing.told()
    filing.until(date(2026, 1, 24))
    assert "delivering" not in filing.told()
    assert "geldt niet meer" in next(w for w in filing.view.work if w.kind == "stalled").missing[0]
    filing.resolution |= {"standing_until": date(2026, 12, 31)}
    filing.must(Back, FISCAL, phase="indienen", reason="Nieuwe machtiging")
    filing.prepare()
    filing.review()
    assert filing.view.planner == "ingediend"


def test_an_offer_released_by_hand_needs_a_standing_authority_on_that_day() -> None:
    block = replace(OFFER.offer, forward="by_hand") if OFFER.offer else None
    filing = Driver(with_phase(replace(OFFER, block=block)))
    filing.resolution |= {"way": "information", "standing_until": date(2026, 2, 5)}
    filing.to_offer()
    filing.until(date(2026, 2, 6))
    assert refused(filing.act(Release, MANAGER, phase="aanbieden"), "offer_not_prepared")
    filing.resolution |= {"standing_until": date(2026, 12, 31)}
    filing.must(Retry, MANAGER, phase="aanbieden")
    filing.must(Release, MANAGER, phase="aanbieden")
    assert "informed" in filing.told()


def test_a_client_with_a_standing_authority_who_is_asked_and_says_no_is_heard() -> None:
    filing = Driver(VAT)
    filing.resolution |= {"standing_until": date(2026, 12, 31)}
    filing.to_offer()
    filing.decide("reject", reason="Fout")
    assert "delivering" not in filing.told()


def test_who_said_no_sends_the_work_back_and_not_a_colleague_who_agreed() -> None:
    filing = Driver(VAT)
    second = replace(RECIPIENT, contact="c-aalbers", jointly=("approve",))
    filing.resolution["recipients"] = (replace(RECIPIENT, jointly=("approve",)), second)
    filing.to_offer()
    facts = {"phase": "aanbieden", "documents": (shown(),)}
    filing.must(Decide, replace(CLIENT, jointly=("approve",)), answer="approve", **facts)
    other = replace(CLIENT, id="c-aalbers", jointly=("approve",))
    filing.must(Decide, other, answer="reject", reason="Klopt niet", **facts)
    assert next(e.by for e in filing.entries if e.what == "sent_back") == "c-aalbers"
