"""Asides: what is written for whoever edits the definitions, where its readers see it."""

import re
from collections.abc import Iterator
from itertools import takewhile

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..nodes import Node
from ..places import inside
from ..source_text import Source
from .client_texts import list_texts
from .raw_braces import list_shown


def _note_example(note: str) -> Example:
    return Example(
        f"texts:\n  nl:\n    subject: Stukken\n    body: |\n{note}      Kijk op {{{{ filing.link }}}}.\n",
        "messages/ter-accordering.yaml",
    )


ASIDE = Code(
    "K618",
    "note to who edits a text",
    "Within a text '#' begins no comment and no heading, nor do '//' and '<!--': they are sent along, as is "
    "what follows TODO, FIXME or XXX. In the texts of a message what stands between {# and #} is left out; "
    "alone on its line it leaves that line empty. In titles, help and other words that are shown as they are "
    "written these signs are shown too. Above the key of a text, outside it, '#' begins a comment.",
    wrong=_note_example("      # nog aan Tom vragen\n"),
    right=_note_example("      {# nog aan Tom vragen #}\n"),
    level="warning",
)

_MARK = r"(?<![\w@./-])(?:TODO|FIXME|XXX)"
_NAME = (
    r"(?:[-–—\s]?(?i:lijst|list|app)\b|\s(?:is|heet|staat|en|of|in|van)\b"
    r"|\s(?:[\w&]+\s){0,3}(?:[BN]\.?V\b|Holding\b|Groep\b))"
)
"""What makes a name of such a word: the list, the app, the company that is called so."""
_NOTES = (
    r"\A\s*#+\s+(?!kantoor:)\S.*",
    r"\A\s*//+\s+\w.*",
    r"<!--.*",
    rf"{_MARK}(?!-(?i:lijst|list|app)\b)(?:-\w{{1,20}}|\s?\([^()]{{1,20}}\))?\s?:.*",
    rf"(?:(?:\A\s*(?:[-*•]\s+)?|[.!?;]\s+)\[?|\[){_MARK}(?![\w'’–—-])(?!{_NAME}).*",
    rf"\A\s*(?:[-*•]\s+)?(?:todo|[Ff]ixme)(?!{_NAME}):?\s+\w.*",
    r"\[nog\s(?:[\w-]+\s){0,4}(?:(?:in|aan)vullen|in\ste\svullen|toevoegen|(?:na)?vragen|nakijken|uitzoeken|bepalen)\]",
)
_ASIDE = re.compile("|".join(_NOTES))
_ASIDE_SHOWN = re.compile("|".join((r"\{#.*", *_NOTES)))
"""Where nothing is rendered a comment of a text is shown too."""
_SIGNS = ("TODO", "FIXME", "XXX", "todo", "ixme", "<!--", "{#", "[nog", "//", '"#', "'#")
"""What is in a file with an aside, unless it is a line of a text that begins with '#'."""
_HASH = re.compile(r"^( *)(?:- +)*[\w-]+: *[|>][-+]?\n(?:\1 .*\n|\n)*?\1 +#", re.MULTILINE)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report asides in the texts of messages, and in words that are shown as they are written."""
    for message in definitions.messages.values():
        if message.model and _is_suspect(message.source.text):
            for text in list_texts(message.model):
                for key in ("subject", "body"):
                    node = text.node.child(key) if text.intact(key) else None
                    if node:
                        yield from _check_words(node, message.source, rendered=True)
    for source, _, node in list_shown(definitions, _is_suspect):
        yield from _check_words(node, source, rendered=False)


def _is_suspect(text: str) -> bool:
    return any(sign in text for sign in _SIGNS) or _HASH.search(text) is not None


def _check_words(node: Node, source: Source, *, rendered: bool) -> Iterator[Diagnostic]:
    written = "\n".join(_list_lines(node, source)) if node.style == ">" else str(node.value)
    if rendered:
        written = _leave_out_comments(written)
    for number, line in enumerate(written.splitlines(), 1):
        found = (_ASIDE if rendered else _ASIDE_SHOWN).search(line)
        if found:
            note = found[0].strip()
            message = "this is not a comment: whoever reads the text sees it as it is written here"
            where = "between {# and #}" if rendered else "as a comment above the key"
            heading = ", and a heading without '#'" if note.startswith("#") else ""
            yield ASIDE.at(inside(source, node, number, note), message, help=f"write a note {where}{heading}")


def _list_lines(node: Node, source: Source) -> list[str]:
    """Return the lines of a folded text as they are in its file, without comments that follow it."""
    lines = source.lines[node.span.line : node.span.end_line]
    indent = next((len(one) - len(one.lstrip()) for one in lines if one.strip()), 0)
    return [one[indent:] for one in takewhile(lambda one: not one[:indent].strip(), lines)]


def _leave_out_comments(text: str) -> str:
    """Return a text without what stands between {# and #}, on as many lines."""
    kept = []
    begun, end = text.find("{#"), 0
    while begun >= 0 and (closed := text.find("#}", begun + 2)) >= 0:
        kept += [text[end:begun], "\n" * text.count("\n", begun, closed)]
        end = closed + 2
        begun = text.find("{#", end)
    return "".join((*kept, text[end:]))
