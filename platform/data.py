"""Plain data: frozen structs, their canonical bytes, and the digest that names them.

What has its default value is left out of the bytes, so that a field that nobody uses yet changes no digest.
That holds while every default is one object (`None`, `()`, `False`, a small number, a literal's own text): a
test asks it of every struct. CONTRIBUTING says what the rule forbids.
"""

import hashlib
import json
from functools import lru_cache
from threading import Lock
from typing import Any, ClassVar, TypeVar, dataclass_transform

import msgspec
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Scalar = str | int | bool | None
"""A value of a relation, a product or a fact, as conditions and texts read it."""

S = TypeVar("S", bound="Struct")


class _Keywords(msgspec.StructMeta):
    """Makes structs that take keywords alone, so that fields can be added anywhere."""

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> "_Keywords":
        """Make the class."""
        made: _Keywords = super().__new__(mcls, name, bases, namespace, **({"kw_only": True} | options))
        return made


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Struct(
    msgspec.Struct, metaclass=_Keywords, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Frozen plain data that refuses unknown fields and can stand inside a pydantic model."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let a pydantic model hold a struct: checked by msgspec, written as its plain data."""

        def validate(value: Any) -> Any:
            if isinstance(value, cls):
                return value
            try:
                return convert(value, source)
            except msgspec.ValidationError as error:
                raise ValueError(str(error)) from None

        written = core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins)
        return core_schema.no_info_plain_validator_function(validate, serialization=written)


class Tagged(Struct, tag_field="kind"):
    """A struct that says in its bytes which of a union it is; `kind` is that tag."""

    __struct_config__: ClassVar[Any]

    @property
    def kind(self) -> str:
        """Return the tag."""
        tag: str = self.__struct_config__.tag
        return tag


class ListLine(Struct, omit_defaults=False, gc=False):
    """One of thousands, as lists are made of: written with everything in it.

    The collector of garbage leaves it alone: looking through them all cost more than making them.
    """


class Model(BaseModel):
    """Frozen plain data that people's input and the database are read into; refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def replace(struct: S, **changes: Any) -> S:
    """Return the struct with some fields changed. Values are not checked."""
    return msgspec.structs.replace(struct, **changes)


_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(data: Any) -> bytes:
    """Return canonical JSON: sorted keys, no white space, UTF-8, defaults of structs left out."""
    return _ENCODER.encode(data)


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex: the name of that content."""
    return hashlib.sha256(content).hexdigest()


def read(content: bytes | str, kind: type[S]) -> S:
    """Read a struct from its JSON. Raises msgspec.ValidationError when it is none of that kind."""
    made: S = decoder(kind).decode(content)
    return made


def convert(data: Any, kind: type[S]) -> S:
    """Make a value of a type from plain data. Raises msgspec.ValidationError."""
    decoder(kind)  # so that its structs are known whole
    made: S = msgspec.convert(data, kind)
    return made


@lru_cache(maxsize=256)
def decoder(kind: Any) -> "msgspec.json.Decoder[Any]":
    """Return the decoder of a type; made once, and one at a time.

    msgspec learns the fields of a struct when it first meets it; a second thread that reads such a struct
    while they are half known crashes the process.
    """
    with _LEARNING:
        return msgspec.json.Decoder(kind)


_LEARNING = Lock()


def write_schema(kind: type, title: str) -> str:
    """Return the JSON Schema of a file that holds such a struct, as it is published."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return json.dumps({**head, **msgspec.json.schema(kind)}, ensure_ascii=False, indent=2) + "\n"


def fill_in(data: Any) -> Any:
    """Return plain data with every default filled in, as people see it: dicts, lists, texts and numbers."""
    if isinstance(data, Struct):
        fields = {name: fill_in(getattr(data, name)) for name in data.__struct_fields__}
        config = data.__struct_config__
        return {config.tag_field: config.tag, **fields} if config.tag_field and config.tag else fields
    if isinstance(data, (tuple, list)):
        return [fill_in(item) for item in data]
    if isinstance(data, dict):
        return {key: fill_in(value) for key, value in data.items()}
    return msgspec.to_builtins(data)
