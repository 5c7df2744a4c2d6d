"""Signs that nobody sees are marked wherever people read what others typed."""

import dataclasses
import json
import unicodedata
from email import message_from_bytes, policy

from markupsafe import Markup

from kantoor.cli.printing import print_json, print_result, print_table, warn
from kantoor.mail.smtp import compose
from kantoor.portal.answers import environment, mark_unseen
from kantoor.service.uploads import make_safe_name
from kantoor.tables import Table
from kantoor.unseen import SHOWN, show_unseen
from tests.mail.test_mail import LETTER

TURNED = "Bakker \u202efdp.exe"
MARKED = f"Bakker {SHOWN}fdp.exe"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
VISIBLE = {
    *"\n\t\u00ad",
    *"\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd",
}
"""Signs of these categories that are seen or do no harm: lines, tabs, soft hyphens, those before numbers."""


def test_each_sign_that_nobody_sees_is_marked_and_what_people_write_is_not() -> None:
    every = map(chr, [*range(0x20000), *range(0xE0000, 0xE0100)])
    unseen = [one for one in every if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    hidden = [one for one in unseen if show_unseen(f"a{one}b") != f"a{SHOWN}b"]
    assert {*hidden} == VISIBLE
    for text in (
        "Zoë & Søn – €\u00a01.250,00\r\n\tja",
        "👩\u200d💻❤\ufe0f\u200d🔥",
        ENGLAND,
        "می\u200cخواهم",
        "שלום",
    ):
        assert show_unseen(text) == text
    assert show_unseen(ENGLAND[1:]) == SHOWN * len(ENGLAND[1:])
    assert show_unseen("a\u3164b\u034fc\rd") == f"a{SHOWN}b{SHOWN}c{SHOWN}d"


def test_pages_mark_them_in_what_is_read_and_hold_what_was_typed_in_their_forms() -> None:
    page = environment().from_string(
        '{{ a }}|{{ b }}|<a title="{{ a }}">x</a><input name="x" value="{{ a }}"><textarea name="y">'
        '{{ a }}\r\n</textarea>{{ a }}|{{ t }}|<input value="{{ z }}">'
    )
    typed = f'<">{TURNED}'
    shown = mark_unseen(page.render(a=typed, b=Markup(f"<i>{TURNED}</i>"), t=f' value="{TURNED}"', z="a\0b"))
    held, marked = f"&lt;&#34;&gt;{TURNED}", f"&lt;&#34;&gt;{MARKED}"
    assert shown == (
        f'{marked}|<i>{MARKED}</i>|<a title="{marked}">x</a><input name="x" value="{held}">'
        f'<textarea name="y">'
        f'{held}\n</textarea>{marked}| value=&#34;{MARKED}&#34;|<input value="a{SHOWN}b">'
    )
    assert mark_unseen("€ 3\r\n") == "€ 3\r\n"


def test_commands_show_them_in_lines_tables_and_warnings_and_escape_them_in_json(capsys) -> None:
    print_result("text", None, lambda _: (f"\x1b[2J{TURNED}",))
    print_table(Table(("naam",), ((TURNED,),)))
    warn(TURNED)
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [f"{SHOWN}[2J{MARKED}", "naam", MARKED]
    assert shown.err == f"let op: {MARKED}\n"
    print_json({"name": TURNED})
    printed = capsys.readouterr().out
    assert "\u202e" not in printed
    assert json.loads(printed) == {"name": TURNED}


def test_mails_show_them_in_subject_and_text_and_names_of_files_lose_them() -> None:
    letter = dataclasses.replace(LETTER, subject=TURNED, text=f"Over {TURNED}\n", sender_name=TURNED)
    message = message_from_bytes(compose(letter, "a@b.example"), policy=policy.SMTP)
    assert message["Subject"] == MARKED
    assert message.get_content().replace("\r\n", "\n") == f"Over {MARKED}\n"
    assert "\u202e" not in str(message["From"])
    assert make_safe_name("jaar\u202e\u3164rekening.pdf") == "jaarrekening.pdf"
