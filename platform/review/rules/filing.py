"""What a template promises of its filings as a whole: when they begin, what they record, make and owe."""

from collections.abc import Iterator

from ...plan import (
    Deadline,
    Document,
    DueChoice,
    End,
    FactDefinition,
    Office,
    OfficeText,
    Option,
    Plan,
    WhenClosed,
)
from ...words import PLANNER_WORDS
from ..documents import is_handed_on, list_apart, list_done
from ..saying import PERIODS, join, name, quote
from .base import (
    Rule,
    Told,
    change_set,
    choose,
    fill,
    holds_alike,
    is_legal,
    items,
    swap,
    swap_condition,
    switch,
)
from .dates import move, say_due_choice, say_due_condition, say_due_rule, say_moves
from .handing_on import class_of_fact, class_of_start
from .titles import class_of_name, swap_title

_STARTS = {
    "at_creation": "by itself when it is created",
    "on_date": "on its start date",
    "by_hand": "when somebody starts it",
}
_TYPES = {
    "date": "a date",
    "money": "an amount",
    "number": "a number",
    "text": "a text",
    "choice": "a choice",
    "yes_no": "yes or no",
}


def _timing(told: Told) -> str:
    return "legal" if is_legal(told) else "timing"


def _class_of_period(told: Told) -> str:
    """Return the class of the kinds of period: legal where filings of an agreed kind begin no more."""
    gone = _list_gone(told)
    if gone is None:
        gone = () if told.after == "by_product" else (told.before,)
    return "legal" if gone else "timing"


def _list_gone(told: Told) -> tuple[str, ...] | None:
    """Return the kinds over which filings are made no more; None where no office is at hand to tell."""
    if told.calendar is None:
        return None
    sides = zip(told.calendar.plans, told.calendar.offices, strict=True)
    old, new = ([*_list_taken(plan, office)] for plan, office in sides)
    return tuple(kind for kind in dict.fromkeys(old) if kind not in new)


def _list_taken(plan: Plan, office: Office) -> Iterator[str]:
    """Yield the kinds of period over which a plan makes filings: its own, or those in which it is agreed."""
    if plan.period != "by_product":
        yield plan.period
    else:
        yield from (kind for one in office.products if one.id in plan.products for kind in one.frequencies)


def _say_period(told: Told) -> str:
    said = choose("A filing is about", PERIODS)(told)
    gone = join((PERIODS[one] for one in _list_gone(told) or ()), "or")
    return f"{said}; none is made any more over {gone}" if gone else said


def _class_of_document(told: Told) -> str:
    """Return the class of what is made: legal where somebody looks at it or gets it."""
    if told.kind == "moved":
        return "legal"
    return "legal" if any(list_done(plan, told.item.id) for plan in told.roots) else "flow"


def _of_document(told: Told) -> str:
    """Return the class of what makes a document absent: legal where clients or the authority get it."""
    if holds_alike(told):
        return "flow"
    two = told.find_two(Document)
    sides = zip(told.roots, two or (), strict=False)
    return "legal" if any(is_handed_on(plan, document.id) for plan, document in sides) else "flow"


def _class_of_making(told: Told) -> str:
    """Return the class of where a document is made: legal where other four eyes keep out who makes it."""
    two = told.find_two(Document)
    sides = zip(told.roots, two or (), strict=False)
    apart = {bool(list_apart(plan, document.id)) for plan, document in sides}
    return "legal" if len(apart) > 1 else "flow"


def _say_products(told: Told) -> str:
    said = change_set(
        "Filings of this template are ",
        "now made for relations that take [come]",
        "no longer made for relations that take [go]",
    )(told)
    goes = not {*(told.before or ())} <= {*(told.after or ())}
    return f"{said}; for these nothing starts by itself any more" if goes else said


def _say_fact(told: Told) -> str:
    fact: FactDefinition = told.item
    where = join(name(told.root, "phases", one) for one in fact.set_in)
    free = "may be" if fact.optional else "is"
    if told.kind == "added":
        return f"{quote(fact.title)} ({_TYPES[fact.type]}) {free} now recorded in {where}"
    return f"{quote(fact.title)} ({_TYPES[fact.type]}) is no longer recorded in {where}"


def _say_document(told: Told) -> str:
    document: Document = told.item
    verb = "now makes" if told.kind == "added" else "no longer makes"
    report = f", delivered as {quote(document.report)}" if document.report else ""
    phase = name(told.root, "phases", document.made_in)
    return f"The phase {phase} {verb} the document {quote(document.title)}{report}"


def _say_optional(told: Told) -> str:
    """Say whether a document may be absent; one that is new or gone never was another."""
    if told.kind in ("added", "removed"):
        return fill(f"The document {{owner}} {'may' if told.kind == 'added' else 'could'} be left out", told)
    return fill(f"The document {{owner}} {'may now' if told.after else 'can no longer'} be left out", told)


def _say_deadline(told: Told) -> str:
    deadline: Deadline = told.item
    ground = f"by law ({deadline.law})" if deadline.law else "of the office’s own"
    verb = "has now" if told.kind == "added" else "no longer has"
    return f"The filing {verb} the deadline {quote(deadline.title)}, {ground}"


def _planner(end: End) -> str:
    return PLANNER_WORDS[end.planner]


RULES = (
    Rule(
        Plan,
        "title",
        "wording",
        "staff",
        "the name by which lists show it",
        swap("The template is called {new} instead of {old}"),
    ),
    Rule(
        Plan,
        "products",
        class_of_start,
        "clients",
        "which relations get the filing",
        _say_products,
    ),
    Rule(
        Plan,
        "period",
        _class_of_period,
        "clients",
        "the days that a filing is about",
        _say_period,
    ),
    Rule(Plan, "created", "timing", "staff", "when a filing is created", move("A filing", "is created")),
    Rule(
        Plan,
        "start",
        class_of_start,
        "staff",
        "what makes a filing begin",
        choose("A filing starts", _STARTS),
    ),
    Rule(
        WhenClosed,
        "update_planner",
        "flow",
        "staff",
        "whether the planner shows that it closed",
        switch(
            "A filing that closes now updates the planner",
            "A filing that closes no longer updates the planner",
        ),
    ),
    Rule(
        WhenClosed,
        "close_chat",
        "flow",
        "clients",
        "whether the client can still write about it",
        switch(
            "The chat with the client is now closed with the filing",
            "The chat with the client stays open when the filing closes",
        ),
    ),
    Rule(
        OfficeText,
        "name",
        "wording",
        "clients",
        "how texts name the office",
        swap("Texts call the office {new} instead of {old}"),
    ),
    Rule(
        OfficeText,
        "phone",
        "wording",
        "clients",
        "how texts say the office is reached",
        swap("Texts give {new} as the office’s telephone number instead of {old}"),
    ),
    Rule(
        OfficeText,
        "email",
        "wording",
        "clients",
        "how texts say the office is reached",
        swap("Texts give {new} as the office’s e-mail address instead of {old}"),
    ),
    Rule(
        Plan,
        "corrected_by",
        "flow",
        "staff",
        "how a closed filing is put right",
        swap(
            "A closed filing is corrected with the template {new} instead of {old}",
            "A closed filing can now be corrected, with the template {new}",
            "A closed filing can no longer be corrected with the template {old}",
        ),
    ),
    Rule(
        Plan,
        "corrects",
        "flow",
        "staff",
        "what it puts right",
        change_set(
            "It ", "now corrects closed filings of [come]", "no longer corrects closed filings of [go]"
        ),
    ),
    Rule(
        Plan,
        "corrections",
        "flow",
        "staff",
        "how a closed filing is put right, and when",
        change_set("A closed filing ", "is now put right so: [come]", "is no longer put right so: [go]"),
    ),
    Rule(
        Plan,
        "corrected_with",
        "flow",
        "staff",
        "which templates put it right",
        change_set(
            "A closed filing ", "can now be put right with [come]", "can no longer be put right with [go]"
        ),
    ),
    Rule(
        Plan,
        "for_prospects",
        "flow",
        "staff",
        "which relations it starts for",
        switch(
            "It now starts for prospects too, before they are accepted as clients",
            "It no longer starts for prospects, only once they are accepted as clients",
        ),
    ),
    Rule(
        Plan,
        "needs",
        "flow",
        "staff",
        "what a relation must have before it starts",
        change_set("It ", "now starts only where there is [come]", "starts also without [go]"),
    ),
    Rule(
        Plan,
        "advises",
        "flow",
        "staff",
        "what a relation is advised to have before it starts",
        change_set("It ", "now advises [come]", "no longer advises [go]"),
    ),
    Rule(
        Plan,
        "facts",
        class_of_fact,
        "staff",
        "what is recorded of the case",
        items("fact", "", _say_fact, _say_fact),
    ),
    Rule(
        FactDefinition,
        "title",
        class_of_name,
        "staff",
        "how the fact is called",
        swap_title("The fact {old} is called {new}"),
    ),
    Rule(
        FactDefinition,
        "type",
        class_of_fact,
        "staff",
        "what can be recorded",
        choose("{owner} is recorded as", _TYPES),
    ),
    Rule(
        FactDefinition,
        "set_in",
        class_of_fact,
        "staff",
        "where it is recorded",
        change_set("{owner} is ", "now recorded in [come]", "no longer recorded in [go]"),
    ),
    Rule(
        FactDefinition,
        "optional",
        class_of_fact,
        "staff",
        "whether work goes on without it",
        switch(
            "{owner} may be left out: the phase can be completed without it",
            "{owner} has to be recorded: the phase cannot be completed without it",
        ),
    ),
    Rule(
        FactDefinition,
        "closes_with_phase",
        class_of_fact,
        "staff",
        "whether it can be corrected once its phase is completed",
        switch(
            "{owner} can only be corrected in its phase: later, the work is sent back to it first",
            "{owner} can be corrected after its phase too, and what was decided by it stays",
        ),
    ),
    Rule(
        FactDefinition,
        "past",
        class_of_fact,
        "staff",
        "whether it is a day of something that has happened",
        switch(
            "{owner} can only be today or a day before: a day that is still to come is refused",
            "{owner} can be a day that is still to come: that is not refused any more",
        ),
    ),
    Rule(
        FactDefinition,
        "options",
        class_of_fact,
        "staff",
        "what can be chosen",
        items(
            "option",
            " of {owner}",
            "{owner} can now be {item_title}",
            "{owner} can no longer be {item_title}",
        ),
    ),
    Rule(
        Option,
        "title",
        class_of_name,
        "staff",
        "how the choice is called",
        swap_title("The option {old} is called {new}"),
    ),
    Rule(
        Plan,
        "documents",
        _class_of_document,
        "staff",
        "what is made, and so can be reviewed, offered and delivered",
        items("document", "", _say_document, _say_document),
    ),
    Rule(
        Document,
        "title",
        class_of_name,
        "clients",
        "how the document is called",
        swap_title("The document {old} is called {new}"),
    ),
    Rule(
        Document,
        "made_in",
        _class_of_making,
        "staff",
        "where the document is made",
        swap(
            "The document {owner} is made in {new} instead of {old}",
            "The document {owner} is made in {new}",
            "The document {owner} was made in {old}",
        ),
    ),
    Rule(
        Document,
        "report",
        "legal",
        "authority",
        "as what it is delivered to the authority",
        swap(
            "The document {owner} is delivered as the report {new} instead of {old}",
            "The document {owner} is now delivered as the report {new}",
            "The document {owner} is no longer delivered as the report {old}",
        ),
    ),
    Rule(
        Document,
        "source",
        "legal",
        "clients",
        "from which document it is made, whose approval holds for it",
        swap(
            "The document {owner} is made from {new} instead of {old}, so its approval is that one’s",
            "The document {owner} is now made from {new}, whose approval holds for it too",
            "The document {owner} is no longer made from {old}, so that one’s approval does not hold for it",
        ),
    ),
    Rule(
        Document,
        "optional",
        _of_document,
        "staff",
        "whether work goes on without it",
        _say_optional,
    ),
    Rule(
        Document,
        "condition",
        _of_document,
        "staff",
        "when it is made at all",
        swap_condition(
            "The document {owner} is made only when {new} instead of when {old}",
            "The document {owner} is now made only when {new}",
            "The document {owner} is now always made, not only when {old}",
        ),
    ),
    Rule(
        Document,
        "of",
        "legal",
        "clients",
        "who decides on it for themselves",
        swap(
            "On the document {owner} now decides {new} instead of {old}",
            "On the document {owner} now decides {new} alone",
            "On the document {owner} no longer decides {old} alone",
        ),
    ),
    Rule(
        Plan,
        "deadlines",
        _timing,
        "authority",
        "the last days that are watched",
        items("deadline", "", _say_deadline, _say_deadline),
    ),
    Rule(
        Deadline,
        "title",
        class_of_name,
        "staff",
        "how the deadline is called",
        swap_title("The deadline {old} is called {new}"),
    ),
    Rule(
        Deadline,
        "law",
        "legal",
        "authority",
        "which law sets the deadline",
        swap(
            "The deadline {owner} is that of {new} instead of {old}",
            "The deadline {owner} is now one of the law, by {new}",
            "The deadline {owner} is no longer one of the law ({old}) but the office’s own",
        ),
    ),
    Rule(
        Deadline,
        "earliest",
        _timing,
        "authority",
        "from which day is delivered",
        move(
            "For the deadline {owner} delivery",
            "begins",
            "For the deadline {owner} delivery is no longer held until {old}",
        ),
    ),
    Rule(Deadline, "due", _timing, "authority", "the last day, by what holds for the client", say_due_choice),
    Rule(
        DueChoice,
        "condition",
        lambda told: "flow" if holds_alike(told) else _timing(told),
        "authority",
        "for whom the last day is that one",
        say_due_condition,
    ),
    Rule(DueChoice, "rule", _timing, "authority", "the last day", say_due_rule),
    Rule(
        Deadline,
        "latest",
        _timing,
        "authority",
        "the last day whatever else is known",
        move("The very last day of the deadline {owner}"),
    ),
    Rule(
        Deadline,
        "moves",
        _timing,
        "authority",
        "what a weekend or holiday does to the day",
        say_moves("The deadline {owner}"),
    ),
    Rule(
        Deadline,
        "condition",
        lambda told: "flow" if holds_alike(told) else _timing(told),
        "authority",
        "for whom there is a deadline at all",
        swap(
            "The deadline {owner} holds only when {new} instead of when {old}",
            "The deadline {owner} now holds only when {new}",
            "The deadline {owner} now always holds, not only when {old}",
        ),
    ),
    Rule(
        Deadline,
        "latest_moves",
        _timing,
        "authority",
        "what a weekend or holiday does to the very last day",
        say_moves("The very last day of the deadline {owner}"),
    ),
    Rule(
        Plan,
        "ends",
        "flow",
        "staff",
        "in which other ways a filing can end",
        items(
            "end",
            "",
            "A filing can now end as {item_title}",
            "A filing can no longer end as {item_title}",
        ),
    ),
    Rule(
        End,
        "title",
        class_of_name,
        "staff",
        "how the end is called",
        swap_title("The end {old} is called {new}"),
    ),
    Rule(
        End,
        "planner",
        "flow",
        "staff",
        "what the planner shows then",
        choose(
            "For a filing that ended as {owner} the planner shows",
            {key: quote(word) for key, word in PLANNER_WORDS.items()},
        ),
    ),
)
