"""The edge of the command line: exit statuses, sentences, reports, and what is not imported."""

import re
import subprocess
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest

import kantoor.cli
from kantoor.cli.failures import (
    BUG,
    INTERRUPTED,
    KNOWN,
    NO,
    OUTSIDE,
    WRONG_USE,
    Failure,
    print_error,
    run_guarded,
)
from kantoor.cli.main import COMMANDS, cli, execute
from kantoor.cli.options import OneOf, Person
from kantoor.cli.wrong_use import OF_OFFICE_PEOPLE
from kantoor.office.database.errors import DatabaseFullError
from kantoor.runtime.office_mark import NotYetUpError
from kantoor.settings import SettingsError


def failing(error: BaseException) -> int:
    def command() -> None:
        raise error

    return run_guarded(command, "kantoor filing --as", debug=False)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Failure("nee", NO), NO),
        (Failure("weg", OUTSIDE), OUTSIDE),
        (SettingsError(["KANTOOR_X is not a setting"]), WRONG_USE),
        (DatabaseFullError("the disk is full"), OUTSIDE),
        (PermissionError(13, "Permission denied", "x/y"), OUTSIDE),
        (KeyboardInterrupt(), INTERRUPTED),
    ],
)
def test_an_expected_error_is_one_line_without_traceback(error, status, capsys):
    assert failing(error) == status
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert len(told.strip().splitlines()) <= 1


def test_office_people_read_in_dutch_which_folder_is_missing_and_others_in_english(tmp_path, capsys):
    file = tmp_path / "weg" / "x.html"
    assert failing(FileNotFoundError(2, "No such file or directory", str(file))) == OUTSIDE
    assert capsys.readouterr().err == f"Fout: de map {file.parent} bestaat niet\n"
    assert print_error(FileNotFoundError(2, "No such file", str(file)), "kantoor backup") == OUTSIDE
    assert capsys.readouterr().err == f"Error: {file}: the folder {file.parent} does not exist\n"
    assert failing(FileNotFoundError(2, "No such file", str(tmp_path / "x"))) == OUTSIDE
    assert capsys.readouterr().err == f"Fout: {tmp_path / 'x'} bestaat niet\n"


def test_wrong_use_is_one_line_and_where_the_help_is(capsys):
    assert failing(click.UsageError("zo niet")) == WRONG_USE
    assert capsys.readouterr().err == "Fout: zo niet\nZie kantoor filing --help.\n"


def test_our_own_bug_leaves_a_report_without_values(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert failing(RuntimeError("BSN 123456782 van Jan")) == BUG
    (report,) = tmp_path.glob("kantoor-report-*.txt")
    assert str(report) in capsys.readouterr().err
    content = report.read_text()
    assert "builtins.RuntimeError" in content
    assert "kantoor/cli/failures.py" in content
    assert "command: kantoor filing --as\n" in content
    assert "123456782" not in content
    assert "Jan" not in content


def test_a_report_names_the_options_and_not_what_was_given_to_them(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(cli, "get_command", lambda *_: 1 / 0)
    assert execute(["check", "--reason=geheim", "--as", "jan"]) == BUG
    (report,) = tmp_path.glob("kantoor-report-*.txt")
    assert "command: kantoor check --reason --as\n" in report.read_text()


def test_debug_shows_the_traceback(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run_guarded(lambda: 1 / 0, "kantoor", debug=True) == BUG
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_who_works_in_a_copy_of_an_office_reads_in_dutch_that_it_is_one(capsys):
    assert failing(NotYetUpError(Path("kopie"))) == OUTSIDE
    assert "ligt een kopie van het kantoor" in capsys.readouterr().err


def test_a_command_returns_its_own_status():
    assert run_guarded(lambda: 1, "kantoor", debug=False) == 1
    assert run_guarded(lambda: None, "kantoor", debug=False) == 0


@pytest.mark.parametrize(
    ("words", "sentence", "help_of"),
    [
        (["nonsense"], "Het commando 'nonsense' bestaat niet.", "kantoor"),
        (["plannr"], "Het commando 'plannr' bestaat niet. Bedoelt u 'planner'?", "kantoor"),
        (["filing", "shw"], "Het commando 'shw' bestaat niet. Bedoelt u 'show'?", "kantoor filing"),
        (["--loud"], "De optie '--loud' bestaat niet.", "kantoor"),
        (
            ["planner", "--yaer", "2026"],
            "De optie '--yaer' bestaat niet. Bedoelt u '--year'?",
            "kantoor planner",
        ),
        (
            ["planner", "--period", "2026-01"],
            "De optie '--period' bestaat niet. De planner toont hele jaren: --year 2026.",
            "kantoor planner",
        ),
        (["planner", "x", "y"], "Dit is te veel: x y.", "kantoor planner"),
        (["planner", "--year"], "Vul achter de optie '--year' een waarde in.", "kantoor planner"),
        (
            ["relation", "import", "x", "--yes=ja"],
            "De optie '--yes' krijgt geen waarde.",
            "kantoor relation",
        ),
        (["filing", "note", "x"], "Het argument 'TEXT' ontbreekt.", "kantoor filing note"),
        (
            ["filing", "decide", "x"],
            "Het argument 'ANSWER' ontbreekt."
            " Kies uit: approve (akkoord), sign (ondertekend), reject (afgekeurd), "
            "not-deliver (niet indienen).",
            "kantoor filing decide",
        ),
        (
            ["filing", "decide", "x", "akoord", "--as", "anja"],
            "Bij 'ANSWER': 'akoord' kan hier niet; bedoelt u 'akkoord'?",
            "kantoor filing decide",
        ),
        (
            ["relation", "list", "--sort", "week"],
            "Bij '--sort': 'week' kan hier niet; kies uit: number (nummer), name (naam), status, legal_form "
            "(rechtsvorm).",
            "kantoor relation list",
        ),
        (
            ["work"],
            "De optie '--as' ontbreekt. Zeg met --as PERSON wie handelt, of zet KANTOOR_AS.",
            "kantoor work",
        ),
        (
            ["team", "absent", "wim", "--from", "2026-01-01"],
            "De optie '--as' ontbreekt. Zeg met --as PERSON wie handelt, of zet KANTOOR_AS.",
            "kantoor team absent",
        ),
        (["planner", "--year", "dit"], "Bij '--year': 'dit' is geen geheel getal.", "kantoor planner"),
        (
            ["relation", "import", "/nergens"],
            "Bij 'FOLDER': De map '/nergens' bestaat niet.",
            "kantoor relation import",
        ),
        (
            ["relation", "import", __file__],
            f"Bij 'FOLDER': {__file__!r} is een bestand, en moet een map zijn.",
            "kantoor relation import",
        ),
        (
            ["filing", "attach", "x", "/", "--as", "a"],
            "Bij 'FILE': '/' is een map, en moet een bestand zijn.",
            "kantoor filing attach",
        ),
        (
            ["filing", "complete", "x", "--as", "a", "--id", "!"],
            "Bij '--id': schrijf 1 tot 100 letters, cijfers of tekens uit _ . : -",
            "kantoor filing complete",
        ),
        (
            ["filing", "decide", "x", "goedkeuren", "--as", "a"],
            "Bij 'ANSWER': 'goedkeuren' kan hier niet; kies uit: approve (akkoord), sign (ondertekend), "
            "reject (afgekeurd), not-deliver (niet indienen).",
            "kantoor filing decide",
        ),
        (
            ["planner", "--year", "2300"],
            "Bij '--year': 2300 kan hier niet; vul een getal vanaf 1900 tot en met 2199 in.",
            "kantoor planner",
        ),
        (
            ["mail", "show", "0"],
            "Bij 'NUMBER': 0 kan hier niet; vul een getal vanaf 1 in.",
            "kantoor mail show",
        ),
        (["portal", "manager"], "Het argument 'PERSON' ontbreekt.", "kantoor portal manager"),
    ],
)
def test_what_office_people_typed_wrongly_is_one_dutch_line_and_where_to_look(
    words, sentence, help_of, capsys, monkeypatch
):
    monkeypatch.delenv("KANTOOR_AS", raising=False)
    assert execute(words) == WRONG_USE
    assert capsys.readouterr() == ("", f"Fout: {sentence}\nZie {help_of} --help.\n")


@pytest.mark.parametrize(
    ("words", "sentence", "help_of"),
    [
        (["chek"], "No such command 'chek'. Did you mean 'check'?", "kantoor"),
        (["check", "--lout"], "No such option '--lout'.", "kantoor check"),
        (["compile", "."], "Missing option '--out'.", "kantoor compile"),
        (
            ["practice", "run", "--until", "31-13-2025"],
            "Invalid value for '--until': '31-13-2025' is not an existing date: write 2025-12-31 or "
            "31-12-2025, with a time as 2025-12-31T09:00.",
            "kantoor practice run",
        ),
        (["portal", "run", "x"], "Got unexpected extra argument (x)", "kantoor portal run"),
    ],
)
def test_what_authors_typed_wrongly_is_one_english_line(words, sentence, help_of, capsys):
    assert execute(words) == WRONG_USE
    assert capsys.readouterr() == ("", f"Error: {sentence}\nSee {help_of} --help.\n")


def test_a_group_without_a_command_says_so_and_shows_which_there_are(capsys):
    assert execute(["filing"]) == WRONG_USE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Fout: typ achter kantoor filing een van de commando's hieronder\n\nUsage: ")
    assert "\n  decide " in err


def test_a_failure_may_say_what_to_do_after_its_line(capsys):
    assert failing(Failure("zo niet", NO, "Doe dit.")) == NO
    assert capsys.readouterr().err == "Error: zo niet\nDoe dit.\n"


def test_who_acts_for_the_office_reads_dutch_of_every_command():
    acting = {
        path[0]
        for path, command in commands_below(cli)
        if any(isinstance(one.type, Person) for one in command.params)
    }
    assert acting
    assert acting <= OF_OFFICE_PEOPLE


def commands_below(group, path=()):
    """Yield the path of every command that can be typed below a group, and the command."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands_below(command, (*path, name))


def test_what_office_people_choose_from_is_told_in_dutch():
    choices = [
        (" ".join(path), one)
        for path, command in commands_below(cli)
        if path[0] in OF_OFFICE_PEOPLE
        for one in command.params
        if isinstance(one.type, click.Choice)
    ]
    assert any(isinstance(one.type, OneOf) for _, one in choices)
    formats = ("--format",)  # names of formats are the same in Dutch
    others = [(path, one.opts) for path, one in choices if not isinstance(one.type, OneOf)]
    assert [(path, opts) for path, opts in others if tuple(opts[:1]) != formats] == []


def test_every_command_of_every_module_can_be_typed():
    typed = {id(command) for _, command in commands_below(cli)}
    names = {one.name for one in iter_modules(kantoor.cli.__path__)} - {"__main__"}
    modules = [import_module(f"kantoor.cli.{name}") for name in sorted(names)]
    defined = {
        f"{module.__name__}.{name}": command
        for module in modules
        for name, command in vars(module).items()
        if isinstance(command, click.Command) and command is not cli
    }
    assert len(defined) > 30
    assert [name for name, command in defined.items() if id(command) not in typed] == []


def test_every_command_is_in_the_help_of_its_group(capsys):
    for path, command in commands_below(cli):
        assert execute([*path[:-1], "--help"]) == 0
        assert command.hidden or f"\n  {path[-1]} " in capsys.readouterr().out, path


ROOT = Path(__file__).parents[2]
CODE_OF_PAGES = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
IN_PROSE = re.compile(r"\bkantoor ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
NAMES = {("practice", "authority")}
"""What the certificates of a practice office are named; no command."""
TYPED = re.compile(r"(?:^|`|[$&|;] )kantoor ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", re.MULTILINE)


def list_commands_named():
    """Yield the file and the words of every command that a page, a text or a comment names."""
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for code in CODE_OF_PAGES.findall(page.read_text("utf-8")):
            yield from ((page, words) for words in TYPED.findall(code))
    known = cli.list_commands(click.Context(cli))
    for module in (ROOT / "platform").rglob("*.py"):
        for words in IN_PROSE.findall(module.read_text("utf-8")):
            if words in NAMES:
                continue
            if words[0] in known or get_close_matches(words[0], known, 1, 0.85):  # else it is a sentence
                yield module, words


def test_every_command_that_a_text_names_can_be_typed():
    typed = dict(commands_below(cli))
    unknown = {
        (file.relative_to(ROOT).as_posix(), *words)
        for file, words in list_commands_named()
        if words[:1] not in typed
        or (words[1] and isinstance(typed[words[:1]], click.Group) and words not in typed)
    }
    assert unknown == set()


def test_every_known_error_exists():
    for name in KNOWN:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(import_module(module), kind), Exception)


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_and_version_import_neither_temporalio_nor_any_command(words):
    code = f"""
import sys
from kantoor.cli.main import execute
assert execute({words!r}) == 0
heavy = {{"temporalio", "sqlalchemy", "lxml", "pydantic", "kantoor.cli.filings"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_commands_that_only_read_the_office_import_neither_temporalio_nor_an_http_client():
    code = """
import sys
from kantoor.cli.main import execute
for words in (["planner"], ["work"], ["filing", "list"], ["filing", "show"], ["relation", "list"]):
    assert execute([*words, "--help"]) == 0
heavy = {"temporalio", "h11", "rich", "kantoor.compiler"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("name", [name for commands in COMMANDS.values() for name in commands])
def test_the_table_of_commands_is_what_the_modules_hold(name):
    context = click.Context(cli)
    command = cli.get_command(context, name)
    assert command
    first_sentence = (command.help or "").split("\n")[0].split(". ")[0].rstrip(".") + "."
    assert first_sentence == next(commands[name] for commands in COMMANDS.values() if name in commands)


def test_every_command_that_a_module_has_is_in_the_table_or_below_one_that_is():
    """A command is found by its line in the table alone: without one nobody can type it."""
    files = [one.name for one in iter_modules(kantoor.cli.__path__) if one.name != "__main__"]
    modules = [import_module(f"kantoor.cli.{name}") for name in files]
    defined = {one.name: one for module in modules for one in getattr(module, "commands", ())}
    listed = {name for commands in COMMANDS.values() for name in commands}
    assert listed <= set(defined)
    groups = [one for name, one in defined.items() if name in listed and isinstance(one, click.Group)]
    below = {id(one) for group in groups for one in group.commands.values()}
    assert [name for name, one in defined.items() if name not in listed and id(one) not in below] == []


def test_a_reader_that_goes_away_brings_no_complaint():
    command = f"{sys.executable} -m kantoor.cli --help | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], stderr=subprocess.PIPE, check=False)
    assert done.returncode in (0, 1)
    assert done.stderr == b""


def test_a_full_disk_behind_the_output_is_no_mistake_of_ours():
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f"{sys.executable} -m kantoor.cli schema > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
