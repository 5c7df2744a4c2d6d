"""What click says of a line that was typed wrongly: for office people in Dutch, for authors in English."""

import re
from collections.abc import Iterable, Sequence

import click

OF_OFFICE_PEOPLE = frozenset(
    {
        *("relation", "start", "work", "planner", "recurrence", "filing", "task", "portal"),
        *("team", "bulk", "request", "chat", "inbox", "dossier", "pilot", "mail"),
    }
)
"""The commands whose users read Dutch; of the others click's own English stands."""

PROGRAMS = frozenset({("portal", "run"), ("mail", "catch")})
"""Commands among them that `kantoor up` runs: what they say is for who runs the office."""

OTHER_WAYS = {
    ("kantoor planner", "--period"): "De planner toont hele jaren: --year 2026.",
    ("kantoor planner", "--relation"): "Zie kantoor relation show NUMMER.",
    ("kantoor work", "--period"): "Zie kantoor filing list --period 2026-01 (of 2026-Q1, of 2026).",
}
"""By command and an option that it has not: where what is asked for is."""

_KINDS = {"integer": "geheel getal", "float": "getal"}
_PLACES = {"File": "Het bestand", "Directory": "De map", "Path": "Het bestand of de map"}
_SENTENCES = (
    (r"No such command (?P<name>.+)\.", "Het commando {name} bestaat niet."),
    (r"No such option (?P<name>.+)\.", "De optie {name} bestaat niet."),
    (r"Got unexpected extra arguments? \((?P<name>.+)\)", "Dit is te veel: {name}."),
    (
        r"Option (?P<name>.+) requires (an argument|\d+ arguments)\.",
        "Vul achter de optie {name} een waarde in.",
    ),
    (r"Option (?P<name>.+) does not take a value\.", "De optie {name} krijgt geen waarde."),
    (r"Argument (?P<name>.+) takes (?P<count>\d+) values\.", "Vul bij {name} {count} waarden in."),
    (r"(?P<value>.+) is not a valid (?P<kind>integer|float)( range)?\.", "{value} is geen {kind}."),
    (r"(?P<value>.+) is not in the range (?P<range>.+)\.", "{value} kan hier niet; vul {range} in."),
    (r"(?P<value>.+) is not (?:one of )?(?P<choices>'.+')\.", "{value} kan hier niet; kies uit: {choices}."),
    (r"(?P<place>File|Directory|Path) (?P<name>.+) does not exist\.", "{place} {name} bestaat niet."),
    (r"(File|Directory|Path) (?P<name>.+) is a file\.", "{name} is een bestand, en moet een map zijn."),
    (r"(File|Directory|Path) (?P<name>.+) is a directory\.", "{name} is een map, en moet een bestand zijn."),
    (r"(?P<place>File|Directory|Path) (?P<name>.+) is not readable\.", "{place} {name} is niet te lezen."),
    (
        r"(?P<place>File|Directory|Path) (?P<name>.+) is not writable\.",
        "{place} {name} is niet te schrijven.",
    ),
)
"""click's sentences, and ours for them."""


def find_path(error: click.UsageError, name: str) -> str:
    """Return the command that was typed wrongly; `name` begins with it, for where click does not say it."""
    if error.ctx is not None:
        return error.ctx.command_path
    return " ".join(word for word in name.split()[:2] if not word.startswith("-"))


def is_for_office(command: Sequence[str]) -> bool:
    """Say whether a command, by its words after `kantoor`, is one of office people."""
    return bool(command) and command[0] in OF_OFFICE_PEOPLE and tuple(command[:2]) not in PROGRAMS


def reads_dutch(error: click.UsageError, name: str) -> bool:
    """Say whether who typed a line reads Dutch: by its command or, without one, by the one that is near."""
    _, *command = find_path(error, name).split()
    if command:
        return is_for_office(command)
    near = [name for name in _find_near(error) if name not in OF_OFFICE_PEOPLE]
    return not near and not isinstance(error, click.exceptions.NoArgsIsHelpError)


def say_wrong_use(error: click.UsageError) -> str:
    """Return in Dutch how a line was typed wrongly, with what is probably meant."""
    if isinstance(error, click.MissingParameter):
        return _say_missing(error)
    sentence = _translate(error.message)
    if isinstance(error, click.BadParameter):
        where = _name_parameter(error)
        return f"Bij {where}: {sentence}" if where else sentence
    other = OTHER_WAYS.get((error.ctx.command_path, getattr(error, "option_name", ""))) if error.ctx else None
    near = _find_near(error)
    if other:
        return f"{sentence} {other}"
    return f"{sentence} Bedoelt u {_join(near)}?" if near else sentence


def _say_missing(error: click.MissingParameter) -> str:
    kind = "De optie" if error.param is None or error.param.param_type_name == "option" else "Het argument"
    sentence = f"{kind} {_name_parameter(error)} ontbreekt."
    more = error.param and error.param.type.get_missing_message(error.param, error.ctx)
    return f"{sentence} {more}" if more else sentence


def _name_parameter(error: click.BadParameter) -> str:
    """Return the option or argument that an error is about, as the help page has it."""
    hint = error.param_hint or (error.param and error.ctx and error.param.get_error_hint(error.ctx)) or ""
    return hint if isinstance(hint, str) else " / ".join(hint)


def _find_near(error: click.UsageError) -> list[str]:
    return list(getattr(error, "possibilities", None) or ())


def _translate(message: str) -> str:
    """Return click's sentence in Dutch; one that is not known, such as our own, as it is."""
    plain = " ".join(message.split())
    for pattern, dutch in _SENTENCES:
        if found := re.fullmatch(pattern, plain):
            words = found.groupdict()
            words["kind"] = _KINDS.get(words.get("kind", ""), "")
            words["place"] = _PLACES.get(words.get("place", ""), "")
            words["range"] = _say_range(words.get("range", ""))
            return dutch.format_map(words)
    return plain


_BOUNDS = {
    r"([\d.]+)<=x": "vanaf",
    r"([\d.]+)<x": "groter dan",
    r"x<=([\d.]+)": "tot en met",
    r"x<([\d.]+)": "kleiner dan",
    r"x>=([\d.]+)": "vanaf",
    r"x>([\d.]+)": "groter dan",
}
"""How click writes the bounds of a number, and what they are in words."""


def _say_range(written: str) -> str:
    """Return click's range, as 1900<=x<=2199, in words."""
    found = ((word, re.search(bound, written)) for bound, word in _BOUNDS.items())
    return " ".join(["een getal", *(f"{word} {bound[1]}" for word, bound in found if bound)])


def _join(names: Iterable[str]) -> str:
    return " of ".join(f"'{name}'" for name in names)
