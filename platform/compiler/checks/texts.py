"""Texts: every message has a Dutch text, and every text can be rendered."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from stdnum import iban
from stdnum.nl import bsn

from ...context import VARIABLES, Variable
from ...identifiers import compute_check_digit
from ..conditions import ANY, Finding
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span
from ..examples import Example
from ..expression_codes import PRINTED_AMOUNT
from ..language.office import Message, Text
from ..language.workflow import Workflow
from ..lower import list_chat_messages, used_messages
from ..nodes import Node
from ..places import inside
from ..sendings import list_to_clients, list_to_colleagues
from ..source_text import Source
from ..texts import check_text
from ..variables import UNKNOWN, list_facts, variables
from ..walks import sbr_of
from .facts import list_fact_ids
from .references import lacked_fact


def _message_example(language: str) -> Example:
    return Example(
        f"texts:\n  {language}:\n    subject: Uw aangifte staat klaar\n"
        "    body: Kijk op {{ filing.link }}\n",
        "messages/ter-accordering.yaml",
    )


NO_DUTCH = Code(
    "K608",
    "missing Dutch text",
    "Every message has a text in Dutch. Other languages are for contacts with that language; everybody else "
    "gets the Dutch text.",
    wrong=_message_example("en"),
    right=_message_example("nl"),
    remedy="add 'nl' to 'texts'",
)


def _payment_example(body: str) -> Example:
    return Example(
        f"texts:\n  nl:\n    subject: Betalen\n    body: {body}\n", "messages/ter-accordering.yaml"
    )


FIXED_ACCOUNT = Code(
    "K609",
    "account typed in a text",
    "The account that a client pays to differs from filing to filing, and is in the document offered: "
    "link to it with {{ filing.link }}. An account that is typed here would go to every client.",
    wrong=_payment_example("Maak het over op NL04 RABO 0200 1122 44"),
    right=_payment_example("Kijk op {{ filing.link }}"),
)

FIXED_AMOUNT = Code(
    "K610",
    "amount typed in a text",
    "What a client pays is made for each filing and is in the document offered: a text leads to it with "
    "{{ filing.link }}. An amount that is typed goes to every client, which is right only for one that is "
    "the same for all, such as a fine or a fee.",
    wrong=_payment_example("Maak EUR 4733 over"),
    right=_payment_example("Kijk op {{ filing.link }}"),
    level="warning",
)

FIXED_NUMBER = Code(
    "K615",
    "identification number typed in a text",
    "A text goes to every client, and mail is read by others too: it holds no identification numbers. What "
    "is typed here has nine digits that pass the eleven-check (elfproef), as a BSN and an RSIN do, also "
    "within an OB number (123456782B01) or a btw-id; or it has the sixteen digits of a payment reference "
    "(betalingskenmerk) with its check digit, in which the number of who pays is.",
    wrong=_payment_example("Uw BSN is 123456782"),
    right=_payment_example("Kijk op {{ filing.link }}"),
    level="warning",
)
SINGLE_BRACES = Code(
    "K611",
    "single braces in a text",
    "A variable is written between double braces. Between single braces it is plain text: the client reads "
    "it as it is written here.",
    wrong=_payment_example("Kijk op { filing.link }"),
    right=_payment_example("Kijk op {{ filing.link }}"),
)
FOREIGN_SIGNS = Code(
    "K616",
    "signs of another program in a text",
    "A text is plain: a placeholder of a text processor, such as [naam], %datum% or «bedrag», and a tag of a "
    "page, such as <b>, are read as they are written here. Variables are written between double braces. "
    "Other words in such signs are taken for what they are: a note, a button, a quotation.",
    wrong=_payment_example("Beste [naam]"),
    right=_payment_example("Beste {{ contact.name }}"),
    level="warning",
)


def _list_example(sign: str) -> Example:
    return Example(
        f"texts:\n  nl:\n    subject: Stukken\n    body: {sign}\n"
        "      Kijk op {{ filing.link }} naar:\n\n      - de facturen;\n      - de bonnen.\n",
        "messages/ter-accordering.yaml",
    )


JOINED = Code(
    "K617",
    "lines that are joined",
    "Below `>` the lines of a paragraph become one, so that lines which begin with `-`, `*` or a number come "
    "as one long line, and so do those of a signature, which are a variable each. Below `|` each line stays "
    "as it is.",
    wrong=_list_example(">"),
    right=_list_example("|"),
    level="warning",
)
_MESSAGE = "title: B\nchannels: [email]\ntexts:\n  nl:\n    subject: S\n    body: Voor {{ %s }}\n"


def _dateless_example(variable: str) -> Example:
    return Example(
        "title: Zonder termijn\nproducts: [aangifte-btw]\nperiod: month\n"
        "created: { before: period.start, days: 1 }\nphases:\n  - id: a\n    title: A\n    role: accountant\n"
        "    automations: [{ id: a, at: entered, send: { message: bericht } }]\n",
        "workflows/zonder-termijn.yaml",
        how="whole",
        others=(("messages/bericht.yaml", _MESSAGE % variable),),
    )


NO_DEADLINE = Code(
    "K612",
    "text about a day that is not there",
    "A template that sends this message has no deadline, so `filing.due` is always empty there and the "
    "sentence would be cut short. Add a deadline, or leave it out. "
    "`filing.object_until` is empty alike where no offer of the template gives `workdays_to_object`.",
    wrong=_dateless_example("filing.due"),
    right=_dateless_example("contact.name"),
)

_LEAD = "lead to the document with {{ filing.link }}: it has the amount and the account"
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_SINGLE = re.compile(r"(?<![{%#])\{\s*([a-z_]+\.[a-z_]+)\s*\}\}?(?!\})")
_ITEM = re.compile(r"(?:[-*•]|\d{1,2}[.)]) +\S")
_ALONE = re.compile(r"\{\{[^{}]*\}\}")
_BRACES_OR_URL = re.compile(r"\{[{%](?:[^{]|\{(?![{%]))*?[%}]\}|(?:https?://|www\.)\S+")
_BLANK = (
    r"(?:\w{0,20}naam|\w{0,20}nummer|aanhef|adres|bedrag|bedrijfs?|cliënt|client|contactpersoon|datum|iban|jaar|klant"
    r"|periode|plaats|relatie|amount|company|customer|date|name|number|period|year)"
)
_WHOSE = r"(?:(?:de|het|uw|je|the|your) )?"
_BLANKS = (
    rf" ?{_WHOSE}{_BLANK}(?:[ ._-]?(?:van )?(?:de |het )?{_BLANK})?(?: (?:van|of) {_WHOSE}\w+)?"
    r"(?: (?:hier )?(?:invullen|in te vullen))? ?"
)
_BUTTON = rf"(?! ?(?=(?-i:[A-ZÀ-Þ][a-zß-ÿ])){_WHOSE}[^\W_]+ ?\])"
"""In square brackets one word with a capital may be a button or a field of another program."""
_TAG = r"(?:a|b|br|div|em|font|h[1-6]|i|img|li|ol|p|span|strong|table|td|tr|u|ul)"
_FOREIGN, _FOREIGN_FOR_WHOM = (
    re.compile(
        rf"\[(?:(?<=€\[)|(?<=€\s\[)|{button}){_BLANKS}\]"
        rf"|%(?! ){_BLANKS}(?<! )%|(?<!\d)(?<!\d )%{_BLANKS}%|«{_BLANKS}»|<<{_BLANKS}>>|<{_BLANKS}>"
        rf"|\$\{{[^{{}}\n]*\}}|\$?\{{{_BLANKS}\}}|\${_BLANKS}\$|#{_BLANKS}#"
        rf"|</?(?!a\s*>){_TAG}(?:\s+[a-z-]+=[^<>\n]*|\s*/?)>|</a>",
        re.IGNORECASE,
    )
    for button in (_BUTTON, "")
)
_SALUTATION = (
    r"(?:(?:aan|beste|dear|geachte?|goede\w{0,7}|good|hallo|hello|hi|hoi|l\.\s?s|t\.a\.v)\b"
    r"(?:[\s,./]{1,3}(?:afternoon|avond|bestuur|client|cliënt|dag|dame|dames|de|dhr|directie|en|evening|familie"
    r"|heer|heren|het|klant|leden|madam|meneer|mevr|mevrouw|middag|morgen|morning|mr|mrs|ms|mw|of|relatie|sir|team"
    r"|van)\b|\s(?-i:[A-ZÀ-Þ][a-zß-ÿ]+)\b){0,4})"
)
_GREETING = (
    r"(?:(?:(?:met )?(?:vriendelijke|hartelijke) )?groet(?:en|jes)?|mvg|hoogachtend"
    r"|(?:(?:kind|best|warm) )?regards|sincerely|yours \w{1,12})\b"
)
_FOR_WHOM = re.compile(
    rf"\s*(?:(?:{_SALUTATION}|{_GREETING})[\s,.:]{{0,3}}\[|\[{_BLANKS}\]\s?,\s*\Z"
    rf"|(?:\[{_BLANKS}\][\s,.]{{0,3}}){{2,9}}\Z)",
    re.IGNORECASE,
)
"""A line that begins with a salutation or a greeting, or is nothing but placeholders: there a name lacks."""
_SIGNED = re.compile(rf"\s*{_GREETING}", re.IGNORECASE)
_BY_WHOM = re.compile(r"\s*\[[^\[\]]*\][\s.]*\Z")
"""A placeholder alone on its line, which is a name below a greeting, and else may be a button."""
_NAMED = r"\{{\{{[-+]?\s*{}\b"
_TESTED = r"\{{%[-+]?\s*(?:el)?if\b[^%]*\b{}\b"
_NUMBER = r"\d(?:[\d., ]{0,30}\d)?"
_AMOUNT = re.compile(
    rf"(?:€|\beuro?\b|\bEUR(?=\d)) ?{_NUMBER}|\b{_NUMBER}(?:,[-=–])? ?(?:€|euro?\b)|\b{_NUMBER},[-=–]",
    re.IGNORECASE,
)


_NINE = re.compile(
    r"(?<![\w+.,-])(?:NL[ .]?)?(\d{9}|\d{4}[ .]\d{2}[ .]\d{3}|\d{3}[ .]\d{3}[ .]\d{3})"
    r"(?:[ .]?[BL]\d{2})?(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)
_COUNTRY = re.compile(r"(?:\+|\b00|\((?:\+|00))\d{1,3}\)?[ .]?(?:\(0\)[ .]?)?\Z")
"""What stands before a telephone number."""
_LONGEST_COUNTRY = 14
_SIXTEEN = re.compile(r"(?<![\w+.,-])\d{4}([ .]?)\d{4}\1\d{4}\1\d{4}(?![\w-]|[.,]\d)")


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report messages without a Dutch text, and texts that cannot be rendered."""
    known, facts = variables(definitions), _collect_facts(definitions)
    elsewhere = definitions.answer(list_fact_ids)
    office = definitions.office.model if definitions.office else None
    chats = list_chat_messages(office)
    mailed = {
        sent.message
        for _, template in definitions.templates()
        for sent in (*list_to_clients(template), *list_to_colleagues(template))
    }
    facts |= {name: {} for name in chats}  # sent in filings of every template
    sending = {one: template for _, template in definitions.templates() for one in used_messages(template)}
    for name, file in definitions.messages.items():
        if file.model:
            yield from _check_dutch(file.model)
            named = (tuple(known["relation"].items()), tuple(facts.get(name, facts[None]).items()))
            sent = elsewhere if facts.get(name) is not None and name not in chats else frozenset[str]()
            for text in (file.model.texts.nl, file.model.texts.en):
                if text:
                    for found in _check_text(text, named, sent, file.source):
                        if found.code is PRINTED_AMOUNT and name not in mailed:
                            continue  # a note stays in the filing
                        yield _say_whose(found, definitions, sending.get(name))
    for day in _DAYS:
        yield from _check_day(definitions, day)


def _lacks_deadline(template: Workflow) -> bool:
    return template.intact("deadlines") and not template.deadlines


def _lacks_time_to_object(template: Workflow) -> bool:
    if not template.intact("sbr", "phases") or not sbr_of(template).intact("workdays_to_object"):
        return False
    offers = [phase.offer for phase in template.phases if phase.offer]
    default = sbr_of(template).workdays_to_object
    days = (default if one.workdays_to_object is None else one.workdays_to_object for one in offers)
    return not any(days) and all(phase.intact("offer") for phase in template.phases)


class _Day(NamedTuple):
    """A day that texts name, and what a template lacks in which it is always empty."""

    variable: str
    key: str
    what: str
    help: str
    lacks: Callable[[Workflow], bool]


_DAYS = (
    _Day("filing.due", "deadlines", "has no deadline", "add a deadline", _lacks_deadline),
    _Day(
        "filing.object_until",
        "workdays_to_object",
        "gives no 'workdays_to_object'",
        "add 'workdays_to_object' to the offer, or to 'sbr'",
        _lacks_time_to_object,
    ),
)


def _check_day(definitions: Definitions, day: _Day) -> Iterator[Diagnostic]:
    """Report texts that name a day, of messages that a template sends in which there is none.

    Where other templates send the message and have the day, it is told of the template, and else of the text.
    """
    reported: set[str] = set()
    lacking = {name: template for name, template in definitions.templates() if day.lacks(template)}
    for name, template in lacking.items():
        for message in sorted(used_messages(template) - reported):
            place = _find_named(definitions, message, day.variable)
            if place is None:
                continue
            reported.add(message)
            said = f"template '{name}' sends this text and {day.what}: {day.variable} is empty"
            related: list[Related] = []
            sent = _find_sending(template, message)
            others = (other for one, other in definitions.templates() if one not in lacking)
            if sent and any(message in used_messages(other) for other in others):
                said = (
                    f"'{message}' names {{{{ {day.variable} }}}}, and this template {day.what}: it is empty"
                )
                related, place = [Related("named here", place)], sent
            help = f"{day.help}, or take a text that does not name {{{{ {day.variable} }}}}"
            lacks = f"{definitions.workflows[name].source.path}: {day.key}"
            yield NO_DEADLINE.at(place, said, help=help, related=related, lacks=lacks)


def _find_named(definitions: Definitions, message: str, variable: str) -> Span | None:
    """Return where a text of a message names a variable that it does not test; None where none does."""
    file = definitions.messages.get(message)
    names, tests = (re.compile(one.format(re.escape(variable))) for one in (_NAMED, _TESTED))
    for text in (file.model.texts.nl, file.model.texts.en) if file and file.model else ():
        for key in ("subject", "body") if text else ():
            assert file is not None
            assert text is not None
            written = getattr(text, key)
            found = names.search(written) if text.intact(key) and not tests.search(written) else None
            node = text.node.child(key) if found else None
            if found and node:
                return inside(file.source, node, written.count("\n", 0, found.start()) + 1, variable)
    return None


def _find_sending(template: Workflow, message: str) -> Span | None:
    """Return where a template names a message that it sends."""
    sendings = (*list_to_clients(template), *list_to_colleagues(template))
    return next((sent.place for sent in sendings if sent.message == message), None)


def _collect_facts(definitions: Definitions) -> dict[str | None, dict[str, Variable]]:
    """Return by message the facts of the templates that send it; under None any, for what none sends.

    Whether each of them has the fact when it sends the message is asked of the template (checks/facts).
    """
    found: dict[str | None, dict[str, Variable]] = {None: {ANY: UNKNOWN}}
    for _, template in definitions.templates():
        facts = list_facts(template)
        for message in used_messages(template):
            known = found.setdefault(message, {})
            for name, variable in facts:
                known.setdefault(name, variable)
    return found


def _say_whose(found: Diagnostic, definitions: Definitions, template: Workflow | None) -> Diagnostic:
    """Return a diagnostic of a text; a fact that it lacks is one that a template which sends it lacks."""
    group, _, fact = (found.lacks or "").partition(".")
    if group != "facts" or template is None:
        return found
    return replace(found, lacks=lacked_fact(definitions.source_of(template).path, template.facts, fact))


def _check_dutch(message: Message) -> Iterator[Diagnostic]:
    if message.intact("texts") and message.texts.nl is None and message.texts.sound:
        yield NO_DUTCH.at(message.key_place("texts"), "missing text in Dutch (nl)")


_JOINED_LINES = re.compile(
    r"(?m)(?:^|[^\S\n])(?:[-*•]|\d+[.)])[^\S\n].*[^\S\n](?:[-*•]|\d+[.)])[^\S\n]|\}\}[^\S\n]\{\{"
)
"""Two items of a list, or two variables, that may be on one line: only then the file's lines are read."""
_Named = tuple[tuple[tuple[str, Variable], ...], ...]
"""The variables that differ from office to office and from message to message: `relation`, and the facts."""


def _check_text(text: Text, named: _Named, elsewhere: frozenset[str], source: Source) -> Iterator[Diagnostic]:
    """Report what is wrong in a text; a fact of another template is told of who sends it (checks/facts)."""
    for key in ("subject", "body"):
        if text.has_key(key) and text.intact(key):
            written = getattr(text, key)
            found = [
                one
                for one in (*_find_in_text(written, *named), *_find_typed(written))
                if (one.missing or "").removeprefix("facts.") not in elsewhere
            ]
            node = text.node.child(key) if found or _JOINED_LINES.search(written) else None
            if node is None:
                continue
            if node.style == ">" and _joins_lines(source, node):
                message = "the lines of the list or signature in this text are joined to one"
                yield JOINED.at(node.start, message, help="write | instead of >")
            for one in found:
                place = inside(source, node, one.line, one.word)
                yield one.code.at(place, one.message, help=one.help, lacks=one.missing)


def _joins_lines(source: Source, node: Node) -> bool:
    """Say whether a folded text has two items of a list, or two lines of a variable each, that become one.

    Lines that are indented more than the first stay lines of their own.
    """
    lines = source.lines[node.span.line : node.span.end_line]
    indent = next((len(one) - len(one.lstrip()) for one in lines if one.strip()), 0)
    items = [bool(_ITEM.match(one, indent)) and not one[:indent].strip() for one in lines]
    alone = [bool(_ALONE.fullmatch(one.strip())) for one in lines]
    return any(one and after for found in (items, alone) for one, after in pairwise(found))


@lru_cache(maxsize=2048)
def _find_in_text(
    written: str, relation: tuple[tuple[str, Variable], ...], facts: tuple[tuple[str, Variable], ...]
) -> tuple[Finding, ...]:
    known = {**VARIABLES, "relation": dict(relation), "facts": dict(facts)}
    return tuple(check_text(written, known))


@lru_cache(maxsize=2048)
def _find_typed(written: str) -> tuple[Finding, ...]:
    """Return single braces, accounts, amounts and identification numbers that are typed in a text."""
    return tuple(_list_typed(written))


def _list_typed(written: str) -> Iterator[Finding]:
    signed = False
    for number, line in enumerate(written.splitlines(), 1):
        for match in _SINGLE.finditer(line):
            message = f"'{match[0]}' is in single braces: the reader sees it as it is"
            help = f"write {{{{ {match[1]} }}}}"
            yield Finding(SINGLE_BRACES, message, number, match[0], help)
        is_name = _FOR_WHOM.match(line) or (signed and _BY_WHOM.match(line))
        signed = signed or _SIGNED.match(line) is not None
        foreign = (_FOREIGN_FOR_WHOM if is_name else _FOREIGN).search(_BRACES_OR_URL.sub("", line))
        if foreign:
            message = f"'{foreign[0]}' is plain text: the reader sees it as it is"
            help = "write a variable such as {{ contact.name }}, or leave it out"
            yield Finding(FOREIGN_SIGNS, message, number, foreign[0], help)
        for code, what, typed in (*find_numbers(line), *_find_amounts(line)):
            help = "leave it out" if code is FIXED_NUMBER else _LEAD
            yield Finding(code, f"{what} is typed in this text: '{typed}'", number, typed, help)


def find_numbers(line: str) -> Iterator[tuple[Code, str, str]]:
    """Yield accounts and identification numbers that are typed in a line, as they are written."""
    plain = _make_plain(line)
    for match in _IBAN.finditer(plain):
        if iban.is_valid(match[0].replace(".", "")):
            yield FIXED_ACCOUNT, "an account", line[slice(*match.span())]
    for match in _NINE.finditer(plain):
        dialled = _COUNTRY.search(plain, max(match.start() - _LONGEST_COUNTRY, 0), match.start())
        if not dialled and bsn.is_valid(match[1].replace(" ", "").replace(".", "")):
            yield FIXED_NUMBER, "a number like a BSN or RSIN", line[slice(*match.span())]
    for match in _SIXTEEN.finditer(plain):
        digits = match[0].replace(" ", "").replace(".", "")
        if compute_check_digit(digits[1:]) == digits[0]:
            yield FIXED_NUMBER, "a number like a payment reference", line[slice(*match.span())]


def _find_amounts(line: str) -> Iterator[tuple[Code, str, str]]:
    for match in _AMOUNT.finditer(_make_plain(line)):
        yield FIXED_AMOUNT, "an amount", line[slice(*match.span())]


def _make_plain(line: str) -> str:
    """Return a line with spaces for those of a word processor, which does not break at them."""
    return "".join(" " if sign.isspace() else sign for sign in line)
