"""Plans that keep their digest: what nobody changed is the same plan for every later kantoor.

The definitions of `kept/` are of an earlier kantoor and stay as they are. A plan of them that gets another
digest would be a new version of a template that nobody edited, at every office. Only when the format of plans
changes are the digests written again: then with a decision that says so.
"""

import json
from pathlib import Path

from kantoor.compiler import compile_definitions
from kantoor.plan import digest

KEPT = Path(__file__).parent / "kept"


def test_definitions_of_an_earlier_kantoor_give_the_plans_that_they_gave() -> None:
    compilation = compile_definitions(KEPT / "definitions")
    assert not compilation.errors
    assert compilation.office is not None
    plans = {name: digest(plan) for name, plan in compilation.plans.items()}
    assert {**plans, "office": digest(compilation.office)} == json.loads((KEPT / "digests.json").read_text())
