"""What an assistant can read: the whole language as one text, and the templates that kantoor ships."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..compiler import Compilation, compile_definitions
from ..compiler.pages import language_page
from ..plan import Plan

SHIPPED = Path(__file__).parents[1] / "definitions"

LANGUAGE = "kantoor://language"
TEMPLATES = "kantoor://templates"


class Example(NamedTuple):
    """A shipped template, to learn from or to begin with."""

    uri: str
    title: str
    template: str


@lru_cache(maxsize=1)
def read_language() -> str:
    """Return the whole language: its rules, constructs with examples, keys, variables, and a small office."""
    return language_page()


def list_examples() -> tuple[Example, ...]:
    """Return the shipped templates. Nothing is compiled for it: an assistant that starts waits for this."""
    files = sorted((SHIPPED / "workflows").glob("*.yaml"))
    return tuple(Example(f"{TEMPLATES}/{file.stem}", _read_title(file), file.stem) for file in files)


def _read_title(file: Path) -> str:
    found = re.search(r"^title: *(.+)$", file.read_text("utf-8"), re.MULTILINE)
    return found[1].strip("\"'") if found else file.stem


@lru_cache(maxsize=1)
def _compile_shipped() -> Compilation:
    return compile_definitions(SHIPPED)


def read_example(template: str) -> str:
    """Return a shipped template with every message, form and product that it uses, each under its path."""
    found = _compile_shipped()
    files = [f"workflows/{template}.yaml", *_list_files(found.plans[template])]
    texts = ((file, (SHIPPED / file).read_text("utf-8")) for file in files)
    return "\n".join(f"# --- {file}\n{text}" for file, text in texts)


def _list_files(plan: Plan) -> list[str]:
    named = (
        ("products", plan.products),
        ("messages", plan.messages),
        ("forms", plan.forms),
        ("roles", plan.roles),
    )
    return [f"{folder}/{getattr(one, 'id', one)}.yaml" for folder, found in named for one in found]
