"""Settings for child programs: everything that differs from the defaults, as environment variables."""

import os
from pathlib import Path

from pydantic import SecretStr

from ..settings import Settings, environment_name, setting_names

MARK = "OFFICE_OF_KANTOOR"
"""A variable of ours in every child: the home it belongs to, by which its orphans are found."""


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a child: this process's, with the settings as they are here."""
    own = {environment_name(path) for path, _, _ in setting_names()}
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    return {**inherited, **settings_environment(settings), MARK: str(settings.home)}


def settings_environment(settings: Settings) -> dict[str, str]:
    """Return the settings that are not the defaults by their environment names; secrets included."""
    found = {}
    for path, _, default in setting_names():
        part = settings if len(path) == 1 else getattr(settings, path[0])
        value = getattr(part, path[-1])
        if value is None or value == default:
            continue
        found[environment_name(path)] = _write_value(value)
    return found


def _write_value(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, Path | str | int | float) else repr(value)
