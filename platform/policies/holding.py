"""Holding policies: against every filing that the conditions of a template tell apart, walked together."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..exploring.own_days import DAYS_TO_ACT, count_days_to_act
from ..exploring.telling_apart import Telling, name_values
from ..filing.events import Start
from ..plan import Office, Plan
from ..policy import Policy
from .completing import Stuck
from .judging import Breach, judge_together
from .starting import choose_starts

MOST_STATES = 40_000
"""States of a template after which the walk stops, and says so."""


@dataclass(frozen=True)
class Found:
    """What was found in one template."""

    template: str
    starts: tuple[Start, ...]
    breaches: tuple[Breach, ...]
    """One a policy: that of the shortest path of all filings."""
    applied: frozenset[str]
    """The policies that say something of it."""
    closes: bool
    """Whether a filing was completed on some way."""
    stuck: tuple[Stuck, ...]
    """The kinds of filings that were not completed on any, where others were."""
    states: int
    steps: int
    exhaustive: bool
    days_to_act: int = DAYS_TO_ACT
    """So many days after one that the template names people act where nothing is waited for."""
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
    judged = judge_together(plan, starts, meant, most=most)
    return Found(
        template=plan.template,
        starts=starts,
        breaches=tuple(judged.breaches[one.id] for one in meant if one.id in judged.breaches),
        applied=frozenset(judged.applied),
        closes=judged.closes,
        stuck=judged.stuck,
        states=judged.walked.states,
        steps=judged.walked.steps,
        exhaustive=not untried and judged.walked.exhausted,
        days_to_act=count_days_to_act(plan),
        untried=untried,
    )
