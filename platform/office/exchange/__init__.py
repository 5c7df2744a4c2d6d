"""Relations and people in and out, as CSV files (R25); docs/import.md shows a whole folder."""

from .applying import Rules
from .cells import can_be_bsn
from .checks import complain_far_beginning
from .editing import (
    THERE_ALREADY,
    Costly,
    Edit,
    Edited,
    Entry,
    Mistake,
    Mistaken,
    Overtaken,
    edit,
    find_unreadable,
    read_number,
)
from .exporting import ExportError, ExportThereError, export_folder
from .identity import CAN_BE_BSN, IdentityChecker, IdentityGiven, IdentityRemark, IdentityVerdict
from .importing import Counted, Imported, NotImported, Unless, import_folder
from .many import Weighed, edit_many
from .problems import Problem

__all__ = [
    "CAN_BE_BSN",
    "THERE_ALREADY",
    "Costly",
    "Counted",
    "Edit",
    "Edited",
    "Entry",
    "ExportError",
    "ExportThereError",
    "IdentityChecker",
    "IdentityGiven",
    "IdentityRemark",
    "IdentityVerdict",
    "Imported",
    "Mistake",
    "Mistaken",
    "NotImported",
    "Overtaken",
    "Problem",
    "Rules",
    "Unless",
    "Weighed",
    "can_be_bsn",
    "complain_far_beginning",
    "edit",
    "edit_many",
    "export_folder",
    "find_unreadable",
    "import_folder",
    "read_number",
]
