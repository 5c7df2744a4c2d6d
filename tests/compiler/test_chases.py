"""Chases: what is wrong with one is found wherever the language allows it, once."""

import pytest

from kantoor.compiler import Compilation
from kantoor.compiler.examples import WORKFLOW

from .conftest import SmallOffice, codes, messages

FORM = "title: Stukken\nitems:\n  - id: bank\n    title: Bankafschriften\n    required: true\n"
TARGET = "    due: { before: deadlines.aangifte, workdays: 8 }\n"


def work(*lines: str, phase: str = "opstellen", role: str = "administratie") -> str:
    head = f"phases:\n  - id: {phase}\n    title: Werk\n    role: {role}\n"
    return head + "".join(f"    {line}\n" for line in lines)


def wherever(chase: str) -> dict[str, str]:
    """Return a piece for every place of a chase: work of administratie from the day after the period."""
    first = "not_before: { after: period.end, days: 1 }"
    asked = ("automations:", "  - id: stukken", "    at: entered")
    request = (*asked, "    request: { form: stukken, message: ter-accordering }", f"    chase: {chase}")
    given = "    task: { title: Bel, to: { role: administratie } }"
    offer = "offer: { documents: [aangifte], chase: " + chase + " }"
    wait = ("wait:", "  for: [{ notice: aanslag }, { date: { after: period.end, months: 9 } }]")
    return {
        "work": work(first, f"chase: {chase}"),
        "request": work(first, *request),
        "task": work(first, *asked, given, f"    chase: {chase}"),
        "offer": work(first, "back_to: opstellen", offer, phase="aanbieden"),
        "wait": work(first, *wait, f"  chase: {chase}", phase="afwachten"),
    }


PLACES = list(wherever(""))


def report(office: SmallOffice, piece: str) -> list[str]:
    office.with_piece(FORM, "forms/stukken.yaml")
    found = codes(office.with_piece(piece))
    return [code for code in found if code != "K686"]  # the small office has one message, for all readers


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("code", "remind", "escalate"),
    [
        ("", 3, "before: deadlines.aangifte, workdays: 4, role: accountant"),
        ("K405", 3, "before: period.end, days: 10, role: accountant"),
        ("K404", 28, "before: deadlines.aangifte, workdays: 4, role: accountant"),
        ("K480", 3, "before: deadlines.aangifte, workdays: 4, role: administratie"),
    ],
)
def test_a_chase_is_judged_in_the_same_way_wherever_it_is(
    office: SmallOffice, place: str, code: str, remind: int, escalate: str
) -> None:
    reminders = f"remind: {{ every_days: {remind}, at_most: 2, message: ter-accordering }}"
    chase = f"{{ {reminders}, escalate: {{ {escalate} }} }}"
    assert report(office, wherever(chase)[place]) == ([code] if code else [])


@pytest.mark.parametrize("place", [place for place in PLACES if place != "wait"])
@pytest.mark.parametrize(
    ("code", "chase"),
    [
        ("K404", "{ escalate: { after: deadlines.aangifte, days: 2, role: accountant } }"),
        ("K404", "{ remind: { every_days: 40, at_most: 2, message: ter-accordering } }"),
        ("", "{ remind: { every_days: 20, at_most: 2, message: ter-accordering } }"),
    ],
)
def test_a_chase_before_the_delivery_helps_before_its_deadline(
    office: SmallOffice, place: str, code: str, chase: str
) -> None:
    own = {"offer": ["K401"]}.get(place, []) if "escalate" not in chase else []
    own = own or ({"offer": ["K402"]}.get(place, []) if "remind" not in chase else [])
    assert report(office, wherever(chase)[place]) == sorted([*own, *([code] if code else [])])


@pytest.mark.parametrize("place", ["work", "request"])
def test_an_escalation_goes_to_nobody_whom_four_eyes_keeps_from_the_phase(
    office: SmallOffice, place: str
) -> None:
    chase = "{ escalate: { before: deadlines.aangifte, workdays: 4, role: administratie } }"
    piece = wherever(chase)[place].replace("role: administratie\n", "role: accountant\n")
    piece = piece.replace("id: opstellen\n", "id: nazien\n").replace(
        "    not_before", "    four_eyes: [opstellen]\n    not_before"
    )
    assert report(office, piece) == ["K481"]


@pytest.mark.parametrize(
    ("role", "phase"),
    [("administratie", "opstellen"), ("accountant", "controle"), ("relatiebeheerder", None)],
)
def test_an_exception_to_four_eyes_is_given_by_a_role_without_a_part_in_the_work(
    office: SmallOffice, role: str, phase: str | None
) -> None:
    rule = "    four_eyes: [opstellen]\n"
    said = f"role '{role}' works on '{phase}', and who works on it gives no exception"
    found = messages(office.with_change(rule, f"{rule}    four_eyes_exception: {role}\n"))
    assert found == ([said] if phase else [])


def test_a_task_of_another_role_may_escalate_to_that_of_the_phase(office: SmallOffice) -> None:
    chase = "{ escalate: { before: deadlines.aangifte, workdays: 4, role: administratie } }"
    piece = wherever(chase)["task"].replace("to: { role: administratie }", "to: { role: relatiebeheerder }")
    assert report(office, piece) == []
    compilation = office.with_piece(piece.replace("to: { role: relatiebeheerder }", "to: primary_contact"))
    assert messages(compilation) == ["'stukken' is the work of role 'administratie' already"]


def test_what_is_asked_on_a_later_day_escalates_after_that(office: SmallOffice) -> None:
    chase = "{ escalate: { after: period.end, days: 9, role: accountant } }"
    asked = wherever(chase)["request"].replace("at: entered", "at: { after: period.end, days: 10 }")
    office.with_piece(FORM, "forms/stukken.yaml")
    compilation = office.with_piece(asked)
    assert codes(compilation) == ["K405"]
    assert "before this is asked" in messages(compilation)[0]
    assert report(office, asked.replace("days: 10", "days: 8")) == []


def test_the_chase_of_a_template_is_told_once_for_all_phases(office: SmallOffice) -> None:
    def compile_with(workdays: int, role: str) -> Compilation:
        other = f"  - id: nazien\n    title: Nazien\n    role: {role}\n{TARGET.replace('8', '2')}"
        chase = f"chase: {{ workdays: {workdays}, role: relatiebeheerder }}\n"
        text = without_target.replace("phases:\n", f"{chase}phases:\n").replace(
            "    not_before", TARGET + "    not_before"
        )
        text = text.replace("  - id: indienen", f"{other}  - id: indienen")
        (office.folder / WORKFLOW).write_text(text, "utf-8")
        return office.compile()

    without_target = office.with_piece("title: Aangifte btw\n").sources[WORKFLOW].text
    late = compile_with(9, "accountant")
    assert codes(late) == ["K404"]
    assert tuple(late.diagnostics[0].span)[1:3] == office.place("9, role")
    assert codes(compile_with(1, "accountant")) == []
    barred = compile_with(1, "relatiebeheerder")
    assert messages(barred) == ["'nazien' is the work of role 'relatiebeheerder' already"]


def test_the_chase_of_a_template_bars_nobody_by_four_eyes(office: SmallOffice) -> None:
    checked = "    due: { before: deadlines.aangifte, workdays: 4 }\n"
    text = office.with_piece("title: Aangifte btw\n").sources["workflows/btw-aangifte.yaml"].text
    text = text.replace("    back_to: opstellen\n", "    back_to: opstellen\n" + checked, 1)
    text = "chase: { workdays: 1, role: administratie }\n" + text
    (office.folder / "workflows/btw-aangifte.yaml").write_text(text, "utf-8")
    compilation = office.compile()
    assert messages(compilation) == [
        "role 'administratie' works on 'opstellen', and four eyes keeps it from 'controle'"
    ]


@pytest.mark.parametrize(
    "piece",
    [
        work(
            "back_to: opstellen",
            "deliver: { document: aangifte, deadline: aangifte }",
            "chase: { escalate: { before: deadlines.aangifte, workdays: 4, role: accountant } }",
            phase="indienen",
        ),
        wherever("{ escalate: { before: deadlines.aangifte, workdays: 4, role: accountant } }")[
            "task"
        ].replace("at: entered", "at: completed"),
    ],
    ids=["of a delivery", "of a task that is made when its phase is over"],
)
def test_a_chase_that_chases_nobody_is_told(office: SmallOffice, piece: str) -> None:
    assert codes(office.with_piece(piece)) == ["K403"]


def test_a_target_before_what_goes_before_begins_is_told_once(office: SmallOffice) -> None:
    compilation = office.with_piece(
        work("not_before: { after: period.end, days: 20 }")
        + "  - id: nakijken\n    title: Nakijken\n    role: accountant\n"
        + "    due: { after: period.end, days: 10 }\n"
        + "  - id: narekenen\n    title: Narekenen\n    role: accountant\n"
        + "    due: { after: period.end, days: 11 }\n"
    )
    assert codes(compilation) == ["K508"]
    (found,) = compilation.diagnostics
    assert tuple(found.span)[1:3] == office.place("period.end, days: 10")
    assert tuple(found.related[0].span)[1:3] == office.place("period.end, days: 20")


def test_a_first_day_after_the_deadline_is_told_and_no_chase_that_follows_from_it(
    office: SmallOffice,
) -> None:
    late = wherever("{ escalate: { before: deadlines.aangifte, workdays: 4, role: accountant } }")["request"]
    assert report(office, late.replace("days: 1 }", "days: 40 }")) == ["K507"]


def test_a_request_after_the_deadline_is_told(office: SmallOffice) -> None:
    office.with_piece(FORM, "forms/stukken.yaml")
    asked = wherever("{}")["request"].replace("        chase: {}\n", "")
    compilation = office.with_piece(asked.replace("at: entered", "at: { after: period.end, days: 70 }"))
    assert codes(compilation) == ["K512"]
    assert messages(compilation)[0].startswith("the client is asked after the deadline")
