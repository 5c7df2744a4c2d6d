"""Secrets that somebody shows to be let in: what goes out is random, what is kept is a digest."""

import hashlib
import secrets


def make_token() -> str:
    """Return a new secret of 256 random bits, fit for a URL or cookie."""
    return secrets.token_urlsafe(32)


def digest_token(token: str) -> str:
    """Return what is kept of a secret; it has so many bits that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
