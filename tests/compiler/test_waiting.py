"""Waiting, starting another filing, notes and corrections: from YAML to the plan, and what is wrong."""

import pytest

from kantoor.plan import (
    Chase,
    DateRule,
    DayAwaited,
    Escalate,
    FilingAwaited,
    GiveUp,
    LeaveNote,
    NoticeAwaited,
    Remind,
    StartFiling,
    WaitFor,
)

from .conftest import SmallOffice, codes

WAIT = """phases:
  - id: afwachten
    title: Aanslag afwachten
    role: administratie
    wait:
      for:
        - { notice: naheffingsaanslag }
        - { filing: btw-aangifte, period: previous, phase: indienen }
        - { date: { after: period.end, months: 6 } }
      chase:
        remind: { every_days: 30 }
        escalate: { after: period.end, months: 2, role: accountant }
        give_up: { after: period.end, months: 36, then: nazorg }
  - id: nazorg
    title: Nazorg
    role: administratie
"""
CREATED = "{ before: period.start, days: 1 }"
ENDS = "ends:\n  - id: gestopt\n    title: Gestopt\n    planner: klaar\n"


def test_a_wait_is_lowered_with_what_it_waits_for_and_its_chase(office: SmallOffice) -> None:
    assert office.plan(WAIT).phase("afwachten").block == WaitFor(
        awaited=(
            NoticeAwaited(notice="naheffingsaanslag"),
            FilingAwaited(template="btw-aangifte", period="previous", phase="indienen"),
            DayAwaited(on=DateRule(anchor="period.end", months=6)),
        ),
        chase=Chase(
            remind=Remind(every_days=30, at_most=None),
            escalate=Escalate(on=DateRule(anchor="period.end", months=2), role="accountant"),
            give_up=GiveUp(on=DateRule(anchor="period.end", months=36), then="nazorg"),
        ),
    )


def test_a_mistyped_kind_of_notice_is_told_in_its_template_and_not_in_the_scenario_that_has_it_right(
    office: SmallOffice,
) -> None:
    scenario = "title: Aanslag\nperiod: 2027-01\nsteps:\n  - do: [{ notice: naheffingsaanslag }]\n"
    other = f"title: Ook\nproducts: [aangifte-btw]\nperiod: month\ncreated: {CREATED}\n{WAIT}"
    office.with_piece(WAIT.replace("naheffings", "naheffing"))
    for path, text in (("scenarios/btw-aangifte/a.yaml", scenario), ("workflows/a.yaml", other)):
        (office.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (office.folder / path).write_text(text, "utf-8")
    (found,) = [one for one in office.compile().diagnostics if one.code.id in ("K347", "K851")]
    assert (found.help, found.span.path) == (
        "did you mean 'naheffingsaanslag'?",
        "workflows/btw-aangifte.yaml",
    )


@pytest.mark.parametrize(
    ("awaited", "lived", "found"),
    [
        ("naheffingaanslag", "naheffingsaanslag", ["K347"]),
        ("naheffingsaanslag", "naheffingaanslag", ["K851"]),
        ("naheffingsaanslag", "aanslag", ["K851"]),
        ("naheffingsaanslag", "naheffingsaanslag", []),
    ],
)
def test_a_kind_of_notice_is_told_where_it_lacks_a_letter(
    office: SmallOffice, awaited: str, lived: str, found: list[str]
) -> None:
    office.with_piece(WAIT.replace("naheffingsaanslag", awaited))
    for steps in (
        f"steps:\n  - do: [{{ notice: {lived} }}]\n",
        f"world: {{ notices: {{ {lived}: 3 }} }}\nsteps: [{{ reach: end }}]\n",
    ):
        story = office.folder / "scenarios/btw-aangifte/a.yaml"
        story.parent.mkdir(parents=True, exist_ok=True)
        story.write_text(f"title: Aanslag\nperiod: 2027-01\n{steps}", "utf-8")
        told = [one for one in office.compile().diagnostics if one.code.id in ("K347", "K851")]
        assert [one.code.id for one in told] == found
        assert all(one.help for one in told)


BOTH = "make each an item of its own: 'naheffingsaanslag' and 'teruggaaf'"
APART = "make each an item of its own: 'definitieve_aanslag' and 'navordering'"


@pytest.mark.parametrize(
    ("typed", "code", "help"),
    [
        ('"naheffingsaanslag, teruggaaf"', "K125", BOTH),
        ('"Naheffingsaanslag, en teruggaaf"', "K125", BOTH),
        ("naheffingsaanslag of teruggaaf", "K125", BOTH),
        ("[naheffingsaanslag, teruggaaf]", "K122", BOTH),
        ('"definitieve aanslag, navordering"', "K125", APART),
        (
            "definitieve aanslag of navordering",
            "K125",
            f"{APART}; or, if it is one, write definitieve_aanslag_of_navordering",
        ),
        ("naheffing/teruggaaf", "K125", "write naheffing_teruggaaf"),
        ("12", "K122", "write a name that begins with a letter"),
    ],
)
def test_two_kinds_of_notice_in_one_item_are_to_be_two(
    office: SmallOffice, typed: str, code: str, help: str
) -> None:
    compilation = office.with_piece(WAIT.replace("naheffingsaanslag", typed))
    (found,) = [one for one in compilation.diagnostics if not one.code.last]
    assert (found.code.id, found.help) == (code, help)


def test_the_words_of_one_id_are_to_be_one(office: SmallOffice) -> None:
    for typed, help in (
        ("afwachten en kas", "write afwachten_en_kas"),
        ("Afwachten/kas", "write afwachten_kas"),
        ("1_bank", "write bank_1"),
        ("2027-08 bank", "write bank_2027_08"),
        *((typed, "write a name that begins with a letter") for typed in ('""', "12", "2027, 2028")),
    ):
        compilation = office.with_piece(WAIT.replace("id: afwachten", f"id: {typed}"))
        found = next(one for one in compilation.diagnostics if one.code.id in ("K122", "K125"))
        assert found.help == help


def test_a_function_with_a_slash_is_one(office: SmallOffice) -> None:
    compilation = office.with_piece("functions: [vennoot/maat]\n", "office.yaml")
    (found,) = [one for one in compilation.diagnostics if one.code.id == "K125"]
    assert found.help == "write vennoot_maat"


def test_a_wait_may_be_given_up_to_a_named_end(office: SmallOffice) -> None:
    chase = office.plan(WAIT.replace("then: nazorg", "then: ends.gestopt") + ENDS).phase("afwachten").chase
    assert chase is not None
    assert chase.give_up == GiveUp(on=DateRule(anchor="period.end", months=36), end="gestopt")


def test_automations_start_filings_and_leave_notes_with_the_text_of_a_message(office: SmallOffice) -> None:
    plan = office.plan(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        "      - id: volgende\n        at: completed\n"
        "        start: { template: btw-aangifte, period: next }\n"
        "      - id: let_op\n        at: completed\n"
        "        note: { for: btw-aangifte, text: ter-accordering }\n"
    )
    start, note = plan.phase("opstellen").automations
    assert start.start == StartFiling(template="btw-aangifte", period="next")
    assert note.note == LeaveNote(template="btw-aangifte", message="ter-accordering")
    assert [message.id for message in plan.messages] == ["ter-accordering"]


OF_OTHERS = (
    "phases:\n  - id: afwachten\n    title: Afwachten\n    role: administratie\n    automations:\n"
    "      - id: volgende\n        at: entered\n"
    "        start: { template: btw-aangifte, period: next, of: subsidiary, optional: true }\n"
    "    wait:\n      for:\n        - { filing: btw-aangifte, phase: opstellen, of: partner }\n"
    "      chase:\n        give_up: { after: period.end, months: 36, then: nazorg }\n"
    "  - id: nazorg\n    title: Nazorg\n    role: administratie\n"
)


def test_the_filings_of_linked_relations_are_waited_for_and_started(office: SmallOffice) -> None:
    phase = office.plan(OF_OTHERS).phase("afwachten")
    assert isinstance(phase.block, WaitFor)
    assert phase.block.awaited == (FilingAwaited(template="btw-aangifte", phase="opstellen", of="partner"),)
    start = StartFiling(template="btw-aangifte", period="next", of="subsidiary", optional=True)
    assert phase.automations[0].start == start


def test_a_link_that_does_not_exist_or_that_nothing_has_is_told(office: SmallOffice) -> None:
    (one,) = office.with_piece(OF_OTHERS.replace("of: partner", "of: partnr")).diagnostics
    assert "partner" in one.help
    assert found(office, OF_OTHERS.replace("filing: btw-aangifte, phase: opstellen", "notice: x")) == ["K341"]
    assert found(office, OF_OTHERS.replace("of: subsidiary, ", "")) == ["K365"]


@pytest.mark.parametrize(
    ("waits", "codes"),
    [
        ("phase: nazorg, of: partner", ["K344"]),  # of partners each waits for the end of the other
        ("of: household, optional: true", ["K344"]),
        ("phase: opstellen, of: partner", []),  # before either of them waits
        ("phase: nazorg, of: holding", []),  # a holding of no holding is there one day
        ("phase: nazorg, of: partner, period: previous", []),
    ],
)
def test_filings_of_linked_relations_that_wait_for_each_other_are_told(
    office: SmallOffice, waits: str, codes: list[str]
) -> None:
    assert found(office, OF_OTHERS.replace("phase: opstellen, of: partner", waits)) == codes


def test_a_template_says_with_which_one_it_is_corrected(office: SmallOffice) -> None:
    assert office.plan("corrected_by: btw-aangifte\n").corrected_by == "btw-aangifte"


def test_a_template_and_a_phase_that_are_waited_for_exist(office: SmallOffice) -> None:
    assert found(office, WAIT.replace("filing: btw-aangifte", "filing: btw-aangite")) == ["K221"]
    assert found(office, WAIT.replace("phase: indienen", "phase: inleveren")) == ["K222"]


def test_where_a_wait_that_is_given_up_leads_exists_and_lies_later(office: SmallOffice) -> None:
    assert found(office, WAIT.replace("then: nazorg", "then: nazorgen")) == ["K204"]
    assert found(office, WAIT.replace("then: nazorg", "then: opstellen")) == ["K343"]
    assert found(office, WAIT.replace("then: nazorg", "then: afwachten")) == ["K343"]
    assert found(office, WAIT.replace("then: nazorg", "then: ends.verlopen") + ENDS) == ["K207"]


def test_a_wait_that_nothing_ends_is_a_warning(office: SmallOffice) -> None:
    piece = WAIT.partition("      chase:")[0].replace(
        "        - { date: { after: period.end, months: 6 } }\n", ""
    )
    (one,) = office.with_piece(piece).diagnostics
    assert (one.code.id, one.level) == ("K342", "warning")


def test_templates_that_wait_for_each_other_are_reported_once_with_both_places(
    office: SmallOffice,
) -> None:
    write_other(office)
    piece = WAIT.replace(", period: previous, phase: indienen", "").replace("btw-aangifte", "jaarrekening")
    only = "\n".join(line for line in piece.splitlines() if "notice" not in line and "- { date" not in line)
    (one,) = office.with_piece(only + "\n").diagnostics
    assert (one.code.id, len(one.related)) == ("K344", 1)


def test_a_filing_that_waits_for_an_earlier_phase_of_one_that_waits_for_it_is_no_ring(
    office: SmallOffice,
) -> None:
    write_other(office)
    piece = WAIT.replace("btw-aangifte, period: previous, phase: indienen", "jaarrekening, phase: eerst")
    only = "\n".join(line for line in piece.splitlines() if "notice" not in line and "- { date" not in line)
    assert found(office, only + "\n") == []


def test_a_phase_neither_offers_nor_delivers_while_it_waits(office: SmallOffice) -> None:
    piece = WAIT.replace("    wait:", "    deliver: { document: aangifte, deadline: aangifte }\n    wait:")
    assert "K304" in found(office, piece)


def test_reviews_would_restrict_nobody_in_a_wait(office: SmallOffice) -> None:
    assert "K305" in found(office, WAIT.replace("    wait:", "    four_eyes: [opstellen]\n    wait:"))


def found(office: SmallOffice, piece: str) -> list[str]:
    return sorted(set(codes(office.with_piece(piece))))


def write_other(office: SmallOffice) -> None:
    """Write another template, that waits for the first in its second phase."""
    file = office.folder / "workflows/jaarrekening.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(other("{ filing: btw-aangifte }"), "utf-8")


def other(awaited: str) -> str:
    """Return another template, that waits for this one in its second phase."""
    return (
        "title: Jaarrekening\nproducts: [aangifte-btw]\nperiod: by_product\n"
        "created: { before: period.start, days: 1 }\n"
        "phases:\n  - id: eerst\n    title: Eerst\n    role: administratie\n"
        "  - id: wachten\n    title: Wachten\n    role: administratie\n"
        f"    wait:\n      for: [{awaited}]\n"
        "      chase:\n        give_up: { after: period.end, months: 36, then: sluiten }\n"
        "  - id: sluiten\n    title: Sluiten\n    role: administratie\n"
    )


@pytest.mark.parametrize(
    ("typed", "title", "help"),
    [
        ("Afwachten, Nazorg", "Nazorg", "write a list: [afwachten, nazorg]"),
        ("Afwachten en nazorg", "Afwachten en nazorg", "that is its title; write its name: nazorg"),
    ],
)
def test_names_of_phases_with_capitals_are_known(
    office: SmallOffice, typed: str, title: str, help: str
) -> None:
    fact = f"facts: [{{ id: gehoord_op, title: Gehoord op, type: date, set_in: '{typed}' }}]\n"
    compilation = office.with_piece(WAIT.replace("title: Nazorg", f"title: {title}") + fact)
    (found,) = [one for one in compilation.diagnostics if one.code.id == "K204"]
    assert found.help == help
