"""Policies (kantoorbeleid): rules that every template of the office keeps, whatever anybody does."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from .base import Count, Definition, Line, Maybe, Must, Positive, Ref, Some, Words

OneOrMore = Annotated[
    Annotated[Line, Tag("~one")] | Annotated[Some[Line], Tag("~several")],
    Discriminator(lambda value: "~several" if isinstance(value, list) else "~one"),
]
"""An observation, or several of which any will do."""
_TWO = Must(lambda items: len(items) == 2, "two days", (("minItems", 2), ("maxItems", 2)))
Observations = Maybe[OneOrMore]


class Within(Definition):
    """So long after something happened."""

    days: Maybe[Positive] = None
    """Days."""
    workdays: Maybe[Positive] = None
    """Working days of the office."""
    after: OneOrMore
    """What happened."""


class Exempt(Definition):
    """A template for which the policy is not held."""

    template: Ref
    """The template."""
    reason: Words
    """Why; whoever reads the policy reads it."""


class Policy(Definition):
    """A policy: a file of the folder policies, held by `kantoor policies` against all that can happen.

    It has exactly one of never, always, every, who, in_order and at_most, with what belongs to it.
    """

    title: Line
    """What it says."""
    why: Maybe[Words] = None
    """Where it comes from, for whoever reads it."""

    never: Observations = None
    """What never happens; with `unless`, or `within`."""
    always: Observations = None
    """What has always happened `before` something else."""
    every: Observations = None
    """What is always `followed_by` something else, though nobody does anything."""
    who: Observations = None
    """What nobody does who did what `differs_from` names."""
    in_order: Maybe[Annotated[list[Line], _TWO]] = None
    """Two days of which the first does not lie after the second."""
    at_most: Maybe[Count] = None
    """How often something happens (`of`) at most."""

    unless: Observations = None
    """What makes it all right: a state that holds, or what has happened; after `every`, what may come too."""
    within: Maybe[Within] = None
    """How soon after something else it never happens."""
    before: Observations = None
    """What `always` comes before."""
    since: Observations = None
    """What makes that it has to happen again."""
    followed_by: Observations = None
    """What comes after `every`."""
    differs_from: Observations = None
    """What somebody else did."""
    of: Observations = None
    """What happens `at_most` so often."""
    per: Literal["filing", "phase", "day"] = "filing"
    """Over what is counted how often: the filing, a round of a phase, or a day."""
    same: Maybe[Literal["phase", "document"]] = None
    """What both are about: the same phase or the same document."""

    templates: list[Ref] = []
    """The templates for which it is; all when left out."""
    exempt: list[Exempt] = Field(default=[], alias="except")
    """The templates for which it is not, each with the reason."""


FORMS: dict[str, tuple[str, ...]] = {
    "never": ("unless", "within"),
    "always": ("before", "since", "same"),
    "every": ("followed_by", "unless", "same"),
    "who": ("differs_from", "unless", "same"),
    "in_order": (),
    "at_most": ("of", "per"),
}
"""The keys of which a policy has exactly one, with those that belong to each."""
