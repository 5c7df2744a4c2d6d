"""Scenarios: every name leads somewhere in the template, and each act and expectation says one thing."""

from collections.abc import Iterator, Set
from datetime import date
from typing import NamedTuple, get_args

from ...context import LEGAL_FORMS
from ...linked import REVERSE
from ...period import Period
from ...plan import Planner
from ...suggest import ask_if_meant, did_you_mean, is_mistyped, join_names, name_some, nearest
from ...typed import TypedError, read_period
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Span
from ..dutch import find_value
from ..examples import Example
from ..forms import forms_of
from ..instead import suggest_day
from ..language.base import Definition
from ..language.scenario import (
    ACT_KEYS,
    EXPECT_KEYS,
    REFUSALS,
    Do,
    Expect,
    Habits,
    ItemIs,
    OfficeHabits,
    PhaseIs,
    RelationGiven,
    Scenario,
    World,
)
from ..language.workflow import Workflow
from ..logic import period_kinds
from ..shape_codes import OUT_OF_RANGE
from ..walks import automations
from .references import lacked_file
from .scenario_answers import check_scenario_answers
from .scenario_facts import check_facts
from .scenario_values import check_values
from .waiting import MOST_KINDS, list_kinds, list_misnamed

_PATH = "scenarios/btw-aangifte/akkoord.yaml"


def _example(steps: str, head: str = "period: 2027-01\n") -> Example:
    return Example(f"title: Akkoord\n{head}steps:\n{steps}", _PATH, how="whole")


NO_TEMPLATE = Code(
    "K850",
    "scenario of an unknown template",
    "A scenario lies in the folder of its template: scenarios/btw-aangifte/akkoord.yaml tries "
    "workflows/btw-aangifte.yaml.",
    wrong=Example(
        "title: Akkoord\nperiod: 2027-01\nsteps:\n  - reach: end\n",
        "scenarios/btw-aangfte/akkoord.yaml",
        how="whole",
    ),
    right=_example("  - reach: end\n"),
)
UNKNOWN = Code(
    "K851",
    "unknown name in a scenario",
    "The scenario names a phase, checkpoint, message, person, document, fact, deadline, task, item, form, "
    "end or policy that is not there. People are called by their role (accountant), as another of that "
    "role (accountant-2), or by the id of a contact, which is klant where the scenario has no contacts.",
    wrong=_example("  - reach: aanbiden\n"),
    right=_example("  - reach: aanbieden\n"),
)
ONE = Code(
    "K852",
    "expected exactly one act or expectation",
    "An item of `do` is one act, and an item of `expect` one expectation: it has exactly one of their keys.",
    wrong=_example("  - expect: [{ is: 2027-02-28 }]\n"),
    right=_example("  - expect: [{ deadline: aangifte, is: 2027-02-28 }]\n"),
    remedy="docs/scenarios.md says what goes together",
)
PERIOD = Code(
    "K853",
    "invalid period of a scenario",
    "The period is written as 2027-01 (a month), 2027-Q1 (a quarter) or 2027 (a year), and is of a kind "
    "that the template has: its own, or with `by_product` the frequency of one of its products.",
    wrong=_example("  - reach: end\n", head="period: januari 2027\n"),
    right=_example("  - reach: end\n"),
    remedy="write a period of that kind",
)
CORRECTS = Code(
    "K859",
    "scenarios that correct each other",
    "`corrects` names the scenario whose filing is lived first, and then corrected. That one may correct "
    "another in its turn, but the first of them corrects none.",
    wrong=_example("  - reach: end\n", head="period: 2027-01\ncorrects: btw-aangifte/akkoord\n"),
    right=_example("  - reach: end\n"),
    remedy="remove one of these 'corrects'",
)
MOMENT = Code(
    "K854",
    "several moments in a step",
    "A step is at one moment: on a day, after some time, or when a phase is reached.",
    wrong=_example("  - { on: 2027-02-01, reach: aanbieden }\n"),
    right=_example("  - on: 2027-02-01\n  - reach: aanbieden\n"),
    remedy="keep one of the two",
)

CLIENT = "klant"
PHASE_IS: tuple[str, ...] = get_args(PhaseIs)
ITEM_IS: tuple[str, ...] = get_args(ItemIs)
NO_DAY = ("unknown", "no")
"""What is expected of a date that is not known yet, or that the filing does not have."""
ENDED = ("completed", "cancelled", "no")
END = "end"
BESIDE = {
    "finish": {"outcome"},
    "complete": {"outcome"},
    "check": {"phase"},
    "uncheck": {"phase"},
    "back": {"phase"},
    "approve": {"phase", "contact", "reason"},
    "sign": {"phase", "contact", "reason"},
    "reject": {"phase", "contact"},
    "not_deliver": {"phase"},
    "delivered": {"day"},
    "fact": {"phase", "value", "reason"},
    "answer": {"values", "contact"},
    "send_back": {"reason"},
    "not_applicable": {"reason"},
    "notice": {"phase", "day", "reason"},
    "hold": {"until"},
    "reassign": {"person", "reason"},
}
"""What an act takes beside its own key and who does it."""
_WHAT = {
    "by": "role or contact",
    "to": "role or contact",
    **dict.fromkeys(("person", "unreachable"), "role or contact"),
    **dict.fromkeys(("approve", "sign"), "contact"),
    **dict.fromkeys(("reach", "finish", "complete", "release", "delivered", "retry"), "phase"),
    **dict.fromkeys(("target", "begins", "leaves", "takes", "outcomes"), "phase"),
    **dict.fromkeys(("check", "uncheck"), "checkpoint"),
    **dict.fromkeys(("answer", "accept", "send_back", "not_applicable"), "request or item"),
    **dict.fromkeys(("reassign", "work"), "role"),
    **dict.fromkeys(("started", "others", "no_filings"), "template"),
    "attach": "document",
    "facts": "fact",
    "notices": "notice",
    "answers": "form",
    "fields": "field of the relation",
    "corrects": "scenario",
    "linked": "link",
    "ended": "end",
    "planner": "planner state",
    "refused": "code of a refusal",
    "is": "status",
}
"""What the value of a key names, where that is not what the key is called."""
_MOST_LISTED = 30
_APART = "give each act an item of its own: a line that begins with '- '"

_EXPECTED_BESIDE = {
    "phase": {"is", "round"},
    "message": {"to", "contains", "times", "ever"},
    "task": {"times"},
    "item": {"is"},
    "fact": {"is"},
    "deadline": {"is"},
    "target": {"is"},
    "begins": {"is"},
    "refused": {"contains", "times", "ever"},
    "timeline": {"contains", "times", "ever"},
    "started": {"times", "ever"},
    "work": {"times"},
}


class _Names(NamedTuple):
    """What there is to name, by what it is."""

    phases: Set[str]
    checkpoints: Set[str]
    documents: Set[str]
    facts: Set[str]
    deadlines: Set[str]
    ends: Set[str]
    outcomes: Set[str]
    automations: Set[str]
    items: Set[str]
    forms: Set[str]
    fields: Set[str]
    messages: Set[str]
    templates: Set[str]
    roles: Set[str]
    people: Set[str]
    contacts: Set[str]
    notices: Set[str]
    policies: Set[str]


def check_scenario(name: str, is_sound: bool, definitions: Definitions) -> tuple[Diagnostic, ...]:
    """Report what a scenario names that is not there, and acts and expectations that do not say one thing.

    It is looked into only where its template `is_sound`: a mistake in a template is not told again in each
    scenario that it makes wrong.
    """
    return tuple(_check(name, is_sound, definitions))


def _check(name: str, is_sound: bool, definitions: Definitions) -> Iterator[Diagnostic]:
    file, template = definitions.scenarios[name], name.partition("/")[0]
    scenario, found = file.model, definitions.workflows.get(template)
    if found is None:
        help = did_you_mean(template, definitions.workflows)
        span = scenario.node.start if scenario else Span(file.source.path, 1, 1, 1, 2)
        message = f"no template '{template}' in the folder workflows"
        yield NO_TEMPLATE.at(span, message, help=help, lacks=lacked_file(definitions, "workflows", template))
    elif scenario is not None and found.model is not None and is_sound:
        model = found.model
        named = definitions.keep(("scenarios", template), lambda: _collect(definitions, model))
        contacts = {one.id for one in scenario.contacts} or {CLIENT}
        yield from _check_corrected(name, scenario, definitions)
        yield from _check_relation(definitions, scenario.relation)
        if scenario.intact("period"):
            yield from _check_period(definitions, scenario, model)
        named = named._replace(people=named.people | contacts, contacts=contacts)
        yield from _check_scenario(scenario, named, model)
        yield from check_facts(scenario, {fact.id: fact for fact in model.facts})
        asked = {one.id: one.request.form for one in automations(model) if one.request}
        yield from check_scenario_answers(scenario, dict(forms_of(definitions, model)), asked, UNKNOWN)
        yield from check_values(scenario, definitions)


def _check_corrected(name: str, scenario: Scenario, definitions: Definitions) -> Iterator[Diagnostic]:
    """Report a scenario that corrects one that is not there, or in the end itself."""
    if scenario.corrects is None:
        return
    if scenario.corrects not in definitions.scenarios:
        yield from _resolve(scenario, "corrects", scenario.corrects, set(definitions.scenarios))
        return
    way, here = [name], scenario.corrects
    while here and here not in way:
        file = definitions.scenarios.get(here)
        way.append(here)
        here = (file.model.corrects if file and file.model else None) or ""
    if here == name:
        yield CORRECTS.at(scenario.place("corrects"), f"these correct each other: {' → '.join([*way, here])}")


def _check_scenario(scenario: Scenario, names: _Names, template: Workflow) -> Iterator[Diagnostic]:
    yield from _check_automations(scenario, template)
    holders: list[Definition] = [scenario.office, scenario.world]
    holders += [scenario.client] if scenario.client else []
    for step in scenario.steps:
        moments = [key for key in ("on", "after", "reach") if getattr(step, key) is not None]
        if len(moments) > 1:
            yield MOMENT.at(step.key_place(moments[1]), f"'{moments[1]}' beside '{moments[0]}'")
        yield from _resolve(step, "reach", step.reach, names.phases | {END})
        holders += [one for one in (step.office, step.client, step.world) if one]
        for act in step.do:
            if isinstance(act, Do):
                beside = {key: more | {"by"} for key, more in BESIDE.items()}
                several = list(_check_one(act, ACT_KEYS, beside, {"by"}))
                yield from several or _check_act(act, names)
        for one in step.expect:
            several = list(_check_one(one, EXPECT_KEYS, _EXPECTED_BESIDE, set()))
            yield from several or _check_expectation(one, names)
    for holder in holders:
        yield from _check_habits(holder, names)


def _check_period(definitions: Definitions, scenario: Scenario, template: Workflow) -> Iterator[Diagnostic]:
    try:
        period = Period.parse(scenario.period)
    except ValueError as error:
        yield PERIOD.at(scenario.place("period"), str(error), help=_suggest_period(scenario.period))
        return
    kinds = period_kinds(definitions, template)
    if kinds and period.kind not in kinds:
        expected = join_names(kinds)
        message = f"expected a period of the kind {expected}, found '{scenario.period}' ('{period.kind}')"
        yield PERIOD.at(scenario.place("period"), message)


def _suggest_period(written: str) -> str | None:
    try:
        return f"write {read_period(written).code}"
    except TypedError:
        return None


def _check_automations(scenario: Scenario, template: Workflow) -> Iterator[Diagnostic]:
    known = {f"{phase.id}/{one.id}" for phase in template.phases for one in phase.automations}
    for place, name in enumerate(scenario.automations_off):
        if name not in known:
            help = did_you_mean(name, known)
            yield UNKNOWN.at(
                scenario.place("automations_off", place), f"unknown automation '{name}'", help=help
            )


def _check_one(
    item: Do | Expect, keys: tuple[str, ...], beside: dict[str, set[str]], always: set[str]
) -> Iterator[Diagnostic]:
    """Report an item without exactly one of its keys, and keys that do not belong to it."""
    if not item.sound:
        return
    given = [key for key in item.written_keys if key in keys]
    if len(given) != 1:
        if len(given) > 1 and isinstance(item, Do):
            yield ONE.at(
                item.key_place(given[1]), f"{join_names(given, 'and')} are several acts", help=_APART
            )
            return
        what = join_names(given, "and") if given else "nothing"
        message = f"expected one of {', '.join(keys)}; found {what}"
        yield ONE.at(item.key_place(given[1]) if given else item.node.start, message)
        return
    fitting = {given[0]} | beside.get(given[0], always)
    for key in item.written_keys:
        if key not in fitting:
            yield ONE.at(item.key_place(key), f"'{key}' does not belong to '{given[0]}'")


def _check_act(act: Do, names: _Names) -> Iterator[Diagnostic]:
    asked = names.automations | names.items | names.forms
    for key, known in (
        ("by", names.people),
        ("contact", names.contacts),
        ("person", names.people),
        ("finish", names.phases),
        ("complete", names.phases),
        ("release", names.phases),
        ("delivered", names.phases),
        ("retry", names.phases),
        ("phase", names.phases),
        ("check", names.checkpoints),
        ("uncheck", names.checkpoints),
        ("attach", names.documents),
        ("approve", names.contacts),
        ("sign", names.contacts),
        ("fact", names.facts),
        ("task", names.automations),
        ("answer", asked),
        ("accept", asked),
        ("send_back", asked),
        ("not_applicable", asked),
        ("notice", names.notices),
        ("reassign", names.roles),
        ("outcome", names.outcomes),
    ):
        yield from _resolve(act, key, getattr(act, key), known)
    for field in act.values or {}:
        yield from _resolve(act, ("values", field), field, names.fields, "field")


def _check_expectation(one: Expect, names: _Names) -> Iterator[Diagnostic]:
    for key, known in (
        ("phase", names.phases),
        ("target", names.phases),
        ("begins", names.phases),
        ("message", names.messages),
        ("task", names.automations),
        ("item", names.items),
        ("fact", names.facts),
        ("deadline", names.deadlines),
        ("started", names.templates),
        ("work", names.roles),
        ("to", names.people | names.templates),
        ("ended", names.ends | set(ENDED)),
        ("planner", set(get_args(Planner))),
        ("policy", names.policies),
        ("refused", REFUSALS),
    ):
        yield from _resolve(one, key, getattr(one, key), known)
    dated = next((key for key in ("deadline", "target", "begins") if getattr(one, key)), None)
    if dated and one.intact("is"):
        yield from _check_day(one)
    statuses = set(PHASE_IS) if one.phase else set(ITEM_IS) if one.item else None
    if statuses and one.value is not None:
        yield from _resolve(one, "is", str(one.value), statuses)


def _check_day(one: Expect) -> Iterator[Diagnostic]:
    """Report a day that is expected and is none: it is compared as it is written."""
    if one.value is None or one.value in NO_DAY:
        return
    try:
        is_day = date.fromisoformat(str(one.value)).isoformat() == one.value
    except ValueError:
        is_day = False
    if not is_day:
        message = f"expected a date such as 2026-01-31, or {join_names(NO_DAY)}, found '{one.value}'"
        yield OUT_OF_RANGE.at(one.place("is"), message, help=suggest_day(one.value))


def _check_relation(definitions: Definitions, relation: RelationGiven) -> Iterator[Diagnostic]:
    """Report a legal form and fields that no relation of the office can have."""
    if relation.legal_form not in LEGAL_FORMS:
        message = f"unknown legal form '{relation.legal_form}', expected {join_names(LEGAL_FORMS)}"
        near = nearest(relation.legal_form, LEGAL_FORMS)
        help = ask_if_meant(relation.legal_form, near) if near else None
        yield UNKNOWN.at(relation.place("legal_form"), message, help=help)
    office = definitions.office.model if definitions.office else None
    if office and office.intact("fields"):
        known = {field.id for field in office.fields}
        for name in relation.fields:
            yield from _resolve(relation, ("fields", name), name, known)


def _check_habits(holder: Definition, names: _Names) -> Iterator[Diagnostic]:
    if isinstance(holder, OfficeHabits):
        for place, phase in enumerate(holder.leaves):
            yield from _resolve(holder, ("leaves", place), phase, names.phases)
        for phase, outcome in holder.outcomes.items():
            yield from _resolve(holder, ("outcomes", phase), phase, names.phases)
            yield from _resolve(holder, ("outcomes", phase), outcome, names.outcomes, "outcome")
        for phase in holder.takes:
            yield from _resolve(holder, ("takes", phase), phase, names.phases)
        for fact in holder.facts:
            yield from _resolve(holder, ("facts", fact), fact, names.facts)
    elif isinstance(holder, Habits):
        for form, answers in holder.answers.items():
            yield from _resolve(holder, ("answers", form), form, names.forms)
            for field in answers if form in names.forms else ():
                yield from _resolve(holder, ("answers", form, field), field, names.fields, "field")
    elif isinstance(holder, World):
        for place, person in enumerate(holder.unreachable):
            yield from _resolve(holder, ("unreachable", place), person, names.people)
        for notice in holder.notices:
            yield from _resolve(holder, ("notices", notice), notice, names.notices)
        for template in holder.others:
            yield from _resolve(holder, ("others", template), template, names.templates)
        for place, template in enumerate(holder.no_filings):
            yield from _resolve(holder, ("no_filings", place), template, names.templates)
        for link in holder.linked:
            yield from _resolve(holder, ("linked", link), link, REVERSE.keys())


def _resolve(
    owner: Definition, key: str | tuple[str | int, ...], name: str | None, known: Set[str], what: str = ""
) -> Iterator[Diagnostic]:
    """Report a name that is not known; `what` it is, where the key does not say that."""
    if name is not None and name not in known:
        path = (key,) if isinstance(key, str) else key
        meant = find_value(name, known)
        help = ask_if_meant(name, meant) if meant else did_you_mean(name, known)
        if help is None and known:
            few = len(known) <= _MOST_LISTED
            help = (
                f"expected {join_names(sorted(known))}"
                if few
                else f"write one of these: {name_some(sorted(known))}"
            )
        what = what or _WHAT.get(str(path[0]), str(path[0]))
        lacks = f"{owner.path.rpartition('/')[0]}: {name}"
        yield UNKNOWN.at(owner.place(*path), f"unknown {what} '{name}'", help=help, lacks=lacks)


def _collect(definitions: Definitions, template: Workflow) -> _Names:
    """Return what any scenario of a template can name; its contacts are its own."""
    forms = {one.request.form for one in automations(template) if one.request}
    models = [definitions.forms[form].model for form in forms if form in definitions.forms]
    roles = set(definitions.roles)
    waits = [awaited for phase in template.phases if phase.wait for awaited in phase.wait.awaited]
    kinds = {one.notice for one in waits if one.notice}
    every = definitions.answer(list_kinds) if len(kinds) <= MOST_KINDS else ()
    misnamed = {one.lived for one in definitions.answer(list_misnamed) if one.awaited in kinds}
    nearly = {one for one in every for kind in kinds if is_mistyped(one, kind)}
    return _Names(
        phases={phase.id for phase in template.phases},
        checkpoints={one.id for phase in template.phases for one in phase.checkpoints},
        documents={one.id for one in template.documents},
        facts={one.id for one in template.facts},
        deadlines={one.id for one in template.deadlines},
        ends={one.id for one in template.ends},
        outcomes={one.id for phase in template.phases for one in phase.outcomes},
        automations={one.id for one in automations(template)},
        items={item.id for form in models if form for item in form.items or ()},
        forms=forms,
        fields={name for form in models if form and form.fields for name in form.fields.properties},
        messages=set(definitions.messages),
        templates=set(definitions.workflows),
        roles=roles,
        people=roles | {f"{role}-2" for role in roles},
        contacts=set(),
        notices=kinds | nearly | misnamed,  # these are told of the wait
        policies=set(definitions.policies),
    )
