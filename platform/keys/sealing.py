"""The one format in which anything is sealed: AES-256-GCM, with the id of its key before it in the clear.

`ks1`, the key's id (6 bytes), a nonce (12 bytes), then what AES-GCM made of the content. Format and id, and
what the content is bound to (a document's hash, a row of a table), are authenticated with it: bytes that were
changed, cut off or put in another's place are not opened.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"ks1"
ID_BYTES = 6
"""All that is sealed carries an id, so it is short: no two of an office's few keys will share one."""

_NONCE_BYTES = 12
_ID_END = len(FORMAT) + ID_BYTES
_HEADER_END = _ID_END + _NONCE_BYTES


class BrokenSealError(Exception):
    """The bytes were never sealed, or were changed since, or are bound to something else."""


def seal(key_id: str, secret: bytes, content: bytes, bound_to: bytes) -> bytes:
    """Return content sealed under a key; equal contents become other bytes each time."""
    header, nonce = FORMAT + bytes.fromhex(key_id), os.urandom(_NONCE_BYTES)
    return header + nonce + AESGCM(secret).encrypt(nonce, content, header + bound_to)


def open_sealed(secret: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Return what was sealed. Raises BrokenSealError."""
    key_id, nonce = key_id_of(sealed), sealed[_ID_END:_HEADER_END]
    try:
        return AESGCM(secret).decrypt(nonce, sealed[_HEADER_END:], sealed[:_ID_END] + bound_to)
    except InvalidTag:
        raise BrokenSealError(
            f"data sealed with key {key_id} was modified or moved, and is rejected"
        ) from None


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that sealed these bytes. Raises BrokenSealError when they are not sealed."""
    if len(sealed) < _HEADER_END or not sealed.startswith(FORMAT):
        raise BrokenSealError("the data is not encrypted: it is rejected")
    return sealed[len(FORMAT) : _ID_END].hex()
