"""The payload codec: everything in Temporal's histories is compressed and encrypted, failures too (R46)."""

import zlib
from collections.abc import Iterator, Sequence

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

from ..keys.ring import KeyRing
from ..keys.sealing import BrokenSealError, key_id_of
from .converter import PayloadConverter

ENCODING = b"binary/kantoor-2"
"""Marks our payloads: zlib, then sealed with the key ring of histories; the seal covers this name."""


class Codec(PayloadCodec):
    """Compresses and encrypts payloads with the ring's newest key; decrypts with the key that each names."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt payloads, their metadata included."""
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt payloads; those that are not ours are left as they are.

        Raises MissingKeyError when the key is not here, BrokenSealError when the payload was tampered with.
        """
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        sealed = self._ring.seal(zlib.compress(payload.SerializeToString()), ENCODING)
        return Payload(metadata={"encoding": ENCODING}, data=sealed)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        return Payload.FromString(zlib.decompress(self._ring.open_sealed(payload.data, ENCODING)))


def key_id(payload: Payload) -> str | None:
    """Return the id of the key that encrypted a payload, or None when it is not encrypted by us."""
    if payload.metadata.get("encoding") != ENCODING:
        return None
    try:
        return key_id_of(payload.data)
    except BrokenSealError:
        return None


def payloads_in(message: Message) -> Iterator[Payload]:
    """Return all payloads that stand anywhere in a message of the server, a history say."""
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if isinstance(value, Message):
            yield from payloads_in(value)
        elif field.message_type.GetOptions().map_entry:
            inner = (one for one in value.values() if isinstance(one, Message))
            yield from (payload for one in inner for payload in payloads_in(one))
        else:
            yield from (payload for one in value for payload in payloads_in(one))


def data_converter(ring: KeyRing) -> DataConverter:
    """Return the converter of every client and worker: plain JSON, encrypted; failures too."""
    return DataConverter(
        payload_converter_class=PayloadConverter,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
        payload_codec=Codec(ring),
    )
