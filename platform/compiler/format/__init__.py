"""The formatter: one canonical layout for every definition file, its comments kept where they belong.

The layout follows from the values and comments of a file, and from the language: not from how it was written.
What stays the author's are empty lines between keys of the top level and around comments, and the lines of
a folded text, which can follow its sense.
"""

from .formatting import Formatted, Refused, format_definition

__all__ = ["Formatted", "Refused", "format_definition"]
