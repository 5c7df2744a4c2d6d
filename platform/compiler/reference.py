"""Reference: every key of the language with its type and meaning, from the schemas of the models."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .language.base import EMAIL_PATTERN, ID_PATTERN, LINE_PATTERN
from .language.kinds import KINDS


@dataclass(frozen=True)
class Key:
    """One key: its path (such as workflow.phases.offer.chase), the values it takes, and its meaning."""

    path: str
    owner: str
    name: str
    takes: str
    meaning: str
    required: bool
    default: str | None
    blocks: tuple[str, ...]
    """The names of the blocks that its value can be."""


@dataclass(frozen=True)
class Block:
    """A mapping of the language: a kind of definition, or a part of one."""

    name: str
    meaning: str
    keys: tuple[Key, ...]


@lru_cache(maxsize=1)
def blocks() -> dict[str, Block]:
    """Return every block by name: the kinds of definitions, each followed by its parts."""
    blocks: dict[str, Block] = {}
    for kind in KINDS:
        schema = kind.model.model_json_schema(by_alias=True)
        parts = schema.pop("$defs", {})
        for name, part in {kind.model.__name__: schema, **parts}.items():
            if name not in blocks:
                blocks[name] = _make_block(name, part)
    return blocks


def _make_block(name: str, schema: dict[str, Any]) -> Block:
    required = schema.get("required", [])
    keys = tuple(
        Key(
            path="",
            owner=name,
            name=key,
            takes=_describe_type(part),
            meaning=part.get("description", ""),
            required=key in required,
            default=_render_default(part),
            blocks=_list_blocks(part),
        )
        for key, part in schema["properties"].items()
    )
    return Block(name, schema.get("description", ""), keys)


def all_keys() -> Iterator[Key]:
    """Yield every key at every path where it can occur."""
    for kind in KINDS:
        yield from _walk_keys(kind.name, kind.model.__name__, frozenset())


def _walk_keys(path: str, block: str, above: frozenset[str]) -> Iterator[Key]:
    """Yield the keys below a path; a block that the path went past before is not walked again."""
    for key in blocks()[block].keys:
        here = f"{path}.{key.name}"
        yield replace(key, path=here)
        for inner in key.blocks:
            if inner not in above:
                yield from _walk_keys(here, inner, above | set(key.blocks))


def _list_blocks(part: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the blocks that a schema accepts."""
    if "$ref" in part:
        return (str(part["$ref"]).rsplit("/", 1)[-1],)
    if values := _list_values(part):
        return tuple(name for one in values for name in _list_blocks(one))
    below = [part["items"]] if "items" in part else [*part.get("oneOf", []), *part.get("anyOf", [])]
    return tuple(name for one in below for name in _list_blocks(one))


def _list_values(part: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the values of a mapping are whose keys are the author's own; empty for anything else."""
    below = part.get("additionalProperties")
    return [*part.get("patternProperties", {}).values(), *([below] if isinstance(below, dict) else [])]


def _render_default(part: dict[str, Any]) -> str | None:
    value = part.get("default")
    if value is None or value == [] or isinstance(value, dict):
        return None
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _describe_type(part: dict[str, Any]) -> str:
    """Describe the values that a schema accepts, in words."""
    if "$ref" in part:
        return f"a block {_list_blocks(part)[0]}"
    if "const" in part:
        return str(part["const"])
    if "enum" in part:
        return ", ".join(map(str, part["enum"]))
    for several in ("oneOf", "anyOf"):
        if several in part:
            return " or ".join(_describe_type(below) for below in part[several])
    if values := _list_values(part):
        (value,) = values
        return f"a mapping of ids, each with: {_describe_type(value)}"
    if part.get("type") == "array":
        return f"a list of: {_describe_type(part['items'])}"
    return _describe_scalar(part)


def _describe_scalar(part: dict[str, Any]) -> str:
    match part.get("type"):
        case "boolean":
            return "true or false"
        case "integer":
            return "a whole number" + _describe_bounds(part)
        case "number":
            return "a number" + _describe_bounds(part)
        case "string" if part.get("format") == "date":
            return "a date such as 2026-01-31"
        case "string":
            return _TEXTS.get(part.get("pattern", ""), "a string")
        case other:
            raise AssertionError(f"a type that has no words: {other}")


def _describe_bounds(part: dict[str, Any]) -> str:
    """Return the bounds of a number, in words; empty where it has none."""
    return f" from {part['minimum']} to {part['maximum']}" if "minimum" in part else ""


_TEXTS = {
    ID_PATTERN: "an id (snake_case)",
    LINE_PATTERN: "a single line",
    EMAIL_PATTERN: "an e-mail address",
}
