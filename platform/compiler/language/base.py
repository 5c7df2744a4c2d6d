"""The base of every model of the language: strict validation, source positions, and small types.

`Shaping` is pydantic's validation context. It maps each mapping of the file to its model and node, so that
errors and checks can report positions; the nodes are found when somebody asks for one. In the lenient pass,
after the errors have been reported, values that only a type's own rule rejects are accepted: one error must
not hide the others.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ...emails import valid_email
from ..nodes import Grouped, Node
from ..spans import LaterSpan, Span
from .meanings import find_meanings

T = TypeVar("T")

NOWHERE = Node(Span("", 1, 1, 1, 2), None)


@dataclass
class Shaping:
    """The node, model and damaged keys of each mapping of a file, by the identity of its plain data."""

    path: str = ""
    """The file, below the definitions folder."""
    find_nodes: Callable[[], dict[int, Node]] = field(default=dict)
    """Return the node of each mapping. It is read with its positions for that: a correct file never is."""
    models: dict[int, type["Definition"]] = field(default_factory=dict)
    damaged: dict[int, set[str]] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)
    """Removed data, kept alive so that its identity is not reused."""
    lenient: bool = False

    @cached_property
    def nodes(self) -> dict[int, Node]:
        """The node of each mapping."""
        return self.find_nodes()

    def keep_nodes(self) -> None:
        """Find the nodes now: the data will be changed."""
        self.nodes  # noqa: B018


class Origin(NamedTuple):
    """What a model was read from: the mapping as plain data, and the shaping of its file."""

    data: Any
    shaping: Shaping


class Definition(BaseModel):
    """A mapping of the language: frozen, strict, without unknown keys, with its source position."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)
    # A model is built when it validates: those that are parts of another never do by themselves.

    LATER_VALUES: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Reserved values of a key."""

    NOT_HERE: ClassVar[Mapping[str, str]] = {}
    """Keys of another kind of mapping, or of another language, with what to do about one in this kind."""

    origin: ClassVar[Origin] = Origin(None, Shaping())
    """What it was read from; each model of a file has its own."""

    @model_validator(mode="wrap")
    @classmethod
    def _remember(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        shaping = info.context
        if not isinstance(shaping, Shaping):
            return handler(data)
        shaping.models[id(data)] = cls
        definition = handler(data)
        vars(definition)["origin"] = Origin(data, shaping)
        return definition

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        """Return the JSON Schema of a model, with the meaning of each key."""
        rendered = handler(schema)
        properties = handler.resolve_ref_schema(rendered)["properties"]
        for name, meaning in find_meanings(cls).items():
            if name in cls.model_fields:
                properties[cls.model_fields[name].alias or name]["description"] = meaning
        return rendered

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the keys it accepts, as they are spelled in a file."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def required_keys(cls) -> set[str]:
        """Return the keys it requires, as they are spelled in a file."""
        return {field.alias or name for name, field in cls.model_fields.items() if field.is_required()}

    @property
    def node(self) -> Node:
        """Return the node it was read from."""
        data, shaping = self.origin
        return shaping.nodes.get(id(data), NOWHERE)

    @property
    def path(self) -> str:
        """Return the file that it was read from, below the definitions folder."""
        return self.origin.shaping.path

    def place(self, *path: str | int) -> Span:
        """Return the span of the value at a path of keys and indexes, or of its nearest ancestor."""
        return LaterSpan(lambda: self.node.place(*path))

    def key_place(self, key: str) -> Span:
        """Return the span of a key, or of the mapping when the key is missing."""
        return LaterSpan(lambda: self.node.keys.get(key) or self.node.start)

    def intact(self, *keys: str) -> bool:
        """Say whether none of these keys had a validation error, so that their values can be trusted."""
        data, shaping = self.origin
        return not shaping.damaged or shaping.damaged.get(id(data), set()).isdisjoint(keys)

    @property
    def sound(self) -> bool:
        """Say whether no key had a validation error, so that an absent key was left out on purpose."""
        data, shaping = self.origin
        return not shaping.damaged.get(id(data))

    @property
    def file_is_sound(self) -> bool:
        """Say whether nothing in the file had a validation error."""
        return not self.origin.shaping.damaged

    def has_key(self, key: str) -> bool:
        """Say whether the file has the key."""
        return key in self.written_keys

    @property
    def written_keys(self) -> Collection[str]:
        """The keys that the file has, as they are spelled there."""
        data, shaping = self.origin
        keys: Collection[str] = self.node.keys if shaping.damaged else data or ()
        return keys


@dataclass(frozen=True)
class Must:
    """A rule of a small type: a test, what it expects in words, and its form in the schema."""

    test: Callable[[Any], bool]
    expected: str
    schema: tuple[tuple[str, Any], ...]
    kind: Literal["must", "id"] = "must"

    def _hold(self, value: Any, info: ValidationInfo) -> Any:
        if self.test(value) or (isinstance(info.context, Shaping) and info.context.lenient):
            return value
        raise PydanticCustomError(self.kind, self.expected)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._hold, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        return {**handler(schema), **dict(self.schema)}


class NotNull:
    """Rejects a key without a value: leave an optional key out instead."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._hold, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        rendered = handler(schema)
        kinds = [kind for kind in rendered.pop("anyOf") if kind != {"type": "null"}]
        return {**kinds[0], **rendered} if len(kinds) == 1 else {"anyOf": kinds, **rendered}

    @staticmethod
    def _hold(value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("nothing", "a value")
        return value


def _to_integer(value: Any) -> Any:
    if isinstance(value, Grouped):  # 1 to YAML, and a thousand to who wrote it
        message = f"'{value.written}' is {value:g} in YAML, where a point begins the decimals"
        raise PydanticCustomError("thousands", "{message}", {"message": message})
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 2.0 is an integer in JSON Schema, so it is one here
    return value


_ID = re.compile("[a-z][a-z0-9]*(?:_[a-z0-9]+)*")

ID_PATTERN = f"^{_ID.pattern}$"
LINE_PATTERN = r"^[^\r\n]*\S[^\r\n]*$"
EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+$"


def is_id(text: str) -> bool:
    """Say whether a text is an id inside a file."""
    return _ID.fullmatch(text) is not None


def _parse_day(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise PydanticCustomError("day", "a date such as 2026-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day", "a valid date") from None


def _parse_day_of_month(written: Any) -> Any:
    value = _to_integer(written)
    if value == "last" or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 31):
        return value
    raise PydanticCustomError("day_of_month", "a day of the month from 1 to 31, or last")


def in_range(least: int, most: int) -> Must:
    """Return the rule that a number is at least `least` and at most `most`."""
    bounds = (("minimum", least), ("maximum", most))
    return Must(lambda n: least <= n <= most, f"a number from {least} to {most}", bounds)


def match_pattern(pattern: str, expected: str) -> Must:
    """Return the rule that a text as a whole matches a pattern; `expected` says so in words."""
    match = re.compile(pattern).fullmatch
    return Must(lambda text: match(text) is not None, expected, (("pattern", f"^{pattern}$"),))


Maybe = Annotated[T | None, NotNull()]
"""A key that may be left out."""

Yes = Annotated[bool, Must(lambda value: value is True, "true", (("const", True),))]
"""A key that can only be true; the number 1, which Python takes for true, is not."""

No = Annotated[bool, Must(lambda value: value is False, "false", (("const", False),))]
"""A key that can only be false."""

Words = Annotated[str, Must(lambda text: text.strip() != "", "a non-empty string", (("pattern", r"\S"),))]
"""A text that people read."""

Line = Annotated[
    str,
    Must(
        lambda text: text.strip() != "" and "\n" not in text and "\r" not in text,
        "a single non-empty line",
        (("pattern", LINE_PATTERN),),
    ),
]
"""A text of one line: a title or a subject."""

Email = Annotated[
    str,
    Must(
        valid_email,
        "an e-mail address such as post@kantoor.example",
        (("pattern", EMAIL_PATTERN),),
    ),
]

NAME = Must(lambda text: text.strip() != "", "a non-empty name", (("pattern", r"\S"),))
Ref = Annotated[str, NAME]
"""The id of another definition or part; a check resolves it."""

ID = Must(
    is_id,
    "lower-case letters, digits and single underscores, starting with a letter",
    (("pattern", ID_PATTERN),),
    "id",
)
Id = Annotated[str, ID]
"""An id inside a file: snake_case."""

Condition = Words
"""A condition: a Jinja2 expression of names, literals, comparisons, and, or, not, in and |abs."""

Whole = Annotated[int, BeforeValidator(_to_integer)]
Count = Annotated[Whole, in_range(0, 1000)]
Positive = Annotated[Whole, in_range(1, 1000)]
Day = Annotated[
    date,
    BeforeValidator(_parse_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}),
]
DayOfMonth = Annotated[
    int | Literal["last"],
    BeforeValidator(_parse_day_of_month),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 31}, {"const": "last"}]}),
]

Some = Annotated[list[T], Must(lambda items: len(items) > 0, "at least one item", (("minItems", 1),))]
"""A list of at least one item."""
