"""Holding policies: against every filing that the conditions of a template tell apart, each walked once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..exploring.telling_apart import Telling, name_values
from ..filing.events import Start
from ..plan import Office, Plan
from ..policy import Policy
from .judging import Breach, Judged, judge
from .starting import choose_starts

MOST_STATES = 20_000
"""States of one filing after which the walk stops, and says so."""


@dataclass(frozen=True)
class Found:
    """What was found in one template."""

    template: str
    starts: tuple[Start, ...]
    breaches: tuple[Breach, ...]
    """One a policy: that of the shortest path of all filings."""
    applied: frozenset[str]
    """The policies that say something of it."""
    states: int
    steps: int
    exhaustive: bool
    untried: tuple[str, ...] = ()
    """Names of values in conditions of which not every answer was tried; with any it is not exhaustive."""

    def breach_of(self, policy: str) -> Breach | None:
        """Return how a policy is broken, or None."""
        return next((one for one in self.breaches if one.policy == policy), None)


def hold_policies(plan: Plan, office: Office, policies: Iterable[Policy], most: int = MOST_STATES) -> Found:
    """Walk every state of the filings of a template and say which policies they break.

    Those for which the template is excepted are held too, so that an exception that is not needed is seen.
    """
    meant = tuple(policy for policy in policies if policy.is_for(plan.template))
    telling = Telling(plan)
    starts, unmet = choose_starts((plan,), office, telling)
    untried = name_values((*telling.untried, *unmet))
    judged = [judge(plan, start, meant, most=most) for start in starts]
    return Found(
        template=plan.template,
        starts=starts,
        breaches=tuple(_list_shortest(meant, judged)),
        applied=frozenset(name for one in judged for name in one.applied),
        states=sum(one.walked.states for one in judged),
        steps=sum(one.walked.steps for one in judged),
        exhaustive=not untried and all(one.walked.exhausted for one in judged),
        untried=untried,
    )


def _list_shortest(policies: tuple[Policy, ...], judged: list[Judged]) -> Iterator[Breach]:
    for policy in policies:
        found = [one.breaches[policy.id] for one in judged if policy.id in one.breaches]
        if found:
            yield min(found, key=lambda breach: breach.length)
