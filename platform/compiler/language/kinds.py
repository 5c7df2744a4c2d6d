"""The kinds of definitions and the folders of their files."""

from typing import NamedTuple

from .base import Definition
from .forms import Form
from .law import Law
from .office import Message, Office, Product, Role
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
)

OFFICE_FILE = "office.yaml"

LATER_FOLDERS = ("policies", "scenarios")
"""Reserved folders; a file in one gets its own diagnostic."""


def find_kind(folder: str) -> Kind | None:
    """Return the kind whose files belong in a folder, or None."""
    return next((kind for kind in KINDS if kind.folder == folder), None)
