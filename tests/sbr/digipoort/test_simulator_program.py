"""The simulator as a program: its line, its signals, its exit status, and what a SIGKILL leaves."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kantoor.sbr.digipoort.client import DigipoortClient
from kantoor.sbr.digipoort.messages import Identity, Receipt
from kantoor.sbr.digipoort.settings import simulator_settings
from kantoor.sbr.digipoort.simulator.journal import read_journal

from .laboratory import IDENTITY, Laboratory, delivery

COMMAND = [sys.executable, "-m", "kantoor.cli", "digipoort-simulator"]
Program = subprocess.Popen[str]


@pytest.fixture
def start(lab: Laboratory, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start a simulator of one state folder."""
    programs: list[Program] = []

    def run(*arguments: str, certificates: Path = lab.folder) -> Program:
        options = ["--folder", str(tmp_path / "state"), "--certificates", str(certificates), *arguments]
        program = subprocess.Popen(
            [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        programs.append(program)
        return program

    yield run
    for program in programs:
        program.kill()
        program.communicate()


def _address(program: Program) -> str:
    """Wait for the line that says it is ready."""
    assert program.stdout is not None
    line = program.stdout.readline()
    assert line.startswith("Digipoort simulator ready on https://127.0.0.1:"), line
    return line.split()[4].rstrip(",")


def test_what_it_acknowledged_survives_sigkill(
    start: Callable[..., Program], lab: Laboratory, tmp_path: Path
) -> None:
    program = start("--port-file", str(tmp_path / "port"))
    address = _address(program)
    assert address.endswith(f":{(tmp_path / 'port').read_text()}")
    with DigipoortClient(simulator_settings(address, lab.folder)) as client:
        receipts = [client.deliver(delivery(aanleverkenmerk=f"a-{number}")) for number in range(5)]
    kenmerken = [receipt.kenmerk for receipt in receipts if isinstance(receipt, Receipt)]
    program.kill()
    program.wait()

    again = start()
    with DigipoortClient(simulator_settings(_address(again), lab.folder)) as client:
        listed = [process.kenmerk for process in client.processes(Identity(IDENTITY), "Omzetbelasting")]
        assert listed == kenmerken
        assert client.statuses(kenmerken[0])[0].code == "105"
    entries = read_journal(tmp_path / "state")
    assert [entry.kenmerk for entry in entries] == kenmerken
    assert {(tmp_path / "state" / "contents" / entry.sha256).read_bytes() for entry in entries} == {
        delivery().content
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quietly(number: signal.Signals, start: Callable[..., Program]) -> None:
    program = start()
    _address(program)
    program.send_signal(number)
    assert program.wait(20) == 0
    assert program.communicate() == ("", "")


def test_a_foreign_client_leaves_no_noise(start: Callable[..., Program], lab: Laboratory) -> None:
    program = start()
    port = int(_address(program).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert b"HTTP" not in plain.recv(100)
    program.terminate()
    assert program.communicate(timeout=20) == ("", "")


def test_a_port_that_is_taken_ends_with_a_sentence(start: Callable[..., Program]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        program = start("--port", str(port))
        _, errors = program.communicate(timeout=20)
    assert program.returncode == 3
    assert errors == f"Error: port {port} is taken: stop what listens there, or give --port another one\n"


def test_a_script_that_cannot_be_used_ends_with_a_sentence(
    start: Callable[..., Program], tmp_path: Path
) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("- { identity: x, delivery: 1, scenario: unheard }")
    program = start("--script", str(script))
    _, errors = program.communicate(timeout=20)
    assert program.returncode == 2
    assert errors.startswith("Error: row 1 of the script, scenario")
    assert "Traceback" not in errors


def test_certificates_that_cannot_be_used_end_with_a_sentence(
    start: Callable[..., Program], lab: Laboratory, tmp_path: Path
) -> None:
    broken = tmp_path / "certificates"
    broken.mkdir()
    for file in lab.folder.iterdir():
        (broken / file.name).write_bytes(file.read_bytes())
    (broken / "signer-key.pem").write_text("rubbish")
    program = start(certificates=broken)
    _, errors = program.communicate(timeout=20)
    assert program.returncode == 3
    assert errors == "Error: the key of the certificate cannot be read (not the expected PEM)\n"


def test_certificates_are_made_when_there_are_none(start: Callable[..., Program], tmp_path: Path) -> None:
    folder = tmp_path / "new"
    address = _address(start(certificates=folder))
    with DigipoortClient(simulator_settings(address, folder)) as client:
        assert client.try_channel() is None
