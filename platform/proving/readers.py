"""Who reads what the machine of filings does not read: by the part of a plan or of the office."""

READERS: dict[str, str] = {
    "plan.template": "who starts filings: those that run keep the name they were started under",
    "plan.title": "people, as a text",
    "plan.products": "who starts filings: relations with these products get one",
    "plan.period": "who starts filings: it decides which days a filing is about",
    "plan.created": "who starts filings: a filing begins on another day",
    "plan.start": "who starts filings: by themselves, on a day, or by hand",
    "plan.corrected_by": "who corrects a closed filing",
    "plan.corrects": "who corrects a closed filing",
    "plan.corrections": "who corrects a closed filing",
    "plan.corrected_with": "who corrects a closed filing",
    "when_closed.update_planner": "the planner, once a filing has closed",
    "when_closed.close_chat": "the pages of the client, once a filing has closed",
    "role.fallback": "who looks up the holder of a role: work goes to whoever has the other one",
    "plan.roles": "who looks up the holder of a role",
    "plan.messages": "who sends messages",
    "plan.forms": "who shows forms",
    "office.opening_hour": "a filing when it starts: messages and dates take effect at that hour",
    "office.closing_days": "a filing when it starts: it takes the calendar of that day",
    "closing_days.good_friday": "a filing when it starts: it takes the calendar of that day",
    "closing_days.liberation_day": "a filing when it starts: it takes the calendar of that day",
    "closing_days.extra": "a filing when it starts: it takes the calendar of that day",
    "office.functions": "who keeps contacts",
    "office.fields": "who keeps relations",
    "office.products": "who keeps relations: what they can take",
    "product.frequencies": "who keeps relations: how often it can be agreed",
    "office.roles": "who gives work to people",
    "office.tax_consultant_number": "the header of each return that is delivered (becon number)",
    "office.software_vendor_number": "the header of each return that is delivered",
    "office.function_gives_authority": "who looks up who may decide, when something is offered",
    "office.entry_points": "who makes a return: by which taxonomy",
    "entry_point.entry_point": "who makes a return: by which taxonomy",
    "entry_point.namespace": "who makes a return: by which taxonomy",
    "entry_point.confirmed": "who makes a return: by which taxonomy",
    "office.tax_accounts": "the message that tells the client where to pay",
    "tax_account.iban": "the message that tells the client where to pay",
    "tax_account.bic": "the message that tells the client where to pay",
    "tax_account.name": "the message that tells the client where to pay",
    "tax_account.since": "the message that tells the client where to pay",
    "office.vat_rates": "who makes a VAT return: by which rates",
    "vat_rates.general": "who makes a VAT return: by which rates",
    "vat_rates.reduced": "who makes a VAT return: by which rates",
    "vat_rates.since": "who makes a VAT return: by which rates",
}
"""Parts that no step, view or permission reads, with who does. What is not here is walked."""

ID_READER = "people and programs that name it: to the machine an id is a name and no more"
OFFICE_READER = "whoever uses the definitions of the office"
"""Who reads what is the office's own, where nothing more is known."""


def find_reader(part: str) -> str | None:
    """Return who reads a part, or None where the machine does."""
    return READERS.get(part)
