"""A deploy held to the review that it carries out: what is another now than when it was reviewed (R34)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from ...office.plans import Published
from ...plan import Office, Plan, digest
from ...review.faces.saying_runs import SAID
from ...review.kept import KeptReview
from ...review.review import Side, review
from ...review.runs import JudgedFiling, Runs, TemplateRuns
from ...review.saying import count, quote
from ..names import short_digest, short_name

Verdict = tuple[str, tuple[str, ...]]
MOST_NAMED = 5
"""So many filings that are otherwise than was told are named."""


def find_departures(
    kept: KeptReview,
    published: Collection[Published],
    seen: Mapping[str, str],
    before: tuple[Mapping[str, Plan], Office | None],
    after: tuple[Mapping[str, Plan], Office],
    proofs: str,
    today: date,
) -> Iterator[str]:
    """Yield in sentences where a deploy would do something else than was reviewed; nothing when it is that.

    `before` are the plans in force and the office's definitions, `seen` their digests as `read_published`
    has them, `after` those to be published; `proofs` is the digest of the policies and scenarios beside
    them. What runs is `find_other_verdicts`.
    """
    others = [*_find_other_plans(kept, published, seen), *_find_other_office(kept, seen.get(""), after[1])]
    yield from others
    if proofs != kept.proofs:
        yield "The policies or scenarios are not those that were reviewed."
    if not others and before[1] is not None:
        yield from _find_untold(kept, before[0], before[1], after)
    for name, waiver in kept.review.waivers:
        if not waiver.holds(today):
            yield f"The waiver of change {name} held until {waiver.until.isoformat()}."


def _find_other_plans(
    kept: KeptReview, published: Collection[Published], seen: Mapping[str, str]
) -> Iterator[str]:
    now = {
        one.template: (seen.get(one.template), one.digest) for one in published if one.change != "unchanged"
    }
    for name in sorted({*now, *kept.plans}):
        if name not in kept.plans:
            yield f"{name} changes too, and was not reviewed: {_say(*now[name])}."
        elif name not in now:
            yield f"{name} does not change any more; reviewed was {_say(*kept.plans[name])}."
        elif now[name] != kept.plans[name]:
            yield f"{name} goes {_say(*now[name])}; reviewed was {_say(*kept.plans[name])}."


def _say(before: str | None, after: str | None) -> str:
    there = "being withdrawn" if after is None else f"to plan {short_digest(after)}"
    return f"from plan {short_digest(before)} {there}" if before else there


def _find_other_office(kept: KeptReview, before: str | None, after: Office) -> Iterator[str]:
    was, becomes = kept.office
    what = "products, roles and statutory tables"
    if before is None:
        yield "Nothing is published here yet: there is nothing that a review could have compared with."
    elif before != was:
        yield f"The {what} that are published are not those that were compared with."
    if digest(after) != becomes:
        yield f"The {what} of the folder are not those that were reviewed."


def _find_untold(
    kept: KeptReview,
    plans: Mapping[str, Plan],
    office: Office,
    after: tuple[Mapping[str, Plan], Office],
) -> Iterator[str]:
    """Yield a sentence where the file tells other changes than these plans have between them."""
    sides = (Side("", dict(plans), office), Side("", dict(after[0]), after[1]))
    found = review(*sides, None)
    same = {one.id for one in found.changes} == {one.id for one in kept.review.changes}
    if not same or [one.id for one in found.safeguards] != [one.id for one in kept.review.safeguards]:
        yield (
            "The changes that the file tells are not those between these plans: another version of kantoor"
            " wrote it."
        )


def find_other_verdicts(kept: KeptReview, now: Runs | None) -> Iterator[str]:
    """Yield in sentences what runs and would not start where that is not what was told with the review.

    A snapshot says of some filings too little to judge them; these are not compared.
    """
    there = {one.template: one for one in now.templates if one.is_touched} if now else {}
    then = kept.review.runs
    if then is None:
        if there:
            yield "The review does not say what becomes of what runs."
        return
    told = {one.template: one for one in then.templates if one.is_touched}
    for name in sorted({*told, *there}):
        yield from _compare_template(told.get(name), there.get(name))


def _compare_template(then: TemplateRuns | None, now: TemplateRuns | None) -> Iterator[str]:
    one = now or then
    assert one is not None
    title = quote(one.title)
    was, is_now = _list_verdicts(then), _list_verdicts(now)
    not_told = {filing for filing, (_, codes) in was.items() if "not_told" in codes}
    begun, ended = {*is_now} - {*was}, {*was} - {*is_now}
    other = {name for name in {*was, *is_now} - begun - ended - not_told if was[name] != is_now[name]}
    if begun:
        names = _name_some(one.filing or one.id for one in one.filings if one.id in begun)
        yield f"{count(len(begun), 'filing')} of {title} began since the review: {names}."
    if ended:
        yield f"{count(len(ended), 'filing')} of {title} ended since the review."
    if other and then and now:
        told = {one.id: one for one in then.filings}
        said = (_say_other(told[one.id], one) for one in now.filings if one.id in other)
        number = f"{count(len(other), 'filing')} of {title}"
        yield f"{number} would get another verdict than the review told: {_join_some(said)}."
    if _list_lacking(then) != _list_lacking(now):
        yield f"What relations would lack for {title} is not what the review told."


def _name_some(ids: Iterable[str]) -> str:
    return _join_some(sorted(map(short_name, ids)), ", ")


def _join_some(said: Iterable[str], between: str = "; ") -> str:
    found = list(said)
    more = f"{between}and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return f"{between.join(found[:MOST_NAMED])}{more}"


def _say_other(then: JudgedFiling, now: JudgedFiling) -> str:
    """Say of a filing which verdict was told, and which it would get."""
    name, was, is_now = short_name(now.filing or now.id), _say_verdict(then), _say_verdict(now)
    return f"{name} was told as ‘{was}’, and is now ‘{is_now}’"


def _say_verdict(one: JudgedFiling) -> str:
    reasons = " ".join(dict.fromkeys(why.text for why in one.reasons))
    said = SAID[one.outcome][0]
    return f"{said}: {reasons.rstrip('.')}" if reasons else said


def _list_verdicts(runs: TemplateRuns | None) -> dict[str, Verdict]:
    found = runs.filings if runs else ()
    return {one.id: (one.outcome, tuple(sorted(why.code for why in one.reasons))) for one in found}


def _list_lacking(runs: TemplateRuns | None) -> dict[tuple[str, str], tuple[frozenset[str], int]]:
    """Return by level and code which relations would lack it, and for how many of them it recurs."""
    return {
        (one.level, one.code): (frozenset(one.ids), one.recurring) for one in (runs.lacking if runs else ())
    }
