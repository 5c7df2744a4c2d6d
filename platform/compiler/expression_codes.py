"""The codes of conditions and texts."""

from .diagnostics import Code
from .examples import Example

MESSAGE = "messages/ter-accordering.yaml"


def _phase(condition: str) -> Example:
    return Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        f"    back_to: opstellen\n    if: {condition}\n"
    )


def _text(line: str) -> Example:
    text = (
        "texts:\n  nl:\n    subject: Uw aangifte staat klaar\n    body: |\n"
        f"      {{{{ contact.salutation }}}},\n\n      {line}\n"
    )
    return Example(text, MESSAGE)


SYNTAX = Code(
    "K601",
    "not a condition",
    "A condition is an expression in Jinja2, without braces around it: names, literals, comparisons, and, "
    "or, not, in and |abs.",
    wrong=_phase("period.kind = 'year'"),
    right=_phase("period.kind == 'year'"),
)
VARIABLE = Code(
    "K602",
    "unknown variable",
    "Conditions and texts name variables of a fixed list: relation, product, period, filing, office; "
    "texts also contact and sender. The office's own relation fields come under relation.",
    wrong=_text("Uw aangifte over {{ periode.words }} staat klaar."),
    right=_text("Uw aangifte over {{ period.words }} staat klaar."),
)
TYPES = Code(
    "K603",
    "types do not match",
    "A comparison needs two values of one type, an order needs numbers or dates, and a condition as a "
    "whole is yes or no. A number in quotes is a text; a date is written as a text: '2026-01-31'.",
    wrong=_phase("period.year > '2025'"),
    right=_phase("period.year > 2025"),
)
VALUE = Code(
    "K604",
    "value that never is",
    "The variable has a few values, and this is none of them: the comparison would always give the same "
    "answer.",
    wrong=_phase("period.kind == 'week'"),
    right=_phase("period.kind == 'month'"),
)
NOT_ALLOWED = Code(
    "K605",
    "not allowed in a condition",
    "A condition has no arithmetic, calls, tests or fractions: it must be understood, and worked out for "
    "every path, without running it.",
    wrong=_phase("period.year - 1 == 2025"),
    right=_phase("period.year == 2026"),
)
TEXT_SYNTAX = Code(
    "K606",
    "text is not Jinja2",
    "Texts are Jinja2 templates: {{ variable }} and {% if … %} … {% endif %}. Something is not closed, or "
    "not written as Jinja2 has it.",
    wrong=_text("Uw aangifte over {{ period.words } staat klaar."),
    right=_text("Uw aangifte over {{ period.words }} staat klaar."),
)
NOT_IN_TEXT = Code(
    "K607",
    "not allowed in a text",
    "A text has variables, the filters capitalize, lower, title, trim and upper, and if/elif/else. No "
    "loops, calls or macros: who reads the definition must see what is sent.",
    wrong=_text("{% for i in period.words %}!{% endfor %}"),
    right=_text("{% if product.foreign %}U betaalt twee maanden na het tijdvak.{% endif %}"),
)
