"""Who can newly do what: also by acts on which nothing hangs, and by whom the office looks up."""

from collections.abc import Callable
from functools import cache

import pytest
from msgspec.structs import replace

from kantoor.plan import Phase, Plan, To
from kantoor.proving.proof import prove
from kantoor.review.proof import Rights, TemplateProof
from kantoor.review.review import Side, review
from tests.review.edited import ON, shipped


def change_phases(plan: Plan, change: Callable[[Phase], Phase]) -> Plan:
    return replace(plan, phases=tuple(map(change, plan.phases)))


def give_tasks(plan: Plan, role: str) -> Plan:
    def change(phase: Phase) -> Phase:
        automations = tuple(
            replace(one, task=replace(one.task, to=To(kind="role", name=role)))
            if one.task and one.task.to.kind == "role"
            else one
            for one in phase.automations
        )
        return replace(phase, automations=automations)

    return change_phases(plan, change)


def offer_to(plan: Plan, to: To) -> Plan:
    return change_phases(
        plan, lambda phase: replace(phase, block=replace(phase.block, to=to)) if phase.offer else phase
    )


def fall_back(plan: Plan, role: str, other: str | None) -> Plan:
    roles = tuple(replace(one, fallback=other) if one.id == role else one for one in plan.roles)
    return replace(plan, roles=roles)


@cache
def before() -> Plan:
    return shipped().plans["btw-aangifte"]


def prove_change(old: Plan, new: Plan, most: int = 300) -> TemplateProof:
    sides = Side("a", {old.template: old}, shipped().office), Side("b", {new.template: new}, shipped().office)
    (template,) = prove(*sides, review(*sides, ON), most).templates
    return template


def prove_rights(old: Plan, new: Plan, most: int = 300) -> Rights:
    return prove_change(old, new, most).rights


def test_a_task_of_the_office_that_goes_to_another_role_is_told() -> None:
    rights = prove_rights(before(), give_tasks(before(), "administratie"))
    assert rights.outcome == "refuted"
    assert "Who has the role ‘Administratie’ can now do a task." in {one.sentence for one in rights.newly}


@pytest.mark.parametrize(
    ("was", "now", "refuted"),
    [
        (To(), To(kind="function", name="directeur"), True),
        (To(kind="function", name="directeur", decide="all"), To(kind="function", name="directeur"), True),
        (To(kind="function", name="directeur"), To(kind="function", name="directeur", decide="all"), False),
    ],
)
def test_an_offer_to_others_is_told_and_one_that_more_have_to_answer_is_not(
    was: To, now: To, *, refuted: bool
) -> None:
    rights = prove_rights(offer_to(before(), was), offer_to(before(), now), 60)
    looked_up = [one.sentence for one in rights.newly if one.way is None]
    assert bool(looked_up) == refuted
    assert all("directeur" in one and "decide on the offer" in one for one in looked_up)


@pytest.mark.parametrize(
    ("was", "now", "refuted"),
    [("accountant", "relatiebeheerder", True), (None, "accountant", True), ("accountant", None, False)],
)
def test_who_newly_gets_work_by_a_fallback_is_told(
    was: str | None, now: str | None, *, refuted: bool
) -> None:
    old, new = (fall_back(before(), "administratie", other) for other in (was, now))
    rights = prove_rights(old, new)
    assert (rights.outcome, rights.states) == ("refuted" if refuted else "proved", 0)
    assert all("can now do the work of ‘Administratie’" in one.sentence for one in rights.newly)


@pytest.mark.parametrize("left_out", ["verzamelen", "opstellen"])
def test_that_who_did_one_of_two_checked_phases_can_now_review_is_told(left_out: str) -> None:
    checked = tuple(name for name in before().phase("controle").four_eyes if name != left_out)
    assert len(checked) == 1
    new = change_phases(
        before(), lambda phase: replace(phase, four_eyes=checked) if phase.id == "controle" else phase
    )
    proof = prove_change(before(), new)
    assert (proof.outcome, proof.rights.outcome) == ("differs", "refuted")
    assert any("can now complete" in one.sentence for one in proof.rights.newly)
