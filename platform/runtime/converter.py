"""How values are written into payloads: structs by msgspec, the rest by pydantic, both as plain JSON."""

from typing import Any

import msgspec
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import CompositePayloadConverter, DefaultPayloadConverter, EncodingPayloadConverter

from ..data import Struct, decoder

_ENCODER = msgspec.json.Encoder()


class StructConverter(EncodingPayloadConverter):
    """Structs as JSON, what equals a default left out; payloads that pydantic wrote are read alike."""

    def __init__(self) -> None:
        self._others = PydanticJSONPlainPayloadConverter()

    @property
    def encoding(self) -> str:
        """Return the encoding that the server's own tools show as JSON."""
        return self._others.encoding

    def to_payload(self, value: Any) -> Payload | None:
        """Write a value."""
        if isinstance(value, Struct):
            return Payload(metadata={"encoding": self.encoding.encode()}, data=_ENCODER.encode(value))
        return self._others.to_payload(value)

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """Read a value. Raises msgspec's or pydantic's ValidationError when it is none of the type."""
        if isinstance(type_hint, type) and issubclass(type_hint, Struct):
            return decoder(type_hint).decode(payload.data)
        return self._others.from_payload(payload, type_hint)


class PayloadConverter(CompositePayloadConverter):
    """Temporal's own converters, with ours for JSON."""

    def __init__(self) -> None:
        own = StructConverter()
        theirs = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(own if one.encoding == own.encoding else one for one in theirs))
