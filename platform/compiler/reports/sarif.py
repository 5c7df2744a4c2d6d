"""Diagnostics as SARIF 2.1.0, which code scanning tools read."""

import json
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from ..compilation import Checked
from ..diagnostics import Code, Diagnostic, Span
from .paths import repository_path, show

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(checked: Checked) -> str:
    """Return a SARIF log of one run with the violated rules; what is silenced is a suppressed result."""
    silenced = [(one.diagnostic, one.reason) for one in checked.silenced]
    every = [*((diagnostic, None) for diagnostic in checked.diagnostics), *silenced]
    codes = sorted({diagnostic.code.id: diagnostic.code for diagnostic, _ in every}.items())
    index = {name: number for number, (name, _) in enumerate(codes)}
    run = {
        "tool": {
            "driver": {
                "name": "kantoor",
                "version": version("kantoor"),
                "rules": [_rule(code) for _, code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, reason, index, checked) for diagnostic, reason in every],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.id,
        "name": "".join(word.capitalize() for word in code.title.replace("_", " ").split()),
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.explanation},
        "defaultConfiguration": {"level": code.level},
    }


def _result(
    diagnostic: Diagnostic, reason: str | None, index: dict[str, int], checked: Checked
) -> dict[str, Any]:
    """Return one result. All of a run say whether they are suppressed, or none (SARIF 2.1.0, 3.27.23)."""
    help = f" Help: {diagnostic.help}" if diagnostic.help else ""
    result: dict[str, Any] = {
        "ruleId": diagnostic.code.id,
        "ruleIndex": index[diagnostic.code.id],
        "level": diagnostic.level,
        "message": {"text": f"{diagnostic.message}.{help}"},
        "locations": [{"physicalLocation": _place(diagnostic.span, checked)}],
        "suppressions": [],
    }
    if reason is not None:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": reason}]
    if diagnostic.places:
        result["relatedLocations"] = [
            {"message": {"text": related.note}, "physicalLocation": _place(related.span, checked)}
            for related in diagnostic.places
        ]
    return result


def _place(place: Span, checked: Checked) -> dict[str, Any]:
    span = show(checked, place)
    return {
        "artifactLocation": {"uri": quote(repository_path(checked, span))},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        },
    }
