"""The codes of shape: keys and values that the language does not have."""

from .diagnostics import Code
from .examples import Example

ROLE = "roles/accountant.yaml"

UNKNOWN_KEY = Code(
    "K120",
    "unknown key",
    "The language has no such key here. Keys are English and snake_case.",
    wrong=Example("titel: Accountant\n", ROLE, how="whole"),
    right=Example("title: Accountant\n", ROLE, how="whole"),
)
MISSING_KEY = Code(
    "K121",
    "key is missing",
    "This key cannot be left out. The place is that of the mapping in which it is missing.",
    wrong=Example("description: Beoordeelt de aangifte.\n", ROLE, how="whole"),
    right=Example("title: Accountant\ndescription: Beoordeelt de aangifte.\n", ROLE, how="whole"),
)
WRONG_TYPE = Code(
    "K122",
    "wrong type",
    "The value is of another type than the key takes. YAML reads 2026 as a number and true as yes or no: "
    "in quotes they are text. An optional key is left out, not left empty.",
    wrong=Example("title: 2026\n", ROLE, how="whole"),
    right=Example('title: "2026"\n', ROLE, how="whole"),
)
UNKNOWN_VALUE = Code(
    "K123",
    "unknown value",
    "The key takes one of a few values; this is none of them.",
    wrong=Example("start: automatically\n"),
    right=Example("start: at_creation\n"),
)
LATER = Code(
    "K124",
    "not in this version",
    "The language will have this key or value, but this version of kantoor does not carry it out yet. It "
    "is refused rather than ignored: a definition does all that it says.",
    wrong=Example("corrected_by: suppletie\n"),
    right=Example("when_closed:\n  update_planner: true\n"),
)
NOT_AN_ID = Code(
    "K125",
    "not an id",
    "An id inside a file is snake_case: small letters and digits, single underscores between, a letter "
    "first. Conditions and dates name it, and a hyphen would there be a subtraction.",
    wrong=Example("ends:\n  - id: niet-ingediend\n    title: Niet ingediend\n    planner: te_laat\n"),
    right=Example("ends:\n  - id: niet_ingediend\n    title: Niet ingediend\n    planner: te_laat\n"),
)
OUT_OF_RANGE = Code(
    "K126",
    "value cannot be",
    "The value is of the right type but cannot be: a negative count, the 32nd day of a month, an empty "
    "text or list, a day that is not in the calendar.",
    wrong=Example("created: { before: period.start, days: -1 }\n"),
    right=Example("created: { before: period.start, days: 1 }\n"),
)
CUT_TEXT = Code(
    "K127",
    "text cut by a comma",
    "Inside braces a comma ends the value, so that half of this text became a key. Write texts in block "
    "style, each key on a line of its own; braces are for dates and short references.",
    wrong=Example("ends:\n  - { id: gestopt, title: Bank, kas en vraagposten, planner: klaar }\n"),
    right=Example("ends:\n  - id: gestopt\n    title: Bank, kas en vraagposten\n    planner: klaar\n"),
)
