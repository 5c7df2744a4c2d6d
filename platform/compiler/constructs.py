"""The constructs of the language, as `kantoor explain` tells of them: what each is for, with an example."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from .examples import WORKFLOW, Example

FILE = Path(__file__).with_name("constructs.yaml")


class Construct(NamedTuple):
    """A construct: its name, a line of what it is, how it works, an example, and what to read beside it.

    `block` is the block of the reference whose keys it takes; `also` are other words for it.
    """

    name: str
    title: str
    text: str
    example: Example
    block: str | None
    also: tuple[str, ...]
    see: tuple[str, ...]


@lru_cache(maxsize=1)
def list_constructs() -> tuple[Construct, ...]:
    """Return the constructs, in the order in which somebody who begins meets them."""
    return tuple(map(_make, YAML(typ="safe").load(FILE.read_text("utf-8"))))


def _make(written: dict[str, Any]) -> Construct:
    example = Example(
        written["example"],
        written.get("file", WORKFLOW),
        "whole" if written.get("whole") else "piece",
        tuple(written.get("others", {}).items()),
    )
    also, see = (tuple(written.get(key, ())) for key in ("also", "see"))
    return Construct(
        written["name"], written["title"], written["text"], example, written.get("block"), also, see
    )


def find_construct(name: str) -> Construct | None:
    """Return the construct of a name, or of another word for it."""
    wanted = name.casefold().replace("-", "_").replace(" ", "_")
    by_name = {construct.name: construct for construct in list_constructs()}
    return by_name.get(wanted) or next((one for one in list_constructs() if wanted in one.also), None)
