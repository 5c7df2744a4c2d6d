"""E-mail addresses: how they are compared, and whether mail can be sent to one."""

import re
from email.errors import HeaderParseError
from email.headerregistry import Address

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_ORDINARY = re.compile(rf"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@({_LABEL}\.)+{_LABEL}")
"""What nearly every address looks like: asked first, since reading one by the grammar takes 0.1 ms."""


def comparable(address: str) -> str:
    """Return the address as it is stored: without white space around it, in small letters."""
    return address.strip().lower()


def valid_email(address: str | None) -> bool:
    """Say whether the office can send to an address: local part, at sign, domain with a dot.

    ASCII only: mail servers need not take anything else before the at sign (RFC 6531).
    """
    if not address or len(address) > 254:
        return False
    return _ORDINARY.fullmatch(address) is not None or valid_by_grammar(address)


def valid_by_grammar(address: str) -> bool:
    """Say the same of any address by the whole grammar."""
    if any(sign.isspace() for sign in address):
        return False
    try:
        parsed = Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError):
        return False
    labels = parsed.domain.split(".")
    return bool(parsed.username) and len(labels) > 1 and all(_valid_label(label) for label in labels)


def _valid_label(label: str) -> bool:
    return bool(label) and not label.startswith("-") and not label.endswith("-") and "[" not in label
