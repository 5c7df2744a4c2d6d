"""Diagnostics as JSON: a list, each with code, severity, message and place."""

import json
from typing import Any

from ..compilation import Compilation
from ..diagnostics import Diagnostic, Span
from .paths import shown_path


def as_json(compilation: Compilation) -> str:
    """Return the diagnostics as a JSON list."""
    found = [_one(diagnostic, compilation) for diagnostic in compilation.diagnostics]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _one(found: Diagnostic, compilation: Compilation) -> dict[str, Any]:
    return {
        "code": found.code.id,
        "severity": found.level,
        "message": found.message,
        **_place(found.span, compilation),
        "help": found.help,
        "related": [
            {"message": related.note, **_place(related.span, compilation)} for related in found.related
        ],
    }


def _place(span: Span, compilation: Compilation) -> dict[str, Any]:
    return {
        "path": shown_path(compilation, span),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
