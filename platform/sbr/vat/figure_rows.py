"""Read the rows of a figures file, CSV or YAML, as text with positions; `figures` judges what they mean."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from ..findings import Finding, error

COLUMNS = ("omzet", "btw")
_HEADER = ("rubriek", *COLUMNS)


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text of the file and where it stands (from 1)."""

    text: str
    line: int
    column: int

    def make_error(self, code: str, field: str, text: str) -> Finding:
        """Make an error that points here."""
        return error(code, field, text, self.line, self.column)


@dataclass(frozen=True, slots=True)
class Row:
    """One rubriek as written, with its filled cells by column."""

    rubriek: Cell
    amounts: tuple[tuple[str, Cell], ...]


def read_csv_rows(text: str) -> tuple[list[Row], list[Finding]]:
    """Read `rubriek,omzet,btw` (comma or semicolon, columns in any order); return rows and what is wrong."""
    # Not the csv module: it knows no columns of the text, and no cell here can hold a separator.
    lines = [(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        return [], [error("figures-empty", "figures", "Het bestand is leeg.", 1, 1)]
    number, head = lines[0]
    separator = ";" if ";" in head else ","
    names = [Cell(cell.text.lower(), number, cell.column) for cell in _split_cells(head, separator, number)]
    found = list(_check_header(names))
    if found:
        return [], found
    rows: list[Row] = []
    for number, line in lines[1:]:
        cells = _split_cells(line, separator, number)
        if len(cells) > len(names):
            extra = "Deze rij heeft te veel kolommen; staat er een komma of punt in een bedrag?"
            found.append(cells[len(names)].make_error("figures-cell-extra", "figures", extra))
        else:
            rows.append(_make_row([name.text for name in names], cells))
    return rows, found


def _make_row(names: Sequence[str], cells: Sequence[Cell]) -> Row:
    named = dict(zip(names, cells, strict=False))
    rubriek = named.get("rubriek") or Cell("", cells[0].line, 1)
    return Row(rubriek, tuple((name, named[name]) for name in COLUMNS if name in named and named[name].text))


def _split_cells(line: str, separator: str, number: int) -> list[Cell]:
    cells: list[Cell] = []
    start = 0
    for part in line.split(separator):
        inner = part.strip()
        column = start + len(part) - len(part.lstrip()) + 1
        cells.append(Cell(inner.strip('"').strip(), number, column))
        start += len(part) + 1
    return cells


def _check_header(names: Sequence[Cell]) -> Iterator[Finding]:
    for name in names:
        if name.text not in _HEADER:
            text = "Deze kolom is niet bekend; de kolommen zijn rubriek, omzet en btw."
            yield name.make_error("figures-column-unknown", "figures", text)
    written = [name.text for name in names]
    for wanted in _HEADER:
        if wanted not in written:
            text = f"De kolom '{wanted}' ontbreekt in de eerste regel."
            yield Cell("", names[0].line, 1).make_error("figures-column-missing", "figures", text)
        elif written.count(wanted) > 1:
            second = [name for name in names if name.text == wanted][1]
            yield second.make_error(
                "figures-column-twice", "figures", f"De kolom '{wanted}' komt twee keer voor."
            )


def read_yaml_rows(text: str) -> tuple[list[Row], list[Finding]]:
    """Read `rubrieken: {1a: {omzet: 100, btw: 21}}`; return rows and what is wrong."""
    try:
        # Pure: the C parser overruns its stack on deep nesting and takes the process with it.
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as mistake:
        mark = mistake.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return [], [error("figures-yaml", "figures", "Het bestand is geen geldige YAML.", *place)]
    except (YAMLError, RecursionError):
        return [], [error("figures-yaml", "figures", "Het bestand is geen geldige YAML.", 1, 1)]
    if not isinstance(root, MappingNode):
        return [], [error("figures-shape", "figures", "Het bestand begint niet met 'rubrieken:'.", 1, 1)]
    rows: list[Row] = []
    found: list[Finding] = []
    for key, value in root.value:
        name = _read_cell(key)
        if name.text != "rubrieken":
            found.append(
                name.make_error("figures-shape", "figures", "Alleen de sleutel 'rubrieken' is bekend.")
            )
        elif not isinstance(value, MappingNode):
            found.append(
                name.make_error("figures-shape", "figures", "Onder 'rubrieken' horen rubrieken te staan.")
            )
        else:
            _read_rubrieken(value, rows, found)
    return rows, found


def _read_rubrieken(node: MappingNode, rows: list[Row], found: list[Finding]) -> None:
    for key, value in node.value:
        name = _read_cell(key)
        if not isinstance(value, MappingNode):
            text = "Bij een rubriek horen 'omzet' en 'btw' te staan."
            found.append(name.make_error("figures-shape", "figures", text))
            continue
        amounts: list[tuple[str, Cell]] = []
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
        rows.append(Row(name, tuple(amounts)))


def _read_cell(node: Node) -> Cell:
    mark = node.start_mark
    # A list or mapping where an amount belongs has no text of its own; '?' is refused as an amount.
    text = node.value if isinstance(node, ScalarNode) else "?"
    return Cell(str(text), mark.line + 1, mark.column + 1)
