"""Descriptions of keys, codes, variables and names, as Markdown that an editor shows.

`kantoor explain` says the same for the terminal; what it learns to explain has its place here too.
"""

from ..compiler.diagnostics import Code
from ..compiler.explain import locate_example, render_example
from ..compiler.reference import Key, blocks
from .names import Definition
from .variables import Shown

KINDS = {
    "answer": "field of a form",
    "item": "item of a list",
    "field": "relation field",
    "law": "statutory table",
}
"""The kinds of names that are not called by their own word."""


def describe_key(key: Key) -> str:
    """Return what a key means and takes, and the keys of the block that it may hold."""
    parts = [f"**{key.name}**: {key.meaning}", f"Takes: {key.takes}."]
    if key.required:
        parts.append("Required.")
    elif key.default:
        parts.append(f"Default: `{key.default}`.")
    for name in key.blocks:
        lines = "\n".join(f"- `{inner.name}`: {inner.meaning}" for inner in blocks()[name].keys)
        parts.append(f"**{name}**: {blocks()[name].meaning}\n\n{lines}")
    return "\n\n".join(parts)


def describe_code(code: Code) -> str:
    """Return what a diagnostic's code means, with a wrong and a right example."""
    parts = [f"**{code.id}**: {code.title} ({code.level})", code.explanation]
    for word, example in (("Wrong", code.wrong), ("Right", code.right)):
        text = render_example(example).rstrip()
        parts.append(f"{word}, in `{locate_example(example)}`:\n\n```yaml\n{text}\n```")
    return "\n\n".join(parts)


def describe_variable(variable: Shown) -> str:
    """Return the type of a variable, its meaning, and its values where they are few."""
    values = f"\n\nValues: {', '.join(f'`{value}`' for value in variable.values)}." if variable.values else ""
    return f"**{variable.path}** ({variable.type}): {variable.meaning}{values}"


def describe_name(definition: Definition) -> str:
    """Return what an id names: its kind, its title, and the file that defines it."""
    symbol = definition.symbol
    title = f": {definition.title}" if definition.title else ""
    about = f" ({definition.about})" if definition.about else ""
    return f"{name_kind(symbol.kind)} **{symbol.id}**{about}{title}\n\n`{definition.span.path}`"


def name_kind(kind: str) -> str:
    """Return the word for a kind of name."""
    return KINDS.get(kind, kind)
