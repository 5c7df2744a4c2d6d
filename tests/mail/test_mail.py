"""Sending and catching: over a real socket, against the real catcher or a server that refuses."""

import asyncio
import contextlib
import dataclasses
import signal
import socket
import subprocess
import sys
from datetime import datetime
from email import message_from_bytes, policy

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from kantoor.mail.catcher import keep, list_caught, read, start_catcher
from kantoor.mail.smtp import Letter, Problem, SendingError, Server, compose, log_in, message_id, send

LETTER = Letter(
    workflow_id="filing/btw-aangifte/1001/2026-01/-/1",
    number=7,
    address="jan@klant.invalid",
    name="Jan de Vries",
    subject="Uw aangifte staat klaar",
    text="Beste Jan,\n\nUw aangifte staat klaar: kantoor work --as jan\n",
    at=datetime(2026, 2, 3, 8, 0),
    sender_name="Kantoor Voorbeeld",
)


def server_at(port: int, **more: object) -> Server:
    return Server(host="127.0.0.1", port=port, sender="kantoor@kantoor.invalid", seconds=5, **more)


@contextlib.asynccontextmanager
async def catching(folder):
    server = await start_catcher(folder, "127.0.0.1", 0)
    try:
        yield server_at(server.sockets[0].getsockname()[1])
    finally:
        server.close()


class Refusing:
    """Answers each command as it was told to."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if "rcpt" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 ok")

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        envelope.mail_from = address
        return self.answers.get("mail", "250 ok")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        return self.answers.get("data", "250 ok")


async def refused(handler: object, **more: object) -> SendingError:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    try:
        with pytest.raises(SendingError) as caught_error:
            await send(server_at(server.sockets[0].getsockname()[1], **more), LETTER)
    finally:
        server.close()
    assert "klant" not in f"{caught_error.value} {caught_error.value.dutch}"
    return caught_error.value


async def test_what_is_sent_is_caught_word_for_word(tmp_path):
    async with catching(tmp_path) as server:
        sent = await send(server, LETTER)
    (message,) = list_caught(tmp_path)
    assert (message.number, message.to, message.message_id) == (1, LETTER.address, sent)
    assert (message.subject, message.text) == (LETTER.subject, LETTER.text)
    assert message.sender == "Kantoor Voorbeeld <kantoor@kantoor.invalid>"
    assert (message.at, message.repeated) == ("2026-02-03T08:00", False)


async def test_a_repeat_has_the_same_id_and_says_so(tmp_path):
    async with catching(tmp_path) as server:
        await send(server, LETTER)
        await send(server, dataclasses.replace(LETTER, repeated=True))
    first, second = list_caught(tmp_path)
    assert first.message_id == second.message_id
    assert (first.repeated, second.repeated) == (False, True)


def test_another_command_or_person_has_another_id_and_none_tells_who():
    ids = {
        message_id(letter, "kantoor@kantoor.invalid")
        for letter in (
            LETTER,
            dataclasses.replace(LETTER, number=8),
            dataclasses.replace(LETTER, address="els@klant.invalid"),
        )
    }
    assert len(ids) == 3
    assert not any("klant" in one or "1001" in one for one in ids)


@pytest.mark.parametrize(
    "subject",
    [
        "Nog geen besluit over de btw-aangifte van Loodgietersbedrijf Van der Steen B.V. over januari 2026",
        "Nog géén besluit over de btw-aangifte van Loodgietersbedrijf Van der Steen B.V. over januari 2026",
    ],
)
def test_a_long_subject_is_read_back_as_the_line_it_was(tmp_path, subject):
    number = keep(tmp_path, compose(dataclasses.replace(LETTER, subject=subject), "a@b.example"))
    assert read(tmp_path, number).subject == subject


async def test_names_subjects_and_texts_of_any_letters_arrive(tmp_path):
    letter = dataclasses.replace(
        LETTER, name='Zoë "Zo" Şahin, BV', subject="Café — 1e herinnering\nBcc: x", text=".\n..\nEuro €\n"
    )
    async with catching(tmp_path) as server:
        await send(server, letter)
    (message,) = list_caught(tmp_path)
    assert message.subject == "Café — 1e herinnering Bcc: x"
    assert message.text == letter.text


@pytest.mark.parametrize(
    "address", ["", "jan", "jan@", "@klant.invalid", "jan@klant.invalid\nBcc: x@y.z", "a b@c.d"]
)
def test_what_is_no_address_is_never_sent_to(address):
    with pytest.raises(SendingError) as caught_error:
        compose(dataclasses.replace(LETTER, address=address), "kantoor@kantoor.invalid")
    assert caught_error.value.problem is Problem.ADDRESS
    assert not caught_error.value.temporary


HOSTILE = "abc ,;:<>@\"\\()[]=?.é€Şñ日\u202e\n'&"


@given(
    st.one_of(
        st.text(HOSTILE, max_size=120),
        st.text(max_size=60),
        st.sampled_from(
            [
                'Bakkerij & Zonen, Handelsonderneming "De Gouden Krakeling" B.V. <x@y.example> i.o.',
                "é, b@other.example " * 5,
                "=?utf-8?q?a=2C_b=40other=2Eexample?=",
            ]
        ),
    )
)
def test_no_name_adds_a_recipient_or_takes_its_own_away(name):
    letter = dataclasses.replace(LETTER, name=name, sender_name=name)
    message = message_from_bytes(compose(letter, "kantoor@kantoor.invalid"), policy=policy.default)
    assert [one.addr_spec for one in message["To"].addresses] == [LETTER.address]
    assert [one.addr_spec for one in message["From"].addresses] == ["kantoor@kantoor.invalid"]
    assert message["Subject"] == LETTER.subject
    assert message.get_content().replace("\r\n", "\n") == LETTER.text


def test_an_ordinary_long_name_is_kept_as_it_is():
    name = 'Bakkerij Jansen & Zonen, Handelsonderneming "De Krakeling" B.V.'
    content = compose(dataclasses.replace(LETTER, name=name), "kantoor@kantoor.invalid")
    (to,) = message_from_bytes(content, policy=policy.default)["To"].addresses
    assert to.display_name == name


async def test_nobody_listening_is_temporary():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(SendingError) as caught_error:
            await send(server_at(free.getsockname()[1]), LETTER)
    assert (caught_error.value.problem, caught_error.value.temporary) == (Problem.UNREACHABLE, True)


@pytest.mark.parametrize(
    ("answers", "problem", "code"),
    [
        ({"rcpt": "550 5.1.1 <jan@klant.invalid> unknown"}, Problem.RECIPIENT, "(550 5.1.1)"),
        ({"rcpt": "450 4.2.0 greylisted"}, Problem.LATER, "(450 4.2.0)"),
        ({"data": "554 5.7.1 jan@klant.invalid looks like spam"}, Problem.REFUSED, "(554 5.7.1)"),
        ({"data": "452 full"}, Problem.LATER, "(452)"),
        ({"mail": "530 5.7.0 authentication required"}, Problem.LOGIN, "(530)"),
    ],
)
async def test_a_refusal_is_told_by_its_code_alone(answers, problem, code):
    error = await refused(Refusing(**answers))
    assert error.problem is problem
    assert error.temporary == (problem not in {Problem.RECIPIENT, Problem.REFUSED})
    assert str(error).endswith(code)
    assert error.dutch.endswith(code)


async def test_encryption_that_was_asked_for_is_not_given_up():
    error = await refused(Refusing(), security="starttls")
    assert error.problem is Problem.INSECURE


async def test_a_server_that_breaks_off_leaves_it_unknown():
    async def cut(reader, writer):
        writer.write(b"220 hello\r\n")
        await reader.readline()
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    async with server:
        with pytest.raises(SendingError) as caught_error:
            await send(server_at(server.sockets[0].getsockname()[1]), LETTER)
    assert caught_error.value.temporary


async def test_a_full_disk_is_answered_with_later(tmp_path):
    (tmp_path / "mail").write_text("no folder can be made here")
    async with catching(tmp_path / "mail") as server:
        with pytest.raises(SendingError) as caught_error:
            await send(server, LETTER)
    assert (caught_error.value.problem, caught_error.value.temporary) == (Problem.LATER, True)


def test_numbers_go_on_after_a_restart_and_parts_of_a_killed_catcher_are_no_messages(tmp_path):
    assert keep(tmp_path, b"Subject: een\r\n\r\n") == 1
    (tmp_path / ".99.part").write_bytes(b"half")
    assert keep(tmp_path, b"Subject: twee\r\n\r\n") == 2
    assert [message.subject for message in list_caught(tmp_path)] == ["een", "twee"]


def test_rubbish_is_shown_as_far_as_it_can_be_read(tmp_path):
    keep(tmp_path, b"\xff\xfe\x00 no message at all")
    keep(tmp_path, b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff")
    assert len(list_caught(tmp_path)) == 2
    with pytest.raises(FileNotFoundError):
        read(tmp_path, 3)


CATCH = """
import asyncio, sys
from pathlib import Path
from kantoor.mail.catcher import start_catcher
async def main():
    server = await start_catcher(Path(sys.argv[1]), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


async def test_a_message_that_was_taken_survives_sigkill(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", CATCH, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout
        await send(server_at(int(program.stdout.readline())), LETTER)
        program.send_signal(signal.SIGKILL)
    assert [message.subject for message in list_caught(tmp_path)] == [LETTER.subject]


@pytest.mark.parametrize(("password", "problem"), [("goed", None), ("fout", Problem.LOGIN)])
async def test_a_login_that_is_refused_is_found_without_a_message(password, problem):
    def known(server, session, envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == b"goed", handled=False)

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(Refusing(), loop=loop, authenticator=known, auth_require_tls=False), "127.0.0.1", 0
    )
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        server = server_at(port, user="kantoor", password=password)
        if problem is None:
            await log_in(server)
            return
        with pytest.raises(SendingError) as raised:
            await log_in(server)
    assert raised.value.problem is problem
    assert password not in str(raised.value)
