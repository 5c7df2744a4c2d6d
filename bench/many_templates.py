"""Many templates made from the shipped ones, no two alike: in ids, texts, dates and conditions.

What keeps the result of a text that it saw before must not look fast here: a real office of this size has
written every one of them.
"""

import re
import shutil
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

from .office import DEFINITIONS

_ID = re.compile(r"\bid: ([a-z_0-9]+)")
_PRODUCTS = re.compile(r"(?m)^products: \[(.*)\]")
_FACT = re.compile(r"facts\.(\w+)")
_TITLE = re.compile(r"(?m)^( *(?:- )?title: (?![>|]).*\S)$")
_CONDITION = re.compile(
    r"\bif: (?!>)(?:(?P<quote>\")(?P<quoted>[^\"]*)\"|(?P<plain>(?:[^,#\n\[]|\[[^\]]*\])+?)(?=(?:,| +#|$)))",
    re.MULTILINE,
)
_NUMBER = re.compile(r"(?P<month>period\.month )?(?P<sign>[<>=]+ )(?P<number>\d+)")
_WORKDAYS = re.compile(r"(?<=workdays: )\d+")
_OTHERS = {"answers.", "period.", "product.", "relation."}
_EVERY = re.compile(r"(?<=every_days: )\d+")


def write_templates(folder: Path, count: int) -> None:
    """Write the shipped definitions into a new folder, with made templates until there are `count`."""
    shutil.copytree(DEFINITIONS, folder)
    workflows = folder / "workflows"
    shipped = {file.stem: file.read_text("utf-8") for file in sorted(workflows.glob("*.yaml"))}
    names = list(shipped)
    texts = "".join(file.read_text("utf-8") for file in folder.glob("messages/*.yaml"))
    kept = set(_FACT.findall(texts))
    for number in range(1, count - len(names) + 1):
        name = names[number % len(names)]
        (workflows / f"{name}-{number}.yaml").write_text(make_template(shipped[name], number, kept), "utf-8")


def make_template(text: str, number: int, kept: Collection[str]) -> str:
    """Return the text of a template with ids, titles, dates and conditions of its own.

    The ids of `kept` stay: facts that messages name, which all templates share.
    """
    products = _PRODUCTS.search(text)
    shared = products[1].split(", ") if products else []
    ids = sorted(set(_ID.findall(text)).difference(shared, kept), key=len, reverse=True)
    names = re.compile(
        rf"(?<!filing: )(?<!template: )(?<![\w-])(?P<group>[a-z]+\.)?(?:{'|'.join(ids)})(?![\w:-])"
    )
    day = date(1990, 1, 1) + timedelta(days=number)
    shift = number % 2
    text = names.sub(lambda match: match[0] if match["group"] in _OTHERS else f"{match[0]}_{number}", text)
    text = _TITLE.sub(lambda match: f"{match[1]} ({number})", text)
    text = _NUMBER.sub(lambda match: _shift(match, number), text)
    text = _CONDITION.sub(lambda match: _widen(match, day), text)
    text = _WORKDAYS.sub(lambda match: str(int(match[0]) + shift), text)
    return _EVERY.sub(lambda match: str(max(1, int(match[0]) - shift)), text)


def _shift(match: re.Match[str], by: int) -> str:
    """Return a comparison with another number; of a month one of 1 to 11, so that it is not always true."""
    number = int(match["number"]) + by
    return f"{match['month'] or ''}{match['sign']}{1 + number % 11 if match['month'] else number}"


def _widen(match: re.Match[str], day: date) -> str:
    """Return a condition that holds before a day too, in the quotes that it had."""
    quote = match["quote"] or ""
    return f"if: {quote}({(match['quoted'] or match['plain']).strip()}) or period.start < '{day}'{quote}"
