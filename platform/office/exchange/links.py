"""What must hold of links between relations: who can be what to whom, and one at a time where that is so."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ...linked import ONE_AT_A_TIME, PEOPLE, REVERSE, Link, keep
from ...words import RELATION_LINK_WORDS
from ..database.tables import relation_links, relations
from ..relations.relation import is_natural_person
from .cells import mask_typed
from .holdings import Holdings
from .problems import Problem
from .reading import Row

FILE = "links.csv"


class _Side(NamedTuple):
    """A link as one relation sees it."""

    relation: str
    link: Link
    other: str
    since: date
    until: date | None

    def meets(self, later: "_Side") -> bool:
        """Say whether two links have a day in common."""
        return (self.until is None or later.since <= self.until) and (
            later.until is None or self.since <= later.until
        )


def check_links(rows: list[Row], holdings: Holdings) -> Iterator[Problem]:
    """Yield what is wrong with links, each at the row that says it."""
    linking = [row for row in rows if row.file == FILE]
    kinds = {row.values.get("number"): row for row in rows if row.file == "relations.csv"}
    if not linking and not kinds:
        return
    held = [*_list_sides(holdings)]
    yield from _find_told_twice(linking)
    for row in linking:
        if row.knows("relation", "link", "other", "since"):
            yield from _judge(row, holdings, held)
    for side in held:
        told = kinds.get(side.other)
        if told and "kind" in told.values and not _can_be(holdings, side.link, side.other):
            word = RELATION_LINK_WORDS[side.link]
            text = f"als {word} van relatie '{mask_typed(side.relation)}' is dit een {_say_kind(side.link)}"
            yield told.problem("kind", text)


def _judge(row: Row, holdings: Holdings, held: list[_Side]) -> Iterator[Problem]:
    relation, link, other, since = (row.values[name] for name in ("relation", "link", "other", "since"))
    if relation == other:
        yield row.problem("other", "een relatie kan niet met zichzelf verbonden zijn")
        return
    for column, number, side in (("other", other, link), ("relation", relation, REVERSE[link])):
        if not _can_be(holdings, side, number):
            text = f"'{mask_typed(number)}' kan geen {RELATION_LINK_WORDS[side]} zijn: dat is een "
            yield row.problem(column, text + _say_kind(side))
    until = holdings.merge(row).get("until")
    own = _Side(relation, link, other, since, until)
    for end in (own, _Side(other, REVERSE[link], relation, since, until)):
        rivals = (one for one in held if one.relation == end.relation and one != end and one.meets(end))
        for rival in rivals:
            said = _say_rival(end, rival)
            if said:
                yield row.problem("since", said)
                return


def _say_rival(end: _Side, rival: _Side) -> str:
    """Return why two links that hold on one day cannot both be; empty where they can."""
    whose, who = mask_typed(end.relation), mask_typed(rival.other)
    word = RELATION_LINK_WORDS[rival.link]
    if rival.link == end.link and (rival.other == end.other or end.link in ONE_AT_A_TIME):
        return f"relatie '{whose}' heeft in die dagen al '{who}' als {word}"
    if rival.other == end.other and rival.link == REVERSE[end.link]:
        return f"andersom is '{who}' in die dagen al de {word} van relatie '{whose}'"
    return ""


def _can_be(holdings: Holdings, link: Link, number: str) -> bool:
    record = holdings.after[relations.name].get((number,))
    return record is None or is_natural_person(record["kind"]) == (link in PEOPLE)


def _say_kind(link: Link) -> str:
    return "natuurlijk persoon" if link in PEOPLE else "organisatie"


def _find_told_twice(linking: list[Row]) -> Iterator[Problem]:
    """Yield a link that is told from both sides: the reader of the file finds what is told twice from one."""
    seen: dict[tuple[object, ...], Row] = {}
    for row in linking:
        if row.knows("relation", "link", "other", "since"):
            told = tuple(row.values[name] for name in ("relation", "link", "other"))
            first = seen.setdefault((*keep(*told), row.values["since"]), row)
            if first is not row and first.values["relation"] != row.values["relation"]:
                yield row.problem("relation", f"dit verband staat andersom ook op regel {first.line}")


def _list_sides(holdings: Holdings) -> Iterator[_Side]:
    """Yield every link that would be held, as each of its relations sees it."""
    for relation, link, other, since in holdings.after[relation_links.name]:
        until = holdings.after[relation_links.name][relation, link, other, since]["until"]
        yield _Side(relation, link, other, since, until)
        yield _Side(other, REVERSE[link], relation, since, until)
