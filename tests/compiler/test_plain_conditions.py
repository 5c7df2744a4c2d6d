"""Plain conditions are read at once, and never to another tree than Jinja2's own parser gives."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from kantoor.compiler.compilation import load_texts
from kantoor.compiler.conditions import ENVIRONMENT
from kantoor.compiler.definitions import read_folder
from kantoor.compiler.plain_conditions import DEEPEST, read_plain
from kantoor.compiler.walks import conditionals
from tests.examples import so_many

SHIPPED = Path(__file__).parents[2] / "definitions"

VALUES = ("facts.saldo", "period.start", "a.b.c", "x", "1", "-3", "'tekst'", '"é"', "true", "None")
SIGNS = ("==", "!=", "<", "<=", ">", ">=", "in", "not in")
ODD = (
    *(
        "not",
        "and",
        "or",
        "in",
        "is",
        "if",
        "else",
        "(",
        ")",
        "[",
        "]",
        ",",
        "=",
        ".",
        "-",
        "+",
        "~",
        "{",
        "}}",
    ),
    *("|abs", "| abs", "|abs(", "|abs.x", "|lower", "0", "01", "1.5", "1_0", "9" * 20, "éa", "aé", "not.x"),
    *("true.x", "'a\\n'", "'", "\t", "\n", " "),
)


def _parse(text: str) -> nodes.Expr | None:
    try:
        parser = Parser(ENVIRONMENT, text, state="variable")
        tree = parser.parse_expression()
    except TemplateSyntaxError:
        return None
    return tree if parser.stream.eos else None


def _compare(text: str) -> bool:
    """Say whether a condition is plain; fail where it is then read otherwise than by Jinja2, or elsewhere."""
    plain, real = read_plain(text), _parse(text)
    if plain is None:
        return False
    assert real == plain, text
    assert [one.lineno for one in real.find_all(nodes.Node)] == [
        one.lineno for one in plain.find_all(nodes.Node)
    ]
    return True


def _join(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return conditions made of others."""
    value = st.one_of(st.sampled_from(VALUES), parts.map(lambda part: f"({part})"))
    listed = st.lists(value, min_size=1, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    side = st.builds("{}{}".format, st.one_of(value, listed), st.sampled_from(("", "", "|abs", " | abs")))
    compared = st.builds("{} {} {}".format, side, st.sampled_from(SIGNS), side)
    chained = st.builds("{} {} {}".format, compared, st.sampled_from(SIGNS), side)
    one = st.builds(
        "{}{}".format, st.sampled_from(("", "not ", "not not ")), st.one_of(side, compared, chained)
    )
    return st.builds("{} {} {}".format, one, st.sampled_from(("and", "or")), one) | one


CONDITIONS = st.recursive(st.sampled_from(VALUES), _join, max_leaves=8)


def test_every_condition_of_the_shipped_definitions_is_plain() -> None:
    definitions, _ = load_texts(read_folder(SHIPPED))
    conditions = [one.condition for _, template in definitions.templates() for one in conditionals(template)]
    assert len(conditions) > 50
    assert [one for one in conditions if not _compare(one or "")] == []


@settings(max_examples=so_many(300), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(CONDITIONS)
def test_what_the_language_has_is_read_as_jinja_does(text: str) -> None:
    assert _compare(text) or sum(text.count(opened) for opened in ("(", "[", "not ")) > DEEPEST


@settings(max_examples=so_many(600), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.one_of(st.sampled_from(ODD), st.sampled_from((*VALUES, *SIGNS))), max_size=9), st.booleans()
)
def test_anything_else_is_read_as_jinja_does_or_left_to_it(parts: list[str], spaced: bool) -> None:
    _compare((" " if spaced else "").join(parts))
