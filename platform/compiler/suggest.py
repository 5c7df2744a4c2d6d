"""'Did you mean': the known name nearest to an unknown one, and names joined in a sentence."""

from collections.abc import Iterable
from difflib import get_close_matches

MANY = 9


def nearest(written: str, known: Iterable[str]) -> str | None:
    """Return the known name most similar to what was written, or None when none is similar."""
    names = sorted(known)
    folded = {name.casefold().replace("-", "_"): name for name in names}
    close = get_close_matches(written.casefold().replace("-", "_"), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(written: str, known: Iterable[str]) -> str | None:
    """Return the help for an unknown name: the nearest known one, or all known ones if they are few."""
    names = sorted(known)
    near = nearest(written, names)
    if near is not None:
        return f"did you mean '{near}'?"
    if 0 < len(names) <= MANY:
        return f"expected {join_names(names)}"
    return None


def join_names(names: Iterable[str], word: str = "or") -> str:
    """Return names in quotes joined for a sentence: 'a', 'b' or 'c'."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"
