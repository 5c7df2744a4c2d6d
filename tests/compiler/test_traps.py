"""What people type that YAML stumbles over is explained where it is, with what to do."""

from typing import NamedTuple

import pytest

from kantoor.compiler.examples import WORKFLOW

from .conftest import SmallOffice

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
    Trap("{{ filing.link }}", "{{ filing.link }", "K606", "filing.link", "two braces", MESSAGE),
    Trap("{{ filing.link }}", "{ filing.link }}", "K611", "filing.link", "write {{ filing.link }}", MESSAGE),
    Trap("body: |\n", "body:\n", "K101", "body:", "write 'body: |'", MESSAGE),
    Trap("body: |\n      {{ contact.salutation }}", "body: Beste klant", "K101", "body:", "body: |", MESSAGE),
]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.help)
def test_a_trap_is_told_where_it_is(office: SmallOffice, trap: Trap) -> None:
    compilation = office.with_change(trap.old, trap.new, trap.path)
    (found,) = (one for one in compilation.diagnostics if not one.code.last)
    assert found.code.id == trap.code
    assert found.span.line == office.place(trap.at, trap.path)[0]
    assert trap.help in (found.help or "")


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
