"""Recipients: contacts and team members."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from ...suggest import nearest
from .base import Definition, Ref


class FunctionTo(Definition):
    """The contacts of the relation that have a function."""

    function: Ref
    """A function of office.yaml, such as directeur."""
    decide: Literal["one", "all", "each"] = "one"
    """Who decides when several match: one for all, all of them, or each for their own documents."""


class RoleTo(Definition):
    """The team member who holds a role for the relation."""

    role: Ref
    """A role of the office."""


def _select_kind(value: Any) -> str:
    """Return which of the three kinds is meant, even with a misspelled key."""
    if isinstance(value, str):
        return "~contact"
    if isinstance(value, RoleTo):
        return "~role"
    keys = (
        {nearest(str(key), FunctionTo.keys() + RoleTo.keys()) for key in value}
        if isinstance(value, dict)
        else ()
    )
    return "~role" if "role" in keys and "function" not in keys else "~function"


PrimaryContact = Literal["primary_contact"]

To = Annotated[
    Annotated[PrimaryContact, Tag("~contact")]
    | Annotated[FunctionTo, Tag("~function")]
    | Annotated[RoleTo, Tag("~role")],
    Discriminator(_select_kind),
]
"""The primary contact, contacts with a function, or the holder of a role."""

Recipients = Annotated[
    Annotated[PrimaryContact, Tag("~contact")] | Annotated[FunctionTo, Tag("~function")],
    Discriminator(lambda value: "~contact" if isinstance(value, str) else "~function"),
]
"""The primary contact, or contacts with a function."""
