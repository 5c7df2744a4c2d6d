"""Filings moved by a kept review: each as it was told there, or not at all (R34, R40)."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from ...office.plans import plans_by_digest
from ...period import in_words
from ...review.kept import KeptReview
from ...review.runs import DayMoved, JudgedFiling, Outcome, Why
from ...words import MOVE_DATE_WORDS, VERDICT_WORDS
from ..desk import Desk
from ..filings.cases import find_by_name
from ..filings.move_verdicts import ACTIVE, MoveLine, MoveWish, find_targets
from ..filings.moving import Carried, move_filing, preview_move
from ..names import short_digest, short_name
from ..results import Refusal
from ..reviewing.verdicts import judge_what_runs
from ..reviewing.what_runs import read_what_runs

T = TypeVar("T")

NAMED = 5
"""So many filings that are otherwise than was told are named."""


def find_reviewed_plan(
    desk: Desk, kept: KeptReview, template: str, relations: Collection[str]
) -> str | Refusal:
    """Return the digest of the plan to which a review lets filings of a template go.

    It is the plan in force for each of these relations, or none of them may go there by this review.
    """
    before_and_after = kept.plans.get(template)
    if before_and_after is None or before_and_after[1] is None:
        text = f"In deze beoordeling gaat geen opdracht van het werkproces '{template}' naar een ander plan."
        return Refusal(code="not_reviewed", text=text)
    digest = before_and_after[1]
    targets = desk.read(lambda connection: find_targets(connection, template, ACTIVE))
    if isinstance(targets, Refusal):
        return targets
    others: dict[str, list[str]] = {}
    for relation in relations:
        others.setdefault(targets(relation).digest, []).append(relation)
    theirs = others.pop(digest, [])
    if not others:
        return digest
    mixed = len(others) > 1 or bool(theirs)
    active = " en ".join(
        f"plan {short_digest(one)}{f' voor {_name_relations(them)}' if mixed else ''}"
        for one, them in others.items()
    )
    also = f" Voor {_name_relations(theirs)} is het beoordeelde plan actief: verplaats alleen die."
    text = (
        f"Beoordeeld is plan {short_digest(digest)}, en actief is {active}; verplaatst wordt alleen naar een "
        f"plan dat is beoordeeld en actief is.{also if theirs else ''}"
    )
    return Refusal(code="not_in_force", text=text)


def _name_relations(numbers: Sequence[str]) -> str:
    named = f"{'relatie' if len(numbers) == 1 else 'relaties'} {', '.join(numbers[:NAMED])}"
    return f"{named} en nog {len(numbers) - NAMED}" if len(numbers) > NAMED else named


def refuse_unreviewed(
    desk: Desk, kept: KeptReview, template: str, filings: Collection[str]
) -> Refusal | None:
    """Return why filings, by their ids, may not move by a review: what becomes of one is not what was told.

    What is on the reviewed plan already, or has ended, keeps nobody. Raises DatabaseError.
    """
    digest = (kept.plans.get(template) or (None, None))[1]
    if kept.review.runs is None or digest is None:
        text = "De beoordeling zegt niet wat er gebeurt met opdrachten die lopen."
        return Refusal(code="not_reviewed", text=text)
    plan = desk.read(lambda connection: plans_by_digest(connection, {digest}))[digest]
    what = read_what_runs(desk, {template}).keep(lambda one: one.plan != digest and one.filing in filings)
    (judged,) = judge_what_runs(what, {}, {template: plan}).templates
    told = {
        one.id: one
        for runs in kept.review.runs.templates
        if runs.template == template
        for one in runs.filings
    }
    others = list(_list_others(told, judged.filings))
    if not others:
        return None
    more = f", en nog {len(others) - NAMED}" if len(others) > NAMED else ""
    text = f"Dit is niet wat is beoordeeld: {'; '.join(others[:NAMED])}{more}."
    return Refusal(code="not_reviewed", text=text)


def _list_others(told: dict[str, JudgedFiling], judged: tuple[JudgedFiling, ...]) -> Iterator[str]:
    for one in judged:
        then, name = told.get(one.id), short_name(one.filing or one.id)
        if then is None:
            yield f"{name} is sindsdien begonnen"
        elif any(why.code == "not_told" for why in then.reasons):
            yield f"van {name} kon de beoordeling het niet zeggen"
        else:
            yield from (f"met {name} gebeurt iets anders: {how}" for how in _say_other(then, one))


def _say_other(then: JudgedFiling, now: JudgedFiling) -> Iterator[str]:
    """Say in what a move differs from what was told of it; how far it is in a phase does not count."""
    if then.outcome != now.outcome:
        yield f"beoordeeld was ‘{_say_outcome(then.outcome)}’, nu is het ‘{_say_outcome(now.outcome)}’"
    elif _tell(then.reasons) != _tell(now.reasons):
        yield f"nog steeds ‘{_say_outcome(now.outcome)}’, maar om een andere reden"
    elif then.dates != now.dates:
        was, is_now = (_find_first(one.dates, other.dates) for one, other in ((then, now), (now, then)))
        about = is_now or was
        assert about is not None
        what = MOVE_DATE_WORDS.get(about.what, about.what)
        yield f"{what} in fase {about.phase} {_say_day(was)} in de beoordeling, en nu {_say_day(is_now)}"
    elif _tell(then.losses) != _tell(now.losses):
        yield "wat de weg terug niet herstelt, is niet wat is beoordeeld"
    elif then.work != now.work:
        other = _find_first(now.work, then.work) or _find_first(then.work, now.work)
        assert other is not None
        yield f"het open werk ‘{other.title}’ verandert anders dan is beoordeeld"


def _say_outcome(outcome: Outcome) -> str:
    return VERDICT_WORDS["unknown" if outcome == "inconclusive" else outcome]


def _tell(reasons: tuple[Why, ...]) -> list[tuple[str, str, str]]:
    return sorted((why.code, why.phase or "", why.item or "") for why in reasons)


def _find_first(some: tuple[T, ...], others: tuple[T, ...]) -> T | None:
    return next((one for one in some if one not in others), None)


def _say_day(moved: DayMoved | None) -> str:
    """Say on which day what is waited for comes after the move."""
    if moved is None:
        return "blijft op dezelfde dag"
    return f"komt op {in_words(moved.after)}" if moved.after else "vervalt"


def preview_reviewed(
    desk: Desk, name: str, kept: KeptReview, who: str | None = None, *, when_safe: bool
) -> MoveLine | Refusal:
    """Return what the move of a filing by a review would do, or why it is not what was reviewed."""
    found = desk.read(lambda connection: _find(connection, name))
    if isinstance(found, Refusal):
        return found
    filing, template, relation, plan = found
    digest = find_reviewed_plan(desk, kept, template, [relation])
    if isinstance(digest, Refusal):
        return digest
    shown = preview_move(desk, name, MoveWish(to=digest), who, when_safe=when_safe)
    if plan == digest:  # it went there already
        return shown
    return refuse_unreviewed(desk, kept, template, {filing}) or shown


async def move_reviewed(
    desk: Desk,
    who: str,
    name: str,
    kept: KeptReview,
    reason: str = "",
    act_id: str | None = None,
    *,
    when_safe: bool = False,
) -> Carried:
    """Move a filing as a review told it; what would be otherwise by now is refused. See `move_filing`."""
    shown = preview_reviewed(desk, name, kept, when_safe=when_safe)
    if isinstance(shown, Refusal):
        return Carried(outcome=shown)
    wish = MoveWish(to=shown.to_plan, reason=reason)
    return await move_filing(desk, who, name, wish, shown.mark, act_id, when_safe=when_safe)


def _find(connection: Connection, name: str) -> tuple[str, str, str, str] | Refusal:
    """Return the id of a filing, its template, its relation, and its plan."""
    filing = find_by_name(connection, name)
    if isinstance(filing, Refusal):
        return filing
    return filing.id, filing.template, filing.relation, filing.plan
