"""Safeguards that a change takes away though no policy is broken by it."""

import dataclasses
from collections.abc import Collection
from typing import Any, Literal

import pytest

from kantoor.data import Struct, replace
from kantoor.plan import (
    Checkpoint,
    Compare,
    DateRule,
    LiteralValue,
    Logic,
    Name,
    Option,
    Outcome,
    Phase,
    Plan,
)
from kantoor.review.choices import Rechosen, rename_options
from kantoor.review.references import rename
from kantoor.review.review import review
from kantoor.review.safeguards import find_lacking, find_lost
from kantoor.review.saying import join, quote

from .edited import ON, shipped


def _leave(plan: Plan, phase: str, **values: str) -> Plan:
    """Return a plan in which a phase can also be left by a way."""
    here, way = plan.phase(phase), Outcome(**{"id": "snel", "title": "Snel", **values})
    on = () if here.outcomes else (Outcome(id="verder", title="Verder"),)
    return replace(plan, phases=tuple(_put(plan, replace(here, outcomes=(*here.outcomes, *on, way)))))


def test_a_way_past_what_guards_a_delivery_is_a_safeguard_lost_and_its_title_is_none() -> None:
    plan = shipped().plans["btw-aangifte"]
    around = _leave(plan, "verzamelen", then="indienen")
    [said] = [one.sentence for one in find_lost("btw-aangifte", plan, around)]
    assert said.startswith(
        "By ‘Snel’ in ‘Stukken opvragen’ a filing now gets to ‘Indienen bij de Belastingdienst’ without: "
        "the review of ‘Aangifte omzetbelasting’, the client’s approval of ‘Aangifte omzetbelasting’, four "
        "eyes in ‘Controle’ and the mandatory checkpoints "
    )
    assert "‘De totalen sluiten aan op het grootboek’" in said
    assert not find_lost("btw-aangifte", around, _leave(plan, "verzamelen", title="Meteen", then="indienen"))
    assert not find_lost("btw-aangifte", around, plan)


def test_a_way_past_all_that_is_asked_of_a_new_client_says_what_is_left_out() -> None:
    plan = shipped().plans["onboarding"]
    always, more = [
        one.sentence for one in find_lost(plan.template, plan, _leave(plan, "intake", then="opdracht"))
    ]
    for said in ("the answers to ‘Kennismaken’", "the record of ‘Risicoklasse voor de Wwft’", "mandatory"):
        assert said in always
    assert "four eyes in ‘Oordeel van een tweede bij hoog risico" in more
    assert ". That is so always; before, only when ‘" in more


def test_a_way_past_a_guard_that_opens_to_more_says_to_whom_and_before_to_whom() -> None:
    plan = shipped().plans["onboarding"]
    risk = plan.phase("risico")
    high = Compare(by="ne", left=Name(path=("facts", "risico")), right=LiteralValue(value="hoog"))
    wider = tuple(replace(one, condition=high) if one.id == "accepteren" else one for one in risk.outcomes)
    after = replace(plan, phases=tuple(_put(plan, replace(risk, outcomes=wider))))
    [said] = [one.sentence for one in find_lost(plan.template, plan, after)]
    assert said.startswith("By ‘Accepteren’ in ‘Risico beoordelen’ a filing now gets to ‘Opdrachtbevestiging")
    assert ". That is so when ‘facts.risico != 'hoog'’; before, only when ‘" in said
    assert not find_lost(plan.template, after, plan)


def test_of_more_ways_than_are_told_apart_only_what_lay_before_their_goal_is_said_to_be_left_out() -> None:
    plan = shipped().plans["onboarding"]
    risk = plan.phase("risico")
    forms = [
        Compare(by="eq", left=Name(path=("relation", "legal_form")), right=LiteralValue(value=form))
        for form in ("bv", "nv", "vof")
    ]
    asked = [Name(path=("answers", one)) for one in ("contant", "buitenland", "personeel")]
    ways = tuple(
        Outcome(id=f"snel{n}", title=f"Snel {n}", then="opdracht", condition=Logic(by="and", of=both))
        for n, both in enumerate((form, answer) for form in forms for answer in asked)
    )
    after = replace(plan, phases=tuple(_put(plan, replace(risk, outcomes=(*risk.outcomes, *ways)))))
    [said] = [one.sentence for one in find_lost(plan.template, plan, after)]
    assert said.endswith("That is so in some cases; whether that is more often could not be judged.")
    own = [one.title for one in plan.phase("tweede_oordeel").checkpoints]
    later = [one.title for phase in plan.phases if phase.id == "inrichten" for one in phase.checkpoints]
    assert later
    assert [one in said for one in own] == [True] * len(own)
    assert [one for one in later if one in said] == [], "they come after the offer, and did before"


def _skip(plan: Plan, number: int, *, each_way: bool) -> Plan:
    """Return a plan that begins with so many phases, each with a way past the next if a fact of it holds.

    The other way of each is open where another fact holds, with `each_way`.
    """
    first, *rest = plan.phases
    long = []
    for at in range(number):
        then = f"stap{at + 2}" if at + 2 < number else "controle" if at + 2 == number else "aanbieden"
        facts = [Name(path=("facts", f"{word}{at}")) for word in ("over", "door")]
        on = Outcome(id="verder", title="Verder", condition=facts[1] if each_way else None)
        over = Outcome(id="over", title="Over", then=then, condition=facts[0])
        long.append(replace(plan.phase("opstellen"), id=f"stap{at}", title=f"Stap {at}", outcomes=(on, over)))
    return replace(plan, phases=(first, *long, *rest[1:]))


def _open(plan: Plan, phase: str) -> Plan:
    """Return a plan in which the second way of a phase is always open."""
    here = plan.phase(phase)
    on, over = here.outcomes
    return replace(
        plan, phases=tuple(_put(plan, replace(here, outcomes=(on, replace(over, condition=None)))))
    )


def test_of_thirty_phases_that_can_be_passed_over_a_way_past_the_review_is_told_in_a_sentence() -> None:
    shipped_plan = shipped().plans["btw-aangifte"]
    for each_way, end in ((False, "always; before, only when ‘facts.over29’."), (True, "in some cases; ")):
        plan = _skip(shipped_plan, 30, each_way=each_way)
        assert not find_lost("btw-aangifte", plan, replace(plan, title="Anders"))
        [said] = [one.sentence for one in find_lost("btw-aangifte", plan, _open(plan, "stap29"))]
        assert said.startswith("By ‘Over’ in ‘Stap 29’ a filing now gets to ‘Indienen bij de")
        assert f". That is so {end}" in said
        assert len(said) < 1000
        stuck = [one.sentence for one in find_lost("btw-aangifte", _open(plan, "stap29"), plan)]
        assert [one.partition(" only in some cases")[0] for one in stuck] == [
            "A filing may now get to ‘Indienen bij de Belastingdienst’"
        ] * each_way


def _move(plan: Plan, checkpoint: str, to: str) -> Plan:
    """Return a plan in which a checkpoint of ‘Controle’ is one of another phase."""
    check = plan.phase("controle")
    [one] = [one for one in check.checkpoints if one.id == checkpoint]
    left = replace(check, checkpoints=tuple(other for other in check.checkpoints if other is not one))
    less = replace(plan, phases=tuple(_put(plan, left)))
    phase = plan.phase(to)
    return replace(less, phases=tuple(_put(less, replace(phase, checkpoints=(*phase.checkpoints, one)))))


def test_a_mandatory_checkpoint_that_comes_after_the_delivery_or_to_who_prepares_is_lost() -> None:
    plan = shipped().plans["btw-aangifte"]
    check = "The mandatory checkpoint ‘De totalen sluiten aan op het grootboek’ of ‘Controle’ is now in"
    alone = "where one may check their own work: four eyes do not hold."
    after, before = _move(plan, "grootboek", "afronden"), _move(plan, "grootboek", "opstellen")
    assert [one.sentence for one in find_lost(plan.template, plan, after)] == [
        f"{check} ‘Afronden’, {alone}",
        "A filing now gets to ‘Indienen bij de Belastingdienst’ without: the mandatory checkpoint "
        "‘De totalen sluiten aan op het grootboek’ (now in ‘Afronden’).",
    ]
    [said] = [one.sentence for one in find_lost(plan.template, plan, before)]
    assert said == f"{check} ‘Boeken en aangifte opstellen’, {alone}"
    assert not find_lost(plan.template, before, plan), "it comes to a phase that guards it more"
    other, *_ = find_lost(plan.template, plan, _move(plan, "grootboek", "indienen"))
    assert other.sentence == f"{check} ‘Indienen bij de Belastingdienst’, where four eyes do not hold."


def test_a_mandatory_checkpoint_that_is_done_elsewhere_on_every_way_is_no_safeguard_lost() -> None:
    plan = shipped().plans["btw-aangifte"]
    first, check = plan.phases[0], plan.phase("controle")
    [one] = [one for one in check.checkpoints if one.id == "grootboek"]
    early = replace(plan, phases=tuple(_put(plan, replace(first, checkpoints=(*first.checkpoints, one)))))
    assert not find_lost(plan.template, plan, early), "it is done once more"
    assert not find_lost(plan.template, early, plan), "it is still done later"
    for reviews, place, less in (
        (check.reviews, "controle", ""),
        ((), "opstellen", ""),
        ((), "controle", "is now in ‘Nogmaals’, where nothing is reviewed."),
    ):
        second = replace(check, id="nogmaals", title="Nogmaals", reviews=reviews, checkpoints=(one,))
        apart = _drop(replace(plan, phases=tuple(_after(plan, place, second))), "controle", "grootboek")
        lost = [one.sentence for one in find_lost(plan.template, plan, apart)]
        assert [one for one in lost if one.endswith(less)] == lost, "as strong, or reviewed later"
        assert len(lost) == bool(less)
    for kept_out, free in (
        (("opstellen", "verzamelen", "controle"), ""),
        (("opstellen",), "‘Stukken opvragen’"),
        (("controle",), "‘Stukken opvragen’ and ‘Boeken en aangifte opstellen’"),
    ):
        second = replace(
            check, id="nogmaals", title="Nogmaals", reviews=(), signs=check.reviews, four_eyes=kept_out,
            checkpoints=(one,),
        )  # fmt: skip
        apart = _drop(replace(plan, phases=tuple(_after(plan, "controle", second))), "controle", "grootboek")
        lost = [found.sentence for found in find_lost(plan.template, plan, apart)]
        said = f"is now in ‘Nogmaals’, where who ticks it may have worked on {free}."
        assert [one.endswith(said) for one in lost] == [True] * bool(free)


def test_a_mandatory_checkpoint_that_comes_to_who_prepares_or_checks_nothing_is_lost() -> None:
    shipped_plan = shipped().plans["btw-aangifte"]
    check = shipped_plan.phase("controle")
    [one] = [one for one in check.checkpoints if one.id == "grootboek"]
    look = Phase(id="nazien", title="Nazien", role=check.role, checkpoints=(one,), block=check.block)
    plan = _drop(
        replace(shipped_plan, phases=tuple(_after(shipped_plan, "controle", look))), "controle", "grootboek"
    )
    for to, less in (
        ("opstellen", "‘Administratie’, who prepares, ticks it."),
        ("indienen", "‘Fiscalist’, who checks nothing else, ticks it."),
        ("controle", ""),
    ):
        phase = plan.phase(to)
        more = replace(plan, phases=tuple(_put(plan, replace(phase, checkpoints=(*phase.checkpoints, one)))))
        said = [
            found.sentence for found in find_lost(plan.template, plan, _drop(more, "nazien", "grootboek"))
        ]
        late = "A filing now gets to ‘Aanbieden aan de klant’ without: the mandatory checkpoint"
        assert [one for one in said if one.startswith(late)] == said[1:], "the client got it ticked"
        assert [one for one in said[:1] if one.endswith(f"where {less}")] == said[:1]
        assert (len(said) == 2) is (to == "indienen")
        assert bool(said) is bool(less)
    also = replace(plan.documents[0], id="klad", title="Klad", made_in="nazien")
    plan = replace(plan, documents=(*plan.documents, also))
    phase = plan.phase("opstellen")
    more = replace(plan, phases=tuple(_put(plan, replace(phase, checkpoints=(*phase.checkpoints, one)))))
    [lost] = find_lost(plan.template, plan, _drop(more, "nazien", "grootboek"))
    assert lost.sentence.endswith("where ‘Administratie’, who checks nothing else, ticks it."), "both prepare"


def _put_checkpoints(plan: Plan, phase: str, *more: Checkpoint, without: Collection[str] = ()) -> Plan:
    here = plan.phase(phase)
    kept = (one for one in here.checkpoints if one.id not in without)
    return replace(plan, phases=tuple(_put(plan, replace(here, checkpoints=(*kept, *more)))))


def _shift(plan: Plan, start: str, to: str, *ids: str) -> Plan:
    """Return a plan in which checkpoints of a phase are those of another."""
    moved = [one for one in plan.phase(start).checkpoints if one.id in ids]
    return _put_checkpoints(_put_checkpoints(plan, start, without=ids), to, *moved)


def _say_lost(before: Plan, after: Plan) -> list[str]:
    return [one.sentence for one in find_lost(before.template, before, after)]


def _say_look(plan: Plan, phase: str, end: str = "") -> str:
    here = plan.phase(phase)
    titles = [one.title for one in here.outcomes if one.id == end]
    return f"its end by {quote(titles[0])} in {quote(here.title)}" if titles else quote(here.title)


def _say_passed(plan: Plan, phase: str, ids: Collection[str], to: str, *looks: str) -> str:
    """Return that phases are got to without checkpoints of a phase, which are in another now."""
    titles = [quote(one.title) for one in plan.phase(phase).checkpoints if one.id in ids]
    got = join(_say_look(plan, *one.split("/")) for one in looks)
    many = "s" if len(titles) > 1 else ""
    return (
        f"A filing now gets to {got} without: the mandatory checkpoint{many} {join(titles)} (now in ‘{to}’)."
    )


@pytest.mark.parametrize(
    ("template", "start", "to", "ids", "looks"),
    [
        ("loonaangifte", "verwerken", "definitief", ("cao",), ("controle", "aanbieden")),
        ("loonaangifte", "verwerken", "definitief", ("stamgegevens", "cao"), ("controle", "aanbieden")),
        ("loonaangifte", "verwerken", "definitief", ("eindafrekening",), ("controle", "aanbieden")),
        ("jaarrekening", "samenstellen", "bespreken", ("continuiteit",), ("beoordelen",)),
        ("onboarding", "structuur", "opdracht", ("ubo",), ("tweede_oordeel", "risico/weigeren")),
        (
            "onboarding",
            "intake",
            "opdracht",
            ("belangen",),
            ("tweede_oordeel", "intake/afgezien", "risico/weigeren"),
        ),
    ],
)
def test_a_mandatory_checkpoint_that_moves_behind_who_looks_at_the_work_is_a_safeguard_lost(
    template: str, start: str, to: str, ids: tuple[str, ...], looks: tuple[str, ...]
) -> None:
    plan = shipped().plans[template]
    after = _shift(plan, start, to, *ids)
    passed, lost = _say_passed(plan, start, ids, plan.phase(to).title, *looks), _say_lost(plan, after)
    assert passed in lost
    assert all("who prepares, ticks it" in one for one in lost if one != passed)
    late = [one for one in _say_lost(after, plan) if one.startswith("A filing now gets to")]
    assert not late, "it comes before who looks again"


def test_a_mandatory_checkpoint_that_comes_after_or_beside_the_review_in_a_new_phase_is_lost() -> None:
    plan = shipped().plans["icp-opgaaf"]
    made, check = plan.phase("opstellen"), plan.phase("controle")
    one = next(one for one in made.checkpoints if one.id == "btw_nummers")
    rest = _put_checkpoints(plan, "opstellen", without=("btw_nummers",))
    new = replace(made, id="nazien", title="Nazien", checkpoints=(one,), automations=())
    said = [_say_passed(plan, "opstellen", ("btw_nummers",), "Nazien", "controle")]
    for role in (made.role, check.role, "secretariaat"):
        after = replace(rest, phases=tuple(_after(rest, "controle", replace(new, role=role))))
        assert _say_lost(plan, after) == said
    for apart in (False, True):
        beside = replace(new, group="controle", four_eyes=("opstellen",) if apart else ())
        aside = replace(rest, phases=tuple(_put(rest, replace(check, group="controle"))))
        assert _say_lost(plan, replace(aside, phases=tuple(_after(aside, "controle", beside)))) == said
    optional = _put_checkpoints(rest, "verzamelen", replace(one, required=False))
    after = replace(optional, phases=tuple(_after(optional, "controle", new)))
    assert _say_lost(plan, after) == said, "what need not be ticked before it is nothing"


def test_a_mandatory_checkpoint_that_comes_after_the_review_for_some_is_lost_for_those() -> None:
    plan = shipped().plans["icp-opgaaf"]
    one = next(one for one in plan.phase("opstellen").checkpoints if one.id == "btw_nummers")
    rest = _put_checkpoints(plan, "opstellen", without=("btw_nummers",))
    early = _put_checkpoints(rest, "verzamelen", replace(one, condition=LAST))
    late = replace(one, condition=Logic(by="not", of=(LAST,)))
    for to, looks in (("afronden", "indienen"), ("nazien", "controle")):
        new = replace(plan.phase("opstellen"), id="nazien", title="Nazien", checkpoints=(), automations=())
        apart = replace(early, phases=tuple(_after(early, "controle", new)))
        after = _put_checkpoints(apart, to, late)
        [said] = _say_lost(plan, after)
        assert said.startswith(f"A filing now gets to {quote(plan.phase(looks).title)} without: ")
        assert said.endswith(". That is so when ‘not period.last_of_year’.")
        back = [one for one in _say_lost(after, plan) if one.startswith("A filing now gets to")]
        assert all("gets to its end by ‘Niets op te geven’ in" in one for one in back), "it was decided with"


@pytest.mark.parametrize(
    ("template", "start", "to", "checkpoint"),
    [
        ("icp-opgaaf", "opstellen", "verzamelen", "btw_nummers"),
        ("icp-opgaaf", "opstellen", "controle", "btw_nummers"),
        ("onboarding", "structuur", "risico", "ubo"),
    ],
)
def test_a_mandatory_checkpoint_that_nobody_looked_at_or_that_still_comes_before_is_no_safeguard_lost(
    template: str, start: str, to: str, checkpoint: str
) -> None:
    plan = shipped().plans[template]
    assert _say_lost(plan, _shift(plan, start, to, checkpoint)) == []


LEDGER, SEEN = "De totalen sluiten aan op het grootboek", "De totalen zijn bekeken"


def _say_titles(plan: Plan, titles: dict[str, str], *more: str, required: bool = True) -> list[str]:
    """Return what is lost where checkpoints of ‘Controle’ have other titles, and a phase gets that of one."""
    check = plan.phase("controle")
    named = tuple(replace(one, title=titles.get(one.id, one.title)) for one in check.checkpoints)
    after = replace(plan, phases=tuple(_put(plan, replace(check, checkpoints=named))))
    for phase in map(after.phase, more):
        one = replace(named[0], id="anders", title=LEDGER, required=required)
        after = replace(
            after, phases=tuple(_put(after, replace(phase, checkpoints=(*phase.checkpoints, one))))
        )
    return [one.sentence for one in find_lost(plan.template, plan, after)]


def test_a_mandatory_checkpoint_is_where_its_title_is_and_what_has_its_id_only_in_other_words() -> None:
    plan = shipped().plans["btw-aangifte"]
    lost = f"The mandatory checkpoint ‘{LEDGER}’ of ‘Controle’"
    for place in ("afronden", "opstellen"):
        said = _say_titles(plan, {"grootboek": SEEN}, place)
        assert said[0].startswith(f"{lost} is now in {quote(plan.phase(place).title)}, where one may check")
    titles = {one.id: one.title for one in plan.phase("controle").checkpoints}
    swapped = {"grootboek": titles["icp"], "icp": LEDGER}
    for said in (
        _say_titles(plan, {"grootboek": SEEN}, "controle", required=False),
        _say_titles(plan, swapped),
    ):
        assert f"{lost} is no longer mandatory." in said
    assert _say_titles(plan, {"grootboek": SEEN}) == [f"{lost} is gone: what has its id says ‘{SEEN}’."]
    for reworded in (
        "Totalen sluiten aan op grootboek",
        "Sluit het totaal van de aangifte aan op het grootboek?",
    ):
        assert not _say_titles(plan, {"grootboek": reworded})


def _after(plan: Plan, phase: str, new: Phase) -> list[Phase]:
    place = [one.id for one in plan.phases].index(phase) + 1
    return [*plan.phases[:place], new, *plan.phases[place:]]


def _drop(plan: Plan, phase: str, checkpoint: str) -> Plan:
    here = plan.phase(phase)
    left = tuple(one for one in here.checkpoints if one.id != checkpoint)
    return replace(plan, phases=tuple(_put(plan, replace(here, checkpoints=left))))


BV = Compare(by="eq", left=Name(path=("relation", "legal_form")), right=LiteralValue(value="bv"))
LAST = Name(path=("period", "last_of_year"))
KOR = Name(path=("product", "kor"))


def test_a_phase_that_gets_a_condition_loses_all_that_it_kept_safe() -> None:
    plan = shipped().plans["btw-aangifte"]
    check = plan.phases[[phase.id for phase in plan.phases].index("controle")]
    found = _find(plan, replace(check, condition=LAST))
    ends = " only when ‘period.last_of_year’; before, always."
    assert found[0] == f"‘Aangifte omzetbelasting’ is now reviewed{ends}"
    assert found[1] == f"Four eyes on ‘Controle’ now hold{ends}"
    required = [one.title for one in check.checkpoints if one.required and one.condition is None]
    assert required
    assert any(one.condition == LAST for one in check.checkpoints)  # applied then only before as well
    assert found[2:] == [
        f"The mandatory checkpoint ‘{title}’ of ‘Controle’ now applies{ends}" for title in required
    ]


def test_a_required_request_and_an_offer_are_lost_where_their_phase_is_passed_over() -> None:
    plans = shipped().plans
    asking = next(
        (plan, phase)
        for plan in plans.values()
        for phase in plan.phases
        for one in phase.automations
        if one.request and one.request.required
    )
    found = _find(asking[0], replace(asking[1], condition=BV))
    assert any("could not be completed before the client had answered" in one for one in found)
    wages = plans["loonaangifte"]
    days = [DateRule(anchor="deadlines.lonen", days=days) for days in (-18, -17)]
    entered, early, late = (_ask(wages, at) for at in ("entered", *days))
    asked = "and now it can until these are asked for, "
    for one, other, said in (
        (entered, early, "18 days before the deadline ‘Lonen klaar om te betalen’ instead of when the phase"),
        (early, late, "17 days before the deadline ‘Lonen klaar om te betalen’ instead of 18 days before"),
        (early, _ask(wages, replace(days[0], anchor="period.end")), "18 days before the end of the period"),
    ):
        assert [f"{asked}{said}" in lost.sentence for lost in find_lost(wages.template, one, other)] == [True]
    assert not find_lost(wages.template, late, early)
    assert not find_lost(wages.template, early, entered)
    week = DateRule(anchor="filing.start", days=7)
    for at, is_lost in (
        (replace(week, days=0, weeks=1), False),
        (replace(week, days=0, workdays=3), False),
        (replace(week, days=0, workdays=5), True),  # of which a holiday can be one
    ):
        found = review(
            *(dataclasses.replace(shipped(), plans={"loonaangifte": _ask(wages, one)}) for one in (week, at)),
            ON,
        )
        assert bool(found.safeguards) is is_lost
    plan = plans["btw-aangifte"]
    offer = next(phase for phase in plan.phases if phase.offer)
    assert any(
        "is now offered to the client only when" in one for one in _find(plan, replace(offer, condition=LAST))
    )


def test_a_required_request_that_moves_to_a_phase_before_it_on_every_way_is_no_safeguard_lost() -> None:
    plan = shipped().plans["onboarding"]
    here = plan.phase("identificeren")
    request = next(one for one in here.automations if one.id == "stukken")
    gone = replace(here, automations=tuple(one for one in here.automations if one is not request))
    without = replace(plan, phases=tuple(_put(plan, gone)))

    def move(into: str, **changed: Any) -> list[str]:
        there = without.phase(into)
        also = replace(there, automations=(*there.automations, replace(request, **changed)))
        moved = replace(without, phases=tuple(_put(without, also)))
        found = find_lost(plan.template, plan, moved)
        return [one.sentence.partition("answered ‘Stukken voor de inschrijving’")[2] for one in found]

    assert move("gegevens") == []
    assert move("risico") == [", and now it can."]
    [less] = move("gegevens", condition=BV)
    assert less.startswith(", and now it is so only when")
    [later] = move("gegevens", at=DateRule(anchor="filing.start", days=7))
    assert later.startswith(", and now it can until these are asked for, 7 days after")
    added = replace(gone, id="vragen", title="Vragen", outcomes=(), checkpoints=(), automations=(request,))
    places = [one.id for one in plan.phases]
    own = [*without.phases]
    own.insert(places.index("identificeren"), added)
    assert not find_lost(plan.template, plan, replace(plan, phases=tuple(own)))


def _ask(plan: Plan, at: Literal["entered"] | DateRule) -> Plan:
    """Return a plan in which the first request of ‘Mutaties opvragen’ is made at a moment."""
    phase = plan.phase("mutaties")
    first, *rest = phase.automations
    return replace(plan, phases=tuple(_put(plan, replace(phase, automations=(replace(first, at=at), *rest)))))


def test_a_condition_is_told_where_it_holds_less_often_than_it_did_and_not_where_it_holds_more() -> None:
    plan = shipped().plans["btw-aangifte"]
    check = plan.phases[[phase.id for phase in plan.phases].index("controle")]
    some = replace(plan, phases=tuple(_put(plan, replace(check, condition=LAST))))
    wider = Logic(by="or", of=(LAST, KOR))
    assert _find(some, replace(check, condition=wider)) == []
    assert _find(some, check) == []
    more = replace(plan, phases=tuple(_put(plan, replace(check, condition=wider))))
    found = _find(more, replace(check, condition=LAST))
    said = "‘Aangifte omzetbelasting’ is now reviewed only when"
    assert found[0] == f"{said} ‘period.last_of_year’; before, when ‘period.last_of_year or product.kor’."
    other = _find(some, replace(check, condition=KOR))
    assert other[0] == f"{said} ‘product.kor’; before, when ‘period.last_of_year’."


def test_a_document_that_may_be_absent_is_told_with_what_is_then_not_done() -> None:
    plan = shipped().plans["btw-aangifte"]
    [document] = plan.documents
    done = "reviewed, offered to the client or delivered"
    changes: dict[str, dict[str, Any]] = {
        f"‘{document.title}’ may now be left out, and is then not {done}.": {"optional": True},
        f"‘{document.title}’ is now made, and so {done}, only when ‘product.kor’; before, always.": {
            "condition": KOR
        },
    }
    for said, change in changes.items():
        less = replace(plan, documents=(replace(document, **change),))
        assert [one.sentence for one in find_lost("btw-aangifte", plan, less)] == [said]
        assert not find_lost("btw-aangifte", less, plan)
    alone = replace(document, id="los", title="Los")  # nobody looks at it or gets it
    free = replace(plan, documents=(document, replace(alone, optional=True)))
    assert not find_lost("btw-aangifte", replace(plan, documents=(document, alone)), free)


def _put(plan: Plan, phase: Phase) -> list[Phase]:
    return [phase if one.id == phase.id else one for one in plan.phases]


def _find(plan: Plan, phase: Phase) -> list[str]:
    """Return what is said to be lost where a phase of a plan becomes another."""
    after = replace(plan, phases=tuple(_put(plan, phase)))
    return [one.sentence for one in find_lost(plan.template, plan, after)]


def _with_facts(plan: Plan, fact: str, **values: Any) -> Plan:
    return replace(plan, facts=tuple(replace(one, **values) if one.id == fact else one for one in plan.facts))


def _follow(part: Any, option: str, other: str) -> Any:
    """Return a part of a plan in which whatever hangs on an option hangs on another too."""
    if isinstance(part, Compare) and part.right == LiteralValue(value=option):
        more = replace(part, right=LiteralValue(value=other))
        return Logic(by="or" if part.by == "eq" else "and", of=(part, more))
    if isinstance(part, tuple):
        return tuple(_follow(one, option, other) for one in part)
    if not isinstance(part, Struct):
        return part
    return replace(
        part, **{name: _follow(getattr(part, name), option, other) for name in part.__struct_fields__}
    )


def test_a_fact_that_turns_a_guard_on_is_a_safeguard_in_whether_and_when_it_is_recorded() -> None:
    plan = shipped().plans["onboarding"]
    second = "‘Oordeel van een tweede bij hoog risico of een politieke functie’"
    for fact, values, said in (
        ("politiek", {"optional": True}, "may now be left out; it decides on "),
        ("risico", {"optional": True}, "may now be left out; it decides on "),
        (
            "politiek",
            {"closes_with_phase": False},
            "can now be corrected after its phase, and what was decided",
        ),
        (
            "risico",
            {"set_in": ("opdracht",)},
            "is now recorded in ‘Opdrachtbevestiging maken’, after ‘Risico",
        ),
        (
            "risico",
            {"set_in": ("risico", "overdracht")},
            "can now be corrected until ‘Overdracht van de vorige adviseur’, after ‘Risico beoordelen’, and ",
        ),
        ("risico", {"options": plan.facts[0].options[:2]}, "can no longer be ‘Hoog’, by which there was "),
    ):
        found = [one.sentence for one in find_lost(plan.template, plan, _with_facts(plan, fact, **values))]
        assert [second in one for one in found if said in one] == [True], found
        assert not find_lost(plan.template, _with_facts(plan, fact, **values), plan)
    risk, second_phase = plan.phase("risico"), plan.phase("tweede_oordeel")
    others = [one for one in plan.phases if one not in (risk, second_phase)]
    place = [one.id for one in plan.phases].index("risico")
    turned = replace(plan, phases=(*others[:place], second_phase, risk, *others[place:]))
    found = [one.sentence for one in find_lost(plan.template, plan, turned)]
    assert [one for one in found if f"is now recorded in ‘Risico beoordelen’, after {second}" in one], found
    early = _with_facts(plan, "politiek", set_in=("identificeren",))
    [said] = [one.sentence for one in find_lost(plan.template, plan, early)]
    assert "recorded in ‘Identificeren en verifiëren’, where ‘Secretariaat’, who checks nothing else," in said
    more = (*plan.facts[0].options, Option(id="zeer_hoog", title="Zeer hoog"))
    found = [
        one.sentence for one in find_lost(plan.template, plan, _with_facts(plan, "risico", options=more))
    ]
    [said] = found
    assert "can now be ‘Zeer hoog’, which goes without what ‘Hoog’ brings: the mandatory checkpoint" in said
    assert second in said
    followed = _with_facts(_follow(plan, "hoog", "zeer_hoog"), "risico", options=more)
    assert not find_lost(plan.template, plan, followed), "what hangs on it follows"
    free = _with_facts(plan, "motivering", optional=True)
    assert not find_lost(plan.template, plan, free), "nothing hangs on it"
    less = _with_facts(plan, "risico", options=plan.facts[0].options[1:])
    assert not [one for one in find_lost(plan.template, plan, less) if second in one.sentence], (
        "laag asked none"
    )


def test_a_question_that_turns_a_guard_on_is_a_safeguard_in_whether_it_has_to_be_answered() -> None:
    plan = shipped().plans["onboarding"]
    forms = tuple(
        replace(form, fields=tuple(replace(one, required=False) for one in form.fields))
        for form in plan.forms
    )
    found = find_lost(plan.template, plan, replace(plan, forms=forms))
    deciding = [one for one in found if "may now be left open; it decides on" in one.sentence]
    others = [one.sentence for one in found if one not in deciding]
    assert deciding
    assert [one.split(": ")[0] for one in others] == [
        f"‘{phase}’ could not be completed before the client had answered in ‘{form}’"
        for phase, form in (
            ("Identificeren en verifiëren", "Stukken voor de inschrijving"),
            ("Gegevens verzamelen", "Kennismaken"),
        )
    ]
    assert others[0].endswith(" and 1 more; now it can.")
    asked = next(one for one in plan.phase("gegevens").automations if one.request)
    later = plan.phase("identificeren")
    twice = _put(plan, replace(later, automations=(*later.automations, asked)))
    before = replace(plan, phases=tuple(twice))
    again = [one.sentence for one in find_lost(plan.template, before, replace(before, forms=forms))]
    [said] = [one for one in again if "in ‘Kennismaken’: " in one]
    assert said.startswith("‘Gegevens verzamelen’ and ‘Identificeren en verifiëren’ could not be completed")
    first, *rest = plan.forms
    gone, never = (
        replace(plan, forms=(replace(first, fields=fields), *rest))
        for fields in (
            first.fields[1:],
            (replace(first.fields[0], condition=LiteralValue(value=False)), *first.fields[1:]),
        )
    )
    for less in (gone, never):
        [lost] = find_lost(plan.template, plan, less)
        assert f": {quote(first.fields[0].title)}; now it can." in lost.sentence
        assert not find_lost(plan.template, less, plan)
    assert not find_lost(plan.template, replace(plan, forms=forms), plan)


def test_an_exception_to_four_eyes_is_lost_to_who_did_the_work_and_not_to_another() -> None:
    plan = shipped().plans["loonaangifte"]
    check = next(one for one in plan.phases if one.four_eyes_exception)

    def give(role: str) -> Plan:
        return replace(plan, phases=tuple(_put(plan, replace(check, four_eyes_exception=role))))

    [said] = [one.sentence for one in find_lost(plan.template, plan, give("salaris"))]
    assert "can now be set aside by ‘Salarisadministratie’, who also does ‘Mutaties opvragen’ and " in said
    assert said.endswith("before, by ‘Relatiebeheerder’, who does not.")
    assert not find_lost(plan.template, give("salaris"), plan)
    assert not find_lost(plan.template, plan, give("accountant"))
    did = plan.phase(check.four_eyes[0])
    own = replace(plan, phases=tuple(_put(plan, replace(did, role="relatiebeheerder"))))
    assert not find_lost(plan.template, give("salaris"), replace(plan, title="Anders")), "it was so before"
    assert len(find_lost(plan.template, plan, own)) == 1, "who makes the exception comes to do the work"


def _make_in(plan: Plan, document: str, phase: str) -> Plan:
    documents = (replace(one, made_in=phase) if one.id == document else one for one in plan.documents)
    return replace(plan, documents=tuple(documents))


def _insert(plan: Plan, phase: Phase, before: str) -> Plan:
    place = next(n for n, one in enumerate(plan.phases) if one.id == before)
    return replace(plan, phases=(*plan.phases[:place], phase, *plan.phases[place:]))


def test_a_document_that_is_made_where_four_eyes_do_not_look_is_a_safeguard_lost_and_legal() -> None:
    before = shipped()
    plan = before.plans["suppletie"]
    after = _make_in(plan, "suppletie", "bepalen")
    said = (
        "Four eyes: whoever made ‘Suppletie omzetbelasting’ could not do ‘Controle’, and now nothing "
        "prevents it, as it is made in ‘Suppletieplicht bepalen’."
    )
    sides = (before, dataclasses.replace(before, plans={**before.plans, "suppletie": after}))
    found = review(*sides, ON)
    assert [one.cls for one in found.changes] == ["legal"]
    assert [one.sentence for one in found.safeguards] == [said]
    back = review(*sides[::-1], ON)
    assert ([one.cls for one in back.changes], back.safeguards) == (["legal"], ())
    check = plan.phase("controle")
    kept = replace(check, four_eyes=(*check.four_eyes, "bepalen"))
    assert not find_lost("suppletie", plan, replace(after, phases=tuple(_put(after, kept))))


def test_a_new_phase_in_which_a_document_is_made_is_to_be_kept_apart_too() -> None:
    plan = shipped().plans["btw-aangifte"]
    new = replace(plan.phase("opstellen"), id="afmaken", title="Afmaken", checkpoints=(), automations=())
    after = _make_in(_insert(plan, new, "controle"), "aangifte", "afmaken")
    [said] = [one.sentence for one in find_lost(plan.template, plan, after)]
    assert said.endswith("now nothing prevents it, as it is made in ‘Afmaken’.")
    check = plan.phase("controle")
    apart = replace(check, four_eyes=(*check.four_eyes, "afmaken"))
    assert not find_lost(plan.template, plan, replace(after, phases=tuple(_put(after, apart))))


def test_a_mandatory_checkpoint_that_goes_where_four_eyes_do_not_look_is_a_safeguard_weakened() -> None:
    plan = shipped().plans["icp-opgaaf"]
    made, check = plan.phase("opstellen"), plan.phase("controle")
    one = next(one for one in made.checkpoints if one.required)
    rest = tuple(other for other in made.checkpoints if other is not one)
    less = replace(plan, phases=tuple(_put(plan, replace(made, checkpoints=rest))))
    new = replace(made, id="nazien", title="Nazien", checkpoints=(one,), automations=())
    for role in (made.role, check.role):  # a person can have both
        after = _insert(less, replace(new, role=role), "controle")
        said = [found.sentence for found in find_lost(plan.template, plan, after)]
        assert said == [
            f"The mandatory checkpoint {quote(one.title)} of {quote(made.title)} is now in ‘Nazien’, and "
            f"whoever ticks it there may do {quote(check.title)} too."
        ]
        kept = replace(check, four_eyes=(*check.four_eyes, "nazien"))
        assert not find_lost(plan.template, plan, replace(after, phases=tuple(_put(after, kept))))


def _split(plan: Plan, *four_eyes: str, stays: bool = False) -> Plan:
    """Return a plan in which ‘Opgaaf opstellen’ is two phases, by what its definition says it was."""
    made = plan.phase("opstellen")
    first, *rest = made.checkpoints
    was = ("opstellen",)
    one = replace(made, checkpoints=(first,), title="Boeken")
    one = replace(one, title=made.title) if stays else replace(one, id="boeken", was=was)
    other = replace(made, id="maken", title="Maken", was=was, checkpoints=tuple(rest), automations=())
    place = plan.phases.index(made)
    split = replace(plan, phases=(*plan.phases[:place], one, other, *plan.phases[place + 1 :]))
    ids = {"phases": {} if stays else {"opstellen": "boeken"}}
    check = replace(plan.phase("controle"), four_eyes=("verzamelen", *four_eyes))
    return _make_in(
        replace(rename(split, ids), phases=tuple(_put(rename(split, ids), check))), "opgaaf", "maken"
    )


def test_four_eyes_on_all_that_a_phase_became_are_kept_and_on_a_part_are_lost_for_the_rest() -> None:
    plan = shipped().plans["icp-opgaaf"]
    could = (
        "Four eyes: whoever worked on ‘Opgaaf opstellen’ could not do ‘Controle’, and now nothing prevents it"
    )
    for four_eyes, stays, left in (
        (("boeken", "maken"), False, None),
        (("boeken",), False, " for whoever works on ‘Maken’"),
        (("maken",), False, " for whoever works on ‘Boeken’"),
        ((), False, ""),
        (("opstellen", "maken"), True, None),
        (("opstellen",), True, " for whoever works on ‘Maken’"),
    ):
        after = _split(plan, *four_eyes, stays=stays)
        said = [one for one in _say_lost(plan, after) if "worked on" in one]
        assert said == ([] if left is None else [f"{could}{left}."])
        assert not [one for one in _say_lost(after, after) if "worked on" in one], "it is so already"
        if left is None:
            assert not [one for one in _say_lost(after, plan) if "worked on" in one], "two became one"


def test_an_option_under_another_id_is_lost_to_filings_that_run_and_only_where_a_guard_reads_it() -> None:
    plan = shipped().plans["onboarding"]

    def give(old: str, new: str) -> Plan:
        risk = next(one for one in plan.facts if one.id == "risico")
        [option] = [one for one in risk.options if one.id == old]
        again = Rechosen("facts", risk, option, replace(option, id=new), "")
        return rename_options(plan, (again,))

    assert _say_lost(plan, give("laag", "gering")) == [], "it could always be chosen"
    assert _say_lost(plan, give("hoog", "zwaar")) == [
        "Filings that run and have ‘Hoog’ for ‘Risicoklasse voor de Wwft’ keep its old id, ‘hoog’, and go "
        "without what ‘zwaar’ brings: the mandatory checkpoint ‘De herkomst van het vermogen is onderzocht "
        "en onderbouwd’ and ‘Oordeel van een tweede bij hoog risico of een politieke functie’."
    ]
    beside = replace(give("hoog", "zwaar"), template="anders", title="Anders")
    assert not list(find_lacking([plan], beside)), "no filing goes from the one template to the other"
    left = replace(give("hoog", "zwaar"), phases=plan.phases)
    assert any("now applies only when" in one for one in _say_lost(plan, left)), (
        "what reads it did not follow"
    )


def test_a_title_that_another_phase_had_all_along_is_no_new_place_of_a_checkpoint_that_is_cut() -> None:
    plan = shipped().plans["aangifte-ib"]
    for phase, ids in (
        ("tweede_aanslag_controleren", ("vergeleken",)),
        ("tweede_aanslag_controleren", ("vergeleken", "voorlopig")),
        ("aanslag_controleren", ("voorlopig",)),
        ("tweede_bezwaar_maken", ("verstuurd",)),
    ):
        here = plan.phase(phase)
        titles = [one.title for one in here.checkpoints if one.id in ids]
        assert _say_lost(plan, _put_checkpoints(plan, phase, without=ids)) == [
            f"The mandatory checkpoint {quote(title)} of {quote(here.title)} is gone." for title in titles
        ]
    [moved] = _say_lost(plan, _shift(plan, "tweede_bezwaar_maken", "afronden", "verstuurd"))
    assert moved.endswith("(now in ‘Afronden’).")
    second = plan.phase("tweede_aanslag_controleren")
    other = replace(second, id="partner", title="Aanslag van de partner", was=(second.id,))
    phases = tuple(other if one is second else one for one in plan.phases)
    assert not _say_lost(plan, replace(plan, phases=phases)), "it is the same phase"
    [one] = [one for one in second.checkpoints if one.id == "vergeleken"]
    reworded = replace(one, title="De tweede aanslag is regel voor regel vergeleken met de aangifte")
    assert not _say_lost(plan, _put_checkpoints(plan, second.id, reworded, without=("vergeleken",)))


def test_a_phase_that_asks_a_checkpoint_of_more_is_where_that_of_another_went() -> None:
    plan = shipped().plans["icp-opgaaf"]
    [one] = [one for one in plan.phase("opstellen").checkpoints if one.id == "btw_nummers"]
    early = replace(one, condition=LAST)
    two = _put_checkpoints(plan, "verzamelen", early)
    rest = _put_checkpoints(two, "opstellen", without=("btw_nummers",))
    title = f"The mandatory checkpoint {quote(one.title)} of ‘Opgaaf opstellen’"
    assert _say_lost(two, rest) == [f"{title} is gone."]
    assert not _say_lost(two, _put_checkpoints(rest, "verzamelen", one, without=("btw_nummers",)))


def test_a_mandatory_checkpoint_that_moves_behind_an_end_without_filing_is_lost() -> None:
    plan = shipped().plans["icp-opgaaf"]
    ids = ("lijst_per_afnemer", "goederen_op_factuurdatum", "diensten_op_verrichting")
    end = "its end by ‘Niets op te geven’ in ‘Prestaties verzamelen’"
    for moved in (ids[:1], ids):
        [said] = _say_lost(plan, _shift(plan, "verzamelen", "opstellen", *moved))
        assert said.startswith(f"A filing now gets to {end} without: the mandatory checkpoint")
        assert said.endswith(" (now in ‘Opgaaf opstellen’).")
        assert not _say_lost(_shift(plan, "verzamelen", "opstellen", *moved), plan)
    plan = shipped().plans["suppletie"]
    for start, one, to in (
        ("signaleren", "andere_tijdvakken", "opstellen"),
        ("bepalen", "saldo_bepaald", "controle"),
    ):
        [lost] = _say_lost(plan, _shift(plan, start, to, one))
        assert "in ‘Suppletieplicht bepalen’ without: the mandatory checkpoint" in lost
    said = _say_lost(plan, _shift(plan, "signaleren", "bepalen", "andere_tijdvakken"))
    assert not [one for one in said if "its end" in one], "it is decided with"


def test_a_mandatory_checkpoint_of_fewer_that_also_comes_after_the_review_is_told_as_both() -> None:
    plan = shipped().plans["loonaangifte"]
    [one] = [one for one in plan.phase("verwerken").checkpoints if one.id == "cao"]
    rest = _put_checkpoints(plan, "verwerken", without=("cao",))
    left = Name(path=("answers", "uit_dienst"))
    for first, early, late, when in (
        ("mutaties", LAST, left, "answers.uit_dienst and (not period.last_of_year)"),
        ("verwerken", LAST, Logic(by="not", of=(LAST,)), "not period.last_of_year"),
        ("verwerken", LAST, None, "not period.last_of_year"),
    ):
        two = _put_checkpoints(rest, first, replace(one, condition=early))
        fewer, behind = _say_lost(plan, _put_checkpoints(two, "definitief", replace(one, condition=late)))
        assert "now applies only when" in fewer
        assert behind.startswith("A filing now gets to ‘Proefrun controleren’ and ‘Proefrun aanbieden")
        assert behind.endswith(f". That is so when ‘{when}’.")
    assert not _say_lost(plan, _put_checkpoints(plan, "definitief", one)), "it is asked once more"
