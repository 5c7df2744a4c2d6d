"""Facts of a template: how they are lowered, what may read them where, and what is reported."""

import pytest

from kantoor.compiler import compile_definitions
from kantoor.plan import (
    Absolute,
    Compare,
    DateRule,
    FactDefinition,
    ListOf,
    LiteralValue,
    Logic,
    Name,
    Option,
)

from .conftest import SmallOffice, codes, messages

FACTS = """facts:
  - id: klasse
    title: Grootteklasse
    type: choice
    set_in: opstellen
    options:
      - id: micro
        title: Micro
      - id: klein
        title: Klein
  - id: saldo
    title: Saldo
    type: money
    set_in: [opstellen, controle]
    optional: true
  - id: plicht
    title: Plicht
    type: yes_no
    set_in: opstellen
  - id: besproken_op
    title: Besproken op
    type: date
    set_in: controle
"""


def close(*lines: str) -> str:
    head = "phases:\n  - id: nazorg\n    title: Nazorg\n    role: accountant\n"
    return head + "".join(f"    {line}\n" for line in lines)


USED = close("if: facts.klasse == 'micro' or facts.plicht")


def condition(office: SmallOffice, text: str) -> object:
    compilation = office.with_piece(FACTS + close(f"if: {text}"))
    (plan,) = compilation.plans.values()
    return plan.phase("nazorg").condition


def test_facts_are_lowered_with_their_phases_and_options(office: SmallOffice) -> None:
    plan = office.plan(FACTS + USED)
    assert plan.facts[0] == FactDefinition(
        id="klasse",
        title="Grootteklasse",
        type="choice",
        set_in=("opstellen",),
        options=(Option(id="micro", title="Micro"), Option(id="klein", title="Klein")),
    )
    assert (plan.facts[1].set_in, plan.facts[1].optional) == (("opstellen", "controle"), True)


@pytest.mark.parametrize(
    ("text", "lowered"),
    [
        (
            "facts.saldo|abs <= 1000",
            Compare(
                by="le",
                left=Absolute(of=Name(path=("facts", "saldo"))),
                right=LiteralValue(value=100_000),
            ),
        ),
        (
            "-5 < facts.saldo",
            Compare(by="lt", left=LiteralValue(value=-500), right=Name(path=("facts", "saldo"))),
        ),
        (
            "facts.saldo in [0, 12]",
            Compare(
                by="in",
                left=Name(path=("facts", "saldo")),
                right=ListOf(items=(LiteralValue(value=0), LiteralValue(value=1200))),
            ),
        ),
        (
            "facts.saldo == none",
            Compare(by="eq", left=Name(path=("facts", "saldo")), right=LiteralValue(value=None)),
        ),
    ],
)
def test_an_amount_is_compared_with_whole_euros(office: SmallOffice, text: str, lowered: object) -> None:
    assert condition(office, text) == lowered


def test_an_amount_between_two_others_has_both_in_cents(office: SmallOffice) -> None:
    between = condition(office, "0 < facts.saldo < 1000")
    assert isinstance(between, Logic)
    sides = [(c.left, c.right) for c in between.of if isinstance(c, Compare)]
    name = Name(path=("facts", "saldo"))
    assert sides == [(LiteralValue(value=0), name), (name, LiteralValue(value=100_000))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("facts.klass == 'micro'", "K602"),
        ("facts.klasse == 'groot'", "K604"),
        ("facts.saldo > period.year", "K603"),
        ("facts.saldo == '1000'", "K603"),
        ("facts.saldo > 10.50", "K605"),
        ("facts.klasse > 'klein'", "K603"),
        ("facts.besproken_op", "K603"),
        ("facts.klasse == 'micro' and facts.klasse == 'klein'", "K316"),
        ("facts.plicht and not facts.plicht", "K316"),
    ],
)
def test_a_condition_over_facts_is_checked_by_type_and_options(
    office: SmallOffice, text: str, code: str
) -> None:
    assert code in codes(office.with_piece(FACTS + close(f"if: {text}")))


@pytest.mark.parametrize(
    "text",
    [
        "facts.klasse != 'micro' and facts.klasse != 'klein'",
        "facts.plicht == none",
        "facts.besproken_op > '2026-01-31'",
    ],
)
def test_a_fact_may_also_be_unrecorded(office: SmallOffice, text: str) -> None:
    compilation = office.with_piece(FACTS + close(f"if: {text}"))
    assert not compilation.errors


def test_a_deadline_hangs_on_a_fact_a_phase_or_the_end_of_the_year_and_has_a_latest_day(
    office: SmallOffice,
) -> None:
    plan = office.plan(
        FACTS + USED + "deadlines:\n"
        "  - id: a\n    title: A\n    due: [{ after: facts.besproken_op, weeks: 2 }]\n"
        "    latest: { after: period.year_end, months: 3 }\n"
        "  - id: b\n    title: B\n    due: [{ after: phases.aanbieden, workdays: 3 }]\n"
    )
    a, b = plan.deadline("a"), plan.deadline("b")
    assert a.due[0].rule == DateRule(anchor="facts.besproken_op", weeks=2)
    assert a.latest == DateRule(anchor="period.year_end", months=3)
    assert b.due[0].rule == DateRule(anchor="phases.aanbieden", workdays=3)


def test_a_phase_begins_after_another_one_or_on_a_recorded_day(office: SmallOffice) -> None:
    for anchor in ("phases.aanbieden", "facts.besproken_op"):
        rule = f"not_before: {{ after: {anchor}, workdays: 3 }}"
        compilation = office.with_piece(FACTS + close("if: facts.klasse == 'micro' or facts.plicht", rule))
        assert codes(compilation) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("due: { after: facts.saldo, days: 3 }", "K220"),
        ("due: { after: facts.besproken, days: 3 }", "K220"),
        ("due: { after: phases.aanbidden, days: 3 }", "K204"),
        ("not_before: { after: phases.nazorg, days: 3 }", "K520"),
        ("due: { after: phases.nazorg, days: 3 }", "K521"),
    ],
)
def test_a_date_counts_from_a_fact_or_phase_that_is_there_by_then(
    office: SmallOffice, line: str, code: str
) -> None:
    piece = FACTS + close("if: facts.klasse == 'micro' or facts.plicht", line)
    assert codes(office.with_piece(piece)) == [code]


def test_a_phase_does_not_begin_on_a_fact_that_may_never_be_recorded(office: SmallOffice) -> None:
    optional = FACTS + "    optional: true\n"
    begins = "not_before: { after: facts.besproken_op, days: 3 }"
    piece = close("if: facts.klasse == 'micro' or facts.plicht", begins)
    assert codes(office.with_piece(optional + piece)) == ["K520"]


LATER = (
    "deadlines:\n  - id: bezwaar\n    title: Bezwaar\n    due: [{ after: facts.besproken_op, weeks: 6 }]\n"
)


@pytest.mark.parametrize(("latest", "found"), [("", ["K521"]), ("{ after: period.end, days: 20 }", [])])
def test_a_target_before_a_deadline_that_hangs_on_something_later_needs_its_latest_day(
    office: SmallOffice, latest: str, found: list[str]
) -> None:
    target = WORK + "    due: { before: deadlines.bezwaar, days: 3 }\n" + USE
    line = f"    latest: {latest}\n" if latest else ""
    deadline = "  - id: aangifte\n    title: A\n    due: [{ after: period.end, months: 1 }]\n"
    assert codes(office.with_piece(FACTS + target + LATER + line + deadline)) == found


def test_a_delivery_whose_first_day_hangs_on_something_later_never_begins(office: SmallOffice) -> None:
    later = FACTS.replace("set_in: controle", "set_in: nazorg")
    earliest = (
        "deadlines:\n  - id: aangifte\n    title: A\n    earliest: { after: facts.besproken_op, days: 1 }\n"
        "    due: [{ after: period.end, months: 1, day: last }]\n"
    )
    assert codes(office.with_piece(later + USED + earliest)) == ["K520"]


@pytest.mark.parametrize(("phase", "told"), [("nazorg", True), ("controle", False)])
def test_a_delivery_is_late_by_a_deadline_that_is_known_before_it(
    office: SmallOffice, phase: str, told: bool
) -> None:
    facts = FACTS.replace("set_in: controle", f"set_in: {phase}")
    deadline = LATER.replace("id: bezwaar", "id: aangifte")
    said = "fact 'besproken_op' is recorded later than 'indienen' needs it"
    assert (said in messages(office.with_piece(facts + USED + deadline))) == told


def test_the_day_of_creation_hangs_on_no_fact(office: SmallOffice) -> None:
    compilation = office.with_piece(FACTS + USED + "created: { after: facts.besproken_op, days: 1 }\n")
    assert codes(compilation) == ["K502"]


WORK = "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
USE = (
    "  - id: nazorg\n    title: Nazorg\n    role: accountant\n"
    "    if: facts.klasse == 'micro' or facts.plicht\n"
)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("    checkpoints: [{ id: a, title: A, if: facts.plicht }]\n", []),
        ("    checkpoints: [{ id: a, title: A, if: facts.besproken_op > '2026-01-01' }]\n", ["K620"]),
        ("    checkpoints: [{ id: a, title: A, if: facts.besproken_op != none }]\n", []),
        ("    automations: [{ id: a, at: completed, if: facts.plicht, task: { title: A } }]\n", []),
        ("    automations: [{ id: a, at: entered, if: facts.plicht, task: { title: A } }]\n", ["K620"]),
    ],
)
def test_what_is_read_on_entering_reads_facts_of_earlier_phases_and_the_rest_those_of_its_own(
    office: SmallOffice, lines: str, found: list[str]
) -> None:
    assert codes(office.with_piece(FACTS + WORK + lines + USE)) == found


def test_a_fact_that_is_read_too_early_is_shown_with_where_it_is_recorded(office: SmallOffice) -> None:
    lines = "    checkpoints: [{ id: a, title: A, if: facts.besproken_op > '2026-01-01' }]\n"
    (diagnostic,) = office.with_piece(FACTS + WORK + lines + USE).diagnostics
    assert (diagnostic.span.line, diagnostic.span.column) == office.place("facts.besproken_op > ")
    assert [related.note for related in diagnostic.related] == ["recorded here"]


def text(body: str) -> str:
    return f"title: Bericht\nchannels: [email]\ntexts:\n  nl:\n    subject: Bericht\n    body: {body}\n"


def send(at: str) -> str:
    return WORK + f"    automations: [{{ id: a, at: {at}, send: {{ message: bericht }} }}]\n" + USE


@pytest.mark.parametrize(
    ("body", "at", "found"),
    [
        ("Klasse {{ facts.klasse }}.", "completed", []),
        ("Saldo {{ facts.saldo }}.", "completed", ["K689"]),
        ("Klasse {{ facts.klasse }}.", "entered", ["K621"]),
        ("Klasse {% if facts.klasse != none %}{{ facts.klasse }}{% endif %}.", "entered", []),
        ("Klasse {{ facts.klass }}.", "completed", ["K602"]),
        ("Plicht {{ facts.plicht }}.", "completed", ["K607"]),
        ("Het is {% if facts.saldo|abs > 1000 %}veel{% else %}weinig{% endif %}.", "completed", []),
    ],
)
def test_a_text_names_facts_that_can_be_recorded_when_it_is_sent(
    office: SmallOffice, body: str, at: str, found: list[str]
) -> None:
    office.with_piece(FACTS + send(at))
    (office.folder / "messages/bericht.yaml").write_text(text(body), "utf-8")
    assert codes(compile_definitions(office.folder)) == found


def test_a_message_of_two_templates_names_facts_that_both_have(office: SmallOffice) -> None:
    office.with_piece(FACTS + send("completed"))
    (office.folder / "messages/bericht.yaml").write_text(text("Klasse {{ facts.klasse }}."), "utf-8")
    workflow = (office.folder / "workflows/btw-aangifte.yaml").read_text("utf-8")
    other = workflow.replace(FACTS, "").replace("    if: facts.klasse == 'micro' or facts.plicht\n", "")
    (office.folder / "workflows/ander.yaml").write_text(other.replace("title: ", "title: Ander ", 1), "utf-8")
    compilation = compile_definitions(office.folder)
    assert [(d.code.id, d.span.path) for d in compilation.diagnostics] == [("K621", "workflows/ander.yaml")]


def test_only_a_choice_has_options_at_least_two_and_each_once(office: SmallOffice) -> None:
    one = "facts:\n  - id: a\n    title: A\n    type: choice\n    set_in: opstellen\n"
    use = close("if: facts.a == none")
    alone = one + "    options: [{ id: x, title: X }]\n"
    assert codes(office.with_piece(alone + use)) == ["K330"]
    twice = one + "    options: [{ id: x, title: X }, { id: x, title: Y }]\n"
    assert codes(office.with_piece(twice + use)) == ["K210"]
    text = one.replace("choice", "text") + "    options: [{ id: x, title: X }, { id: y, title: Y }]\n"
    assert codes(office.with_piece(text + use)) == ["K330"]


def test_a_date_can_be_of_what_has_happened_and_nothing_else_can(office: SmallOffice) -> None:
    past = FACTS.replace("    set_in: controle\n", "    set_in: controle\n    past: true\n")
    plan = office.plan(past + USED)
    assert [one.id for one in plan.facts if one.past] == ["besproken_op"]
    for kind in ("money", "number", "text", "yes_no"):
        (diagnostic,) = office.with_piece(past.replace("type: date", f"type: {kind}") + USED).diagnostics
        assert diagnostic.code.id == "K333"
        assert (diagnostic.span.line, diagnostic.span.column) == office.place("past: true")
    no_day = past.replace("type: date", "type: text").replace("past: true", "past: false")
    assert codes(office.with_piece(no_day + USED)) == []


def test_a_phase_of_a_fact_that_is_not_there_is_reported_where_it_is_named(office: SmallOffice) -> None:
    compilation = office.with_piece(FACTS.replace("[opstellen, controle]", "[opstellen, controlle]") + USED)
    assert messages(compilation) == ["unknown phase 'controlle'"]
    assert (compilation.diagnostics[0].span.line, compilation.diagnostics[0].span.column) == office.place(
        "controlle]"
    )
