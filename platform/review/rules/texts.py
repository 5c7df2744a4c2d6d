"""What texts and forms promise: what clients and colleagues read, and what they are asked."""

from collections.abc import Iterator
from typing import Any

from ...data import Struct
from ...plan import Form, FormField, Message, Office, Plan, Text, To
from ..saying import quote
from ..wording import say_words
from .base import Rule, Say, Told, items, swap, switch
from .handing_on import class_of_question
from .naming import class_of_text
from .titles import class_of_name, swap_title

_LANGUAGES = {"nl": "Dutch", "en": "English"}
_KINDS = {
    "text": "a text",
    "number": "a number",
    "money": "an amount",
    "date": "a date",
    "yes_no": "yes or no",
    "choice": "a choice",
    "choices": "one or more choices",
    "document": "a document",
}


def find_readers(plan: Any, message: str) -> set[str]:
    """Return who reads a message: clients, staff."""
    if isinstance(plan, Office):
        return {"clients"} if plan.chat and plan.chat.to_client == message else {"staff"}
    return {
        "clients" if to is not None and to.kind != "role" else "staff" for to in _list_to(plan, message, None)
    }


def _list_to(part: Any, message: str, to: To | None) -> Iterator[To | None]:
    """Yield whom a message goes to, wherever a part of a plan names it; `to` is whom the part speaks to."""
    if isinstance(part, tuple):
        for item in part:
            yield from _list_to(item, message, to)
    elif isinstance(part, Struct) and not isinstance(part, Message):
        asked = next(
            (
                one.to
                for one in (getattr(part, "task", None), getattr(part, "request", None))
                if one is not None
            ),
            None,
        )
        mine = getattr(part, "to", None) or asked or to
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if name == "message" and value == message:
                yield mine if isinstance(mine, To) or mine is None else None
            else:
                yield from _list_to(value, message, None if name in ("escalate", "note") else mine)


def _whom(told: Told) -> str:
    message = told.find(Message) or told.item
    readers = {one for root in told.roots for one in find_readers(root, message.id)}
    return "clients" if "clients" in readers else "staff"


def _to(told: Told) -> str:
    return {"clients": "to clients", "staff": "to staff"}[_whom(told)]


def _say_message(told: Told) -> str:
    verb = "now has" if told.kind == "added" else "no longer has"
    return f"The template {verb} the message {quote(told.item.title)} {_to(told)}"


def _say_texts(told: Told) -> str:
    language = told.difference.path[-1]
    code = language if isinstance(language, str) else language.after or language.before or ""
    words = _LANGUAGES.get(code, code)
    verb = "now also has" if told.kind == "added" else "no longer has"
    return f"The message {told.owner} {_to(told)} {verb} a text in {words}"


def _say_text(told: Told) -> str:
    """Say what changes in a subject or a body, word by word."""
    message = told.find(Message)
    step = next((one for one in reversed(told.difference.path) if not isinstance(one, str)), None)
    language = (step.after or step.before or "nl") if step else "nl"
    spoken = f"{_LANGUAGES.get(language, language)} " if language != "nl" else ""
    part = "subject" if told.difference.field == "subject" else "text"
    lead = f"The {spoken}{part} of the message {quote(message.title)} {_to(told)}"
    if told.kind != "changed":
        return f"{lead}: {quote(told.item)}"
    return f"{lead} {say_words(told.before, told.after)}"


def _say_form(told: Told) -> str:
    verb = "now has" if told.kind == "added" else "no longer has"
    return f"The template {verb} the form {quote(told.item.title)} for clients"


def _form(told: Told) -> str:
    return quote(told.find(Form).title)


def _say_field(told: Told) -> str:
    field: FormField = told.item
    kind = _KINDS[field.kind]
    must = "has to be answered" if field.required else "may be left open"
    if told.kind == "added":
        return f"The form {_form(told)} now asks {quote(field.title)} ({kind}), which {must}"
    return f"The form {_form(told)} no longer asks {quote(field.title)} ({kind})"


def _say_kind(told: Told) -> str:
    asks = f"In the form {_form(told)} {told.owner} asks for {_KINDS[told.after or told.before]}"
    return f"{asks} instead of {_KINDS[told.before]}" if told.kind == "changed" else asks


def _say_bound(told: Told) -> str:
    field, side = told.find(FormField), {"least": "at least", "most": "at most"}[told.difference.field]
    old, new = _say_value(field, told.before), _say_value(field, told.after)
    takes = f"In the form {_form(told)} the answer to {told.owner}"
    if told.kind == "added":
        return f"{takes} now has to be {side} {new}"
    if told.kind == "removed":
        return f"{takes} no longer has to be {side} {old}"
    return f"{takes} has to be {side} {new} instead of {old}"


def _say_value(field: FormField, value: Any) -> str:
    if field.kind in ("text", "number", "money") and isinstance(value, int):
        return {"text": f"{value} signs", "number": f"{value}", "money": f"€ {value / 100:.2f}"}[field.kind]
    return f"{value}"


def _of_form(text: str | Say, added: str | None = None, removed: str | None = None) -> Any:
    def say(told: Told) -> str:
        said = text(told) if callable(text) else swap(text, added, removed)(told)
        form = told.find(Form)
        return f"In the form {quote(form.title)} {said}" if form else said[:1].upper() + said[1:]

    return say


def _flip(on: str, off: str) -> Any:
    return lambda told: f"In the form {_form(told)} {switch(on, off)(told)}"


RULES = (
    Rule(
        Plan,
        "messages",
        "wording",
        _whom,
        "what is written to people",
        items("message", "", _say_message, _say_message),
    ),
    Rule(
        Message,
        "title",
        class_of_name,
        "staff",
        "how lists name the message",
        swap_title("The message {old} is called {new} in lists"),
    ),
    Rule(
        Message,
        "channels",
        "flow",
        _whom,
        "over which channel it goes",
        swap(
            "The message {owner} goes over {new} instead of {old}", "It goes over {new}", "It went over {old}"
        ),
    ),
    Rule(Message, "texts", "wording", _whom, "in which languages it can be read", _say_texts),
    Rule(Text, "subject", class_of_text, _whom, "what the subject says", _say_text),
    Rule(Text, "body", class_of_text, _whom, "what the text says", _say_text),
    Rule(Plan, "forms", "flow", "clients", "what is asked", items("form", "", _say_form, _say_form)),
    Rule(
        Form,
        "title",
        class_of_name,
        "clients",
        "how the form is called",
        swap_title("The form {old} is called {new}"),
    ),
    Rule(
        Form,
        "kind",
        "flow",
        "clients",
        "whether it is answered at once or item by item",
        swap("The form {owner} is a {new} instead of a {old}", "It is a {new}", "It was a {old}"),
    ),
    Rule(
        Form,
        "fields",
        class_of_question,
        "clients",
        "what it asks",
        items("question", " of {owner}", _say_field, _say_field),
    ),
    Rule(
        Form,
        "intro",
        class_of_text,
        "clients",
        "what it says first",
        lambda told: (
            f"The introduction of the form {told.owner} {say_words(told.before or '', told.after or '')}"
        ),
    ),
    Rule(
        FormField,
        "title",
        class_of_name,
        "clients",
        "how the question reads",
        _of_form(swap_title("the question {old} now reads {new}")),
    ),
    Rule(
        FormField,
        "kind",
        class_of_question,
        "clients",
        "what kind of answer is asked",
        _say_kind,
    ),
    Rule(
        FormField,
        "required",
        class_of_question,
        "clients",
        "whether it has to be answered",
        _flip("{owner} has to be answered now", "{owner} may now be left open"),
    ),
    Rule(
        FormField,
        "help",
        class_of_text,
        "clients",
        "what explains the question",
        _of_form(
            "the explanation of {owner} says {new} instead of {old}",
            "{owner} now has an explanation: {new}",
            "{owner} no longer has the explanation {old}",
        ),
    ),
    Rule(
        FormField,
        "options",
        class_of_question,
        "clients",
        "what can be answered",
        items(
            "option",
            " of {owner}",
            "The answer to {owner} can now be {item_title}",
            "The answer to {owner} can no longer be {item_title}",
        ),
    ),
    Rule(
        FormField,
        "least",
        "flow",
        "clients",
        "the least that is accepted",
        _say_bound,
    ),
    Rule(
        FormField,
        "most",
        "flow",
        "clients",
        "the most that is accepted",
        _say_bound,
    ),
    Rule(
        FormField,
        "pattern",
        "flow",
        "clients",
        "how the answer is written",
        _of_form(
            "the answer to {owner} is written as {new} instead of {old}",
            "the answer to {owner} now has to be written as {new}",
            "the answer to {owner} no longer has to be written as {old}",
        ),
    ),
    Rule(
        FormField,
        "condition",
        class_of_question,
        "clients",
        "who is asked it",
        _of_form(
            "{owner} is asked when {new} instead of when {old}",
            "{owner} is now asked only when {new}",
            "{owner} is now always asked, not only when {old}",
        ),
    ),
)
