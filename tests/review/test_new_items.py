"""What is new is told with all that it holds, and of what is gone nothing is said that is not so."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from kantoor.data import replace
from kantoor.plan import DateRule, LiteralValue, Part, Plan, To
from kantoor.review.review import Change, Side, review

from .edited import ON
from .edits import Path, get, list_places, put
from .test_laws import shipped

NEW = "nieuw"
NOT_TOLD = {("Phase", "was")}
"""What only a filing that is moved reads, besides the ids by which a plan knows its items."""


def _review(before: Plan, after: Plan) -> list[Change]:
    office = shipped().office
    assert office is not None
    name = before.template
    return list(review(Side("a", {name: before}, office), Side("b", {name: after}, office), ON).changes)


def _tell(plan: Plan, kind: str, item: Any) -> tuple[str, ...]:
    """Return all that is said of an item that is new."""
    changes = _review(plan, replace(plan, **{kind: (*getattr(plan, kind), item)}))
    return tuple(line for one in changes for line in (one.sentence, *one.parts))


def _vary(value: Any, hint: Any) -> Iterator[Any]:
    """Yield other values of the same type."""
    kinds = (hint, *get_args(hint))
    words = [one for kind in kinds if get_origin(kind) is Literal for one in get_args(kind)]
    if value in words:
        yield from (one for one in words if one != value)
        return
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case DateRule():
            yield replace(value, days=value.days + 1)
        case To():
            yield To(kind="function", name="iemand")
        case tuple() if value:
            yield value[1:]  # the last alternative of a deadline has to hold for everybody
        case str():
            yield f"{value}x"
        case Part():
            yield LiteralValue(value=False)


def _list_unlike() -> Iterator[tuple[str, str, str, list[Path]]]:
    """Yield every item in which something is unlike all that came before, with the paths of that."""
    had = set()
    for template, plan in shipped().plans.items():
        for kind in ("phases", "facts", "documents", "deadlines", "forms", "ends"):
            for item in getattr(plan, kind):
                paths = []
                for path, owner, field in list_places(item):
                    around = get(item, path[:-1])
                    has = tuple(bool(getattr(around, name)) for name in owner.__struct_fields__)
                    steps = tuple(step for step in path if isinstance(step, str))
                    alike = (kind, steps, owner, has, type(getattr(around, field)))
                    if field != "id" and (owner.__name__, field) not in NOT_TOLD and alike not in had:
                        had.add(alike)
                        paths.append(path)
                if paths:
                    yield template, kind, item.id, paths


PHASES = [(template, phase.id) for template, plan in shipped().plans.items() for phase in plan.phases]


@pytest.mark.parametrize(
    ("template", "kind", "name", "paths"),
    [pytest.param(*one, id="-".join(one[:3])) for one in _list_unlike()],
)
def test_two_new_items_that_differ_in_anything_are_not_told_alike(
    template: str, kind: str, name: str, paths: list[Path]
) -> None:
    plan = shipped().plans[template]
    item = next(one for one in getattr(plan, kind) if one.id == name)
    item = replace(item, id=NEW, title="Nieuw")
    told = _tell(plan, kind, item)
    for path in paths:
        owner = type(get(item, path[:-1]))
        for other in _vary(get(item, path), get_type_hints(owner)[path[-1]]):
            assert _tell(plan, kind, put(item, path, other)) != told, (path, other)


def test_a_deadline_with_a_first_day_comes_and_goes_with_the_days_that_it_has() -> None:
    plan = shipped().plans["btw-aangifte"]
    [deadline] = plan.deadlines
    both = replace(plan, deadlines=(deadline, replace(deadline, id="tweede", title="Tweede")))
    [there], [back] = _review(plan, both), _review(both, plan)
    [said] = [one for one in there.parts if "delivery now begins" in one]
    assert said.endswith("such as 24 December 2026.")
    assert (there.kind, back.kind) == ("added", "removed")


@pytest.mark.parametrize(("template", "name"), PHASES)
def test_of_a_phase_that_goes_nothing_is_said_to_be_so_from_now_on(template: str, name: str) -> None:
    plan = shipped().plans[template]
    phases = tuple(one for one in plan.phases if one.id != name)
    [gone] = [one for one in _review(plan, replace(plan, phases=phases)) if one.path == f"phases.{name}"]
    for said in gone.parts:
        assert "no longer" in said or "delivered" in said, said


def test_a_phase_that_becomes_of_another_kind_is_told_with_what_it_does_now_and_did_before() -> None:
    plan = shipped().plans["btw-aangifte"]
    offer, wait = plan.phase("aanbieden"), shipped().plans["aangifte-vpb"].phase("aanslag_afwachten")
    other = replace(offer, block=wait.block)
    [there] = _review(
        plan, replace(plan, phases=tuple(other if one is offer else one for one in plan.phases))
    )
    assert there.sentence == "‘Aanbieden aan de klant’ is now a wait: it is no longer an offer to the client."
    assert (
        there.parts[0]
        == "In ‘Aanbieden aan de klant’ clients are no longer offered ‘Aangifte omzetbelasting’."
    )
    assert any("goes on by the notice ‘definitieve_aanslag’" in one for one in there.parts)
    assert any("now ends 53 months after the end of the period" in one for one in there.parts)


def test_a_request_that_is_new_says_that_the_phase_waits_and_with_its_message_every_text_of_that() -> None:
    plan = shipped().plans["btw-aangifte"]
    asking = shipped().plans["aangifte-vpb"]
    place, request = next(
        (phase, one) for phase in asking.phases for one in phase.automations if one.request is not None
    )
    assert request.request is not None
    message = next(one for one in asking.messages if one.id == request.request.message)
    form = next(one for one in asking.forms if one.id == request.request.form)
    request = replace(request, request=replace(request.request, required=True))
    phase = replace(place, id=NEW, automations=(request,), role=plan.phases[0].role)
    after = replace(
        plan, phases=(phase, *plan.phases), messages=(*plan.messages, message), forms=(*plan.forms, form)
    )
    said = "\n".join(line for one in _review(plan, after) for line in one.parts)
    assert f"‘{phase.title}’ waits until the request ‘{form.title}’ is answered in full." in said
    assert (
        f"The subject of the message ‘{message.title}’ to clients: ‘{message.texts['nl'].subject}’." in said
    )
    assert f"The English subject of the message ‘{message.title}’ to clients: " in said
    assert "a text in texts" not in said


def test_of_an_item_that_goes_nothing_is_told_that_is_not_so_or_twice() -> None:
    plan = shipped().plans["onboarding"]
    risk, form = plan.phase("risico"), next(one for one in plan.forms if one.id == "onboarding-stukken")
    checks = tuple(one for one in risk.checkpoints if one.condition is None)
    fields = tuple(one for one in form.fields if one.condition is None)
    chased = next(one for one in plan.phases if one.chase and one.chase.escalate)
    for after in (
        _with(plan, "phases", replace(risk, checkpoints=checks)),
        _with(plan, "forms", replace(form, fields=fields)),
        _with(plan, "phases", replace(chased, block=replace(chased.block, chase=None))),
    ):
        gone = [one for one in _review(plan, after) if one.kind == "removed"]
        assert gone
        assert all("no longer" in one.sentence for one in gone)
        assert [one.parts for one in gone] == [()] * len(gone)


def _with(plan: Plan, kind: str, item: Any) -> Plan:
    """Return a plan with another item in the place of the one that has its id."""
    return replace(plan, **{kind: tuple(item if one.id == item.id else one for one in getattr(plan, kind))})


def test_a_document_that_is_new_was_made_nowhere_else_and_had_to_be_there_never() -> None:
    plan = shipped().plans["btw-aangifte"]
    new = replace(plan.documents[0], id=NEW, title="Nieuw", optional=True, report=None)
    said = " ".join(_tell(plan, "documents", new))
    assert "instead of nothing" not in said
    assert "The document ‘Nieuw’ may be left out." in said


def test_who_is_brought_in_and_when_are_two_sentences_where_both_are_others() -> None:
    plan = shipped().plans["btw-aangifte"]
    path, old = next(
        (path, get(plan, path[:-1]))
        for path, owner, field in list_places(plan)
        if (owner.__name__, field) == ("Escalate", "on")
    )
    other = next(role.id for role in plan.roles if role.id != old.role)
    later = replace(old, role=other, on=replace(old.on, days=old.on.days + 14))
    first, second = (one.sentence for one in _review(plan, put(plan, path[:-1], later)))
    assert first.startswith("Somebody is brought in on ")
    assert not second.startswith("Somebody")


def test_an_option_under_another_id_says_that_it_is_another_choice_for_what_runs() -> None:
    plan = shipped().plans["onboarding"]
    place, fact = next((n, one) for n, one in enumerate(plan.facts) if one.id == "risico")
    options = (replace(one, id="zeer_hoog") if one.id == "hoog" else one for one in fact.options)
    facts = (*plan.facts[:place], replace(fact, options=tuple(options)), *plan.facts[place + 1 :])
    said = [one.sentence for one in _review(plan, replace(plan, facts=facts))]
    assert any(
        one.endswith(
            "has the id ‘zeer_hoog’ instead of ‘hoog’; filings that run keep the old one, and to them ‘Hoog’ "
            "(hoog) and ‘Hoog’ (zeer_hoog) are two choices."
        )
        for one in said
    )


def test_vat_rates_that_are_new_say_which_they_follow() -> None:
    office = shipped().office
    assert office is not None
    last = max(office.vat_rates, key=lambda one: one.since)
    new = replace(last, since=date(2029, 1, 1), reduced=12)
    after = replace(office, vat_rates=(*office.vat_rates, new))
    [said] = review(Side("a", {}, office), Side("b", {}, after), ON).changes
    assert said.sentence.endswith(
        f"the VAT rates are now {last.general}% and 12%; until then they are {last.general}% and "
        f"{last.reduced}%."
    )


def test_a_day_that_is_no_longer_waited_for_is_said_in_a_sentence() -> None:
    plan = shipped().plans["btw-aangifte"]
    waiting = replace(plan.phases[1], not_before=DateRule(anchor="period.end", months=1, day=24))
    before = replace(plan, phases=(plan.phases[0], waiting, *plan.phases[2:]))
    [said] = (one.sentence for one in _review(before, plan))
    assert said == f"‘{waiting.title}’ no longer waits until the 24th of the month after the period."
