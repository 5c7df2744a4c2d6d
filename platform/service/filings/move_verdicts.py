"""Verdicts on moves of filings as people see them: wished, judged, counted (R40)."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import Connection

from ...data import canonical, digest_of
from ...filing.mapping import Effect, Mapping
from ...filing.moving import Cannot, Later, Moved, Stays, Verdict, fill_in_phases, move, narrow
from ...filing.outcome import Refusal
from ...filing.previewing import preview
from ...filing.saying_moves import say_effects, say_reasons
from ...filing.state import State
from ...office.filings.filing import Filing
from ...office.plans import PublishedPlan, list_plans, plans_by_digest, plans_in_force
from ...plan import Model, Plan
from ..names import short_digest, short_name
from ..unknown import refuse_template
from .choices import say_why

ACTIVE = "active"
_BY_ID = re.compile(r"geef dat dan op: .+?\.(?=\s|$)")

VerdictWord = Literal["moves", "later", "stays", "cannot", "unknown"]


class MoveWish(Model):
    """Where filings go: a plan's digest, the start of one, or 'active'; and how, as `Mapping` says it.

    The active plan is the one that is in force for the relation of a filing.
    """

    to: str = ACTIVE
    phases: dict[str, str] = Field(default_factory=dict)
    back_to: str | None = None
    without: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    reason: str = ""

    @property
    def mapping(self) -> Mapping:
        """Return how, as the machine takes it."""
        return Mapping(
            phases=self.phases,
            back_to=self.back_to,
            without=self.without,
            dropped=self.dropped,
            kept=self.kept,
        )


class MoveReason(Model):
    """Why a verdict is as it is: a stable code and a Dutch sentence, about which phase and item."""

    code: str
    text: str
    phase: str | None
    item: str | None


class MoveEffect(Model):
    """One thing that the move does, as a Dutch sentence and in parts (`filing.mapping.Effect`)."""

    what: str
    code: str
    text: str
    phase: str | None
    item: str | None
    before: str | None
    after: str | None


class MoveLine(Model):
    """What a move to a plan means for a filing; plans by their digests.

    `mark` stands for this very move where it can be done, or asked to wait; by it the move is asked for.
    `effects` of one that moves later are those that it would have as the filing stands.
    """

    filing: str
    name: str
    from_plan: str
    to_plan: str
    verdict: VerdictWord
    reasons: tuple[MoveReason, ...]
    effects: tuple[MoveEffect, ...] = ()
    mark: str = ""


def point_to(text: str, way: str) -> str:
    """Return why a filing cannot move with how a page has the office do without something: `way`, for its id.

    A command gives that id; pages have another way to say it, or lead to one.
    """
    return _BY_ID.sub(way, text)


def find_target(connection: Connection, template: str, to: str, relation: str) -> PublishedPlan | Refusal:
    """Return the plan that is meant: the one in force for a relation, or one by the start of its digest."""
    targets = find_targets(connection, template, to)
    return targets if isinstance(targets, Refusal) else targets(relation)


def find_targets(connection: Connection, template: str, to: str) -> Callable[[str], PublishedPlan] | Refusal:
    """Return what says which plan is meant for a relation: on pilot its active plan is its own."""
    if to != ACTIVE:
        there = find_plan_by_start(connection, template, to)
        return there if isinstance(there, Refusal) else lambda relation: there
    in_force = plans_in_force(connection)
    usual = in_force.find(template, "")
    if usual is None:
        return refuse_template(connection, template)
    return lambda relation: in_force.pilots.get((template, relation), usual)


def find_plan_by_start(connection: Connection, template: str, to: str) -> PublishedPlan | Refusal:
    """Return the plan of a template whose digest begins so."""
    fitting = [one for one in list_plans(connection, template) if to and one.digest.startswith(to)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(short_digest(one.digest) for one in fitting)
        return Refusal(code="several_plans", text=f"Meerdere plannen beginnen met deze code: {names}.")
    return Refusal(code="unknown_plan", text=f"Er is geen plan '{to}' van het werkproces '{template}'.")


def judge_filing(
    filing: Filing,
    plan: Plan,
    state: State,
    target: PublishedPlan,
    wish: MoveWish,
    at: datetime,
    *,
    when_safe: bool = False,
) -> MoveLine:
    """Return the verdict on one filing with what the move does, in words; `when_safe` also of one later."""
    mapping = fill_in_phases(plan, target.plan, wish.mapping)
    found = preview(plan, target.plan, state, mapping, at, later=when_safe)
    reasons = say_why(plan, target.plan, state, mapping, found.verdict)
    texts = say_effects(plan, target.plan, found.effects)
    verdict = _WORDS[type(found.verdict)]
    return MoveLine(
        filing=filing.id,
        name=short_name(filing.id),
        from_plan=filing.plan,
        to_plan=target.digest,
        verdict=verdict,
        reasons=tuple(
            MoveReason(code=one.code, text=text, phase=one.phase, item=one.item)
            for one, text in zip(found.verdict.reasons, reasons, strict=True)
        ),
        effects=tuple(
            MoveEffect(
                what=one.what,
                code=one.code,
                text=text,
                phase=one.phase,
                item=one.item,
                before=one.before,
                after=one.after,
            )
            for one, text in zip(found.effects, texts, strict=True)
        ),
        mark=mark_move(filing, target, mapping, found.effects) if can_be_asked(verdict, when_safe) else "",
    )


def can_be_asked(verdict: VerdictWord, when_safe: bool) -> bool:
    """Say whether a move can be asked for, now or for when it is safe."""
    return verdict == "moves" or (when_safe and verdict == "later")


def narrow_wish(plan: Plan, state: State, target: PublishedPlan, wish: MoveWish) -> MoveWish:
    """Return the wish for one of many filings: it chooses only what this one has a choice in."""
    mapping = narrow(plan, target.plan, state, fill_in_phases(plan, target.plan, wish.mapping))
    return wish.model_copy(
        update={"without": mapping.without, "dropped": mapping.dropped, "kept": mapping.kept}
    )


def mark_move(filing: Filing, target: PublishedPlan, mapping: Mapping, effects: tuple[Effect, ...]) -> str:
    """Return a short text that is another one when the move would be of, or do, anything else."""
    said = (filing.id, filing.plan, target.digest, mapping, effects)
    return short_digest(digest_of(canonical(said)))


def say_waits(connection: Connection, plan: Plan, state: State) -> tuple[str, ...]:
    """Return what keeps a move that waits, as Dutch sentences; nothing where none does."""
    waiting = state.case.move
    if waiting is None or waiting.dropped:
        return ()
    newer = plans_by_digest(connection, {waiting.plan}).get(waiting.plan)
    verdict = move(plan, newer, state, waiting.mapping) if newer else None
    if newer is None or not isinstance(verdict, Later):
        return ()  # it is carried out or dropped in a moment
    return tuple(dict.fromkeys(say_reasons(plan, newer, verdict.reasons)))


_WORDS: dict[type[Verdict], VerdictWord] = {
    Moved: "moves",
    Later: "later",
    Stays: "stays",
    Cannot: "cannot",
}


def make_unreadable(filing: Filing, target: PublishedPlan) -> MoveLine:
    """Return the line of a filing whose recorded state cannot be read: nobody knows."""
    text = "De vastgelegde stand van deze opdracht is niet te lezen."
    return MoveLine(
        filing=filing.id,
        name=short_name(filing.id),
        from_plan=filing.plan,
        to_plan=target.digest,
        verdict="unknown",
        reasons=(MoveReason(code="unreadable", text=text, phase=None, item=None),),
    )
