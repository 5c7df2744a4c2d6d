"""What comes of closed filings by another plan, as text, as Markdown and as JSON."""

from collections.abc import Iterator
from textwrap import wrap

import msgspec

from ..data import write_schema
from ..review.faces.markdown import safe
from ..review.faces.text import plain
from .report import WhatIf
from .telling import say_total, tell

WIDTH = 100


def write_text(found: WhatIf) -> str:
    """Return a comparison as text."""
    return "".join(f"{line}\n" for line in _write(found))


def write_markdown(found: WhatIf, most: int | None = None) -> str:
    """Return a comparison as Markdown, in which no sign of a definition is markup.

    Of each template so many sentences at `most`; then it says how many there are more.
    """
    return "\n".join(_write_markdown(found, most)) + "\n"


def write_json(found: WhatIf) -> str:
    """Return a comparison as JSON, by the schema that `make_schema` returns."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def make_schema() -> str:
    """Return the JSON Schema of a comparison."""
    return write_schema(WhatIf, "What if")


def say_sides(found: WhatIf) -> str:
    """Say what was compared, and of which filings."""
    since = f", those since {found.since.isoformat()}" if found.since else ""
    return f"{found.base} → {found.head}, by filings that were closed on {found.on.isoformat()}{since}"


def _write(found: WhatIf) -> Iterator[str]:
    yield plain(say_sides(found))
    yield from _fill(say_total(found), "", capital=True)
    for sentence in found.not_looked_at:
        yield from _fill(sentence, "")
    for told in tell(found):
        yield ""
        yield plain(told.heading)
        for sentence in told.basis:
            yield from _fill(sentence, "  ")
        for sentence in told.sentences:
            yield from _fill(f"- {sentence}", "  ")
        for sentence in told.notes:
            yield from _fill(sentence, "  ")


def _write_markdown(found: WhatIf, most: int | None) -> Iterator[str]:
    total = say_total(found)
    yield f"**What if** ({safe(say_sides(found))}): {safe(total)}"
    if found.not_looked_at:
        yield ""
        yield from (f"- {safe(sentence)}" for sentence in found.not_looked_at)
    for told in tell(found):
        yield ""
        yield f"**{safe(told.heading)}**"
        yield ""
        sentences = (*told.basis, *told.sentences, *told.notes)
        yield from (f"- {safe(sentence)}" for sentence in sentences[:most])
        if most is not None and len(sentences) > most:
            yield f"- and {len(sentences) - most} sentences more, which `kantoor what-if` has"


def _fill(text: str, indent: str, *, capital: bool = False) -> list[str]:
    said = text[:1].upper() + text[1:] if capital else text
    words = plain(" ".join(said.split()))
    return wrap(words, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)


if __name__ == "__main__":
    import sys

    sys.stdout.write(make_schema())
