"""What several folders of tests share: one office that runs, for all tests of a process that ask for it."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from kantoor.local.environment import settings_environment
from tests.service.town import Commands, Town, furnish, running_town

# How long an example may take says something of the machine, not of what is tested.
settings.register_profile("kantoor", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kantoor")


@pytest.fixture(scope="session")
def whole_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The office, with its definitions and relations."""
    with running_town(tmp_path_factory.mktemp("town")) as town, pytest.MonkeyPatch.context() as patch:
        for name, value in settings_environment(town.settings).items():
            patch.setenv(name, value)
        furnish(town)
        patch.undo()
        yield town


@pytest.fixture
def town(whole_town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The office, as whoever types commands finds it."""
    monkeypatch.chdir(whole_town.folder)
    for name, value in settings_environment(whole_town.settings).items():
        monkeypatch.setenv(name, value)
    return whole_town


@pytest.fixture
def kantoor(town: Town, capsys: pytest.CaptureFixture[str]) -> Commands:
    """Commands typed in the office."""
    return Commands(capsys)
