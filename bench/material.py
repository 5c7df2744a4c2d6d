"""Made-up relations for an office that is measured: as many as are wanted, ready to file their VAT return."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from kantoor.sbr.numbers import passes_elfproef

TEAM = {"administratie": "sanne", "accountant": "tom", "relatiebeheerder": "marieke", "fiscaal": "ruud"}
"""Who fills which role for every relation."""

PRODUCT = "aangifte-btw"
TEMPLATE = "btw-aangifte"

SINCE = "2024-01-01"
_FIRST_RSIN = 1_000_000
_RIGHTS = "see answer approve sign"


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up company that files monthly; `informed`: under a standing authority it is informed only.

    `unit`: it files in a fiscal unit; `was_taken`: only over the last month of the year before.
    """

    number: str
    rsin: str
    informed: bool = False
    unit: bool = False
    was_taken: bool = False

    @property
    def ob_number(self) -> str:
        """Return the number that it is known by at the authority."""
        return f"{self.rsin}B01"

    @property
    def contact(self) -> str:
        """Return the id of the one contact, who may decide."""
        return f"c-{self.number}"

    @property
    def contacts(self) -> tuple[str, str]:
        """Return the ids of that contact and of the one whom an exchange puts in their place."""
        return self.contact, f"d-{self.number}"


def made_up(count: int, informed: int = 0) -> tuple[Made, ...]:
    """Return companies numbered from 1001 on, the last `informed` of them informed only."""
    rsins = islice(_rsins(), count)
    return tuple(
        Made(str(1001 + index), rsin, informed=index >= count - informed) for index, rsin in enumerate(rsins)
    )


def write_folder(folder: Path, relations: Iterable[Made]) -> None:
    """Write the CSV files that `kantoor relation import` reads, for these relations and their team."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in _files(tuple(relations)).items():
        (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")


def write_contacts(relation: Made, first: str) -> list[str]:
    """Return the rows of a relation's contacts of which one is the first; the header begins them."""
    return _write_contacts((relation, contact, contact == first) for contact in relation.contacts)


def write_authorities(relation: Made, until: Mapping[str, date | None]) -> list[str]:
    """Return the rows of what contacts may decide until a day, None for good; the header begins them."""
    return _write_authorities((relation, contact, day) for contact, day in until.items())


def _files(relations: tuple[Made, ...]) -> dict[str, list[str]]:
    since = SINCE
    return {
        "relations.csv": [
            "number;name;legal_form;ob_number;rsin;btw_id;sbr_enabled;ideal_enabled;status;status_since",
            *(
                f"{r.number};Proefbedrijf {r.number} B.V.;bv;{r.ob_number};{r.rsin};NL{r.ob_number};ja;nee;"
                f"active;{since}"
                for r in relations
            ),
        ],
        "contacts.csv": _write_contacts((r, r.contact, True) for r in relations),
        "authorities.csv": _write_authorities((r, r.contact, None) for r in relations),
        "standing_authorities.csv": [
            "relation;product;since;until;proof",
            *(f"{r.number};{PRODUCT};{since};2030-12-31;machtiging" for r in relations if r.informed),
        ],
        "team.csv": [
            "member;name;email;phone;qualifications;active",
            *(
                f"{member};{member.title()} van Kantoor;{member}@delinde.example;088 000 12 0{number};;ja"
                for number, member in enumerate(TEAM.values(), 1)
            ),
        ],
        "roles.csv": [
            "relation;role;member",
            *(f"{r.number};{role};{member}" for r in relations for role, member in TEAM.items()),
        ],
        "products.csv": [
            "relation;product;frequency;first_period;until;way;fiscal_unit",
            *(
                f"{r.number};{PRODUCT};month;{'2025-12;2025-12-31' if r.was_taken else '2026-01;'};"
                f"{'information' * r.informed};{'ja' if r.unit else 'nee'}"
                for r in relations
            ),
        ],
    }


def _write_contacts(rows: Iterable[tuple[Made, str, bool]]) -> list[str]:
    return [
        "contact;name;salutation;email;language;relation;functions;primary",
        *(
            f"{contact};Directeur van {r.number};Beste directeur;{contact}@klanten.example;nl;"
            f"{r.number};directeur;{'ja' if primary else 'nee'}"
            for r, contact, primary in rows
        ),
    ]


def _write_authorities(rows: Iterable[tuple[Made, str, date | None]]) -> list[str]:
    return [
        "contact;relation;product;may;jointly;since;until;proof",
        *(
            f"{contact};{r.number};{PRODUCT};{_RIGHTS};;{SINCE};{until or ''};uittreksel KvK"
            for r, contact, until in rows
        ),
    ]


def _rsins() -> Iterator[str]:
    number = _FIRST_RSIN
    while True:
        number += 1
        if passes_elfproef(f"{number:09}"):
            yield f"{number:09}"
