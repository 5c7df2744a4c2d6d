"""Strategies of text that matches a pattern."""

from hypothesis import strategies as st

_ASCII = st.characters(max_codepoint=127)
"""The alphabet of all of Unicode, which a pattern takes by itself, takes seconds to make."""


def matching(pattern: str) -> st.SearchStrategy[str]:
    """Return a strategy of ASCII texts that match a pattern as a whole."""
    return st.from_regex(pattern, fullmatch=True, alphabet=_ASCII)
