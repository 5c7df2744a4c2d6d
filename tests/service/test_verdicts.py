"""What becomes of what runs: what cannot be judged is never told as clean, and every face says it."""

from dataclasses import replace as replace_whole
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from kantoor.data import replace
from kantoor.filing.redacting import Redacted, Redactor
from kantoor.filing.state import Assigned
from kantoor.office.presence import OnDay
from kantoor.office.relations.readiness import ADVISED, CODES
from kantoor.office.relations.relation import RelationProduct
from kantoor.office.relations.snapshot import Held, RelationFacts, Snapshot
from kantoor.plan import Compare, DateRule, LiteralValue, Name, Plan, digest
from kantoor.review.faces.html import write_html
from kantoor.review.faces.markdown import safe, write_markdown
from kantoor.review.faces.saying_runs import say_all_counts, tell_running
from kantoor.review.faces.text import write_text
from kantoor.review.kept import keep_review, read_kept, write_kept
from kantoor.review.review import Review, Side, review
from kantoor.review.runs import LACKS, Lacking, Runs
from kantoor.service.releasing.kept_reviews import find_other_verdicts
from kantoor.service.reviewing.snapshots import make_schema
from kantoor.service.reviewing.verdicts import judge_what_runs
from kantoor.service.reviewing.what_runs import RunningFiling, Team, WhatRuns
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import People
from tests.filing.moving.edits import add_checkpoint, add_phase, change_phase, rename_phase
from tests.simulation.simulating import office, plan_of, start_of

VAT = "btw-aangifte"
PLAN = plan_of(VAT)
NOBODY = Snapshot(None, {}, {}, {})


def filing(id: str, days: int = 32, plan: Plan = PLAN, **changes: Any) -> RunningFiling:
    """Return a filing of the VAT return or another plan, so many days after its start."""
    simulation = Simulation(plan, start_of(plan.template), people=People())
    simulation.run(simulation.start.start_date + timedelta(days=days))
    known: dict[str, Any] = {
        "template": plan.template,
        "plan": digest(plan),
        "redacted": Redacted(state=simulation.state),
    }
    return RunningFiling(id=id, filing=f"filing/{plan.template}/{id}", **(known | changes))


def judge(new: Plan | None, *filings: RunningFiling, redacted: bool = False, old: Plan = PLAN) -> Runs:
    runs = WhatRuns(date(2027, 1, 1), redacted, {digest(old): old}, filings, NOBODY, frozenset(), {})
    return judge_what_runs(runs, {old.template: old}, {old.template: new} if new else {})


def told(runs: Runs) -> list[tuple[str, str, list[str]]]:
    (only,) = runs.templates
    return [(one.id, one.outcome, [why.code for why in one.reasons]) for one in only.filings]


@pytest.mark.parametrize("problem", ["not_begun", "unreadable", "no_plan"])
def test_a_filing_without_state_or_plan_is_inconclusive_and_trips_the_gate_of_what_cannot(
    problem: Any,
) -> None:
    runs = judge(replace(PLAN, title="Anders"), filing("1", redacted=None, problem=problem))
    assert told(runs) == [("1", "inconclusive", [problem])]
    assert len(list(runs.trip({"cannot"}))) == len(list(runs.trip({"inconclusive"}))) == 1
    assert not list(runs.trip({"not_ready", "legal"}))


def test_a_state_that_nobody_foresaw_is_inconclusive_and_the_others_are_judged() -> None:
    whole = filing("1")
    assert whole.redacted
    state = whole.redacted.state
    odd = replace(state, case=replace(state.case, phases=None))
    found = judge(add_checkpoint(PLAN, PLAN.phases[0]), whole, filing("2", redacted=Redacted(state=odd)))
    assert told(found)[1] == ("2", "inconclusive", ["not_judged"])
    assert told(found)[0][1] == "moves"


def test_a_phase_that_the_definitions_say_was_another_is_told_to_move() -> None:
    renamed = rename_phase(PLAN, "verzamelen", "stukken")
    ((_, outcome, codes),) = told(judge(renamed, filing("f1")))
    assert (outcome, codes) == ("cannot", ["phase_gone"])
    ((_, outcome, codes),) = told(judge(change_phase(renamed, "stukken", was=("verzamelen",)), filing("f1")))
    assert (outcome, codes) == ("moves", [])


def _say_otherwise(name: str, subject: str) -> Plan:
    """Return the plan with another subject of one of its messages."""
    text = next(one for one in PLAN.messages if one.id == name).texts["nl"]
    texts = {"nl": replace(text, subject=subject)}
    messages = tuple(replace(one, texts=texts) if one.id == name else one for one in PLAN.messages)
    return replace(PLAN, messages=messages)


def _list_details(runs: Runs) -> list[str]:
    (only,) = runs.templates
    return [one for told in tell_running(only) for one in told.details if one.startswith("Open work")]


@pytest.mark.parametrize(
    ("days", "new", "said"),
    [
        (32, change_phase(PLAN, "verzamelen", role="fiscaal"), ["goes from Administratie to Fiscalist."]),
        (
            32,
            change_phase(
                PLAN, "verzamelen", due=replace(PLAN.phase("verzamelen").due, anchor="period.end", days=20)
            ),
            ["due Thu 11 Feb 2027 becomes "],
        ),
        (36, change_phase(PLAN, "aanbieden", title="Laten keuren"), ["was called "]),
        (
            36,
            _say_otherwise("btw-accordering-herinnering", "Kijkt u nog even?"),
            ["what the client is written about it differs, first ‘", "becomes ‘Kijkt u nog even?’."],
        ),
    ],
)
def test_what_becomes_of_open_work_is_told_of_filings_that_move(
    days: int, new: Plan, said: list[str]
) -> None:
    runs = judge(new, filing("1", days), filing("2", days))
    assert told(runs)[0][1] == "moves"
    (sentence,) = _list_details(runs)
    assert sentence.startswith("Open work ‘")
    assert ", of 2: " in sentence
    for words in said:
        assert words in sentence


def test_a_message_that_went_out_before_the_move_is_not_told_of_open_work() -> None:
    runs = judge(_say_otherwise("btw-ter-accordering", "Uw aangifte"), filing("1", 36))
    assert not _list_details(runs)


def test_what_a_client_is_asked_is_told_before_and_after() -> None:
    plan = plan_of("jaarrekening")
    (form,) = plan.forms
    first, *rest = form.fields
    asked = replace(plan, forms=(replace(form, fields=(replace(first, title="Jaarstukken"), *rest)),))
    runs = judge(asked, filing("1", 2, plan), old=plan)
    (sentence,) = _list_details(runs)
    assert f"what is asked differs, first ‘{first.title}" in sentence
    assert "becomes ‘Jaarstukken (" in sentence


def test_who_has_open_work_is_never_named() -> None:
    one = filing("1")
    assert one.redacted
    state = one.redacted.state
    given = replace(state.case, assigned=(Assigned(role="administratie", person="p-42"),))
    held = replace(one.redacted, state=replace(state, case=given))
    runs = judge(change_phase(PLAN, "verzamelen", role="fiscaal"), one._replace(redacted=held))
    (sentence,) = _list_details(runs)
    assert "goes from a colleague to whom it was given to Fiscalist" in sentence
    assert "p-42" not in str(runs)


def test_the_office_itself_hears_who_has_open_work_and_who_would_and_nobody_else_does() -> None:
    named = {"1": {"administratie": "m1", "fiscaal": "m2"}}
    team = Team(OnDay((), {}, {}), named, {"m1": "Sanne Smit", "m2": "Tom Bakker"})
    one = filing("1")._replace(filing="filing/btw-aangifte/1/2027-01")
    what = WhatRuns(date(2027, 1, 1), False, {one.plan: PLAN}, (one,), NOBODY, frozenset(), {})
    new = change_phase(PLAN, "verzamelen", role="fiscaal")
    both = {VAT: PLAN}, {VAT: new}
    named_by = judge_what_runs(replace_whole(what, team=team), *both)
    role, person = _list_details(named_by)
    assert "goes from Administratie to Fiscalist" in role
    assert person.endswith(": Sanne Smit has it today, Tom Bakker would.")
    assert _list_details(judge_what_runs(what, *both)) == [role]
    sides = Side("a", both[0], office()), Side("b", both[1], office())
    kept = keep_review(*sides, replace(review(*sides, None), runs=named_by), ("", ""), ())
    assert b"Smit" not in write_kept(kept)
    assert kept.review.runs
    assert _list_details(kept.review.runs) == [role]


def test_filings_of_a_template_that_is_gone_stay_and_are_told() -> None:
    assert told(judge(None, filing("1"))) == [("1", "stays", ["template_gone"])]


def starting(*relations: str) -> WhatRuns:
    """Return what runs where relations take the product of the VAT return, which starts by itself."""
    fiscal = RelationProduct(relation="", product="aangifte-btw", frequency="month", since=date(2026, 1, 1))
    held = {
        number: Held(
            relation=RelationFacts(
                number=number,
                name="",
                kind="organisation",
                legal_form="bv",
                ob_number=None,
                rsin=None,
                bsn=None,
                btw_id=None,
                kvk=None,
                sbr_enabled=True,
                status="active",
            ),
            products=(replace(fiscal, relation=number),),
            roles={},
            named={},
            contacts=(),
            rights=(),
            standing=(),
        )
        for number in relations
    }
    recurring = frozenset((number, VAT) for number in relations)
    return WhatRuns(date(2027, 1, 1), True, {}, (), Snapshot(None, {}, held, {}), recurring, {})


def test_what_starts_by_itself_is_told_where_its_template_goes_is_new_or_has_another_id() -> None:
    runs, same = starting("1", "2"), (office(), office())
    (gone,) = judge_what_runs(runs, {VAT: PLAN}, {}, same).templates
    assert [(one.code, one.relations, one.recurring) for one in gone.lacking] == [("no_template", 2, 2)]
    (new,) = judge_what_runs(runs, {}, {VAT: PLAN}, same).templates
    assert "no_primary_contact" in {one.code for one in new.lacking}
    other = replace(PLAN, template="btw")
    found = {
        one.template: one.lacking
        for one in judge_what_runs(runs, {VAT: PLAN}, {"btw": other}, same).templates
    }
    assert [one.code for one in found[VAT]] == ["no_template"]
    assert found["btw"] == ()


def test_other_relations_that_would_not_start_are_not_what_was_reviewed_though_they_are_as_many() -> None:
    there = {VAT: PLAN}, office()
    first, last = Side("", {}, office()), Side("", *there)

    def look(*relations: str) -> Runs:
        return judge_what_runs(starting(*relations), {}, {VAT: PLAN}, (office(), office()))

    kept = keep_review(first, last, replace(review(first, last, None), runs=look("1", "2")), ("", ""), ())
    assert [*find_other_verdicts(read_kept(write_kept(kept)), look("2", "1"))] == []
    (said,) = find_other_verdicts(kept, look("2", "3"))
    assert said.startswith("What relations would lack")


def test_a_filing_with_another_verdict_than_was_told_is_named_with_both() -> None:
    newer = add_checkpoint(PLAN, PLAN.phases[0])
    sides = Side("", {VAT: PLAN}, office()), Side("", {VAT: newer}, office())
    found = replace(review(*sides, None), runs=judge(newer, filing("1"), filing("2")))
    kept = keep_review(*sides, found, ("", ""), ())
    assert not list(find_other_verdicts(kept, judge(newer, filing("1"), filing("2"))))
    (said,) = find_other_verdicts(kept, judge(newer, filing("1", 45), filing("2")))
    assert said.startswith("1 filing of ‘Aangifte btw’ would get another verdict than the review told: btw-")
    assert "/1 was told as ‘moves now: The mandatory checkpoint" in said
    assert said.endswith(", and is now ‘stays on its plan: It has ended’.")
    (said,) = find_other_verdicts(kept, judge(newer, filing("1"), filing("2"), filing("3")))
    assert said.endswith("/3.")


def test_a_snapshot_is_as_old_as_the_day_on_the_wall_on_which_it_was_made() -> None:
    runs = judge(PLAN, redacted=True)
    today = date(2027, 3, 1)
    assert runs.mark_age(today, 7, None).too_old  # of before that was told
    assert not runs.mark_age(today, 7, date(2027, 2, 28)).too_old
    assert runs.mark_age(today, 7, date(2027, 2, 1)).too_old


def test_another_telephone_number_of_the_office_cannot_be_judged_by_a_snapshot() -> None:
    before = office()
    after = replace(before, text=replace(before.text, phone="0900 1234"))
    runs = judge_what_runs(starting(), {VAT: PLAN}, {VAT: PLAN}, (before, after))
    assert len(list(runs.trip({"inconclusive"}))) == len(list(runs.trip({"not_ready"}))) == 1
    assert not list(runs.trip({"legal"}))
    assert "telephone number" in say_all_counts(runs)


def test_a_plan_that_asks_more_than_a_snapshot_tells_is_inconclusive_there_alone() -> None:
    condition = Compare(
        by="eq", left=Name(path=("relation", "name")), right=LiteralValue(value="Bakkerij Jansen")
    )
    asking = add_phase(PLAN, len(PLAN.phases), condition=condition)
    whole = filing("1")
    assert whole.redacted
    away = whole._replace(redacted=Redactor(PLAN).redact(whole.redacted.state))
    assert [outcome for _, outcome, _ in told(judge(asking, whole))] == ["moves"]
    assert told(judge(asking, away, redacted=True)) == [("1", "inconclusive", ["not_told"])]
    plain = add_phase(PLAN, len(PLAN.phases))
    assert told(judge(plain, away, redacted=True)) == told(judge(plain, whole))


def test_the_published_schema_is_that_of_a_snapshot() -> None:
    """`make docs` refreshes it."""
    file = Path(__file__).parents[2] / "schemas" / "snapshot.schema.json"
    assert file.read_text("utf-8") == make_schema()


def test_a_plan_that_does_not_differ_says_nothing_of_what_runs() -> None:
    assert judge(PLAN, filing("1")).templates == ()


def test_everything_that_a_relation_can_lack_has_a_sentence() -> None:
    assert set(LACKS) == {*CODES, *ADVISED}


def test_waiting_dates_are_told_before_and_after() -> None:
    phases = []
    for phase in PLAN.phases:
        offer = phase.offer
        if offer and offer.chase and offer.chase.remind:
            later = replace(offer.chase, remind=replace(offer.chase.remind, every_days=9))
            phases.append(replace(phase, block=replace(offer, chase=later)))
        else:
            phases.append(phase)
    (only,) = judge(replace(PLAN, phases=tuple(phases)), filing("1", 36), filing("2", 36)).templates
    (group,) = tell_running(only)
    (day,) = only.filings[0].dates
    assert (day.what, day.phase) == ("remind", "aanbieden")
    assert day.before
    assert day.after
    assert (day.after - day.before).days >= 5
    (detail,) = group.details
    assert detail.startswith("A reminder in ‘Aanbieden aan de klant’: ")
    assert detail.endswith(" (the first of 2).")


def test_a_dated_automation_that_moves_is_told_with_how_a_move_keeps_its_day() -> None:
    first = PLAN.phases[0]
    later = tuple(
        replace(one, at=DateRule(anchor="period.end", days=25)) if isinstance(one.at, DateRule) else one
        for one in first.automations
    )
    (only,) = judge(change_phase(PLAN, first.id, automations=later), filing("1")).templates
    (group,) = tell_running(only)
    kept = [one.item for one in only.filings[0].dates if one.what == "automation"]
    assert kept
    for item in kept:
        name = f"{first.id}.{item}"
        said = f"A move keeps it with --keep {name}, and leaves it out with --drop {name}."
        assert any(line.endswith(said) for line in group.details)


NASTY = "<b>x</b> [a](https://evil.example) @someone #12 ![i](x)"


def reviewed() -> Review:
    """Return a review in which filings of every kind of verdict run, under hostile titles."""
    nasty = replace(
        PLAN, title=NASTY, phases=tuple(replace(p, title=f"{p.title} {NASTY}") for p in PLAN.phases)
    )
    runs = judge(
        add_checkpoint(nasty, nasty.phases[0]),
        *(filing("0123456789ab", days)._replace(filing=None) for days in (32, 32, 34)),
        filing("2", redacted=None, problem="unreadable"),
    )
    (only,) = runs.templates
    lacking = Lacking(
        code="no_email", sentence=LACKS["no_email"], relations=60, recurring=2, ids=("a" * 12,) * 60
    )
    runs = replace(runs, templates=(replace(only, lacking=(lacking,)),))
    sides = Side("main", {VAT: PLAN}, office()), Side("head", {VAT: nasty}, office())
    return replace(review(*sides, None), runs=runs)


def test_every_face_tells_what_runs_and_who_it_is_about() -> None:
    found = reviewed()
    assert found.runs
    (only,) = found.runs.templates
    sentences = [one.sentence for one in tell_running(only)]
    assert len(sentences) >= 3
    text = " ".join(write_text(found).split())
    page = html.fromstring(write_html(found, {}).encode()).text_content()
    marked = write_markdown(found, {}, 10**9)
    for sentence in sentences:
        assert " ".join(sentence.split()) in text
        assert sentence in page
        assert safe(sentence) in marked
    assert "`0123456789ab`" in marked
    assert "and 10 more" in text
    assert "cannot move" in text.splitlines()[0] + text
    assert "<b>" not in marked.replace("\\<b", "")
    assert "@someone" not in marked


def test_a_review_without_a_look_at_what_runs_says_nothing_of_it() -> None:
    found = replace(reviewed(), runs=None)
    assert "opdrachten" not in write_text(found) + write_markdown(found, {}) + write_html(found, {})


def test_relations_that_keep_what_can_no_longer_be_agreed_are_counted_and_nothing_else_is_said_to_run() -> (
    None
):
    before = office()
    products = tuple(
        replace(one, frequencies=tuple(often for often in one.frequencies if often != "month"))
        for one in before.products
    )
    after = replace(before, products=products)
    runs = judge_what_runs(starting("1001", "1002"), {VAT: PLAN}, {VAT: PLAN}, (before, after))
    said = say_all_counts(runs)
    assert "nothing that runs is of a template that changes" in said
    assert "2 relations have ‘" in said
    assert "agreed over a month, which can no longer be agreed: they keep it" in said
    same = judge_what_runs(starting("1001"), {VAT: PLAN}, {VAT: PLAN}, (before, before))
    assert "agreed" not in say_all_counts(same)
