"""What every model of the language shares: strictness, the place it came from, and its small types.

`Shaping` travels along as pydantic's validation context. It remembers which model and which node belong to a
mapping of the file, so that an error and, later, a check can name the place. In the lenient pass, after the
mistakes were reported, what a type's own rule refuses is let through: one mistake must not hide the others.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..diagnostics import Span
from ..nodes import Node

T = TypeVar("T")

NOWHERE = Node(Span("", 1, 1, 1, 2), None)


@dataclass
class Shaping:
    """What is known of each mapping of a file while it is validated, by the identity of the plain data."""

    nodes: dict[int, Node] = field(default_factory=dict)
    models: dict[int, type["Definition"]] = field(default_factory=dict)
    damaged: dict[int, set[str]] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)
    """Data that was taken out: kept, so that no identity is used again."""
    lenient: bool = False


class Definition(BaseModel):
    """A mapping of the language: frozen, strict, without unknown keys; it knows where it stands."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    LATER: ClassVar[dict[str, str]] = {}
    """Keys that the language will have, with what brings them."""
    LATER_VALUES: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Values that a key will have."""

    ALONE: ClassVar[frozenset[str]] = frozenset()
    """Keys of LATER beside which the required keys do not stand."""

    _node: Node = PrivateAttr(default_factory=lambda: NOWHERE)
    _damaged: frozenset[str] = PrivateAttr(default_factory=frozenset)

    @model_validator(mode="wrap")
    @classmethod
    def _remember(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        shaping = info.context
        if not isinstance(shaping, Shaping):
            return handler(data)
        shaping.models[id(data)] = cls
        made = handler(data)
        made._node = shaping.nodes.get(id(data), NOWHERE)
        made._damaged = frozenset(shaping.damaged.get(id(data), ()))
        return made

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the keys it takes, as they are written."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def needs(cls) -> set[str]:
        """Return the keys that cannot be left out, as they are written."""
        return {field.alias or name for name, field in cls.model_fields.items() if field.is_required()}

    @property
    def node(self) -> Node:
        """Return the node it was made of."""
        return self._node

    def place(self, *path: str | int) -> Span:
        """Return the place of a value below it (by keys and indexes), or of what is nearest to it."""
        return self._node.place(*path)

    def key_place(self, key: str) -> Span:
        """Return the place of a key itself, or of the mapping where the key is missing."""
        return self._node.keys.get(key, self._node.start)

    def intact(self, *keys: str) -> bool:
        """Say whether none of these keys had a mistake of its own: then their values mean what they say."""
        return self._damaged.isdisjoint(keys)

    @property
    def sound(self) -> bool:
        """Say whether no key of it had a mistake: then a key that is not there was meant to be away."""
        return not self._damaged

    def wrote(self, key: str) -> bool:
        """Say whether the key stands in the file."""
        return key in self._node.keys


@dataclass(frozen=True)
class Must:
    """A rule of a small type: a test, the sentence when it fails, and what the schema says of it."""

    test: Callable[[Any], bool]
    sentence: str
    schema: tuple[tuple[str, Any], ...]
    kind: Literal["must", "id"] = "must"

    def _hold(self, value: Any, info: ValidationInfo) -> Any:
        lenient = isinstance(info.context, Shaping) and info.context.lenient
        if lenient or self.test(value):
            return value
        raise PydanticCustomError(self.kind, self.sentence)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._hold, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        return {**handler(schema), **dict(self.schema)}


class NotNull:
    """Refuses a key without a value: an optional key is left out, not left empty."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._hold, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        made = handler(schema)
        kinds = [kind for kind in made.pop("anyOf") if kind != {"type": "null"}]
        return {**kinds[0], **made} if len(kinds) == 1 else {"anyOf": kinds, **made}

    @staticmethod
    def _hold(value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("nothing", "there is no value here")
        return value


def _whole_number(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)  # JSON Schema counts 2.0 as a whole number; so do we
    return value


_ID = re.compile("[a-z][a-z0-9]*(?:_[a-z0-9]+)*")

ID_PATTERN = f"^{_ID.pattern}$"
LINE_PATTERN = r"^[^\r\n]*\S[^\r\n]*$"
EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+$"


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise PydanticCustomError("must", "a day is written as 2026-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("must", "there is no such day in the calendar") from None


def _day_of_month(given: Any) -> Any:
    value = _whole_number(given)
    if value == "last" or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 31):
        return value
    raise PydanticCustomError("must", "the day of a month is 1 to 31, or last")


def whole(least: int, most: int) -> Must:
    """Return the rule that a number lies between two others, themselves included."""
    bounds = (("minimum", least), ("maximum", most))
    return Must(lambda n: least <= n <= most, f"this number is {least} to {most}", bounds)


def shaped(pattern: str, sentence: str) -> Must:
    """Return the rule that a text as a whole has a form."""
    return Must(
        lambda text: re.fullmatch(pattern, text) is not None, sentence, (("pattern", f"^{pattern}$"),)
    )


Maybe = Annotated[T | None, NotNull()]
"""A key that may be left out."""

Words = Annotated[str, Must(lambda text: text.strip() != "", "a text is not empty", (("pattern", r"\S"),))]
"""A text that people read."""

Line = Annotated[
    str,
    Must(
        lambda text: text.strip() != "" and not re.search("[\r\n]", text),
        "this text is one line, and not empty",
        (("pattern", LINE_PATTERN),),
    ),
]
"""A text of one line: a title or a subject."""

Email = Annotated[
    str,
    Must(
        lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+", text) is not None,
        "an e-mail address is written as post@kantoor.example",
        (("pattern", EMAIL_PATTERN),),
    ),
]

Ref = Annotated[str, Must(lambda text: text.strip() != "", "a name is not empty", (("pattern", r"\S"),))]
"""The id of something else; whether it is there, a check says."""

Id = Annotated[
    str,
    Must(
        _is_id,
        "an id has small letters, digits and single underscores, and begins with a letter",
        (("pattern", ID_PATTERN),),
        "id",
    ),
]
"""An id inside a file: snake_case."""

Condition = Words
"""A condition: a Jinja2 expression of names, literals, comparisons, and, or, not, in and |abs."""

Whole = Annotated[int, BeforeValidator(_whole_number)]
Count = Annotated[Whole, whole(0, 1000)]
Positive = Annotated[Whole, whole(1, 1000)]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}),
]
DayOfMonth = Annotated[
    int | Literal["last"],
    BeforeValidator(_day_of_month),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 31}, {"const": "last"}]}),
]

Some = Annotated[list[T], Must(lambda items: len(items) > 0, "this list is not empty", (("minItems", 1),))]
"""A list of at least one."""
