"""Look at kantoor with one more field on every struct: `python -m tests.growing`.

A process of its own, since structs are made when their modules are read. It prints the digests of the shipped
plans and of every step of every recorded history and of format 1, as JSON.
"""

import asyncio
import json
import sys
from typing import Any

from kantoor import data


def grow() -> None:
    """Give every struct that is made from now on a field that nobody uses."""
    make = data._Keywords.__new__

    def make_with_one_more(
        kind: Any, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> Any:
        annotations = {**namespace.get("__annotations__", {}), "not_used_yet": str | None}
        return make(
            kind, name, bases, namespace | {"__annotations__": annotations, "not_used_yet": None}, **options
        )

    data._Keywords.__new__ = make_with_one_more  # type: ignore[assignment,method-assign]


def look() -> dict[str, Any]:
    """Return what test_data compares with the same without the field."""
    from kantoor.filing.digests import state_digest
    from kantoor.plan import digest

    from .filing.test_format_1 import STORIES, plan_of, taken
    from .runtime.test_replay import FILES, replay
    from .shipped import compile_shipped
    from .test_data import MODULES, structs

    return {
        "grown": [one.__name__ for one in structs(*MODULES) if "not_used_yet" in one.__struct_fields__],
        "plans": {name: digest(plan) for name, plan in compile_shipped().plans.items()},
        "histories": {f"{file.parent.name}/{file.name}": asyncio.run(replay(file)) for file in FILES},
        "steps": {
            story: [state_digest(plan_of(story), outcome.state) for _, outcome in taken(story)]
            for story in STORIES
        },
    }


if __name__ == "__main__":
    grow()
    json.dump(look(), sys.stdout)
