"""Policies: each has one form, and says in the vocabulary what it looks at, by known names."""

from collections.abc import Iterator, Set

from ...policy import WORDS, Observed, Sort, parse_observed
from ...suggest import did_you_mean, join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Span
from ..examples import Example
from ..language.policy import FORMS, Policy
from ..language.workflow import Workflow
from .references import lacked_file

_PATH = "policies/akkoord.yaml"


def _example(text: str) -> Example:
    return Example(f"title: Alleen met akkoord\n{text}", _PATH, how="whole")


_RIGHT = _example("never: delivered\nunless: is_approved\n")

FORM = Code(
    "K870",
    "policy without one form",
    "A policy says one thing: it has exactly one of never, always, every, who, in_order and at_most, with "
    "the keys that belong to it. always goes with before, every with followed_by, who with differs_from, and "
    "at_most with of.",
    wrong=_example("always: reviewed\n"),
    right=_example("always: reviewed\nbefore: offered\n"),
    remedy="docs/policies.md has every form, with an example",
)
WORD = Code(
    "K871",
    "unknown observation",
    "A policy looks at a filing through observations: a word of the vocabulary, with or without a name in "
    "brackets, such as delivered or delivered(aangifte). docs/policies.md lists them.",
    wrong=_example("never: deliverd\nunless: is_approved\n"),
    right=_RIGHT,
)
SORT = Code(
    "K872",
    "wrong kind of observation",
    "An event happens in a step, a state holds or does not, a day is one that the filing knows. in_order "
    "compares days, unless takes events and states, and everything else events.",
    wrong=_example("never: is_approved\n"),
    right=_RIGHT,
    remedy="docs/policies.md says which words are of which sort",
)
NAME = Code(
    "K873",
    "unknown name in a policy",
    "The name in brackets is none of a template for which the policy is. A checkpoint is named as "
    "phase.checkpoint. A word that is about nothing takes no name.",
    wrong=_example("never: delivered(aangfte)\nunless: is_approved\n"),
    right=_example("never: delivered(aangifte)\nunless: is_approved\n"),
    remedy="write the word alone",
)
TEMPLATE = Code(
    "K874",
    "unknown template in a policy",
    "A policy names templates for which it is, and those for which it is not: files of the folder workflows.",
    wrong=_example("never: delivered\nunless: is_approved\ntemplates: [aangifte-btw]\n"),
    right=_example("never: delivered\nunless: is_approved\ntemplates: [btw-aangifte]\n"),
)

_SORTS: dict[str, tuple[Sort, ...]] = {"in_order": ("day",), "unless": ("event", "state")}
_NEEDS = {"always": "before", "every": "followed_by", "who": "differs_from", "at_most": "of"}
_KEYS = tuple(dict.fromkeys([*FORMS, *(key for keys in FORMS.values() for key in keys)]))
_NAMED = tuple(key for key in _KEYS if key not in ("at_most", "per", "same"))


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report policies without one form, and what they name that is not there."""
    for _, file in sorted(definitions.policies.items()):
        if file.model is not None:
            yield from _check_form(file.model)
            yield from _check_templates(definitions, file.model)
            for key in _NAMED:
                yield from _check_observations(definitions, file.model, key)


def _check_form(policy: Policy) -> Iterator[Diagnostic]:
    if not policy.sound:
        return
    given = [key for key in policy.written_keys if key in FORMS]
    if len(given) != 1:
        what = join_names(given, "and") if given else "none of them"
        place = policy.key_place(given[1]) if given else policy.node.start
        yield FORM.at(place, f"expected one of {', '.join(FORMS)}; found {what}")
        return
    (form,) = given
    needed = _NEEDS.get(form)
    if needed and not policy.has_key(needed):
        yield FORM.at(policy.key_place(form), f"'{form}' without '{needed}'")
    for key in policy.written_keys:
        if key in _KEYS and key != form and key not in FORMS[form]:
            yield FORM.at(policy.key_place(key), f"'{key}' does not belong to '{form}'")
    within = policy.within
    if within and within.sound and (within.days is None) == (within.workdays is None):
        yield FORM.at(policy.key_place("within"), "expected one of days and workdays")


def _check_templates(definitions: Definitions, policy: Policy) -> Iterator[Diagnostic]:
    known = set(definitions.workflows)
    named = [(name, policy.place("templates", place)) for place, name in enumerate(policy.templates)]
    named += [(one.template, one.place("template")) for one in policy.exempt]
    for name, span in named:
        if name not in known:
            lacks = lacked_file(definitions, "workflows", name)
            yield TEMPLATE.at(span, f"unknown template '{name}'", help=did_you_mean(name, known), lacks=lacks)


def _check_observations(definitions: Definitions, policy: Policy, key: str) -> Iterator[Diagnostic]:
    for text, span in _list_places(policy, key):
        observed = parse_observed(text)
        word = WORDS.get(observed.word) if observed else None
        if observed is None or word is None:
            near = (
                did_you_mean(observed.word if observed else text, WORDS)
                or f"expected {join_names(sorted(WORDS))}"
            )
            yield WORD.at(span, f"unknown observation '{text}'", help=near)
        elif word.sort not in _SORTS.get(key, ("event",)):
            wanted = join_names([f"{_ARTICLES[sort]} {sort}" for sort in _SORTS.get(key, ("event",))], "or")
            found = f"{_ARTICLES[word.sort]} {word.sort}"
            yield SORT.at(span, f"expected {wanted} here; '{observed.word}' is {found}")
        elif observed.name is not None:
            yield from _check_name(definitions, policy, observed, span)


_ARTICLES = {"event": "an", "state": "a", "day": "a"}


def _list_places(policy: Policy, key: str) -> Iterator[tuple[str, Span]]:
    owner, name = (policy.within, "after") if key == "within" else (policy, key)
    value = getattr(owner, name) if owner else None
    if owner is not None and isinstance(value, str):
        yield value, owner.place(name)
    elif owner is not None and isinstance(value, list):
        for place, text in enumerate(value):
            yield text, owner.place(name, place)


def _check_name(
    definitions: Definitions, policy: Policy, observed: Observed, span: Span
) -> Iterator[Diagnostic]:
    of, name = WORDS[observed.word].of, observed.name or ""
    if not of:
        yield NAME.at(span, f"'{observed.word}' is about nothing that has a name")
        return
    models = [
        model for id, model in definitions.templates() if not policy.templates or id in policy.templates
    ]
    known = {one for model in models for one in _list_known(model, of)}
    if of == "message":
        known = set(definitions.messages)
    if models and name not in known:
        yield NAME.at(span, f"unknown {of} '{name}'", help=did_you_mean(name, known))


def _list_known(template: Workflow, of: str) -> Set[str]:
    match of:
        case "checkpoint":
            return {f"{phase.id}.{one.id}" for phase in template.phases for one in phase.checkpoints}
        case "phase":
            return {phase.id for phase in template.phases}
        case "document":
            return {document.id for document in template.documents}
        case "deadline":
            return {deadline.id for deadline in template.deadlines}
        case "fact":
            return {fact.id for fact in template.facts}
        case _:
            return {end.id for end in template.ends}
