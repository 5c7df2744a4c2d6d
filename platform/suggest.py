"""'Did you mean', in English and Dutch: the known name nearest to an unknown one; names in a sentence."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

MANY = 9
SOME = 5
"""Of names that are too many for a sentence so many are said, where nothing else lists them."""
MOST = 300
"""With more names than these only those count that differ in one letter: comparing all takes for ever."""
SLIP = 0.8
LONGEST = 80
"""Of what is longer nobody mistypes one letter."""


def nearest(written: str, known: Iterable[str]) -> str | None:
    """Return the known name most similar to what was written, or None when none is similar."""
    return _nearest(written, _sort(frozenset(known)))


def is_like(name: str, written: Sequence[str]) -> bool:
    """Say whether a name may be meant for one of what was written: it is near it, or a part of it.

    Of very many it may.
    """
    return (
        len(written) > MOST
        or any(_fold(name) in _fold(one) for one in written)
        or nearest(name, written) is not None
    )


def is_slip(written: str, name: str) -> bool:
    """Say whether what was written is a name with a letter or two mistyped."""
    return SequenceMatcher(None, _fold(written), _fold(name)).ratio() >= SLIP


def is_mistyped(written: str, name: str) -> bool:
    """Say whether one of two names is the other with a letter or sign left out, or with two letters swapped.

    What differs in a digit, or in another letter, can be meant: aanslag_1 and aanslag_2.
    """
    short, long = sorted((_fold(written), _fold(name)), key=len)
    pairs = enumerate(zip(short, long, strict=False))
    at = next((place for place, (one, other) in pairs if one != other), len(short))
    if len(long) == len(short) + 1:
        return short[at:] == long[at + 1 :] and not long[at].isdigit()
    swapped = short[:at] + short[at : at + 2][::-1] + short[at + 2 :]
    return len(long) == len(short) and swapped == long


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
    """Return the help for an unknown name: the nearest known one, or all known ones if they are few.

    Where a sign in it is none of a name it is named, for it can look like one that is, or like nothing.
    """
    names = _sort(frozenset(known))
    near = _nearest(written, names)
    if near is not None:
        return ask_if_meant(written, near)
    listed = f"expected {join_names(names)}" if 0 < len(names) <= MANY else None
    sign = name_foreign_sign(written)
    return f"{listed}; {sign}" if listed and sign else listed or sign


def ask_if_meant(written: str, near: str) -> str:
    """Return the question after a name that does not exist, and which sign in it is another one."""
    sign = name_foreign_sign(written, near)
    return f"did you mean '{near}'?{f' {sign}' if sign else ''}"


def ask_in_dutch(written: str, near: str, said: str = "") -> str:
    """Return the same question in Dutch; `said` is the near name in quotes as it is typed."""
    sign = _find_foreign_sign(written, near)
    said = said or f"'{near}'"
    return f"Bedoelt u {said}?{f' Er staat een vreemd teken in: U+{ord(sign):04X}.' if sign else ''}"


def name_foreign_sign(written: str, near: str = "") -> str | None:
    """Return which sign of a name is none of a name, and is not in the one that is meant; else None."""
    sign = _find_foreign_sign(written, near)
    if sign is None:
        return None
    return f"'{sign}' is the {name_sign(sign)}" if sign.isprintable() else f"it has the {name_sign(sign)}"


def _find_foreign_sign(written: str, near: str) -> str | None:
    return next((sign for sign in written if not sign.isascii() and sign not in near), None)


def name_sign(sign: str) -> str:
    """Return what a character is called, with its number: 'Cyrillic letter A (U+0430)'."""
    name = unicodedata.name(sign, "control character")
    name = name.title().replace("Small Letter", "letter") if sign.isalpha() else name.lower()
    return f"{name.replace('no-break', 'non-breaking')} (U+{ord(sign):04X})"


def fold_name(name: str) -> str:
    """Return the id that the name of a file was meant to be: in small letters, with single hyphens."""
    return re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")


def say_what_is_meant(written: str, known: Iterable[str], elsewhere: str | None = None) -> str:
    """Return the Dutch sentence after one about an unknown name: the nearest, else all if they are few.

    Of many some that are most like it, and how many more there are; or the sentence `elsewhere`, which says
    where they are listed, or nothing.
    """
    names = sorted(set(known))
    near = nearest(written, names)
    if near is not None:
        return ask_in_dutch(written, near)
    if not names:
        return "Er zijn er geen."
    if len(names) <= (MANY if elsewhere is not None else 2 * MANY):
        return f"Kies uit: {', '.join(names)}."
    if elsewhere is not None:
        return elsewhere
    some = _pick_alike(written, names)
    return f"Kies uit bijvoorbeeld: {', '.join(some)}; er zijn er nog {len(names) - len(some)}."


def _pick_alike(written: str, names: Sequence[str]) -> list[str]:
    """Return a few names, the most alike first; of very many the first ones."""
    if len(names) > MOST:
        return list(names[:SOME])
    meant = _fold(written)
    return sorted(names, key=lambda name: -SequenceMatcher(None, _fold(name), meant).ratio())[:SOME]


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
