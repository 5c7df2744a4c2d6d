"""Every part of a plan has a rule, or is listed with the reason why it needs none."""

from kantoor.plan_parts import list_parts
from kantoor.review.rules.base import CLASSES
from kantoor.review.rules.table import BY_PART, DERIVED, IDS, RULES


def test_every_part_of_a_plan_has_a_rule_or_a_reason() -> None:
    assert [
        part for part in list_parts() if part not in BY_PART and part not in DERIVED and part not in IDS
    ] == []


def test_no_rule_is_of_a_part_that_is_gone() -> None:
    assert [part for part in (*BY_PART, *DERIVED, *IDS) if part not in list_parts()] == []


def test_no_part_has_two_rules_or_a_rule_and_a_reason() -> None:
    assert len(BY_PART) == len(RULES)
    assert not BY_PART.keys() & (DERIVED.keys() | IDS)


def test_what_is_wording_is_a_text() -> None:
    """Nothing that the machine goes by is called wording."""
    texts = {"title", "name", "phone", "email", "texts", "messages"}
    assert {rule.field for rule in RULES if rule.cls == "wording"} == texts
    assert {rule.cls for rule in RULES if isinstance(rule.cls, str)} == set(CLASSES)
