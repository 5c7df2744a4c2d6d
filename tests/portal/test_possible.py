"""What a page says that somebody can do is what the machine does: on walks through every state."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from kantoor.data import canonical, replace
from kantoor.filing.events import Actor, AnyAct
from kantoor.filing.new_acts import take_new
from kantoor.filing.outcome import Refusal
from kantoor.service.filings.possible import judge_possible, list_askable
from tests.filing.driver import ACCOUNTANT, ADMIN, FISCAL, MANAGER, Driver
from tests.filing.plans import VAT
from tests.filing.test_laws import _try, walk_of

SAID = {
    "reason": "De klant belde op maandag",
    "proof": "0" * 64,
    "reference": "K-1",
    "until": date(2026, 12, 1),
    "id": "0" * 32,
}
"""What people fill in, in place of what stands for it where an act is only asked about."""
COLLEAGUES = (ADMIN, ACCOUNTANT, MANAGER, FISCAL)


def as_sent(act: AnyAct) -> AnyAct:
    """Return an act as a form sends it."""
    known = {name: value for name, value in SAID.items() if getattr(act, name, None)}
    return replace(act, **known)


def case_of(filing: Driver, by: Actor) -> Any:
    return SimpleNamespace(plan=filing.plan, view=filing.view, actor=by, now=filing.now)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_possible_is_taken_and_what_is_not_is_refused_with_the_same_words(seed: int) -> None:
    filing = Driver(VAT)
    filing.hold = {"resolve", "send", "deliver", "follow", "start", "note", "watch"}
    for move in walk_of(seed):
        _try(filing, *move)
        assert filing.state is not None
        before = canonical(filing.state)
        for by in COLLEAGUES:
            case = case_of(filing, by)
            found = judge_possible(case, filing.state)
            assert canonical(filing.state) == before, "asking is not doing"
            if filing.view.ended:
                assert not found.refusals
                continue
            for name, act in list_askable(case, filing.state):
                taken = take_new(VAT, filing.state, as_sent(act))
                text = taken.text if isinstance(taken, Refusal) else ""
                assert found.why_not(*name.split(" ")) == text, (seed, move, by.id, name)
                assert found.can(*name.split(" ")) == (not isinstance(taken, Refusal))
