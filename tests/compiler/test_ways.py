"""What is certain to have happened when a phase begins: the machine hangs or misreads, and check says so."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kantoor.compiler import Compilation
from kantoor.compiler.definitions import load
from kantoor.compiler.examples import Example, lay_out
from kantoor.compiler.language.phases import Phase
from kantoor.compiler.lower import lower_template
from kantoor.compiler.ways import find_ways
from kantoor.filing.events import Back, Complete, RecordFact
from kantoor.filing.outcome import Refusal
from kantoor.plan import Plan
from tests.examples import so_many
from tests.filing.driver import ADMIN, Driver

from .conftest import SmallOffice, codes

HEAD = "title: Dossier\nproducts: [aangifte-btw]\nperiod: month\ncreated: { before: period.start, days: 1 }\n"
DAY = "facts:\n  - { id: gesproken_op, title: Gesproken op, type: date, set_in: SET }\n"
CHOICE = (
    "facts:\n  - id: klasse\n    title: Klasse\n    type: choice\n    set_in: SET\n"
    "    options: [{ id: micro, title: Micro }, { id: klein, title: Klein }]\n"
)
NEVER_COMES = "    wait:\n      for: [{ notice: brief }]\n      chase:\n"
UNTIL = date(2032, 12, 31)


def phase(name: str, *lines: str) -> str:
    return "".join([f"  - id: {name}\n    title: {name}\n    role: administratie\n", *lines])


def outcomes(*each: str) -> str:
    return "    outcomes:\n" + "".join(f"      - {{ {one} }}\n" for one in each)


def template(facts: str, *phases: str) -> str:
    return HEAD + facts + "phases:\n" + "".join(phases)


def lower_regardless(office: SmallOffice, text: str, *others: tuple[str, str]) -> Plan:
    """Return the plan of a template whatever the checks say of it."""
    lay_out(Example(text, how="whole", others=others), office.folder)
    definitions, _ = load(office.folder)
    return lower_template("btw-aangifte", dict(definitions.templates())["btw-aangifte"], definitions)


def compile_text(office: SmallOffice, text: str, *others: tuple[str, str]) -> Compilation:
    lay_out(Example(text, how="whole", others=others), office.folder)
    return office.compile()


def codes_of(office: SmallOffice, text: str, *others: tuple[str, str]) -> list[str]:
    return codes(compile_text(office, text, *others))


JUMP = outcomes("id: goed, title: Goed", "id: klein, title: Klein, then: archief")
BEGINS = "    not_before: { after: facts.gesproken_op, days: 2 }\n"
BRANCHES = outcomes(
    "id: micro, title: Micro, if: facts.klasse == 'micro'",
    "id: klein, title: Klein, if: facts.klasse == 'klein'",
)


def test_a_phase_whose_day_hangs_on_a_fact_of_a_phase_that_was_passed_over_never_begins(
    office: SmallOffice,
) -> None:
    text = template(
        DAY.replace("SET", "praten"), phase("lezen", JUMP), phase("praten"), phase("archief", BEGINS)
    )
    filing = Driver(lower_regardless(office, text))
    filing.must(Complete, ADMIN, phase="lezen", outcome="klein")
    filing.until(UNTIL)
    assert (filing.active(), filing.view.ended) == ([], None)
    (found,) = office.compile().diagnostics
    assert (found.code.id, found.message) == (
        "K520",
        "fact 'gesproken_op' is not recorded where its phases are passed over: 'archief' never begins",
    )
    assert [related.note for related in found.related] == ["recorded here", "passes over it"]


def test_a_wait_ends_without_the_fact_that_the_next_phase_begins_on(office: SmallOffice) -> None:
    waiting = NEVER_COMES + "        give_up: { after: period.end, days: 9, then: archief }\n"
    text = template(
        DAY.replace("SET", "[wachten, archief]"), phase("wachten", waiting), phase("archief", BEGINS)
    )
    filing = Driver(lower_regardless(office, text))
    filing.until(UNTIL)
    assert (filing.active(), filing.view.ended) == ([], None)
    assert codes(office.compile()) == ["K520"]


def test_a_fact_that_only_a_wait_records_is_waited_for_by_nobody(office: SmallOffice) -> None:
    waiting = NEVER_COMES + "        give_up: { after: period.end, days: 9, then: archief }\n"
    text = template(
        DAY.replace("SET", "wachten"),
        phase("wachten", waiting),
        phase("archief", "    if: facts.gesproken_op != none\n"),
    )
    filing = Driver(lower_regardless(office, text))
    filing.until(UNTIL)
    assert filing.view.ended is not None
    assert codes(office.compile()) == ["K331"]


def test_outcomes_by_a_fact_of_a_phase_that_was_passed_over_leave_nothing_to_choose(
    office: SmallOffice,
) -> None:
    text = template(
        CHOICE.replace("SET", "wegen"), phase("lezen", JUMP), phase("wegen"), phase("archief", BRANCHES)
    )
    filing = Driver(lower_regardless(office, text))
    filing.must(Complete, ADMIN, phase="lezen", outcome="klein")
    answers = [filing.act(Complete, ADMIN, phase="archief", outcome=one) for one in ("micro", "klein", None)]
    assert all(isinstance(answer, Refusal) for answer in answers)
    assert codes(office.compile()) == ["K320"]


def test_outcomes_by_a_fact_that_every_way_records_cover_every_case(office: SmallOffice) -> None:
    text = template(
        CHOICE.replace("SET", "[lezen, wegen]"),
        phase("lezen", JUMP),
        phase("wegen"),
        phase("archief", BRANCHES),
    )
    assert codes_of(office, text) == []


def test_a_phase_that_was_passed_over_can_begin_after_all_by_the_way_back(office: SmallOffice) -> None:
    text = template(
        DAY.replace("SET", "praten"),
        phase("lezen", JUMP),
        phase("praten"),
        phase("boeken", BEGINS),
        phase("archief", "    back_to: boeken\n"),
    )
    assert codes_of(office, text) == ["K520"]


@pytest.mark.parametrize(
    ("condition", "found"), [("facts.klasse == 'micro'", []), ("facts.klasse == 'klein'", ["K520"])]
)
def test_conditions_of_jumps_and_phases_are_taken_together(
    office: SmallOffice, condition: str, found: list[str]
) -> None:
    """Whoever is passed over at 'klein' is missed only by a phase that applies at 'klein'."""
    jump = outcomes(
        "id: goed, title: Goed", "id: klein, title: Klein, then: boeken, if: facts.klasse == 'klein'"
    )
    facts = CHOICE.replace("SET", "lezen") + DAY.replace("SET", "praten").partition("\n")[2]
    text = template(
        facts,
        phase("lezen", jump),
        phase("praten"),
        phase("boeken"),
        phase("archief", BEGINS, f"    if: {condition}\n"),
    )
    assert codes_of(office, text) == found


def test_a_deadline_whose_alternative_hangs_on_what_can_be_missing_begins_nothing(
    office: SmallOffice,
) -> None:
    deadlines = (
        "deadlines:\n  - id: eind\n    title: Eind\n    due:\n"
        "      - { if: IF, after: facts.gesproken_op, days: 2 }\n      - { after: period.end, days: 9 }\n"
    )
    body = (
        phase("lezen", JUMP),
        phase("praten"),
        phase("archief", "    not_before: { before: deadlines.eind, days: 1 }\n"),
    )
    facts = DAY.replace("SET", "praten") + deadlines
    text = template(facts.replace("IF", "product.foreign"), *body)
    filing = Driver(
        lower_regardless(office, text), product={"id": "aangifte-btw", "frequency": "month", "foreign": True}
    )
    filing.must(Complete, ADMIN, phase="lezen", outcome="klein")
    filing.until(UNTIL)
    assert (filing.active(), filing.view.ended) == ([], None)
    assert codes(office.compile()) == ["K520"]
    assert codes_of(office, template(facts.replace("IF", "facts.gesproken_op != none"), *body)) == []


OFFERS = (
    "documents:\n  - { id: brief, title: Brief, made_in: schrijven }\nsbr: { message: ter-accordering }\n"
)
INFORM = "    back_to: schrijven\n    offer: { documents: [brief], offer_as: information }\n"
DELIVER = "    back_to: schrijven\n    deliver: { document: brief }\n"


def test_a_document_is_delivered_when_one_offer_is_skipped_and_the_other_passed_over(
    office: SmallOffice,
) -> None:
    jump = outcomes("id: goed, title: Goed", "id: snel, title: Snel, then: indienen, if: product.foreign")
    body = (
        phase("schrijven"),
        phase("eerst", "    if: not product.foreign\n", INFORM),
        phase("wegen", jump),
        phase("alsnog", INFORM),
        phase("indienen", DELIVER),
    )
    (found,) = compile_text(office, template(OFFERS, *body)).diagnostics
    assert (found.code.id, found.message) == (
        "K308",
        "'brief' can be delivered when its offer is passed over",
    )
    assert [related.note for related in found.related] == ["passes over it", "can be skipped"]
    always = (body[0], body[1].replace("not product.foreign", "product.foreign"), *body[2:])
    assert codes_of(office, template(OFFERS, *always)) == []


FORM = (
    "forms/auto.yaml",
    "title: Auto\nschema:\n  type: object\n  required: [auto]\n  properties:\n    auto:\n"
    "      type: boolean\n      title: Auto?\n",
)
ASK = "    automations:\n      - { id: vraag, at: entered, request: { form: auto } }\n"


def test_an_automation_on_entering_reads_no_answer_to_what_its_own_phase_asks(office: SmallOffice) -> None:
    early = "      - { id: meer, at: entered, if: answers.auto, task: { title: Meer } }\n"
    text = template("", phase("vragen", ASK, early), phase("archief"))
    filing = Driver(lower_regardless(office, text, FORM))
    filing.supply(filing.view.requests[0].id, ADMIN, auto=True)
    filing.must(Complete, ADMIN, phase="vragen")
    assert "task_created" not in filing.told()
    assert codes(office.compile()) == ["K680"]


@pytest.mark.parametrize(
    ("first", "then", "found"),
    [
        ("    if: answers.auto\n", "", ["K680"]),
        ("    if: answers.auto == none\n", "", []),
        ("", "    if: answers.auto\n", []),
    ],
)
def test_answers_are_read_after_they_can_have_been_given(
    office: SmallOffice, first: str, then: str, found: list[str]
) -> None:
    text = template("", phase("vragen", first, ASK), phase("archief", then))
    assert codes_of(office, text, FORM) == found


SEARCH = 60
CONDITIONS = (None, None, "product.foreign", "not product.foreign", "product.kor")


@st.composite
def templates(draw: st.DrawFn) -> str:
    """Draw a template of work phases with conditions, jumps, ways back, and waits that are given up."""
    names = [f"p{n}" for n in range(draw(st.integers(3, 6)))]
    named = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    facts = f"facts:\n  - {{ id: dag, title: Dag, type: date, set_in: [{', '.join(named)}] }}\n"
    return template(facts, *(draw_phase(draw, number, names) for number in range(len(names))))


def draw_phase(draw: st.DrawFn, number: int, names: list[str]) -> str:
    lines = [f"    if: {one}\n" for one in [draw(st.sampled_from(CONDITIONS))] if one]
    later = names[number + 1 :]
    if number and draw(st.booleans()):
        lines.append(f"    back_to: {draw(st.sampled_from(names[:number]))}\n")
    sort = draw(st.sampled_from(["work", "choice", "wait"])) if later else "work"
    if sort == "wait":
        then = draw(st.sampled_from(later))
        lines.append(NEVER_COMES + f"        give_up: {{ after: period.end, days: 9, then: {then} }}\n")
    if sort == "choice":
        conditions = [draw(st.sampled_from(CONDITIONS)) for _ in range(2)]
        targets = [draw(st.sampled_from([None, *later])) for _ in range(3)]
        each = [
            f"id: o{n}, title: O" + (f", then: {then}" if then else "") + (f", if: {one}" if one else "")
            for n, (then, one) in enumerate(zip(targets, [*conditions, None], strict=True))
        ]
        lines.append(outcomes(*each))
    return phase(names[number], *lines)


@settings(max_examples=so_many(SEARCH), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_certain_is_so_however_the_machine_goes(data: st.DataObject) -> None:
    """Whatever people choose: a phase begins, and what is certain by then has been recorded."""
    with tempfile.TemporaryDirectory() as place:
        lay_out(Example(data.draw(templates()), how="whole"), Path(place))
        definitions, _ = load(Path(place))
    model = dict(definitions.templates())["btw-aangifte"]
    ways = find_ways(definitions, model)
    certain = {one.id for one in model.phases if ways.facts_before(one, {"dag"})}
    product = {"id": "aangifte-btw", "frequency": "month", "sub_number": "-", "fiscal_unit": False}
    chosen = {"foreign": data.draw(st.booleans()), "kor": data.draw(st.booleans())}
    filing = Driver(lower_template("btw-aangifte", model, definitions), product=product | chosen)
    for _ in range(12):
        if filing.view.ended or not filing.active():
            filing.until(date(2027, 1, 1))
        if filing.view.ended:
            break
        assert filing.state is not None
        recorded = {fact.id for fact in filing.state.case.facts}
        assert "dag" in recorded or certain.isdisjoint(filing.active())
        (name,) = filing.active()
        one = next(one for one in model.phases if one.id == name)
        if one.wait:
            filing.until(date(2027, 1, 1))
        elif one.back_to and data.draw(st.booleans()):
            filing.must(Back, ADMIN, phase=name, reason="opnieuw")
        else:
            outcome = data.draw(choose(one))
            answer = filing.act(Complete, ADMIN, phase=name, outcome=outcome)
            if isinstance(answer, Refusal) and "gegeven dag" in answer.text:
                filing.must(RecordFact, ADMIN, phase=name, fact="dag", value="2026-02-03")
                filing.act(Complete, ADMIN, phase=name, outcome=outcome)


def choose(phase: Phase) -> st.SearchStrategy[str | None]:
    """One of its outcomes; one that does not apply is refused."""
    return st.sampled_from([one.id for one in phase.outcomes] or [None])
