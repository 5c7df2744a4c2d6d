import re
from pathlib import Path

import pytest

from kantoor.settings import SettingsError, environment_name, load_settings, setting_names
from kantoor.settings_page import settings_page

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for path, _, _ in setting_names():
        monkeypatch.delenv(environment_name(path), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_environment_wins_over_the_file_and_the_file_over_the_default(folder, monkeypatch):
    (folder / "kantoor.toml").write_text('[smtp]\nhost = "post.invalid"\nport = 26\n')
    monkeypatch.setenv("KANTOOR_SMTP_PORT", "27")
    smtp = load_settings().smtp
    assert (smtp.host, smtp.port, smtp.security) == ("post.invalid", 27, "none")


def test_the_file_in_the_home_folder_counts_where_the_current_one_has_none(folder, monkeypatch):
    (folder / "thuis").mkdir()
    (folder / "thuis" / "kantoor.toml").write_text('[temporal]\nnamespace = "kantoor-1"\n')
    monkeypatch.setenv("KANTOOR_HOME", "thuis")
    assert load_settings().temporal.namespace == "kantoor-1"


def test_relative_paths_lie_in_the_home_folder(folder):
    settings = load_settings(home=Path("hier"))
    assert settings.keys == folder / "hier" / "keys"
    assert settings.digipoort.certificate == folder / "hier" / "certificates" / "client.pem"
    assert settings.database_url == f"sqlite:///{folder}/hier/kantoor.db"


def test_one_practice_setting_leaves_the_others_short(monkeypatch):
    monkeypatch.setenv("KANTOOR_PRACTICE_POLL_SECONDS", "3")
    settings = load_settings()
    assert settings.timing(practice=True).poll_seconds == 3
    assert settings.timing(practice=True).sticky_queue_seconds == 3
    assert settings.timing(practice=False).sticky_queue_seconds == 10


def test_every_wrong_value_gives_one_sentence_with_its_name_and_source(folder, monkeypatch):
    (folder / "kantoor.toml").write_text("[local]\nserver_web_port = 0\n")
    monkeypatch.setenv("KANTOOR_SMTP_PORT", "abc")
    monkeypatch.setenv("KANTOOR_PORTAL_BASE_URL", "http://mijn.linde.example")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert len(caught.value.problems) == 3
    pages, port, web = sorted(caught.value.problems)
    assert pages.startswith(
        "invalid value for KANTOOR_PORTAL_BASE_URL (from the environment): links go out encrypted"
    )
    assert port.startswith(
        "invalid value for KANTOOR_SMTP_PORT (from the environment): should be a valid integer"
    )
    assert web.startswith(
        "invalid value for local.server_web_port (from kantoor.toml; in the environment KANTOOR_LOCAL_"
    )


def test_an_unknown_name_is_refused_with_what_was_meant(folder, monkeypatch):
    monkeypatch.setenv("KANTOOR_DATABASE_ULR", "sqlite://")
    (folder / "kantoor.toml").write_text('[smtp]\nhsot = "x"\n')
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert (
        caught.value.problems[0] == "unknown setting KANTOOR_DATABASE_ULR; did you mean KANTOOR_DATABASE_URL?"
    )
    assert caught.value.problems[1] == "kantoor.toml: unknown setting smtp.hsot; did you mean smtp.host?"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[smpt]\nport = 1\n", "unknown setting smpt; did you mean smtp?"),
        ("port = 1\n", "unknown setting port; did you mean smtp.port?"),
        ("zzzzz = 1\n", "unknown setting zzzzz"),
    ],
)
def test_an_unknown_section_or_bare_name_is_refused(folder, content, told):
    (folder / "kantoor.toml").write_text(content)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.problems == (f"kantoor.toml: {told}",)


def test_what_belongs_together_is_asked_for_together(monkeypatch):
    monkeypatch.setenv("KANTOOR_SMTP_USER", "ik")
    with pytest.raises(
        SettingsError, match=r"invalid value for smtp \(KANTOOR_SMTP_…\): user and password go together"
    ):
        load_settings()


@pytest.mark.parametrize("content", ["a = [", "[smtp]\nport = 'x"])
def test_a_broken_file_gives_a_sentence(folder, content):
    (folder / "kantoor.toml").write_text(content)
    with pytest.raises(SettingsError, match=r"kantoor\.toml cannot be read as TOML: "):
        load_settings()


@pytest.mark.parametrize("host", ["post.invalid", "127.mail.example.com"])
def test_a_password_does_not_travel_in_the_clear(monkeypatch, host):
    monkeypatch.setenv("KANTOOR_SMTP_HOST", host)
    monkeypatch.setenv("KANTOOR_SMTP_USER", "ik")
    monkeypatch.setenv("KANTOOR_SMTP_PASSWORD", "geheim")
    with pytest.raises(SettingsError, match="set security to starttls or tls") as caught:
        load_settings()
    assert "geheim" not in str(caught.value)


def test_secrets_are_not_printed(monkeypatch):
    monkeypatch.setenv("KANTOOR_SMTP_USER", "ik")
    for name in ("SMTP_PASSWORD", "TEMPORAL_API_KEY", "DIGIPOORT_KEY_PASSWORD"):
        monkeypatch.setenv(f"KANTOOR_{name}", "geheim")
    monkeypatch.setenv("KANTOOR_DATABASE_URL", "postgresql://ik:geheim@localhost/kantoor")
    settings = load_settings()
    assert "geheim" not in f"{settings!r} {settings}"
    assert settings.temporal.uses_tls


def test_every_setting_has_a_description_and_the_page_is_fresh():
    for path, field, _ in setting_names():
        assert field.description, path
        assert field.description.endswith("."), path
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert page == settings_page(), "run make docs"
    named = set(re.findall(r"`(KANTOOR_[A-Z_]+)`", page))
    assert {environment_name(path) for path, _, _ in setting_names()} <= named


def test_pages_that_others_can_reach_need_an_address_that_is_encrypted():
    with pytest.raises(SettingsError, match="base_url is needed"):
        load_settings(portal={"host": "0.0.0.0"})
    settings = load_settings(portal={"host": "0.0.0.0", "base_url": "https://mijn.linde.example"})
    assert settings.base_url == "https://mijn.linde.example"
