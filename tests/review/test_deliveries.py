"""A delivery that newly does not happen is stopped by the gates that `kantoor init` and the action set."""

from collections.abc import Callable, Iterator
from dataclasses import replace as change
from itertools import pairwise
from typing import Any

import pytest

from kantoor.data import replace
from kantoor.plan import (
    Awaited,
    Chase,
    Compare,
    DateRule,
    DayAwaited,
    DueChoice,
    Expression,
    FilingAwaited,
    GiveUp,
    LiteralValue,
    Logic,
    Name,
    NoticeAwaited,
    Outcome,
    Phase,
    Plan,
    Remind,
    StartFiling,
    WaitFor,
    Work,
)
from kantoor.review.narrowing import both
from kantoor.review.references import rename
from kantoor.review.review import Review, review
from kantoor.review.safeguards import find_lost

from .edited import ON, shipped

GATES = ["legal", "safeguard", "policy"]
"""The gates of the action where its workflow names none."""
KOR = Name(path=("product", "kor"))
DAY = DateRule(anchor="period.end", months=1)
Edit = Callable[[Plan, Phase], Plan]


def _put(plan: Plan, place: int, *phases: Phase, instead: int = 0) -> Plan:
    return replace(plan, phases=(*plan.phases[:place], *phases, *plan.phases[place + instead :]))


def _swap(**values: object) -> Edit:
    def edit(plan: Plan, phase: Phase) -> Plan:
        return _put(plan, plan.phases.index(phase), replace(phase, **values), instead=1)

    return edit


def _remove(plan: Plan, phase: Phase) -> Plan:
    return _put(plan, plan.phases.index(phase), instead=1)


def _of_document(**values: object) -> Edit:
    def edit(plan: Plan, phase: Phase) -> Plan:
        assert phase.deliver is not None
        name = phase.deliver.document
        documents = (replace(one, **values) if one.id == name else one for one in plan.documents)
        return replace(plan, documents=tuple(documents))

    return edit


def _take_away_document(plan: Plan, phase: Phase) -> Plan:
    assert phase.deliver is not None
    name = phase.deliver.document
    return replace(_remove(plan, phase), documents=tuple(one for one in plan.documents if one.id != name))


def _pass_over(then: str | None, end: str | None) -> Edit:
    def edit(plan: Plan, phase: Phase) -> Plan:
        way = Outcome(id="niet", title="Niet nodig", then=then, end=end)
        on = Outcome(id="door", title="Doorgaan")
        asked = Phase(id="tussen", title="Nog nodig?", role=phase.role, outcomes=(on, way), block=Work())
        last = Phase(id="slot", title="Slot", role=phase.role, block=Work())
        return _put(_close(plan, last), _begin(plan, phase), asked)

    return edit


def _give_up(then: str | None, end: str | None) -> Edit:
    def edit(plan: Plan, phase: Phase) -> Plan:
        chase = Chase(give_up=GiveUp(on=DAY, then=then, end=end))
        wait = Phase(id="tussen", title="Wachten", role=phase.role, block=WaitFor(awaited=(), chase=chase))
        last = Phase(id="slot", title="Slot", role=phase.role, block=Work())
        return _put(_close(plan, last), _begin(plan, phase), wait)

    return edit


def _close(plan: Plan, last: Phase) -> Plan:
    return replace(plan, phases=(*plan.phases, last))


def _begin(plan: Plan, phase: Phase) -> int:
    """Return the place of the first phase beside a phase."""
    beside = [n for n, one in enumerate(plan.phases) if phase.group and one.group == phase.group]
    return beside[0] if beside else plan.phases.index(phase)


def _rename(edit: Edit) -> Edit:
    def rename(plan: Plan, phase: Phase) -> Plan:
        other = replace(phase, id="verzenden")
        return edit(_put(plan, plan.phases.index(phase), other, instead=1), other)

    return rename


def _narrow(plan: Plan, phase: Phase) -> Plan:
    return _swap(condition=both(phase.condition, KOR))(plan, phase)


def _narrow_document(plan: Plan, phase: Phase) -> Plan:
    assert phase.deliver is not None
    document = plan.document(phase.deliver.document)
    return _of_document(condition=both(document.condition, KOR))(plan, phase)


NEVER: Expression = LiteralValue(value=False)
EDITS: dict[str, Edit] = {
    "is done for some only": _narrow,
    "is never done": _swap(condition=NEVER),
    "is done for some only and has another id": _rename(_narrow),
    "is gone": _remove,
    "is gone with its document": _take_away_document,
    "becomes work of the office": _swap(block=Work()),
    "has a document that may be left out": _of_document(optional=True),
    "has a document that is made for some only": _narrow_document,
    "is passed over by an outcome": _pass_over("slot", None),
    "is passed over by an outcome and has another id": _rename(_pass_over("slot", None)),
    "is left out by an outcome that ends the filing": _pass_over(None, "einde"),
    "is passed over once a wait is given up": _give_up("slot", None),
    "is left out where a wait that is given up ends the filing": _give_up(None, "einde"),
}
DELIVERING = [
    (template, phase.id)
    for template, plan in shipped().plans.items()
    for phase in plan.phases
    if phase.deliver
]


def _review(before: Plan, after: Plan) -> Review:
    side = shipped()
    old, new = ({**side.plans, one.template: one} for one in (before, after))
    return review(change(side, plans=old), change(side, plans=new), ON)


def test_every_return_that_ships_is_delivered_by_a_phase() -> None:
    assert len({template for template, _ in DELIVERING}) >= 7


@pytest.mark.parametrize("delivering", DELIVERING, ids="-".join)
@pytest.mark.parametrize("edit", EDITS)
def test_a_delivery_that_newly_does_not_happen_is_stopped_by_class_and_as_a_safeguard(
    edit: str, delivering: tuple[str, str]
) -> None:
    plan = shipped().plans[delivering[0]]
    phase = plan.phase(delivering[1])
    after = EDITS[edit](plan, phase)
    found = _review(plan, after)
    assert found.trip(GATES)
    assert any("deliver" in one or phase.title in one for one in found.trip(["safeguard"]))
    if "another id" not in edit:
        assert not find_lost(plan.template, after, plan), "the way back takes no delivery away"


def _list_less(plan: Plan) -> Iterator[tuple[str, Plan]]:
    """Yield edits by which a filing that delivers no longer begins by itself, or ends sooner."""
    yield "plan.products", replace(plan, products=())
    yield "plan.start", replace(plan, start="by_hand" if plan.start != "by_hand" else "at_creation")
    for place, phase in enumerate(plan.phases):
        if phase.offer and any(one.deliver for one in plan.phases[place:]):
            other = replace(phase, block=replace(phase.offer, may_end="eerder"))
            yield "offer.may_end", _put(plan, place, other, instead=1)
        for number, one in enumerate(phase.automations):
            if one.start:
                less = (*phase.automations[:number], *phase.automations[number + 1 :])
                some = (*less, replace(one, condition=KOR))
                for part, automations in (("phase.automations", less), ("automation.condition", some)):
                    yield part, _put(plan, place, replace(phase, automations=automations), instead=1)


@pytest.mark.parametrize("template", sorted({template for template, _ in DELIVERING}))
def test_what_a_filing_that_delivers_begins_or_ends_by_is_legal(template: str) -> None:
    plan = shipped().plans[template]
    for part, after in _list_less(plan):
        for two in ((plan, after), (after, plan)):
            assert (part, "legal") in [(one.part, one.cls) for one in _review(*two).changes]


def test_an_outcome_past_a_delivery_that_can_be_chosen_more_often_is_a_safeguard_with_when_it_was() -> None:
    plan = shipped().plans["suppletie"]
    place, phase = next((n, one) for n, one in enumerate(plan.phases) if any(o.end for o in one.outcomes))
    small = next(one for one in phase.outcomes if one.end and one.condition is not None)
    free = tuple(replace(one, condition=None) if one is small else one for one in phase.outcomes)
    after = _put(plan, place, replace(phase, outcomes=free), instead=1)
    found = _review(plan, after)
    [said] = [one.sentence for one in found.safeguards]
    assert said == (
        f"‘{phase.title}’ can now end the filing before ‘Indienen bij de Belastingdienst’, with "
        f"‘{small.title}’, always; before, only when ‘facts.saldo|abs <= 1000’."
    )
    assert [one.cls for one in found.changes] == ["legal"]
    assert not _review(after, plan).safeguards


DECISIVE = {
    "jaarrekening": {
        *("klasse", "boven_omzetgrens", "door_ondertekening", "voorlopig"),
        *("vastgesteld_op", "alsnog_vastgesteld_op"),
    },
    "suppletie": {"geconstateerd_op", "saldo", "dagtekening"},
    "aangifte-ib": {"uitstel", "aanslag_op", "tweede_aanslag_op", "partner_mee"},
    "onboarding": set[str](),
}
"""The facts by which something is delivered, or a deadline of the law counts or is chosen."""


@pytest.mark.parametrize("template", DECISIVE)
def test_a_fact_that_decides_on_a_delivery_or_a_deadline_of_the_law_is_legal_in_all_of_it(
    template: str,
) -> None:
    plan = shipped().plans[template]
    last = plan.phases[-1].id
    for part, change_fact in (
        ("optional", lambda one: replace(one, optional=not one.optional)),
        ("set_in", lambda one: replace(one, set_in=(last,))),
        ("options", lambda one: replace(one, options=one.options[1:])),
    ):
        for number, fact in enumerate(plan.facts):
            other = change_fact(fact)
            if other != fact:
                facts = (*plan.facts[:number], other, *plan.facts[number + 1 :])
                [found] = _review(plan, replace(plan, facts=facts)).changes
                assert (found.cls == "legal") is (fact.id in DECISIVE[template]), (fact.id, part)


def test_the_day_of_a_notice_from_which_the_law_counts_is_legal_where_it_is_recorded_no_more() -> None:
    plan = shipped().plans["aangifte-vpb"]
    place, wait = next((n, one) for n, one in enumerate(plan.phases) if one.id == "aanslag_afwachten")
    assert isinstance(wait.block, WaitFor)
    awaited = tuple(
        replace(one, fact=None) if isinstance(one, NoticeAwaited) else one for one in wait.block.awaited
    )
    after = _put(plan, place, replace(wait, block=replace(wait.block, awaited=awaited)), instead=1)
    for two in ((plan, after), (after, plan)):
        assert {(one.part, one.cls) for one in _review(*two).changes} == {("notice_awaited.fact", "legal")}


def test_what_leads_past_no_delivery_and_no_guard_stays_flow_and_is_no_safeguard() -> None:
    plan = shipped().plans["btw-aangifte"]
    rest = Phase(id="rust", title="Rust", role=plan.phases[0].role, block=Work())
    last = replace(rest, id="slot", title="Slot")
    found = _review(_close(_close(plan, rest), last), _pass(_close(_close(plan, rest), last), "rust", "slot"))
    assert {one.cls for one in found.changes} == {"flow"}
    assert not found.safeguards


def test_a_delivery_that_moves_to_another_phase_or_is_made_for_more_is_no_safeguard_lost() -> None:
    plan = shipped().plans["jaarrekening"]
    phase = next(one for one in plan.phases if one.deliver and one.condition is not None)
    place = plan.phases.index(phase)
    always = _put(plan, place, replace(phase, condition=None), instead=1)
    assert not _review(plan, always).safeguards
    assert _review(plan, always).trip(["legal"]), "the authority gets what it did not get"
    moved = Phase(
        id="opsturen", title="Opsturen", role=phase.role, condition=phase.condition, block=phase.block
    )
    [*said] = [one.sentence for one in _review(plan, _put(plan, place, moved, instead=1)).safeguards]
    assert not [one for one in said if "no longer delivered" in one or "delivered only" in one]


NOTICE = NoticeAwaited(notice="definitieve_aanslag")
OTHER = FilingAwaited(template="icp-opgaaf", phase="afronden")
LATE = DayAwaited(on=DateRule(anchor="period.end", months=9))
ENDS = Chase(give_up=GiveUp(on=DAY, then=None))
REMINDED = Chase(remind=Remind(every_days=3, at_most=None), give_up=ENDS.give_up)
Block = WaitFor | Work


def _wait(block: Block, before: str = "indienen", template: str = "btw-aangifte") -> Plan:
    """Return a plan with a phase that waits before another."""
    plan = shipped().plans[template]
    wait = Phase(id="tussen", title="Wachten", role=plan.phases[0].role, block=block)
    return _put(plan, _begin(plan, plan.phase(before)), wait)


WAITS: dict[str, tuple[Block, Block]] = {
    "for another notice": (WaitFor(awaited=(LATE,)), WaitFor(awaited=(NOTICE, LATE))),
    "for another sort of notice": tuple(
        WaitFor(awaited=(one,)) for one in (NOTICE, replace(NOTICE, notice="voorlopige_aanslag"))
    ),
    "for a filing that there may not be": tuple(
        WaitFor(awaited=(replace(OTHER, optional=free),)) for free in (True, False)
    ),
    "for a filing of another period": tuple(
        WaitFor(awaited=(replace(OTHER, period=period),)) for period in ("same", "next")
    ),
    "for the whole of a filing": tuple(
        WaitFor(awaited=(replace(OTHER, phase=phase),)) for phase in ("afronden", None)
    ),
    "for a later day": tuple(
        WaitFor(awaited=(DayAwaited(on=DateRule(anchor="period.end", months=months)),)) for months in (1, 9)
    ),
    "without an end": (WaitFor(awaited=(NOTICE,), chase=ENDS), WaitFor(awaited=(NOTICE,))),
    "without an end and without reminders": (
        WaitFor(awaited=(NOTICE,), chase=REMINDED),
        WaitFor(awaited=(NOTICE,), chase=replace(REMINDED, give_up=None)),
    ),
    "with a later end": tuple(
        WaitFor(awaited=(NOTICE,), chase=Chase(give_up=GiveUp(on=one))) for one in (DAY, LATE.on)
    ),
    "instead of working": (Work(), WaitFor(awaited=(NOTICE,))),
}  # type: ignore[assignment]


@pytest.mark.parametrize("wait", WAITS)
def test_what_a_delivery_waits_for_is_legal_and_what_comes_after_it_is_not(wait: str) -> None:
    for before, legal in (("indienen", True), ("afronden", False)):
        plans = [_wait(block, before) for block in WAITS[wait]]
        for two in (plans, plans[::-1]):
            found = _review(*two)
            assert bool(found.trip(["legal"])) is legal, found.changes
            assert not found.is_empty


@pytest.mark.parametrize("awaited", [NOTICE, OTHER, LATE], ids=["notice", "filing", "day"])
def test_a_wait_that_is_new_before_a_delivery_is_legal_and_told_as_it_is(awaited: Awaited) -> None:
    plan = shipped().plans["btw-aangifte"]
    for after, cls in ((_wait(WaitFor(awaited=(awaited,))), "legal"),
                       (_wait(WaitFor(awaited=(awaited,)), "afronden"), "flow")):  # fmt: skip
        [found] = _review(plan, after).changes
        assert found.cls == cls
        endless = "no day ends the wait, and ‘Indienen bij de Belastingdienst’ comes only after it"
        assert (endless in found.sentence) is (cls == "legal" and awaited is not LATE)
        [said] = [one for one in found.parts if "goes on by" in one]
        assert said.startswith("‘Wachten’ goes on by ")


def test_an_offer_that_goes_out_last_and_an_objection_are_held_up_as_a_delivery_is_and_not_what_follows() -> (
    None
):
    for template, goal, over in (
        ("onboarding", "ondertekenen", "inrichten"),
        ("suppletie", "bezwaar", "afronden"),
        ("aangifte-vpb", "bezwaar_maken", "afronden"),  # due after the deadline that the objection keeps
    ):
        plan = shipped().plans[template]
        for before, cls in ((goal, "legal"), (over, "flow")):
            [waits] = _review(plan, _wait(WaitFor(awaited=(NOTICE,)), before, template)).changes
            [begins] = _review(plan, _swap(not_before=LATE.on)(plan, plan.phase(before))).changes
            titled = replace(plan.phase(before), qualification=("RA",))
            [asks] = _review(
                plan, _put(plan, plan.phases.index(plan.phase(before)), titled, instead=1)
            ).changes
            assert [waits.cls, begins.cls, asks.cls] == [
                cls, *(("legal", "legal") if cls == "legal" else ("timing", "staffing"))
            ], (template, before)  # fmt: skip


def test_a_document_that_nobody_looks_at_or_gets_is_flow() -> None:
    plan = shipped().plans["btw-aangifte"]
    paper = replace(plan.documents[0], id="werkpapier", title="Werkpapier", report=None, optional=True)
    more = replace(plan, documents=(*plan.documents, paper))
    read = _swap(reviews=(*plan.phase("controle").reviews, "werkpapier"))(more, more.phase("controle"))
    for two, cls in ((more, "flow"), (read, "legal")):
        found = [one.cls for one in _review(plan, two).changes if one.part == "plan.documents"]
        gone = [one.cls for one in _review(two, plan).changes if one.part == "plan.documents"]
        assert found == gone == [cls]


def test_what_a_wait_also_goes_on_by_is_told_so_only_where_it_went_on_by_something_else() -> None:
    one, two, other = (WaitFor(awaited=some) for some in ((NOTICE,), (NOTICE, LATE), (LATE,)))
    for after, verb in ((two, "now also goes on by"), (other, "now goes on by")):
        said = [found.sentence for found in _review(_wait(one), _wait(after)).changes]
        assert [line for line in said if f"‘Wachten’ {verb} the day" in line], said


def _hold_up(name: str, rule: DateRule | None, template: str = "btw-aangifte") -> Plan:
    plan = shipped().plans[template]
    phase = plan.phase(name)
    return _put(plan, plan.phases.index(phase), replace(phase, not_before=rule), instead=1)


@pytest.mark.parametrize("anchor", ["phases.verzamelen", "period.end", "facts.dag"])
def test_a_later_begin_is_legal_where_a_delivery_is_to_come_and_an_earlier_one_is_timing(anchor: str) -> None:
    rules = [DateRule(anchor=anchor, days=days) for days in (2, 9)]
    for name, cls in (("controle", "legal"), ("indienen", "legal"), ("afronden", "timing")):
        plans = [_hold_up(name, rule) for rule in (None, *rules)]
        for before, after in pairwise(plans):
            [later] = _review(before, after).changes
            [earlier] = _review(after, before).changes
            assert [(one.part, one.cls) for one in (later, earlier)] == [
                ("phase.not_before", cls),
                ("phase.not_before", "timing"),
            ]


def test_a_target_day_that_goes_is_legal_of_a_delivery_and_timing_of_other_work() -> None:
    plan = shipped().plans["btw-aangifte"]
    for name, cls in (("indienen", "legal"), ("controle", "timing")):
        phase = plan.phase(name)
        assert phase.due is not None
        none, later = (
            _swap(due=due)(plan, phase) for due in (None, replace(phase.due, workdays=phase.due.workdays + 1))
        )
        [gone], [back] = _review(plan, none).changes, _review(none, plan).changes
        [moved] = _review(plan, later).changes
        assert [gone.cls, back.cls, moved.cls] == [cls, "timing", "timing"]


def test_a_later_begin_names_the_day_on_which_the_return_can_leave_and_that_of_the_law() -> None:
    plan = shipped().plans["btw-aangifte"]
    for days, said in (
        (20, "can then begin on"),
        (
            60,
            "can then begin on 2 March 2027 at the earliest, after its last day by law, 31 January 2027",
        ),
    ):
        after = _hold_up("controle", DateRule(anchor="phases.opstellen", days=days))
        [found] = _review(plan, after).changes
        assert f"; ‘Indienen bij de Belastingdienst’ {said}" in found.sentence, found.sentence
        assert ("after its last day by law" in found.sentence) is (days == 60)
    after = _hold_up("afronden", DateRule(anchor="phases.opstellen", days=60))
    assert "at the earliest" not in _review(plan, after).changes[0].sentence


def test_no_day_is_named_by_what_can_be_passed_over() -> None:
    far = DateRule(anchor="phases.opstellen", days=60)
    for plan in (_narrow(_hold_up("controle", None), shipped().plans["btw-aangifte"].phase("controle")),
                 _pass(shipped().plans["btw-aangifte"], "controle", "aanbieden")):  # fmt: skip
        phase = plan.phase("controle")
        after = _put(plan, plan.phases.index(phase), replace(phase, not_before=far), instead=1)
        [found] = _review(plan, after).changes
        assert found.cls == "legal"
        assert "at the earliest" not in found.sentence


def test_a_new_phase_that_begins_no_sooner_than_a_day_is_legal_before_a_delivery() -> None:
    plan = shipped().plans["btw-aangifte"]
    phase = Phase(id="rust", title="Rust", role=plan.phases[0].role, not_before=LATE.on, block=Work())
    for before, cls in (("indienen", "legal"), ("afronden", "flow")):
        after = _put(plan, plan.phases.index(plan.phase(before)), phase)
        for two in ((plan, after), (after, plan)):
            assert [one.cls for one in _review(*two).changes] == [cls]


def test_how_somebody_is_reminded_in_a_wait_before_a_delivery_is_timing_as_anywhere() -> None:
    often = replace(REMINDED, remind=Remind(every_days=5, at_most=None))
    plans = [_wait(WaitFor(awaited=(NOTICE,), chase=one)) for one in (REMINDED, often)]
    assert {one.cls for one in _review(*plans).changes} == {"timing"}


def test_a_wait_that_comes_before_a_delivery_by_another_order_is_legal() -> None:
    after, before = (_wait(WaitFor(awaited=(LATE,)), place) for place in ("afronden", "indienen"))
    for two in ((after, before), (before, after)):
        assert {one.cls for one in _review(*two).changes if one.kind == "moved"} == {"legal"}
    plan = shipped().plans["btw-aangifte"]
    swapped = _put(plan, 0, plan.phases[1], plan.phases[0], instead=2)
    assert {one.cls for one in _review(plan, swapped).changes} == {"flow"}


def _begin_other(**values: object) -> Plan:
    """Return the annual accounts, that start a corporation tax return another way."""
    plan = shipped().plans["jaarrekening"]
    phase = next(one for one in plan.phases if any(other.start for other in one.automations))
    automations = tuple(replace(one, **values) if one.start else one for one in phase.automations)
    return _put(plan, plan.phases.index(phase), replace(phase, automations=automations), instead=1)


def test_when_and_for_which_period_another_filing_starts_is_legal_and_a_day_that_may_never_come_told() -> (
    None
):
    plan = shipped().plans["jaarrekening"]
    start = StartFiling(template="aangifte-vpb", period="previous")
    [other] = _review(plan, _begin_other(start=start)).changes
    assert (other.part, other.cls) == ("start_filing.period", "legal")
    [late] = _review(plan, _begin_other(at=DateRule(anchor="period.end", months=40))).changes
    assert (late.part, late.cls) == ("automation.at", "legal")
    assert late.sentence.endswith(", and not where the phase is done before that day.")


def _pass(plan: Plan, over: str, then: str) -> Plan:
    way = Outcome(id="langs", title="Niet nodig", then=then)
    on = Outcome(id="door", title="Doorgaan")
    asked = Phase(id="vraag", title="Nodig?", role=plan.phases[0].role, outcomes=(on, way), block=Work())
    return _put(plan, plan.phases.index(plan.phase(over)), asked)


@pytest.mark.parametrize(
    ("over", "then"), [("grootteklasse", "uitvraag"), ("aanvaarden", "grootteklasse")],
    ids=["records what decides a delivery", "starts another filing"],
)  # fmt: skip
def test_a_way_past_a_phase_on_which_a_delivery_hangs_is_legal(over: str, then: str) -> None:
    plan = shipped().plans["jaarrekening"]
    found = _review(plan, _pass(plan, over, then))
    assert {one.cls for one in found.changes} == {"legal"}
    near = _pass(plan, "uitvraag", "samenstellen")
    open_more = replace(near.phase("vraag").outcomes[1], condition=KOR)
    asked = replace(near.phase("vraag"), outcomes=(near.phase("vraag").outcomes[0], open_more))
    less = _put(near, near.phases.index(near.phase("vraag")), asked, instead=1)
    assert {one.cls for one in _review(near, less).changes} == {"flow"}


def test_whether_a_phase_is_done_that_records_what_decides_a_delivery_is_legal() -> None:
    plan = shipped().plans["jaarrekening"]
    for name, cls in (("grootteklasse", "legal"), ("bespreken", "legal"), ("uitvraag", "flow")):
        phase = plan.phase(name)
        narrower = replace(phase, condition=both(phase.condition, KOR))
        found = _review(plan, _put(plan, plan.phases.index(phase), narrower, instead=1))
        assert [one.cls for one in found.changes if one.part == "phase.condition"] == [cls]


def test_a_condition_that_is_written_in_another_way_is_told_as_the_same_and_is_not_legal() -> None:
    plan = shipped().plans["jaarrekening"]
    phase = next(one for one in plan.phases if one.deliver and isinstance(one.condition, Logic))
    assert isinstance(phase.condition, Logic)
    turned = replace(phase.condition, of=phase.condition.of[::-1])
    after = _put(plan, plan.phases.index(phase), replace(phase, condition=turned), instead=1)
    [found] = _review(plan, after).changes
    assert found.cls == "flow"
    assert found.sentence.endswith(", which holds in the same cases.")


def test_a_product_that_can_be_agreed_less_often_is_legal_and_more_often_is_not() -> None:
    side = shipped()
    product = next(one for one in side.office.products if len(one.frequencies) > 1)
    fewer = tuple(
        replace(one, frequencies=one.frequencies[:1]) if one is product else one
        for one in side.office.products
    )
    less = change(side, office=replace(side.office, products=fewer))
    assert [one.cls for one in review(side, less, ON).changes] == ["legal"]
    assert [one.cls for one in review(less, side, ON).changes] == ["flow"]


def _ask_title(phase: str, *titles: str) -> Plan:
    plan = shipped().plans["btw-aangifte"]
    here = plan.phase(phase)
    return _put(plan, plan.phases.index(here), replace(here, qualification=titles), instead=1)


def test_a_title_newly_asked_where_all_ways_to_a_delivery_lead_is_legal_and_elsewhere_staffing() -> None:
    for phase, cls in (("indienen", "legal"), ("opstellen", "legal"), ("afronden", "staffing")):
        free, one, more = _ask_title(phase), _ask_title(phase, "RA"), _ask_title(phase, "RA", "AA")
        for before, after, said in (
            (free, one, cls),
            (more, one, cls),
            (one, more, "staffing"),
            (one, free, "staffing"),
        ):
            [found] = _review(before, after).changes
            assert (found.part, found.cls) == ("phase.qualification", said)


def test_a_title_newly_asked_of_the_role_that_delivers_is_legal() -> None:
    side = shipped()
    for name, cls in (("fiscaal", "legal"), ("niemand", "staffing")):
        role = next(one for one in side.office.roles if one.id == "fiscaal")
        office, plan = side.office, side.plans["btw-aangifte"]
        if name == "niemand":
            role = replace(role, id="niemand", title="Niemand")
            office = replace(office, roles=(*office.roles, role))
        asked = replace(role, qualification=("RA",))
        later = replace(office, roles=tuple(asked if one.id == name else one for one in office.roles))
        plans = {
            template: replace(one, roles=tuple(asked if other.id == name else other for other in one.roles))
            for template, one in side.plans.items()
        }
        found = review(change(side, office=office), change(side, office=later, plans=plans), ON)
        assert {one.cls for one in found.changes} == {cls}, plan


@pytest.mark.parametrize(
    ("before", "asked", "cls"),
    [
        ("indienen", {"qualification": ("RA",)}, "legal"),
        ("indienen", {"role": "stempelaar"}, "staffing"),
        ("indienen", {}, "flow"),
        ("afronden", {"qualification": ("RA",)}, "flow"),
    ],
    ids=["a title", "a role of its own", "nothing", "a title after the delivery"],
)
def test_a_new_phase_that_a_delivery_comes_after_is_of_the_class_of_what_it_asks_of_people(
    before: str, asked: dict[str, Any], cls: str
) -> None:
    plan = shipped().plans["btw-aangifte"]
    roles = (*plan.roles, replace(plan.roles[0], id="stempelaar", title="Stempelaar", qualification=()))
    plan = replace(plan, roles=roles)
    stamp = Phase(**{"id": "stempel", "title": "Stempelen", "role": "fiscaal", "block": Work(), **asked})
    after = _put(plan, plan.phases.index(plan.phase(before)), stamp)
    assert {one.cls for one in _review(plan, after).changes} == {cls}
    if "role" not in asked:
        titled = tuple(replace(one, qualification=("RA",)) for one in roles)
        found = _review(replace(plan, roles=titled), replace(after, roles=titled)).changes
        assert ("legal" in {one.cls for one in found}) is (before == "indienen"), "its role asks a title"


def test_a_role_that_no_template_had_is_told_as_that_and_legal_where_what_goes_out_comes_after_it() -> None:
    shipped_plan = shipped().plans["btw-aangifte"]
    for fallback, unused in ((None, True), ("fiscaal", False), ("stempelaar", True)):
        role = replace(shipped_plan.roles[0], id="stempelaar", title="Stempelaar", fallback=fallback)
        plan = replace(shipped_plan, roles=(*shipped_plan.roles, role))
        stamp = Phase(id="stempel", title="Stempelen", role="stempelaar", block=Work())
        for before in ("indienen", "afronden"):
            phase = plan.phase(before)
            new = _put(plan, plan.phases.index(phase), stamp)
            other = _put(plan, plan.phases.index(phase), replace(phase, role="stempelaar"), instead=1)
            for after, usual in ((new, "flow" if before == "afronden" else "staffing"), (other, "staffing")):
                [found] = [one for one in _review(shipped_plan, after).changes if "phase" in one.path]
                assert ("‘Stempelaar’ (a role that no template had)" in found.sentence) is unused
                assert found.cls == ("legal" if unused and before == "indienen" else usual)
                had = frozenset({"stempelaar"})
                known = change(shipped(), plans={plan.template: shipped_plan}, roles=had)
                again = review(known, change(known, plans={plan.template: after}), ON)
                assert "legal" not in {one.cls for one in again.changes}, "another template has it"


def test_a_role_under_another_id_is_another_role_as_who_has_the_one_does_not_have_the_other() -> None:
    side = shipped()
    ids = {"roles": {"accountant": "controleur"}}

    def move(whole: Any) -> Any:
        roles = (replace(one, id=ids["roles"].get(one.id, one.id)) for one in whole.roles)
        return rename(replace(whole, roles=tuple(roles)), ids)

    plans = {"btw-aangifte": side.plans["btw-aangifte"]}
    before = change(side, plans=plans)
    after = change(side, office=move(side.office), plans={name: move(one) for name, one in plans.items()})
    found = review(before, after, ON)
    assert {one.sentence for one in found.changes if one.kind != "changed"} == {
        "There is a new role ‘Accountant’ with the id ‘controleur’: who has ‘accountant’ does not have it.",
        "There is no longer a role ‘Accountant’ with the id ‘accountant’.",
    }
    [checked] = [one for one in found.changes if one.path == "phases.controle.role"]
    assert (checked.cls, checked.sentence) == (
        "legal",
        "‘Controle’ is done by ‘Accountant’ (‘controleur’) (a role that no template had) "
        "instead of ‘Accountant’ (‘accountant’).",
    )


def test_four_eyes_are_legal_but_where_more_work_of_the_same_people_is_kept_apart() -> None:
    shipped_plan = shipped().plans["btw-aangifte"]
    made, check = shipped_plan.phase("opstellen"), shipped_plan.phase("controle")
    half = replace(made, id="boeken", title="Boeken")
    plan = _put(shipped_plan, shipped_plan.phases.index(made), half)
    for more, cls in (("boeken", "staffing"), ("aanbieden", "legal")):
        after = _swap(four_eyes=(*check.four_eyes, more))(plan, check)
        [there], [back] = _review(plan, after).changes, _review(after, plan).changes
        assert [(one.part, one.cls) for one in (there, back)] == [
            ("phase.four_eyes", cls), ("phase.four_eyes", "legal")
        ]  # fmt: skip
    for role, eyes, cls in (
        ("accountant", check.four_eyes, "flow"),
        ("fiscaal", check.four_eyes, "legal"),
        ("accountant", ("aanbieden",), "legal"),
    ):
        phase = Phase(id="blik", title="Blik", role=role, four_eyes=eyes, block=Work())
        assert [one.cls for one in _review(plan, _put(plan, -2, phase)).changes] == [cls]


def test_a_period_that_takes_fewer_kinds_is_legal_and_says_which() -> None:
    plan = shipped().plans["btw-aangifte"]
    monthly = replace(plan, period="month")
    [fewer] = _review(plan, monthly).changes
    assert (fewer.part, fewer.cls) == ("plan.period", "legal")
    assert fewer.sentence.endswith("; none is made any more over a quarter or a year.")
    assert [one.cls for one in _review(monthly, plan).changes] == ["timing"]


LISTS = ("facts", "documents", "phases", "roles", "forms", "deadlines", "ends")


def _title(plan: Plan, titles: dict[str, str], where: str) -> Plan:
    """Return a plan in which options of a fact, outcomes of a phase or items of a list have other titles."""

    def name(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(one, title=titles.get(one.id, one.title)) for one in items)

    if where in LISTS:
        return replace(plan, **{where: name(getattr(plan, where))})
    facts = (replace(one, options=name(one.options)) if one.id == where else one for one in plan.facts)
    phases = (
        replace(one, outcomes=name(one.outcomes), checkpoints=name(one.checkpoints))
        if one.id == where
        else one
        for one in plan.phases
    )
    return replace(plan, facts=tuple(facts), phases=tuple(phases))


@pytest.mark.parametrize(
    ("template", "where", "one", "other", "cls"),
    [
        ("aangifte-ib", "uitstel", "geen", "eigen", "legal"),
        ("suppletie", "bepalen", "plicht", "klein", "legal"),
        ("jaarrekening", "facts", "klasse", "boven_omzetgrens", "legal"),
        ("onboarding", "risico", "laag", "hoog", "legal"),
        ("onboarding", "risico", "laag", "normaal", "flow"),
        ("onboarding", "facts", "politiek", "risico", "legal"),
        ("btw-aangifte", "controle", "tarieven", "grootboek", "flow"),
        ("aangifte-ib", "documents", "aangifte", "aangifte_partner", "legal"),
        ("btw-aangifte", "phases", "opstellen", "controle", "legal"),
        ("aangifte-ib", "phases", "aanslag_melden", "tweede_aanslag_melden", "flow"),
        ("btw-aangifte", "roles", "accountant", "administratie", "legal"),
        ("btw-aangifte", "roles", "fiscaal", "administratie", "flow"),
        ("onboarding", "forms", "onboarding-vragen", "onboarding-stukken", "legal"),
        ("jaarrekening", "deadlines", "opmaken", "deponeren", "legal"),
        ("onboarding", "ends", "geweigerd", "afgezien", "flow"),
    ],
    ids=[
        "options",
        "outcomes",
        "facts",
        "options of a guard",
        "options of none",
        "facts of a guard",
        "checkpoints",
        "documents",
        "phases of a guard",
        "phases",
        "roles that check",
        "roles",
        "forms",
        "deadlines of the law",
        "ends",
    ],
)
def test_titles_that_change_places_are_no_wording(
    template: str, where: str, one: str, other: str, cls: str
) -> None:
    plan = shipped().plans[template]
    named: list[Any] = [item for fact in plan.facts for item in fact.options]
    named += getattr(plan, where) if where in LISTS else ()
    named += [
        item for phase in plan.phases if phase.id == where for item in (*phase.outcomes, *phase.checkpoints)
    ]
    titles = {item.id: item.title for item in named}
    swapped = _title(plan, {one: titles[other], other: titles[one]}, where)
    for two in ((plan, swapped), (swapped, plan)):
        found = _review(*two).changes
        assert {said.cls for said in found} == {cls}
        assert {f"the title that ‘{name}’ had" for name in (one, other)} == {
            said.sentence.rpartition(", ")[2].partition(":")[0] for said in found
        }
        assert all("whoever goes by it takes the one for the other" in said.sentence for said in found)
    alone = _title(plan, {one: "Iets anders"}, where)
    alike = _title(plan, {other: titles[one]}, where)
    for before, after in ((plan, alone), (alike, _title(alike, {one: "Iets anders"}, where))):
        assert [said.cls for said in _review(before, after).changes] == ["wording"]


ONLY_BV: Expression = Compare(
    by="eq", left=Name(path=("relation", "legal_form")), right=LiteralValue(value="bv")
)


@pytest.mark.parametrize(
    ("template", "phase", "outcome", "goal"),
    [
        ("icp-opgaaf", "verzamelen", "prestaties", "Indienen bij de Belastingdienst"),
        ("aangifte-vpb", "aanslag_controleren", "bezwaar", "Bezwaar maken"),
        ("suppletie", "aanslag", "wijkt_af", "Bezwaar maken of laten herstellen"),
    ],
)
def test_a_way_to_what_goes_out_that_closes_for_some_is_legal_and_a_safeguard(
    template: str, phase: str, outcome: str, goal: str
) -> None:
    before = shipped()
    plan = before.plans[template]
    here = plan.phase(phase)
    way = next(one for one in here.outcomes if one.id == outcome)
    narrow, gone = (
        _swap(outcomes=tuple(outcomes))(plan, here)
        for outcomes in (
            (replace(one, condition=ONLY_BV) if one is way else one for one in here.outcomes),
            (one for one in here.outcomes if one is not way),
        )
    )
    only = "only when ‘relation.legal_form == 'bv'’; before, always."
    for after, said in (
        (narrow, f"A filing can now get to ‘{goal}’ {only}"),
        (gone, f"No filing gets to ‘{goal}’ any more."),
    ):
        found = review(before, change(before, plans={**before.plans, template: after}), ON)
        assert [one.cls for one in found.changes] == ["legal"]
        assert [one.sentence for one in found.safeguards] == [said]
        back = review(change(before, plans={**before.plans, template: after}), before, ON)
        assert [one.cls for one in back.changes] == ["legal"]
        assert back.safeguards == ()


def test_each_objection_that_nobody_gets_to_any_more_is_a_safeguard_that_is_lost() -> None:
    before = shipped()
    plan = before.plans["aangifte-ib"]
    lost = {
        "aanslag_controleren": "No filing gets to ‘Bezwaar maken’ any more.",
        "tweede_aanslag_controleren": "No filing gets to ‘Bezwaar maken tegen de tweede aanslag’ any more.",
    }
    for phases in (*((one,) for one in lost), tuple(lost)):
        after = plan
        for one in phases:
            here = after.phase(one)
            after = _swap(outcomes=tuple(o for o in here.outcomes if o.id == "akkoord"))(after, here)
        found = review(before, change(before, plans={**before.plans, plan.template: after}), ON)
        assert [one.sentence for one in found.safeguards] == [lost[one] for one in phases]


def test_an_objection_that_is_due_only_after_its_last_day_by_law_is_legal() -> None:
    before = shipped()
    plan = before.plans["aangifte-vpb"]
    for due, cls in (
        (DateRule(anchor="deadlines.bezwaar", weeks=4), "legal"),
        (DateRule(anchor="deadlines.bezwaar", months=1, day=1), "legal"),
        (DateRule(anchor="deadlines.bezwaar", day="last"), "legal"),
        *((DateRule(anchor="deadlines.bezwaar", day=day), "legal") for day in (28, 29, 30, 31)),
        (DateRule(anchor="deadlines.bezwaar", day=27), "timing"),
        (DateRule(anchor="deadlines.bezwaar", day=1), "timing"),
        (DateRule(anchor="deadlines.bezwaar", workdays=-10), "timing"),
    ):
        assert _list_classes(plan, due) == [cls]
    [objection] = [one for one in plan.deadlines if one.id == "bezwaar"]
    last = DueChoice(rule=DateRule(anchor="facts.aanslag_op", months=1, day="last"))
    deadlines = (replace(one, due=(last,)) if one is objection else one for one in plan.deadlines)
    late = replace(plan, deadlines=tuple(deadlines))
    for day in (28, 31, "last"):  # no day of a month is after its last
        assert _list_classes(late, DateRule(anchor="deadlines.bezwaar", day=day)) == ["timing"]


def _list_classes(plan: Plan, due: DateRule) -> list[str]:
    """Return the classes of what changes where an objection is due on another day."""
    after = _swap(due=due)(plan, plan.phase("bezwaar_maken"))
    return [one.cls for one in _review(plan, after).changes]


def test_a_way_to_what_goes_out_beside_another_is_flow_and_closes_nothing() -> None:
    before = shipped()
    plan = before.plans["icp-opgaaf"]
    here = plan.phase("verzamelen")
    way = next(one for one in here.outcomes if one.id == "prestaties")
    more = replace(way, id="ook", title="Ook zo")
    two = _swap(outcomes=(*here.outcomes, more))(plan, here)
    for old, new in ((plan, two), (two, plan)):
        sides = (change(before, plans={**before.plans, plan.template: one}) for one in (old, new))
        found = review(*sides, ON)
        assert [one.cls for one in found.changes] == ["flow"]
        assert found.safeguards == ()


def test_an_objection_that_is_due_late_is_still_what_its_checkpoints_come_before() -> None:
    plan = shipped().plans["aangifte-vpb"]
    here, last = plan.phase("bezwaar_maken"), plan.phase("afronden")
    [sent] = [one for one in here.checkpoints if one.id == "verstuurd"]
    rest = tuple(one for one in here.checkpoints if one is not sent)
    moved = _swap(checkpoints=(*last.checkpoints, sent))(plan, last)
    said = f"A filing now goes on from ‘Bezwaar maken’ without: the mandatory checkpoint ‘{sent.title}’"
    for due in (
        here.due,
        DateRule(anchor="deadlines.bezwaar", day=31),
        DateRule(anchor="deadlines.bezwaar", weeks=4),
        DateRule(anchor="facts.aanslag_op", weeks=4),
    ):
        after = _swap(checkpoints=rest, due=due)(moved, moved.phase("bezwaar_maken"))
        assert [one.sentence for one in _review(plan, after).safeguards] == [f"{said} (now in ‘Afronden’)."]
        alone = _swap(due=due)(plan, here)
        assert not _review(plan, alone).safeguards
        early = replace(here, id="indienen_bezwaar", title="Bezwaar indienen", checkpoints=(sent,))
        split = _swap(checkpoints=rest, due=due)(plan, here)
        place = split.phases.index(split.phase("bezwaar_maken")) + 1
        assert not _review(plan, _put(split, place, early)).safeguards or due is here.due


def test_each_objection_that_fewer_get_to_is_told_with_when_and_without_what_never_holds() -> None:
    plan = shipped().plans["aangifte-ib"]
    savings, partner = Name(path=("answers", "vermogen")), Name(path=("facts", "partner_mee"))
    alone = Logic(by="not", of=(partner,))
    first = "A filing can now get to ‘Bezwaar maken’ only when"
    second = (
        "A filing can now get to ‘Bezwaar maken tegen de tweede aanslag’ only when "
        "‘facts.partner_mee and answers.vermogen’; before, when ‘facts.partner_mee’."
    )
    for one, other, said in (
        (alone, savings, [f"{first} ‘not facts.partner_mee’; before, always.", second]),
        (savings, savings, [f"{first} ‘answers.vermogen’; before, always.", second]),
        (None, savings, [second]),
    ):
        after = plan
        for phase, condition in (("aanslag_controleren", one), ("tweede_aanslag_controleren", other)):
            here = after.phase(phase)
            ways = tuple(
                replace(way, condition=condition) if way.id == "bezwaar" else way for way in here.outcomes
            )
            after = _swap(outcomes=ways)(after, here)
        assert [found.sentence for found in _review(plan, after).safeguards] == said
