"""An edit by which a policy that is broken holds, where one alone does: it was walked as all the rest was.

What an office has to choose has no such edit: how many days, which role, which message. Four eyes and reviews
name phases and documents, of which a template has few: each that could be named is tried.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..data import replace
from ..filing.state import State
from ..filing.turn import Reader
from ..plan import Office, Phase, Plan, Work
from ..policy import Policy
from .holding import MOST_STATES, Found
from .judging import Breach
from .keeping import hold_kept
from .paths import replay

MOST_TRIED = 4
"""Edits that are walked: among more there is hardly one alone."""


Where = tuple[str, str]
"""A policy and the template in which it is broken."""


class Mend(NamedTuple):
    """An edit: which key of which phase of a template becomes what."""

    template: str
    phase: str
    key: str
    value: tuple[str, ...]

    @property
    def written(self) -> str:
        """Return the key as it is written in the phase."""
        return f"{self.key}: [{', '.join(self.value)}]"

    @property
    def place(self) -> str:
        """Return where it is written."""
        return f"in phase {self.phase} of workflows/{self.template}.yaml"


def find_mends(
    plans: Mapping[str, Plan],
    office: Office,
    policies: Sequence[Policy],
    found: Sequence[Found],
    folder: Path | None,
    most: int = MOST_STATES,
) -> dict[Where, Mend]:
    """Return the edit of each breach that has one alone, by policy and template.

    What its walks find is kept in the folder.
    """
    made = {}
    for one in found:
        for breach in one.breaches:
            policy = next(policy for policy in policies if policy.id == breach.policy)
            if policy.reason_for(one.template) is None:
                mend = _find(plans[one.template], office, policies, one, breach, policy, folder, most)
                if mend is not None:
                    made[policy.id, one.template] = mend
    return made


def _find(
    plan: Plan,
    office: Office,
    policies: Sequence[Policy],
    found: Found,
    breach: Breach,
    policy: Policy,
    folder: Path | None,
    most: int,
) -> Mend | None:
    """Return the one edit with which the policy holds on every path, and no other breaks that did not.

    One by which no filing can be completed any more is none.
    """
    tried = list(_list_mends(plan, policy, breach))
    if len(tried) > MOST_TRIED:
        return None
    left = {one.policy for one in found.breaches} - {policy.id}
    sound = []
    for mend in tried:
        held = hold_kept(_carry_out(plan, mend), office, policies, folder, most)
        if {one.policy for one in held.breaches} <= left and held.closes >= found.closes:
            if not held.exhaustive:
                return None  # it may be as sound as the others
            sound.append(mend)
    return sound[0] if len(sound) == 1 else None


def _list_mends(plan: Plan, policy: Policy, breach: Breach) -> Iterator[Mend]:
    """Yield the edits that could help, each of one phase."""
    words = {one.word for one in policy.first}
    if (
        policy.form == "differs"
        and words == {"reviewed"}
        and {one.word for one in policy.second} == {"attached"}
    ):
        for phase in _list_active(plan, breach):
            makers = dict.fromkeys(d.made_in for d in plan.documents if d.id in phase.reviews)
            for maker in makers:
                if maker not in {phase.id, *phase.four_eyes}:
                    yield Mend(plan.template, phase.id, "four_eyes", (*phase.four_eyes, maker))
    if (
        policy.form == "never"
        and words == {"offered"}
        and {one.word for one in policy.unless} == {"is_reviewed"}
    ):
        for offering in _list_active(plan, breach):
            for document in offering.offer.documents if offering.offer else ():
                yield from _list_reviews(plan, document, offering)


def _list_reviews(plan: Plan, document: str, offering: Phase) -> Iterator[Mend]:
    """Yield a review of a document in each phase of work between those that make and offer it."""
    made_in = next(one.made_in for one in plan.documents if one.id == document)
    names = [phase.id for phase in plan.phases]
    between = plan.phases[names.index(made_in) + 1 : names.index(offering.id)]
    for phase in between:
        if isinstance(phase.block, Work) and document not in phase.reviews:
            yield Mend(plan.template, phase.id, "reviews", (*phase.reviews, document))


def _list_active(plan: Plan, breach: Breach) -> tuple[Phase, ...]:
    """Return the phases that are active as the last step of a breach begins."""
    before: State | None = None
    for _, taken in list(replay(plan, breach.events))[:-1]:
        before = taken.state
    return tuple(Reader(plan, before).active_phases()) if before else ()


def _carry_out(plan: Plan, mend: Mend) -> Plan:
    changes = {mend.key: mend.value}
    phases = (replace(one, **changes) if one.id == mend.phase else one for one in plan.phases)
    return replace(plan, phases=tuple(phases))
