"""`kantoor diff --prove`: what is said of a change of the shipped definitions, apart and together."""

import json
import re
from functools import cache

import pytest
from msgspec.structs import replace

from kantoor.plan import Text
from kantoor.plan_parts import list_parts, name_part
from kantoor.policies.holding import MOST_STATES
from kantoor.proving.proof import prove
from kantoor.proving.readers import READERS
from kantoor.review import proof as review_proof
from kantoor.review.blanking import blank, list_texts
from kantoor.review.faces.html import write_html
from kantoor.review.faces.json import write_json
from kantoor.review.faces.markdown import write_markdown
from kantoor.review.faces.proof import tell_change, tell_template
from kantoor.review.faces.text import write_text
from kantoor.review.proof import Proof
from kantoor.review.review import Review, Side, review
from tests.review.edited import EDITS, ON, find, read, shipped

MOST = 600
"""Enough for what is nearer; who looks for what is never there is inconclusive."""


def test_a_proof_looks_at_as_many_states_as_policies_do() -> None:
    assert review_proof.MOST == MOST_STATES


@cache
def proved(words: str, most: int = MOST) -> tuple[Review, Proof]:
    edit = next(one for one in EDITS if one.words == words)
    after = read(edit)
    before = Side("shipped", {name: shipped().plans[name] for name in after.plans}, shipped().office)
    found = find(edit)
    return found, prove(before, after, found, most)


def test_of_a_text_alone_nothing_is_walked_and_nobody_can_newly_do_anything() -> None:
    _, proof = proved("a word in a message")
    (template,) = proof.templates
    assert (template.outcome, template.states, template.rights.outcome) == ("texts", 0, "proved")
    assert [one.outcome for one in template.changes] == ["texts"]


def test_of_titles_that_changed_places_is_said_that_people_go_by_them_and_what_was_not_walked() -> None:
    for words, swapped in (
        ("outcomes change titles", True),
        ("documents change titles", True),
        ("a word in a message", False),
    ):
        found, proof = proved(words)
        told = replace(found, proof=proof)
        (template,) = proof.templates
        first, rights = tell_template(told, template.template)
        assert first.sentence.startswith("Wording: ") is not swapped
        assert ("Titles that people go by changed places" in first.sentence) is swapped
        assert rights.sentence == "Nobody can now do what they could not before."
        said = {str(tell_change(told, change)) for change in found.changes}
        assert ["people go by this one, and it is now that of something" in one for one in said] == [swapped]


def test_a_checkpoint_less_is_told_with_the_nearest_filing_and_with_who_can_newly_complete() -> None:
    _, proof = proved("a checkpoint is dropped")
    (template,) = proof.templates
    (change,) = template.changes
    assert change.outcome == template.outcome == "differs"
    assert change.way is not None
    assert [step.number for step in change.way.steps] == list(range(len(change.way.steps)))
    assert "Fase 'Controle' is begonnen" in change.way.steps[-1].text
    assert any("has to be ticked" in line for line in change.way.before)
    assert template.rights.outcome == "refuted"
    (first, *_) = template.rights.newly
    assert first.sentence == "Who has the role ‘Accountant’ can now complete ‘Controle’."
    assert "grootboek" in first.way.before[0]
    assert first.way.after == ("this is possible",)


@pytest.mark.parametrize(
    ("words", "reader"),
    [
        ("the consultant number", "header"),
        ("an account of the tax authority", "where to pay"),
        ("another fallback", "holder of a role"),
    ],
)
def test_what_no_filing_reads_is_told_with_who_does(words: str, reader: str) -> None:
    _, proof = proved(words)
    found = [*proof.office, *(one for template in proof.templates for one in template.changes)]
    assert {one.outcome for one in found} == {"elsewhere"}
    assert all(reader in (one.reader or "") for one in found)


def test_what_was_not_found_before_a_walk_stopped_is_inconclusive() -> None:
    found, proof = proved("another message with an offer", 30)
    (template,) = proof.templates
    assert (template.outcome, template.rights.outcome) == ("inconclusive", "inconclusive")
    other = replace(template, untried=("days in other periods",))
    for one in (proof, replace(proof, templates=(other,))):
        whole, rights = tell_template(replace(found, proof=one), template.template)
        assert "and there are more (--most has it look at more)" in whole.sentence
        assert "(--most" in rights.sentence
    assert whole.sentence.endswith(
        ", and not all was tried that could tell the plans apart: days in other periods."
    )


def test_of_several_changes_each_is_proved_apart() -> None:
    before = shipped().plans["btw-aangifte"]
    first, last = before.phases[0], before.phases[-1]
    after = replace(
        before,
        phases=(
            replace(first, title="Iets anders", checkpoints=first.checkpoints[1:]),
            *before.phases[1:-1],
            replace(last, role="fiscaal"),
        ),
    )
    office = shipped().office
    sides = Side("a", {"btw-aangifte": before}, office), Side("b", {"btw-aangifte": after}, office)
    found = review(*sides, ON)
    (template,) = prove(*sides, found, 300).templates
    said = {one.id: one for one in found.changes}
    outcomes = {said[one.change].path: one.outcome for one in template.changes}
    assert outcomes == {
        "phases.verzamelen.title": "texts",
        f"phases.verzamelen.checkpoints.{first.checkpoints[0].id}": "differs",
        "phases.afronden.role": "differs",
    }
    lengths = {said[one.change].path: len(one.way.steps) for one in template.changes if one.way}
    assert (
        lengths["phases.afronden.role"] > lengths[f"phases.verzamelen.checkpoints.{first.checkpoints[0].id}"]
    )


def test_every_face_shows_the_proof() -> None:
    found, proof = proved("a checkpoint is dropped")
    shown = replace(found, proof=proof)
    for text in (write_text(shown), write_markdown(shown, {}), write_html(shown, {})):
        plain = re.sub(r"\s+", " ", text)
        assert "a filing goes differently after" in plain
        assert "can now complete ‘Controle’" in plain
    assert json.loads(write_json(shown))["proof"]["templates"][0]["rights"]["outcome"] == "refuted"


def test_a_plan_without_texts_says_no_word_of_them() -> None:
    plan = shipped().plans["btw-aangifte"]
    without = blank(plan)
    assert [phase.title for phase in without.phases] == [phase.id for phase in plan.phases]
    assert {text for one in without.messages for text in one.texts.values()} == {Text(subject="", body="")}
    assert blank(without) == without


def test_every_part_that_others_read_is_a_part() -> None:
    parts = {name_part(owner, field) for owner, field in list_parts()} | {"plan.template"}
    assert READERS.keys() <= parts
    texts = {name_part(owner, field) for owner, field in list_parts() if field in list_texts(owner)}
    assert "phase.title" in texts
    assert "phase.role" not in texts
