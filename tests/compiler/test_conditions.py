"""Conditions: typed against the context and lowered to the plan's expressions."""

import pytest

from kantoor.compiler.conditions import MAX_LENGTH, parse_condition
from kantoor.compiler.examples import WORKFLOW
from kantoor.compiler.texts import check_text
from kantoor.context import NATURAL_FORMS, VARIABLES, Variable
from kantoor.plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name
from kantoor.sbr.legal_form import LegalForm

from .conftest import SmallOffice, codes

MESSAGE = "messages/ter-accordering.yaml"
KNOWN = {
    **VARIABLES,
    "relation": {
        **VARIABLES["relation"],
        "dga": Variable("yes_no", "dga"),
        "saldo": Variable("number", "saldo"),
        "sinds": Variable("date", "sinds"),
    },
}


def lower(text: str) -> Expression | None:
    expression, findings = parse_condition(text, KNOWN)
    assert findings == []
    return expression


def reject(text: str) -> list[str]:
    expression, findings = parse_condition(text, KNOWN)
    assert expression is None
    return [finding.code.id for finding in findings]


def name(path: str) -> Name:
    return Name(path=tuple(path.split(".")))


def literal(value: str | int | bool | None) -> LiteralValue:
    return LiteralValue(value=value)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("product.foreign", name("product.foreign")),
        ("not product.foreign", Logic(by="not", of=(name("product.foreign"),))),
        ("period.kind == 'year'", Compare(by="eq", left=name("period.kind"), right=literal("year"))),
        ("'year' != period.kind", Compare(by="ne", left=literal("year"), right=name("period.kind"))),
        ("period.year >= 2026", Compare(by="ge", left=name("period.year"), right=literal(2026))),
        ("period.year > -1", Compare(by="gt", left=name("period.year"), right=literal(-1))),
        (
            "period.end < '2027-01-01'",
            Compare(by="lt", left=name("period.end"), right=literal("2027-01-01")),
        ),
        (
            "relation.legal_form in ['bv', 'nv']",
            Compare(
                by="in", left=name("relation.legal_form"), right=ListOf(items=(literal("bv"), literal("nv")))
            ),
        ),
        (
            "relation.legal_form not in ('bv',)",
            Logic(
                by="not",
                of=(
                    Compare(by="in", left=name("relation.legal_form"), right=ListOf(items=(literal("bv"),))),
                ),
            ),
        ),
        (
            "relation.saldo|abs <= 1000",
            Compare(by="le", left=Absolute(of=name("relation.saldo")), right=literal(1000)),
        ),
        (
            "2025 < period.year <= 2027",
            Logic(
                by="and",
                of=(
                    Compare(by="lt", left=literal(2025), right=name("period.year")),
                    Compare(by="le", left=name("period.year"), right=literal(2027)),
                ),
            ),
        ),
        (
            "product.kor and product.foreign and relation.dga",
            Logic(by="and", of=(name("product.kor"), name("product.foreign"), name("relation.dga"))),
        ),
        (
            "product.kor or product.foreign and relation.dga",
            Logic(
                by="or",
                of=(
                    name("product.kor"),
                    Logic(by="and", of=(name("product.foreign"), name("relation.dga"))),
                ),
            ),
        ),
        ("relation.saldo == none", Compare(by="eq", left=name("relation.saldo"), right=literal(None))),
        ("true", literal(True)),
    ],
)
def test_a_condition_is_lowered(text: str, expression: Expression) -> None:
    assert lower(text) == expression


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("period.kind = 'year'", "K601"),
        ("{{ product.kor }}", "K601"),
        ("period.kind ==", "K601"),
        ("", "K601"),
        ("(" * 500, "K601"),
        ("product.kor and " * 200 + "product.kor", "K601"),
        ("not (" * 60 + "product.kor" + ")" * 60, "K601"),
        ("9" * 5000 + " == period.year", "K601"),
        ("periode.kind == 'year'", "K602"),
        ("period.sort == 'year'", "K602"),
        ("period", "K602"),
        ("period.kind.name", "K602"),
        ("contact.name == 'x'", "K602"),
        ("period.year == '2026'", "K603"),
        ("period.year", "K603"),
        ("product.kor == 1", "K603"),
        ("product.kor > product.foreign", "K603"),
        ("relation.legal_form < 'bv'", "K603"),
        ("period.end < 'morgen'", "K603"),
        ("relation.name|abs == 1", "K603"),
        ("period.year in ['2026']", "K603"),
        ("period.year and product.kor", "K603"),
        ("period.kind == 'week'", "K604"),
        ("period.kind in ['month', 'week']", "K604"),
        ("'week' == period.kind", "K604"),
        ("period.year + 1 == 2026", "K605"),
        ("period.year == 2026.5", "K605"),
        ("relation.name.upper() == 'X'", "K605"),
        ("relation.name|upper == 'X'", "K605"),
        ("period['kind'] == 'year'", "K605"),
        ("product.kor is defined", "K605"),
        ("relation.name ~ 'x' == 'x'", "K605"),
        ("product.kor if product.foreign else product.kor", "K605"),
        ("period.kind in 'year'", "K605"),
        ("-period.year == 1", "K605"),
        ("[1, 2] == period.year", "K605"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, code: str) -> None:
    assert reject(text) == [code]


def test_a_condition_has_a_greatest_length() -> None:
    assert reject("product.kor or " * 100 + "product.kor") == ["K601"]
    assert len("product.kor or " * 100) > MAX_LENGTH


def test_every_mistake_of_a_condition_is_found() -> None:
    assert reject("periode.kind == 'x' or period.kind == 'week' and period.year") == ["K602", "K604", "K603"]


def test_a_condition_is_pointed_at_by_its_word(office: SmallOffice) -> None:
    compilation = office.with_piece(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        "    back_to: opstellen\n    if: product.kor or period.sort == 'year'\n"
    )
    diagnostic = compilation.diagnostics[0]
    assert (diagnostic.span.line, diagnostic.span.column) == office.place("period.sort")
    assert diagnostic.span.end_column - diagnostic.span.column == len("period.sort")


def test_a_relation_field_of_the_office_is_a_variable(office: SmallOffice) -> None:
    piece = "phases:\n  - id: extra\n    title: Extra\n    role: accountant\n    if: relation.%s\n"
    assert codes(office.with_piece(piece % "dga")) == []
    assert codes(office.with_piece(piece % "dgb")) == ["K602"]


def test_a_condition_compares_the_product_with_those_of_the_template(office: SmallOffice) -> None:
    piece = "phases:\n  - id: extra\n    title: Extra\n    role: accountant\n    if: product.id == '%s'\n"
    assert codes(office.with_piece(piece % "aangifte-btw")) == []
    assert codes(office.with_piece(piece % "aangifte-ib")) == ["K604"]


@pytest.mark.parametrize(
    "text",
    [
        "Beste {{ contact.name }}, {{ relation.name|upper }}",
        "{% if product.foreign %}a{% elif period.kind == 'year' %}b{% else %}{{ period.words }}{% endif %}",
        "{{ filing.due }} {# een opmerking #} {{ sender.phone }}",
        "geen variabelen",
        "{% if contact.name == 'x' %}{{ office.email }}{% endif %}",
    ],
)
def test_a_text_names_variables_and_conditions(text: str) -> None:
    assert check_text(text, KNOWN) == []


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a\nb {{ contact.naam }}", "K602", 2),
        ("{{ relation.rsin }}", "K602", 1),
        ("{{ filing.bedrag }}", "K602", 1),
        ("a\n\n{{ contact }}", "K602", 3),
        ("{{ period.words }", "K606", 1),
        ("a\n{% if product.foreign %}b", "K606", 2),
        ("a\n{% if product.foreign %}b\n{% elseif product.kor %}c{% endif %}", "K606", 3),
        ("{% if %}{% endif %}", "K606", 1),
        ("{% for x in period.words %}{% endfor %}", "K607", 1),
        ("{% include 'x' %}", "K607", 1),
        ("{% set x = 1 %}", "K607", 1),
        ("{{ relation.name|length }}", "K607", 1),
        ("{{ relation.name.upper() }}", "K607", 1),
        ("{{ product.foreign }}", "K607", 1),
        ("{{ 1 + 1 }}", "K607", 1),
        ("{{ 'x' }}", "K607", 1),
        ("{% if product.foreign == 1 %}a{% endif %}", "K603", 1),
        ("{% if product.foreign %}{{ x.y }}{% endif %}", "K602", 1),
        ("{% if period.end > '2026-01-31' %}a{% endif %}", "K603", 1),
    ],
)
def test_a_mistake_in_a_text_is_found_on_its_line(text: str, code: str, line: int) -> None:
    assert [(finding.code.id, finding.line) for finding in check_text(text, KNOWN)] == [(code, line)]


def test_a_mistake_in_a_block_of_text_is_placed_on_its_line(office: SmallOffice) -> None:
    path = "messages/ter-accordering.yaml"
    compilation = office.with_change("{{ filing.link }}", "{{ filing.lnk }}", path)
    diagnostic = compilation.diagnostics[0]
    assert diagnostic.code.id == "K602"
    assert (diagnostic.span.line, diagnostic.span.column) == office.place("filing.lnk", path)
    assert diagnostic.help == "did you mean 'filing.link'?"


def test_a_mistake_in_a_folded_text_is_placed_on_its_line(office: SmallOffice) -> None:
    path = "messages/ter-accordering.yaml"
    compilation = office.with_piece(
        "texts:\n  nl:\n    subject: >-\n      Uw aangifte\n      over {{ period.wordz }}\n"
        "    body: |\n      Dag\n",
        path,
    )
    diagnostic = compilation.diagnostics[0]
    assert (diagnostic.span.line, diagnostic.span.column) == office.place("period.wordz", path)


def test_the_legal_forms_of_conditions_are_those_of_relations() -> None:
    assert VARIABLES["relation"]["legal_form"].values == tuple(map(str, LegalForm))
    assert tuple(form for form in LegalForm if form.natural_person) == NATURAL_FORMS
    assert reject("relation.legal_form == 'BV'") == ["K604"]


@pytest.mark.parametrize(
    ("text", "code", "help"),
    [
        ("period.kind == quarter", "K602", "put text in quotes: 'quarter'"),
        ("periode.kind == 'year'", "K602", "did you mean 'period.kind'?"),
        ("periode.kinds == 'year'", "K602", "did you mean 'period.kind'?"),
        ("xyz.kind == 'year'", "K602", "expected 'filing', 'office', 'period', 'product' or 'relation'"),
        ("period.kind = 'year'", "K601", "compare values with =="),
        ("product.kor && product.foreign", "K601", "write 'and' instead of '&&'"),
        ("!product.kor", "K601", "write 'not' instead of '!'"),
        ("{{ product.kor }}", "K601", "remove the braces: 'if' takes a bare expression"),
        ("period.last-of-year", "K605", "did you mean 'period.last_of_year'?"),
        ("product.foreign is true", "K605", "compare with == or !=, or use a yes/no variable by itself"),
        ("period.year - 1 == 2025", "K605", None),
    ],
)
def test_the_help_for_a_condition_says_what_to_write(text: str, code: str, help: str | None) -> None:
    _, findings = parse_condition(text, KNOWN)
    assert [(finding.code.id, finding.help) for finding in findings] == [(code, help)]


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("{{ periode.words }}", "did you mean 'period.words'?"),
        ("{{ klant }}", "write a group and a name, such as contact.name"),
    ],
)
def test_the_help_for_a_variable_in_a_text_can_be_put_between_the_braces(text: str, help: str) -> None:
    (finding,) = check_text(text, KNOWN)
    assert (finding.code.id, finding.help) == ("K602", help)


def test_a_text_whose_if_is_not_closed_is_pointed_at_there() -> None:
    text = "a\n{% if product.kor %}\nb\n{% endif %}\n{%- if product.foreign %}\nc\n"
    (finding,) = check_text(text, KNOWN)
    assert (finding.code.id, finding.line, finding.help) == ("K606", 5, "add {% endif %}")


@pytest.mark.parametrize(
    ("tag", "help"),
    [
        ("elseif product.kor", "write elif instead of elseif"),
        ("anders", "write else instead of anders"),
        ("zolang product.kor", "write if, elif, else or endif instead of zolang"),
    ],
)
def test_a_tag_that_jinja_does_not_know_is_pointed_at_with_what_to_write(
    office: SmallOffice, tag: str, help: str
) -> None:
    path, word = "messages/ter-accordering.yaml", tag.partition(" ")[0]
    text = f"Uw aangifte\n      {{% if product.foreign %}}a\n      {{% {tag} %}}b{{% endif %}}"
    compilation = office.with_piece(
        f"texts:\n  nl:\n    subject: >-\n      {text}\n    body: |\n      {{{{ filing.link }}}}\n", path
    )
    (found,) = compilation.diagnostics
    assert (found.message, found.help) == (f"invalid Jinja2: unknown tag '{word}'", help)
    assert (found.span.line, found.span.column) == office.place(word, path)


@pytest.mark.parametrize(
    ("written", "path", "help"),
    [
        ("period.end > '31-12-2026'", WORKFLOW, "write the day as '2026-12-31'"),
        ("period.end > 'kerst'", WORKFLOW, "write a day as '2026-12-31'"),
        ("period.end in ['31-12-2026']", WORKFLOW, "write the day as '2026-12-31'"),
        ("period.end == '2026-12-31'", MESSAGE, "a text has days in words: compare period.year"),
        ("relation.legal_form == 'kerk'", WORKFLOW, "write one of these: natuurlijk_persoon, "),
        ("relation.legal_form == 'kerk'", MESSAGE, "write one of these: natuurlijk_persoon, "),
    ],
)
def test_what_cannot_be_compared_is_told_with_what_can(
    office: SmallOffice, written: str, path: str, help: str
) -> None:
    old = "    not_before: { after: period.end, days: 1 }\n" if path == WORKFLOW else "{{ filing.link }}"
    new = f'    if: "{written}"\n' if path == WORKFLOW else f"{{% if {written} %}}A{{% endif %}}{old}"
    (found,) = [one for one in office.with_change(old, new, path).diagnostics if one.level == "error"]
    assert found.help is not None
    assert found.help.startswith(help)
