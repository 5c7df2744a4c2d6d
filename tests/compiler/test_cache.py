"""The cache of checks: what it says is what a check says, whatever became of its entries."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kantoor.cli.main import execute
from kantoor.compiler import cache, compile_definitions
from kantoor.compiler.cache import MOST_ENTRIES, check_definitions, find_folder, list_own_files
from kantoor.compiler.examples import WORKFLOW, Example, lay_out
from kantoor.compiler.reports import FORMATS

from .conftest import SmallOffice

MESSAGE = "messages/ter-accordering.yaml"
WARNING = "ends:\n  - id: gestopt\n    title: Gestopt\n    planner: klaar\n"
PIECES: dict[str, Example] = {
    "nothing": Example("title: Aangifte btw\n"),
    "errors": Example("phases:\n  - id: nazorg\n    title: N\n    role: weg\n    role: weg\n"),
    "a warning": Example(WARNING),
    "a silenced warning": Example(
        WARNING.replace("stopt\n", "stopt # kantoor: allow K231 because straks\n", 1)
    ),
    "a syntax error": Example("phases: [", how="whole"),
    "not UTF-8": Example(b"title: \xff\n"),
    "a byte order mark": Example(b"\xef\xbb\xbftitle: x\n"),
    "a file too many": Example("title: x\n", "rollen/weg.yaml", how="whole"),
    "no office": Example("", "office.yaml", how="absent"),
    "half a character": Example('title: "\\ud800"\nx: y\n', how="whole"),
    "a file that is a folder's": Example("title: x\n", "scenarios/weg.yaml", how="whole"),
}


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    return tmp_path / "entries"


def _say(folder: Path, entries: Path | None) -> list[object]:
    """Return all that can be said of a folder."""
    checked = check_definitions(folder, entries)
    return [checked.diagnostics, checked.count, checked.silenced, *(say(checked) for say in FORMATS.values())]


def _find_entry(entries: Path) -> Path:
    (entry,) = entries.iterdir()
    return entry


@pytest.mark.parametrize("what", PIECES)
def test_what_is_known_is_said_as_it_is_found(what: str, tmp_path: Path, entries: Path) -> None:
    folder = tmp_path / "definitions"
    lay_out(PIECES[what], folder)
    found = _say(folder, None)
    assert found[0] == compile_definitions(folder).diagnostics
    assert _say(folder, entries) == found
    assert _say(folder, entries) == found
    assert _say(folder, entries) == found


def test_the_same_texts_are_not_looked_at_again_in_any_folder(office: SmallOffice, entries: Path) -> None:
    office.with_piece(WARNING)
    elsewhere = shutil.copytree(office.folder, office.folder.with_name("elsewhere"))
    first = _count_calls(lambda: check_definitions(office.folder, entries))
    assert _count_calls(lambda: check_definitions(office.folder, entries)) < first / 5
    assert _count_calls(lambda: check_definitions(elsewhere, entries)) < first / 5
    (elsewhere / MESSAGE).write_text((elsewhere / MESSAGE).read_text("utf-8") + "# x\n", "utf-8")
    assert _count_calls(lambda: check_definitions(elsewhere, entries)) > first / 5


def _count_calls(work: Callable[[], object]) -> int:
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def test_after_each_change_of_any_file_the_answer_is_a_new_one(tmp_path: Path, entries: Path) -> None:
    folder = tmp_path / "definitions"
    lay_out(Example("title: Aangifte btw\n"), folder)
    for file in sorted(folder.rglob("*.yaml")):
        text = file.read_text("utf-8")
        file.write_text(text.replace("title: ", "titel: ").replace("name: ", "naam: "), "utf-8")
        assert _say(folder, entries) == _say(folder, None)
        file.unlink()
        assert _say(folder, entries) == _say(folder, None)
        file.with_name(f"ander-{file.name}").write_text(text, "utf-8")
        assert _say(folder, entries) == _say(folder, None)
        file.with_name(f"ander-{file.name}").rename(file)
        assert _say(folder, entries) == _say(folder, None)


def _put_folder(entry: Path) -> None:
    entry.unlink()
    (entry / "x").mkdir(parents=True)


def _put_pipe(entry: Path) -> None:
    entry.unlink()
    os.mkfifo(entry)


def _put_link(entry: Path) -> None:
    entry.rename(entry.parent.parent / "moved")
    entry.symlink_to(entry.parent.parent / "moved")


def _replace(old: bytes, new: bytes) -> Callable[[Path], object]:
    return lambda entry: entry.write_bytes(entry.read_bytes().replace(old, new))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": lambda entry: entry.unlink(),
    "empty": lambda entry: entry.write_bytes(b""),
    "cut off": lambda entry: entry.write_bytes(entry.read_bytes()[:-9]),
    "cut off in its digest": lambda entry: entry.write_bytes(entry.read_bytes()[:30]),
    "longer": lambda entry: entry.write_bytes(entry.read_bytes() + b" "),
    "another code": _replace(b"K231", b"K232"),
    "another place": _replace(b",1,", b",9,"),
    "a pickle": lambda entry: entry.write_bytes(b"\x80\x04cos\nsystem\n(S'touch pickled'\ntR."),
    "huge": lambda entry: entry.write_bytes(b" " * 5_000_000),
    "a folder": _put_folder,
    "a pipe": _put_pipe,
    "a link": _put_link,
    "written by others": lambda entry: entry.chmod(0o666),
    "in a folder of others": lambda entry: entry.parent.chmod(0o777),
    "a file for the folder": lambda entry: (shutil.rmtree(entry.parent), entry.parent.write_bytes(b"x")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_entry_with_something_wrong_is_as_good_as_none(
    damage: str, office: SmallOffice, entries: Path
) -> None:
    office.with_piece(WARNING)
    found = _say(office.folder, entries)
    DAMAGES[damage](_find_entry(entries))
    assert _say(office.folder, entries) == found
    assert _say(office.folder, entries) == found
    assert not Path("pickled").exists()


@pytest.mark.parametrize(
    "damage", ["gone", "cut off", "another code", "a pickle", "a link", "written by others"]
)
def test_a_damaged_entry_is_written_again(damage: str, office: SmallOffice, entries: Path) -> None:
    office.with_piece(WARNING)
    check_definitions(office.folder, entries)
    entry = _find_entry(entries)
    content = entry.read_bytes()
    DAMAGES[damage](entry)
    check_definitions(office.folder, entries)
    assert not entry.is_symlink()
    assert entry.read_bytes() == content
    assert entry.stat().st_mode & 0o777 == 0o600
    assert entries.stat().st_mode & 0o777 == 0o700


def test_each_bit_that_is_flipped_is_noticed(office: SmallOffice, entries: Path) -> None:
    office.with_piece(WARNING)
    check_definitions(office.folder, entries)
    entry = _find_entry(entries)
    content = entry.read_bytes()
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        entry.write_bytes(flipped)
        assert cache._read_entry(entry, entry.name) is None
    entry.write_bytes(content)
    assert cache._read_entry(entry, entry.name) is not None


def test_an_entry_of_other_texts_is_ignored(office: SmallOffice, entries: Path) -> None:
    office.with_piece(WARNING)
    check_definitions(office.folder, entries)
    of_a_warning = _find_entry(entries).read_bytes()
    _find_entry(entries).unlink()
    office.with_piece("title: Aangifte btw\n")
    found = _say(office.folder, entries)
    _find_entry(entries).write_bytes(of_a_warning)
    assert _say(office.folder, entries) == found


@pytest.mark.parametrize("changed", ["plan.py", "compiler/checks/unused.py", "compiler/constructs.yaml"])
def test_an_entry_of_another_version_is_ignored(
    changed: str, office: SmallOffice, entries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.with_piece(WARNING)
    check_definitions(office.folder, entries)
    other = tmp_path / "other"
    for file in list_own_files():
        copy = other / file.relative_to(cache._ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes() + (b"\n" if file.match(f"*/{changed}") else b""))
    cache._stamp.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(cache, "_ROOT", other)
        check_definitions(office.folder, entries)
        assert len(list(entries.iterdir())) == 2
    cache._stamp.cache_clear()
    check_definitions(office.folder, entries)
    assert len(list(entries.iterdir())) == 2


def test_all_of_kantoor_that_a_check_reads_is_in_its_digest() -> None:
    script = (
        "import sys; from kantoor.compiler import compilation, diagnostics, cache\n"
        "compilation.all_checks(), diagnostics.all_codes()\n"
        "for name, module in sys.modules.items():\n"
        "    if name.startswith('kantoor.') and module.__file__: print(module.__file__)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    read = {Path(line).resolve() for line in done.stdout.splitlines()}
    assert len(read) > 100
    assert read <= {file.resolve() for file in list_own_files()}


def test_where_nothing_can_be_written_everything_is_checked(office: SmallOffice, tmp_path: Path) -> None:
    office.with_piece(WARNING)
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file" / "check", Path("/proc/kantoor/check"), Path("/dev/null/check")):
        assert _say(office.folder, place) == _say(office.folder, None)


def test_what_cannot_be_read_is_asked_each_time(office: SmallOffice, entries: Path) -> None:
    office.with_piece("title: Aangifte btw\n")
    gone = office.folder / "roles" / "weg.yaml"
    gone.symlink_to(office.folder / "nergens")
    assert _say(office.folder, entries) == _say(office.folder, None)
    assert not entries.exists()


def test_the_oldest_entries_make_way_and_other_files_stay(office: SmallOffice, entries: Path) -> None:
    office.with_piece(WARNING)
    entries.mkdir(mode=0o700)
    (entries / "mine.json").write_text("x")
    for number in range(MOST_ENTRIES + 20):
        file = entries / f"{number:064x}.json"
        file.write_text("x")
        os.utime(file, (number, number))
    half = entries / f".{1:064x}.json.0123abcd"
    half.write_text("x")
    os.utime(half, (1, 1))
    check_definitions(office.folder, entries)
    names = {file.name for file in entries.iterdir()}
    assert len(names) == MOST_ENTRIES + 1
    assert "mine.json" in names
    assert f"{20:064x}.json" not in names
    assert f"{21:064x}.json" in names
    assert half.name not in names


def test_an_entry_that_was_used_stays_longer(office: SmallOffice, entries: Path) -> None:
    office.with_piece(WARNING)
    check_definitions(office.folder, entries)
    entry = _find_entry(entries)
    os.utime(entry, (1, 1))
    check_definitions(office.folder, entries)
    assert entry.stat().st_mtime > time.time() - 3600


def test_many_at_once_say_the_same_and_leave_one_entry(office: SmallOffice, entries: Path) -> None:
    office.with_piece(WARNING)
    found = _say(office.folder, None)
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: _say(office.folder, entries), range(12)))
    assert all(one == found for one in said)
    assert cache._read_entry(_find_entry(entries), _find_entry(entries).name) is not None


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"KANTOOR_CACHE": "/a/b"}, "/a/b/check"),
        ({"KANTOOR_CACHE": "/a/b", "XDG_CACHE_HOME": "/c"}, "/a/b/check"),
        ({"KANTOOR_CACHE": "", "XDG_CACHE_HOME": "/c"}, None),
        ({"XDG_CACHE_HOME": "/c"}, "/c/kantoor/check"),
        ({"XDG_CACHE_HOME": "not/absolute"}, f"{Path.home()}/.cache/kantoor/check"),
        ({}, f"{Path.home()}/.cache/kantoor/check"),
        ({"KANTOOR_CACHE": "~nobody-of-that-name/x"}, None),
    ],
)
def test_entries_lie_in_the_cache_folder_of_the_user(environment: dict[str, str], folder: str | None) -> None:
    assert find_folder(environment) == (Path(folder) if folder else None)


def test_check_keeps_what_it_finds_unless_it_is_told_not_to(
    office: SmallOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office.with_piece(WARNING)
    monkeypatch.setenv("KANTOOR_CACHE", str(tmp_path / "cache"))
    assert execute(["check", "--no-cache", str(office.folder)]) == 0
    assert not (tmp_path / "cache").exists()
    said = capsys.readouterr()
    for _ in range(2):
        assert execute(["check", str(office.folder)]) == 0
        assert capsys.readouterr() == said
    assert len(list((tmp_path / "cache" / "check").iterdir())) == 1
    (office.folder / WORKFLOW).write_text("titel: x\n", "utf-8")
    assert execute(["check", str(office.folder)]) == 1
