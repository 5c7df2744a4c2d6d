"""Which hosts count as this machine: a password goes there in the clear, a practice office delivers there."""

import pytest

from kantoor.equipment import refuse_real_endpoints
from kantoor.hosts import is_loopback
from kantoor.settings import SettingsError, load_settings


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "::1", "[::1]"])
def test_this_machine_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "127.mail.example.com",
        "127.0.0.1.example.com",
        "localhost.example.com",
        "127.1",
        "10.0.0.1",
        "0.0.0.0",
        "::",
        "[::2]",
        "mail.example.com",
        "",
    ],
)
def test_no_other_host_is_taken_for_this_machine(host: str) -> None:
    assert not is_loopback(host)


def test_a_practice_office_sends_no_mail_to_a_host_that_only_looks_like_this_machine() -> None:
    settings = load_settings(smtp={"host": "127.mail.example.com"})
    with pytest.raises(SettingsError, match="a catcher on this machine only"):
        refuse_real_endpoints(settings)
