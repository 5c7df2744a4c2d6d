"""Processes that share work end with who began them, also with one that is killed."""

import signal
import sys
from subprocess import PIPE, Popen

from kantoor.processes import share

BEGIN = """\
import time
from kantoor.processes import share

with share(3) as pool:
    asked = [pool.submit(time.sleep, seconds) for seconds in (0, 0, 60)]
    asked[1].result()
    print("begun", flush=True)
    asked[2].result()
"""


def test_processes_end_with_one_that_is_killed() -> None:
    with Popen([sys.executable, "-c", BEGIN], stdout=PIPE) as begun:
        assert begun.stdout is not None
        assert begun.stdout.readline() == b"begun\n"
        begun.send_signal(signal.SIGKILL)
        begun.communicate(timeout=20)  # comes to an end once nobody has its output open any more


def test_each_process_begins_with_what_it_is_given() -> None:
    with share(2, _learn, "iets") as pool:
        assert pool.submit(_tell).result() == ["iets"]


_known: list[str] = []


def _learn(what: str) -> None:
    _known.append(what)


def _tell() -> list[str]:
    return _known
