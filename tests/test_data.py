"""Bytes that can grow: defaults are left out, so that a field that nobody uses changes no digest."""

import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from kantoor import period, plan
from kantoor.compiler.compilation import compile_definitions
from kantoor.data import Struct, canonical, digest_of, fill_in, read, replace
from kantoor.filing import commands, events, state
from kantoor.filing.state import State
from kantoor.plan import Office, Plan

from .filing.test_laws import Recording, a_filing, walked

DEFINITIONS = Path(__file__).parents[1] / "definitions"
MODULES = (period, plan, events, commands, state)


def structs(*modules: ModuleType) -> list[type[Struct]]:
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Struct) and kind.__module__ == module.__name__
    ]


def texts_of(hint: Any) -> Iterator[str]:
    """Yield the texts of every literal in a type."""
    if get_origin(hint) is Literal:
        yield from (value for value in get_args(hint) if isinstance(value, str))
    for inner in get_args(hint):
        if not isinstance(inner, str):
            yield from texts_of(inner)


@pytest.mark.parametrize("kind", structs(*MODULES), ids=lambda kind: kind.__name__)
def test_every_default_is_one_object_so_that_it_is_known_again(kind: type[Struct]) -> None:
    """Left out is what is the default itself; a text or number that is only equal would stay in the bytes."""
    hints = get_type_hints(kind)
    for field in msgspec.structs.fields(kind):
        if field.default is msgspec.NODEFAULT:
            assert field.default_factory in (msgspec.NODEFAULT, dict)
            continue
        default = field.default
        single = default is None or default in (True, False, (), "")
        small = isinstance(default, int) and 0 <= default <= 256
        assert single or small or default in texts_of(hints[field.name]), f"{kind.__name__}.{field.name}"


@cache
def samples() -> tuple[Struct, ...]:
    """Return plans, and every event, command and state of twenty random walks."""
    compilation = compile_definitions(DEFINITIONS)
    assert compilation.office is not None
    found: list[Struct] = [*compilation.plans.values(), compilation.office]
    for seed in range(20):
        filing = walked(seed, a_filing(Recording))
        assert isinstance(filing, Recording)
        assert filing.state is not None
        found += [*filing.events, *filing.commands, filing.state]
    return tuple(found)


def grown(value: Any) -> Any:
    """Return the same data as tomorrow's models have it: each with a field that is not used yet."""
    if isinstance(value, Struct):
        facts = {name: grown(getattr(value, name)) for name in value.__struct_fields__}
        return tomorrow(type(value))(**facts)
    if isinstance(value, tuple):
        return tuple(grown(one) for one in value)
    if isinstance(value, dict):
        return {key: grown(one) for key, one in value.items()}
    return value


KNOWN: dict[type[Struct], type[Struct]] = {}


def tomorrow(kind: type[Struct]) -> type[Struct]:
    """Return a model with one more field; its annotations are today's, since nothing is decoded by it."""
    if kind not in KNOWN:
        config = kind.__struct_config__
        namespace = {
            "__annotations__": {"not_used_yet": "str | None"},
            "not_used_yet": None,
            "__module__": __name__,
        }
        options = {"tag": config.tag, "tag_field": config.tag_field} if config.tag else {}
        KNOWN[kind] = type(kind)(kind.__name__, (kind,), namespace, **options)
    return KNOWN[kind]


def test_a_field_that_nobody_uses_yet_changes_no_bytes() -> None:
    for sample in samples():
        later = grown(sample)
        assert "not_used_yet" in fill_in(later)
        assert canonical(later) == canonical(sample)


def test_a_plan_of_today_has_the_same_digest_when_a_later_version_has_read_it() -> None:
    plans = [sample for sample in samples() if isinstance(sample, Plan)]
    assert plans
    for today in plans:
        assert digest_of(canonical(read(canonical(today), tomorrow(Plan)))) == digest_of(canonical(today))


def test_what_is_read_back_is_equal_and_has_the_same_bytes() -> None:
    for sample in samples():
        kind = type(sample)
        again = read(canonical(sample), kind)
        assert again == sample
        assert canonical(again) == canonical(sample)


def test_two_digests_differ_where_a_value_does() -> None:
    (one,) = [sample for sample in samples() if isinstance(sample, Plan)]
    assert canonical(replace(one, title=one.title + "!")) != canonical(one)


def test_a_struct_inside_a_pydantic_model_is_checked_and_written() -> None:
    from kantoor.data import Model

    class Holder(Model):
        office: Office | None
        state: State | None = None

    office = next(sample for sample in samples() if isinstance(sample, Office))
    held = Holder.model_validate({"office": msgspec.to_builtins(office)})
    assert held.office == office
    assert Holder.model_validate(held.model_dump(mode="json")) == held
    with pytest.raises(ValueError, match="text"):
        Holder.model_validate({"office": {"format": 2}})
