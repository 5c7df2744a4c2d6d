"""Bytes that can grow: defaults are left out, so that a field that nobody uses changes no digest."""

import asyncio
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from kantoor import period, plan
from kantoor.data import Struct, canonical, digest_of, fill_in, read, replace
from kantoor.filing import commands, events, mapping, state
from kantoor.filing.state import Replaced, State, WaitState
from kantoor.plan import Office, Plan, Written, digest

from .filing.test_format_1 import STORIES
from .filing.test_laws import Recording, a_filing, walked
from .runtime.stories import BEGUN, CONSTRUCTS, BareMachine
from .runtime.test_replay import FILES, recorded
from .runtime.test_replay import read as read_history
from .shipped import compile_shipped

DEFINITIONS = Path(__file__).parents[1] / "definitions"
MODULES = (period, plan, events, mapping, commands, state)


def structs(*modules: ModuleType) -> list[type[Struct]]:
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Struct) and kind.__module__ == module.__name__
    ]


@pytest.mark.parametrize("kind", structs(*MODULES), ids=lambda kind: kind.__name__)
def test_every_default_is_one_object_so_that_it_is_known_again(kind: type[Struct]) -> None:
    """Left out is what is the default itself; a text or number that is only equal would stay in the bytes.

    So each default is written, read back as what it says, and left out of the bytes.
    """
    assert kind.__struct_config__.omit_defaults
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        if field.required:
            continue
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        assert is_left_out_again(hints[field.name], default, field), f"{kind.__name__}.{field.name}"


def is_left_out_again(hint: Any, default: Any, field: Any) -> bool:
    """Say whether the default of a field is known again when a text that says it has been read."""
    made = {} if field.default_factory is msgspec.NODEFAULT else {"default_factory": field.default_factory}
    declared = msgspec.field(**(made or {"default": field.default}))
    kind = msgspec.defstruct("One", [("field", hint, declared)], omit_defaults=True)
    said = canonical({"field": default})
    return canonical(msgspec.json.decode(said, type=kind)) == b"{}"


class Loose(Struct):
    """Defaults that are equal to what is read, and are not the same object."""

    share: float = 0.0
    whole: float = 1.0
    many: int = 1000
    text: str = "no literal"
    days: tuple[int, ...] = (1,)


@pytest.mark.parametrize("field", msgspec.structs.fields(Loose), ids=lambda field: field.name)
def test_a_default_that_is_only_equal_would_be_found(field: Any) -> None:
    assert not is_left_out_again(field.type, field.default, field)


@cache
def samples() -> tuple[Struct, ...]:
    """Return plans, every event, command and last state of twenty random walks, and all of some stories.

    Of the states of a story those are here that have a struct which none before had.
    """
    compilation = compile_shipped()
    assert compilation.office is not None
    found: list[Struct] = [*compilation.plans.values(), compilation.office]
    found.append(Written(revision="a1b2c3", parts=compilation.find_written("btw-aangifte")))
    found.append(WaitState(phase="betalen", met="day"))  # gone by the end of most steps that have it
    found.append(Replaced(hash="hash-1", made_from="hash-2"))  # where a document is made from another, again
    for seed in range(20):
        filing = walked(seed, a_filing(Recording))
        assert isinstance(filing, Recording)
        assert filing.state is not None
        found += [*filing.events, *filing.commands, filing.state]
    met = {type(one) for sample in found for one in structs_in(sample)}
    for name, (begun_on, story) in CONSTRUCTS.items():
        stage = BareMachine(begun_on)
        stage.driver = Recording(begun_on, **BEGUN.get(name, {}))
        asyncio.run(story(stage))
        found += [begun_on, *stage.driver.events, *stage.driver.commands]
        for reached in stage.driver.states:
            new = {type(one) for one in structs_in(reached)} - met
            found += [reached] if new else []
            met |= new
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


LATER = ModuleType("tomorrow")
"""Where tomorrow's models find each other by name."""
sys.modules[LATER.__name__] = LATER
KNOWN: dict[type[Struct], type[Struct] | None] = {}


def tomorrow(kind: type[Struct]) -> type[Struct]:
    """Return a model with one more field, in which every model of today is tomorrow's too."""
    if kind not in KNOWN:
        KNOWN[kind] = None  # its own fields may name it
        hints, fields = get_type_hints(kind), msgspec.structs.fields(kind)
        namespace: dict[str, Any] = {
            "__annotations__": {f.name: grown_hint(hints[f.name]) for f in fields}
            | {"not_used_yet": "str | None"},
            "__module__": LATER.__name__,
            "not_used_yet": None,
        }
        for field in fields:
            if field.default_factory is not msgspec.NODEFAULT:
                namespace[field.name] = msgspec.field(default_factory=field.default_factory)
            elif field.default is not msgspec.NODEFAULT:
                namespace[field.name] = field.default
        config = kind.__struct_config__
        options = {"tag": config.tag, "tag_field": config.tag_field} if config.tag else {}
        KNOWN[kind] = made = type(kind)(name_of(kind), (kind,), namespace, **options)
        setattr(LATER, name_of(kind), made)
    known = KNOWN[kind]
    assert known is not None
    return known


def name_of(kind: type[Struct]) -> str:
    return f"{kind.__module__.rpartition('.')[2]}_{kind.__name__}"


def grown_hint(hint: Any) -> Any:
    """Return a type with tomorrow's models in the place of today's, by name, since some name themselves."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        if hint not in KNOWN:
            tomorrow(hint)
        return ForwardRef(name_of(hint))
    origin, inner = get_origin(hint), get_args(hint)
    if origin is None or origin is Literal:
        return hint
    grown_inner = tuple(grown_hint(one) for one in inner)
    if origin in (Union, UnionType):
        return Union[grown_inner]  # noqa: UP007  a name that is still to be found takes no |
    return origin[grown_inner]


def structs_in(value: Any) -> Iterator[Struct]:
    """Yield every struct of some data, itself included."""
    if isinstance(value, Struct):
        yield value
        value = tuple(getattr(value, name) for name in value.__struct_fields__)
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for one in value:
            yield from structs_in(one)


def test_every_struct_that_holds_anything_is_in_a_sample() -> None:
    met = {type(one) for sample in samples() for one in structs_in(sample)}
    bases = {base for kind in structs(*MODULES) for base in kind.__bases__}
    assert [kind.__name__ for kind in structs(*MODULES) if kind not in {*met, *bases}] == []


def test_a_field_that_nobody_uses_yet_changes_no_bytes() -> None:
    for sample in samples():
        later = grown(sample)
        assert "not_used_yet" in fill_in(later)
        assert canonical(later) == canonical(sample)


def test_what_was_written_today_has_the_same_digest_when_later_models_have_read_it() -> None:
    kinds = {type(sample) for sample in samples()}
    assert {Plan, State} <= kinds
    for today in samples():
        later = read(canonical(today), tomorrow(type(today)))
        assert all("not_used_yet" in one.__struct_fields__ for one in structs_in(later))
        assert digest_of(canonical(later)) == digest_of(canonical(today))


def test_what_is_read_back_is_equal_and_has_the_same_bytes() -> None:
    for sample in samples():
        kind = type(sample)
        again = read(canonical(sample), kind)
        assert again == sample
        assert canonical(again) == canonical(sample)


def test_an_unused_field_on_every_struct_changes_no_digest_of_a_plan_and_no_recorded_history() -> None:
    """Also not of format 1, in which defaults stand."""
    seen = json.loads(subprocess.check_output([sys.executable, "-m", "tests.growing"]))
    assert seen["grown"] == [kind.__name__ for kind in structs(*MODULES)]
    assert seen["plans"] == {name: digest(one) for name, one in compile_shipped().plans.items()}
    assert seen["histories"] == {
        f"{file.parent.name}/{file.name}": [list(step) for step in recorded(read_history(file))]
        for file in FILES
    }
    assert seen["steps"] == {name: [one["digest"] for one in steps] for name, steps in STORIES.items()}


def test_two_digests_differ_where_a_value_does() -> None:
    one = next(sample for sample in samples() if isinstance(sample, Plan))
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


THREADS = """
import sys, threading, types
from kantoor.data import convert, decoder

sys.setswitchinterval(1e-6)
made = ["from kantoor.data import Struct", "class C0(Struct):", "    x: int = 1"]
for n in range(1, 12):
    made += [f"class C{n}(Struct):", f"    a: 'C{n - 1} | None' = None"]
    made += [f"    b: 'tuple[C{n - 1}, ...]' = ()"]
for turn in range(20):
    module = sys.modules[f"m{turn}"] = types.ModuleType(f"m{turn}")
    exec("\\n".join(made), module.__dict__)
    all_there = threading.Barrier(8)

    def read(number):
        kind = getattr(module, f"C{11 - number % 4}")
        all_there.wait()
        decoder(kind).decode(b'{"a":{"a":{}}}') if number % 2 else convert({"a": {"a": {}}}, kind)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""


def test_types_that_many_threads_meet_at_once_crash_nothing() -> None:
    """A worker that begins reads the same structs in several threads; msgspec alone dies of it."""
    ended = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
