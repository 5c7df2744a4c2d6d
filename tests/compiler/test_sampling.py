"""Samples: the compiler knows which filings there can be."""

from datetime import date

import pytest

from kantoor.compiler.definitions import load
from kantoor.compiler.examples import WORKFLOW, Example, lay_out, small_office
from kantoor.compiler.logic import Logic
from kantoor.compiler.sampling import cases, list_cases

from .conftest import SmallOffice, codes


@pytest.mark.parametrize(
    ("piece", "kinds"),
    [
        ("period: by_product\n", {"month", "quarter", "year"}),
        ("period: quarter\n", {"quarter"}),
        ("products: [weg]\n", set()),  # not known, so nothing is said of its dates
    ],
)
def test_filings_are_of_the_kinds_of_period_that_the_template_can_have(
    office: SmallOffice, piece: str, kinds: set[str]
) -> None:
    office.with_piece(piece)
    definitions, _ = load(office.folder)
    (template,) = [template for _, template in definitions.templates()]
    assert {case.kind for case in cases(template, Logic(definitions, template))} == kinds


def test_a_case_takes_alternatives_that_can_hold_together(office: SmallOffice) -> None:
    office.with_piece(
        "period: month\ndeadlines:\n"
        "  - id: aangifte\n    title: A\n    due:\n"
        "      - { if: product.foreign, after: period.end, months: 2, day: last }\n"
        "      - { after: period.end, months: 1, day: last }\n"
        "  - id: betalen\n    title: B\n    due:\n"
        "      - { if: not product.foreign, after: period.end, days: 10 }\n"
        "      - { after: period.end, days: 20 }\n"
    )
    definitions, _ = load(office.folder)
    (template,) = [template for _, template in definitions.templates()]
    january = [
        {name: days.each[0] for name, days in case.anchors.items()}
        for case in cases(template, Logic(definitions, template))
    ]
    days = {(anchors["deadlines.aangifte"], anchors["deadlines.betalen"]) for anchors in january}
    assert (date(2027, 3, 31), date(2027, 2, 10)) not in days  # foreign and not foreign at once
    assert (date(2027, 3, 31), date(2027, 2, 20)) in days
    assert january[0]["filing.start"] == date(2026, 12, 31)


_TERM = (
    "facts:\n  - { id: dagtekening, title: D, type: date, set_in: opstellen }\n"
    "deadlines:\n  - { id: bezwaar, title: B, due: [{ after: facts.dagtekening, months: 1 }] }\n"
    "phases:\n  - id: opstellen\n    title: Opstellen\n    role: accountant\n"
    "    due: { before: deadlines.bezwaar, workdays: 40 }\n"
)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("", ["K510"]),
        ("    not_before: { after: facts.dagtekening, days: 1 }\n", []),  # the day lies ahead
        (
            "    automations:\n      - id: bel\n        at: { before: facts.dagtekening, days: 9 }\n"
            "        task: { title: Bel, to: { role: accountant } }\n",
            [],
        ),
    ],
)
def test_a_term_begins_on_the_day_of_its_fact_unless_that_lies_ahead(
    office: SmallOffice, more: str, found: list[str]
) -> None:
    assert [code for code in codes(office.with_piece(_TERM + more)) if code in ("K508", "K510")] == found


def test_what_no_period_tells_is_counted_from_every_day_by_itself(office: SmallOffice) -> None:
    office.with_piece(_TERM)
    definitions, _ = load(office.folder)
    (template,) = [template for _, template in definitions.templates()]
    (term,) = [case for case in list_cases(definitions, template) if case.anchor]
    due = dict(
        zip(term.anchors["facts.dagtekening"].each, term.anchors["deadlines.bezwaar"].each, strict=True)
    )
    assert due[date(2027, 1, 31)] == date(2027, 2, 28)
    assert due[date(2028, 1, 30)] == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("weeks: 2", "workdays: 10", []),
        ("workdays: 20", "weeks: 4", []),
        ("months: 1", "days: 30", ["K511"]),
        ("days: 30", "months: 1", ["K511"]),
        ("days: 28", "months: 1", []),
        ("weeks: 2", "workdays: 9", ["K511"]),
        ("workdays: 11", "weeks: 2", ["K511"]),
        ("days: 35", "months: 1", ["K511"]),
    ],
)
def test_lengths_in_other_units_are_turned_where_they_are_on_most_days(
    office: SmallOffice, first: str, second: str, found: list[str]
) -> None:
    text = "period: month\nphases:\n" + "".join(
        f"  - {{ id: {name}, title: {name}, role: accountant, due: {{ after: period.end, {length} }} }}\n"
        for name, length in (("een", first), ("twee", second))
    )
    told = [one for one in office.with_piece(text).diagnostics if one.code.id == "K511"]
    assert [one.code.id for one in told] == found, told


@pytest.mark.parametrize(
    ("law", "first", "workdays", "found"),
    [
        ("", "days: 40", 11, []),
        ("", "days: 45", 11, ["K511"]),
        # A month is later than eight weeks less eighteen working days on about one day in four.
        ("", "months: 1", 18, ["K511"]),
        ("", "months: 1", 15, []),
        ("law: AWR art. 10a, ", "days: 40", 11, ["K511"]),
    ],
)
def test_only_weekends_may_turn_lengths_from_one_day_and_no_deadline_by_law_between(
    office: SmallOffice, law: str, first: str, workdays: int, found: list[str]
) -> None:
    text = (
        "facts:\n  - { id: ontdekt_op, title: Ontdekt op, type: date, set_in: nul }\n"
        f"deadlines:\n  - {{ id: melden, title: M, {law}due: [{{ after: facts.ontdekt_op, days: 56 }}] }}\n"
        "phases:\n  - { id: nul, title: nul, role: accountant }\n"
        f"  - {{ id: een, title: een, role: accountant, due: {{ after: facts.ontdekt_op, {first} }} }}\n"
        "  - { id: twee, title: twee, role: accountant, "
        f"due: {{ before: deadlines.melden, workdays: {workdays} }} }}\n"
    )
    told = [one for one in office.with_piece(text).diagnostics if one.code.id == "K511"]
    assert [one.code.id for one in told] == found, told


@pytest.mark.parametrize(
    ("by_law", "first", "second"),
    [
        ("months: 2", "days: 59", "days: 1"),
        ("weeks: 6", "workdays: 23", "days: 10"),
    ],
)
def test_a_review_that_is_due_before_its_work_in_some_months_is_told(
    office: SmallOffice, by_law: str, first: str, second: str
) -> None:
    files = small_office()[WORKFLOW]
    changed = (
        files.replace("{ after: period.end, months: 1, day: last }", f"{{ after: period.end, {by_law} }}")
        .replace("    reviews:", f"    due: {{ before: deadlines.aangifte, {second} }}\n    reviews:")
        .replace("    not_before: {", f"    due: {{ after: period.end, {first} }}\n    not_before: {{", 1)
    )
    lay_out(Example(changed, how="whole"), office.folder)
    assert codes(office.compile()) == ["K509"]


@pytest.mark.parametrize("by_law", [True, False])
@pytest.mark.parametrize("length", ["weeks: 8", "days: 60", "months: 2", "months: 1, day: last"])
@pytest.mark.parametrize(
    ("work", "review", "found"),
    [("workdays: 10", "weeks: 2", []), ("workdays: 5", "days: 7", []), ("workdays: 9", "weeks: 2", ["K509"])],
)
def test_lengths_before_one_deadline_are_turned_by_more_than_weekends(
    office: SmallOffice, by_law: bool, length: str, work: str, review: str, found: list[str]
) -> None:
    due = "    due: { before: deadlines.aangifte, "
    changed = (
        small_office()[WORKFLOW]
        .replace("{ after: period.end, months: 1, day: last }", f"{{ after: period.end, {length} }}")
        .replace("    law: AWR art. 10 en 19\n", "    law: AWR art. 10 en 19\n" if by_law else "")
        .replace("    reviews:", f"{due}{review} }}\n    reviews:")
        .replace("    not_before: {", f"{due}{work} }}\n    not_before: {{", 1)
    )
    lay_out(Example(changed, how="whole"), office.folder)
    assert codes(office.compile()) == found
