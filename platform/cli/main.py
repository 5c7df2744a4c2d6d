"""The `kantoor` command: which command is in which module, and its one edge for failures."""

import gc
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from ..suggest import nearest
from .failures import BUG, run_guarded
from .streams import prepare_streams
from .wrong_use import PROGRAMS

COMMANDS: dict[str, dict[str, str]] = {
    "authoring": {
        "check": "Check the definitions in DIR and print every error and warning.",
        "fmt": "Give the definitions in DIR, or single files, their canonical layout.",
        "compile": "Compile DIR into one <template>.plan.json per template, and print each plan's digest.",
        "show": "Show the plan of TEMPLATE, with every default filled in, as YAML.",
        "schema": "Print the JSON Schemas of the definition language, or write them to files.",
        "init": "Make an office's own repository in DIR: the definitions, and what checks and edits them.",
        "upgrade-definitions": "Merge a newer kantoor's definitions into DIR, and show what changes.",
        "explain": "Explain a code (K201), construct (offer), variable (filing.link) or key (offer.chase).",
        "draw": "Draw TEMPLATE: its phases, where they lead, deadlines and ends, in Dutch words.",
        "pages": "Write a page with a picture for every template of DIR, and one that lists them, in Dutch.",
        "mcp": "Serve assistants that edit the definitions in DIR, over standard input and output (MCP).",
        "test": "Run the scenarios of DIR, and print what did not come as they say.",
        "policies": "Hold the policies of DIR against every state that its templates can come to.",
        "simulate": "Show a filing of TEMPLATE day by day: phases, messages, dates; nothing is sent.",
        "lsp": "Serve an editor over standard input and output, as a language server for definitions.",
    },
    "reviewing": {
        "diff": "Say what changes from BASE to HEAD, for clients, staff, dates and law.",
    },
    "what_if": {
        "what-if": "Say what a change would have done to filings that really happened and are closed.",
    },
    "snapshots": {
        "snapshot": "Write what runs here, or is closed, as a file that names nobody, for diff and what-if.",
    },
    "pull_requests": {
        "review": "Check, try, hold and compare the definitions with BASE, as before a merge.",
    },
    "relations": {
        "relation": "Relations: import, export, link, remove, list, show, and check what is missing.",
        "dossier": "Dossiers: list and write the documents of a relation, and put one there.",
    },
    "office": {
        "deploy": "Check the definitions in DIR and publish their plans: new filings start on them.",
        "pilot": "Pilots: relations to begin with, what happened, and remarks.",
        "promote": "Make the plan on pilot that of everyone.",
        "rollback": "Put the plan before in force again: of a pilot, or of the last deploy.",
        "plans": "List the plans that were published, and how many filings run on each.",
        "start": "Start TEMPLATE for a period, for one relation or many.",
        "bulk": "Bulk runs: one thing for many, shown first; then confirm, pause, resume or cancel it.",
        "work": "Show what waits for a person, sorted by due date.",
        "planner": "Show relations by periods: gepland, loopt, bij klant, ingediend, klaar, te laat.",
        "recurrence": "Recurrences: what starts by itself; pause, resume, skip, unskip, set its day, stop.",
        "team": "The team: who is absent when, who their stand-in is, which titles hold.",
    },
    "filings": {
        "filing": "Filings: list, show and act on one.",
        "task": "Tasks: mark one as done.",
        "request": "Requests of data: show them, answer one, accept it or send it back.",
        "chat": "Chats: what waits to be read, read one, write in it.",
        "inbox": "Notices of authorities: put one in, and list what became of them.",
    },
    "machine": {
        "up": "Run the whole office on this machine until Ctrl-C; it continues where it stopped.",
        "worker": "Run a worker for the Temporal server of the settings, until Ctrl-C.",
        "portal": "The web pages of office and clients: serve them, sign somebody in.",
        "practice": "The practice office's clock: init, run, pause, show.",
        "mail": "The mail catcher: list and show messages.",
        "digipoort-simulator": "Run a simulator of Digipoort on this machine, until Ctrl-C.",
        "doctor": "Report what is wrong on this machine and how to fix it.",
        "backup": "Write the whole office into one archive, also while it runs.",
        "restore": "Put an office back from such an archive.",
        "demo": "Play a month in a practice office of its own: VAT returns, work on last year, a change.",
    },
}
"""Section (module) → command → one line of help; a module is read only when one of its commands is used."""

OF_THEIR_OWN = {
    "draw": "drawing",
    "pages": "drawing",
    "mcp": "assisting",
    "simulate": "simulating",
    "fmt": "formatting",
    "init": "own_definitions",
    "upgrade-definitions": "own_definitions",
    "lsp": "editing",
    "deploy": "deploying",
    "pilot": "pilots",
    "promote": "releasing",
    "rollback": "releasing",
    "plans": "plans",
    "start": "starting",
    "bulk": "bulk",
    "recurrence": "recurrences",
    "team": "team",
    "dossier": "dossier",
    "request": "requests",
    "worker": "worker",
    "chat": "chats",
    "inbox": "inbox",
    "mail": "mail",
    "portal": "portal",
    "digipoort-simulator": "simulator",
    "demo": "demo",
    "test": "testing",
    "policies": "policing",
    "backup": "keeping",
    "restore": "keeping",
}
"""Commands whose module is another than their section's: programs that must not read what they never need."""


COLLECT_AFTER = 50_000
"""So many new objects, for 700 of Python's own, before their garbage is looked for."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports a command's module on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, group by group."""
        return [name for commands in COMMANDS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; reads its module."""
        module = next((name for name, commands in COMMANDS.items() if cmd_name in commands), None)
        if module is None:
            return None
        module = OF_THEIR_OWN.get(cmd_name, module)
        commands: Sequence[click.Command] = import_module(f".{module}", __package__).commands
        return next(command for command in commands if command.name == cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of what was typed; an unknown one is wrong use, with the name that is near."""
        known, typed = self.list_commands(ctx), args[0]
        if typed not in known and not typed.startswith("-"):
            near = nearest(typed, known)
            raise click.exceptions.NoSuchCommand(typed, possibilities=[near] if near else [], ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, so that `--help` imports nothing."""
        for module, commands in COMMANDS.items():
            with formatter.section(module.replace("_", " ").capitalize()):
                formatter.write_dl(list(commands.items()))


@click.group(cls=LazyGroup, help="The workflow platform of a Dutch accountancy office, kept as code.")
@click.version_option(package_name="kantoor", message="kantoor %(version)s")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong.")
def cli(debug: bool) -> None:
    """Collect the command groups."""


def run() -> None:
    """Run the command line and leave with its exit status.

    What a program imports stays: to look through it for garbage, again and again while it comes in, took a
    fifth of a start.
    """
    gc.set_threshold(COLLECT_AFTER)
    prepare_streams()
    status = execute(sys.argv[1:])
    leave(status)


def execute(words: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    return run_guarded(
        lambda: cli.main(list(words), prog_name="kantoor", standalone_mode=False),
        _name(words),
        debug="--debug" in words,
    )


def leave(status: int) -> NoReturn:
    """Flush and leave: at once where temporalio was used, which may abort at exit after success."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            status = status or BUG
    if "temporalio" in sys.modules:
        logging.shutdown()
        os._exit(status)
    gc.freeze()  # looking once more through all that a check made takes a sixth of it, and all goes anyway
    sys.exit(status)


def _name(words: Sequence[str]) -> str:
    """Return what a report may say of a command line: the command and its options, no values."""
    known = {name for commands in COMMANDS.values() for name in commands}
    place, command = next(((place, word) for place, word in enumerate(words) if word in known), (0, ""))
    program = tuple(words[place : place + 2])
    command = " ".join(program) if program in PROGRAMS else command
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    return " ".join(["kantoor", command, *options])
