"""A filter as a tree: terms that all hold, each with values of which one holds."""

from typing import Literal

from ..data import Struct

Comparison = Literal["=", "<", "<=", ">", ">="]


class Term(Struct):
    """That a field has one of these values, or none of them where it is `negated`.

    `field` is the id of a field (`fields.py`), `key` is behind its point: accountant in `rol.accountant`.
    Values are as the office keeps them: ids, codes, days as ISO text, `yes` and `no`.
    """

    field: str
    key: str = ""
    comparison: Comparison = "="
    values: tuple[str, ...]
    negated: bool = False


class Filter(Struct):
    """Which relations are meant: those of which every term holds; without terms all."""

    terms: tuple[Term, ...] = ()
