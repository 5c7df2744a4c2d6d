"""Diagnostics as JSON: a list of objects with code, severity, message and position."""

import json
from typing import Any

from ..compilation import Compilation
from ..diagnostics import Diagnostic, Span
from .paths import shown_path


def as_json(compilation: Compilation) -> str:
    """Return the diagnostics as a JSON list."""
    objects = [_to_object(diagnostic, compilation) for diagnostic in compilation.diagnostics]
    return json.dumps(objects, indent=2) + "\n"


def _to_object(diagnostic: Diagnostic, compilation: Compilation) -> dict[str, Any]:
    return {
        "code": diagnostic.code.id,
        "severity": diagnostic.level,
        "message": diagnostic.message,
        **_place(diagnostic.span, compilation),
        "help": diagnostic.help,
        "related": [
            {"message": related.note, **_place(related.span, compilation)} for related in diagnostic.related
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
