"""Figures files: what is read, and every mistake at its line and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.sbr.vat.figures import MAX_BYTES, Figures, read_figures

CSV = b"""rubriek,omzet_centen,btw_centen
1a,1500000,315000
3b,25000,
5b,,115000
"""
YAML = b"""# januari
eenheid: centen
rubrieken:
  1a: {omzet: 1500000, btw: 315000}
  3b:
    omzet: 25000
    btw:
  5b: {btw: 115000}
"""


def cents(content: bytes, name: str) -> dict[str, int]:
    figures = read_figures(content, name)
    assert isinstance(figures, Figures)
    turnover = {f"{rubriek}.omzet": amount.cents for rubriek, amount in figures.turnover.items()}
    return turnover | {f"{rubriek}.btw": amount.cents for rubriek, amount in figures.vat.items()}


def mistakes(content: bytes, name: str) -> list[tuple[str, int | None, int | None]]:
    found = read_figures(content, name)
    assert isinstance(found, list)
    return [(finding.code, finding.line, finding.column) for finding in found]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (CSV, "a.csv"),
        (YAML, "a.yaml"),
        (YAML, "A.YML"),
        (CSV.replace(b",", b";"), "excel.csv"),
        (b"\xef\xbb\xbf" + CSV.replace(b"\n", b"\r\n"), "excel.CSV"),
        (b"btw (centen),Rubriek,Omzet in centen\n315000,1A,1500000\n,3b,25000\n\n115000,5b\n", "order.csv"),
        (
            b'"rubriek","omzet_centen","btw_centen"\n"1a","1500000","315000"\n"3b",25000,0\n 5b , , 115000 ',
            "quoted.csv",
        ),
        (
            b"eenheid: centen\n"
            b"rubrieken: {1a: {btw: 315000, omzet: 1500000}, 3b: {omzet: 25000}, 5b: {btw: '115000'}}",
            "f.yaml",
        ),
    ],
)
def test_the_same_figures_are_read_from_every_way_of_writing(content: bytes, name: str) -> None:
    read = cents(content, name)
    read.pop("3b.btw", None)
    assert read == {"1a.omzet": 1500000, "1a.btw": 315000, "3b.omzet": 25000, "5b.btw": 115000}


def test_negative_cents_and_given_totals_are_read() -> None:
    content = b"rubriek,omzet_centen,btw_centen\n1a,-100,-21\n5a,,-21\n5b,,0\n5g,,-21\n"
    assert cents(content, "a.csv")["5g.btw"] == -21


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("1a,15000.00,315000", [("amount-form", 2, 4)]),
        ("1a,vijftien,315000", [("amount-form", 2, 4)]),
        ("1a,1500000,€ 3150", [("amount-form", 2, 12)]),
        ("1a, +1500000,1e3", [("amount-form", 2, 5), ("amount-form", 2, 14)]),
        ("1a,99999999999999999999,-999999999999999", [("amount-too-large", 2, n) for n in (4, 25)]),
        ("1a,99999999999999,1.99999999999999999999", [("amount-form", 2, 19)]),
        ("1a,-,--5", [("amount-form", 2, 4), ("amount-form", 2, 6)]),
        ("1a,15000,00,3150,00", [("figures-cell-extra", 2, 13)]),
        ("1f,100,21", [("rubriek-unknown", 2, 1)]),
        (",100,21", [("rubriek-unknown", 2, 1)]),
        ("5c,,100", [("rubriek-gone", 2, 1)]),
        ("1a,100,21\n1b,100,9\n1A,1,1", [("rubriek-twice", 4, 1)]),
        ("1e,100,21", [("rubriek-column", 2, 8)]),
        ("5b,100,21", [("rubriek-column", 2, 4)]),
        ("1a,,", [("amount-missing", 2, 1)]),
        ("1a", [("amount-missing", 2, 1)]),
        ("", [("figures-empty", 1, 1)]),
        (
            "9z,1,1\n1a,x,1\n5b,1,1",
            [("rubriek-unknown", 2, 1), ("amount-form", 3, 4), ("rubriek-column", 4, 4)],
        ),
    ],
)
def test_a_csv_mistake_is_found_at_its_place(lines: str, wanted: list[tuple[str, int, int]]) -> None:
    assert mistakes(f"rubriek,omzet_centen,btw_centen\n{lines}".encode(), "a.csv") == wanted


EUROS = {"1a.omzet": 1234567, "1a.btw": 259300, "5b.btw": 0}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"rubriek;omzet_euro;btw_euro\n1a;12345,67;2593\n5b;;0\n", "a.csv"),
        (b"rubriek;omzet;btw\n1a;12.345,67;2.593,00\n5b;;0,00\n", "ledger.csv"),
        (b'rubriek,omzet,btw\n1a,"12.345,67","2.593,00"\n5b,,"0,00"\n', "quoted.csv"),
        ("rubriek;omzet (€);btw (€)\n1a;€ 12.345,67;€2.593\n5b;;0\n".encode(), "signs.csv"),
        (b"eenheid: euro\nrubrieken: {1a: {omzet: '12.345,67', btw: 2593}, 5b: {btw: 0}}", "a.yaml"),
    ],
)
def test_euros_are_read_as_a_ledger_writes_them(content: bytes, name: str) -> None:
    assert cents(content, name) == EUROS


@pytest.mark.parametrize(
    ("content", "name", "wanted"),
    [
        (b"rubriek;omzet;btw\n1a;12345;2592\n", "a.csv", [("figures-unit", 1, 1)]),
        (b"rubrieken: {1a: {omzet: 12345, btw: 2592}}", "a.yaml", [("figures-unit", 1, 1)]),
        (b"eenheid: dollar\nrubrieken: {1a: {btw: 1}}", "a.yaml", [("figures-unit", 1, 10)]),
        (b"rubriek;omzet_euro;btw_centen\n1a;1;1\n", "a.csv", [("figures-unit", 1, 20)]),
        (b"rubriek;omzet_euro;btw\n1a;1;1\n", "a.csv", [("figures-unit", 1, 20)]),
    ],
)
def test_a_unit_that_the_file_does_not_say_is_asked_for(
    content: bytes, name: str, wanted: list[tuple[str, int, int]]
) -> None:
    found = mistakes(content, name)
    assert found[: len(wanted)] == wanted


@pytest.mark.parametrize(
    "amount", ["12345.67", "1.23", "12.34,56", "1.2345", "12,3", "12345,678", "-", "1 000"]
)
def test_euros_in_another_form_are_refused_and_not_guessed(amount: str) -> None:
    content = f"rubriek;omzet_euro;btw_euro\n1a;{amount};1\n".encode()
    assert mistakes(content, "a.csv") == [("amount-form", 2, 4)]


def test_an_amount_with_too_many_digits_is_called_too_large() -> None:
    (finding,) = read_figures(b"rubriek,omzet_centen,btw_centen\n1a,99999999999999999999,1\n", "a.csv")
    assert finding.text == "Bij rubriek 1a staat bij omzet een te groot bedrag: meer dan 14 cijfers."


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("rubriek,btw_euro", [("figures-column-missing", 1, 1)]),
        ("1a,1500000,315000", [("figures-column-missing", 1, 1)]),
        ("rubriek,omzt,btw", [("figures-column-unknown", 1, 9)]),
        ("rubriek,verkoop,btw", [("figures-column-unknown", 1, 9)]),
        ("rubriek,verkoop,inkoop", [("figures-column-unknown", 1, 9), ("figures-column-unknown", 1, 17)]),
        ("rubriek,omzet,btw,omzet", [("figures-column-twice", 1, 19)]),
    ],
)
def test_a_wrong_first_line_stops_a_csv(head: str, wanted: list[tuple[str, int, int]]) -> None:
    found = mistakes(f"{head}\n1a,1,1\n".encode(), "a.csv")
    assert [finding for finding in wanted if finding not in found] == []
    assert all(code.startswith("figures-column") for code, _, _ in found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "rubrieken:\n  1a: {omzet: 1.5, btw: 0x15}",
            [("amount-form", 2, 15), ("amount-form", 2, 25)],
        ),
        (
            "rubrieken:\n  1a: {omzet: [1], btw: true}",
            [("amount-form", 2, 15), ("amount-form", 2, 25)],
        ),
        ("rubrieken:\n  1a: {omzet: 1_000}", [("amount-form", 2, 15)]),
        ("rubrieken:\n  1a: {omset: 1}", [("figures-column-unknown", 2, 8)]),
        ("rubrieken:\n  1a: {btw: 1, btw: 2}", [("figures-column-twice", 2, 16)]),
        ("rubrieken:\n  1a: {btw: 1}\n  1a: {btw: 1}", [("rubriek-twice", 3, 3)]),
        ("rubrieken:\n  1a: 100", [("figures-shape", 2, 3)]),
        ("rubrieken: 1a", [("figures-shape", 1, 1)]),
        ("rubrieken: {}", [("figures-empty", 1, 1)]),
        ("rubriek: {1a: {btw: 1}}", [("figures-shape", 1, 1)]),
        ("- 1a", [("figures-shape", 1, 1)]),
        ("", [("figures-shape", 1, 1)]),
        ("rubrieken:\n\t1a: {btw: 1}", [("figures-yaml", 2, 1)]),
        ("rubrieken: {1a: {btw: 1}", [("figures-yaml", 1, 25)]),
        ("rubrieken: *x", [("figures-yaml", 1, 12)]),
        ("a: 1\n---\nb: 1", [("figures-yaml", 2, 1)]),
        (
            "eenheid: euro\nrubrieken: &x {1a: *x}",
            [("figures-column-unknown", 2, 16)],
        ),
    ],
)
def test_a_yaml_mistake_is_found_at_its_place(text: str, wanted: list[tuple[str, int, int]]) -> None:
    # The unit stands last, so that every place is that of the text alone.
    content = f"{text}\neenheid: centen" if text.startswith("rubrieken:\n  ") else text
    assert mistakes(content.encode(), "a.yaml") == wanted


ALL = ("1a", "1b", "1c", "1d", "2a", "4a", "4b")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "rubriek,omzet,btw\n" + "".join(f"{one},1.000,50,210,11\n" for one in ALL),
            ["Deze rij heeft te veel kolommen; staat er een komma of punt in een bedrag? Zo ook op regel 3"],
        ),
        (
            "rubriek;omzet_centen;btw_centen\n" + "".join(f"{one};1.000,50;210,11\n" for one in ALL),
            [
                "Bij rubriek 1a staat bij omzet geen bedrag in hele centen (alleen cijfers). Zo ook bij "
                "rubriek 1b (regel 3), 1c (regel 4), 1d (regel 5), 2a (regel 6), 4a (regel 7) en 4b "
                "(regel 8).",
                "Bij rubriek 1a staat bij btw geen bedrag in hele centen (alleen cijfers). Zo ook bij ",
            ],
        ),
        (
            "rubriek;omzet_euro;btw_euro\n1a;1.000;x\n9z;1;1\n",
            ["Bij rubriek 1a staat bij btw geen bedrag", "Deze rubriek is niet bekend"],
        ),
        (
            "rubriek;omzet_euro;btw_euro\n1a;1.000;x\n1b;1;y\n",
            ["Bij rubriek 1a staat bij btw geen bedrag", "Bij rubriek 1b staat bij btw geen bedrag"],
        ),
        (
            "rubriek;omzet;btw\n1a;1000;veel\n",
            ["Het bestand zegt niet of de bedragen", "Bij rubriek 1a staat bij btw geen bedrag."],
        ),
        ("1a;1000;210\n" * 5, ["Zet op de eerste regel de kolomnamen"]),
        (
            "rubriek;omzet_euro;btw_euro\n1a;abc;10,5x\n5b;;1.000,00,0\n",
            [
                "Bij rubriek 1a staat bij omzet geen bedrag",
                "Bij rubriek 1a staat bij btw geen bedrag",
                "Bij rubriek 5b staat bij btw geen bedrag",
            ],
        ),
        (
            "eenheid: euro\nrubrieken:\n" + "".join(f"  {one}: {{btw: x}}\n" for one in ALL),
            [
                "Bij rubriek 1a staat bij btw geen bedrag in euro's (bijvoorbeeld 12345 of 12.345,67). Zo "
                "ook bij rubriek 1b (regel 4, teken 13), 1c ("
            ],
        ),
    ],
)
def test_one_mistake_is_one_line_and_of_two_both_are_told(content: str, said: list[str]) -> None:
    found = read_figures(content.encode(), "a.yaml" if content.startswith("eenheid") else "a.csv")
    assert isinstance(found, list)
    assert [one.text[: len(start)] for one, start in zip(found, said, strict=True)] == said


def test_of_many_of_one_kind_some_are_told_with_their_places_and_the_rest_is_counted() -> None:
    sheet = "rubriek;omzet_euro;btw_euro\n" + "".join(f"{place}z;1;1\n" for place in range(20))
    told = read_figures(sheet.encode(), "a.csv")
    assert isinstance(told, list)
    (found,) = told
    assert found.text.endswith(" Zo ook op regel 3, 4, 5, 6, 7, 8, 9, 10, 11 en 12, en nog 9 keer.")
    assert found.times == 20


@pytest.mark.parametrize(
    ("content", "name", "wanted"),
    [
        (b"rubriek,omzet_centen,btw_centen\n1a,\xff,1", "a.csv", ("figures-encoding", 2, 4)),
        (CSV, "a.xlsx", ("figures-format", None, None)),
        (CSV, "csv.", ("figures-format", None, None)),
        (b"x" * (MAX_BYTES + 1), "a.csv", ("figures-size", None, None)),
        (b"[" * MAX_BYTES, "a.yaml", ("figures-yaml", 1, 1)),
        (b"", "a.csv", ("figures-empty", 1, 1)),
    ],
    ids=["no UTF-8", "Excel", "no ending", "large", "deep", "empty"],
)
def test_a_file_that_cannot_be_read_is_one_finding(
    content: bytes, name: str, wanted: tuple[str, int | None, int | None]
) -> None:
    assert mistakes(content, name) == [wanted]


@given(st.one_of(st.binary(max_size=200), st.text("rubieknomztw,;\n1ab5{}[]:-& *'\"", max_size=80)))
def test_no_file_makes_reading_raise(content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    for name in ("a.csv", "a.yaml"):
        assert read_figures(raw, name) is not None


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (
            "rubriek,omzet_centen,btw_centen",
            "1a;12345;2592",
            "komma's tussen de kolommen, en deze regel punt",
        ),
        ("rubriek,omzet_euro,btw_euro", "1a;12.345,67;2.592,59", "komma's tussen de kolommen, en deze regel"),
        (
            "rubriek;omzet_euro;btw_euro",
            "1a,12345,2592",
            "puntkomma's tussen de kolommen, en deze regel komma",
        ),
    ],
)
def test_a_row_with_another_separator_than_the_first_line_is_told_so(
    header: str, row: str, said: str
) -> None:
    (wrong,) = read_figures(f"{header}\n{row}\n".encode(), "cijfers.csv")
    assert (wrong.code, wrong.line, wrong.column) == ("figures-separator", 2, 1)
    assert said in wrong.text
