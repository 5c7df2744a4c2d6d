"""A redacted state names nobody, whatever stood in it, and gets the verdict that the state itself gets."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kantoor.data import Struct, canonical, read, replace
from kantoor.filing.moving import Mapping, Moved, move
from kantoor.filing.redacting import Named, Redacted, Redactor, list_open_values
from kantoor.filing.state import Fact, State
from kantoor.plan import Compare, LiteralValue, Name, Plan
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import People
from tests.examples import so_many

from ..shipped import compile_shipped
from ..simulation.simulating import start_of
from .moving.edits import add_phase, edits

TEMPLATES = st.sampled_from(sorted(compile_shipped().plans))
PERSONAL = (
    "Jan de Planter {}",
    "1234567{:02}",
    "jan{}@planter.example",
    "NL001234567B{:02}",
    "1{}",
    "06.12.345.{}",
)


def test_nothing_of_what_people_wrote_is_in_it_wherever_a_state_can_hold_it() -> None:
    for name in sorted(compile_shipped().plans):
        for form in PERSONAL:
            planted: list[str] = []
            state = fill(State, plant(form, planted))
            redacted = Redactor(compile_shipped().plans[name]).redact(state)
            told = canonical(redacted).decode()
            assert len(planted) > 100
            found = [text for text in planted if f'"{text}"' in told or (len(text) > 4 and text in told)]
            assert not found
            assert read(told, Redacted) == redacted


def plant(form: str, planted: list[str]) -> Iterator[str]:
    """Yield texts without end that somebody could be known by; they are noted."""
    for number in count(10):
        planted.append(form.format(number))
        yield planted[-1]


def fill(hint: Any, texts: Iterator[str]) -> Any:
    """Return something of a type in which everything that can be there is there, texts as they come."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return inside[0]
    if origin in (Union, UnionType):
        kinds = [kind for kind in inside if kind is not NoneType]
        return fill(str if str in kinds else kinds[0], texts)
    if origin is tuple:
        return tuple(fill(inside[0], texts) for _ in range(2))
    if origin is dict:
        return {next(texts): fill(inside[1], texts), "legal_form": fill(inside[1], texts)}
    if hint is str:
        return next(texts)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return hint(
            **{name: fill(kind, texts) for name, kind in get_type_hints(hint).items() if name in fields(hint)}
        )
    return {int: 7, bool: True, date: date(2026, 1, 1), datetime: datetime(2026, 1, 1, 8)}[hint]


def fields(kind: type[Struct]) -> tuple[str, ...]:
    return kind.__struct_fields__


@given(st.data(), TEMPLATES, st.integers(0, 60))
@settings(max_examples=so_many(60))
def test_it_gets_the_verdict_of_the_state_itself(data: Any, template: str, days: int) -> None:
    plan = compile_shipped().plans[template]
    filing = Simulation(plan, start_of(template), people=People())
    filing.run(filing.start.start_date + timedelta(days=days))
    new = data.draw(edits(plan)).plan
    redacted = Redactor(plan).redact(filing.state)
    assert not list(list_open_values(redacted, Named(plan), Named(plan)))
    check_verdict(plan, new, filing.state, redacted)


def check_verdict(
    plan: Plan, new: Plan, state: State, redacted: Redacted, mapping: Mapping | None = None
) -> None:
    how = mapping or Mapping()
    expected, found = move(plan, new, state, how), move(plan, new, redacted.state, how)
    assert type(found) is type(expected)
    for what in ("reasons", "losses", "dates"):
        assert getattr(found, what, ()) == getattr(expected, what, ())


@given(st.data(), TEMPLATES, st.integers(0, 60))
@settings(max_examples=so_many(60))
def test_one_that_was_moved_gets_the_verdict_of_the_state_itself(data: Any, template: str, days: int) -> None:
    old = compile_shipped().plans[template]
    filing = Simulation(old, start_of(template), people=People())
    filing.run(filing.start.start_date + timedelta(days=days))
    edit = data.draw(edits(old))
    moved = move(old, edit.plan, filing.state, edit.there)
    assume(isinstance(moved, Moved))
    assert isinstance(moved, Moved)
    further = data.draw(st.sampled_from((old, data.draw(edits(edit.plan)).plan)))
    mapping = edit.back if further == old else Mapping()
    check_verdict(edit.plan, further, moved.state, Redactor(edit.plan, [old]).redact(moved.state), mapping)


def test_a_phase_of_a_plan_before_is_told_as_the_state_has_it() -> None:
    old = compile_shipped().plans["btw-aangifte"]
    filing = Simulation(old, start_of("btw-aangifte"), people=People())
    filing.run(filing.start.start_date + timedelta(days=40))
    ended = [one.id for one in filing.state.case.phases if one.ended]
    newer = replace(old, phases=tuple(phase for phase in old.phases if phase.id != ended[0]))
    assert Redactor(newer, [old]).redact(filing.state).state.case.phases[0].id == ended[0]
    assert Redactor(newer).redact(filing.state).state.case.phases[0].id != ended[0]


def test_of_moments_the_day_alone_is_told() -> None:
    plan = compile_shipped().plans["btw-aangifte"]
    state = Simulation(plan, start_of("btw-aangifte")).state
    late = datetime(2026, 2, 3, 23, 59, 58, 999)
    redacted = Redactor(plan).redact(replace(state, journal=replace(state.journal, at=late)))
    assert redacted.state.journal.at == datetime(2026, 2, 3)


def asks(name: str, value: Any) -> Compare:
    group, _, field = name.partition(".")
    return Compare(by="gt", left=Name(path=(group, field)), right=LiteralValue(value=value))


def with_condition(plan: Plan, condition: Compare) -> Plan:
    return add_phase(plan, len(plan.phases), condition=condition)


def test_an_amount_is_another_and_is_enough_for_its_own_plan_alone() -> None:
    shipped = compile_shipped().plans["btw-aangifte"]
    plan = with_condition(shipped, asks("facts.saldo", 10_000))
    state = Simulation(shipped, start_of("btw-aangifte")).state
    fact = Fact(id="saldo", value=1_234_567, by="x", at=datetime(2026, 1, 1))
    redacted = Redactor(plan).redact(replace(state, case=replace(state.case, facts=(fact,))))
    (kept,) = redacted.state.case.facts
    assert isinstance(kept.value, int)
    assert kept.value > 10_000
    assert kept.value != fact.value
    assert "facts.saldo" in redacted.replaced
    assert redacted.withheld == ()
    own, other = Named(plan), Named(with_condition(shipped, asks("facts.saldo", 50_000)))
    assert not list(list_open_values(redacted, own, own))
    assert list(list_open_values(redacted, own, other)) == ["facts.saldo"]


def test_a_field_of_the_relation_that_no_condition_named_is_open_for_one_that_does() -> None:
    plan = compile_shipped().plans["btw-aangifte"]
    state = Simulation(plan, start_of("btw-aangifte")).state
    origin = replace(state.origin, relation={**state.origin.relation, "omvang": 12})
    redacted = Redactor(plan).redact(replace(state, origin=origin))
    assert "omvang" not in redacted.state.origin.relation
    other = Named(with_condition(plan, asks("relation.omvang", 5)))
    assert list(list_open_values(redacted, Named(plan), other)) == ["relation.omvang"]
