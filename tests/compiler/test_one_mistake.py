"""A word, list or mapping in the place of another is one mistake; what follows from it is not told."""

import shutil

import pytest

from kantoor.compiler.diagnostics import Diagnostic
from kantoor.compiler.workspace import Workspace

from ..shipped import DEFINITIONS

TEMPLATE = "workflows/jaarrekening.yaml"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("one") / "definitions"
    shutil.copytree(DEFINITIONS, folder)
    return Workspace(folder)


def write(office: Workspace, old: str, new: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong once the template has one text instead of another, at the first place."""
    text = (office.folder / TEMPLATE).read_text("utf-8")
    assert old in text
    return office.compile({TEMPLATE: text.replace(old, new, 1)}).diagnostics


PERSON = "        if: not relation.natural_person\n"
FORMS = "relation.legal_form in ['bv', 'nv', 'cooperatie', 'owm'] or facts"
DELIVERED = "    deliver: { document: publicatiestuk, deadline: deponeren }"
NOT_QUOTED: dict[str, tuple[str, str, str, str]] = {
    "of a checkpoint": (
        PERSON,
        "        if: relation.legal_form in [bv, nv]\n",
        "unknown variables 'bv' and 'nv'",
        "put text in quotes: ['bv', 'nv']",
    ),
    "of a deadline that a delivery is for": (
        FORMS,
        "relation.legal_form in [bv, nv] or facts",
        "unknown variables 'bv' and 'nv'",
        "put text in quotes: ['bv', 'nv']",
    ),
    "some of them": (
        PERSON,
        "        if: relation.legal_form not in ['bv', nv, cooperatie]\n",
        "unknown variables 'nv' and 'cooperatie'",
        "put text in quotes: ['bv', 'nv', 'cooperatie']",
    ),
    "of a fact": (
        PERSON,
        "        if: facts.klasse in [micro, klein]\n",
        "unknown variables 'micro' and 'klein'",
        "put text in quotes: ['micro', 'klein']",
    ),
    "one alone": (
        PERSON,
        "        if: relation.legal_form in ['bv', nv]\n",
        "unknown variable 'nv'",
        "put text in quotes: 'nv'",
    ),
}


@pytest.mark.parametrize("which", NOT_QUOTED)
def test_words_without_quotes_in_a_list_of_a_condition_are_one_mistake(office: Workspace, which: str) -> None:
    old, new, message, help = NOT_QUOTED[which]
    (found,) = write(office, old, new)
    assert (found.code.id, found.message, found.help) == ("K602", message, help)


@pytest.mark.parametrize(
    "id",
    [
        *("jaarrekening", "vastgesteld_op", "deponeren", "opmaken", "vaststelling", "groot"),
        *("bezwaar", "aanslag_op", "tweede_aanslag_afwachten", "becon", "niet_ingediend"),
    ],
)
def test_what_names_a_part_with_an_invalid_id_is_not_told_beside_it(office: Workspace, id: str) -> None:
    texts = {
        path: (office.folder / path).read_text("utf-8") for path in (TEMPLATE, "workflows/aangifte-ib.yaml")
    }
    path, text = next((path, text) for path, text in texts.items() if f"id: {id}\n" in text)
    for invalid in (id.title(), f'"{id}, ook"', f"{id}-2"):
        changed = text.replace(f"id: {id}\n", f"id: {invalid}\n", 1)
        found = office.compile({path: changed}).diagnostics
        assert [one.code.id for one in found] == ["K125"], (invalid, found)


@pytest.mark.parametrize(
    ("id", "old", "new", "code"),
    [
        ("publicatiestuk", "made_in: samenstellen", "made_in: samenstelen", "K204"),
        ("uitvraag", "back_to: samenstellen", "back_to: samenstelen", "K204"),
        ("deponeren", "after: deadlines.opmaken", "after: deadlines.opmakken", "K502"),
        ("klasse", "facts.boven_omzetgrens", "facts.boven_omztgrens", "K602"),
    ],
)
def test_an_invalid_id_hides_only_names_that_are_like_it(
    office: Workspace, id: str, old: str, new: str, code: str
) -> None:
    text = (office.folder / TEMPLATE).read_text("utf-8")
    assert old in text
    changed = text.replace(f"id: {id}\n", f"id: {id.title()}\n", 1).replace(old, new, 1)
    found = office.compile({TEMPLATE: changed}).diagnostics
    assert {one.code.id for one in found} == {"K125", code}, found


def test_an_invalid_id_hides_no_target_that_is_before_another(office: Workspace) -> None:
    path = "workflows/btw-aangifte.yaml"
    text = (office.folder / path).read_text("utf-8")
    changed = text.replace("- id: afronden\n", "- id: Afronden\n")
    changed = changed.replace(
        "due: { before: deadlines.aangifte, workdays: 3 }", "due: { before: deadlines.aangifte, workdays: 9 }"
    )
    found = office.compile({path: changed}).diagnostics
    assert [one.code.id for one in found] == ["K511", "K125"], found


OTHER_FORMS: dict[str, tuple[str, str, str]] = {
    "a condition is a list": (PERSON, "        if: [bv, nv]\n", "K122"),
    "a condition is a list of conditions": (
        PERSON,
        "        if: [not relation.natural_person, facts.boven_omzetgrens]\n",
        "K122",
    ),
    "a condition is a mapping": (PERSON, "        if: { not: relation.natural_person }\n", "K122"),
    "a condition is a list in one text": (PERSON, '        if: "[bv, nv]"\n', "K605"),
    "one of a list is compared with ==": (PERSON, "        if: relation.legal_form == [bv, nv]\n", "K605"),
    "after in comes a word": (PERSON, "        if: relation.legal_form in bv\n", "K605"),
    "after in comes a set": (PERSON, "        if: relation.legal_form in {bv, nv}\n", "K601"),
    "products are a word": ("products: [jaarrekening]", "products: jaarrekening", "K122"),
    "offered documents are a word": (
        "      documents: [jaarrekening]\n      to: {",
        "      documents: jaarrekening\n      to: {",
        "K122",
    ),
    "reviews are lists in a list": ("    reviews: [jaarrekening]", "    reviews: [[jaarrekening]]", "K122"),
    "four eyes are a mapping": ("four_eyes: [samenstellen]", "four_eyes: { phase: samenstellen }", "K122"),
    "four eyes are mappings in a list": (
        "four_eyes: [samenstellen]",
        "four_eyes: [{ phase: samenstellen }]",
        "K122",
    ),
    "a title is a list": ("title: Jaarrekening\n", "title: [Jaarrekening, Rekening]\n", "K122"),
    "a phase is a list": ("back_to: publicatie\n", "back_to: [publicatie, ondertekenen]\n", "K122"),
    "options are words": (
        "      - id: micro\n        title: Micro\n      - id: klein\n        title: Klein\n",
        "      - micro\n      - klein\n",
        "K122",
    ),
    "a delivery is a list": (DELIVERED, "    deliver: [publicatiestuk, deponeren]", "K122"),
    "a delivered document is a list": (
        DELIVERED,
        "    deliver: { document: [publicatiestuk], deadline: deponeren }",
        "K122",
    ),
    "a message is a list": ("{ message: jaarrekening-gedeponeerd }", "[jaarrekening-gedeponeerd]", "K122"),
    "a number is a mapping": ("every_days: 14", "every_days: { days: 14 }", "K122"),
    "a date is a list of its words": (
        "due: { before: deadlines.deponeren, workdays: 2 }",
        "due: [before, deadlines.deponeren, workdays, 2]",
        "K122",
    ),
    "a date is in a list": (
        "created: { after: period.end, days: 1 }",
        "created: [{ after: period.end, days: 1 }]",
        "K122",
    ),
    "recipients are a list": (
        "to: { function: directeur, decide: all }   #",
        "to: [directeur, aandeelhouder]   #",
        "K122",
    ),
}


@pytest.mark.parametrize("which", OTHER_FORMS)
def test_another_form_than_a_key_takes_is_one_mistake(office: Workspace, which: str) -> None:
    old, new, code = OTHER_FORMS[which]
    found = write(office, old, new)
    assert [one.code.id for one in found] == [code], [one.message for one in found]


def test_the_other_items_of_a_list_that_are_wrong_alike_are_shown_with_the_first(office: Workspace) -> None:
    old, new, _ = OTHER_FORMS["options are words"]
    (found,) = write(office, old, new)
    assert found.help == "write a block below it, or in braces, with 'id' and 'title'"
    assert [(one.line, one.column) for one in found.also] == [(found.span.line + 1, found.span.column)]


def test_a_condition_that_is_wrong_is_told_and_nothing_that_would_hang_on_it(office: Workspace) -> None:
    made = "    if: facts.klasse not in ['middelgroot', 'groot']\n\n  - id: publicatiestuk"
    found = write(office, made.split("\n")[0], "    if: facts.klase not in ['middelgroot']")
    assert [one.code.id for one in found] == ["K602"]
    skipped = "    if: >-\n      not relation.natural_person and relation.legal_form not in ['maatschap'"
    found = write(office, skipped, skipped.replace("natural_person", "natuurlijk"))
    assert [one.code.id for one in found] == ["K602"]


def compile_with(office: Workspace, path: str, old: str, new: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong once a file has one text instead of another, wherever it is."""
    text = (office.folder / path).read_text("utf-8")
    assert old in text
    return office.compile({path: text.replace(old, new)}).diagnostics


IB, VPB = "workflows/aangifte-ib.yaml", "workflows/aangifte-vpb.yaml"
_TWO = (
    "          - { id: een, title: Een, role: secretariaat }\n"
    "          - { id: twee, title: Twee, role: secretariaat }\n"
)
_ASKED = "request: { form: ib-profiel, message: ib-uitvraag }"
_BTW = "workflows/btw-aangifte.yaml"
ONCE: dict[str, tuple[str, str, str, str, str]] = {
    "a group has its Dutch name": ("workflows/onboarding.yaml", "- together:", "- samen:", "K120", ""),
    "a group has another name": ("workflows/onboarding.yaml", "- together:", "- tegelijk:", "K120", ""),
    "a group is in a group, and is misspelled": (
        "workflows/onboarding.yaml",
        "      - id: overdracht\n",
        f"      - togehter:\n{_TWO}      - id: overdracht\n",
        "K120",
        "",
    ),
    "a phase has nothing but its id": (
        _BTW,
        "    title: Controle\n    role: accountant\n",
        "",
        "K121",
        "",
    ),
    "a request has no value": (IB, _ASKED, "request:", "K122", ""),
    "a request is a word": (IB, _ASKED, "request: ib-profiel", "K122", ""),
    "a request is misspelled": (IB, _ASKED, _ASKED.replace("request", "reqeust"), "K120", ""),
    "a form that a list reads is not asked": (IB, _ASKED, _ASKED.replace("profiel", "stukken"), "K602", ""),
    "a text names a fact of no template": (
        "messages/btw-ingediend.yaml",
        "{{ period.words }}",
        "{{ facts.onzin }}",
        "K602",
        "",
    ),
    "a text names a fact of another template": (
        "messages/vpb-ingediend.yaml",
        "{{ period.words }}",
        "{{ facts.saldo }}",
        "K621",
        VPB,
    ),
    "a text that is sent twice names a fact too early": (
        "messages/ib-uitvraag-herinnering.yaml",
        "{{ period.words }}",
        "{{ facts.aanslag_op }}",
        "K621",
        IB,
    ),
    "a target is after the deadline": (
        _BTW,
        "due: { before: deadlines.aangifte, workdays: 12 }",
        "due: { after: deadlines.aangifte, workdays: 12 }",
        "K507",
        "",
    ),
    "an end is named as a phase, and nearly": (
        VPB,
        "then: ends.geen_aanslag",
        "then: geen_aanslagen",
        "K204",
        "",
    ),
}


@pytest.mark.parametrize("which", ONCE)
def test_what_follows_from_one_mistake_is_not_told_as_well(office: Workspace, which: str) -> None:
    path, old, new, code, told = ONCE[which]
    found = compile_with(office, path, old, new)
    told_of = [(one.code.id, one.span.path) for one in found if one.span.path == (told or path)]
    assert told_of
    assert {one.code.id for one in found} == {code}
    assert len(found) == (1 if told or code != "K602" else len(told_of))
    assert all(one.help for one in found)


@pytest.mark.parametrize(
    ("source", "place", "home"),
    [
        ("workflows/icp-opgaaf.yaml", "roles/extra.yaml", "workflows/extra.yaml"),
        ("messages/btw-stukken.yaml", "workflows/extra.yaml", "messages/extra.yaml"),
        ("roles/accountant.yaml", "workflows/extra.yaml", "roles/extra.yaml"),
        ("forms/ib-profiel.yaml", "messages/extra.yaml", "forms/extra.yaml"),
        ("products/aangifte-btw.yaml", "roles/extra.yaml", "products/extra.yaml"),
        ("law/btw-tarieven.yaml", "products/extra.yaml", "law/extra.yaml"),
    ],
)
def test_a_file_in_the_folder_of_another_kind_is_one_mistake_and_told_where_it_belongs(
    office: Workspace, source: str, place: str, home: str
) -> None:
    (found,) = office.compile({place: (office.folder / source).read_text("utf-8")}).diagnostics
    assert (found.code.id, found.span.path, found.help) == ("K113", place, f"move it to {home}")


def test_a_date_of_a_filing_that_starts_by_hand_is_held_to_its_creation_in_each_alternative(
    office: Workspace,
) -> None:
    """Without postponement the deadline is earlier, and the escalation before the year is over."""
    (found,) = compile_with(office, VPB, "          workdays: 38\n", "          workdays: 120\n")
    assert found.code.id == "K405"
    assert not compile_with(office, VPB, "          workdays: 38\n", "          workdays: 90\n")


def test_an_operator_of_another_language_is_shown_on_its_line_of_a_folded_condition(
    office: Workspace,
) -> None:
    for old, written in (("and facts.door", "&& facts.door"), ("'bv' and", "\u2018bv\u2019 and")):
        (found,) = write(office, old, written)
        text = (office.folder / TEMPLATE).read_text("utf-8").replace(old, written, 1)
        line = text.split("\n")[found.span.line - 1]
        assert written in line
        assert line[found.span.column - 1 :].startswith(written[0])
