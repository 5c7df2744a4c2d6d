"""The verdict on every filing that runs, and on every relation that would start one (R40).

Worked out by the function that moves filings, from the states as they are stored: nothing is replayed.
"""

import logging
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, partial

from ...filing.moving import Cannot, Later, Loss, Moved, Reason, Stays, fill_in_phases, move
from ...filing.moving.moves import PLAIN
from ...filing.redacting import Named, list_open_values
from ...filing.turn import Reader
from ...office.relations.demands import Demands
from ...office.relations.next_starts import judge_next_starts, list_advice, list_missing
from ...office.relations.snapshot import Snapshot
from ...plan import Level, Office, Plan
from ...review.review import pair_templates
from ...review.runs import (
    LACKS,
    NO_TEMPLATE,
    DayMoved,
    JudgedFiling,
    Lacking,
    Outcome,
    Runs,
    TemplateRuns,
    Why,
    count_outcomes,
    say_lacking,
)
from ...review.saying import PERIODS, quote
from .open_work import compare_doers, compare_open_work
from .what_runs import RunningFiling, WhatRuns

_log = logging.getLogger(__name__)

PROBLEMS = {
    "not_begun": "It has not begun yet; it begins on the plan that it was planned with.",
    "unreadable": "Its recorded state cannot be read; the doctor tells why.",
    "no_plan": "The plan that it runs on is not there.",
    "not_judged": "It could not be judged by a fault of kantoor; the log says of what kind.",
}
PHONE = (
    "Whether a return can name who sends it could not be judged: the telephone number of the office changes,"
    " and a snapshot has no numbers. The office itself can judge it."
)
UNTOLD = (
    "What a template asks of iDEAL or the dossier could not be judged: the snapshot does not tell it yet."
    " A new one can be judged."
)
NAMED = 10
"""So many relations that would lack something are named where people read it in the office."""
OUTCOMES: dict[type, Outcome] = {Moved: "moves", Later: "later", Stays: "stays", Cannot: "cannot"}


def judge_what_runs(
    runs: WhatRuns,
    before: Mapping[str, Plan],
    after: Mapping[str, Plan],
    offices: tuple[Office, Office] | None = None,
) -> Runs:
    """Return what becomes of what runs when the plans of `after` take the place of those of `before`.

    Plans that do not differ say nothing of what runs: only of what would start, where the definitions of the
    office differ. `offices` are those before and after; without them no start is judged.
    """
    judge = _Judge(runs)
    office_differs = offices is not None and _asks_of(offices[0]) != _asks_of(offices[1])
    templates = [
        name for name in sorted({*before, *after}) if office_differs or before.get(name) != after.get(name)
    ]
    filings: dict[str, list[RunningFiling]] = {}
    for one in runs.filings:
        filings.setdefault(one.template, []).append(one)
    same = {two.after: two.before for two in pair_templates(dict(before), dict(after))}
    return Runs(
        source="snapshot" if runs.redacted else "office",
        on=runs.on,
        not_judged=tuple(_find_untold(runs, after, offices)),
        agreed=tuple(_find_agreed(runs, offices)) if offices else (),
        templates=tuple(
            _judge_template(
                judge,
                name,
                filings.get(name, []),
                before.get(name),
                after.get(name),
                tuple(_find_starts(runs, name, before.get(same.get(name) or name), after.get(name), offices)),
            )
            for name in templates
        ),
    )


def _find_untold(
    runs: WhatRuns, after: Mapping[str, Plan], offices: tuple[Office, Office] | None
) -> Iterator[str]:
    """Yield sentences about what a snapshot does not tell and a start would ask."""
    if not (runs.redacted and offices):
        return
    if _rings_elsewhere(*offices):
        yield PHONE
    held = runs.relations.held.values()
    asks = any({*plan.needs, *plan.advises} - {"standing_authority"} for plan in after.values())
    if asks and any(one.dossier is None or one.relation.ideal_enabled is None for one in held):
        yield UNTOLD


def _find_agreed(runs: WhatRuns, offices: tuple[Office, Office]) -> Iterator[str]:
    """Yield which products relations take as often as can no longer be agreed; nothing takes it from them."""
    agreed = Counter(
        (product, frequency)
        for held in runs.relations.held.values()
        for product, frequency in {
            (one.product, one.frequency) for one in held.products if one.until is None or one.until >= runs.on
        }
    )
    after = {one.id: one.frequencies for one in offices[1].products}
    for product in offices[0].products:
        for frequency in product.frequencies:
            number = agreed[product.id, frequency]
            if number and frequency not in after.get(product.id, ()):
                who = "1 relation has" if number == 1 else f"{number} relations have"
                kept = "it keeps it" if number == 1 else "they keep it"
                agreed_over = f"{quote(product.title)} agreed over {PERIODS[frequency]}"
                yield f"{who} {agreed_over}, which can no longer be agreed: {kept}."


def _rings_elsewhere(before: Office, after: Office) -> bool:
    return before.text.phone != after.text.phone


def _asks_of(office: Office) -> tuple[object, ...]:
    """Return what readiness reads of the definitions of the office, titles aside."""
    numbers = (office.tax_consultant_number, office.software_vendor_number)
    return (office.function_gives_authority, office.text.phone, *numbers)


def _judge_template(
    judge: "_Judge",
    name: str,
    filings: list[RunningFiling],
    before: Plan | None,
    after: Plan | None,
    lacking: tuple[Lacking, ...],
) -> TemplateRuns:
    judged = tuple(judge.judge(one, after) for one in filings if before != after)
    plans = [judge.runs.plans[one.plan] for one in filings if one.plan in judge.runs.plans]
    known = [plan for plan in (*{id(plan): plan for plan in plans}.values(), before, after) if plan]
    return TemplateRuns(
        template=name,
        title=known[-1].title,
        counts=count_outcomes(judged),
        filings=judged,
        phases={phase.id: phase.title for plan in known for phase in plan.phases},
        lacking=lacking,
    )


class _Judge:
    """Judges filings; what is asked of a plan again and again it works out once."""

    def __init__(self, runs: WhatRuns) -> None:
        self.runs = runs
        self._named = cache(lambda digest: Named(runs.plans[digest]))
        self._named_after: dict[int, Named] = {}

    def judge(self, one: RunningFiling, after: Plan | None) -> JudgedFiling:
        """Return the verdict on one filing, under its template's next plan; None where there is none.

        A fault of ours in one keeps the others from nothing, and is told without its content.
        """
        try:
            return self._judge(one, after)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            kind = type(error).__name__
            _log.error("filing %s is not judged: %s in %s:%s", one.id, kind, place.name, place.lineno)
            return _inconclusive(one, (), Why(code="not_judged", text=PROBLEMS["not_judged"]))

    def _judge(self, one: RunningFiling, after: Plan | None) -> JudgedFiling:
        if one.redacted is None:
            problem = one.problem or "unreadable"
            return _inconclusive(one, (), Why(code=problem, text=PROBLEMS[problem]))
        plan, state = self.runs.plans[one.plan], one.redacted.state
        phases = tuple(phase.id for phase in Reader(plan, state).active_phases())
        if after is None:
            text = "The template is gone: no filing starts any more, and this one goes on by its own plan."
            why = Why(code="template_gone", text=text)
            return JudgedFiling(id=one.id, filing=one.filing, phases=phases, outcome="stays", reasons=(why,))
        if self.runs.redacted:
            asked = self._named_after.setdefault(id(after), Named(after))
            unknown = tuple(list_open_values(one.redacted, self._named(one.plan), asked))
            if unknown:
                text = (
                    f"It hangs on what a snapshot does not tell: {', '.join(unknown)}. "
                    "The office itself can judge it."
                )
                return _inconclusive(one, phases, Why(code="not_told", text=text))
        mapping = fill_in_phases(plan, after, PLAIN)
        verdict = move(plan, after, state, mapping)
        moved = verdict if isinstance(verdict, Moved) else None
        sides = (Reader(plan, state), Reader(after, moved.state), mapping.phases) if moved else None
        team, relation = self.runs.team, one.relation
        return JudgedFiling(
            id=one.id,
            filing=one.filing,
            phases=phases,
            outcome=OUTCOMES[type(verdict)],
            reasons=tuple(map(_why, verdict.reasons)),
            losses=tuple(map(_why, moved.losses)) if moved else (),
            dates=tuple(
                DayMoved(what=day.what, phase=day.phase, item=day.item, before=day.before, after=day.after)
                for day in (moved.dates if moved else ())
            ),
            work=tuple(compare_open_work(*sides)) if sides else (),
            people=tuple(compare_doers(*sides, partial(team.name_doers, relation)))
            if sides and team and relation
            else (),
        )


def _inconclusive(one: RunningFiling, phases: tuple[str, ...], why: Why) -> JudgedFiling:
    return JudgedFiling(id=one.id, filing=one.filing, phases=phases, outcome="inconclusive", reasons=(why,))


def _why(one: Reason | Loss) -> Why:
    return Why(code=one.code, text=one.text, phase=one.phase, item=one.item)


def _find_starts(
    runs: WhatRuns,
    name: str,
    before: Plan | None,
    after: Plan | None,
    offices: tuple[Office, Office] | None,
) -> Iterator[Lacking]:
    """Yield what would not start: by a template that is gone, or for lack of something."""
    if after is None:
        left = tuple(sorted(one for one, template in runs.recurring if template == name and runs.starts(one)))
        if left:
            yield _lack(runs, NO_TEMPLATE, "there is no such template any more", left, len(left))
    elif offices:
        yield from _find_lacking(runs, before, after, offices)


def _find_lacking(
    runs: WhatRuns, before: Plan | None, after: Plan, offices: tuple[Office, Office]
) -> Iterator[Lacking]:
    """Yield what relations that take the template's product would lack and do not lack before.

    For a template that is new that is all that they lack.
    """
    then, now = (replace(runs.relations, office=office) for office in offices)
    asked, asks = Demands(before, runs.needs) if before else None, Demands(after, runs.needs)
    products = {*(asked.products if asked else ()), *asks.products}
    found: dict[tuple[Level, str], list[str]] = {}
    for number, held in runs.relations.held.items():
        if runs.starts(number) and any(one.product in products for one in held.products):
            lacked = _count_lacks(then, asked, number, runs.on) if asked else Counter()
            for lack in _count_lacks(now, asks, number, runs.on) - lacked:
                found.setdefault(lack, []).append(number)
    for (level, code), numbers in found.items():
        recurring = sum((number, after.template) in runs.recurring for number in numbers)
        yield _lack(runs, code, LACKS[code], tuple(numbers), recurring, level)


def say_who_lacks(runs: TemplateRuns) -> Iterator[str]:
    """Yield what relations would lack for a template; so few that they can be looked up are named."""
    for lacking in runs.lacking:
        said = say_lacking(lacking, runs.title)
        few = 0 < len(lacking.numbers) <= NAMED
        yield f"{said.removesuffix('.')} ({', '.join(lacking.numbers)})." if few else said


def _count_lacks(snapshot: Snapshot, demands: Demands, number: str, on: date) -> Counter[tuple[Level, str]]:
    """Count what a relation lacks for what starts next, by level and code; `on` is today."""
    starts = judge_next_starts(snapshot, demands, number, on)
    return Counter((one.level, one.code) for one in (*list_missing(starts), *list_advice(starts)))


def _lack(
    runs: WhatRuns,
    code: str,
    sentence: str,
    names: tuple[str, ...],
    recurring: int,
    level: Level = "must",
) -> Lacking:
    return Lacking(
        code=code,
        sentence=sentence,
        relations=len(names),
        recurring=recurring,
        ids=tuple(map(runs.invent, names)),
        numbers=() if runs.redacted else names,
        level=level,
    )
