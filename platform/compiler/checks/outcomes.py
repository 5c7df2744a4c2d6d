"""Outcomes: they lead onward, one of them always applies, and every phase can still be reached."""

from collections.abc import Iterator

from ...suggest import MANY, join_names, name_some
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..expressions import list_names
from ..language.phases import GiveUp, Phase
from ..language.workflow import Workflow
from ..walks import Jump, ends_of, jumps, passed_over
from ..ways import find_ways

_HEAD = "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    outcomes:\n"
_FORWARD = "      - { id: goed, title: Goed }\n"


def _outcome_example(*outcomes: str, after: str = "") -> Example:
    return Example(f"{_HEAD}{''.join(outcomes)}{after}")


def _group_example(then: str) -> Example:
    return Example(
        "title: Adviseren\nproducts: [aangifte-btw]\nperiod: month\n"
        "created: { before: period.start, days: 1 }\n"
        "phases:\n  - together:\n"
        "      - id: lezen\n        title: Lezen\n        role: accountant\n        outcomes:\n"
        f"          - {{ id: verder, title: Verder }}\n          - {{ id: klaar, title: Klaar, {then} }}\n"
        "      - id: rekenen\n        title: Rekenen\n        role: administratie\n"
        "  - id: nazorg\n    title: Nazorg\n    role: administratie\n"
        "  - id: archief\n    title: Archief\n    role: administratie\n"
        "ends:\n  - id: gestopt\n    title: Gestopt\n    planner: klaar\n",
        how="whole",
    )


_NEXT = "  - id: nazorg\n    title: Nazorg\n    role: administratie\n"
_AFTER = f"{_NEXT}  - id: archief\n    title: Archief\n    role: administratie\n"

NOT_COVERED = Code(
    "K320",
    "outcomes that do not cover every case",
    "Whoever completes the phase chooses one of its outcomes that apply. In some case none of them does, and "
    "the phase could never be completed. Leave out the `if` of one outcome, or add the case that is missing.",
    wrong=_outcome_example("      - { id: goed, title: Goed, if: product.foreign }\n"),
    right=_outcome_example(
        "      - { id: goed, title: Goed, if: product.foreign }\n",
        "      - { id: anders, title: Anders, if: not product.foreign }\n",
    ),
)
LEADS_BACK = Code(
    "K321",
    "outcome does not lead to a later phase",
    "An outcome leads to a later phase or to an end, as `ends.<id>`. Only `back_to` leads back.",
    wrong=_outcome_example(_FORWARD, "      - { id: fout, title: Fout, then: opstellen }\n"),
    right=_outcome_example(_FORWARD, "      - { id: klein, title: Klein, then: archief }\n", after=_AFTER),
)
UNREACHABLE = Code(
    "K322",
    "unreachable phase",
    "Every outcome of an earlier phase passes over this one, so no filing ever comes to it.",
    wrong=_outcome_example("      - { id: klein, title: Klein, then: archief }\n", after=_AFTER),
    right=_outcome_example(_FORWARD, "      - { id: klein, title: Klein, then: archief }\n", after=_AFTER),
    remedy="let an outcome lead there, or leave out a 'then' that passes over it",
)
LEAVES_GROUP = Code(
    "K323",
    "outcome leads out of phases side by side",
    "Phases side by side meet again: the next phase begins when all of them are completed. One of them can "
    "end the filing, but it cannot go on without the others.",
    wrong=_group_example("then: archief"),
    right=_group_example("then: ends.gestopt"),
    remedy="lead to the phase after the group, or take the phase out of the group",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report outcomes that do not lead onward, that may all be impossible, and phases that all pass over."""
    for _, template in definitions.templates():
        if not template.intact("phases"):
            continue
        ways = find_ways(definitions, template)
        logic = ways.logic
        for phase in (one for one in template.phases if one.outcomes):
            named = {name for one in phase.outcomes for name in list_names(logic.condition(one), "facts")}
            recorded = {f"facts.{name}" for name in ways.facts_before(phase, named, own=True)}
            is_clear = logic.is_clear(phase, *phase.outcomes)
            if is_clear and not logic.some(phase, phase.outcomes, recorded):
                yield _diagnose_gap(phase)
        wrong = list(_check_targets(template))
        yield from wrong
        if not wrong and all(jump.then in template.stage_of for jump in jumps(template)):
            yield from _check_reachable(template)


def _diagnose_gap(phase: Phase) -> Diagnostic:
    message = f"no outcome of '{phase.id}' applies in some cases"
    help = "leave out the 'if' of one outcome, so that it always applies"
    related = [Related("can be chosen only then", outcome.place("if")) for outcome in phase.outcomes[:3]]
    return NOT_COVERED.at(phase.key_place("outcomes"), message, help=help, related=related)


def _check_targets(template: Workflow) -> Iterator[Diagnostic]:
    for jump in jumps(template):
        place, target = template.stage_of[jump.phase.id], template.stage_of.get(jump.then)
        if target is None:
            continue  # an unknown phase is reported as a reference
        if target <= place and isinstance(jump.owner, GiveUp):
            continue  # the check of waits has a code of its own
        if target <= place:
            later = [phase.id for stage in template.groups[place + 1 :] for phase in stage]
            help = f"later phases: {name_some(later)}" if later else "this is the last phase"
            message = f"expected a phase after '{jump.phase.id}', found '{jump.then}'"
            yield LEADS_BACK.at(jump.owner.place("then"), message, help=help)
        elif template.is_beside_others(jump.phase) and target > place + 1:
            message = f"'{jump.phase.id}' runs beside other phases and cannot pass over phases without them"
            yield LEAVES_GROUP.at(jump.owner.place("then"), message)


def _check_reachable(template: Workflow) -> Iterator[Diagnostic]:
    reached, lost = {0}, list[Phase]()
    for place, stage in enumerate(template.groups):
        if place in reached:
            reached |= set(_find_next(template, place, stage))
        else:
            lost += stage
    if lost:
        over = next((jump for jump in jumps(template) if lost[0] in passed_over(template, jump)), None)
        related = [Related("passes over it", over.owner.place("then"))] if over else []
        names = join_names([phase.id for phase in lost[:MANY]], "and")
        more = f" and {len(lost) - MANY:,} more" if len(lost) > MANY else ""
        message = f"unreachable phase{'s' if len(lost) > 1 else ''}: no outcome leads to {names}{more}"
        yield UNREACHABLE.at(lost[0].place("id"), message, related=related)


def _find_next(template: Workflow, place: int, stage: list[Phase]) -> Iterator[int]:
    """Yield the stages that can come after one."""
    yield from (
        template.stage_of[jump.then] for jump in jumps(template, stage) if jump.then in template.stage_of
    )
    if len(stage) > 1 or any(_goes_on(phase, list(jumps(template, stage))) for phase in stage):
        yield place + 1


def _goes_on(phase: Phase, leaving: list[Jump]) -> bool:
    """Say whether the next phase can follow: no outcomes, one without a target, or the phase is skipped."""
    others = [*(jump.owner for jump in leaving), *ends_of(phase)]
    return phase.condition is not None or not phase.outcomes or len(others) < len(phase.outcomes)
