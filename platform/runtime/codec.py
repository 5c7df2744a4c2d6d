"""What stands in Temporal's histories: compressed, encrypted, failures included (R46)."""

import os
import zlib
from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

from ..keys.ring import KeyFileError, KeyRing
from .converter import PayloadConverter

ENCODING = b"binary/kantoor-1"
"""zlib, then AES-256-GCM with a nonce of 12 bytes before it and the key's id as associated data."""

NONCE_BYTES = 12


class Codec(PayloadCodec):
    """Compresses and encrypts every payload with the ring's newest key; decrypts with whichever it names."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt payloads, their metadata included."""
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt payloads; those that are not ours are left as they are.

        Raises MissingKeyError when the key is not here, KeyFileError when the payload was tampered with.
        """
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        key = self._ring.newest
        nonce = os.urandom(NONCE_BYTES)
        packed = zlib.compress(payload.SerializeToString())
        sealed = nonce + AESGCM(key.secret).encrypt(nonce, packed, key.id.encode())
        return Payload(metadata={"encoding": ENCODING, "key": key.id.encode()}, data=sealed)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        name = key_id(payload) or ""
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            packed = AESGCM(self._ring.key(name).secret).decrypt(nonce, sealed, name.encode())
        except InvalidTag:
            raise KeyFileError(f"a payload encrypted with key {name} was changed and is not read") from None
        return Payload.FromString(zlib.decompress(packed))


def key_id(payload: Payload) -> str | None:
    """Return the id of the key that encrypted a payload, or None when it is not encrypted."""
    name = payload.metadata.get("key")
    return name.decode() if name is not None else None


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
