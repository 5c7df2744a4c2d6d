"""What several folders of tests share: one office that runs for all that ask for it; how a run is spread."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path

import psutil
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import HealthCheck, settings

from kantoor.local.environment import settings_environment
from tests.examples import so_many
from tests.runtime.world import end_shared_servers
from tests.service.town import Commands, Town, furnish, running_town

# How long an example may take says something of the machine, not of what is tested.
settings.register_profile(
    "kantoor", max_examples=so_many(100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kantoor")


# Thousands of tests and what they share stay: looking through them all for garbage took a twentieth of a run.
gc.set_threshold(50_000, 20, 100)

ROOM = 4 * 2**30
"""Bytes that are free in memory where what tests write goes there: a few times as many as a run comes to."""


def find_memory_folder() -> Path | None:
    """Return the folder that a Linux machine keeps in memory; None where it has none of use, or little room.

    Databases wait for the disk at each thing they write, and these are gone with the run: nothing here is
    about a power failure of the machine. A container often lets nothing in that folder be executed.
    """
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK | os.X_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return None
    room = min(shutil.disk_usage(folder).free, psutil.virtual_memory().available)
    return folder if room >= ROOM else None


in_memory = None if os.environ.keys() & {"PYTEST_DEBUG_TEMPROOT", "TMPDIR"} else find_memory_folder()
if in_memory:
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(in_memory)  # workers inherit it


COSTLY = ("postgresql", "pages_town", "whole_town", "lonely_town")
"""Fixtures of a session that take seconds: the tests of each go to one worker, so that it is made once."""
FIRST = (
    "whole_town",
    "pages_town",
    "lonely_town",
    "postgresql",
    "tests/bench/test_chaos.py",
    "tests/runtime/test_scenarios.py",
    "tests/browser/test_story.py",
    "tests/local/test_office.py",
    "tests/cli/test_breaches_tried.py",
    "machine_page",
)
"""Groups that take longest, the longest first: one that begins last keeps a core idle while it ends."""


LONGEST_NAME = 200
"""Characters of a parameter that are its name in that of its test."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return two workers more than there are cores: while some wait for a program, the others work.

    Each reads all tests first, and compiles for itself what is shipped: with more of them that costs more.
    """
    return (psutil.cpu_count() or 1) + 2


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Have one worker run the tests of a costly fixture, and those of a file: what they share is made once.

    The groups are marked before xdist of each worker reads the marks, and put in order after pytest did.
    """
    for item in items:
        if not item.get_closest_marker("xdist_group") or _costly(item):
            item.add_marker(pytest.mark.xdist_group(_costly(item) or item.nodeid.partition("::")[0]))
    yield
    items.sort(key=_turn)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long text by its length: each worker escapes the name of each test, and sends it thrice."""
    return f"{argname}-{len(val)}" if isinstance(val, str | bytes) and len(val) > LONGEST_NAME else None


def _costly(item: pytest.Item) -> str | None:
    """Return the costly fixture that a test asks for, itself or by a parameter."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    asked = {*getattr(item, "fixturenames", ()), *map(str, parameters)}
    return next((name for name in COSTLY if name in asked), None)


def _group(item: pytest.Item) -> str | None:
    """Return the group that a test is run with: that of a costly fixture, of its own mark, or of its file."""
    mark = item.get_closest_marker("xdist_group")
    return mark.args[0] if mark else None


def _turn(item: pytest.Item) -> int:
    group = _group(item)
    return FIRST.index(group) if group in FIRST else len(FIRST)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the servers of a folder, and a town, after the last test that shared them: idle they take time."""
    if nextitem is None or nextitem.path.parent != item.path.parent:
        end_shared_servers()
    group = _group(item)
    if group in _open_towns and (nextitem is None or _group(nextitem) != group):
        _open_towns.pop(group).close()


os.environ["KANTOOR_CACHE"] = ""  # what a test checks is looked at, whatever another found before


@pytest.fixture(scope="session", autouse=True)
def system_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Stand in for the system's temporary folder, and insist that kantoor and its tests leave nothing in it.

    A folder of this process alone, since other runs share the real one. Other users may pass through it:
    under root the PostgreSQL server, whose data is in it, runs as one of them.
    """
    tmp_path_factory.getbasetemp()  # pytest's own folder stays where it was
    folder = Path(tempfile.mkdtemp(prefix="kantoor-tests-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.setitem(os.environ, "TMPDIR", str(folder))
        patch.setitem(os.environ, "XDG_CACHE_HOME", str(folder / "cache"))  # walks, for this run alone
        yield folder
    left = sorted(file.name for file in folder.glob("kantoor-*"))
    shutil.rmtree(folder, ignore_errors=True)
    assert not left, f"left in the system's temporary folder: {', '.join(left)}"


@pytest.fixture(autouse=True)
def long_work_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what commands print the same however busy the machine is."""
    monkeypatch.setattr("kantoor.cli.progress.QUIET_SECONDS", 600)


@pytest.fixture(scope="session", autouse=True)
def acts_are_recorded() -> Iterator[None]:
    """Have whoever acts go on once lists and timeline have it, however slow the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kantoor.service.desk.SETTLE_SECONDS", 60)
        yield


@pytest.fixture(scope="session", autouse=True)
def keys_read_once() -> Iterator[None]:
    """Read each private key once in a process: each time its primes are tested, for 50 ms."""
    reader = "kantoor.sbr.digipoort.certificates.load_pem_private_key"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, cache(load_pem_private_key))
        yield


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    """Run an office with its definitions and relations."""
    with running_town(folder) as town:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in settings_environment(town.settings).items():
                patch.setenv(name, value)
            furnish(town)
        yield town


_open_towns: dict[str, ExitStack] = {}
"""What ends a town, by the fixture that it is of."""


def _keep_open(fixture: str, town: AbstractContextManager[Town]) -> Iterator[Town]:
    """Yield a town that runs until the last test that asks for it, or to the end of the session."""
    with ExitStack() as stack:
        _open_towns[fixture] = stack
        yield stack.enter_context(town)


@pytest.fixture(scope="session")
def whole_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The office, with its definitions and relations."""
    yield from _keep_open("whole_town", open_town(tmp_path_factory.mktemp("town")))


@pytest.fixture(scope="session")
def pages_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The same office once more, for the tests of the pages: one alone set how long a run took."""
    yield from _keep_open("pages_town", open_town(tmp_path_factory.mktemp("pages")))


@pytest.fixture(scope="session")
def lonely_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An office with few filings: looking through all of them is quick, and its database can be put back."""
    yield from _keep_open("lonely_town", open_town(tmp_path_factory.mktemp("lonely")))


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
