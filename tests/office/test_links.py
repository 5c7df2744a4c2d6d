"""Links between relations: one fact seen from two sides, from a day until a day (R25)."""

from datetime import date
from pathlib import Path

import pytest

from kantoor.data import replace
from kantoor.office.database.engine import Database
from kantoor.office.exchange import Imported, NotImported, export_folder, import_folder
from kantoor.office.relations.changes import list_changes
from kantoor.office.relations.demands import Demands
from kantoor.office.relations.links import LinkedDays, find_linked, list_links
from kantoor.office.relations.readiness import find_advice
from kantoor.office.relations.removing import remove_relation
from kantoor.office.relations.snapshot import load_snapshot
from kantoor.plan import Automation, FilingAwaited, Phase, StartFiling, WaitFor

from .material import NEEDS, OFFICE, PLAN, accepting

MORE = """\
number;name;kind
2001;Jansen Holding B.V.;organisation
2002;M. Jansen;natural_person
2003;P. Pietersen;natural_person
"""
LINKS = """\
relation;link;other;since;until
2001;subsidiary;1001;2024-01-01;
1002;partner;2002;2020-01-01;2025-06-30
2003;partner;1002;2025-07-01;
1001;owner;1002;2023-01-01;
"""


def read(office: Database, folder: Path, links: str, **others: str) -> Imported | NotImported:
    folder.mkdir()
    for name, text in {"links": links, **others}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return import_folder(office, folder, OFFICE, accepting)


def test_a_link_is_seen_from_both_sides_on_its_days(office: Database, tmp_path: Path) -> None:
    result = read(office, tmp_path / "one", LINKS, relations=MORE)
    assert isinstance(result, Imported), result
    assert result.counts["relation_links"].new == 4
    day, later = date(2025, 6, 30), date(2025, 7, 1)
    with office.read() as connection:
        assert find_linked(connection, "1001", "holding", day) == ("2001",)
        assert find_linked(connection, "2001", "subsidiary", day) == ("1001",)
        assert find_linked(connection, "1001", "holding", date(2023, 12, 31)) == ()
        assert [find_linked(connection, "1002", "partner", one) for one in (day, later)] == [
            ("2002",),
            ("2003",),
        ]
        seen = [(one.link, one.other, one.name) for one in list_links(connection, "1002")]
        held = load_snapshot(connection, ["2002", "1001"], later).held
        assert held["2002"].links == [LinkedDays("partner", date(2020, 1, 1), day)]
        assert [one.link for one in held["1001"].links or ()] == ["holding", "owner"]
        everybody = load_snapshot(connection, None, later).held
        assert everybody["1001"].links == held["1001"].links
    assert ("business", "1001", "Bakkerij De Korenaar B.V.") in seen
    assert len(seen) == 3
    again = read(office, tmp_path / "two", LINKS.replace("2001;subsidiary;1001", "1001;holding;2001"))
    assert isinstance(again, Imported)
    assert again.counts["relation_links"].unchanged == 4
    export_folder(office, tmp_path / "out", OFFICE)
    out = (tmp_path / "out" / "links.csv").read_text("utf-8-sig")
    assert "1001;holding;2001;2024-01-01;" in out


def test_what_becomes_of_a_link_is_kept_at_both_relations(office: Database, tmp_path: Path) -> None:
    read(office, tmp_path / "one", LINKS, relations=MORE)
    ended = "relation;link;other;since;until\n1002;business;1001;2023-01-01;2025-12-31\n"
    assert isinstance(read(office, tmp_path / "two", ended), Imported)
    with office.read() as connection:
        told = {number: list_changes(connection, number)[0] for number in ("1001", "1002")}
    assert [one.subject for one in told.values()] == ["owner/1002/2023-01-01", "business/1001/2023-01-01"]
    assert {(str(one.before), str(one.after)) for one in told.values()} == {
        ("{'until': None}", "{'until': '2025-12-31'}")
    }
    with office.write() as connection:
        assert remove_relation(connection, "2001")["relation_links"] == 1
        assert find_linked(connection, "1001", "holding", date(2026, 1, 1)) == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1001;holding;1001;2024-01-01;", "3 (other): een relatie kan niet met zichzelf verbonden zijn"),
        ("1001;owner;2001;2024-01-01;", "3 (other): '2001' kan geen eigenaar zijn: dat is een natuurlijk "),
        ("1002;holding;2001;2024-01-01;", "1 (relation): '1002' kan geen dochtermaatschappij zijn: dat is "),
        ("2001;holding;1001;2025-01-01;", "4 (since): andersom is '1001' in die dagen al de dochter"),
        ("2002;partner;2003;2025-12-01;", "4 (since): relatie '2003' heeft in die dagen al '1002' als fis"),
        ("1001;friend;1002;2025-12-01;", "2 (link): onbekend verband 'friend'"),
        ("1001;owner;9999;2025-12-01;", "3 (other): relatie '9999' staat niet in deze bestanden en niet "),
        ("1001;holding;2001;2025-01-01;2024-01-01", "5 (until): de laatste dag ligt vóór de eerste"),
    ],
)
def test_a_link_that_cannot_be_is_told(office: Database, tmp_path: Path, row: str, said: str) -> None:
    read(office, tmp_path / "one", LINKS, relations=MORE)
    found = read(office, tmp_path / "two", f"relation;link;other;since;until\n{row}\n")
    assert isinstance(found, NotImported)
    told = [str(one) for one in found.problems]
    assert any(one.startswith(f"links.csv, regel 2, kolom {said}") for one in told), told


def test_a_relation_does_not_become_what_its_links_exclude(office: Database, tmp_path: Path) -> None:
    read(office, tmp_path / "one", LINKS, relations=MORE)
    both = "relation;link;other;since;until\n1001;owner;2003;2024-01-01;\n2003;business;1001;2024-01-01;\n"
    kind = "number;name;kind\n2003;P. Pietersen;organisation\n"
    found = read(office, tmp_path / "two", both, relations=kind)
    assert isinstance(found, NotImported)
    said = [str(one) for one in found.problems]
    assert "links.csv, regel 3, kolom 1 (relation): dit verband staat andersom ook op regel 2" in said
    assert any(
        one.startswith("relations.csv, regel 2, kolom 3 (kind): als fiscaal partner van relatie")
        for one in said
    )


def test_a_year_that_was_probably_typed_wrongly_is_told_of_whatever_begins(
    office: Database, tmp_path: Path
) -> None:
    header, ending = "relation;link;other;since;until\n", "Klopt het jaar?"
    written = {
        "links": f"{header}1002;partner;2002;2062-01-01;\n1001;owner;1002;1026-01-01;\n",
        "relations": MORE,
        "products": "relation;product;frequency;first_period\n1001;aangifte-btw;quarter;2062-Q1\n",
        "qualifications": "member;qualification;since\nbas;AA;2062-01-01\n",
        "authorities": (
            "contact;relation;product;may;jointly;since;until;proof\n"
            "c1;1001;aangifte-btw;see approve;;2062-01-01;;KvK\n"
        ),
        "standing_authorities": (
            "relation;product;since;until;proof\n1001;aangifte-btw;0025-07-01;2026-06-30;p\n"
            "1002;aangifte-btw;2025-07-01;2206-06-30;p\n"
        ),
    }
    found = read(office, tmp_path / "one", written.pop("links"), **written)
    assert isinstance(found, NotImported)
    assert [str(one) for one in found.problems] == [
        f"authorities.csv, regel 2, kolom 6 (since): 1 januari 2062 ligt meer dan 2 jaar vooruit. {ending}",
        "standing_authorities.csv, regel 2, kolom 3 (since): 1 juli 25 ligt meer dan 100 jaar terug. "
        f"{ending}",
        "standing_authorities.csv, regel 3, kolom 4 (until): 30 juni 2206 ligt meer dan 25 jaar vooruit. "
        f"{ending}",
        "qualifications.csv, regel 2, kolom 3 (since): 1 januari 2062 ligt meer dan 2 jaar vooruit. "
        f"{ending}",
        "products.csv, regel 2, kolom 4 (first_period): 1 januari 2062 ligt meer dan 2 jaar vooruit. "
        f"{ending}",
        f"links.csv, regel 2, kolom 4 (since): 1 januari 2062 ligt meer dan 2 jaar vooruit. {ending}",
        f"links.csv, regel 3, kolom 4 (since): 1 januari 1026 ligt meer dan 100 jaar terug. {ending}",
    ]


def test_who_has_to_be_linked_and_is_not_is_told_before_a_start_and_stops_none(
    office: Database, tmp_path: Path
) -> None:
    read(office, tmp_path / "one", LINKS, relations=MORE)
    awaits = FilingAwaited(template="aangifte-ib", of="owner")
    start = Automation(id="holding", at="entered", start=StartFiling(template="vpb", of="unit_head"))
    phases = (
        replace(PLAN.phases[0], automations=(start,)),
        Phase(id="wachten", title="Wachten", role="fiscaal", block=WaitFor(awaited=(awaits,))),
        *PLAN.phases[1:],
    )
    demands = Demands(replace(PLAN, phases=phases), NEEDS)
    said = "Er is geen hoofd van de fiscale eenheid vastgelegd: 'Opstellen' staat stil tot dat er is."
    with office.read() as connection:
        snapshot = load_snapshot(connection, None, date(2026, 1, 5))
    found = find_advice(snapshot, demands, "1001", date(2026, 1, 5))
    assert [(one.code, one.text, one.level) for one in found] == [("not_linked", said, "advice")]
    before = find_advice(snapshot, demands, "1001", date(2022, 12, 31))
    assert [one.text.partition(" vastgelegd")[0] for one in before] == [
        "Er is geen hoofd van de fiscale eenheid",
        "Er is geen eigenaar",
    ]


@pytest.fixture
def dialect() -> str:
    """What a migration makes of it on both is asked elsewhere."""
    return "sqlite"
