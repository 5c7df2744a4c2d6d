"""The JSON Schemas of the definition language, generated from the models."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .language.kinds import KINDS, Kind


@cache
def schemas() -> Mapping[str, str]:
    """Return every schema as text, by file name."""
    return MappingProxyType({f"{kind.name}.schema.json": _render(_make_schema(kind)) for kind in KINDS})


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema to a folder and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, text in schemas().items():
        (folder / name).write_text(text, "utf-8")
        files.append(folder / name)
    return files


def _make_schema(kind: Kind) -> dict[str, Any]:
    schema = kind.model.model_json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind.name.capitalize()}
    return {**head, **_tidy({key: value for key, value in schema.items() if key != "title"})}


def _tidy(part: Any) -> Any:
    """Remove noise: the default null of optional keys, and titles that repeat key names."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    tidy = {}
    for key, value in part.items():
        if key == "properties":
            tidy[key] = {name: _tidy(below) for name, below in value.items()}
        elif not (key == "default" and value is None) and key != "title":
            tidy[key] = _tidy(value)
    return tidy


def _render(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
