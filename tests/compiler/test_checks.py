"""Checks, beyond the example of each code: what they find, what they leave alone; nothing breaks them."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kantoor.compiler import compile_definitions
from kantoor.compiler.examples import WORKFLOW
from kantoor.compiler.reports import FORMATS
from kantoor.compiler.workspace import Workspace
from tests.examples import so_many

from .conftest import SmallOffice, codes, messages
from .mutations import mutate

SHIPPED = Path(__file__).parents[2] / "definitions"


def phase(name: str, *lines: str, role: str = "accountant") -> str:
    head = f"  - id: {name}\n    title: {name.capitalize()}\n    role: {role}\n"
    return head + "".join(f"    {line}\n" for line in lines)


def phases(*parts: str) -> str:
    return "phases:\n" + "".join(parts)


OFFER = ("back_to: opstellen", "offer: { documents: [aangifte], offer_as: information }")
DELIVER = ("back_to: opstellen", "deliver: { document: aangifte, deadline: aangifte }")


def test_every_end_of_a_reference_that_is_missing_is_found_once(office: SmallOffice) -> None:
    compilation = office.with_piece(
        "products: [a]\n"
        + phases(
            phase("controle", "reviews: [b]", "four_eyes: [c]", "back_to: d", role="e"),
            phase("indienen", "back_to: opstellen", "deliver: { document: aangifte, deadline: f }"),
        )
    )
    assert sorted(codes(compilation)) == ["K201", "K202", "K204", "K204", "K205", "K206"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            (text, "K610")
            for text in ("Betaal Euro 100", "Betaal €\u00a01.234,50", "Betaal 100,-", "Betaal 1 234 eur")
        ),
        *((text, "K610") for text in ("Betaal EUR1.000", "Betaal €\u202f100", "Betaal 100€")),
        *((f"Op {iban}", "K609") for iban in ("nl91abna0417164300", "NL91.ABNA.0417.1643.00")),
        ("Op NL91\u00a0ABNA\u00a00417\u00a01643\u00a000", "K609"),
        *(
            (text, None)
            for text in ("Op 3, 4 en 5 mei", "Sinds 2026, - de euro", "Europa 2026", "Artikel 10, -")
        ),
    ],
)
def test_amounts_and_accounts_are_found_as_people_and_word_processors_write_them(
    text: str, code: str | None, office: SmallOffice
) -> None:
    written = json.dumps(text, ensure_ascii=False)
    piece = f"texts:\n  nl:\n    subject: Betalen\n    body: {written}\n"
    found = codes(office.with_piece(piece, "messages/ter-accordering.yaml"))
    assert found == ([code] if code else [])


def test_the_default_sender_is_a_reference_too(office: SmallOffice) -> None:
    office.with_change("role: relatiebeheerder", "role: administratie")
    (office.folder / "roles/relatiebeheerder.yaml").unlink()
    compilation = compile_definitions(office.folder)
    assert codes(compilation) == ["K201"]
    assert tuple(compilation.diagnostics[0].span)[1:3] == office.place("offer_as: approval")


def test_an_end_is_named_with_its_group(office: SmallOffice) -> None:
    compilation = office.with_piece(
        phases(
            phase("aanbieden", "back_to: opstellen", "offer:", "  documents: [aangifte]"),
        ).replace("[aangifte]\n", "[aangifte]\n      offer_as: information\n      may_end: gestopt\n")
        + "ends:\n  - id: gestopt\n    title: Gestopt\n    planner: klaar\n"
    )
    assert codes(compilation) == ["K207"]
    assert compilation.diagnostics[0].help == "did you mean 'ends.gestopt'?"


def test_an_id_may_stand_in_several_lists(office: SmallOffice) -> None:
    assert codes(office.with_piece("ends:\n  - id: aangifte\n    title: A\n    planner: klaar\n")) == []


def test_a_role_that_falls_back_to_itself_goes_round(office: SmallOffice) -> None:
    compilation = office.with_piece("title: A\nfallback: accountant\n", "roles/accountant.yaml")
    assert messages(compilation) == ["circular fallback: accountant → accountant"]


def test_a_role_that_leads_into_a_round_is_not_reported_for_it(office: SmallOffice) -> None:
    office.with_piece("title: A\nfallback: administratie\n", "roles/accountant.yaml")
    (office.folder / "roles/administratie.yaml").write_text("title: B\nfallback: x\n")
    (office.folder / "roles/x.yaml").write_text("title: X\nfallback: administratie\n")
    compilation = compile_definitions(office.folder)
    assert [(d.code.id, d.span.path) for d in compilation.diagnostics] == [
        ("K211", "roles/administratie.yaml")
    ]


def test_the_first_phase_has_nothing_to_go_back_to(office: SmallOffice) -> None:
    compilation = office.with_piece(phases(phase("opstellen", "back_to: opstellen", role="administratie")))
    assert codes(compilation) == ["K302"]
    assert compilation.diagnostics[0].help == "this is the first phase"


@pytest.mark.parametrize(
    ("offered", "delivered", "reported"),
    [
        ("toelichten", "toelichten", []),
        ("toelichten", "indienen", ["nasturen"]),
        ("toelichten", "opstellen", ["nasturen"]),
        ("indienen", "toelichten", ["tekenen"]),
        ("indienen", "indienen", ["tekenen", "nasturen"]),
    ],
)
def test_neither_offer_nor_delivery_goes_back_to_or_past_another_delivery(
    office: SmallOffice, offered: str, delivered: str, reported: list[str]
) -> None:
    offer = "offer: { documents: [verklaring], offer_as: information }"
    deliver = "deliver: { document: verklaring, deadline: aangifte }"
    compilation = office.with_piece(
        "documents:\n  - id: verklaring\n    title: Verklaring\n    made_in: toelichten\n"
        "    report: omzetbelasting\n"
        + phases(
            phase("toelichten", role="administratie"),
            phase("tekenen", f"back_to: {offered}", offer, role="relatiebeheerder"),
            phase("nasturen", f"back_to: {delivered}", deliver),
        )
    )
    text = compilation.sources["workflows/btw-aangifte.yaml"].text.split("\n")
    assert codes(compilation) == ["K319"] * len(reported)
    lines = [diagnostic.span.line for diagnostic in compilation.diagnostics]
    assert [text[line - 4].removeprefix("  - id: ") for line in lines] == reported
    again = "going back to '{}' repeats the delivery 'indienen'"
    backs = [{"tekenen": offered, "nasturen": delivered}[name] for name in reported]
    assert messages(compilation) == [again.format(back) for back in backs]


def test_an_offer_that_can_be_skipped_covers_no_delivery_that_cannot(office: SmallOffice) -> None:
    compilation = office.with_piece(phases(phase("aanbieden", *OFFER, "if: product.kor")))
    assert codes(compilation) == ["K308"]


def test_a_delivery_under_the_same_condition_as_its_offer_is_right(office: SmallOffice) -> None:
    compilation = office.with_piece(
        phases(
            phase("aanbieden", *OFFER, "if: product.kor"),
            phase("indienen", *DELIVER, "if: product.kor and product.foreign"),
        )
    )
    assert codes(compilation) == []


def test_two_offers_that_together_cover_every_case_cover_the_delivery(office: SmallOffice) -> None:
    text = office.with_piece("title: Aangifte btw\n").sources["workflows/btw-aangifte.yaml"].text
    head, deliver = text.split("  - id: indienen")
    head = head.replace("    title: Aanbieden\n", "    title: Aanbieden\n    if: product.kor\n")
    other = phase("anders", *OFFER, "if: not product.kor")
    (office.folder / "workflows/btw-aangifte.yaml").write_text(
        f"{head}{other}  - id: indienen{deliver}", "utf-8"
    )
    assert codes(compile_definitions(office.folder)) == []


def test_a_document_that_is_optional_may_be_missing(office: SmallOffice) -> None:
    compilation = office.with_piece(
        "documents:\n  - id: aangifte\n    title: A\n    made_in: opstellen\n    report: omzetbelasting\n"
        "    optional: true\n" + phases(phase("opstellen", "if: product.kor", role="administratie"))
    )
    assert codes(compilation) == []


def test_rules_of_work_hold_nobody_in_an_offer_or_a_delivery(office: SmallOffice) -> None:
    points = ("four_eyes: [opstellen]", "checkpoints:", "  - { id: a, title: A, required: true }")
    assert codes(office.with_piece(phases(phase("indienen", *DELIVER, *points)))) == ["K305", "K305"]
    optional = ("checkpoints:", "  - { id: a, title: A }")
    assert codes(office.with_piece(phases(phase("indienen", *DELIVER, *optional)))) == []


def test_a_standing_authority_needs_no_diagnostic(office: SmallOffice) -> None:
    assert codes(office.with_piece(phases(phase("aanbieden", *OFFER)))) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{}", "K501"),
        ("{ after: period.end, before: period.start, days: 1 }", "K501"),
        ("{ after: period.middle, days: 1 }", "K502"),
        ("{ after: deadlines.betalen, days: 1 }", "K206"),
        ("{ after: period.end }", "K503"),
        ("{ month_of: period.end }", "K503"),
        ("{ month_of: period.end, day: 3, months: 1 }", "K503"),
        ("{ after: period.end, days: 1, weeks: 1 }", "K503"),
        ("{ after: period.end, workdays: 1, day: 3 }", "K503"),
        ("{ after: period.end, days: 1, day: last }", "K503"),
        ("{ before: filing.start, days: 1 }", "K504"),
        ("{ after: period.end, days: -1 }", "K126"),
        ("{ after: period.end, months: 1, day: 32 }", "K126"),
        ("{ after: period.end, months: 1, day: eerste }", "K126"),
        ("{ after: period.end, days: 5000 }", "K126"),
        ("{ after: period.end, days: 1.5 }", "K122"),
        ("{ after: period.end, hours: 1 }", "K120"),
        ("morgen", "K122"),
    ],
)
def test_a_date_that_cannot_be_is_found(office: SmallOffice, rule: str, code: str) -> None:
    assert codes(office.with_piece(phases(phase("opstellen", f"due: {rule}", role="administratie")))) == [
        code
    ]


@pytest.mark.parametrize("anchor", ["filing.start", "deadlines.aangifte"])
def test_the_day_of_creation_counts_from_the_period_alone(office: SmallOffice, anchor: str) -> None:
    assert codes(office.with_piece(f"created: {{ after: {anchor}, days: 1 }}\n")) == ["K502"]


def test_a_deadline_counts_from_no_deadline_below_it(office: SmallOffice) -> None:
    deadlines = (
        "deadlines:\n"
        "  - id: betalen\n    title: Betalen\n    due: [{{ after: deadlines.{first}, days: 3 }}]\n"
        "  - id: aangifte\n    title: Aangifte\n    due: [{{ after: period.end, months: 1, day: last }}]\n"
        "  - id: later\n    title: Later\n    due: [{{ after: deadlines.{second}, days: 3 }}]\n"
    )
    compilation = office.with_piece(deadlines.format(first="aangifte", second="betalen"))
    assert codes(compilation) == []  # aangifte stands first in the small office
    compilation = office.with_piece(deadlines.format(first="later", second="later"))
    assert codes(compilation) == ["K502", "K502"]


def test_a_last_alternative_with_a_condition_leaves_no_day(office: SmallOffice) -> None:
    compilation = office.with_piece(
        "deadlines:\n  - id: aangifte\n    title: A\n    due:\n"
        "      - { if: product.kor, after: period.end, months: 1, day: last }\n"
    )
    assert codes(compilation) == ["K505"]


def test_a_target_is_late_only_when_it_is_late_for_somebody_always(office: SmallOffice) -> None:
    two_months = (
        "deadlines:\n  - id: aangifte\n    title: A\n    due:\n"
        "      - { if: product.foreign, after: period.end, months: 2, day: last }\n"
        "      - { after: period.end, months: 1, day: last }\n"
    )
    late = phase("opstellen", "due: { after: period.end, days: 45 }", role="administratie")
    assert codes(office.with_piece(two_months + phases(late))) == ["K507"]
    fine = phase("opstellen", "due: { before: deadlines.aangifte, days: 45 }", role="administratie")
    assert codes(office.with_piece(two_months + phases(fine))) == []


def test_a_phase_after_the_delivery_may_be_late(office: SmallOffice) -> None:
    compilation = office.with_piece(
        phases(phase("afronden", "due: { after: deadlines.aangifte, workdays: 5 }"))
    )
    assert codes(compilation) == []


def test_an_escalation_after_the_deadline_helps_nobody(office: SmallOffice) -> None:
    compilation = office.with_change(
        "before: deadlines.aangifte, workdays: 4", "after: deadlines.aangifte, days: 1"
    )
    assert codes(compilation) == ["K404"]


def test_a_chase_of_an_offer_outside_its_block_does_nothing(office: SmallOffice) -> None:
    chase = "chase: { escalate: { before: deadlines.aangifte, workdays: 4, role: accountant } }"
    assert codes(office.with_piece(phases(phase("aanbieden", *OFFER, chase)))) == ["K403"]


def test_the_way_of_the_offer_itself_decides_about_silence(office: SmallOffice) -> None:
    silent = phase("aanbieden", "back_to: opstellen", "offer: { documents: [aangifte], offer_as: signature }")
    compilation = office.with_piece(
        "sbr: { message: ter-accordering, offer_as: information }\n" + phases(silent)
    )
    assert codes(compilation) == ["K401"]


def test_a_condition_that_never_holds_is_found_everywhere(office: SmallOffice) -> None:
    never = "period.kind == 'month' and period.kind == 'year'"
    compilation = office.with_piece(
        phases(
            phase(
                "opstellen",
                "checkpoints:",
                f'  - {{ id: a, title: A, if: "{never}" }}',
                "automations:",
                f'  - {{ id: b, at: entered, if: "{never}", task: {{ title: B }} }}',
                role="administratie",
            )
        )
    )
    assert codes(compilation) == ["K316", "K316"]


def test_a_yearly_alternative_of_a_monthly_template_is_never_taken(office: SmallOffice) -> None:
    compilation = office.with_piece(
        "period: month\ndeadlines:\n  - id: aangifte\n    title: A\n    due:\n"
        "      - { if: period.kind == 'year', after: period.end, months: 3, day: last }\n"
        "      - { after: period.end, months: 1, day: last }\n"
    )
    assert codes(compilation) == ["K317"]
    assert list(compilation.plans) == ["btw-aangifte"]  # a warning: such an alternative does no harm


def test_a_language_that_texts_cannot_have_is_an_unknown_key(office: SmallOffice) -> None:
    compilation = office.with_change("  nl:", "  de:", "messages/ter-accordering.yaml")
    assert codes(compilation) == ["K120"]


def test_an_account_or_amount_that_is_typed_in_a_text_is_found(office: SmallOffice) -> None:
    for typed, code in (
        ("NL04RABO0200112244", ["K609"]),
        ("NL04 RABO 0200 1122 44 BTW", ["K609"]),
        ("NL05 RABO 0200 1122 44", []),
        ("€ 1.234,50", ["K610"]),
        ("Maak EUR 4733,- over", ["K610"]),
        ("100 euro", ["K610"]),
        ("de euro van 2026", []),
        ("12 €", ["K610"]),
        ("in 2026, op 31 januari", []),
        ("voor BSN 123456782", ["K615"]),
        ("voor RSIN 1234.56.782", ["K615"]),
        ("voor BSN 123456789", []),
        ("voor 1123456782", []),
        *((f"bel {phone}", []) for phone in ("+31 123 456 782", "+31 (0)123 456 782", "0031 123456782")),
        *((f"bel {phone}", []) for phone in ("(0031) 123456782", "(+31) 123456782")),
        ("kenmerk 5000 0567 8901 2345", ["K615"]),
        ("van 2024 2025 2026 2027", []),
        *(
            (f"aan {blank}", ["K616"])
            for blank in ("[naam]", "%Datum%", "«bedrag»", "<<Klantnaam>>", "<br />")
        ),
        *((f"aan {blank}", ["K616"]) for blank in ("[naam van de klant]", '<a href="x">', "<b>")),
        *(
            (f"voor {right}", [])
            for right in ("voetnoot [1]", "ziekt [sic]", "Kies [Opslaan]", "«Rubriek 1a»")
        ),
        *(
            (f"aan {blank}", ["K616"])
            for blank in ("[uw naam]", "<naam>", "<klantnummer>", "[contactpersoon]", "[kantoornaam]")
        ),
        *(
            (f"aan {blank}", ["K616"])
            for blank in ("[IBAN invullen]", "[datum van de brief]", "{naam}", "$naam$", "##naam##")
        ),
        *((f"aan {blank}", ["K616"]) for blank in ("${klant}", "<font color=red>", "<img src=x>", "[klant]")),
        ("kies [Periode] en dan [Jaar], of [Klant]", []),
        *((f"in {right}", []) for right in ("5% jaar op jaar, 7% jaar%", "5 % datum %", "[Naam] en [Datum]")),
        *(
            (f"per {blank}", ["K616"])
            for blank in ("1 januari 2026 %naam%", "nummer 12 %naam% is", "100%naam%", "5 %jaar% iets")
        ),
        ("kies [Naam wijzigen] bij <kantoor@x.nl>", []),
        *(
            (f"voor {right}", [])
            for right in ("5 < 6 en 7 > 3", "nr. #3", "$ 5 en $ 6", "{{ period.words }}")
        ),
        ("# nog aan Tom vragen", []),
        *((f"voor {right}", []) for right in ("9%en21%", "<a>", "https://x.nl/btw%20naam%20sturen%datum%")),
    ):
        text = f"texts:\n  nl:\n    subject: Betalen\n    body: 'Betaal {typed}'\n"
        assert codes(office.with_piece(text, "messages/ter-accordering.yaml")) == code, typed


PLACEHOLDERS = """
Beste [Klant],
Geachte heer/mevrouw [Achternaam]
Geachte heer, mevrouw [Achternaam],
Geachte mevrouw, [Naam]
Geacht bestuur van [Bedrijfsnaam],
Geachte heer Jansen [Naam]
Goedemorgen [Naam],
Goede middag [Naam],
Hoi [Naam],
Hi [Name],
L.S. [Naam]
Dear Mr. [Name],
Good morning [Name],
Aan [Naam]:
Aan: [Naam]
T.a.v. [Naam]
[Naam],
[Naam klant], [Datum]
[Naam] [Achternaam]
[Bedrijfsnaam] [Adres]
Met vriendelijke groet, [Naam]
Groet [Naam]
Kind regards, [Name]
Kijk bij [KLANTNAAM]
Het bedrag is € [Bedrag], te betalen voor [Datum].
Het bedrag is €[Bedrag].
Op [Datum hier invullen] betaalt u.
[Datum invullen]
Bel [Naam contactpersoon].
Het is [Naam van de klant].
Kijk naar [Klant_nummer].
"""
BUTTONS = """
Vul bij [Klantnummer] het nummer in
Beste klant, kies [Achternaam] en dan [Zoek]
Beste klant klik op [Periode].
Beste klant. Kies [Periode].
Geachte relatie, klik op [Klantnummer] om verder te gaan.
[Periode]
[Periode].
- [Periode]
1. [Klantnummer]
Groeten doen wij met [Naam].
Kies [Uw naam].
[Zoek] [Wis]
"""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (line, found)
        for lines, found in ((PLACEHOLDERS, ["K616"]), (BUTTONS, []))
        for line in lines.split("\n")[1:-1]
    ],
)
def test_a_placeholder_with_a_capital_is_told_where_it_is_no_button(
    office: SmallOffice, line: str, found: list[str]
) -> None:
    text = f"texts:\n  nl:\n    subject: S\n    body: |\n      Kijk op {{{{ filing.link }}}}:\n      {line}\n"
    assert codes(office.with_piece(text, "messages/ter-accordering.yaml")) == found


def test_a_placeholder_alone_on_its_line_is_a_name_below_a_greeting(office: SmallOffice) -> None:
    for greeting, found in (("Met vriendelijke groet,", ["K616"]), ("Klik op:", [])):
        body = f"      {{{{ filing.link }}}}\n      {greeting}\n\n      {{{{ office.name }}}}\n      [Naam]\n"
        text = f"texts:\n  nl:\n    subject: S\n    body: |\n{body}"
        assert codes(office.with_piece(text, "messages/ter-accordering.yaml")) == found


ASIDES = """
# TODO: nog aan Tom vragen
# nog aan Tom vragen
// nog vragen
<!-- nog vragen -->
Kijk op de site. TODO: adres
TODO adres
TODO IBAN van Tom
TODO-Tom: bedrag invullen
TODO (Tom): bedrag
- TODO bedrag opzoeken
Wij sturen [TODO bedrag]
XXX nog invullen
Uw saldo. XXX: bedrag
FIXME
Fixme nog
todo nakijken
Het IBAN is [nog invullen].
[nog aan Tom vragen]
"""
NO_ASIDES = """
Een TODO-lijst is bijgevoegd.
Een TODO\N{EN DASH}lijst is bijgevoegd.
TODO\N{EN DASH}lijst
TODO lijst
TODO-lijst: vier stukken
TODO-LIJST: vier stukken
TODO Lijst
- TODO LIJST
TODO's
De afdeling TODO B.V.
TODO B.V.
TODO Advies Groep
TODO is onze app.
U vindt dit onder TODO in de app
- TODO in de app
Zie de takenlijst TODO.
Todo: stuur uw stukken
Wat u nog moet doen (to do):
FixMe komt
Zie punt #3.
#3 is nog open.
5 // 6
https://x.nl//todo
post@TODO.nl
rekening NL00 XXXX 1234
kenmerk XXX
Kies [Nog invullen]
Uw factuur [nog niet ontvangen]
"""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (line, found)
        for lines, found in ((ASIDES, ["K618"]), (NO_ASIDES, []))
        for line in lines.split("\n")[1:-1]
    ],
)
def test_a_note_to_who_edits_a_text_is_told(office: SmallOffice, line: str, found: list[str]) -> None:
    body = f"      Hallo,\n      {line}\n      {{{{ filing.link }}}}\n"
    for style in ("|", ">"):
        text = f"texts:\n  nl:\n    subject: S\n    body: {style}\n{body}"
        assert codes(office.with_piece(text, "messages/ter-accordering.yaml")) == found, style


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("{# TODO: nog aan Tom vragen #}", []),
        ("{#- nog\n      # vragen\n      aan Tom -#} Hallo", []),
        ("{# Tom #}\n      # nog vragen", ["K618"]),
    ],
)
def test_a_comment_of_a_text_is_left_out_of_it(office: SmallOffice, body: str, found: list[str]) -> None:
    text = f"texts:\n  nl:\n    subject: S\n    body: |\n      {body}\n      {{{{ filing.link }}}}\n"
    compilation = office.with_piece(text, "messages/ter-accordering.yaml")
    assert codes(compilation) == found
    assert [one.span.line for one in compilation.diagnostics] == [8] * len(found)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        *((f"title: {said}", ["K618"]) for said in ('"# Bel de klant"', "TODO nabellen", "'{# Tom #} Bel'")),
        *((f"title: {said}", []) for said in ("TODO lijst van klanten", "'#3 nabellen'", "Bel de TODO B.V.")),
        ("title: Bel   # TODO: hoe vaak", []),
        ("title: Bel\n        # nog vragen", []),
    ],
)
def test_a_note_in_a_title_is_told(office: SmallOffice, words: str, found: list[str]) -> None:
    piece = (
        "phases:\n  - id: nabellen\n    title: Nabellen\n    role: accountant\n    checkpoints:\n"
        f"      - id: gebeld\n        {words}\n"
    )
    assert codes(office.with_piece(piece)) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (">-\n  Eerst dit.\n  # nog vragen", ["K618"]),
        (">-\n  Eerst dit.\n# nog vragen", []),
        (">-\n  Eerst dit.\n # nog vragen", []),
        ("|\n  Eerst dit.\n  TODO: dat", ["K618"]),
        ("Eerst dit.   # TODO: dat", []),
    ],
)
def test_a_note_among_words_that_are_shown_is_told(office: SmallOffice, words: str, found: list[str]) -> None:
    assert codes(office.with_piece(f"description: {words}\n", "roles/accountant.yaml")) == found


def test_only_items_of_a_list_on_lines_that_are_joined_are_told(office: SmallOffice) -> None:
    """Each text below `>` with whether the client reads two items on one line."""
    for lines, joined in (
        (["Wij ontvangen:", "- facturen", "- bonnen"], True),
        (["Wij ontvangen:", "", "1. facturen", "2. bonnen"], True),
        (["* facturen", "* bonnen"], True),
        (["Wij ontvangen:", "", "- Facturen van januari - maart"], False),
        (["- Facturen: verkoop - inkoop - bank", "", "- bonnen"], False),
        (["- facturen van", "  maart", "- bonnen"], False),
        (["Wij ontvangen:", "  - facturen", "  - bonnen"], False),
        (["Met groet,", "", "{{ sender.name }}", "{{ office.name }}"], True),
        (["{{ contact.name }},", "", "{{ sender.name }} {{ office.name }}"], False),
        (["Van {{ sender.name }}", "{{ office.name }} te Utrecht"], False),
    ):
        body = "".join(f"      {line}\n" if line else "\n" for line in lines)
        text = f"texts:\n  nl:\n    subject: Stukken\n    body: >\n{body}"
        compilation = office.with_piece(text, "messages/ter-accordering.yaml")
        assert codes(compilation) == ["K617"] * joined, lines


@pytest.fixture(scope="module")
def vat(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The shipped definitions but for the other templates: what is typed here is about this one.

    A workspace, which test_workspace.py has compile as a cold compile does: only what a change touches is
    read and asked again.
    """

    def others(here: str, names: list[str]) -> list[str]:
        kept = "btw-aangifte.yaml" if here.endswith("workflows") else None
        return [name for name in names if (kept and name != kept) or name == "scenarios"]

    folder = tmp_path_factory.mktemp("vat") / "definitions"
    shutil.copytree(SHIPPED, folder, ignore=others)
    return Workspace(folder)


FILES = [
    *("workflows/btw-aangifte.yaml", "office.yaml", "messages/btw-ingediend.yaml"),
    *("law/omzetbelasting.yaml", "roles/fiscaal.yaml", "products/aangifte-btw.yaml"),
]


@pytest.mark.parametrize("path", FILES)
def test_whatever_happens_to_a_file_the_compiler_answers(path: str, vat: Workspace) -> None:
    data = json.loads(json.dumps(YAML(typ="safe").load(vat.folder / path), default=str))

    # An example is three or four changes. The template has some 260 values to change, another file 35 at
    # most: with fewer examples each of its values is changed more often than one of the template.
    most = 60 if path == WORKFLOW else 25

    @settings(
        max_examples=so_many(most), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(mutate(data, 6))
    def answers(document: Any) -> None:
        compilation = vat.compile({path: json.dumps(document)})
        for report in FORMATS.values():
            report(compilation)
        broken = {error.span.path for error in compilation.errors}
        assert ("btw-aangifte" in compilation.plans) <= ("workflows/btw-aangifte.yaml" not in broken)
        assert compilation.errors or dict(compilation.plans)

    answers()


@settings(max_examples=so_many(60), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_typed_into_a_template_the_compiler_answers(vat: Workspace, data: st.DataObject) -> None:
    text = (SHIPPED / WORKFLOW).read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        typed = data.draw(st.text(alphabet="ab: -[]{}&*#|>'\"\n\t!%@,?~0é", max_size=4))
        text = text[:place] + typed + text[place + data.draw(st.integers(0, 12)) :]
    compilation = vat.compile({WORKFLOW: text})
    assert compilation.errors or dict(compilation.plans), "neither a plan nor a mistake"


@pytest.mark.parametrize(
    ("piece", "column"),
    [
        ("~title: x\n", 1),
        ("created: { before: period.start, days: 1, ~date: x }\n", 43),
        ("~date: { ~date: x }\n", 1),
    ],
)
def test_a_key_that_begins_with_a_tilde_is_an_unknown_key(
    office: SmallOffice, piece: str, column: int
) -> None:
    compilation = office.with_piece(piece, WORKFLOW)
    assert codes(compilation) == ["K120"]
    assert compilation.diagnostics[0].span.column == column


@pytest.mark.parametrize(
    ("piece", "path"),
    [
        ("products: [aangifte-btw, aangifte-btw]\n", WORKFLOW),
        ("functions: [directeur, directeur]\n", "office.yaml"),
        ("frequencies: [month, month]\n", "products/aangifte-btw.yaml"),
    ],
)
def test_a_name_that_stands_twice_in_a_list_is_found(office: SmallOffice, piece: str, path: str) -> None:
    compilation = office.with_piece(piece, path)
    assert codes(compilation) == ["K210"]
    assert compilation.diagnostics[0].related[0].note == "first listed"


@pytest.mark.parametrize("block", ["documents", "deadlines"])
def test_a_block_that_is_away_is_one_mistake(office: SmallOffice, block: str) -> None:
    office.with_piece("title: Aangifte btw\n")
    file = office.folder / WORKFLOW
    file.write_text(re.sub(rf"(?ms)^{block}:\n.*?(?=^\w)", "", file.read_text("utf-8")), "utf-8")
    compilation = compile_definitions(office.folder)
    (diagnostic,) = compilation.diagnostics
    assert diagnostic.message == f"unknown {block[:-1]} 'aangifte': this template has no '{block}'"


def test_a_date_from_a_deadline_where_there_are_none_is_found_without_a_delivery(office: SmallOffice) -> None:
    phase = "phases:\n  - id: werk\n    title: Werk\n    role: accountant\n    due: %s\n"
    top = "title: Werk\nproducts: [aangifte-btw]\nperiod: month\ncreated: { after: period.end, days: 1 }\n"
    text = top + phase % "{ before: deadlines.klaar, days: 1 }"
    assert codes(office.with_piece(text, "workflows/werk.yaml")) == ["K206"]


@pytest.mark.parametrize(
    ("piece", "good"),
    [
        ('tax_consultant_number: "123456"\n', True),
        ('tax_consultant_number: "12345"\n', False),
        ("software_vendor_number: SWO12345\n", True),
        ("software_vendor_number: SWO1234\n", False),
    ],
)
def test_a_number_that_no_return_can_have_is_refused(office: SmallOffice, piece: str, good: bool) -> None:
    assert codes(office.with_piece(piece, "office.yaml")) == ([] if good else ["K126"])


def test_a_filing_that_is_created_after_its_deadline_is_one_mistake(office: SmallOffice) -> None:
    compilation = office.with_piece("created: { after: period.end, days: 400 }\n")
    assert codes(compilation) == ["K507"]
    assert messages(compilation)[0].startswith("the filing is created after the deadline: for ")


@pytest.mark.parametrize(
    "done",
    [
        "send: { message: ter-accordering }",
        "send: { message: laat, to: { role: accountant } }",
        "task: { title: Bel de klant }",
    ],
)
def test_what_is_done_for_who_is_late_is_a_warning(office: SmallOffice, done: str) -> None:
    late = f"automations: [{{ id: laat, at: {{ after: deadlines.aangifte, days: 1 }}, {done} }}]"
    office.with_piece(phases(phase("opstellen", late, role="administratie")))
    text = "title: Laat\nchannels: [email]\ntexts:\n  nl: { subject: Te laat, body: Te laat }\n"
    (office.folder / "messages" / "laat.yaml").write_text(text, "utf-8")
    (found,) = [one for one in office.compile().diagnostics if not one.code.last]
    assert (found.code.id, found.code.level) == ("K512", "warning")


def test_the_filing_that_is_named_is_the_plainest_and_else_says_what_it_is(office: SmallOffice) -> None:
    head = "deadlines:\n  - id: aangifte\n    title: Indienen\n    due:\n"
    due = head + "      - {{ if: product.foreign, {} }}\n      - {{ {} }}\n"
    target = phases(phase("controle", "due: { after: period.end, days: 50 }"))
    soon, far = "after: period.end, days: 40", "after: period.end, days: 100"
    both = office.with_piece(due.format(soon, soon) + target)
    assert messages(both)[0].endswith(": for 2027-01 it is 2027-03-22 and the deadline is 2027-03-12")
    foreign = messages(office.with_piece(due.format(soon, far) + target))[0]
    assert ": for 2027-01, where product.foreign, it is " in foreign


def test_a_phase_that_begins_long_after_another_is_after_the_deadline_where_that_ends_at_its_soonest(
    office: SmallOffice,
) -> None:
    begins = "not_before: { after: phases.opstellen, days: %d }"
    first = phase("opstellen", "not_before: { after: period.end, days: 1 }", role="administratie")
    late = office.with_piece(phases(first, phase("controle", begins % 45)))
    assert codes(late) == ["K507"]
    assert " at the earliest and the deadline is " in messages(late)[0]
    assert codes(office.with_piece(phases(phase("controle", begins % 5)))) == []
    sometimes = first.replace("    not_before", "    if: product.kor\n    not_before")
    assert "K507" not in codes(office.with_piece(phases(sometimes, phase("controle", begins % 45))))


def test_a_phase_that_an_outcome_can_pass_over_is_taken_to_hold_nothing_up(office: SmallOffice) -> None:
    first = "  - id: controle\n"
    late = f"{first}    not_before: {{ after: phases.tussen, days: 45 }}\n"
    between = phase("tussen", "not_before: { after: period.end, days: 1 }")
    ways = "outcomes: [{ id: ja, title: Ja }, { id: nee, title: Nee, then: controle }]"
    assert codes(office.with_change(first, phase("vraag", ways) + between + late)) == []
    assert codes(office.with_change(first, phase("vraag") + between + late)) == ["K507"]


def test_a_wait_for_a_day_alone_is_not_after_the_deadline_of_what_comes_after_it(office: SmallOffice) -> None:
    wait = "wait: { for: [%s] }"
    day, notice = "{ date: { after: period.end, days: 95 } }", "{ notice: aanslag }"
    late = office.with_piece(phases(phase("controle", wait % day)))
    assert [one for one in codes(late) if one == "K507"] == ["K507"]
    assert any(one.startswith("the wait ends after the deadline: ") for one in messages(late))
    both = office.with_piece(phases(phase("controle", wait % f"{day}, {notice}")))
    assert "K507" not in codes(both)


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("nt: nt20", "nt: NT20", "K126"),
        ("namespace_date: 2025-12-10", "namespace_date: 2025-12-11", "K217"),
        ("nt20/bd/20251210/dictionary", "nt19/bd/20241211/dictionary", "K217"),
    ],
)
def test_an_entry_point_changed_in_part_is_found(
    office: SmallOffice, right: str, wrong: str, code: str
) -> None:
    assert codes(office.with_change(right, wrong, "law/omzetbelasting.yaml"))[0] == code


GROUP = (
    "phases:\n  - id: nazorg\n    title: Nazorg\n    role: accountant\n  - together:\n"
    "      - id: a\n        title: A\n        role: accountant\n{}"
    "      - id: b\n        title: B\n        role: accountant\n{}"
)


def test_phases_side_by_side_are_no_earlier_phases_of_each_other(office: SmallOffice) -> None:
    rule = "        four_eyes: [a]\n"
    compilation = office.with_change("phases:\n", GROUP.format("", rule))
    assert messages(compilation) == ["expected an earlier phase, found 'a', which runs beside it"]


def test_a_document_is_not_used_beside_the_phase_that_makes_it(office: SmallOffice) -> None:
    rules = "        reviews: [nota]\n        back_to: nazorg\n"
    documents = "documents:\n  - id: nota\n    title: Nota\n    made_in: a\n"
    compilation = office.with_piece(documents + GROUP.format("", rules))
    assert messages(compilation) == ["'nota' is made in 'a', which runs beside 'b'"]


BALANCE = (
    "facts:\n  - { id: saldo, title: Saldo, type: money, set_in: opstellen }\n"
    "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    outcomes:\n"
    "      - { id: groot, title: Groot, if: facts.saldo|abs > 1000 }\n"
    "      - { id: klein, title: Klein, if: facts.saldo|abs IS 1000 }\n"
)


@pytest.mark.parametrize(("sign", "found"), [("<=", []), ("<", ["K320"])])
def test_outcomes_cover_every_amount_of_a_fact_that_is_known_by_then(
    office: SmallOffice, sign: str, found: list[str]
) -> None:
    assert codes(office.with_piece(BALANCE.replace("IS", sign))) == found


def test_outcomes_do_not_cover_a_fact_that_may_be_unknown(office: SmallOffice) -> None:
    piece = BALANCE.replace("IS", "<=").replace("set_in: opstellen }", "set_in: opstellen, optional: true }")
    assert codes(office.with_piece(piece)) == ["K320"]


def test_phases_side_by_side_become_a_group_of_the_plan(office: SmallOffice) -> None:
    compilation = office.with_change("phases:\n", GROUP.format("", ""))
    assert codes(compilation) == []
    groups = [(phase.id, phase.group) for phase in compilation.plans["btw-aangifte"].phases]
    assert groups[:4] == [("nazorg", None), ("a", "a"), ("b", "a"), ("opstellen", None)]


@pytest.mark.parametrize(
    ("then", "message"),
    [
        ("aanbieden", "'aangifte' may be missing: outcome 'snel' passes over 'opstellen'"),
        ("indienen", "'aangifte' can be delivered when its offer is passed over"),
    ],
)
def test_an_outcome_does_not_pass_over_what_a_later_phase_needs(
    office: SmallOffice, then: str, message: str
) -> None:
    outcomes = f"outcomes: [{{ id: verder, title: Verder }}, {{ id: snel, title: Snel, then: {then} }}]"
    if then == "indienen":
        old = "    checkpoints:\n      - id: aansluiting"
        compilation = office.with_change(old, f"    {outcomes}\n{old}")
    else:
        compilation = office.with_change("phases:\n", phases(phase("nazorg", outcomes)))
    assert message in messages(compilation)


SIGN = ("signs: [aangifte]", "qualification: [RA]")


def test_a_signature_reaches_the_plan(office: SmallOffice) -> None:
    compilation = office.with_piece(phases(phase("ondertekenen", *SIGN)))
    assert codes(compilation) == []
    plan = compilation.plans["btw-aangifte"]
    assert plan.phase("ondertekenen").signs == ("aangifte",)


def test_a_document_is_signed_only_after_it_is_made(office: SmallOffice) -> None:
    assert codes(office.with_piece(phases(phase("opstellen", *SIGN, role="administratie")))) == ["K307"]


def test_only_a_work_phase_signs_and_only_documents_that_there_are(office: SmallOffice) -> None:
    assert codes(office.with_piece(phases(phase("indienen", *DELIVER, "signs: [aangifte]")))) == ["K305"]
    assert codes(office.with_piece(phases(phase("ondertekenen", "signs: [verklaring]")))) == ["K205"]
