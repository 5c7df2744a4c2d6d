"""The codes of validation: keys and values that the language does not accept."""

from .diagnostics import Code
from .examples import Example

ROLE = "roles/accountant.yaml"

UNKNOWN_KEY = Code(
    "K120",
    "unknown key",
    "This mapping does not accept the key. Keys are English and snake_case.",
    wrong=Example("titel: Accountant\n", ROLE, how="whole"),
    right=Example("title: Accountant\n", ROLE, how="whole"),
)
MISSING_KEY = Code(
    "K121",
    "missing key",
    "A required key is missing. The position is that of the mapping that needs it.",
    wrong=Example("description: Beoordeelt de aangifte.\n", ROLE, how="whole"),
    right=Example("title: Accountant\ndescription: Beoordeelt de aangifte.\n", ROLE, how="whole"),
)
WRONG_TYPE = Code(
    "K122",
    "wrong type",
    "The value has another type than the key takes. YAML reads 2026 as a number and true as a boolean; put "
    "them in quotes to make them text. Leave an optional key out instead of giving it an empty value.",
    wrong=Example("title: 2026\n", ROLE, how="whole"),
    right=Example('title: "2026"\n', ROLE, how="whole"),
    remedy="write it as 'kantoor explain' shows",
)
UNKNOWN_VALUE = Code(
    "K123",
    "unknown value",
    "The key takes one of a fixed set of values, and this is not one of them.",
    wrong=Example("start: automatically\n"),
    right=Example("start: at_creation\n"),
    remedy="write one of these",
)
LATER = Code(
    "K124",
    "not supported yet",
    "The key or value is reserved: a later version of kantoor will support it. This version rejects it "
    "instead of ignoring it, so that a definition never says more than it does.",
    wrong=Example("channels: [email, portal]\n", "messages/ter-accordering.yaml"),
    right=Example("channels: [email]\n", "messages/ter-accordering.yaml"),
    remedy="leave it out for now",
)
NOT_AN_ID = Code(
    "K125",
    "invalid id",
    "An id inside a file is snake_case: lower-case letters and digits, separated by single underscores, "
    "starting with a letter. Conditions and dates refer to ids, and would read a hyphen as a minus sign.",
    wrong=Example("ends:\n  - id: niet-ingediend\n    title: Niet ingediend\n    planner: te_laat\n"),
    right=Example("ends:\n  - id: niet_ingediend\n    title: Niet ingediend\n    planner: te_laat\n"),
)
OUT_OF_RANGE = Code(
    "K126",
    "value out of range",
    "The value has the right type but is not one that the key accepts: a negative count, the 32nd day of a "
    "month, an empty text or list, a date that does not exist, an e-mail address without @.",
    wrong=Example("created: { before: period.start, days: -1 }\n"),
    right=Example("created: { before: period.start, days: 1 }\n"),
)
CUT_TEXT = Code(
    "K127",
    "text split at a comma",
    "Inside braces a comma ends the value, so the rest of this text was read as a key. Write texts in block "
    "style, each key on its own line, or in quotes; braces are for dates and short references.",
    wrong=Example("ends:\n  - { id: gestopt, title: Bank, kas en vraagposten, planner: klaar }\n"),
    right=Example("ends:\n  - id: gestopt\n    title: Bank, kas en vraagposten\n    planner: klaar\n"),
)
