"""The codes of reading: YAML's own errors, and files that stand where none is read."""

from .diagnostics import Code
from .examples import Example

ROLE = "roles/accountant.yaml"

SYNTAX = Code(
    "K101",
    "not YAML",
    "The file cannot be read as YAML 1.2, or holds more than one document. The YAML reader stops at the "
    "first such error of a file; the other files are checked all the same.",
    wrong=Example("title: Accountant: AA of RA\n", ROLE, how="whole"),
    right=Example('title: "Accountant: AA of RA"\n', ROLE, how="whole"),
)
TAB = Code(
    "K102",
    "tab as indentation",
    "YAML is indented with spaces; a tab at the beginning of a line has no agreed width.",
    wrong=Example("title: Accountant\nqualification:\n\t- AA\n", ROLE, how="whole"),
    right=Example("title: Accountant\nqualification:\n  - AA\n", ROLE, how="whole"),
)
DUPLICATE_KEY = Code(
    "K103",
    "key stands twice",
    "A mapping has each key once. Of two, a reader would silently take one.",
    wrong=Example("title: Accountant\ntitle: Controleur\n", ROLE, how="whole"),
    right=Example("title: Accountant\n", ROLE, how="whole"),
)
NOT_UTF8 = Code(
    "K104",
    "not UTF-8",
    "Definitions are text in UTF-8. The place shows the first byte that is not; a file in another "
    "encoding (Windows-1252, UTF-16) must be saved again.",
    wrong=Example("title: Cliëntbeheerder\n".encode("cp1252"), ROLE),
    right=Example("title: Cliëntbeheerder\n", ROLE, how="whole"),
)
BYTE_ORDER_MARK = Code(
    "K105",
    "byte order mark",
    "Some editors put three invisible bytes before the text. They are skipped, but tools that compare "
    "files show them as a difference: save the file as UTF-8 without BOM.",
    wrong=Example("\ufefftitle: Accountant\n".encode(), ROLE),
    right=Example("title: Accountant\n", ROLE, how="whole"),
    level="warning",
)
ALIAS = Code(
    "K106",
    "alias leads nowhere",
    "A YAML alias (*name) repeats what an anchor (&name) marked before it. It cannot stand inside what it "
    "repeats, for then it would have no end.",
    wrong=Example("title: Accountant\nqualification: &wie\n  - *wie\n", ROLE, how="whole"),
    right=Example("title: &wie Accountant\ndescription: *wie\n", ROLE, how="whole"),
)
TOO_LARGE = Code(
    "K107",
    "too large",
    "A definition is written by hand: at most 500,000 bytes, 10,000 characters a line, 40 levels deep, "
    "and 50,000 values with its aliases filled in. More is a mistake, or meant to bring the reader down.",
    wrong=Example("title: Accountant\nqualification: " + "[" * 41 + "]" * 41 + "\n", ROLE, how="whole"),
    right=Example("title: Accountant\nqualification: [AA]\n", ROLE, how="whole"),
)
EMPTY = Code(
    "K108",
    "empty file",
    "The file holds no definition: it is empty, or comments are all it has.",
    wrong=Example("# the accountant\n", ROLE, how="whole"),
    right=Example("# the accountant\ntitle: Accountant\n", ROLE, how="whole"),
)
UNREADABLE = Code(
    "K109",
    "cannot be read",
    "The operating system refuses to read the file or folder: it is no regular file, or its rights forbid "
    "it. (The example shows a link that leads nowhere.)",
    wrong=Example("nergens.yaml", "roles/weg.yaml", how="link"),
    right=Example("title: Accountant\n", ROLE, how="whole"),
)
TAG = Code(
    "K110",
    "YAML tag",
    "Definitions have no YAML tags (!name): a value is what its text says.",
    wrong=Example("title: !naam Accountant\n", ROLE, how="whole"),
    right=Example("title: Accountant\n", ROLE, how="whole"),
)
KEY = Code(
    "K111",
    "key is no word",
    "A key is a word. Braces and brackets begin a mapping or a list, so a text that begins with them "
    "(such as {{ relation.name }}) is put in quotes or in a block.",
    wrong=Example("title: Accountant\n1: AA\n", ROLE, how="whole"),
    right=Example("title: Accountant\nqualification: [AA]\n", ROLE, how="whole"),
)
NO_DEFINITIONS = Code(
    "K112",
    "no definitions",
    "The folder holds no file that a definition could be in. Name the folder that holds the definitions "
    "(`kantoor check DIR`), or begin with a copy of the shipped ones: the folder `definitions` of the "
    "repository of kantoor. (The example is a folder with office.yaml taken away.)",
    wrong=Example("", "office.yaml", how="absent"),
    right=Example("name: Kantoor Voorbeeld\n", "office.yaml"),
)
PLACE = Code(
    "K113",
    "file in the wrong place",
    "office.yaml stands at the top; every other definition stands in the folder of its kind: roles, products,"
    " messages, workflows or law. File names end in .yaml.",
    wrong=Example("title: Accountant\n", "rollen/accountant.yaml"),
    right=Example("title: Accountant\n", "roles/accountant.yaml"),
)
FILE_NAME = Code(
    "K114",
    "file name",
    "The file's name is the definition's id: kebab-case, small letters and digits with single hyphens "
    "between.",
    wrong=Example("title: Accountant\n", "roles/Accountant_AA.yaml"),
    right=Example("title: Accountant\n", "roles/accountant-aa.yaml"),
)
