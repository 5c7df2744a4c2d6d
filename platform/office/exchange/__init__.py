"""Relations and people in and out, as CSV files (R25); docs/import.md shows a whole folder."""

from .exporting import ExportError, ExportThereError, export_folder
from .identity import IdentityChecker, IdentityGiven, IdentityRemark, IdentityVerdict
from .importing import Counted, Imported, NotImported, Unless, import_folder
from .problems import Problem

__all__ = [
    "Counted",
    "ExportError",
    "ExportThereError",
    "IdentityChecker",
    "IdentityGiven",
    "IdentityRemark",
    "IdentityVerdict",
    "Imported",
    "NotImported",
    "Problem",
    "Unless",
    "export_folder",
    "import_folder",
]
