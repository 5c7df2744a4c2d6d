"""Filings moved by a kept review: each as it was told there, or not at all (R34, R40)."""

from collections.abc import Iterator

from sqlalchemy import Connection

from ...office.plans import plans_by_digest
from ...review.kept import KeptReview
from ...review.runs import JudgedFiling
from ..desk import Desk
from ..filings.cases import find_by_name
from ..filings.move_verdicts import MoveLine, MoveWish, find_target
from ..filings.moving import Carried, move_filing, preview_move
from ..names import short_digest, short_name
from ..results import Refusal
from ..reviewing.verdicts import judge_what_runs
from ..reviewing.what_runs import read_what_runs

NAMED = 5
"""So many filings that are otherwise than was told are named."""


def find_reviewed_plan(desk: Desk, kept: KeptReview, template: str, relation: str = "") -> str | Refusal:
    """Return the digest of the plan to which a review lets filings of a template go.

    It is the plan in force, for a relation where one is named, or nobody may go there by this review.
    """
    before_and_after = kept.plans.get(template)
    if before_and_after is None or before_and_after[1] is None:
        text = f"In deze beoordeling gaat geen opdracht van het werkproces '{template}' naar een ander plan."
        return Refusal(code="not_reviewed", text=text)
    digest = before_and_after[1]
    target = desk.read(lambda connection: find_target(connection, template, "active", relation))
    if isinstance(target, Refusal):
        return target
    if target.digest != digest:
        text = (
            f"Beoordeeld is plan {short_digest(digest)}, en actief is plan {short_digest(target.digest)}; "
            "verplaatst wordt alleen naar een plan dat is beoordeeld en actief is."
        )
        return Refusal(code="not_in_force", text=text)
    return digest


def refuse_unreviewed(
    desk: Desk, kept: KeptReview, template: str, filing: str | None = None
) -> Refusal | None:
    """Return why filings may not move by a review: what becomes of one is not what was told of it.

    Of all that run on another plan than the reviewed one, or of the one that is named by its id. What is on
    that plan already, or has ended, keeps nobody. Raises DatabaseError.
    """
    digest = (kept.plans.get(template) or (None, None))[1]
    if kept.review.runs is None or digest is None:
        text = "De beoordeling zegt niet wat er gebeurt met opdrachten die lopen."
        return Refusal(code="not_reviewed", text=text)
    plan = desk.read(lambda connection: plans_by_digest(connection, {digest}))[digest]
    what = read_what_runs(desk, {template}).keep(
        lambda one: one.plan != digest and (filing is None or one.filing == filing)
    )
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
        elif _tell(then) != _tell(one):
            yield f"met {name} gebeurt nu iets anders"


def _tell(one: JudgedFiling) -> tuple[object, ...]:
    """Return what of a filing its move is held to; how far it is in a phase does not count."""
    codes = sorted((why.code, why.phase or "", why.item or "") for why in one.reasons)
    losses = sorted((why.code, why.phase or "", why.item or "") for why in one.losses)
    return (one.outcome, codes, losses, one.dates, one.work)


def preview_reviewed(desk: Desk, name: str, kept: KeptReview, *, when_safe: bool) -> MoveLine | Refusal:
    """Return what the move of a filing by a review would do, or why it is not what was reviewed."""
    found = desk.read(lambda connection: _find(connection, name))
    if isinstance(found, Refusal):
        return found
    filing, template, relation, plan = found
    digest = find_reviewed_plan(desk, kept, template, relation)
    if isinstance(digest, Refusal):
        return digest
    shown = preview_move(desk, name, MoveWish(to=digest), when_safe=when_safe)
    if plan == digest:  # it went there already
        return shown
    return refuse_unreviewed(desk, kept, template, filing) or shown


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
