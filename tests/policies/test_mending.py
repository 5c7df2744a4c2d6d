"""An edit beside a breach: the one by which the policy holds on every path, and no other one breaks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kantoor.data import replace
from kantoor.plan import Block, Offer, Phase, Plan, Work
from kantoor.policies.holding import hold_policies
from kantoor.policies.mending import Mend, find_mends

from .test_breaches import shipped

NAME = "icp-opgaaf"


def _changed(phase: str, **changes: object) -> Plan:
    """Return the template with a phase changed, without ticks, messages and chases.

    These policies look at none of them, and they make five times as many states.
    """
    plan = shipped().plans[NAME]
    thin = (replace(one, checkpoints=(), automations=(), block=_unchased(one)) for one in plan.phases)
    return replace(plan, phases=tuple(replace(one, **changes) if one.id == phase else one for one in thin))


def _unchased(phase: Phase) -> Block:
    block = phase.block
    return replace(block, chase=None) if isinstance(block, Work | Offer) else block


EDITED: dict[str, tuple[Callable[[], Plan], dict[tuple[str, str], Mend]]] = {
    "four eyes of who made it are gone": (
        lambda: _changed("controle", four_eyes=("verzamelen",)),
        {
            ("opsteller-beoordeelt-niet", NAME): Mend(
                NAME, "controle", "four_eyes", ("verzamelen", "opstellen")
            )
        },
    ),
    "the review is gone": (
        lambda: _changed("controle", reviews=()),
        {("beoordeeld-voor-aanbieden", NAME): Mend(NAME, "controle", "reviews", ("opgaaf",))},
    ),
    "the review and four eyes are gone: no one edit mends both": (
        lambda: _changed("controle", reviews=(), four_eyes=()),
        {},
    ),
}


@pytest.mark.parametrize("name", EDITED)
def test_an_edit_is_shown_where_it_alone_makes_the_policy_hold(name: str, tmp_path: Path) -> None:
    make, expected = EDITED[name]
    plan, office = make(), shipped().office
    assert office is not None
    policies = tuple(one for one in shipped().policies if one.id.startswith(("beoordeeld", "opsteller")))
    found = hold_policies(plan, office, policies)
    assert found.breaches
    assert find_mends({NAME: plan}, office, policies, [found], tmp_path) == expected
    for mend in expected.values():
        mended = tuple(replace(p, **{mend.key: mend.value}) if p.id == mend.phase else p for p in plan.phases)
        held = hold_policies(replace(plan, phases=mended), office, policies)
        assert held.exhaustive
        assert not held.breaches
