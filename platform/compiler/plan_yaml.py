"""A plan as YAML, for people who want to see what a template compiles to."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import SafeRepresenter

from ..data import fill_in
from ..plan import Plan

WIDTH = 100


class _Representer(SafeRepresenter):
    """Writes texts of several lines as literal blocks."""


def _represent_text(representer: Any, value: str) -> ScalarNode:
    style = "|" if "\n" in value else None
    node: ScalarNode = representer.represent_scalar("tag:yaml.org,2002:str", value, style=style)
    return node


_Representer.add_representer(str, _represent_text)


def plan_as_yaml(plan: Plan) -> str:
    """Return the plan with every default filled in; absent keys (no `law`, no `offer`) are left out."""
    writer = YAML(typ="safe", pure=True)
    writer.Representer = _Representer
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # annotated as None
    writer.default_flow_style = False
    writer.width = WIDTH
    stream = StringIO()
    writer.dump(_without_absent(fill_in(plan)), stream)
    return stream.getvalue()


def _without_absent(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_absent(value) for key, value in data.items() if value is not None}
    return [_without_absent(item) for item in data] if isinstance(data, list) else data
