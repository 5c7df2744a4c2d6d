"""What an import of relations did, in the words of the office: the command and the demo print the same."""

from collections.abc import Iterator

from ..office.exchange import Imported

_NAMES = {
    "relations": "relaties",
    "contacts": "contactpersonen",
    "relation_contacts": "contactpersonen bij relaties",
    "authorities": "bevoegdheden",
    "standing_authorities": "doorlopende machtigingen",
    "team": "teamleden",
    "relation_roles": "rollen",
    "relation_products": "producten",
}


def counted(result: Imported) -> Iterator[str]:
    """Yield of every kind how many are new, changed and as they were."""
    for name, count in result.counts.items():
        yield f"{_NAMES[name]}: {count.new} nieuw, {count.changed} gewijzigd, {count.unchanged} gelijk"
