"""Read the rows of a figures file, CSV or YAML, as text with positions; `figures` judges what they mean."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from ...suggest import nearest
from ..findings import Finding, error
from .amounts import UNITS, Unit, read_unit

COLUMNS = ("omzet", "btw")
_HEADER = ("rubriek", *COLUMNS)
DEPTH_MOST = 20
_HEADING_MOST = 30
"""So many letters of a heading are said."""
_WITH_UNIT = re.compile(r"(?P<column>omzet|btw)(?:[ _]+(?:in )?)?\(?(?P<unit>[a-z€']*)\)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text of the file and where it stands (from 1); of a sheet `where` names the column."""

    text: str
    line: int
    column: int
    where: str = ""

    def make_error(self, code: str, field: str, text: str) -> Finding:
        """Make an error that points here."""
        return replace(error(code, field, text, self.line, self.column), where=self.where)


@dataclass(frozen=True, slots=True)
class Row:
    """One rubriek as written, with its filled cells by column; `whole` where all of it could be read."""

    rubriek: Cell
    amounts: tuple[tuple[str, Cell], ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file and the unit that it names, if it does."""

    rows: tuple[Row, ...] = ()
    unit: Unit | None = None


def read_csv_rows(text: str) -> tuple[Sheet, list[Finding]]:
    """Read `rubriek,omzet_euro,btw_euro` (comma or semicolon, columns in any order), and what is wrong."""
    # Not the csv module: it knows no columns of the text, and no cell here can hold a separator.
    lines = [(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        return Sheet(), [error("figures-empty", "figures", "Het bestand is leeg.", 1, 1)]
    number, head = lines[0]
    separator = ";" if ";" in head else ","
    headings = _name_columns(_split_cells(head, separator, number))
    written = [replace(cell, text=cell.text.lower()) for cell in headings]
    names = [replace(cell, text=_read_name(cell.text)) for cell in written]
    units = {unit for cell in written if (unit := _read_unit_of(cell.text))}
    found = [*_check_header(names), *_check_units(written, units)]
    if found:
        return Sheet(), found
    rows: list[Row] = []
    for number, line in lines[1:]:
        cells = _name_columns(_split_cells(line, separator, number), headings)
        if _is_split_otherwise(cells, separator):
            first, here = _SEPARATORS if separator == "," else _SEPARATORS[::-1]
            text = (
                f"De eerste regel heeft {first} tussen de kolommen, en deze regel {here}; gebruik overal "
                "hetzelfde teken."
            )
            found.append(cells[0].make_error("figures-separator", "figures", text))
        elif len(cells) > len(names):
            extra = "Deze rij heeft te veel kolommen; staat er een komma of punt in een bedrag?"
            found.append(cells[len(names)].make_error("figures-cell-extra", "figures", extra))
        else:
            rows.append(_make_row([name.text for name in names], cells))
    return Sheet(tuple(rows), next(iter(units), None)), found


_SEPARATORS = ("komma's", "puntkomma's")


def _is_split_otherwise(cells: Sequence[Cell], separator: str) -> bool:
    """Say whether a row has the other separator between its cells than the first line has.

    No cell holds a semicolon; a comma is in amounts only, which are not alone.
    """
    if separator == ",":
        return any(";" in cell.text for cell in cells)
    return len(cells) == 1 and "," in cells[0].text


def _read_name(written: str) -> str:
    """Return the column that a heading names, without its unit; another heading as it is written."""
    match = _WITH_UNIT.fullmatch(written)
    known = match and (not match["unit"] or read_unit(match["unit"]))
    return match["column"] if match and known else written


def _read_unit_of(written: str) -> Unit | None:
    match = _WITH_UNIT.fullmatch(written)
    return read_unit(match["unit"]) if match else None


def _check_units(written: Sequence[Cell], units: set[Unit]) -> Iterator[Finding]:
    """Yield that a file names two units, or one for only some of its amounts."""
    amounts = [cell for cell in written if _read_name(cell.text) in COLUMNS]
    if units and len({_read_unit_of(cell.text) for cell in amounts}) > 1:
        text = "Omzet en btw staan niet in dezelfde eenheid; noem bij beide euro, of bij beide centen."
        yield amounts[-1].make_error("figures-unit", "figures", text)


def _make_row(names: Sequence[str], cells: Sequence[Cell]) -> Row:
    named = dict(zip(names, cells, strict=False))
    rubriek = named.get("rubriek") or Cell("", cells[0].line, 1)
    return Row(rubriek, tuple((name, named[name]) for name in COLUMNS if name in named and named[name].text))


_CELL = {mark: re.compile(rf'(?:^|(?<={mark}))(\s*"[^"]*"\s*(?={mark}|$)|[^{mark}]*)') for mark in ",;"}
"""A cell of a line: in quotes it may hold the separator, as `"12.345,67"` does."""


def _split_cells(line: str, separator: str, number: int) -> list[Cell]:
    cells: list[Cell] = []
    start = 0
    for part in re.findall(_CELL[separator], line):
        inner = part.strip()
        column = start + len(part) - len(part.lstrip()) + 1
        cells.append(Cell(inner.strip('"').strip(), number, column))
        start += len(part) + 1
    return cells


def _name_columns(cells: Sequence[Cell], headings: Sequence[Cell] | None = None) -> list[Cell]:
    """Return cells with the number and heading of their columns; the first line's are its own headings."""
    headings = cells if headings is None else headings
    named: list[Cell] = []
    for place, cell in enumerate(cells):
        heading = headings[place].text[:_HEADING_MOST] if place < len(headings) else ""
        named.append(replace(cell, where=f"kolom {place + 1}{f' ({heading})' if heading else ''}"))
    return named


def _check_header(names: Sequence[Cell]) -> Iterator[Finding]:
    """Yield what is wrong with the first line, each mistake once: an unknown column may be a missing one."""
    written = [name.text for name in names]
    if not {*written} & {*_HEADER}:
        text = "Zet op de eerste regel de kolomnamen: rubriek;omzet_euro;btw_euro (of _centen)."
        yield Cell("", names[0].line, 1).make_error("figures-column-missing", "figures", text)
        return
    missing = [wanted for wanted in _HEADER if wanted not in written]
    unknown = [name for name in names if name.text not in _HEADER]
    for name in unknown:
        meant = nearest(name.text, missing) or (missing[0] if len(missing) == len(unknown) == 1 else None)
        hint = "de kolommen zijn rubriek, omzet_euro en btw_euro (of _centen)."
        if meant:
            missing.remove(meant)
            hint = f"bedoelt u '{meant}'?"
        yield name.make_error("figures-column-unknown", "figures", f"Deze kolom is niet bekend; {hint}")
    for wanted in _HEADER:
        if wanted in missing:
            text = f"De kolom '{wanted}' ontbreekt in de eerste regel."
            yield Cell("", names[0].line, 1).make_error("figures-column-missing", "figures", text)
        if written.count(wanted) > 1:
            second = [name for name in names if name.text == wanted][1]
            yield second.make_error(
                "figures-column-twice", "figures", f"De kolom '{wanted}' komt twee keer voor."
            )


def read_yaml_rows(text: str) -> tuple[Sheet, list[Finding]]:
    """Read `{eenheid: euro, rubrieken: {1a: {omzet: 100, btw: 21}}}`, and what is wrong."""
    try:
        if _is_deep(text):
            text = "Het bestand is te diep genest voor cijfers."
            return Sheet(), [error("figures-yaml", "figures", text, 1, 1)]
        # Pure: the C parser overruns its stack on deep nesting and takes the process with it.
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as mistake:
        mark = mistake.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return Sheet(), [error("figures-yaml", "figures", "Het bestand is geen geldige YAML.", *place)]
    except (YAMLError, RecursionError):
        return Sheet(), [error("figures-yaml", "figures", "Het bestand is geen geldige YAML.", 1, 1)]
    if not isinstance(root, MappingNode):
        return Sheet(), [error("figures-shape", "figures", "Het bestand begint niet met 'rubrieken:'.", 1, 1)]
    rows: list[Row] = []
    found: list[Finding] = []
    unit: Unit | None = None
    for key, value in root.value:
        name = _read_cell(key)
        if name.text == "eenheid":
            unit = read_unit(_read_cell(value).text)
            if unit is None:
                text = f"Deze eenheid is niet bekend; kies {' of '.join(UNITS)}."
                found.append(_read_cell(value).make_error("figures-unit", "figures", text))
        elif name.text != "rubrieken":
            text = "De sleutels zijn 'eenheid' en 'rubrieken'; deze is niet bekend."
            found.append(name.make_error("figures-shape", "figures", text))
        elif not isinstance(value, MappingNode):
            found.append(
                name.make_error("figures-shape", "figures", "Onder 'rubrieken' horen rubrieken te staan.")
            )
        else:
            _read_rubrieken(value, rows, found)
    return Sheet(tuple(rows), unit), found


def _is_deep(text: str) -> bool:
    """Say whether more is nested than figures need: the time that reading it takes grows with its square."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MOST:
            return True
    return False


def _read_rubrieken(node: MappingNode, rows: list[Row], found: list[Finding]) -> None:
    for key, value in node.value:
        name = _read_cell(key)
        if not isinstance(value, MappingNode):
            text = "Bij een rubriek horen 'omzet' en 'btw' te staan."
            found.append(name.make_error("figures-shape", "figures", text))
            continue
        amounts: list[tuple[str, Cell]] = []
        before = len(found)
        for column, amount in value.value:
            written = _read_cell(column)
            if written.text not in COLUMNS:
                text = "Deze sleutel is niet bekend; een rubriek heeft 'omzet' en 'btw'."
                found.append(written.make_error("figures-column-unknown", "figures", text))
            elif written.text in dict(amounts):
                text = f"'{written.text}' komt twee keer voor bij deze rubriek."
                found.append(written.make_error("figures-column-twice", "figures", text))
            elif (cell := _read_cell(amount)).text:
                amounts.append((written.text, cell))
        rows.append(Row(name, tuple(amounts), whole=len(found) == before))


def _read_cell(node: Node) -> Cell:
    mark = node.start_mark
    # A list or mapping where an amount belongs has no text of its own; '?' is refused as an amount.
    text = node.value if isinstance(node, ScalarNode) else "?"
    return Cell(str(text), mark.line + 1, mark.column + 1)
