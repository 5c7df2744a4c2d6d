"""Forms: each is a form or a list, and every field of it can be shown, answered and checked."""

from collections.abc import Iterator

from ...patterns import MAX_STEPS, USUAL_LENGTH, PatternError, longest_of, pattern_of
from ...suggest import did_you_mean, join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..forms import kind_of, lower_options
from ..language.forms import Form, FormProperty, FormSchema

FILE = "forms/situatie.yaml"


def _form_example(body: str) -> Example:
    return Example(f"title: Uw situatie\n{body}", FILE, "whole")


def _field_example(field: str, required: str = "postcode") -> Example:
    body = f"      {field}\n" if field else ""
    return _form_example(
        f"schema:\n  type: object\n  required: [{required}]\n  properties:\n    postcode:\n"
        f"      title: Postcode\n{body}"
    )


EITHER = Code(
    "K702",
    "form needs either a schema or items",
    "A form is one of two things: questions that are answered at once (`schema`), or a list of documents "
    "that come one by one (`items`).",
    wrong=_form_example("intro: Wij vragen u om gegevens.\n"),
    right=_form_example("items:\n  - id: jaaropgave\n    title: Jaaropgave\n"),
    remedy="keep one of the two",
)
NO_FIELD = Code(
    "K703",
    "field that no page can show",
    "A field is one of these: a line of text (type string, with minLength, maxLength and pattern), a choice "
    "(type string with enum, or with oneOf where the values have labels), a day (type string, format date), "
    "a whole number (type integer, with minimum and maximum), an amount (type number with x-kind: money, "
    "and minimum and maximum in euros), yes or no (type boolean), or a choice of several (type array with "
    "items, uniqueItems: true, minItems and maxItems).",
    wrong=_field_example("type: boolean\n      pattern: ^[0-9]{4}[A-Z]{2}$"),
    right=_field_example("type: string\n      pattern: ^[0-9]{4}[A-Z]{2}$"),
    remedy="write what is missing, or take another type",
)
PATTERN = Code(
    "K704",
    "pattern that is not possible",
    "A pattern is matched in linear time, so that no answer can hold up the office: letters, `.`, classes "
    "such as [A-Z0-9], \\d, \\w and \\s, groups, `|`, ^ and $, and the counts ?, *, + and {m,n}. Looking "
    "ahead or behind, references back and word boundaries are not possible. The states of a pattern times "
    "the length of its text are counted together for a form: use small counts and a small maxLength.",
    wrong=_field_example("type: string\n      pattern: ^(?!0)[0-9]{4}$"),
    right=_field_example("type: string\n      pattern: ^[1-9][0-9]{3}$"),
    remedy="use letters, classes such as [0-9], groups, | and counts alone",
)
BOUNDS = Code(
    "K705",
    "bounds that no answer meets",
    "A minimum is at most its maximum, there are at least as many options as must be chosen, and a pattern "
    "matches some text of the length that is asked: otherwise no answer is ever accepted.",
    wrong=_field_example("type: string\n      minLength: 7\n      maxLength: 6"),
    right=_field_example("type: string\n      minLength: 6\n      maxLength: 7"),
    remedy="change one of the two, so that an answer is possible",
)
REQUIRED = Code(
    "K706",
    "unknown field is required",
    "`required` names fields of the form itself.",
    wrong=_field_example("type: string", required="postcod"),
    right=_field_example("type: string"),
    remedy="add it to 'properties', or remove it here",
)

_ALLOWED = {
    "text": ("minLength", "maxLength", "pattern"),
    "date": ("format",),
    "choice": ("enum", "oneOf"),
    "number": ("minimum", "maximum"),
    "money": ("minimum", "maximum", "x-kind"),
    "yes_no": (),
    "choices": ("items", "minItems", "maxItems", "uniqueItems"),
}
_WORDS = {
    "text": "a line of text",
    "date": "a date",
    "choice": "a choice",
    "number": "a whole number",
    "money": "an amount",
    "yes_no": "a yes/no question",
    "choices": "a choice of several",
}
_EVERY = ("type", "title", "description")


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report forms that cannot be shown, and fields that no answer can satisfy."""
    for _, file in sorted(definitions.forms.items()):
        if file.model:
            yield from _check_form(file.model)


def _check_form(form: Form) -> Iterator[Diagnostic]:
    if form.sound and (form.fields is None) == (form.items is None):
        if form.items:
            yield EITHER.at(form.key_place("items"), "expected either 'schema' or 'items', found both")
        else:
            yield EITHER.at(form.place(), "this form asks nothing", help="add 'schema' or 'items'")
    if form.fields:
        yield from _check_schema(form.fields)


def _check_schema(schema: FormSchema) -> Iterator[Diagnostic]:
    if schema.intact("properties") and not schema.properties:
        yield EITHER.at(schema.key_place("properties"), "this form asks nothing", help="add a question")
    for number, name in enumerate(schema.required):
        if schema.intact("properties") and name not in schema.properties:
            help = did_you_mean(name, schema.properties)
            place, message = schema.place("required", number), f"unknown field '{name}'"
            yield REQUIRED.at(place, message, help=help, lacks=f"answers.{name}")
    for field in schema.properties.values():
        if field.sound:
            yield from _check_field(field)
    heavy = list(_check_steps(schema))
    yield from heavy
    for field in schema.properties.values() if not heavy else ():
        if field.sound and field.pattern is not None and kind_of(field) == "text":
            yield from _check_lengths(field, field.pattern)


def _check_field(field: FormProperty) -> Iterator[Diagnostic]:
    kind = kind_of(field)
    wrong = [key for key in field.written_keys if key not in (*_EVERY, *_ALLOWED[kind])]
    for key in wrong:
        allowed = _ALLOWED[kind]
        help = (
            f"possible there: {join_names(allowed, 'and')}" if allowed else "nothing more is possible there"
        )
        yield NO_FIELD.at(field.node.keys[key], f"'{key}' does not go with {_WORDS[kind]}", help=help)
    if wrong:
        return
    lacking = _find_lacking(field, kind)
    if lacking:
        yield NO_FIELD.at(field.place("type"), lacking)
    elif field.pattern is not None:
        yield from _check_pattern(field, field.pattern)
    yield from _check_bounds(field, kind)


def _find_lacking(field: FormProperty, kind: str) -> str | None:
    """Say what a field lacks to be shown, or None."""
    if kind == "money" and field.kind is None:
        return "a number is an amount with 'x-kind: money'; other numbers are whole: 'type: integer'"
    if kind == "choices" and field.items is None:
        return "missing 'items' in this choice of several"
    if kind == "choices" and field.uniqueItems is None:
        return "missing 'uniqueItems: true' in this choice of several"
    holder = field.items or field
    if kind in ("choice", "choices") and bool(holder.enum) == bool(holder.oneOf):
        return "expected either 'enum' or 'oneOf', with the values that can be chosen"
    return None


def _check_pattern(field: FormProperty, pattern: str) -> Iterator[Diagnostic]:
    try:
        pattern_of(pattern)
    except PatternError as error:
        yield PATTERN.at(field.place("pattern"), f"this pattern is not possible: {error}")


def _check_steps(schema: FormSchema) -> Iterator[Diagnostic]:
    """Report the field whose pattern makes checking the form as a whole too much work at once."""
    steps = 0
    for field in schema.properties.values():
        if not field.sound or field.pattern is None:
            continue
        try:
            steps += pattern_of(field.pattern).cost(longest_of(field.maxLength))
        except PatternError:
            continue
        if steps > MAX_STEPS:
            found = (
                f"checking the patterns of this form takes {steps:,} steps up to here, "
                f"more than {MAX_STEPS:,}"
            )
            help = f"use smaller counts, or a smaller maxLength ({USUAL_LENGTH} where there is none)"
            yield PATTERN.at(field.place("pattern"), found, help=help)
            return


def _check_lengths(field: FormProperty, pattern: str) -> Iterator[Diagnostic]:
    """Report a pattern that no text of the length that is asked matches."""
    least, most = field.minLength or 0, longest_of(field.maxLength)
    try:
        possible = least > most or pattern_of(pattern).fits(least, most)
    except PatternError:
        return
    if not possible:
        message = f"no text of {least} to {most} characters matches this pattern"
        yield BOUNDS.at(field.place("pattern"), message)


def _check_bounds(field: FormProperty, kind: str) -> Iterator[Diagnostic]:
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        least, most = getattr(field, low), getattr(field, high)
        if least is not None and most is not None and least > most:
            yield BOUNDS.at(field.place(low), f"'{low}' is more than '{high}'")
            return
    options = len(list(lower_options(field)))
    if kind == "choices" and field.minItems is not None and 0 < options < field.minItems:
        yield BOUNDS.at(field.place("minItems"), f"'minItems' is more than the {options} options")
