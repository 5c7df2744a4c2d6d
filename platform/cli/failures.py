"""The one edge for failures: what went wrong becomes a sentence and an exit status.

0 done; 1 the answer is no; 2 wrong use; 3 something outside failed; 70 our own bug; 130 interrupted.
"""

import errno
import os
import platform as machine
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from ..unseen import show_unseen
from .outside_in_dutch import explain_in_dutch, find_missing_folder
from .wrong_use import find_path, is_for_office, reads_dutch, say_wrong_use

NO, WRONG_USE, OUTSIDE, BUG, INTERRUPTED = 1, 2, 3, 70, 130

KNOWN = {
    "kantoor.settings.SettingsError": WRONG_USE,
    "kantoor.period.PeriodError": WRONG_USE,
    "kantoor.sbr.digipoort.simulator.script.ScriptError": WRONG_USE,
    "kantoor.office.database.errors.NoOfficeError": WRONG_USE,
    "kantoor.office.database.errors.DatabaseError": OUTSIDE,
    "kantoor.office.document_store.DocumentError": OUTSIDE,
    "kantoor.office.exchange.exporting.ExportError": OUTSIDE,
    "kantoor.keys.ring.KeyFileError": OUTSIDE,
    "kantoor.keys.sealing.BrokenSealError": OUTSIDE,
    "kantoor.runtime.connecting.ServerAwayError": OUTSIDE,
    "kantoor.sbr.digipoort.problems.DigipoortError": OUTSIDE,
    "kantoor.sbr.digipoort.simulator.journal.JournalError": OUTSIDE,
    "kantoor.mail.smtp.SendingError": OUTSIDE,
    "kantoor.local.errors.MisuseError": WRONG_USE,
    "kantoor.local.errors.LocalError": OUTSIDE,
    "kantoor.local.demo.stage.DemoFailedError": BUG,
}
"""Expected errors by name, so that this module imports none of theirs; a subclass counts as its base."""

DUTCH = {"kantoor.runtime.connecting.UnansweredStartError"}
"""Expected errors whose sentence is Dutch: commands of office people alone bring them about."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""What writing to a full or broken disk says; where the output itself goes has no file name."""

SERVER_CALL = "temporalio.service.RPCError"


class Failure(click.ClickException):
    """A command's own failure: a sentence, the exit status that says of which kind it is, and what to do.

    `hint` is what the command line adds to a sentence that knows of none: which option, which command.
    """

    lead = "Error"

    def __init__(self, message: str, status: int = NO, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.hint = hint


class DutchFailure(Failure):
    """The failure of a command of office people and clients, who read Dutch; others read English."""

    lead = "Fout"


def run_guarded(command: Callable[[], object], name: str, *, debug: bool) -> int:
    """Run a command and return its exit status, with what went wrong on standard error.

    `name` is what a report may say of the command: no values.
    """
    try:
        result = command()
        sys.stdout.flush()
    except click.ClickException as error:
        return print_failure(error, name)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except SystemExit as left:  # click's answer to a pipe that nobody reads, and a program's own end
        return left.code if isinstance(left.code, int) else BUG
    except BrokenPipeError:
        _close_pipe()
        return 0
    except Exception as error:
        if debug:
            traceback.print_exc()
        return print_error(error, name)
    return result if isinstance(result, int) else 0


def print_failure(error: click.ClickException, name: str) -> int:
    """Say why a command failed, or how it was typed wrongly: one line, then what to do; return the status.

    `name` is that of `run_guarded`.
    """
    if isinstance(error, Failure):
        _say(error.message, error.hint, error.lead)
        return error.status
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        if reads_dutch(error, name):
            text = f"typ achter {error.ctx.command_path} een van de commando's hieronder"
            _say(text, f"\n{error.message}", DutchFailure.lead)
        else:
            _say(f"type a command after {error.ctx.command_path}, one of those below", f"\n{error.message}")
    elif isinstance(error, click.UsageError) and reads_dutch(error, name):
        _say(say_wrong_use(error), f"Zie {find_path(error, name)} --help.", DutchFailure.lead)
    elif isinstance(error, click.UsageError):
        in_one_line = " ".join(error.format_message().split())
        _say(in_one_line, f"See {find_path(error, name)} --help.")
    else:
        _say(error.format_message())
    return error.exit_code


def explain(error: Exception) -> tuple[str, int] | None:
    """Return what to say of an error that can happen, and its exit status; None when it is a bug of ours."""
    status = next((KNOWN[kind] for kind in _names(error) if kind in KNOWN), None)
    if status is not None:
        return str(error), status
    if SERVER_CALL in _names(error):
        return f"the Temporal server rejected the request: {error}; see kantoor doctor", OUTSIDE
    if isinstance(error, OSError) and error.filename is not None:
        missing = find_missing_folder(error)
        return (
            f"{error.filename}: {f'the folder {missing} does not exist' if missing else error.strerror}",
            OUTSIDE,
        )
    if isinstance(error, OSError) and error.errno in FULL:
        return f"the output could not be written: {error.strerror}", OUTSIDE
    return None


def print_error(error: Exception, name: str) -> int:
    """Say an error on standard error and return its exit status; an unknown one is our own bug."""
    known = explain(error)
    if known is not None:
        sentence, status = known
        own = sentence if DUTCH & {*_names(error)} else None
        dutch = own or (explain_in_dutch(error, _names(error)) if is_for_office(name.split()[1:]) else None)
        _say(dutch or sentence, lead=DutchFailure.lead if dutch else Failure.lead)
        return status
    file = write_report(error, name)
    _say(
        "internal error: this is a bug in kantoor, not in your command.",
        f"A report without personal data is in {file}; please send it to the maintainers.",
    )
    return BUG


def write_report(error: Exception, name: str) -> Path:
    """Write where an error came up, without its message or any value: those may hold personal data."""
    lines = [
        f"kantoor {version('kantoor')}, Python {machine.python_version()}, {machine.system()}",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"command: {name}",
    ]
    for one in _chain(error):
        lines.append(f"error: {type(one).__module__}.{type(one).__qualname__}")
        frames = traceback.extract_tb(one.__traceback__)
        lines += [f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    handle, file = tempfile.mkstemp(prefix="kantoor-report-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    return Path(file)


def _say(sentence: str, next_step: str = "", lead: str = Failure.lead) -> None:
    click.echo(show_unseen(f"{lead}: {sentence}"), err=True)
    if next_step:
        click.echo(show_unseen(next_step), err=True)


def _names(error: Exception) -> list[str]:
    return [f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__]


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def _place(file: str) -> str:
    """Return the part of a path that is ours or a library's; what is before it may name a person."""
    parts = Path(file).parts
    ours = Path(__file__).parent.parent
    if Path(file).is_relative_to(ours):
        return f"kantoor/{Path(file).relative_to(ours)}"
    return "/".join(parts[-3:])


def _close_pipe() -> None:
    """Whoever read our output went away; the interpreter must not complain about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
