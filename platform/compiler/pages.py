"""Generate docs/diagnostics.md and docs/language.md from the codes and the models.

`python -m kantoor.compiler.pages docs` writes them; a test fails when they are outdated.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from ..context import VARIABLES
from .constructs import Construct, list_constructs
from .diagnostics import Code, all_codes
from .examples import small_office
from .explain import locate_example, output_of, render_example
from .language.kinds import KINDS, SCENARIOS
from .reference import Block, blocks

WIDTH = 110
INTRODUCTION = Path(__file__).with_name("language.md")

FAMILIES = {
    "K1": "YAML, files, keys and values",
    "K2": "References and ids",
    "K3": "Phases, documents, offers and deliveries",
    "K4": "Chasing",
    "K5": "Dates and deadlines",
    "K6": "Conditions and texts",
    "K7": "Forms and requests",
    "K8": "Scenarios",
}


def pages() -> dict[str, str]:
    """Return the generated pages, by file name."""
    return {"diagnostics.md": diagnostics_page(), "language.md": language_page()}


def diagnostics_page() -> str:
    """Return the page of all codes."""
    return "\n".join(_render_diagnostics()) + "\n"


def _render_diagnostics() -> Iterator[str]:
    yield "# Diagnostics\n"
    yield "Generated from the declarations in `platform/compiler`; `kantoor explain CODE` prints the same.\n"
    yield "Each code has a wrong example, with the output of `kantoor check`, and a right one. An example is"
    yield "a fragment of a definition of the small office at the end of this page: it replaces the keys that"
    yield "it has, and in lists the items with the same id.\n"
    codes = all_codes()
    for family, title in FAMILIES.items():
        yield f"- **{title}**"
        yield from (f"  - [{name} {code.title}](#{anchor_of(code)})" for name, code in _select(codes, family))
    for family, title in FAMILIES.items():
        yield f"\n## {title}"
        for _, code in _select(codes, family):
            yield from _render_code(code)
    yield "\n## The small office"
    for path, text in small_office().items():
        yield f"\n`{path}`\n\n```yaml\n{text}```"


def _select(codes: dict[str, Code], family: str) -> Iterator[tuple[str, Code]]:
    return ((name, code) for name, code in codes.items() if name.startswith(family))


def anchor_of(code: Code) -> str:
    """Return the anchor of a code's section on the page."""
    words = f"{code.id} {code.title}".lower()
    return "".join(sign for sign in words.replace(" ", "-") if sign.isalnum() or sign in "-_")


def _render_code(code: Code) -> Iterator[str]:
    yield f"\n### {code.id} {code.title}\n"
    if code.level == "warning":
        yield "A warning: the template still compiles.\n"
    yield f"{code.explanation}\n"
    yield f"Wrong, in `{locate_example(code.wrong)}`:\n"
    yield f"```yaml\n{render_example(code.wrong).rstrip()}\n```\n"
    if code.by == "check":
        yield f"```text\n{output_of(code.wrong).rstrip()}\n```\n"
    else:
        yield f"Reported by `kantoor {code.by}`.\n"
    yield f"Right, in `{locate_example(code.right)}`:\n"
    yield f"```yaml\n{render_example(code.right).rstrip()}\n```"


def language_page() -> str:
    """Return the reference of the language."""
    return "\n".join(_render_language()) + "\n"


def _render_language() -> Iterator[str]:
    yield INTRODUCTION.read_text("utf-8").rstrip()
    yield "\n## Constructs\n"
    yield "What the language can say, each with an example: a fragment of a definition of the small office at"
    yield "the end of this page. It replaces the keys that it has, and in lists the items with the same id."
    for construct in list_constructs():
        yield from _render_construct(construct)
    names = {kind.model.__name__: kind for kind in KINDS}
    for name, block in blocks().items():
        kind = names.get(name)
        if kind:
            below = f"{kind.folder}/<template>" if kind.folder == SCENARIOS else kind.folder
            place = f"{below}/<id>.yaml" if below else "office.yaml"
            yield f"\n## {name}: `{place}`\n"
        else:
            yield f"\n### {name}\n"
        yield from _render_block(block)
    yield "\n## Variables\n"
    yield "Conditions and texts may use these variables; those marked * are available in texts only. The"
    yield "office's own relation fields are under `relation`.\n"
    yield "| variable | type | meaning | example |\n|---|---|---|---|"
    for group, variables in VARIABLES.items():
        for name, variable in variables.items():
            mark = "" if variable.in_conditions else " *"
            values = f": {', '.join(variable.values)}" if variable.values else ""
            meaning = f"{variable.meaning}{values}"
            yield f"| `{group}.{name}`{mark} | {variable.type} | {meaning} | {variable.example} |"
    yield "\n## The small office"
    for path, text in small_office().items():
        yield f"\n`{path}`\n\n```yaml\n{text}```"


def _render_construct(construct: Construct) -> Iterator[str]:
    yield f"\n### {construct.name}: {construct.title}\n"
    yield fill(construct.text, WIDTH)
    yield f"\nIn `{locate_example(construct.example)}`:\n"
    yield f"```yaml\n{render_example(construct.example).rstrip()}\n```"


def _render_block(block: Block) -> Iterator[str]:
    yield f"{_join_lines(block.meaning)}\n"
    yield "| key | takes | meaning |\n|---|---|---|"
    for key in block.keys:
        name = f"**`{key.name}`**" if key.required else f"`{key.name}`"
        default = f" Default: {key.default}." if key.default else ""
        yield f"| {name} | {key.takes} | {_join_lines(key.meaning)}{default} |"


def _join_lines(text: str) -> str:
    """Return text on one line, as a table needs it."""
    return " ".join(text.split())


def write_pages(folder: Path) -> None:
    """Write the pages to a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
