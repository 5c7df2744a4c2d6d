"""The codes of conditions and texts."""

from .diagnostics import Code
from .examples import Example

MESSAGE = "messages/ter-accordering.yaml"


def _phase_example(condition: str) -> Example:
    return Example(
        "phases:\n  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        f"    back_to: opstellen\n    if: {condition}\n"
    )


def _amount_example(body: str) -> Example:
    return Example(
        f"title: Verschil\nchannels: [email]\ntexts:\n  nl:\n    subject: Verschil\n    body: '{body}'\n",
        "messages/verschil.yaml",
        "whole",
        others=(
            (
                "workflows/verschillen.yaml",
                "title: Verschillen\nproducts: [aangifte-btw]\nperiod: month\n"
                "created: { before: period.start, days: 1 }\nfacts:\n"
                "  - { id: verschil, title: Verschil, type: money, set_in: a }\n"
                "phases:\n  - id: a\n    title: A\n    role: accountant\n"
                "    automations: [{ id: verschil, at: completed, send: { message: verschil } }]\n",
            ),
        ),
    )


def _text_example(line: str) -> Example:
    text = (
        "texts:\n  nl:\n    subject: Uw aangifte staat klaar\n    body: |\n"
        f"      {{{{ contact.salutation }}}},\n\n      {line}\n"
    )
    return Example(text, MESSAGE)


SYNTAX = Code(
    "K601",
    "invalid condition",
    "A condition is a Jinja2 expression without braces. It may use names, literals, comparisons, and, or, "
    "not, in and |abs.",
    wrong=_phase_example("period.kind = 'year'"),
    right=_phase_example("period.kind == 'year'"),
)
VARIABLE = Code(
    "K602",
    "unknown variable",
    "Conditions and texts may use a fixed list of variables: those of relation, product, period, filing and "
    "office; texts also those of contact and sender. The office's own relation fields are under relation.",
    wrong=_text_example("Uw aangifte over {{ periode.words }} staat klaar."),
    right=_text_example("Uw aangifte over {{ period.words }} staat klaar."),
    remedy="name another: 'kantoor explain relation' lists those of a group",
)
TYPES = Code(
    "K603",
    "type mismatch",
    "A comparison takes two values of the same type, < and > take numbers or dates, and a condition as a "
    "whole must be a yes/no value. A number in quotes is a text; a date is written as a text: '2026-01-31'.",
    wrong=_phase_example("period.year > '2025'"),
    right=_phase_example("period.year > 2025"),
)
VALUE = Code(
    "K604",
    "impossible value",
    "The variable has a fixed set of values, and this is not one of them: the comparison would always give "
    "the same result.",
    wrong=_phase_example("period.kind == 'week'"),
    right=_phase_example("period.kind == 'month'"),
)
NOT_ALLOWED = Code(
    "K605",
    "not allowed in a condition",
    "A condition has no arithmetic, calls, tests or fractions, so that the compiler can evaluate it for "
    "every path without running it.",
    wrong=_phase_example("period.year - 1 == 2025"),
    right=_phase_example("period.year == 2026"),
    remedy="use comparisons, and, or, not, in and |abs alone",
)
TEXT_SYNTAX = Code(
    "K606",
    "invalid text template",
    "Texts are Jinja2 templates: {{ variable }} and {% if … %} … {% endif %}. A tag is not closed, or the "
    "syntax is invalid.",
    wrong=_text_example("Uw aangifte over {{ period.words } staat klaar."),
    right=_text_example("Uw aangifte over {{ period.words }} staat klaar."),
)
PRINTED_AMOUNT = Code(
    "K689",
    "amount printed in a mail",
    "Mail is read by others too: it holds no amounts, but a link to where its reader sees them. A fact of "
    "type money is tested in a text, and not printed. The text of a note stays in the filing, and may print "
    "it.",
    wrong=_amount_example("Het verschil is {{ facts.verschil }}."),
    right=_amount_example(
        "{% if facts.verschil > 0 %}Er is een verschil.{% endif %} Kijk op {{ filing.link }}."
    ),
    level="warning",
)
NOT_IN_TEXT = Code(
    "K607",
    "not allowed in a text",
    "A text may use variables, the filters capitalize, lower, title, trim and upper, and if/elif/else. It "
    "has no loops, calls or macros, so that the definition shows what will be sent.",
    wrong=_text_example("{% for i in period.words %}!{% endfor %}"),
    right=_text_example("{% if product.foreign %}U betaalt twee maanden na het tijdvak.{% endif %}"),
    remedy="use variables, filters and {% if %} alone",
)
