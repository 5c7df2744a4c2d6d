"""'Did you mean', in English and Dutch: the known name nearest to an unknown one; names in a sentence."""

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

MANY = 9
MOST = 300
"""With more names than these only those count that differ in one letter: comparing all takes for ever."""
LONGEST = 80
"""Of what is longer nobody mistypes one letter."""


def nearest(written: str, known: Iterable[str]) -> str | None:
    """Return the known name most similar to what was written, or None when none is similar."""
    return _nearest(written, _sort(frozenset(known)))


@lru_cache(maxsize=16)
def _sort(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


@lru_cache(maxsize=4096)
def _nearest(written: str, names: tuple[str, ...]) -> str | None:
    meant = _fold(written)
    if len(names) > MOST:
        index = _index(names)
        return next((index[key] for key in _without_each_letter(meant) if key in index), None)
    folded = {_fold(name): name for name in names}
    close = get_close_matches(meant, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def _fold(name: str) -> str:
    return name.casefold().replace("-", "_")


@lru_cache(maxsize=8)
def _index(names: tuple[str, ...]) -> dict[str, str]:
    """Return the names by themselves and by themselves without one of their letters."""
    return {key: name for name in reversed(names) for key in _without_each_letter(_fold(name))}


def _without_each_letter(name: str) -> list[str]:
    places = range(len(name)) if len(name) <= LONGEST else ()
    return [name, *(f"{name[:place]}{name[place + 1 :]}" for place in places)]


def did_you_mean(written: str, known: Iterable[str]) -> str | None:
    """Return the help for an unknown name: the nearest known one, or all known ones if they are few."""
    names = _sort(frozenset(known))
    near = _nearest(written, names)
    if near is not None:
        foreign = next((sign for sign in written if not sign.isascii() and sign.isalpha()), None)
        letter = f" '{foreign}' is the {_name_letter(foreign)}" if foreign and near.isascii() else ""
        return f"did you mean '{near}'?{letter}"
    if 0 < len(names) <= MANY:
        return f"expected {join_names(names)}"
    return None


def _name_letter(letter: str) -> str:
    name = unicodedata.name(letter, "letter").title().replace("Small Letter", "letter")
    return f"{name} (U+{ord(letter):04X})"


def say_what_is_meant(written: str, known: Iterable[str], elsewhere: str | None = None) -> str:
    """Return the Dutch sentence after one about an unknown name: the nearest, else all if they are few.

    `elsewhere` is the sentence for where they are many: where they are listed, or nothing.
    """
    names = sorted(set(known))
    near = nearest(written, names)
    if near is not None:
        return f"Bedoelt u '{near}'?"
    if not names:
        return "Er zijn er geen."
    return f"Kies uit: {', '.join(names)}." if len(names) <= MANY or elsewhere is None else elsewhere


def join_names(names: Iterable[str], word: str = "or") -> str:
    """Return names in quotes joined for a sentence: 'a', 'b' or 'c'."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"


def name_some(names: Sequence[str], most: int = 3 * MANY) -> str:
    """Return names with commas; of more than so many the first ones, and how many there are beside them."""
    more = len(names) - most
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:most])} and {more:,} more"
