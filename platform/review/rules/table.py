"""The one table of rules, and which parts of a plan need none."""

from ...data import Struct
from ...plan import (
    Automation,
    Checkpoint,
    Deadline,
    Document,
    End,
    FactDefinition,
    Form,
    FormField,
    Message,
    Office,
    Option,
    Outcome,
    Phase,
    Plan,
    Product,
    RelationField,
    Role,
)
from ..comparing import Difference
from . import automations, chasing, filing, offers, office, phases, texts, waits
from .base import Rule, Told

RULES: tuple[Rule, ...] = (
    *(*filing.RULES, *phases.RULES, *automations.RULES, *offers.RULES, *waits.RULES),
    *(*chasing.RULES, *texts.RULES, *office.RULES),
)
"""What each part of a plan promises to whom."""

BY_PART: dict[tuple[type, str], Rule] = {(rule.owner, rule.field): rule for rule in RULES}

DERIVED: dict[tuple[type[Struct], str], str] = {
    (Plan, "format"): "how the plan is written, not what it says",
    (Office, "format"): "how the office is written, not what it says",
    (Plan, "template"): "a template under another name is told as a whole",
    (Plan, "office"): "its fields have rules",
    (Plan, "when_closed"): "its fields have rules",
    (Plan, "roles"): "which roles take part follows from who does what",
    (Office, "text"): "its fields have rules",
    (Office, "closing_days"): "its fields have rules",
}
"""Parts without a rule, with the reason. Ids have none either: another id is told of the item itself."""

IDS = {
    (kind, "id")
    for kind in (
        *(Option, FactDefinition, Deadline, Role, Message, Checkpoint, FormField, Form, Outcome, Phase),
        *(Automation, Document, End, Product, RelationField),
    )
}


def find_rule(difference: Difference) -> Rule | None:
    """Return the rule of a difference; None where a generic sentence tells it."""
    return BY_PART.get((difference.owner, difference.field))


def say_generic(told: Told) -> str:
    """Return the sentence of what no rule is about: its place and both values."""
    return f"{told.difference.place} is {told.new} instead of {told.old}"
