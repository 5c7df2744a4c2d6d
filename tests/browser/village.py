"""The office of docs/tour.md: 21 clients with names as real ones have, on the day before the year begins."""

from datetime import date
from pathlib import Path

from tests.service.town import DEFINITIONS, elfproef

FIRST_DAY = date(2025, 12, 30)
SECONDS_PER_DAY = 0.3
RECURRING, APPROVED, REJECTED = "4001", "4002", "4003"
"""Whose data are mended first, and who says yes and no."""

_COMPANIES = (
    "Timmerbedrijf Noordhof B.V.:Noor Noordhof",
    "Bakkerij De Korenaar B.V.:Anna Bakker",
    "Garage Van Dijk B.V.:Henk van Dijk",
    "Bloemenhuis Madelief B.V.:Els Mulder",
    "Drukkerij Het Hert B.V.:Joost Hertog",
    "Fietsenmaker Spaak B.V.:Bram Spaan",
    "Hoveniersbedrijf De Linden B.V.:Karin Linden",
    "Installatiebedrijf Vonk B.V.:Piet Vonk",
    "Juwelier Van Rijn B.V.:Saskia van Rijn",
    "Kapsalon Knip B.V.:Fatima Idrissi",
    "Loodgieter Kraan B.V.:Dirk Kraan",
    "Makelaardij Thuis B.V.:Wouter Huizinga",
    "Naaiatelier Zoom B.V.:Leyla Demir",
    "Optiek Helder B.V.:Paul Helder",
    "Pannenkoekenhuis De Molen B.V.:Gerda Molenaar",
    "Rijschool Vooruit B.V.:Kees Vooruit",
    "Schildersbedrijf Kwast B.V.:Tim Kwast",
    "Slagerij Van Vliet B.V.:Ria van Vliet",
    "Taxi Centrum B.V.:Omar Bakkali",
    "Viswinkel De Haven B.V.:Jan Haven",
    "Zaadhandel De Akker B.V.:Trijn Akkerman",
)
CLIENTS = {str(4001 + index): line.split(":") for index, line in enumerate(_COMPANIES)}
_ROLES = {"administratie": "sanne", "accountant": "tom", "relatiebeheerder": "marieke", "fiscaal": "ruud"}


def write_files(folder: Path) -> Path:
    """Write the files of an import; the first client's SBR is off. Return their folder."""
    lines = {
        "relations.csv": ["number;name;legal_form;ob_number;rsin;sbr_enabled"],
        "contacts.csv": ["contact;name;salutation;email;relation;functions;primary"],
        "authorities.csv": ["contact;relation;product;may;jointly;since;until;proof"],
        "roles.csv": ["relation;role;member"],
        "products.csv": ["relation;product;frequency;sub_number;first_period"],
        "team.csv": [
            "member;name;email;phone;qualifications;active",
            "sanne;Sanne Visser;sanne@linde.example;088 1201;;ja",
            "tom;Tom de Boer;tom@linde.example;088 1202;AA;ja",
            "marieke;Marieke van der Linde;marieke@linde.example;088 1203;;ja",
            "ruud;Ruud Smit;ruud@linde.example;088 1204;RB;ja",
        ],
    }
    for number, (company, person) in CLIENTS.items():
        rsin, ready = elfproef(300_200 + 20 * int(number)), "nee" if number == RECURRING else "ja"
        greeting, address = f"Beste {person.split()[0]}", f"kim{number}@klant.example"
        lines["relations.csv"].append(f"{number};{company};bv;{rsin}B01;{rsin};{ready}")
        lines["contacts.csv"].append(f"c-{number};{person};{greeting};{address};{number};directeur;ja")
        may = "see answer approve sign"
        lines["authorities.csv"].append(f"c-{number};{number};aangifte-btw;{may};;2025-01-01;;KvK")
        lines["roles.csv"] += [f"{number};{role};{member}" for role, member in _ROLES.items()]
        lines["products.csv"].append(f"{number};aangifte-btw;month;;2026-01")
    folder.mkdir()
    for name, rows in lines.items():
        (folder / name).write_text("\n".join(rows) + "\n", "utf-8")
    return folder


DEPLOY = (
    "deploy",
    str(DEFINITIONS),
    "--by",
    "Bea",
    "--without-scenarios",
    "Die draaien in een test van zichzelf",
)
