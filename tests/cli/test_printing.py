"""Tables and progress: drawn where somebody watches, plain in a pipe, and the same as JSON."""

import io
import json
import subprocess
import sys
import time

import pytest

from kantoor.cli.printing import print_list, print_table
from kantoor.cli.progress import show_progress
from kantoor.period import Period
from kantoor.tables import Table

TABLE = Table(
    ("opdracht", "wat"),
    (
        ("btw-aangifte/1001/2026-01", "Stukken opvragen bij de klant"),
        ("btw-aangifte/1002/2026-01", "[bold]Controle[/bold]"),
    ),
)


class Terminal(io.StringIO):
    """Somebody who watches."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Return what puts a terminal of so many columns in place, and gives what is written to it."""

    def watch(columns):
        out, err = Terminal(), Terminal()
        for name, value in {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": str(columns)}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdout", out)
        monkeypatch.setattr("sys.stderr", err)
        return out, err

    return watch


def plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()]


def test_in_a_pipe_a_table_is_aligned_text(capsys):
    print_table(TABLE)
    assert capsys.readouterr().out.splitlines() == [
        "opdracht                   wat",
        "btw-aangifte/1001/2026-01  Stukken opvragen bij de klant",
        "btw-aangifte/1002/2026-01  [bold]Controle[/bold]",
    ]


def test_a_terminal_that_is_wide_enough_gets_the_same_lines(terminal):
    out, _ = terminal(80)
    print_table(TABLE)
    assert "\x1b" in out.getvalue()
    assert plain(out.getvalue()) == TABLE.lines()


def test_on_a_narrow_terminal_sentences_are_wrapped_and_ids_stay_whole(terminal):
    out, _ = terminal(50)
    print_table(TABLE)
    assert plain(out.getvalue()) == [
        "opdracht                   wat",
        "btw-aangifte/1001/2026-01  Stukken opvragen bij de",
        "                           klant",
        "btw-aangifte/1002/2026-01  [bold]Controle[/bold]",
    ]


def test_where_words_would_be_broken_the_text_is_left_to_the_terminal(terminal):
    out, _ = terminal(30)
    print_table(TABLE)
    assert out.getvalue().splitlines() == TABLE.lines()


def test_a_list_is_a_table_json_or_the_sentence_that_nothing_is_there(capsys):
    def table(found):
        return Table(("periode",), tuple((period.words,) for period in found))

    periods = [Period.parse("2026-01")]
    print_list("text", periods, table, "Niets.")
    assert capsys.readouterr().out == "periode\njanuari 2026\n"
    print_list("text", [], table, "Niets.")
    assert capsys.readouterr().out == "Niets.\n"
    print_list("json", [], table, "Niets.")
    assert json.loads(capsys.readouterr().out) == []


def test_in_a_pipe_what_is_soon_done_needs_no_word(capsys):
    with show_progress() as progress:
        progress("starting", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_in_a_pipe_long_work_says_on_plain_lines_how_far_it_is(capsys, monkeypatch):
    monkeypatch.setattr("kantoor.cli.progress.QUIET_SECONDS", 0.01)
    monkeypatch.setattr("kantoor.cli.progress.BETWEEN_SECONDS", 0.01)
    told = []
    with show_progress() as progress:
        for done in (1, 2):
            progress("starting", done, 2)
            while f"starten {done}/2 …" not in told:
                told += capsys.readouterr().err.splitlines()
                time.sleep(0.01)
    assert told == ["starten 1/2 …", "starten 2/2 …"]


def test_on_a_terminal_progress_says_what_is_done_and_leaves_no_trace(terminal):
    out, err = terminal(80)
    with show_progress() as progress:
        progress("checking")
        progress("starting", 3, 8)
    assert out.getvalue() == ""
    told = err.getvalue()
    assert "starten 3/8" in told
    assert told.endswith("\x1b[2K")


def test_rich_is_read_only_where_somebody_watches():
    code = """
import sys
from kantoor.cli.printing import print_table
from kantoor.cli.progress import show_progress
from kantoor.tables import Table
print_table(Table(("a",), (("b",),)))
with show_progress() as progress:
    progress("starting", 1, 2)
assert "rich" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
