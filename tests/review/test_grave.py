"""What a reviewer may not miss: a template that goes, who checks, policies and scenarios that are others."""

from dataclasses import replace as change

import pytest

from kantoor.data import replace
from kantoor.plan import Compare, LiteralValue, Name, Phase, Text
from kantoor.policy import Exempt, Observed, Policy
from kantoor.review.expected import read
from kantoor.review.faces.grouping import say_guards, say_totals
from kantoor.review.guards import Guards
from kantoor.review.intent import list_undeclared
from kantoor.review.review import Review, Side, review

from .edited import ON, shipped

ICP, NEW = "icp-opgaaf", "icp-listing"


def _rename() -> tuple[Side, Side]:
    before = change(
        shipped(), scenarios={f"{ICP}/akkoord": f"# van {ICP}\n", f"{ICP}/anders": "stap\n", "icp/los": "x\n"}
    )
    plans = {NEW if name == ICP else name: plan for name, plan in before.plans.items()}
    plans[NEW] = replace(plans[NEW], template=NEW)
    scenarios = {f"{NEW}/akkoord": f"# van {NEW}\n", f"{NEW}/anders": "een andere stap\n"}
    return before, change(before, plans=plans, scenarios=scenarios)


def test_a_template_that_goes_or_has_another_id_says_that_nothing_starts_by_itself_and_has_a_gate() -> None:
    before, after = _rename()
    renamed = review(before, after, ON)
    [said] = renamed.changes
    assert (said.kind, said.cls) == ("renamed", "legal")
    assert "filings that run go on by the old one" in said.sentence
    assert f"recurrences of ‘{ICP}’ start nothing any more" in said.sentence
    assert renamed.trip(["legal"])
    plans = {name: plan for name, plan in before.plans.items() if name != ICP}
    [gone] = review(before, change(before, plans=plans), ON).changes
    assert (gone.kind, gone.cls) == ("removed", "legal")
    assert "nor by itself" in gone.sentence
    [new] = review(change(before, plans=plans), before, ON).changes
    assert (new.kind, new.cls) == ("added", "flow")
    assert (
        new.sentence == "There is a new template ‘Opgaaf icp’ for ‘Opgaaf icp’: filings of it can be started."
    )
    assert new.parts[-1] == "It delivers ‘Opgaaf intracommunautaire prestaties’."


def test_a_new_template_for_a_product_that_another_has_is_held_to_the_safeguards_of_that() -> None:
    before = shipped()
    plan = before.plans[ICP]
    phases = tuple(
        replace(one, four_eyes=(), checkpoints=()) if one.id == "controle" else one for one in plan.phases
    )
    for less, number in (((), 0), (phases, 3)):
        new = replace(plan, template="icp-snel", title="Snel", phases=less or plan.phases)
        found = review(before, change(before, plans={**before.plans, "icp-snel": new}), ON)
        [told] = found.changes
        assert told.sentence.startswith(
            "There is a new template ‘Snel’ for ‘Opgaaf icp’, beside ‘Opgaaf icp’: "
        )
        said = (
            f"What ‘Opgaaf icp’ is for can now go by ‘Snel’ too, without {number} of its safeguards. Compared"
        )
        assert [one.sentence.startswith(said) for one in found.safeguards] == [True] * bool(number)
        assert len(found.trip(["safeguard"])) == bool(number)
    beside = change(before, plans={**before.plans, "icp-snel": new})
    laxer = tuple(replace(one, four_eyes=(), checkpoints=()) for one in new.phases)
    for phases, known in ((new.phases, []), (laxer, ["Snel"])):
        also = replace(new, template="icp-ook", title="Ook", phases=phases)
        found = review(beside, change(beside, plans={**beside.plans, "icp-ook": also}), ON)
        told = [one.sentence.partition(" is for can now go by ‘Ook’ too")[0] for one in found.safeguards]
        assert told == [f"What ‘{title}’" for title in known]


def test_a_template_that_newly_is_for_the_product_of_another_is_held_to_the_safeguards_of_that() -> None:
    before = shipped()
    plan = before.plans[ICP]
    two = replace(plan, products=(*plan.products, "aangifte-btw"))
    found = review(before, change(before, plans={**before.plans, ICP: two}), ON)
    [said] = [one.sentence for one in found.safeguards]
    assert said.startswith("What ‘Aangifte btw’ is for can now go by ‘Opgaaf icp’ too, without ")
    assert not review(change(before, plans={**before.plans, ICP: two}), before, ON).safeguards
    copy = replace(before.plans["btw-aangifte"], template="btw-ook", products=("anders",))
    beside = change(before, plans={**before.plans, "btw-ook": copy})
    also = replace(copy, products=("anders", "aangifte-btw"))
    same = change(beside, plans={**beside.plans, "btw-ook": also})
    assert not review(beside, same, ON).safeguards, "it lacks nothing"


def test_a_template_that_starts_for_nobody_by_itself_and_has_no_law_goes_as_flow() -> None:
    side = shipped()
    free = replace(side.plans["onboarding"], products=(), deadlines=())
    before = change(side, plans={**side.plans, "onboarding": free})
    plans = {name: plan for name, plan in before.plans.items() if name != "onboarding"}
    [gone] = review(before, change(before, plans=plans), ON).changes
    assert gone.cls == "flow"
    assert "by itself" not in gone.sentence


def test_a_scenario_that_only_moved_with_its_template_is_told_as_moved_and_trips_nothing() -> None:
    found = review(*_rename(), ON)
    moved = {one.name: one.moved_to for one in found.scenarios_changed}
    assert moved == {f"{ICP}/akkoord": f"{NEW}/akkoord", f"{ICP}/anders": None, "icp/los": None}
    assert len(found.trip(["scenario"])) == 2
    lost, kept = say_guards(found)
    assert lost.startswith(f"2 scenarios of the base are gone or try less: {ICP}/anders is gone (")
    assert kept == f"1 scenario has another name and says the same: {ICP}/akkoord is {NEW}/akkoord."


STORY = """\
title: De klant zwijgt
steps:
- reach: akkoord
  do: [approve]
  expect:
  - { phase: akkoord, is: active }
  - { message: herinnering, times: 3 }
"""
LESS = f"The scenario ‘{ICP}/zwijgt’ tries less"
LAID_OUT = f"# een opmerking\n{STORY}".replace("[approve]", "\n  - approve  # de klant")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAID_OUT, None),
        (
            STORY.replace("3", "2"),
            f"1 scenario of the base says otherwise now: {ICP}/zwijgt: ‘expect times: 2’ instead of ‘expect "
            "times: 3’ (",
        ),
        (
            STORY + "  - { work: fiscaal }\n",
            f"1 scenario of the base says otherwise now: {ICP}/zwijgt: ‘expect work: fiscaal’ (",
        ),
        (STORY.replace(", times: 3", ""), f"{LESS}: no longer ‘expect times: 3’. ("),
        (
            STORY.replace("{ phase: akkoord, is: active }", "{ work: fiscaal }"),
            f"{LESS}: ‘expect work: fiscaal’ instead of ‘expect is: active’ and ‘expect phase: akkoord’. (",
        ),
        (STORY.replace("  do: [approve]\n", ""), f"{LESS}: no longer ‘do: approve’. ("),
        (STORY.partition("- reach")[0], f"{LESS}: no longer ‘do: approve’, "),
        ("steps: [", f"{LESS}: "),
        (None, f"The scenario ‘{ICP}/zwijgt’ is gone. ("),
    ],
)
def test_a_scenario_trips_its_gate_where_it_goes_or_expects_less_and_is_told_where_it_expects_something_else(
    text: str | None, said: str | None
) -> None:
    before = change(shipped(), scenarios={f"{ICP}/zwijgt": STORY})
    found = review(before, change(before, scenarios={f"{ICP}/zwijgt": text} if text else {}), ON)
    assert found.is_empty is (said is None)
    assert [*say_guards(found)] == [] if said is None else next(say_guards(found)).startswith(said)
    assert bool(found.trip(["scenario"])) is (said is not None and "The scenario" in said)
    assert bool(list_undeclared(found, ())) is (said is not None)


def test_a_scenario_that_gets_another_name_and_says_the_same_trips_nothing() -> None:
    before = change(shipped(), scenarios={f"{ICP}/zwijgt": STORY, f"{ICP}/anders": "stap\n"})
    found = review(
        before, change(before, scenarios={f"{ICP}/stil": LAID_OUT, "suppletie/anders": "stap\n"}), ON
    )
    assert {one.name: one.moved_to for one in found.scenarios_changed} == {
        f"{ICP}/zwijgt": f"{ICP}/stil",
        f"{ICP}/anders": None,
    }
    assert len(found.trip(["scenario"])) == 1


def test_the_first_line_says_that_less_is_looked_at_also_where_no_plan_changes() -> None:
    before = change(shipped(), scenarios={f"{ICP}/zwijgt": STORY}, policies=(SOON,))
    less = replace(SOON, exempt=(Exempt(template=ICP, reason="Klein"),))
    looser = Guards(classes=(("phase.due", "wording"),))
    found = review(before, change(before, scenarios={}, policies=(less,), guards=looser), ON)
    assert say_totals(found) == (
        "0 changes; 1 policy gone or weaker; 1 scenario gone or trying less; 1 rule for reviews looser"
    )
    assert (
        say_totals(review(before, change(before, scenarios={f"{ICP}/zwijgt": LAID_OUT}), ON)) == "0 changes"
    )


def test_however_many_scenarios_say_otherwise_each_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr("kantoor.review.review.read", lambda text: texts.append(text) or read(text))
    scenarios = {f"{ICP}/{n}": STORY.replace("De klant", f"Klant {n}") for n in range(20)}
    before = change(shipped(), scenarios=scenarios)
    after = {name: text.replace("zwijgt", "zegt niets") for name, text in scenarios.items()}
    found = review(before, change(before, scenarios=after), ON)
    assert [one.otherwise for one in found.scenarios_changed] == [True] * 20
    assert sorted(texts) == sorted({*scenarios.values(), *after.values()})


DELIVERED, APPROVED = Observed(word="delivered"), Observed(word="is_approved")
SOON = Policy(
    id="kijken", title="Tijd om te kijken", form="never", first=(DELIVERED,), workdays=2,
    second=(Observed(word="informed"),),
)  # fmt: skip
OTHERS = {
    "within 1 working day after ‘informed’ instead of 2 working days after ‘informed’": replace(
        SOON, workdays=1
    ),
    "now except for ‘icp-opgaaf’ (daarom)": replace(SOON, exempt=(Exempt(template=ICP, reason="daarom"),)),
    "never ‘signed’ instead of ‘delivered’": replace(SOON, first=(Observed(word="signed"),)),
    "is gone: never ‘delivered’; within 2 working days after ‘informed’": None,
}


@pytest.mark.parametrize(
    ("said", "becomes"), OTHERS.items(), ids=["sooner", "excepted", "of another", "gone"]
)
def test_a_policy_that_changes_or_goes_is_told_with_what_it_asks_instead(
    said: str, becomes: Policy | None
) -> None:
    found = _review((SOON,), (becomes,) if becomes else ())
    [sentence] = found.trip(["policy"])
    assert sentence.startswith("The policy ‘Tijd om te kijken’ (kijken) is ")
    assert said in sentence
    [shown] = say_guards(found)
    assert shown.startswith(sentence)
    assert shown.endswith("What it kept from happening may happen.")


def test_a_policy_that_is_new_or_stricter_is_told_has_to_be_declared_and_trips_no_gate() -> None:
    free = replace(SOON, unless=(APPROVED,))
    for before, after, said in (
        ((), (SOON,), "There is a new policy ‘Tijd om te kijken’ (kijken): never ‘delivered’; within 2"),
        ((free,), (SOON,), "no longer unless ‘is_approved’"),
    ):
        found = _review(before, after)
        assert not found.is_empty
        assert not found.trip(["policy"])
        [shown] = say_guards(found)
        assert said in shown
        assert "may happen" not in shown
        assert len(list_undeclared(found, ())) == 1


def _review(before: tuple[Policy, ...], after: tuple[Policy, ...]) -> Review:
    side = shipped()
    return review(change(side, policies=before), change(side, policies=after), ON)


def _with(phase: Phase) -> Side:
    side = shipped()
    plan = side.plans["btw-aangifte"]
    phases = tuple(phase if one.id == phase.id else one for one in plan.phases)
    return change(side, plans={**side.plans, "btw-aangifte": replace(plan, phases=phases)})


def test_who_does_a_phase_that_checks_is_legal_and_who_does_another_is_staffing() -> None:
    plan = shipped().plans["btw-aangifte"]
    for phase, cls in ((plan.phase("controle"), "legal"), (plan.phases[0], "staffing")):
        other = next(role.id for role in plan.roles if role.id != phase.role)
        [found] = review(shipped(), _with(replace(phase, role=other)), ON).changes
        assert (found.part, found.cls) == ("phase.role", cls)


def test_who_stands_in_for_a_role_that_checks_is_legal() -> None:
    before = shipped()
    plan = before.plans["btw-aangifte"]
    role = plan.role(plan.phase("controle").role)
    roles = tuple(replace(one, fallback="iemand") if one == role else one for one in before.office.roles)
    plans = {
        name: replace(
            each, roles=tuple(replace(one, fallback="iemand") if one == role else one for one in each.roles)
        )
        for name, each in before.plans.items()
    }
    after = change(before, plans=plans, office=replace(before.office, roles=roles))
    [found] = review(before, after, ON).changes
    assert (found.part, found.cls, found.template) == ("role.fallback", "legal", None)


def test_a_condition_that_comes_or_goes_is_said_in_one_sentence_without_the_inside_of_a_plan() -> None:
    phase = shipped().plans["btw-aangifte"].phase("controle")
    kor = Name(path=("product", "kor"))
    for condition in (kor, LiteralValue(value=False)):
        some = _with(replace(phase, condition=condition))
        for two in ((shipped(), some), (some, shipped())):
            [found] = review(*two, ON).changes
            assert found.part == "phase.condition"
            assert found.parts == ()


IBAN = "NL86 INGB 0002 4455 88"


@pytest.mark.parametrize(
    ("old", "new", "cls"),
    [
        ("Graag vóór {{ filing.due }}.", "Graag uiterlijk {{ filing.due }}.", "wording"),
        ("Graag vóór {{ filing.due }}.", "Graag vóór {{ period.end }}.", "timing"),
        (
            "Bezwaar tot {{ filing.object_until }}, betalen vóór {{ filing.due }}.",
            "Bezwaar tot {{ filing.due }}, betalen vóór {{ filing.object_until }}.",
            "timing",
        ),
        ("Lever aan op 31 december.", "Lever aan op 30 december.", "timing"),
        ("Lever aan.", "Lever aan. U heeft nog 14 dagen.", "timing"),
        ("Please answer by May 3.", "Please answer within two weeks.", "timing"),
        ("Bel ons.", "Bel ons vrijdag.", "timing"),
        ("Wij maakten 2 kopieën op papier.", "Wij maakten 3 kopieën op papier.", "wording"),
        ("Betaal.", f"Betaal op {IBAN}.", "legal"),
        (f"Betaal op {IBAN}.", "Betaal op NL02ABNA0123456789.", "legal"),
        (f"Betaal op {IBAN}.", f"Betaal nu op {IBAN.replace(' ', '')}.", "wording"),
    ],
)
def test_a_text_with_another_account_or_day_is_more_than_wording(old: str, new: str, cls: str) -> None:
    def say(body: str) -> Side:
        side = shipped()
        plan = side.plans["btw-aangifte"]
        first, *others = plan.messages
        told = replace(first, texts={**first.texts, "nl": Text(subject="Btw", body=body)})
        changed = replace(plan, messages=(told, *others))
        return change(side, plans={**side.plans, "btw-aangifte": changed})

    [found] = review(say(old), say(new), ON).changes
    assert (found.part, found.cls) == ("text.body", cls)
    assert found.words


def _form(**values: str) -> Side:
    side = shipped()
    plan = side.plans["aangifte-vpb"]
    form = plan.forms[0]
    known = {name: value for name, value in values.items() if name == "intro"}
    first = replace(form.fields[0], **{name: one for name, one in values.items() if name != "intro"})
    forms = (replace(form, fields=(first, *form.fields[1:]), **known), *plan.forms[1:])
    return change(side, plans={**side.plans, "aangifte-vpb": replace(plan, forms=forms)})


@pytest.mark.parametrize(
    ("field", "text", "cls"),
    [
        ("intro", f"Betaal op {IBAN}.", "legal"),
        ("help", f"Betaal op {IBAN}.", "legal"),
        ("title", f"Betaalde u op {IBAN}?", "legal"),
        ("intro", "Graag binnen 5 werkdagen.", "timing"),
        ("help", "Graag binnen 5 werkdagen.", "timing"),
        ("title", "Woonde u op 1 januari samen?", "wording"),
    ],
)
def test_what_a_form_says_has_the_class_of_what_it_names(field: str, text: str, cls: str) -> None:
    for two in ((_form(**{field: "Anders."}), _form(**{field: text})), (_form(), _form(**{field: text}))):
        if two[0] != two[1]:
            [found] = review(*two, ON).changes
            assert (found.part.rpartition(".")[2], found.cls) == (field, cls)


def test_the_title_of_a_task_that_names_another_account_is_legal() -> None:
    plan = shipped().plans["btw-aangifte"]
    phase = plan.phase("aanbieden")
    [task] = phase.automations
    assert task.task is not None
    other = replace(task, task=replace(task.task, title=f"Laat de klant betalen op {IBAN}"))
    [found] = review(shipped(), _with(replace(phase, automations=(other,))), ON).changes
    assert (found.part, found.cls) == ("create_task.title", "legal")


def test_an_amount_in_a_condition_is_told_in_euros_as_it_is_written() -> None:
    before, plan = shipped(), shipped().plans["suppletie"]
    places = [n for n, one in enumerate(plan.phases) if any(o.id == "klein" for o in one.outcomes)]
    phase = plan.phases[places[0]]
    outcomes = tuple(
        replace(one, condition=replace(one.condition, right=LiteralValue(value=200_000)))
        if one.id == "klein" and one.condition is not None
        else one
        for one in phase.outcomes
    )
    phases = tuple(replace(one, outcomes=outcomes) if one is phase else one for one in plan.phases)
    after = change(before, plans={**before.plans, "suppletie": replace(plan, phases=phases)})
    found = review(before, after, ON)
    for said in (found.changes[0].sentence, found.safeguards[0].sentence):
        assert "‘facts.saldo|abs <= 2000’" in said
        assert "‘facts.saldo|abs <= 1000’" in said


def test_an_amount_that_a_client_answers_is_told_in_cents_as_conditions_write_it() -> None:
    plan = shipped().plans["onboarding"]
    form = plan.forms[0]
    field = replace(form.fields[0], id="omzet", kind="money")
    asked = replace(plan, forms=(replace(form, fields=(*form.fields, field)), *plan.forms[1:]))
    phase = plan.phases[-1]
    before, after = (
        replace(
            asked,
            phases=(
                *plan.phases[:-1],
                replace(
                    phase,
                    condition=Compare(
                        by="ge", left=Name(path=("answers", "omzet")), right=LiteralValue(value=cents)
                    ),
                ),
            ),
        )
        for cents in (1000, 1050)
    )
    old, new = (change(shipped(), plans={"onboarding": one}) for one in (before, after))
    [found] = review(old, new, ON).changes
    assert "‘answers.omzet >= 1050’" in found.sentence
    assert "‘answers.omzet >= 1000’" in found.sentence
