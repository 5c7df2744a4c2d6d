"""Words: what a key takes beside ids of definitions, by the tables that the compiler checks it with."""

from collections.abc import Callable, Iterator
from typing import get_args

from ..compiler.checks.scenarios import END, ENDED, ITEM_IS, PHASE_IS
from ..compiler.language.policy import FORMS
from ..context import LEGAL_FORMS
from ..linked import SAID
from ..plan import Planner
from ..policy import WORDS
from .index import Index
from .names import text_of
from .slots import Place

Words = Iterator[tuple[str, str]]
"""Each with what it means, '' where the key says enough."""


def list_words(place: Place, path: str, index: Index) -> Words:
    """Yield the words that the value of a key can be."""
    where = place.block, place.key
    if where in _FIXED:
        yield from _FIXED[where]
    elif where in _FOUND:
        yield from _FOUND[where](place, path, index)


def list_notices(path: str, index: Index) -> Iterator[str]:
    """Yield the kinds of notice that the template of a scenario waits for; of another file, those of all."""
    folder, _, rest = path.partition("/")
    own = f"workflows/{rest.partition('/')[0]}.yaml" if folder == "scenarios" else ""
    files = [index.files[own]] if own in index.files else index.files.values()
    yield from sorted({notice for file in files for notice in file.notices})


def describe_link(link: str) -> str:
    """Return who a relation is that is linked so; '' where the word is none."""
    return next((said for name, said in SAID.items() if name == link), "")


def list_links() -> Words:
    """Yield what a linked relation can be."""
    yield from SAID.items()


def _list_notices(place: Place, path: str, index: Index) -> Words:
    return ((notice, "") for notice in list_notices(path, index))


def _list_functions(place: Place, path: str, index: Index) -> Words:
    return ((one.symbol.id, one.title) for one in index.list_defined("function"))


def _list_scenarios(place: Place, path: str, index: Index) -> Words:
    """Yield the scenarios that another can correct."""
    for file in index.files:
        folder, _, name = file.partition("/")
        if folder == "scenarios" and file != path:
            yield name.removesuffix(".yaml"), ""


def _list_states(place: Place, path: str, index: Index) -> Words:
    """Yield how what an expectation is about can be."""
    about = place.owner
    if about and about.child("phase"):
        yield from _plain(*PHASE_IS)
    elif about and about.child("item"):
        yield from _plain(*ITEM_IS)
    elif about and about.child("deadline"):
        yield "unknown", "it hangs on a day that is not recorded"
    elif about and about.child("fact"):
        yield from _list_options(text_of(about.child("fact")), path, index)


def _list_values(place: Place, path: str, index: Index) -> Words:
    fact = place.named if place.key == "facts.*" else ""
    if place.key == "value" and place.owner:
        fact = text_of(place.owner.child("fact"))
    return _list_options(fact, path, index)


def _list_options(fact: str, path: str, index: Index) -> Words:
    scope = f"scenario:{path.split('/')[1]}"
    for option in index.list_defined("option", scope, fact) if fact else ():
        yield option.symbol.id, option.title
    if any(one.symbol.id == fact and one.about == "yes_no" for one in index.list_defined("fact", scope)):
        yield from _plain("yes", "no")


def _plain(*words: str) -> Words:
    return ((word, "") for word in words)


def _observe(*sorts: str) -> list[tuple[str, str]]:
    return [(name, word.meaning) for name, word in WORDS.items() if word.sort in sorts]


_FIXED: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("RelationGiven", "legal_form"): [*_plain(*LEGAL_FORMS)],
    ("ClientGiven", "language"): [*_plain("nl", "en")],
    ("Expect", "planner"): [*_plain(*get_args(Planner))],
    ("Expect", "ended"): [*_plain(*ENDED)],
    ("Step", "reach"): [(END, "the end of the filing")],
    ("Policy", "in_order"): _observe("day"),
    ("Policy", "unless"): _observe("state", "event"),
    ("Within", "after"): _observe("event"),
}
_FIXED |= {
    ("Policy", key): _observe("event")
    for key in {*FORMS, *(key for keys in FORMS.values() for key in keys)}
    - {"in_order", "unless", "within", "at_most", "per", "same"}
}
_FOUND: dict[tuple[str, str], Callable[[Place, str, Index], Words]] = {
    ("Awaited", "notice"): _list_notices,
    ("Do", "notice"): _list_notices,
    ("Do", "value"): _list_values,
    ("OfficeHabits", "facts.*"): _list_values,
    ("Expect", "is"): _list_states,
    ("Scenario", "corrects"): _list_scenarios,
    ("ClientGiven", "functions"): _list_functions,
}
