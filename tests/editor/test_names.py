"""Every key of the language that names something is known to the editor."""

from collections.abc import Iterable, Iterator, Set
from functools import cache
from typing import Any, get_args

from kantoor.compiler.language.base import Definition, Must
from kantoor.compiler.language.kinds import KINDS
from kantoor.compiler.reference import blocks
from kantoor.editor.names import DEFINITIONS, REFERENCES


@cache
def find_keys(expected: str) -> Set[tuple[str, str]]:
    """Return block and key of every value that must be what `expected` says."""
    return {
        (model.__name__, field.alias or name)
        for model in list_models(Definition)
        for name, field in model.model_fields.items()
        if expected in {rule.expected for rule in list_rules((field.annotation, *field.metadata))}
    }


def list_models(base: type[Definition]) -> Iterator[type[Definition]]:
    for model in base.__subclasses__():
        yield model
        yield from list_models(model)


def list_rules(parts: Iterable[Any]) -> Iterator[Must]:
    """Yield the rules of the small types within annotations."""
    for part in parts:
        if isinstance(part, Must):
            yield part
        yield from list_rules((*get_args(part), *getattr(part, "__metadata__", ())))


def test_every_reference_is_known() -> None:
    """A key of type Ref that is missing here needs a line in names.REFERENCES."""
    assert KINDS
    known = {key for key in REFERENCES if key != ("FormSchema", "required")}
    assert find_keys("a non-empty name") == known


def test_every_id_is_known() -> None:
    """A key of type Id that is missing here needs a line in names.DEFINITIONS, or is none of ours."""
    ids = find_keys("lower-case letters, digits and single underscores, starting with a letter")
    assert ids - {("Awaited", "notice"), ("FormSchema", "properties"), ("Phase", "was")} == set(DEFINITIONS)


def test_every_block_that_is_named_is_one() -> None:
    assert {block for block, _ in (*REFERENCES, *DEFINITIONS)} <= blocks().keys()
