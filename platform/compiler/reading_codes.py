"""The codes of reading: YAML syntax errors, unreadable files, and files in the wrong place."""

from .diagnostics import Code
from .examples import Example

ROLE = "roles/accountant.yaml"

SYNTAX = Code(
    "K101",
    "invalid YAML",
    "The file is not valid YAML 1.2, or holds more than one document. The YAML reader stops at the first "
    "such error in a file; the other files are still checked.",
    wrong=Example("title: Accountant: AA of RA\n", ROLE, how="whole"),
    right=Example('title: "Accountant: AA of RA"\n', ROLE, how="whole"),
)
TAB = Code(
    "K102",
    "tab indentation",
    "YAML is indented with spaces: a tab at the beginning of a line has no agreed width.",
    wrong=Example("title: Accountant\nqualification:\n\t- AA\n", ROLE, how="whole"),
    right=Example("title: Accountant\nqualification:\n  - AA\n", ROLE, how="whole"),
)
DUPLICATE_KEY = Code(
    "K103",
    "duplicate key",
    "A mapping defines each key once. YAML readers silently keep one of two values, so the other would be "
    "lost.",
    wrong=Example("title: Accountant\ntitle: Controleur\n", ROLE, how="whole"),
    right=Example("title: Accountant\n", ROLE, how="whole"),
)
NOT_UTF8 = Code(
    "K104",
    "invalid UTF-8",
    "Definitions are UTF-8 text. The position is that of the first invalid byte. Save a file in another "
    "encoding (Windows-1252, UTF-16) as UTF-8.",
    wrong=Example("title: Cliëntbeheerder\n".encode("cp1252"), ROLE),
    right=Example("title: Cliëntbeheerder\n", ROLE, how="whole"),
)
BYTE_ORDER_MARK = Code(
    "K105",
    "byte order mark",
    "Some editors put three invisible bytes before the text. They are ignored, but tools that compare files "
    "show them as a difference. Save the file as UTF-8 without BOM.",
    wrong=Example("\ufefftitle: Accountant\n".encode(), ROLE),
    right=Example("title: Accountant\n", ROLE, how="whole"),
    level="warning",
)
ALIAS = Code(
    "K106",
    "undefined or recursive alias",
    "A YAML alias (*name) repeats the value that an earlier anchor (&name) marked. An alias inside that "
    "value would repeat itself without end.",
    wrong=Example("title: Accountant\nqualification: &wie\n  - *wie\n", ROLE, how="whole"),
    right=Example("title: &wie Accountant\ndescription: *wie\n", ROLE, how="whole"),
    remedy="write the value itself here",
)
TOO_LARGE = Code(
    "K107",
    "file exceeds a limit",
    "Definitions are written by hand, so the reader accepts at most 500,000 bytes per file, 10,000 "
    "characters per line, 40 levels of nesting, and 50,000 values with aliases expanded. A larger file is a "
    "mistake, or an attempt to exhaust the reader.",
    wrong=Example("title: Accountant\nqualification: " + "[" * 41 + "]" * 41 + "\n", ROLE, how="whole"),
    right=Example("title: Accountant\nqualification: [AA]\n", ROLE, how="whole"),
    remedy="split it, or write less",
)
EMPTY = Code(
    "K108",
    "empty file",
    "The file holds no definition: it is empty or has only comments.",
    wrong=Example("# the accountant\n", ROLE, how="whole"),
    right=Example("# the accountant\ntitle: Accountant\n", ROLE, how="whole"),
    remedy="write the definition, or remove the file",
)
UNREADABLE = Code(
    "K109",
    "unreadable file",
    "The operating system cannot read the file or folder: it is not a regular file, or its permissions do "
    "not allow it. (The example is a symbolic link to a missing file.)",
    wrong=Example("nergens.yaml", "roles/weg.yaml", how="link"),
    right=Example("title: Accountant\n", ROLE, how="whole"),
    remedy="check that it is there, a file, and readable",
)
TAG = Code(
    "K110",
    "YAML tag",
    "Definitions use no YAML tags (!name): the type of a value follows from its text. Remove the tag.",
    wrong=Example("title: !naam Accountant\n", ROLE, how="whole"),
    right=Example("title: Accountant\n", ROLE, how="whole"),
)
KEY = Code(
    "K111",
    "key must be a string",
    "A key must be a string: not a number, and not a mapping or list, which braces and brackets begin. Put "
    "text that begins with a brace or bracket (such as {{ relation.name }}) in quotes or in a block.",
    wrong=Example("title: Accountant\n1: AA\n", ROLE, how="whole"),
    right=Example("title: Accountant\nqualification: [AA]\n", ROLE, how="whole"),
)
NO_DEFINITIONS = Code(
    "K112",
    "no definitions",
    "The folder holds no definitions, or lacks office.yaml. Pass the folder that holds the definitions "
    "(`kantoor check DIR`), or start from a copy of the shipped ones: `kantoor init DIR` makes it. "
    "(The example is a folder without office.yaml.)",
    wrong=Example("", "office.yaml", how="absent"),
    right=Example("name: Kantoor Voorbeeld\n", "office.yaml"),
    remedy="'kantoor init' makes a folder of definitions",
)
PLACE = Code(
    "K113",
    "misplaced file",
    "office.yaml belongs in the top folder; every other definition belongs in the folder of its kind: roles, "
    "products, messages, workflows or law. File names end in .yaml.",
    wrong=Example("title: Accountant\n", "rollen/accountant.yaml"),
    right=Example("title: Accountant\n", "roles/accountant.yaml"),
    remedy="move it to the folder of its kind",
)
FILE_NAME = Code(
    "K114",
    "invalid file name",
    "The file's name is the id of the definition. It is kebab-case: lower-case letters and digits, "
    "separated by single hyphens.",
    wrong=Example("title: Accountant\n", "roles/Accountant_AA.yaml"),
    right=Example("title: Accountant\n", "roles/accountant-aa.yaml"),
)

CONFLICT = Code(
    "K115",
    "merge conflict",
    "Git left both versions of some lines in the file, between marker lines: choose one of the two.",
    wrong=Example(
        "<<<<<<< HEAD\ntitle: Accountant\n=======\ntitle: Controleur\n>>>>>>> nieuw\n", ROLE, how="whole"
    ),
    right=Example("title: Accountant\n", ROLE, how="whole"),
)
INVISIBLE = Code(
    "K116",
    "invisible character",
    "Text that was copied from a web page or a text processor can hold characters that look like spaces and "
    "are none to YAML, such as a non-breaking space.",
    wrong=Example("title: Accountant\nqualification:\n\u00a0 - AA\n", ROLE, how="whole"),
    right=Example("title: Accountant\nqualification:\n  - AA\n", ROLE, how="whole"),
)
CUT_AT_HASH = Code(
    "K117",
    "text cut at #",
    "In YAML a '#' after a space begins a comment, also in the middle of a text without quotes. What follows "
    "it here is not part of the text.",
    wrong=Example("title: Accountant #1\n", ROLE, how="whole"),
    right=Example('title: "Accountant #1"\n', ROLE, how="whole"),
    level="warning",
)
CURLY = Code(
    "K118",
    "text in curly quotes",
    "A text processor makes curly quotes of straight ones, and to YAML they quote nothing: they are signs of "
    "the text, which its reader sees, and what they seem to quote is still cut at a '#' or a comma.",
    wrong=Example("title: \u201cAccountant\u201d\n", ROLE, how="whole"),
    right=Example('title: "Accountant"\n', ROLE, how="whole"),
    level="warning",
    last="file",
)
