"""Diagnostics as JSON: a list of objects with code, severity, message and position."""

import json
from typing import Any

from ..compilation import Checked
from ..diagnostics import Diagnostic, Span
from .paths import show, shown_path


def as_json(checked: Checked) -> str:
    """Return the diagnostics as a JSON list."""
    objects = [_to_object(diagnostic, checked) for diagnostic in checked.diagnostics]
    return json.dumps(objects, indent=2) + "\n"


def _to_object(diagnostic: Diagnostic, checked: Checked) -> dict[str, Any]:
    return {
        "code": diagnostic.code.id,
        "severity": diagnostic.level,
        "message": diagnostic.message,
        **_place(diagnostic.span, checked),
        "help": diagnostic.help,
        "related": [
            {"message": related.note, **_place(related.span, checked)} for related in diagnostic.places
        ],
    }


def _place(place: Span, checked: Checked) -> dict[str, Any]:
    span = show(checked, place)
    return {
        "path": shown_path(checked, span),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
