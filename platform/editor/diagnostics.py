"""Diagnostics of the compiler as an editor shows them; the quick fix of those that name the right word."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from lsprotocol import types

from ..compiler.diagnostics import Code, Diagnostic, Span
from ..compiler.language.kinds import OFFICE_FILE
from ..compiler.pages import anchor_of
from ..compiler.source_text import Source
from .positions import Page

SOURCE = "kantoor"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "diagnostics.md"
"""The page of all codes, where kantoor runs from a clone."""

_SEVERITY = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning}
_MEANT = re.compile(r"did you mean '([^']+)'(?:\?$|, which is missing here\?$|\? (?:'. is|it has) the )")


def group_diagnostics(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    encoding: str,
    make_uri: Callable[[str], str],
) -> dict[str, list[types.Diagnostic]]:
    """Return the diagnostics of every file of a folder that has some, by path."""
    pages = {path: Page(source.text, encoding) for path, source in sources.items()}
    found: dict[str, list[types.Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        for span in (diagnostic.span, *diagnostic.also):  # each where somebody may look at it
            path = OFFICE_FILE if span.path == "." else span.path
            found[path].append(_convert(replace(diagnostic, span=span), pages, make_uri))
    return dict(found)


def _convert(
    diagnostic: Diagnostic, pages: Mapping[str, Page], make_uri: Callable[[str], str]
) -> types.Diagnostic:
    help = f"\nhelp: {diagnostic.help}" if diagnostic.help else ""
    address = link_to(diagnostic.code)
    return types.Diagnostic(
        range=_range(diagnostic.span, pages),
        message=f"{diagnostic.message}{help}",
        severity=_SEVERITY[diagnostic.level],
        code=diagnostic.code.id,
        code_description=types.CodeDescription(address) if address else None,
        source=SOURCE,
        related_information=[
            types.DiagnosticRelatedInformation(
                types.Location(make_uri(one.span.path), _range(one.span, pages)), one.note
            )
            for one in diagnostic.related
        ]
        or None,
        data=find_meant(diagnostic),
    )


def _range(span: Span, pages: Mapping[str, Page]) -> types.Range:
    return pages[span.path].range(span) if span.path in pages else Page("").range(span)


def link_to(code: Code) -> str | None:
    """Return the address of a code's section in docs/diagnostics.md, or None where that page is not here."""
    return f"{PAGE.as_uri()}#{anchor_of(code)}" if PAGE.is_file() else None


def find_meant(diagnostic: Diagnostic) -> str | None:
    """Return the word that a diagnostic's help names as the right one, or None."""
    found = _MEANT.match(diagnostic.help or "")
    return found[1] if found else None


def fix(diagnostic: types.Diagnostic, page: Page, uri: str) -> types.CodeAction | None:
    """Return the quick fix of a diagnostic that names the right word; the word may be inside quotes."""
    meant = diagnostic.data
    if diagnostic.source != SOURCE or not isinstance(meant, str):
        return None
    start, end = page.offset_at(diagnostic.range.start), page.offset_at(diagnostic.range.end)
    written = page.text[start:end]
    if len(written) > 1 and written[0] == written[-1] and written[0] in "'\"":
        start, end = start + 1, end - 1
    edit = types.TextEdit(page.range_of(start, end), meant)
    return types.CodeAction(
        title=f"Change to '{meant}'",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        is_preferred=True,
        edit=types.WorkspaceEdit(changes={uri: [edit]}),
    )
