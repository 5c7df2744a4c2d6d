"""Forms: what is asked of a client, as a form that is answered at once or as a list of items."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from .base import Condition, Definition, Id, Line, Maybe, No, Some, Whole, Words, Yes, in_range

Bound = Annotated[Whole, in_range(-(10**12), 10**12)]
Length = Annotated[Whole, in_range(0, 10_000)]


class FormOption(Definition):
    """One of the values of a choice, with its label."""

    const: Line
    """The value."""
    title: Line
    """Its label."""


class FormOptions(Definition):
    """What can be chosen, of which several may be: `enum`, or `oneOf` where the values have labels."""

    type: Maybe[Literal["string"]] = None
    """The values are strings."""
    enum: list[Line] = []
    """The values."""
    oneOf: list[FormOption] = []  # noqa: N815  the word of JSON Schema
    """The values with their labels."""


class FormProperty(Definition):
    """A field of a form: the part of JSON Schema that a page can show as one question.

    A string is a line of text, a choice (`enum`, or `oneOf` with labels) or a date (`format: date`); an
    integer is a whole number, a boolean is yes or no, an array is a choice of several (`uniqueItems: true`).
    A number is an amount of euros and cents, and says so with `x-kind: money`.
    """

    NOT_HERE: ClassVar[Mapping[str, str]] = {
        "required": "name the field in 'required' of the schema, above 'properties'"
    }

    type: Literal["string", "integer", "number", "boolean", "array"]
    """The type of the answer."""
    title: Line
    """The question."""
    description: Maybe[Words] = None
    """What helps to answer it."""
    enum: list[Line] = []
    """The values of a choice."""
    oneOf: list[FormOption] = []  # noqa: N815
    """The values of a choice with their labels."""
    format: Maybe[Literal["date"]] = None
    """A day, such as 2026-01-31."""
    minLength: Maybe[Length] = None  # noqa: N815
    """The least number of characters."""
    maxLength: Maybe[Length] = None  # noqa: N815
    """The greatest number of characters; never more than 10,000, with a pattern 1,000."""
    pattern: Maybe[Words] = None
    """What a text looks like: letters, classes, groups, `|` and counts, matched in linear time."""
    minimum: Maybe[Bound] = None
    """The least number, or the least amount in euros."""
    maximum: Maybe[Bound] = None
    """The greatest number, or the greatest amount in euros."""
    items: Maybe[FormOptions] = None
    """What can be chosen, where several may be."""
    minItems: Maybe[Length] = None  # noqa: N815
    """How many are to be chosen at least."""
    maxItems: Maybe[Length] = None  # noqa: N815
    """How many may be chosen at most."""
    uniqueItems: Maybe[Yes] = None  # noqa: N815
    """Nothing is chosen twice."""
    kind: Maybe[Literal["money"]] = Field(default=None, alias="x-kind")
    """That a number is an amount in euros with at most two decimals."""


class FormSchema(Definition):
    """The answers to a form: JSON Schema 2020-12, as far as a page can show it."""

    type: Literal["object"]
    """The answers are an object."""
    required: list[Line] = []
    """The fields that must be answered."""
    properties: dict[Id, FormProperty] = Field(json_schema_extra={"additionalProperties": False})
    """The fields, in order, by id; conditions refer to an answer as `answers.<id>`."""
    additionalProperties: Maybe[No] = None  # noqa: N815
    """Nothing else is answered; that holds also when this is left out."""


class FormItem(Definition):
    """An item of a list: something that the client sends in as one or more documents."""

    id: Id
    """Its id in this file."""
    title: Line
    """Its label."""
    required: bool = False
    """Whether the request is not complete without it."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When it is asked; always when left out."""
    help: Maybe[Words] = None
    """Where it is found, or what it is for."""


class Form(Definition):
    """What is asked of a client with a `request`. Its file name is its id. Either `schema` or `items`."""

    title: Line
    """Its label."""
    intro: Maybe[Words] = None
    """What the client reads before it."""
    fields: Maybe[FormSchema] = Field(default=None, alias="schema")
    """A form: the answers to its questions, given at once."""
    items: Maybe[Some[FormItem]] = None
    """A list of documents, sent in one by one."""
