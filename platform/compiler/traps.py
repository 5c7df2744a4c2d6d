"""Traps of YAML: what people type that the parser stumbles over later, explained where it is.

Asked only of a file that is not valid YAML. The parser says where it got stuck; a trap is looked for in the
lines up to there.
"""

import re
from collections.abc import Iterator

from ..suggest import name_sign
from . import reading_codes as codes
from .diagnostics import Code, Diagnostic, Span
from .source_text import Source

_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})(?: |$)")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]")
_NO_SPACE = re.compile(r" *(?:- +)*(?P<key>[a-z][a-z_]*):(?=[^\s:/])")
_NO_SPACE_INSIDE = re.compile(r"[{,] *(?P<key>[a-z][a-z_]*):(?=[^\s:/])")
_HASH_INSIDE = re.compile(r"[{\[,][^#]* (?P<hash>#)")
_BACKSLASH = re.compile(r'"(?:[^"\\]|\\.)*?(?P<sign>\\[^abefnrtvxuUNLP0_"/\\ \n]|\\[xuU])')
_CONDITION = re.compile(r"\{.*\bif: *(?P<condition>[^'\"][^{}]*\[[^\]]*\][^,}]*)")
_KEY = re.compile(r"(?P<key>[a-z_]+):(?: |$)")
_NO_COMMA = re.compile(r"\{.*[^\s,{:] +(?P<key>[a-z_]+)$")
_PROSE = re.compile(r"(?P<lead> *)(?P<key>body|intro|description):(?! *[|>'\"])")
_COMMENT = re.compile(r" *(?P<sign>//|<!--|/\*|--(?= (?![a-z_]+:)))")
_BLOCK = re.compile(r"(?P<lead> *)(?:- +)?(?P<key>[a-z_]+): *[|>][-+]?$")
_DASH = re.compile(
    r"(?P<lead> *)(?:-(?=[a-z_]+:)|(?P<long>[‐‑‒–—−])|- (?P<second>-) |(?P<many>--+) ?(?=[a-z_]+:))"
)
_NO_COLON = re.compile(r" *(?:- +)*(?P<key>[a-z_]+) *(?P<sign>[;=](?= |$)|[：﹕∶꞉˸ː։])")
_LOST_COLON = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[a-z_]+) +[^\s:#][^:]*$")
_OPENS = re.compile(r" *(?:- +)*[a-z_]+: *(?:#.*)?$")
_BARE = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[a-z_]+) *(?:#.*)?$")
_NO_BRACES = re.compile(
    r" *(?:- +)*(?P<key>[a-z_]+): +"
    r"(?P<block>(?:after|before|month_of|message|form|role|document|template): .*)"
)
_PARENTHESES = re.compile(r"(?:: |- )(?P<sign>\() *[a-z_]+: .*\)")
NEAR = 2
"""How many lines before the one where the parser got stuck a missing space can be."""


def find_trap(source: Source, stuck: Span) -> Diagnostic | None:
    """Return the trap that explains why the parser got stuck, or None."""
    lines = source.lines[: stuck.line + 1]
    finds = (
        *(_find_conflict, _find_space, _find_prose, _find_hash, _find_missing_space, _find_backslash),
        *(_find_comment, _find_shallow, _find_dash, _find_no_colon, _find_quotes, _find_parentheses),
        *(_find_condition, _find_missing_comma, _find_lost_colon, _find_lost_dash, _find_shallow_item),
        *(_find_bare_item, _find_lost_braces, _find_brace_too_many),
    )
    for find in finds:
        for found in find(source, lines, stuck):
            return found
    return None


def _find_conflict(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    for number, line in enumerate(source.lines, 1):
        match = _CONFLICT.match(line)
        if match:
            message = f"merge conflict: this line begins with '{match[1]}'"
            help = "choose one of the two versions and remove the marker lines"
            yield codes.CONFLICT.at(source.at(number, 1, len(line) + 1), message, help=help)


def _find_space(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    for number, line in reversed(list(enumerate(lines, 1))):
        match = _SPACES.search(line)
        if match and not line.lstrip().startswith("#"):
            yield _report(source, number, match.start(), codes.INVISIBLE, name_sign(match[0]))


def _find_missing_space(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    first = max(0, stuck.line - NEAR - 1)
    for number, line in reversed(list(enumerate(lines[first:], first + 1))):
        match = _NO_SPACE.match(line)
        if match is None and number >= stuck.line - 1 and "{" in line:
            match = _NO_SPACE_INSIDE.search(_blank_quoted(line))
        if match:
            message = f"invalid YAML: missing space after '{match['key']}:'"
            yield codes.SYNTAX.at(
                source.at(number, match.end()), message, help="write a space after the colon"
            )


def _find_hash(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the '#' that begins a comment inside braces or brackets, which are then not closed."""
    line = lines[stuck.line - 1] if stuck.line <= len(lines) else ""
    match = _HASH_INSIDE.search(_blank_quoted(line))
    if match and line[match.end() :].rstrip().endswith(("}", "]")):
        message = "invalid YAML: a '#' inside braces begins a comment, which goes on to the end of the line"
        help = "put the whole text in quotes, with the '#' inside them"
        yield codes.SYNTAX.at(source.at(stuck.line, match.start("hash") + 1), message, help=help)


def _blank_quoted(line: str) -> str:
    """Return a line with what is in quotes blanked out, at the same length."""
    return _QUOTED.sub(lambda match: "x" * len(match[0]), line)


_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")


def _find_backslash(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    match = _BACKSLASH.search(lines[stuck.line - 1]) if stuck.line <= len(lines) else None
    if match:
        message = "invalid YAML: a backslash in double quotes begins an escape"
        help = "put the text in single quotes, where a backslash is a backslash"
        yield codes.SYNTAX.at(source.at(stuck.line, match.start("sign") + 1), message, help=help)


def _find_comment(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the line that is a comment in another language than YAML."""
    match = _COMMENT.match(lines[stuck.line - 1]) if stuck.line <= len(lines) else None
    if match:
        message = f"invalid YAML: '{match['sign']}' begins no comment"
        place = source.at(stuck.line, match.start("sign") + 1)
        yield codes.SYNTAX.at(place, message, help="begin a comment with # and a space")


def _find_shallow(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the first line of a text below its key that is not indented more than the key."""
    for number in range(min(stuck.line, len(lines)), 1, -1):
        match, line = _BLOCK.match(lines[number - 2]), lines[number - 1]
        if match and line.strip() and _depth(line) <= len(match["lead"]) and not _KEY.match(line.lstrip()):
            message = f"invalid YAML: the text below '{match['key']}' is not indented"
            help = f"indent every line of the text more than '{match['key']}'"
            yield codes.SYNTAX.at(source.at(number, _depth(line) + 1), message, help=help)
            return


def _find_dash(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the dash of an item that is none to YAML: without a space, a long one, or one too many."""
    first = max(0, stuck.line - 2)
    for number, line in enumerate(lines[first : stuck.line], first + 1):
        match = _DASH.match(line)
        if match is None:
            continue
        what, help = "missing space after '-'", "write a space after the dash"
        if match["long"]:
            what, help = f"{name_sign(match['long'])} where YAML needs a hyphen", "write - instead"
        elif match["second"] or match["many"]:
            what = (
                "a list within an item of a list" if match["second"] else f"'{match['many']}' before an item"
            )
            help = "write one dash, and a space"
        place = source.at(number, match.end("lead") + 1)
        yield codes.SYNTAX.at(place, f"invalid YAML: {what}", help=help)


def _find_no_colon(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the key that ends in another sign than a colon."""
    for number in range(min(stuck.line, len(lines)), max(0, stuck.line - NEAR), -1):
        match = _NO_COLON.match(lines[number - 1])
        if match and (number == stuck.line or not match["sign"].isascii()):
            sign = match["sign"]
            named = f"'{sign}'" if sign.isascii() else f"{name_sign(sign)}"
            message = f"invalid YAML: {named} after the key '{match['key']}'"
            place = source.at(number, match.start("sign") + 1)
            yield codes.SYNTAX.at(place, message, help="write a colon and a space after the key")


def _find_lost_colon(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the key without a colon on the line above: YAML takes it as a text that goes on with the next.

    It has its value beside it, or its block below it.
    """
    below = lines[stuck.line - 1] if stuck.line <= len(lines) else ""
    if alone := _find_bare_key(below, _find_next(lines, stuck.line)):
        yield _say_lost_colon(source, stuck.line, alone)
        return
    for number in range(min(stuck.line, len(lines)) - 1, 0, -1):
        line = lines[number - 1]
        if line.strip() and not line.lstrip().startswith("#"):
            match = _LOST_COLON.match(line)
            if match is None or len(match["lead"]) != _depth(below) or not _KEY.match(below.lstrip()):
                match = _find_bare_key(line, below)
            if match:
                yield _say_lost_colon(source, number, match)
            return


def _say_lost_colon(source: Source, number: int, match: re.Match[str]) -> Diagnostic:
    message = f"invalid YAML: missing colon after the key '{match['key']}'"
    place = source.at(number, match.start("key") + 1)
    return codes.SYNTAX.at(place, message, help=f"write a colon after '{match['key']}'")


def _find_next(lines: list[str], number: int) -> str:
    """Return the next line after this many that says something, or nothing."""
    rest = lines[number:]
    return next((line for line in rest if line.strip() and not line.lstrip().startswith("#")), "")


def _find_lost_dash(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the first item of a list that has no dash, where the parser got stuck at that of the next."""
    next_item = lines[stuck.line - 1] if stuck.line <= len(lines) else ""
    if not next_item.lstrip().startswith("- "):
        return
    first: int | None = None
    for number in range(stuck.line - 1, 0, -1):
        line = lines[number - 1]
        if line.strip() and not line.lstrip().startswith("#"):
            depth = _depth(line) - _depth(next_item)
            if depth < 0 or (depth == 0 and (line.lstrip().startswith("- ") or _OPENS.match(line))):
                break
            first = number
    if first is not None and _opens_block(lines, first):
        yield _say_lost_dash(source, lines, first)


def _find_shallow_item(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the first item of a list that has no dash and is as deep as the dash of the next one.

    The parser got stuck at its second line, which is indented as that of an item.
    """
    first = stuck.line - 1
    if first < 2 or stuck.line > len(lines) or not _opens_block(lines, first):
        return
    depth = _depth(lines[first - 1])
    if _depth(lines[first]) != depth + 2 or not _KEY.match(lines[first].lstrip()):
        return
    rest = (line for line in source.lines[first:] if line.strip() and _depth(line) <= depth)
    following = next(rest, "")
    if _depth(following) == depth and following.lstrip().startswith("- "):
        yield _say_lost_dash(source, lines, first)


def _opens_block(lines: list[str], number: int) -> bool:
    """Say whether a line begins with a key and is the first one below a key without a value."""
    return bool(_OPENS.match(lines[number - 2]) and _KEY.match(lines[number - 1].lstrip()))


def _say_lost_dash(
    source: Source, lines: list[str], number: int, which: str = "the first item"
) -> Diagnostic:
    place = source.at(number, _depth(lines[number - 1]) + 1)
    return codes.SYNTAX.at(place, f"invalid YAML: {which} has no dash", help="begin it with '- '")


def _find_bare_item(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the word between the items of a list that has no dash."""
    for number in range(min(stuck.line, len(lines)), max(1, stuck.line - NEAR), -1):
        line, above = lines[number - 1], lines[number - 2]
        if _BARE.match(line) and above.lstrip().startswith("- ") and _depth(above) == _depth(line):
            yield _say_lost_dash(source, lines, number, "this item")
            return


def _find_lost_braces(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the block on the line of its key without braces."""
    match = _NO_BRACES.match(lines[stuck.line - 1]) if stuck.line <= len(lines) else None
    if match:
        message = f"invalid YAML: the block of '{match['key']}' has no braces"
        help = f"write {match['key']}: {{ {match['block'].strip()} }}"
        yield codes.SYNTAX.at(source.at(stuck.line, match.start("block") + 1), message, help=help)


def _find_brace_too_many(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the closing brace or bracket that nothing opened."""
    line = lines[stuck.line - 1] if stuck.line <= len(lines) else ""
    sign = line[stuck.column - 1 : stuck.column]
    opened = {"}": "{", "]": "["}.get(sign)
    plain = _blank_quoted(line)
    if opened and plain.count(sign) > plain.count(opened):
        message = f"invalid YAML: '{sign}' closes nothing"
        yield codes.SYNTAX.at(source.at(stuck.line, stuck.column), message, help="remove it")


def _find_bare_key(line: str, below: str) -> re.Match[str] | None:
    """Return the key that stands alone on a line without its colon, above the block that is its value."""
    match = _BARE.match(line)
    item = below.lstrip()
    lead = len(match["lead"]) if match else 0
    is_below = _depth(below) > lead or (_depth(below) == lead and item.startswith("- "))
    return match if is_below and _KEY.match(item.removeprefix("- ")) else None


def _find_quotes(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the text that goes on after what closes it: a quote, or the bracket that it began with."""
    before = lines[stuck.line - 1][: stuck.column - 1].rstrip() if stuck.line <= len(lines) else ""
    sign = before[-1:]
    if sign and sign in "'\"]" and re.match(r"[^\W_]|[-'\"]", lines[stuck.line - 1][stuck.column - 1 :]):
        what = "bracket" if sign == "]" else "quote"
        help = {"'": "put the whole text in double quotes", '"': "put the whole text in single quotes"}
        yield codes.SYNTAX.at(
            source.at(stuck.line, stuck.column),
            f"invalid YAML: the text goes on after the closing {what}",
            help=help.get(sign, "put the whole text in quotes"),
        )


def _find_parentheses(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the parenthesis that begins a block of keys."""
    match = _PARENTHESES.search(lines[stuck.line - 1]) if stuck.line <= len(lines) else None
    if match:
        message = "invalid YAML: a block of keys in parentheses"
        place = source.at(stuck.line, match.start("sign") + 1)
        yield codes.SYNTAX.at(place, message, help="write braces instead: { key: value }")


def _find_condition(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    match = _CONDITION.search(lines[stuck.line - 1]) if stuck.line <= len(lines) else None
    if match:
        message = "invalid YAML: a condition with a list inside braces is cut at the bracket"
        help = "put the condition in double quotes, or write the block without braces"
        yield codes.SYNTAX.at(source.at(stuck.line, match.start("condition") + 1), message, help=help)


def _find_missing_comma(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the key in braces that follows a value without a comma between: YAML takes it as one text."""
    line = lines[stuck.line - 1] if stuck.line <= len(lines) else ""
    before = line[: stuck.column - 1].rstrip()
    after_text = _NO_COMMA.search(before) if line[stuck.column - 1 : stuck.column] == ":" else None
    key = after_text["key"] if after_text else None
    column = after_text.start("key") if after_text else stuck.column - 1
    if key is None and "{" in before and before[-1:] not in (",", "{", ":"):
        following = _KEY.match(line, column)
        key = following["key"] if following else None
    if key:
        message = f"invalid YAML: missing comma before '{key}:'"
        yield codes.SYNTAX.at(
            source.at(stuck.line, column + 1), message, help="write a comma between two keys"
        )


def _find_prose(source: Source, lines: list[str], stuck: Span) -> Iterator[Diagnostic]:
    """Yield the key above where the parser got stuck whose text has several lines and no bar."""
    for number in range(min(stuck.line, len(lines)), 0, -1):
        line = lines[number - 1]
        match = _PROSE.match(line)
        below = lines[number : stuck.line]
        if match and below and all(not one.strip() or _depth(one) > len(match["lead"]) for one in below):
            key = match["key"]
            message = f"invalid YAML: the text of '{key}' has several lines, and no '|' says so"
            help = f"write '{key}: |' and the whole text below it, indented"
            yield codes.SYNTAX.at(source.at(number, match.start("key") + 1), message, help=help)
            return


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _report(source: Source, line: int, column: int, code: Code, what: str) -> Diagnostic:
    return code.at(
        source.at(line, column + 1), f"{what} where YAML needs a space", help="type a space instead"
    )


def find_cut_texts(source: Source) -> Iterator[Diagnostic]:
    """Yield the plain texts that end at a '#' which was meant as part of them."""
    for number, line in enumerate(source.lines, 1):
        match = _CUT.match(line)
        if match:
            message = "text cut at '#': the rest of this line is a comment"
            help = "put the text in quotes; in a comment, write a space after '#'"
            yield codes.CUT_AT_HASH.at(source.at(number, match.start("hash") + 1), message, help=help)


_CUT = re.compile(r" *(?:- +)*[a-z][a-z_]*: +[^\s'\"\[{|>&*!#][^#]* (?P<hash>#)(?=[^\s#])")
