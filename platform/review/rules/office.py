"""What the office's own definitions promise: who may do what, when it works, what it tells the authority."""

from ...plan import (
    Chat,
    ClosingDays,
    EntryPoint,
    Office,
    Plan,
    Product,
    RelationField,
    Role,
    TaxAccount,
    VatRates,
)
from ..calendar import say_day
from ..documents import is_check
from ..saying import quote
from .base import Rule, Told, change_set, choose, items, say_qualification, swap, switch
from .handing_on import class_of_qualification
from .titles import class_of_name, swap_title

_LIBERATION = {
    "every_year": "every year",
    "every_five_years": "every fifth year",
    "never": "in no year",
}
_FIELDS = {"text": "a text", "number": "a number", "yes_no": "yes or no", "date": "a date"}


def _say_extra(told: Told) -> str:
    come = [say_day(day) for day in told.after if day not in told.before]
    go = [say_day(day) for day in told.before if day not in told.after]
    parts = []
    if come:
        parts.append(f"is now also closed on {', '.join(come)}")
    if go:
        parts.append(f"is no longer closed on {', '.join(go)}")
    return f"The office {' and '.join(parts) or 'lists its closing days in another order'}"


def _say_entry_point(told: Told) -> str:
    one: EntryPoint = told.item
    verb = "are now made" if told.kind == "added" else "can no longer be made"
    sure = "" if one.confirmed else ", which is inferred and not published"
    made = f"Returns of {quote(one.report)} for {one.year} {verb} by the entry point {quote(one.entry_point)}"
    return f"{made} with the names of {quote(one.namespace)}{sure}"


def _say_account(told: Told) -> str:
    one: TaxAccount = told.item
    verb = "go now" if told.kind == "added" else "no longer go"
    return f"Payments to the tax authority {verb} to {one.iban} ({one.name}) from {say_day(one.since)}"


def _say_rates(told: Told) -> str:
    one: VatRates = told.item
    verb = "are now" if told.kind == "added" else "are no longer"
    said = f"From {say_day(one.since)} the VAT rates {verb} {one.general}% and {one.reduced}%"
    earlier = [other for other in told.root.vat_rates if other.since < one.since]
    last = max(earlier, key=lambda other: other.since, default=None)
    return f"{said}; until then they are {last.general}% and {last.reduced}%" if last else said


def _class_of_fallback(told: Told) -> str:
    """Return the class of who does the work of a role that nobody has: that of who does its phases."""
    names = {one.id for one in told.find_two(Role) or ()}
    plans = [plan for plan in told.roots if isinstance(plan, Plan)]
    checked = any(phase.role in names and is_check(phase) for plan in plans for phase in plan.phases)
    return "legal" if checked else "staffing"


def _entry(told: Told) -> str:
    one = told.find(EntryPoint)
    return f"Returns of {quote(one.report)} for {one.year}"


def _rates(told: Told) -> str:
    return f"From {say_day(told.find(VatRates).since)} the"


def _account(told: Told) -> str:
    return f"From {say_day(told.find(TaxAccount).since)} payments to the tax authority"


def _say_confirmed(told: Told) -> str:
    one = told.find(EntryPoint)
    how = "now known for certain" if told.after else "no longer known for certain but inferred"
    return f"The entry point of {quote(one.report)} for {one.year} is {how}"


def _say_account_since(told: Told) -> str:
    iban, old, new = told.find(TaxAccount).iban, say_day(told.before), say_day(told.after)
    return f"The account {iban} of the tax authority is used from {new} instead of {old}"


def _say_account_part(told: Told) -> str:
    word = {"iban": "the account", "bic": "an account at", "name": "an account of"}[told.difference.field]
    return f"{_account(told)} go to {word} {told.new} instead of {told.old}"


def _say_rates_since(told: Told) -> str:
    one = told.find(VatRates)
    rates = f"{one.general}% and {one.reduced}%"
    return f"The VAT rates of {rates} hold from {say_day(told.after)} instead of {say_day(told.before)}"


def _say_rate(told: Told) -> str:
    return f"{_rates(told)} {told.difference.field} VAT rate is {told.after}% instead of {told.before}%"


def _class_of_frequencies(told: Told) -> str:
    """Return the class of how often a product can be agreed: legal where filings of some no longer begin."""
    return "legal" if {*(told.before or ())} - {*(told.after or ())} else "flow"


def _say_product(told: Told) -> str:
    verb = "Clients can now take" if told.kind == "added" else "Clients can no longer take"
    return f"{verb} the product {quote(told.item.title)}"


def _say_role(told: Told) -> str:
    if isinstance(told.root, Office):
        verb = "There is a new role" if told.kind == "added" else "There is no longer a role"
        other = told.roots.before if told.kind == "added" else told.roots.after
        also = next((one.id for one in other.roles if one.title == told.item.title), None)
        if also is None:
            return f"{verb} {quote(told.item.title)}"
        said = f"{verb} {quote(told.item.title)} with the id {quote(told.item.id)}"
        return f"{said}: who has {quote(also)} does not have it" if told.kind == "added" else said
    verb = "now has a part" if told.kind == "added" else "no longer has a part"
    return f"The role {quote(told.item.title)} {verb} in this template"


def _say_chat(told: Told) -> str:
    if told.kind == "added":
        return "Who has something to read in a chat now gets a mail that says so"
    return "Who has something to read in a chat no longer gets a mail that says so"


def _say_message(told: Told) -> str:
    verb = "now has" if told.kind == "added" else "no longer has"
    return f"The office {verb} the message {quote(told.item.title)} for its chats"


RULES = (
    Rule(
        Office,
        "chat",
        "flow",
        "clients",
        "whether people are mailed of a chat, and who reads one that is closed",
        _say_chat,
    ),
    Rule(
        Chat,
        "after_closing",
        "staffing",
        "staff",
        "who reads what a client writes once a filing is closed",
        swap("What a client writes once a filing is closed is read by {new} instead of {old}"),
    ),
    Rule(
        Chat,
        "to_client",
        "flow",
        "clients",
        "how a client hears of a chat",
        swap("That something waits in a chat, a client hears by the message {new} instead of {old}"),
    ),
    Rule(
        Chat,
        "to_colleague",
        "flow",
        "staff",
        "how a colleague hears of a chat",
        swap("That something waits in a chat, a colleague hears by the message {new} instead of {old}"),
    ),
    Rule(
        Office,
        "messages",
        "wording",
        "clients",
        "which messages its chats have",
        items("message", "", _say_message, _say_message),
    ),
    Rule(
        Office,
        "opening_hour",
        "timing",
        "clients",
        "the hour at which messages go out and dates take effect",
        swap("Messages go out and dates take effect at {new}:00 instead of {old}:00"),
    ),
    Rule(
        ClosingDays,
        "good_friday",
        "timing",
        "clients",
        "whether Good Friday is a working day",
        switch("The office is now closed on Good Friday", "The office is no longer closed on Good Friday"),
    ),
    Rule(
        ClosingDays,
        "liberation_day",
        "timing",
        "clients",
        "whether 5 May is a working day",
        choose("The office is closed on 5 May", _LIBERATION),
    ),
    Rule(ClosingDays, "extra", "timing", "clients", "on which other days nobody works", _say_extra),
    Rule(
        Office,
        "functions",
        "flow",
        "office",
        "what a contact can be at a client",
        change_set("A contact can ", "now be [come]", "no longer be [go]"),
    ),
    Rule(
        Office,
        "function_gives_authority",
        "legal",
        "clients",
        "who may decide for a client without further proof",
        change_set(
            "For a client ",
            "may now decide whoever is [come] there, without further proof",
            "may no longer decide whoever is [go] there, unless with proof",
        ),
    ),
    Rule(
        Office,
        "fields",
        "flow",
        "office",
        "what is kept of a client besides",
        items(
            "field",
            "",
            "Of a client is now also kept: {item_title}",
            "Of a client is no longer kept: {item_title}",
        ),
    ),
    Rule(
        RelationField,
        "title",
        class_of_name,
        "office",
        "how the field is called",
        swap_title("The field {old} is called {new}"),
    ),
    Rule(
        RelationField,
        "type",
        "flow",
        "office",
        "what can be kept in it",
        choose("The field {owner} holds", _FIELDS),
    ),
    Rule(
        Office,
        "products",
        "flow",
        "clients",
        "what clients can take",
        items("product", "", _say_product, _say_product),
    ),
    Rule(
        Product,
        "title",
        class_of_name,
        "clients",
        "how the product is called",
        swap_title("The product {old} is called {new}"),
    ),
    Rule(
        Product,
        "frequencies",
        _class_of_frequencies,
        "clients",
        "how often it can be agreed",
        change_set("The product {owner} can ", "now be agreed per [come]", "no longer be agreed per [go]"),
    ),
    Rule(
        Office,
        "roles",
        "staffing",
        "staff",
        "which work can be given to people",
        items("role", "", _say_role, _say_role),
    ),
    Rule(
        Role,
        "title",
        class_of_name,
        "staff",
        "how the role is called",
        swap_title("The role {old} is called {new}"),
    ),
    Rule(
        Role,
        "fallback",
        _class_of_fallback,
        "staff",
        "who does the work where nobody has the role",
        swap(
            "Where nobody is {owner}, {new} does the work instead of {old}",
            "Where nobody is {owner}, {new} now does the work",
            "Where nobody is {owner}, {old} no longer does the work: it stays undone",
        ),
    ),
    Rule(
        Role,
        "qualification",
        class_of_qualification,
        "staff",
        "which title its holder must have",
        say_qualification("The holder of {owner}"),
    ),
    Rule(
        Office,
        "tax_consultant_number",
        "legal",
        "authority",
        "as which tax consultant returns are delivered",
        swap(
            "Returns are delivered under the consultant number {new} instead of {old}",
            "Returns are now delivered under the consultant number {new}",
            "Returns are no longer delivered under a consultant number; it was {old}",
        ),
    ),
    Rule(
        Office,
        "software_vendor_number",
        "legal",
        "authority",
        "which software a return says it was made with",
        swap(
            "Returns name the software vendor {new} instead of {old}",
            "Returns now name the software vendor {new}",
            "Returns no longer name a software vendor; it was {old}",
        ),
    ),
    Rule(
        Office,
        "entry_points",
        "legal",
        "authority",
        "by which taxonomy returns are made",
        items("entry point", "", _say_entry_point, _say_entry_point),
    ),
    Rule(
        EntryPoint,
        "report",
        "legal",
        "authority",
        "of which report the entry point is",
        swap("The entry point is for {new} instead of {old}"),
    ),
    Rule(
        EntryPoint,
        "year",
        "legal",
        "authority",
        "for which year it holds",
        swap("The entry point is for {new} instead of {old}"),
    ),
    Rule(
        EntryPoint,
        "entry_point",
        "legal",
        "authority",
        "which taxonomy a return is made by",
        lambda told: f"{_entry(told)} are made by the entry point {told.new} instead of {told.old}",
    ),
    Rule(
        EntryPoint,
        "namespace",
        "legal",
        "authority",
        "which names a return uses",
        lambda told: f"{_entry(told)} use the namespace {told.new} instead of {told.old}",
    ),
    Rule(
        EntryPoint,
        "confirmed",
        "legal",
        "authority",
        "whether the entry point is published or inferred",
        _say_confirmed,
    ),
    Rule(
        Office,
        "tax_accounts",
        "legal",
        "clients",
        "to which account clients are told to pay",
        items("account", "", _say_account, _say_account),
    ),
    Rule(
        TaxAccount,
        "since",
        "legal",
        "clients",
        "from when",
        _say_account_since,
    ),
    *(
        Rule(
            TaxAccount,
            field,
            "legal",
            "clients",
            f"the {word}",
            _say_account_part,
        )
        for field, word in (("iban", "account"), ("bic", "bank"), ("name", "holder"))
    ),
    Rule(
        Office, "vat_rates", "legal", "authority", "the VAT rates", items("rate", "", _say_rates, _say_rates)
    ),
    Rule(
        VatRates,
        "since",
        "legal",
        "authority",
        "from when",
        _say_rates_since,
    ),
    *(
        Rule(
            VatRates,
            field,
            "legal",
            "authority",
            f"the {field} VAT rate",
            _say_rate,
        )
        for field in ("general", "reduced")
    ),
)
