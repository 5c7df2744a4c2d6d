"""The shipped policies hold in the shipped templates: of most against every state, of four the nearest.

`kantoor policies` looks at all states of all (`make bench` too); these are as many as a test can look at.
"""

import pytest

from kantoor.policies.holding import MOST_STATES, hold_policies
from kantoor.policies.reporting import list_findings

from .test_breaches import DEFINITIONS, shipped

DEAREST = ("aangifte-ib", "aangifte-vpb", "jaarrekening", "onboarding")
"""Templates that `make bench` alone walks to the end; of the others every state is looked at here."""
NEAREST = 700
"""So many states of these, by the fewest moves: a breach that lies further is not found here."""
TEMPLATES = sorted(file.stem for file in (DEFINITIONS / "workflows").glob("*.yaml"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_shipped_policy_is_broken_in_a_shipped_template(template: str) -> None:
    definitions = shipped()
    assert definitions.office is not None
    whole = template not in DEAREST
    policies = definitions.policies
    found = hold_policies(
        definitions.plans[template], definitions.office, policies, MOST_STATES if whole else NEAREST
    )
    assert found.applied, "some policy says something of it"
    assert found.exhaustive and found.closes if whole else found.states >= NEAREST
    wrong = {"broken"} | ({"needless_exception", "not_exhaustive", "sticks"} if whole else set())
    assert not [(one.policy, one.text) for one in list_findings(policies, [found]) if one.kind in wrong]
