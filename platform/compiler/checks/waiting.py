"""Waiting: a phase waits for something that can come, and not for ever."""

from collections import Counter, deque
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from ...linked import REVERSE
from ...suggest import ask_if_meant, did_you_mean, is_mistyped, join_names, name_some
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.phases import Awaited, Phase, Wait
from ..language.scenario import Do, Scenario
from ..language.workflow import Workflow
from ..spans import Span
from ..walks import automations, ids, may_mean_invalid, walk_once
from .references import FACT, lacked_fact


def _wait_example(awaited: str, *chase: str) -> Example:
    lines = [
        *("phases:", "  - id: afwachten", "    title: Aanslag afwachten", "    role: administratie"),
        *("    wait:", f"      for: [{awaited}]"),
        *(("      chase:", *chase) if chase else ()),
        *("  - id: nazorg", "    title: Nazorg", "    role: administratie"),
    ]
    return Example("\n".join(lines) + "\n")


_NOTICE = "{ notice: aanslag }"
_GIVE_UP = "        give_up: { after: period.end, months: 36, then: nazorg }"


def _fact_example(name: str) -> Example:
    facts = (
        "facts:\n  - id: dagtekening\n    title: Dagtekening\n    type: date\n    set_in: nazorg\n"
        "  - id: bedrag\n    title: Bedrag\n    type: money\n    set_in: nazorg\n"
    )
    waiting = str(_wait_example(f"{{ notice: aanslag, fact: {name} }}", _GIVE_UP).text)
    return Example(facts + waiting)


_OTHER_WAIT = (
    "workflows/wachten.yaml",
    "title: Wachten\nproducts: [aangifte-btw]\nperiod: month\ncreated: { before: period.start, days: 1 }\n"
    "phases:\n  - id: wachten\n    title: Wachten\n    role: accountant\n    wait:\n"
    "      for: [{ notice: aanslag }, { date: { after: period.end, months: 6 } }]\n",
)

OTHER_PHASE = Code(
    "K222",
    "unknown phase of another template",
    "The template of the filing that is waited for has no phase with this id.",
    wrong=_wait_example("{ filing: btw-aangifte, period: previous, phase: inleveren }", _GIVE_UP),
    right=_wait_example("{ filing: btw-aangifte, period: previous, phase: indienen }", _GIVE_UP),
)
ONE_THING = Code(
    "K341",
    "wait needs exactly one thing",
    "Each item under `for` is one thing to wait for: a notice, another filing or a date. `period`, "
    "`phase` and `of` say which filing, until where, and whose.",
    wrong=_wait_example("{ notice: aanslag, date: { after: period.end, months: 6 } }", _GIVE_UP),
    right=_wait_example("{ notice: aanslag }, { date: { after: period.end, months: 6 } }"),
    remedy="write it beside 'filing', or remove it",
)
NO_END = Code(
    "K342",
    "wait without an end",
    "What a phase waits for may never come. `give_up` says from which date the filing goes on without it; a "
    "date among what it waits for does the same.",
    wrong=_wait_example(_NOTICE),
    right=_wait_example(_NOTICE, _GIVE_UP),
    level="warning",
)
NOT_LATER = Code(
    "K343",
    "give_up must lead to a later phase",
    "`then` of `give_up` names a phase after this one, or an end. An earlier phase would begin the work "
    "again because nothing came.",
    wrong=_wait_example(_NOTICE, _GIVE_UP.replace("nazorg", "opstellen")),
    right=_wait_example(_NOTICE, _GIVE_UP),
)
RING = Code(
    "K344",
    "filings that wait for each other",
    "A filing waits for one over the same period that waits for it in its turn, or for itself. None of them "
    "would ever go on by what it waits for. So it is with the filing of a linked relation (`of`) where the "
    "links lead back: partners whose returns wait for each other's end.",
    wrong=_wait_example("{ filing: btw-aangifte }", _GIVE_UP),
    right=_wait_example("{ filing: btw-aangifte, period: previous }", _GIVE_UP),
    remedy="let one of them go on without the other",
)
FOR_EVER = Code(
    "K345",
    "reminders for ever",
    "Reminders stop after `at_most`, or on the day on which the wait is given up. Without either they would "
    "go on for ever.",
    wrong=_wait_example(
        "{ date: { after: period.end, months: 6 } }, { notice: aanslag }",
        "        remind: { every_days: 30 }",
    ),
    right=_wait_example(
        "{ date: { after: period.end, months: 6 } }, { notice: aanslag }",
        "        remind: { every_days: 30, at_most: 4 }",
    ),
)


NO_DAY = Code(
    "K356",
    "the fact of a notice must be a date",
    "`fact` names a date of the template, which takes the day of the awaited notice. `optional` is "
    "of another filing: it says that the phase goes on where the relation has none.",
    wrong=_fact_example("bedrag"),
    right=_fact_example("dagtekening"),
    remedy="name a fact of the type date",
)
NEAR_KIND = Code(
    "K347",
    "kinds of notice that are nearly the same",
    "A filing goes on by a notice of the very kind that it waits for. Two templates wait for kinds that are "
    "nearly the same, or a template and its scenarios name such: one of them is mistyped, and would wait for "
    "what never comes.",
    wrong=Example(str(_wait_example("{ notice: aanslg }", _GIVE_UP).text), others=(_OTHER_WAIT,)),
    right=Example(str(_wait_example(_NOTICE, _GIVE_UP).text), others=(_OTHER_WAIT,)),
    level="warning",
)
MOST_KINDS = 100
"""Of more kinds of notice than an office has, nothing is said: each is compared with each."""


def _start_example(start: str) -> Example:
    return Example(
        "phases:\n  - id: afronden\n    title: Afronden\n    role: administratie\n    automations:\n"
        f"      - id: btw\n        at: entered\n        start: {start}\n"
    )


OPTIONAL = Code(
    "K365",
    "optional is of linked relations",
    "A filing is started for the relation itself, or with `of` for each relation that is linked to it so. "
    "`optional` says that nothing is started where nobody is linked; a start for the relation itself has "
    "nobody who can be missing.",
    wrong=_start_example("{ template: btw-aangifte, period: next, optional: true }"),
    right=_start_example("{ template: btw-aangifte, period: next, of: subsidiary, optional: true }"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report waits for nothing, for ever, or for each other, and those that are given up backwards."""
    templates = dict(definitions.templates())
    for template in templates.values():
        waits = _list_waits(template)
        order = [phase.id for phase in template.phases] if waits else []
        last = {name: place for place, name in enumerate(order)}
        for place, phase in waits:
            wait = phase.wait
            if wait is None or not wait.intact("for"):
                continue
            for awaited in wait.awaited:
                yield from _check_one(awaited, templates)
                yield from _check_belonging(awaited, template)
            yield from _check_end(phase, wait)
            yield from _check_given_up(order, last, place, wait)
        for start in (one.start for one in automations(template) if one.start):
            if start.optional and start.of is None and start.intact("of"):
                help = "add of, or leave it out"
                yield OPTIONAL.at(start.key_place("optional"), "nobody can be missing here", help=help)
    yield from _check_rings(templates)
    yield from _check_kinds(templates)
    yield from _check_lived(definitions, templates)


@walk_once
def _list_waits(template: Workflow) -> Iterator[tuple[int, Phase]]:
    """Yield the phases that wait, with their places."""
    yield from ((place, phase) for place, phase in enumerate(template.phases) if phase.wait)


def list_kinds(definitions: Definitions) -> frozenset[str]:
    """Return the kinds of notice that any template waits for."""
    return frozenset(_find_kinds(dict(definitions.templates())))


def _find_kinds(templates: dict[str, Workflow]) -> dict[str, list[Span]]:
    """Return where each kind of notice is awaited."""
    places: dict[str, list[Span]] = {}
    for template in templates.values():
        for awaited in (
            one for _, phase in _list_waits(template) if phase.wait for one in phase.wait.awaited
        ):
            if awaited.notice and awaited.intact("notice"):
                places.setdefault(awaited.notice, []).append(awaited.place("notice"))
    return places


def _check_kinds(templates: dict[str, Workflow]) -> Iterator[Diagnostic]:
    """Report a kind of notice that is nearly another: the one that fewer waits name, or lacks a letter."""
    places = _find_kinds(templates)
    pairs = combinations(sorted(places), 2) if len(places) <= MOST_KINDS else ()
    for pair in (pair for pair in pairs if is_mistyped(*pair)):
        usual, rare = sorted(pair, key=lambda kind: (-len(places[kind]), -len(kind)))
        related = [Related(f"'{usual}' is awaited here", places[usual][0])]
        message = f"'{rare}' is nearly the kind of notice that another wait is for"
        yield NEAR_KIND.at(places[rare][0], message, help=ask_if_meant(rare, usual), related=related)


class Misnamed(NamedTuple):
    """A kind of notice that a template waits for, and the one that its scenarios have instead."""

    template: str
    awaited: str
    lived: str
    scenarios: int


def list_misnamed(definitions: Definitions) -> tuple[Misnamed, ...]:
    """Return the kinds that are nearly what more scenarios name than waits, or as many with a letter more."""
    templates = dict(definitions.templates())
    places = _find_kinds(templates)
    lived: Counter[tuple[str, str]] = Counter()
    for name, file in definitions.scenarios.items() if 0 < len(places) <= MOST_KINDS else ():
        template = name.partition("/")[0]
        named = _list_named(file.model) if file.model else set()
        lived.update((template, kind) for kind in named if kind not in places)
    own = {name: _find_kinds({name: templates[name]}) for name, _ in lived if name in templates}
    return tuple(
        Misnamed(name, kind, other, count)
        for (name, other), count in sorted(lived.items())
        for kind in own.get(name, ())
        if is_mistyped(other, kind) and (count, len(other)) > (len(places[kind]), len(kind))
    )


def _list_named(scenario: Scenario) -> set[str]:
    """Return the kinds of notice that a scenario names."""
    acts = (act.notice for step in scenario.steps for act in step.do if isinstance(act, Do) and act.notice)
    worlds = (scenario.world, *(step.world for step in scenario.steps if step.world))
    return {*acts, *(kind for world in worlds for kind in world.notices)}


def _check_lived(definitions: Definitions, templates: dict[str, Workflow]) -> Iterator[Diagnostic]:
    """Report a kind of notice that a template waits for and its scenarios call otherwise."""
    for template, awaited, lived, count in definitions.answer(list_misnamed):
        place = _find_kinds({template: templates[template]})[awaited][0]
        named = "a scenario names" if count == 1 else f"{count} scenarios name"
        message = f"'{awaited}' is nearly the kind of notice that {named}"
        yield NEAR_KIND.at(place, message, help=ask_if_meant(awaited, lived))


def _check_one(awaited: Awaited, templates: dict[str, Workflow]) -> Iterator[Diagnostic]:
    if not awaited.sound:
        return
    found = [key for key in ("notice", "filing", "date") if getattr(awaited, key)]
    if not found:
        yield ONE_THING.at(awaited.place(), "nothing to wait for", help="add notice, filing or date")
    elif len(found) > 1:
        message = f"expected one thing to wait for, found {join_names(found, 'and')}"
        yield ONE_THING.at(awaited.key_place(found[1]), message, help="make each an item of its own")
    elif found != ["filing"]:
        for key in ("period", "phase", "of"):
            if getattr(awaited, key):
                message = f"'{key}' is of a filing, and this waits for a {found[0]}"
                yield ONE_THING.at(awaited.key_place(key), message)
    elif awaited.phase and awaited.filing in templates:
        other = templates[awaited.filing]
        known = ids(other, "phases")
        if known is None or may_mean_invalid(other, "phases", awaited.phase):
            return
        if awaited.phase not in known:
            message = f"template '{awaited.filing}' has no phase '{awaited.phase}'"
            yield OTHER_PHASE.at(awaited.place("phase"), message, help=did_you_mean(awaited.phase, known))


def _check_belonging(awaited: Awaited, template: Workflow) -> Iterator[Diagnostic]:
    """Report a fact that cannot take the day of a notice, and what is optional and no filing."""
    if awaited.optional and not awaited.filing and awaited.intact("filing"):
        yield NO_DAY.at(
            awaited.key_place("optional"), "'optional' is of a filing that is waited for", help="remove it"
        )
    if awaited.fact is None or not template.intact("facts"):
        return
    if not awaited.notice and awaited.intact("notice"):
        yield NO_DAY.at(awaited.key_place("fact"), "'fact' takes the day of a notice", help="remove it")
        return
    dates = {fact.id for fact in template.facts if fact.type == "date" or not fact.intact("type")}
    known = ids(template, "facts")
    is_hidden = known is None or may_mean_invalid(template, "facts", awaited.fact)
    if is_hidden and awaited.fact not in dates:
        return
    if known is not None and awaited.fact not in known and not is_hidden:
        message, place = f"unknown fact '{awaited.fact}'", awaited.place("fact")
        lacks = lacked_fact(place.path, template.facts, awaited.fact)
        yield FACT.at(place, message, help=did_you_mean(awaited.fact, dates & known), lacks=lacks)
    elif awaited.fact not in dates:
        yield NO_DAY.at(awaited.place("fact"), f"fact '{awaited.fact}' is not a date")


def _check_end(phase: Phase, wait: Wait) -> Iterator[Diagnostic]:
    chase = wait.chase
    if not wait.sound or (chase and not chase.sound):
        return
    if chase and chase.give_up:
        return
    if not any(awaited.date for awaited in wait.awaited):
        message = f"phase '{phase.id}' may wait for ever"
        yield NO_END.at(phase.key_place("wait"), message, help="add give_up to its chase")
    elif chase and chase.remind and chase.remind.sound and chase.remind.at_most is None:
        help = "add at_most, or give_up to the chase"
        yield FOR_EVER.at(chase.key_place("remind"), "these reminders never stop", help=help)


def _check_given_up(order: list[str], last: dict[str, int], place: int, wait: Wait) -> Iterator[Diagnostic]:
    """Report a wait that is given up backwards; `last` has the last place of each phase in the order."""
    give_up = wait.chase.give_up if wait.chase else None
    if give_up is None or not give_up.intact("then"):
        return
    if last.get(give_up.then, place + 1) <= place:
        later = order[place + 1 :]
        help = f"later phases: {name_some(later)}" if later else "name an end as ends.<id>"
        message = f"expected a phase after '{order[place]}', found '{give_up.then}'"
        yield NOT_LATER.at(give_up.place("then"), message, help=help)


MAX_LINKS = 10_000
"""Waits of a phase for a point of another filing; of more nothing is claimed."""


class _Point(NamedTuple):
    """A phase that nothing but other filings over the same period end, and how far the filing is by then."""

    template: str
    place: int
    awaited: tuple[Awaited, ...]


def _check_rings(templates: dict[str, Workflow]) -> Iterator[Diagnostic]:
    """Report every ring of phases that wait for each other over the same period, at its first."""
    points = {name: list(_list_points(name, template)) for name, template in templates.items()}
    every = [point for of_template in points.values() for point in of_template]
    if sum(len(points.get(one.filing or "", ())) for point in every for one in point.awaited) > MAX_LINKS:
        return
    places = {
        name: {phase.id: place for place, phase in reversed([*enumerate(templates[name].phases)])}
        for name, of_template in points.items()
        if of_template
    }
    edges = {
        (point.template, point.place): [
            ((other.template, other.place), awaited)
            for awaited in point.awaited
            for other in points.get(awaited.filing or "", ())
            if _is_reached(other, awaited, places[other.template])
        ]
        for point in every
    }
    reported: set[frozenset[tuple[str, int]]] = set()
    for start in edges:
        way = _find_ring(start, edges)
        if way and frozenset(way) not in reported:
            reported.add(frozenset(way))
            waits = [
                next(awaited for other, awaited in edges[one] if other == two)
                for one, two in zip(way, [*way[1:], start], strict=True)
            ]
            if not _leads_back(waits):
                continue
            related = [Related("waits in its turn", one.place("filing")) for one in waits[1:]]
            names = " → ".join([*(name for name, _ in way), start[0]])
            yield RING.at(
                waits[0].place("filing"), f"these filings wait for each other: {names}", related=related
            )


def _leads_back(waits: list[Awaited]) -> bool:
    """Say whether who waits last is, or can be, the relation that waits first.

    A partner's partner is oneself; of a holding's holding there is one that has none.
    """
    steps = Counter(one.of for one in waits if one.of and REVERSE[one.of] != one.of)
    return all(steps[link] == steps[REVERSE[link]] for link in steps if link)


def _list_points(name: str, template: Workflow) -> Iterator[_Point]:
    for place, phase in enumerate(template.phases):
        if phase.wait and phase.wait.intact("for") and phase.condition is None:
            awaited = [one for one in phase.wait.awaited if one.filing and (one.period or "same") == "same"]
            if len(awaited) == len(phase.wait.awaited):
                yield _Point(name, place, tuple(awaited))


def _is_reached(other: _Point, awaited: Awaited, places: dict[str, int]) -> bool:
    """Say whether another filing comes by that point of its own before it is as far as is waited for."""
    return places.get(awaited.phase or "", other.place) >= other.place


Place = tuple[str, int]


def _find_ring(start: Place, edges: dict[Place, list[tuple[Place, Awaited]]]) -> list[Place] | None:
    """Return the shortest way from a point back to itself, without its end; None where there is none."""
    before: dict[Place, Place] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for following, _ in edges[here]:
            if following == start:
                way = [here]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if following not in before:
                before[following] = here
                waiting.append(following)
    return None
