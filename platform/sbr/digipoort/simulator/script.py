"""The script: which delivery of which identity gets which scenario.

```yaml
- { identity: 001000044B37, delivery: 1, scenario: lost_answer }
- { identity: 123456782B90, delivery: 1, scenario: refused_content, text: De voorbelasting klopt niet. }
```

`delivery` counts the deliveries of that identity from 1, the refused ones too. `text` replaces the
authority's text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from .scenarios import SCENARIOS, Scenario


class ScriptError(Exception):
    """The script cannot be used; the sentence names row and mistake, not the identity."""


class Row(BaseModel):
    """One row of the script."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    identity: str = Field(min_length=1)
    delivery: int = Field(ge=1)
    scenario: str
    text: str | None = None

    @field_validator("scenario")
    @classmethod
    def _check_scenario(cls, name: str) -> str:
        if name not in SCENARIOS:
            raise ValueError(f"unknown scenario; expected one of {', '.join(SCENARIOS)}")
        return name


@dataclass(frozen=True, slots=True)
class Script:
    """Rows by identity and number of the delivery."""

    rows: dict[tuple[str, int], Row] = field(default_factory=dict, repr=False)

    def find(self, identity: str, delivery: int) -> tuple[Scenario, str | None] | None:
        """Return the scenario and its text, when there is a row for this delivery."""
        row = self.rows.get((identity, delivery))
        return None if row is None else (SCENARIOS[row.scenario], row.text)


def read_script(file: Path) -> Script:
    """Read a script. Raises ScriptError."""
    try:
        data = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScriptError(f"the script cannot be read: {error.strerror}") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise ScriptError(f"invalid YAML in the script: {error.problem} (line {line})") from None
    except (YAMLError, UnicodeDecodeError):
        raise ScriptError("the script is not YAML in UTF-8") from None
    try:
        rows = TypeAdapter(list[Row]).validate_python(data or [])
    except ValidationError as error:
        raise ScriptError(_sentence(error)) from None
    return Script(_by_place(rows))


def _by_place(rows: Sequence[Row]) -> dict[tuple[str, int], Row]:
    found: dict[tuple[str, int], Row] = {}
    for number, row in enumerate(rows, 1):
        if (row.identity, row.delivery) in found:
            raise ScriptError(
                f"duplicate row {number} in the script: an earlier row has the same identity and delivery"
            )
        found[row.identity, row.delivery] = row
    return found


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = first["loc"]
    if not place or not isinstance(place[0], int):
        return "the script is not a list of rows with identity, delivery and scenario"
    where = f"row {place[0] + 1} of the script" + "".join(f", {part}" for part in place[1:])
    return f"{where}: {first['msg']}"
