"""Whom something is for."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from ..suggest import nearest
from .base import Definition, Ref


class FunctionTo(Definition):
    """The contacts of the relation who have a function."""

    function: Ref
    """A function of office.yaml, such as directeur."""
    decide: Literal["one", "all", "each"] = "one"
    """Where several match: one decides for all, all must, or each for a document of their own."""


class RoleTo(Definition):
    """The team member who has a role for the relation."""

    role: Ref
    """A role of the office."""


def _kind(value: Any) -> str:
    """Return which of the three is meant, a misspelt key included."""
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
    Discriminator(_kind),
]
"""The primary contact, contacts with a function, or the holder of a role."""

Recipients = Annotated[
    Annotated[PrimaryContact, Tag("~contact")] | Annotated[FunctionTo, Tag("~function")],
    Discriminator(lambda value: "~contact" if isinstance(value, str) else "~function"),
]
"""The primary contact, or contacts with a function."""
