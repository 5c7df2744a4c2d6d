"""Explain a code, a construct, a variable or a key of the language, for the terminal."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import fill, indent

from ..context import VARIABLES
from ..suggest import ask_if_meant, nearest
from ..tables import align
from .compilation import compile_definitions
from .constructs import Construct, find_construct, list_constructs
from .diagnostics import Code, all_codes
from .dutch import find_constructs
from .examples import Example, lay_out
from .reference import Key, all_keys, blocks
from .reports.text import text
from .variable_help import NAMED, explain_variable, list_variable_names

WIDTH = 90
MANY = 8
CODE = re.compile(r"[Kk]\d+")


class UnknownNameError(LookupError):
    """No code, construct, variable or key has this name; the message suggests a similar one."""


def explain(name: str) -> str:
    """Return the explanation of a code (K201), a construct (offer), a variable (filing.link) or a key.

    A name can be several of them at once: then all are explained. A Dutch word of the trade (herinnering) is
    explained by what says it in the language. Raises UnknownNameError.
    """
    code = all_codes().get(name.upper())
    if code is not None:
        return explain_code(code)
    construct = find_construct(name)
    keys = [key for key in all_keys() if key.path == name or key.path.endswith(f".{name}")]
    named = name.partition(".")[0] in NAMED
    parts = [
        explain_construct(construct) if construct else None,
        None if named and (keys or construct) else explain_variable(name),
        _list_places(keys) if construct and keys else explain_keys(keys) if keys else None,
    ]
    found = [part for part in parts if part] or list(_explain_dutch(name))
    if not found:
        raise UnknownNameError(_describe_unknown(name))
    return "\n".join(found)


def list_codes() -> str:
    """Return every code on a line of its own, with its title."""
    return "".join(f"{code.id}  {code.title} ({code.level})\n" for code in all_codes().values())


def list_names() -> str:
    """Return everything that can be explained, keys aside: codes, constructs, groups of variables."""
    constructs = align([(construct.name, construct.title) for construct in list_constructs()])
    groups = ", ".join((*VARIABLES, *NAMED))
    return (
        f"{list_codes()}\nConstructs:\n{indent(chr(10).join(constructs), '  ')}\n\n"
        f"Variables: {groups} (and each of their names, such as filing.link).\n"
        "Keys: every key of the language, such as offer.chase.\n"
    )


def explain_construct(construct: Construct) -> str:
    """Return the explanation of a construct, with its example and the keys that it takes."""
    parts = [
        f"{construct.name}: {construct.title}",
        fill(construct.text, WIDTH),
        f"Example ({locate_example(construct.example)}):",
        indent(render_example(construct.example), "    ").rstrip(),
    ]
    if construct.block:
        keys = blocks()[construct.block].keys
        parts += ["Keys:", "\n".join(f"    {key.name}: {key.meaning}" for key in keys)]
    if construct.see:
        parts.append(f"See also: {', '.join(construct.see)}.")
    return "\n\n".join(parts) + "\n"


def _explain_dutch(word: str) -> Iterator[str]:
    """Yield what a Dutch word is in the language: all about one construct, a line of each of several."""
    meant = find_constructs(word)
    if len(meant) == 1:
        yield explain(meant[0])
    elif meant:
        titles = {one.name: one.title for one in list_constructs()}
        lines = (f"    {name}: {titles[name]}" if name in titles else f"    {name}" for name in meant)
        yield f"{word} is in the language:\n\n" + "\n".join(lines) + "\n"


def _list_places(keys: list[Key]) -> str:
    """Return where a key occurs that is a construct too, with what it means there."""
    unique = {(key.owner, key.name): key for key in reversed(keys)}
    lines = (f"    {key.path}: {key.meaning}" for key in sorted(unique.values(), key=lambda key: key.path))
    return "As a key:\n\n" + "\n".join(lines) + "\n"


def explain_code(code: Code) -> str:
    """Return the explanation of a code, with its examples."""
    parts = [
        f"{code.id}: {code.title} ({code.level})",
        fill(code.explanation, WIDTH),
        f"Wrong ({locate_example(code.wrong)}):",
        indent(render_example(code.wrong), "    ").rstrip(),
        indent(output_of(code.wrong), "    ").rstrip()
        if code.by == "check"
        else f"Reported by `kantoor {code.by}`.",
        f"Right ({locate_example(code.right)}):",
        indent(render_example(code.right), "    ").rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def locate_example(example: Example) -> str:
    """Return the file of an example, and whether it is a link or removed."""
    notes = {"link": ", a link", "absent": ", removed"}
    return f"{example.path}{notes.get(example.how, '')}"


def render_example(example: Example) -> str:
    """Return the text of an example; bytes that are not UTF-8 as replacement characters."""
    if isinstance(example.text, bytes):
        return example.text.decode("utf-8", "replace")
    others = [f"# and {path}\n{text}" for path, text in example.others]
    return "\n".join([example.text, *others])


def output_of(example: Example) -> str:
    """Return what `kantoor check` prints for an example."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(example, folder)
        return text(replace(compile_definitions(folder), folder=Path("definitions")))


def explain_keys(keys: list[Key]) -> str:
    """Return the explanation of keys; a key of a block that occurs in several places is explained once."""
    unique = {(key.owner, key.name): key for key in reversed(keys)}
    chosen = sorted(unique.values(), key=lambda key: key.path)
    return "\n".join("\n".join(_explain_key(key, brief=len(chosen) > MANY)) + "\n" for key in chosen)


def _explain_key(key: Key, *, brief: bool) -> Iterator[str]:
    yield key.path
    yield fill(key.meaning, WIDTH, initial_indent="  ", subsequent_indent="  ")
    if brief:
        return
    yield f"  takes: {key.takes}"
    if key.required:
        yield "  required"
    elif key.default:
        yield f"  default: {key.default}"
    for block in (blocks()[name] for name in key.blocks):
        yield ""
        yield fill(block.meaning, WIDTH, initial_indent="  ", subsequent_indent="  ")
        for inner in block.keys:
            yield f"    {inner.name}: {inner.meaning}"


def _describe_unknown(name: str) -> str:
    if CODE.fullmatch(name):
        return f"unknown code {name.upper()}"
    group, _, rest = name.partition(".")
    of_group = nearest(rest, VARIABLES.get(group, ())) if rest else None
    constructs = {construct.name for construct in list_constructs()}
    names = {*constructs, *list_variable_names(), *_key_names()}
    near = f"{group}.{of_group}" if of_group else nearest(name, names)
    return f"unknown name '{name}'" + (f"; {ask_if_meant(name, near)}" if near else "")


def _key_names() -> set[str]:
    """Return every name by which a key can be explained: its path and each suffix of it."""
    parts = (key.path.split(".") for key in all_keys())
    return {".".join(part[start:]) for part in parts for start in range(len(part))}
