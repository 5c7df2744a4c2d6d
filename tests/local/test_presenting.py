"""What kantoor up prints."""

from datetime import date

from kantoor.local import practice
from kantoor.local.first_start import prepare
from kantoor.local.presenting import places
from tests.local.homes import sample_office, settings_in


def test_everything_has_its_place_and_a_new_office_is_told_what_to_do_first(tmp_path):
    settings = settings_in(tmp_path, portal=True)
    practice.init(settings, date(2025, 12, 31), 1)
    equipment = prepare(settings, lambda line: None)
    told = places(equipment)
    assert settings.temporal.address in told
    assert f"http://127.0.0.1:{settings.local.server_web_port}" in told
    assert f"Open http://127.0.0.1:{settings.portal.port} in a browser" in told
    assert "2025-12-31 09:00, stopped" in told
    assert "Not connected" not in told  # nothing is, in an office to practise in
    assert "run `kantoor deploy`, then `kantoor relation import" in told
    sample_office(equipment)
    assert "Nothing can start" not in places(equipment)
    equipment.close()


def test_what_is_elsewhere_is_said_so_and_no_password_is_shown(tmp_path):
    settings = settings_in(tmp_path)
    equipment = prepare(settings, lambda line: None)
    assert "Not connected for real yet: returns go to a simulator" in places(equipment)
    settings.temporal.address = "temporal.example:7233"
    settings.smtp.host = "smtp.example"
    settings.digipoort.delivery_url = "https://wus.example/x"
    settings.database_url = "postgresql://kantoor:geheim@db.example/kantoor"
    told = places(equipment)
    assert told.count("(elsewhere)") == 3
    assert "web page" not in told
    assert "geheim" not in told
    assert "Not connected" not in told
    equipment.close()
