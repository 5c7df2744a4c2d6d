"""People: whoever is involved later can really take the work on, and has the titles that are asked for."""

from collections.abc import Iterator

from ...suggest import join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..language.people import RoleTo
from ..language.phases import Phase
from ..language.workflow import Workflow
from ..walks import Chased, list_chased


def _escalation_example(role: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    chase:\n"
        f"      escalate: {{ before: deadlines.aangifte, workdays: 5, role: {role} }}\n"
    )


def _barred_example(role: str) -> Example:
    return Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        "    four_eyes: [opstellen]\n    back_to: opstellen\n    chase:\n"
        f"      escalate: {{ before: deadlines.aangifte, workdays: 5, role: {role} }}\n"
    )


def _titles_example(phase: str) -> Example:
    return Example(
        f"phases:\n  - id: nazorg\n    title: Nazorg\n    role: controleur\n    qualification: [{phase}]\n",
        others=(("roles/controleur.yaml", "title: Controleur\nqualification: [AA, RA]\n"),),
    )


HAS_IT_ALREADY = Code(
    "K480",
    "escalation to the role that has the work already",
    "An escalation lets another role share the work. The role of the phase, or of the task, has it already: "
    "nothing changes, and whoever did not do it is told once more. The `chase` of a template is for every "
    "work phase with a target date and no chase of its own.",
    wrong=_escalation_example("administratie"),
    right=_escalation_example("accountant"),
    level="warning",
    remedy="name another role",
)
BARRED = Code(
    "K481",
    "escalation to a role that may not do the work",
    "The phase cannot be completed by whoever acted in the phases that `four_eyes` names, and the role that "
    "the work escalates to is the one that does them: it may not take over what it is called for.",
    wrong=_barred_example("administratie"),
    right=_barred_example("relatiebeheerder"),
    level="warning",
    remedy="name a role that works on none of these phases",
)
TITLES = Code(
    "K385",
    "qualifications that exclude each other",
    "Whoever completes the phase needs one of its qualifications and one of its role's. They have none in "
    "common, so nobody with one title alone may do it.",
    wrong=_titles_example("RB"),
    right=_titles_example("RA"),
    level="warning",
    remedy="ask for a title that the role has",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report escalations that help nobody, and qualifications that hardly anybody has together."""
    for _, template in definitions.templates():
        for phase in template.phases:
            yield from _check_titles(definitions, phase)
        by_step: dict[int, list[Chased]] = {}
        for chased in list_chased(template):
            if chased.escalation and chased.chase.sound and chased.phase.sound:
                by_step.setdefault(id(chased.escalation), []).append(chased)
        for alike in by_step.values():
            yield from _check_escalation(template, alike)


def _check_escalation(template: Workflow, alike: list[Chased]) -> Iterator[Diagnostic]:
    """Report an escalation, that of a template for all phases that it chases at once."""
    escalation = alike[0].escalation
    assert escalation is not None
    role, place = escalation.role, escalation.place("role")
    own = [chased for chased in alike if _find_doer(chased).role == role]
    if own:
        names = join_names([_name(chased) for chased in own], "and")
        message = f"{names} {'is' if len(own) == 1 else 'are'} the work of role '{role}' already"
        related = [Related("whose work it is", _find_doer(chased).place("role")) for chased in own]
        yield HAS_IT_ALREADY.at(place, message, related=related)
        return
    for chased in alike:
        phase = chased.phase
        barred = [one for one in template.phases if one.id in phase.four_eyes and one.role == role]
        if barred and isinstance(_find_doer(chased), Phase):
            names = join_names([one.id for one in barred], "and")
            message = f"role '{role}' works on {names}, and four eyes keeps it from '{phase.id}'"
            related = [Related("four eyes", phase.key_place("four_eyes"))]
            related += [Related("the role's own work", one.place("role")) for one in barred]
            yield BARRED.at(place, message, related=related)
            return


def _find_doer(chased: Chased) -> Phase | RoleTo:
    """Return what names the role whose work it is: a task for colleagues names its own."""
    task = chased.asked.task if chased.asked else None
    return task.to if task and isinstance(task.to, RoleTo) else chased.phase


def _name(chased: Chased) -> str:
    return chased.asked.id if chased.asked and chased.asked.task else chased.phase.id


def _check_titles(definitions: Definitions, phase: Phase) -> Iterator[Diagnostic]:
    file = definitions.roles.get(phase.role)
    role = file.model if file else None
    if role is None or not role.intact("qualification") or not phase.intact("qualification"):
        return
    if phase.qualification and role.qualification and not set(phase.qualification) & set(role.qualification):
        message = (
            f"'{phase.id}' asks for {join_names(phase.qualification)}, and role '{phase.role}' for "
            f"{join_names(role.qualification)}"
        )
        related = [Related("asked of the role", role.key_place("qualification"))]
        yield TITLES.at(phase.key_place("qualification"), message, related=related)
