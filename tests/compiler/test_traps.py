"""What people type that YAML stumbles over is explained where it is, with what to do."""

from pathlib import Path
from typing import NamedTuple

import pytest

from kantoor.compiler import dutch
from kantoor.compiler.checks import scenarios
from kantoor.compiler.examples import WORKFLOW

from .conftest import SmallOffice

SCHEMAS = Path(__file__).parents[2] / "schemas"
MESSAGE = "messages/ter-accordering.yaml"


class Trap(NamedTuple):
    """A text of the small office, what it becomes, and the diagnostic: code, line of the new text, help."""

    old: str
    new: str
    code: str
    at: str
    help: str
    path: str = WORKFLOW


TRAPS = [
    Trap("title: Controle", "title: Map #12 nalopen", "K117", "#12", "put the text in quotes"),
    Trap(
        "role: accountant\n    rev", "role:accountant\n    rev", "K101", "accountant\n    rev", "space after"
    ),
    Trap("title: Controle", "title:\u00a0Controle", "K116", "\u00a0", "type a space"),
    Trap(
        "    title: Controle\n", "<<<<<<< HEAD\n    title: Controle\n", "K115", "<<<<<<< HEAD", "choose one"
    ),
    Trap("title: Controle", 'title: "Map C:\\Users"', "K101", "\\Users", "single quotes"),
    Trap(
        "- { after: period.end,",
        "- { if: period.kind in ['year'], after: period.end,",
        "K101",
        "period.kind",
        "quotes",
    ),
    Trap(
        "role: accountant\n    rev", "role: \u0430ccountant\n    rev", "K201", "\u0430ccountant", "Cyrillic"
    ),
    Trap(
        "role: accountant\n    rev",
        "r\u043ele: accountant\n    rev",
        "K120",
        "r\u043ele",
        "letter O (U+043E)",
    ),
    Trap("period: by_product", "period: b\u0443_product", "K123", "b\u0443_product", "Cyrillic letter U"),
    Trap("id: aansluiting", "id: aansl\u03c5iting", "K125", "aansl\u03c5iting", "Greek letter Upsilon"),
    Trap("id: controle", "id: controle\n    if: product.k\u043er", "K602", "product.k", "Cyrillic letter O"),
    Trap("id: controle", "id: controle\n    if: pr\u043educt.kor", "K602", "if: pr", "Cyrillic letter O"),
    Trap("id: controle", "id: controle\n    if: product.\u200bkor", "K601", "if: pr", "zero width space"),
    Trap("role: accountant\n    rev", "role: acc\u200bountant\n    rev", "K201", "acc\u200b", "(U+200B)"),
    Trap("{{ filing.link }}", "{{ filing.l\u0456nk }}", "K602", "filing.l", "letter Byelorussian", MESSAGE),
    Trap("contact.salutation", "contact.salutation == \u2018x\u2019", "K606", "\u2018", "straight", MESSAGE),
    Trap(
        "id: controle",
        "id: controle\n    if: 'bv' == relation.legal_form",
        "K101",
        "== relation",
        "on the line below 'if: >-'",
    ),
    Trap("id: controle", "id: controle\n    if: period.year <= 10%", "K601", "%", "without '%'"),
    Trap("id: controle", "id: controle\n    if: period.year <= €1000", "K601", "€", "without the sign"),
    Trap("id: controle", "id: controle\n    if: not period.year", "K603", "period.year", "period.year == 0"),
    Trap("{{ contact.salutation }}", "{% endif }", "K606", "{%", "%} at its end", MESSAGE),
    Trap("{{ contact.salutation }}", "{# nog doen", "K606", "{#", "add #}", MESSAGE),
    Trap(
        "{{ contact.salutation }}",
        "{% if period.kind = 'year' %}x{% endif %}",
        "K606",
        "= 'year'",
        "compare values with ==",
        MESSAGE,
    ),
    Trap("period.end, days: 1", "period.end, days:1", "K101", "days:1", "space after the colon"),
    Trap("{ after: period.end, months", "{ after:period.end, months", "K101", "after:period", "the colon"),
    Trap("every_days: 4", "every_days: 1_0", "K122", "1_0", "write the digits alone: 10"),
    Trap(
        "- id: aansluiting\n        title: De aangifte sluit aan op het grootboek\n        required: true",
        "- { id: aansluiting, title: 'Becon' #1, required: true }",
        "K101",
        "#1",
        "put the whole text in quotes",
    ),
    Trap("title: Controle", "title: >\n      Controle", "K126", "title: >", "write >- instead of >"),
    Trap(
        "id: controle",
        "if: period.kind == \u2018year\u2019\n    id: controle",
        "K601",
        "period.kind ==",
        "straight",
    ),
    Trap("period.end, days: 1", "period.end days: 1", "K101", "end days: 1", "write a comma between"),
    Trap("24 }", "24", "K101", "month_of", "unclosed brace: add }"),
    Trap("id: controle", "id: controle\n    if: product.kor en product.kor", "K601", "en product", "'and'"),
    Trap("id: controle", "id: controle\n    if: niet product.kor", "K601", "niet", "write 'not'"),
    Trap("id: controle", "id: controle\n    if: product.kor OF product.foreign", "K601", "OF", "write 'or'"),
    Trap("id: controle", "id: controle\n    if: product.kor == 'ja'", "K603", "'ja'", "or not product.kor"),
    Trap("id: controle", "id: controle\n    if: kor", "K602", "if: kor", "did you mean 'product.kor'"),
    Trap("id: controle", "id: controle\n    if: period.year =< 2027", "K601", "=<", "write '<='"),
    Trap("id: controle", "id: controle\n    if: period.year ≤ 2027", "K601", "≤", "instead of '≤'"),
    Trap("id: controle", "id: controle\n    if: period.year == '2027'", "K603", "'2027'", "without quotes"),
    Trap("id: controle", "id: controle\n    if: period.year > 2.027", "K605", "2.027", "without point"),
    Trap("id: controle", "id: controle\n    if: abs(period.year) > 1", "K605", "abs(", "period.year|abs"),
    Trap("every_days: 4", "every_days: 4 dagen", "K122", "4 dagen", "write the number alone: 4"),
    Trap("period: by_product", "period: kwartaal", "K123", "kwartaal", "did you mean 'quarter'"),
    Trap("{{ contact.salutation }}", "{{ salutation }}", "K602", "{{ sal", "'contact.salutation'", MESSAGE),
    Trap(
        "{{ filing.link }}",
        "{% if filing.link %}Ja{% else %}Nee\n      {% else %}Ook nee{% endif %}",
        "K606",
        "{% else %}Ook",
        "stands once",
        MESSAGE,
    ),
    Trap(
        "{{ filing.link }}",
        "{% if filing.link %}Ja{% else %}Nee\n      {% elif filing.link %}Toch{% endif %}",
        "K606",
        "{% elif",
        "which is last",
        MESSAGE,
    ),
    Trap("{{ filing.link }}", "{{ filing.link }", "K606", "filing.link", "two braces", MESSAGE),
    Trap("{{ filing.link }}", "{ filing.link }}", "K611", "filing.link", "write {{ filing.link }}", MESSAGE),
    Trap("body: |\n", "body:\n", "K101", "body:", "write 'body: |'", MESSAGE),
    Trap("body: |\n      {{ contact.salutation }}", "body: Beste klant", "K101", "body:", "body: |", MESSAGE),
    Trap("      {{ contact.", "    {{ contact.", "K101", "{{ contact.", "text more than 'body'", MESSAGE),
    Trap("{{ contact.salutation }}", "{{ contact name }}", "K606", "contact name", "one variable", MESSAGE),
    Trap("  - id: controle", "  -id: controle", "K101", "-id: controle", "a space after the dash"),
    Trap("  - id: controle", "  - - id: controle", "K101", "- - id", "write one dash"),
    Trap("role: accountant\n    rev", "role; accountant\n    rev", "K101", "role;", "a colon and a space"),
    Trap("title: Controle", 'title: "De "laatste" controle"', "K101", "laatste", "in single quotes"),
    Trap("title: Controle", "title: [intern] Controle", "K101", "[intern]", "the whole text in quotes"),
    Trap("title: Controle", "title: - Controle", "K101", "- Controle", "begins with '- ' in quotes"),
    Trap("title: Controle", "title: Controle\nvan alles", "K101", "van alles", "below 'key: |'"),
    Trap("id: controle", "if: true\n    id: controle", "K122", "if: true", "remove the key 'if'"),
    Trap("id: controle", "if: !product.kor\n    id: controle", "K110", "!product", "write 'not'"),
    Trap("reviews: [aangifte]", "reviews: [aangifte,, x]", "K101", "aangifte,,", "the comma too many"),
    Trap("phases:", "---\nphases:", "K101", "---\n", "remove the line with ---"),
]

NUMBERS = {
    "'4'": "write it without quotes: 4",
    "vier": "write it in digits: 4",
    "4,5": "write a whole number: 4 or 5",
    "4.5": "write a whole number: 4 or 5",
    "4d": "write the number alone: 4",
    "[4]": "write the number alone: 4",
    "1.000": "write the digits alone: 1000",
    "08:00": "write the number alone: 8",
    "4-5": "write one whole number in digits, such as 3",
    "true": "write one whole number in digits, such as 3",
    "{ dagen: 4 }": "write one whole number in digits, such as 3",
    "'" + "9" * 30 + "'": "write one whole number in digits, such as 3",
    ".inf": "write one whole number in digits, such as 3",
}


def test_what_is_not_a_number_is_told_with_what_to_write(office: SmallOffice) -> None:
    for written, help in NUMBERS.items():
        found = office.with_piece(f"opening_hour: {written}\n", "office.yaml").diagnostics
        assert [(one.code.id, one.help) for one in found] == [("K122", help)], written


@pytest.mark.parametrize(
    ("written", "help"),
    [
        ("31-12-2026", "write 2026-12-31"),
        ("31 december 2026", "write 2026-12-31"),
        ("2026-2-1", "write 2026-02-01"),
        ("2026-02-30", "February 2026 has 28 days"),
        ("1/2/2026", "write a date such as 2026-01-31: other dates on which it is closed"),
        ("20261231", "write a date such as 2026-01-31: other dates on which it is closed"),
    ],
)
def test_a_date_of_another_order_is_told_with_what_to_write(
    office: SmallOffice, written: str, help: str
) -> None:
    compilation = office.with_piece(f"closing_days: {{ extra: [{written}] }}\n", "office.yaml")
    assert [(one.code.id, one.help) for one in compilation.diagnostics] == [("K126", help)]


def test_dutch_words_stand_for_keys_and_values_of_the_language() -> None:
    schemas = "".join(file.read_text("utf-8") for file in SCHEMAS.glob("*.schema.json"))
    said = {one for words in (dutch.KEYS, dutch.VALUES) for meant in words.values() for one in meant}
    expected = {*scenarios.PHASE_IS, *scenarios.ENDED}
    assert {one for one in said - expected if f'"{one}"' not in schemas} == set()


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.help)
def test_a_trap_is_told_where_it_is(office: SmallOffice, trap: Trap) -> None:
    compilation = office.with_change(trap.old, trap.new, trap.path)
    (found,) = (one for one in compilation.diagnostics if not one.code.last)
    assert found.code.id == trap.code
    assert found.span.line == office.place(trap.at, trap.path)[0]
    assert trap.help in (found.help or "")


@pytest.mark.parametrize(
    "text",
    [
        "\u201cGoed\u201d of \u201cfout\u201d",
        "\u2018Goed\u2019 of \u201cfout\u201d",
        "\u201eGoed\u201c of \u201efout\u201c",
    ],
)
def test_a_text_between_two_quoted_words_is_not_one_in_quotes(office: SmallOffice, text: str) -> None:
    assert list(office.with_change("title: Controle", f"title: {text}").diagnostics) == []


@pytest.mark.parametrize("text", ["\u201cFoto\u2019s\u201d", "\u2018Controle\u2019", "\u201eControle\u201c"])
def test_a_text_in_one_pair_of_curly_quotes_is_told(office: SmallOffice, text: str) -> None:
    (found,) = office.with_change("title: Controle", f"title: {text}").diagnostics
    assert found.code.id == "K118"


def test_a_fact_of_an_unknown_type_is_told_once(office: SmallOffice) -> None:
    facts = "facts:\n  - id: saldo\n    title: Saldo\n    type: bedrag\n    set_in: opstellen\n"
    reading = "phases:\n  - id: later\n    title: L\n    role: accountant\n    if: facts.saldo|abs <= 1000\n"
    found = [one for one in office.with_piece(facts + reading).diagnostics if not one.code.last]
    assert [(one.code.id, one.help) for one in found] == [("K123", "did you mean 'money'?")]


def test_whom_a_message_goes_to_of_the_office_is_named_as_a_role(office: SmallOffice) -> None:
    sending = "automations: [{ id: a, at: entered, send: { message: ter-accordering, to: accountant } }]\n"
    piece = f"phases:\n  - id: later\n    title: L\n    role: accountant\n    {sending}"
    found = [one for one in office.with_piece(piece).diagnostics if not one.code.last]
    assert [one.help for one in found] == ["for colleagues write { role: accountant }"]


def test_a_thousand_unknown_keys_cost_as_much_each_as_one(office: SmallOffice) -> None:
    from kantoor import suggest

    suggest._nearest.cache_clear()
    office.with_piece("title: A\n" + "".join(f"sleutel{n}: 1\n" for n in range(1000)))
    assert suggest._nearest.cache_info().misses < 3 * 1000


def test_an_ending_in_capitals_is_told_as_such(office: SmallOffice) -> None:
    compilation = office.with_piece("title: A\n", "roles/fiscaal.YAML")
    assert [d.message for d in compilation.diagnostics] == ["expected a file name ending in .yaml"]
