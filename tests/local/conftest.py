"""Homes of offices, made once and copied: keys, certificates and imports take longer than most tests."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kantoor.local.first_start import prepare
from kantoor.settings import Settings

from .homes import sample_office, settings_in


def _silent(line: str) -> None:
    pass


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an office in which nothing ran yet."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    prepare(settings_in(home), _silent).close()
    return home


@pytest.fixture(scope="session")
def sample_home(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the sample office, in which nothing ran yet."""
    home = Path(shutil.copytree(prepared_home, tmp_path_factory.mktemp("sample") / "home"))
    equipment = prepare(settings_in(home), _silent)
    sample_office(equipment)
    equipment.close()
    return home


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[Path], Settings]:
    """Copy a home to the test's own folder and return the settings of the copy."""

    def copy(home: Path) -> Settings:
        shutil.copytree(home, tmp_path, dirs_exist_ok=True)
        return settings_in(tmp_path)

    return copy
