"""Pages: docs/diagnostics.md and docs/language.md, generated from the declarations and the models.

`python -m kantoor.compiler.pages docs` writes them; a test fails when they are stale.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from ..context import VARIABLES
from .diagnostics import Code, all_codes
from .examples import small_office
from .explain import output_of, where, written
from .language.kinds import KINDS
from .reference import Block, blocks

INTRODUCTION = Path(__file__).with_name("language.md")

FAMILIES = {
    "K1": "Reading: YAML, files, keys and values",
    "K2": "References and ids",
    "K3": "Flow: phases, documents, offers, deliveries",
    "K4": "Chasing",
    "K5": "Dates and deadlines",
    "K6": "Conditions and texts",
}


def pages() -> dict[str, str]:
    """Return the generated pages, by file name."""
    return {"diagnostics.md": diagnostics_page(), "language.md": language_page()}


def diagnostics_page() -> str:
    """Return the page of all codes."""
    return "\n".join(_diagnostics()) + "\n"


def _diagnostics() -> Iterator[str]:
    yield "# Diagnostics\n"
    yield "Generated from the declarations in `platform/compiler`; `kantoor explain CODE` prints the same.\n"
    yield "Each code has a wrong example, with what `kantoor check` says of it, and a right one. An example"
    yield "is a piece of a definition of the small office at the end of this page: it replaces the keys that"
    yield "it has, and in lists the items with the same id.\n"
    codes = all_codes()
    for family, title in FAMILIES.items():
        yield f"- **{title}**"
        yield from (f"  - [{name} {code.title}](#{_anchor(code)})" for name, code in _of(codes, family))
    for family, title in FAMILIES.items():
        yield f"\n## {title}"
        for _, code in _of(codes, family):
            yield from _code(code)
    yield "\n## The small office"
    for path, text in small_office().items():
        yield f"\n`{path}`\n\n```yaml\n{text}```"


def _of(codes: dict[str, Code], family: str) -> Iterator[tuple[str, Code]]:
    return ((name, code) for name, code in codes.items() if name.startswith(family))


def _anchor(code: Code) -> str:
    words = f"{code.id} {code.title}".lower()
    return "".join(sign for sign in words.replace(" ", "-") if sign.isalnum() or sign == "-")


def _code(code: Code) -> Iterator[str]:
    yield f"\n### {code.id} {code.title}\n"
    if code.level == "warning":
        yield "A warning: it does not stop a compilation.\n"
    yield f"{code.explanation}\n"
    yield f"Wrong, in `{where(code.wrong)}`:\n"
    yield f"```yaml\n{written(code.wrong).rstrip()}\n```\n"
    yield f"```text\n{output_of(code.wrong).rstrip()}\n```\n"
    yield f"Right, in `{where(code.right)}`:\n"
    yield f"```yaml\n{written(code.right).rstrip()}\n```"


def language_page() -> str:
    """Return the short reference of the language."""
    return "\n".join(_language()) + "\n"


def _language() -> Iterator[str]:
    yield INTRODUCTION.read_text("utf-8").rstrip()
    names = {kind.model.__name__: kind for kind in KINDS}
    for name, block in blocks().items():
        kind = names.get(name)
        if kind:
            place = f"{kind.folder}/<id>.yaml" if kind.folder else "office.yaml"
            yield f"\n## {name}: `{place}`\n"
        else:
            yield f"\n### {name}\n"
        yield from _block(block)
    yield "\n## Variables\n"
    yield "Conditions and texts may name these; those marked * texts only. The office's own relation fields"
    yield "come under `relation`.\n"
    yield "| variable | type | meaning |\n|---|---|---|"
    for group, variables in VARIABLES.items():
        for name, variable in variables.items():
            mark = "" if variable.in_conditions else " *"
            values = f": {', '.join(variable.values)}" if variable.values else ""
            yield f"| `{group}.{name}`{mark} | {variable.type} | {variable.meaning}{values} |"


def _block(block: Block) -> Iterator[str]:
    yield f"{_cell(block.meaning)}\n"
    yield "| key | takes | meaning |\n|---|---|---|"
    for key in block.keys:
        name = f"**`{key.name}`**" if key.required else f"`{key.name}`"
        default = f" Default: {key.default}." if key.default else ""
        yield f"| {name} | {key.takes} | {_cell(key.meaning)}{default} |"
    if block.later:
        later = ", ".join(f"`{name}`" for name, _ in block.later)
        yield f"\nNot in this version: {later}."


def _cell(words: str) -> str:
    """Return text on one line, as a table needs it."""
    return " ".join(words.split())


def write_pages(folder: Path) -> None:
    """Write the pages into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
