"""What an office needs before its programs start: database, keys, certificates, made once and explained."""

from collections.abc import Callable
from dataclasses import replace

from ..equipment import Equipment, open_equipment, open_own_database
from ..files import make_folder
from ..office.database.migrate import upgrade
from ..office.office_name import rename_office
from ..office.restored import last_recorded, note_restored
from ..sbr.digipoort.practice_certificates import make_test_authority
from ..settings import Settings
from .programs import certificate_folder, runs_simulator, server_file


def prepare(
    settings: Settings, say: Callable[[str], None], *, renamed: bool = False, lacks: bool = False
) -> Equipment:
    """Make what is missing and return the parts of an office that is to run here; nothing is replaced.

    Its name is another one when it is to be `renamed`, as a copy is that goes on in its original's place.
    Where it may lack (`lacks`) what was done elsewhere, deliveries ask about what came after its last record.
    Raises DatabaseError, KeyFileError, and SettingsError for a practice office with a real endpoint.
    """
    make_folder(settings.home)
    database = open_own_database(settings)
    try:
        upgrade(database)
    finally:
        database.close()
    equipment = open_equipment(settings, say=say, here=True)
    if renamed:  # once its keys are known to be its own
        with equipment.database.write() as connection:
            equipment = replace(equipment, name=rename_office(connection))
    if lacks:
        with equipment.database.write() as connection:
            note_restored(connection, last_recorded(connection))
    if equipment.news:
        say(equipment.news)
    if runs_simulator(settings):
        _make_certificates(settings, say)
    make_folder(server_file(settings).parent)
    return equipment


def _make_certificates(settings: Settings, say: Callable[[str], None]) -> None:
    folder = certificate_folder(settings)
    before = folder.exists()
    make_test_authority(folder)
    if not before:
        say(f"Made certificates for the simulator in {folder}: nobody else trusts them.")
