"""Read the VAT figures of one period from a file (R21).

The format, for people (docs/figures.md tells it with examples): a CSV file with the columns rubriek,
omzet_euro and btw_euro (or omzet_centen and btw_centen), or a YAML file
`{eenheid: euro, rubrieken: {1a: {omzet: 15000, btw: 3150}, 5b: {btw: 1150}}}`. The file says its unit; one
whose amounts have two decimals is in euros by itself (`amounts`). Rubrieken are 1a to 1e, 2a, 3a to 3c, 4a,
4b and 5b; a rubriek that is absent is zero. 5a and 5g may be given and must then agree with what follows from
the others. At least one rubriek must be given, also for a nil return.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ...words import join_in_dutch
from ..findings import Finding, error
from .amounts import MAX_DIGITS, UNITS, Unit, describe_unit, find_unit, is_too_large, read_amount
from .figure_rows import Cell, Row, Sheet, read_csv_rows, read_yaml_rows
from .rubrieken import BY_ID, TOTALS

# A return is some 200 bytes; a file of this size is a mistake.
MAX_BYTES = 64 * 1024
_KNOWN = (*BY_ID, *TOTALS)
MANY = 3
"""So many findings of one kind are told as one, with their places."""
PLACES_MOST = 10
"""So many further places of a mistake are named; the others are counted."""
_UNIT_UNSURE = {"figures-unit", "figures-cell-extra"}
"""Findings after which it cannot be told whether a file says its unit, or it was asked already."""
_GONE = ("5c", "5d", "5e", "5f")
"""Rubrieken of section 5 that older returns had."""
_NAMED = {*_KNOWN, *_GONE}


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole cents, and their place in the file."""

    cents: int
    line: int
    column: int
    where: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one period by rubriek; a rubriek or column that was not given is absent."""

    turnover: Mapping[str, Amount]
    vat: Mapping[str, Amount]


def read_figures(content: bytes, filename: str) -> Figures | list[Finding]:
    """Read a figures file by the end of its name (.csv, .yaml, .yml); return them, or every mistake."""
    sheet, found = _read_rows(content, filename)
    unit = sheet.unit or find_unit(cell.text for row in sheet.rows for _, cell in row.amounts)
    figures, more = _collect_figures(sheet.rows, unit)
    if sheet.rows and unit is None and not {finding.code for finding in found} & _UNIT_UNSURE:
        more.insert(0, _ask_unit(filename))
    if not sheet.rows and not found:
        text = "Het bestand bevat geen rubrieken. Geef voor een nihilaangifte rubriek 5b met 0 op."
        found.append(error("figures-empty", "figures", text, 1, 1))
    return _gather(found + more) or figures


def _gather(found: list[Finding]) -> list[Finding]:
    """Return findings, of each mistake that is made often the first, with the places of the others.

    What is wrong with the file as a whole is so in every row: that is one mistake and one line.
    """
    kinds: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in found:
        rubriek, _, column = finding.field.partition(".")
        of_file = "" if rubriek in _NAMED else finding.text
        kinds.setdefault((finding.code, column, of_file), []).append(finding)
    gathered: list[Finding] = []
    for same in kinds.values():
        if len(same) < MANY:
            gathered += same
        else:
            told = f"{same[0].text} Zo ook {_say_others(same[1:])}."
            gathered.append(replace(same[0], text=told, times=len(same)))
    return gathered


def _say_others(others: list[Finding]) -> str:
    """Return where a mistake was made again: the rubrieken with their places, or the places alone."""
    rubrieken = [one.field.partition(".")[0] for one in others[:PLACES_MOST]]
    places = [_say_place(one) for one in others[:PLACES_MOST]]
    if rubrieken[0] in _NAMED:
        named = zip(rubrieken, places, strict=True)
        where = "bij rubriek " + join_in_dutch(f"{rubriek} (regel {place})" for rubriek, place in named)
    else:
        where = "op regel " + join_in_dutch(dict.fromkeys(places))
    more = len(others) - PLACES_MOST
    return f"{where}, en nog {more} keer" if more > 0 else where


def _say_place(finding: Finding) -> str:
    """Return the line, and where no column has a name the place in it: a named one is that of the first."""
    return f"{finding.line}" if finding.where else f"{finding.line}, teken {finding.column}"


def _ask_unit(filename: str) -> Finding:
    """Ask for the unit: where no amount has decimals, 12345 may be euros or cents."""
    text = "Het bestand zegt niet of de bedragen euro's of centen zijn."
    if filename.lower().endswith(".csv"):
        how = "Noem de kolommen omzet_euro en btw_euro, of omzet_centen en btw_centen."
    else:
        how = "Zet 'eenheid: euro' of 'eenheid: centen' bovenaan."
    return error("figures-unit", "figures", f"{text} {how}", 1, 1)


def _read_rows(content: bytes, filename: str) -> tuple[Sheet, list[Finding]]:
    if len(content) > MAX_BYTES:
        text = f"Het bestand is te groot voor cijfers (meer dan {MAX_BYTES // 1024} kB)."
        return Sheet(), [error("figures-size", "figures", text)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        before = content[: mistake.start]
        place = (before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        return Sheet(), [error("figures-encoding", "figures", "Het bestand is geen UTF-8.", *place)]
    ending = filename.lower().rpartition(".")[2]
    if ending == "csv":
        return read_csv_rows(text)
    if ending in ("yaml", "yml"):
        return read_yaml_rows(text)
    return Sheet(), [error("figures-format", "figures", "Lever de cijfers aan als .csv- of .yaml-bestand.")]


def _collect_figures(rows: tuple[Row, ...], unit: Unit | None) -> tuple[Figures, list[Finding]]:
    found: list[Finding] = []
    seen: dict[str, int] = {}
    amounts: dict[str, dict[str, Amount]] = {"omzet": {}, "btw": {}}
    for row in rows:
        rubriek = row.rubriek.text.lower()
        found += _check_row(row, rubriek, seen, unit)
        for column, cell in row.amounts:
            cents = read_amount(cell.text, unit) if unit else None
            if cents is not None:
                amounts[column].setdefault(rubriek, Amount(cents, cell.line, cell.column, cell.where))
    return Figures(amounts["omzet"], amounts["btw"]), found


def _check_row(row: Row, rubriek: str, seen: dict[str, int], unit: Unit | None) -> Iterator[Finding]:
    if rubriek in _GONE:
        text = (
            f"Rubriek {rubriek} staat niet meer in de aangifte; laat deze rij weg. "
            "Het totaal (5g) volgt uit de andere rubrieken."
        )
        yield row.rubriek.make_error("rubriek-gone", rubriek, text)
        return
    if rubriek not in _KNOWN:
        text = f"Deze rubriek is niet bekend; de rubrieken zijn {', '.join(_KNOWN)}."
        yield row.rubriek.make_error("rubriek-unknown", "figures", text)
        return
    if rubriek in seen:
        text = f"Rubriek {rubriek} komt twee keer voor, ook op regel {seen[rubriek]}."
        yield row.rubriek.make_error("rubriek-twice", rubriek, text)
    seen.setdefault(rubriek, row.rubriek.line)
    if not row.amounts and row.whole:
        text = f"Rubriek {rubriek} heeft geen bedrag; laat de rubriek weg of schrijf 0."
        yield row.rubriek.make_error("amount-missing", rubriek, text)
    for column, cell in row.amounts:
        if unit:
            yield from _check_amount(rubriek, column, cell, unit)
        elif all(read_amount(cell.text, one) is None for one in UNITS):
            text = f"Bij rubriek {rubriek} staat bij {column} geen bedrag."
            yield cell.make_error("amount-form", f"{rubriek}.{column}", text)


def _check_amount(rubriek: str, column: str, cell: Cell, unit: Unit) -> Iterator[Finding]:
    field, cents = f"{rubriek}.{column}", read_amount(cell.text, unit)
    if is_too_large(cell.text, unit):
        text = f"Bij rubriek {rubriek} staat bij {column} een te groot bedrag: meer dan {MAX_DIGITS} cijfers."
        yield cell.make_error("amount-too-large", field, text)
    elif cents is None:
        text = f"Bij rubriek {rubriek} staat bij {column} geen bedrag in {describe_unit(unit)}."
        yield cell.make_error("amount-form", field, text)
    elif cents != 0 and not _has_column(rubriek, column):
        text = f"Rubriek {rubriek} heeft geen {column}."
        yield cell.make_error("rubriek-column", field, text)


def _has_column(rubriek: str, column: str) -> bool:
    if rubriek in TOTALS:
        return column == "btw"
    box = BY_ID[rubriek]
    return (box.turnover if column == "omzet" else box.vat) is not None
