"""Forms of the language as fields of the plan, and which of their answers conditions may name."""

from collections.abc import Iterator

from .. import plan as p
from ..context import ValueType, Variable
from .definitions import Definitions
from .language.forms import Form, FormItem, FormOptions, FormProperty
from .language.workflow import Workflow
from .walks import automations

CENTS = 100


def form_names(template: Workflow) -> set[str]:
    """Return the ids of the forms that a template asks."""
    return {a.request.form for a in automations(template) if a.request and a.request.form}


def forms_of(definitions: Definitions, template: Workflow) -> Iterator[tuple[str, Form]]:
    """Yield the readable forms that a template asks, by id."""
    for name in sorted(form_names(template)):
        file = definitions.forms.get(name)
        if file and file.model:
            yield name, file.model


def kind_of(field: FormProperty) -> str:
    """Return the kind of a field, as the plan calls it."""
    if field.type == "string":
        return "choice" if field.enum or field.oneOf else "date" if field.format else "text"
    return {"integer": "number", "number": "money", "boolean": "yes_no", "array": "choices"}[field.type]


def lower_field(name: str, field: FormProperty, *, required: bool) -> p.FormField:
    """Return a field of a form as the plan has it; its bounds in cents where it is an amount."""
    kind = kind_of(field)
    unit = CENTS if kind == "money" else 1
    lows = (field.minLength, field.minimum, field.minItems)
    highs = (field.maxLength, field.maximum, field.maxItems)
    least = next((bound for bound in lows if bound is not None), None)
    most = next((bound for bound in highs if bound is not None), None)
    return p.FormField(
        id=name,
        title=field.title,
        kind=kind,  # type: ignore[arg-type]
        required=required,
        help=field.description,
        options=tuple(lower_options(field)),
        least=None if least is None else least * unit,
        most=None if most is None else most * unit,
        pattern=field.pattern,
    )


def lower_options(field: FormProperty) -> Iterator[p.Option]:
    """Yield the options of a choice, with their values as labels where they have none."""
    holder: FormProperty | FormOptions = field.items or field
    yield from (p.Option(id=value, title=value) for value in holder.enum)
    yield from (p.Option(id=option.const, title=option.title) for option in holder.oneOf)


def lower_item(item: FormItem, condition: p.Expression | None) -> p.FormField:
    """Return an item of a list as the plan has it."""
    return p.FormField(
        id=item.id,
        title=item.title,
        kind="document",
        required=item.required,
        help=item.help,
        condition=condition,
    )


def lower_properties(form: Form) -> tuple[p.FormField, ...]:
    """Return the fields of a form."""
    if form.fields is None:
        return ()
    required = form.fields.required
    return tuple(
        lower_field(name, field, required=name in required) for name, field in form.fields.properties.items()
    )


def list_answers(form: Form) -> dict[str, Variable]:
    """Return the answers of a form that a condition may name, with their types."""
    named: dict[str, Variable] = {}
    for name, field in (form.fields.properties if form.fields else {}).items():
        if not field.intact("type"):
            named[name] = Variable("unknown", field.title)
            continue
        kind = _TYPES.get(kind_of(field))
        if kind:
            values = tuple(option.id for option in lower_options(field))
            named[name] = Variable(kind, field.title, values)
    return named


_TYPES: dict[str, ValueType] = {
    "text": "text",
    "choice": "text",
    "number": "number",
    "money": "number",
    "date": "date",
    "yes_no": "yes_no",
}
