"""What people wrote freely in a filing, and the values of its facts: never in the clear in its rows.

They are personal data more often than not. Rows keep the rest in the clear, by which lists are made; the
words are sealed beside it, or are read from the filing's sealed state.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ...data import Scalar, canonical

Seal = Callable[[bytes, bytes], bytes]
"""Encrypts bytes (the first) or opens them again, bound to what they belong to (the second)."""

_WORDS = frozenset(("reason", "text", "value", "before", "remarks"))
"""In the data of an entry."""


def entry_place(filing: str, sequence: int, index: int) -> bytes:
    """Return what the words of an entry are bound to."""
    return f"timeline {filing} {sequence} {index}".encode()


def seal_words(data: Mapping[str, Scalar], place: bytes, seal: Seal) -> dict[str, Any]:
    """Return the columns of an entry: `data` in the clear, and `said`, which only the office's keys open."""
    words = {key: value for key, value in data.items() if key in _WORDS}
    rest = {key: value for key, value in data.items() if key not in _WORDS}
    return {"data": rest, "said": seal(canonical(words), place) if words else None}


def open_words(
    data: Mapping[str, Scalar], said: bytes | None, place: bytes, open_sealed: Seal | None
) -> dict[str, Scalar]:
    """Return the whole data of an entry; without a way to open them the words are left out.

    Raises KeyFileError and BrokenSealError when they cannot be opened.
    """
    if said is None or open_sealed is None:
        return dict(data)
    words: dict[str, Scalar] = msgspec.json.decode(open_sealed(said, place))
    return {**data, **words}


def leave_words_out(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return a view as its row keeps it: without values of facts and without reasons that people gave.

    Whoever shows them makes the view again from the state.
    """
    kept = dict(view)
    if "facts" in view:
        kept["facts"] = [{**one, "value": None, "text": "", "reason": None} for one in view["facts"]]
    if "phases" in view:
        kept["phases"] = [
            {**one, "waivers": [{**waiver, "reason": ""} for waiver in one.get("waivers", ())]}
            for one in view["phases"]
        ]
    if "requests" in view:
        kept["requests"] = [
            {**one, "items": [{**item, "reason": None} for item in one["items"]]} for one in view["requests"]
        ]
    if view.get("moving"):
        kept["moving"] = {**view["moving"], "reason": ""}
    if view.get("held"):
        kept["held"] = {**view["held"], "reason": ""}
        kept["work"] = [{**one, "missing": []} if one["kind"] == "held" else one for one in view["work"]]
    return kept
