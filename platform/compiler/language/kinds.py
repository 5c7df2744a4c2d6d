"""The kinds of definitions and the folders of their files."""

from functools import lru_cache
from typing import NamedTuple

from .base import Definition
from .forms import Form
from .law import Law
from .office import Message, Office, Product, Role
from .policy import Policy
from .review import Review
from .scenario import Scenario
from .workflow import Workflow


class Kind(NamedTuple):
    """A kind of definition: its name, its folder ('' for office.yaml at the top) and its model."""

    name: str
    folder: str
    model: type[Definition]


KINDS = (
    Kind("office", "", Office),
    Kind("role", "roles", Role),
    Kind("product", "products", Product),
    Kind("message", "messages", Message),
    Kind("form", "forms", Form),
    Kind("law", "law", Law),
    Kind("workflow", "workflows", Workflow),
    Kind("review", "review", Review),
    Kind("policy", "policies", Policy),
    Kind("scenario", "scenarios", Scenario),
)

OFFICE_FILE = "office.yaml"
SCENARIOS = "scenarios"
"""The only folder with folders of its own, one a template."""


@lru_cache(maxsize=1024)
def find_kind(folder: str) -> Kind | None:
    """Return the kind whose files belong in a folder, or None; scenarios lie in a folder per template."""
    top, _, template = folder.partition("/")
    if top == SCENARIOS:
        folder = top if template and "/" not in template else ""
    return next((kind for kind in KINDS if kind.folder == folder), None)
