"""Requests: what a template asks of the client can be asked, answered and told apart."""

from collections.abc import Iterator

from ..conditions import parse_condition
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example
from ..forms import forms_of
from ..language.forms import Form
from ..language.phases import Automation
from ..language.workflow import Workflow
from ..places import inside
from ..unasked import explain_unasked
from ..variables import Known, variables
from ..walks import automations

_FORM = (
    "title: {title}\nschema:\n  type: object\n  properties:\n    {field}:\n      type: boolean\n"
    "      title: Auto?\n"
)
_LIST = "title: Stukken\nitems:\n  - id: jaaropgave\n    title: Jaaropgave\n    required: {required}\n"


def _asking_example(*requests: str, at: str = "entered", **forms: str) -> Example:
    asked = "".join(
        f"      - id: vraag_{number}\n        at: {at}\n        request: {{ {request} }}\n"
        for number, request in enumerate(requests)
    )
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        + asked,
        others=tuple((f"forms/{name}.yaml", text) for name, text in forms.items()),
    )


def _two_forms(first: str, second: str) -> Example:
    one, two = (_FORM.format(title=f, field=f) for f in (first, second))
    return _asking_example("form: een", "form: twee", een=one, twee=two)


SAME_FIELD = Code(
    "K707",
    "two forms of a template have the same field",
    "Conditions name an answer as answers.<id>, so the ids of the fields of all forms that a template asks "
    "are different.",
    wrong=_two_forms("auto", "auto"),
    right=_two_forms("auto", "auto_prive"),
    remedy="give one of them another id",
)
ASKED_TOO_LATE = Code(
    "K708",
    "request on completing a phase",
    "A request is open while its phase runs: ask on entering the phase, or at a date.",
    wrong=_asking_example("form: stukken", at="completed", stukken=_LIST.format(required="true")),
    right=_asking_example("form: stukken", stukken=_LIST.format(required="true")),
)
NOTHING_REQUIRED = Code(
    "K709",
    "required request without a required item",
    "A required request keeps its phase from being completed until its required items were accepted. This "
    "list has none, so it keeps nothing: require an item, or write `required: false` in the request.",
    wrong=_asking_example("form: stukken", stukken=_LIST.format(required="false")),
    right=_asking_example("form: stukken", stukken=_LIST.format(required="true")),
    level="warning",
    remedy="write 'required: true' at an item, or 'required: false' in the request",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report requests that cannot work, and conditions of items that are invalid in a template."""
    for _, template in definitions.templates():
        forms = list(forms_of(definitions, template))
        yield from _check_fields([form for _, form in forms])
        known = variables(definitions, template)
        for name, form in forms:
            yield from _check_conditions(definitions, template, name, form, known)
        yield from _check_requests(template, dict(forms))


def _check_fields(forms: list[Form]) -> Iterator[Diagnostic]:
    first: dict[str, Form] = {}
    for form in forms:
        for name in form.fields.properties if form.fields else ():
            other = first.setdefault(name, form)
            if other is not form and form.fields and other.fields:
                place = form.fields.node.child("properties")
                where = place.keys[name] if place and name in place.keys else form.fields.place("properties")
                related = [Related("first asked", other.fields.place("properties", name))]
                yield SAME_FIELD.at(where, f"another form asks for '{name}' too", related=related)


def _check_conditions(
    definitions: Definitions, template: Workflow, name: str, form: Form, known: Known
) -> Iterator[Diagnostic]:
    source = definitions.forms[name].source
    for item in form.items or ():
        if item.condition is None or not item.intact("if"):
            continue
        for found in parse_condition(item.condition, known)[1]:
            finding = explain_unasked(found, template.path, definitions)
            node = item.node.child("if")
            assert node is not None
            place = inside(source, node, finding.line, finding.word)
            yield finding.code.at(place, finding.message, help=finding.help, lacks=finding.missing)


def _check_requests(template: Workflow, forms: dict[str, Form]) -> Iterator[Diagnostic]:
    for automation in automations(template):
        request = automation.request
        if request is None or not automation.sound or not request.sound:
            continue
        if automation.at == "completed":
            message = "this request is never open: a phase ends when it is completed"
            yield ASKED_TOO_LATE.at(automation.place("at"), message, help="write 'at: entered'")
        form = forms.get(request.form)
        if form and form.sound and form.items and _asks_nothing(automation, form):
            message = f"no item of '{request.form}' is required, so this request keeps nothing"
            yield NOTHING_REQUIRED.at(request.place("form"), message)


def _asks_nothing(automation: Automation, form: Form) -> bool:
    items = form.items or []
    sound = all(item.sound for item in items)
    required = automation.request is not None and automation.request.required
    return sound and required and not any(item.required for item in items)
