"""A scenario's data as the text of its file, in the layout that people write."""

import json
import re
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from ..compiler.format import Formatted, format_definition
from ..compiler.language.scenario import Scenario

WIDTH = 100
SCHEMA = "# yaml-language-server: $schema=../../../schemas/scenario.schema.json"
_PLAIN = re.compile(r"[A-Za-z][\w/.'-]*( [\w/.'-]+)*|\d{4}(-\d\d|-Q[1-4])?(-\d\d)?")
_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def scenario_as_yaml(data: dict[str, Any], remarks: Sequence[str] = ()) -> str:
    """Return the text of a scenario's file, in canonical layout, with remarks as comments above it."""
    sentences = (f"{one[:1].upper()}{one[1:]}." for one in remarks)
    comments = (f"# {line}" for one in sentences for line in wrap(one, WIDTH - 2, break_on_hyphens=False))
    text = "\n".join([SCHEMA, *comments, *_render(data)]) + "\n"
    laid_out = format_definition(text.encode(), "scenario.yaml", Scenario)
    assert isinstance(laid_out, Formatted), laid_out
    return laid_out.text


def _render(data: dict[str, Any]) -> Iterator[str]:
    for key, value in data.items():
        if key != "steps":
            yield from _render_key(key, value, "")
            continue
        yield "steps:"
        for step in value:
            lead = "  - "
            for name, said in step.items() or {"do": []}.items():
                yield from (
                    f"{lead if not place else '    '}{line}"
                    for place, line in enumerate(_render_key(name, said, ""))
                )
                lead = "    "


def _render_key(key: str, value: Any, indent: str) -> Iterator[str]:
    """Yield a key on one line, or with each of its items on a line of its own where that is too long."""
    line = f"{indent}{key}: {_flow(value)}"
    if len(line) <= WIDTH - 10 or not isinstance(value, list | dict):
        yield line
    elif isinstance(value, dict):
        yield f"{indent}{key}:"
        for name, one in value.items():
            yield from _render_key(name, one, f"{indent}  ")
    else:
        yield f"{indent}{key}:"
        yield from (f"{indent}  - {_flow(one)}" for one in value)


def _flow(value: Any) -> str:
    match value:
        case dict():
            inner = ", ".join(f"{key}: {_flow(one)}" for key, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            text = str(value)
            plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
            return text if plain else json.dumps(text, ensure_ascii=False)
