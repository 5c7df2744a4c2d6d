"""Policies held against many templates at once: found in their order, with what is left told."""

from collections.abc import Sequence
from pathlib import Path

from kantoor.policies.many import hold_all

from .test_breaches import shipped

NAMES = ("suppletie", "icp-opgaaf", "btw-aangifte")


def test_what_is_left_is_told_as_each_template_is_held(tmp_path: Path) -> None:
    definitions, told = shipped(), []
    assert definitions.office is not None
    plans = [definitions.plans[name] for name in NAMES]
    hold_all(plans[1:2], definitions.office, definitions.policies, tmp_path, 20)

    def tell(left: Sequence[str]) -> None:
        told.append(tuple(left))

    found = hold_all(plans, definitions.office, definitions.policies, tmp_path, 20, tell)
    assert [one.template for one in found] == list(NAMES)
    assert told[0] == ("suppletie", "btw-aangifte"), "the other is kept"
    assert [len(left) for left in told] == [2, 1, 0]
