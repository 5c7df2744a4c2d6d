"""Planted mistakes, each of another kind, and the page that says what is told of each.

python -m tests.compiler.planted > docs/mistakes.md
python -m tests.compiler.planted --verdicts      # asks check-jsonschema again, and stores what it says
"""

import json
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kantoor.compiler import compile_definitions
from kantoor.compiler.definitions import Definitions, load
from kantoor.compiler.diagnostics import Diagnostic
from kantoor.compiler.forms import form_names
from kantoor.compiler.lower import list_chat_messages, used_messages

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "definitions"
VERDICTS = Path(__file__).parent / "planted_verdicts.json"
BTW, IB, SUP, NEW = "btw-aangifte", "aangifte-ib", "suppletie", "onboarding"
ANNUAL, PAYROLL, ICP = "jaarrekening", "loonaangifte", "icp-opgaaf"
WITH = {
    BTW: (BTW, SUP),
    IB: (IB, "jaarrekening", "aangifte-vpb"),
    SUP: (SUP, BTW),
    NEW: (NEW,),
    ANNUAL: (ANNUAL, "aangifte-vpb"),
    PAYROLL: (PAYROLL,),
    ICP: (ICP,),
}


class Mistake(NamedTuple):
    """A mistake that an author may make: the code that tells it, in words, and where and how it is made."""

    code: str
    words: str
    old: str
    new: str
    template: str = BTW
    path: str = ""

    @property
    def file(self) -> str:
        """Return the file that it is made in."""
        return self.path or f"workflows/{self.template}.yaml"


_REVIEW = "    four_eyes: [verzamelen, opstellen]\n    back_to: opstellen\n"
_NOT_BEFORE = "not_before: { after: period.end, days: 1 }"
_LATE = "        workdays: 7\n        role: relatiebeheerder\n"
_CHASE = "    chase:\n      escalate:\n        before: deadlines.aangifte\n        workdays: 7\n"
_OFFER_CHASE = (
    "      chase:\n        remind:\n          every_days: 3\n          at_most: 3\n"
    "          message: btw-accordering-herinnering\n        escalate:\n"
    "          before: deadlines.aangifte\n          workdays: 3\n          role: accountant\n"
    "          message: btw-klant-zwijgt\n"
)
_CLIENT = "messages/btw-stukken.yaml"
_COLLEAGUE = "messages/btw-werk-blijft-liggen.yaml"
_OFFERED = "messages/btw-ter-accordering.yaml"
_FORM = "forms/ib-profiel.yaml"
_PARTNER = "    partner:\n      type: boolean\n"
_OUTCOMES = (
    "        title: De aanslag klopt\n        then: aanslag_melden\n"
    "      - id: bezwaar\n        title: Bezwaar maken\n"
)
_GIVE_UP = (
    "        give_up: { after: phases.indienen, months: 12, then: afronden }"
    "   # op een nihil komt geen bericht\n"
)

_ADOPTED = "      - { after: facts.vastgesteld_op, days: 8 }\n"

_TWO = (
    "{ id: een, title: Een, role: secretariaat }\n          - { id: twee, title: Twee, role: secretariaat }\n"
)

MISTAKES = (
    Mistake("K101", "no space after a colon", "    role: accountant\n", "    role:accountant\n"),
    Mistake("K102", "a tab instead of spaces", "    role: accountant\n", "\trole: accountant\n"),
    Mistake("K103", "a key twice", "start: at_creation\n", "start: at_creation\nstart: by_hand\n"),
    Mistake("K115", "a merge conflict", "    role: accountant\n", "<<<<<<< HEAD\n    role: accountant\n"),
    Mistake("K116", "a non-breaking space", "    role: accountant\n", "    role:\u00a0accountant\n"),
    Mistake("K117", "a title that is cut at #", "title: Controle\n", "title: Controle #2 van het dossier\n"),
    Mistake("K120", "a misspelled key", "    moves: never\n", "    move: never\n"),
    Mistake("K121", "a key left out", "    title: Controle\n", ""),
    Mistake("K122", "a word for a number", "every_days: 3\n", "every_days: drie\n"),
    Mistake("K123", "a value of another language", "moves: never\n", "moves: nooit\n"),
    Mistake("K125", "an id with capitals", "- id: kas_compleet\n", "- id: Kas-compleet\n"),
    Mistake("K126", "a negative count", "at_most: 3\n", "at_most: -3\n"),
    Mistake(
        "K127",
        "a comma in braces",
        "- id: ingesteld\n        title: Het bezwaar loopt\n        then: afronden\n",
        "- { id: ingesteld, title: Bezwaar, door ons, then: afronden }\n",
        IB,
    ),
    Mistake("K201", "a misspelled role", "    role: fiscaal\n", "    role: fiskaal\n"),
    Mistake("K202", "a misspelled product", "products: [aangifte-btw]", "products: [aangifte-bwt]"),
    Mistake("K203", "a misspelled message", "message: btw-ingediend", "message: btw-ingedient"),
    Mistake("K204", "a misspelled phase", _REVIEW, _REVIEW.replace(": opst", ": opts")),
    Mistake("K205", "an unknown document", "reviews: [aangifte]", "reviews: [aangiften]"),
    Mistake("K207", "an unknown end", "ends.niet_ingediend", "ends.niet_ingedient"),
    Mistake("K210", "an id twice", "- id: bank_aangesloten\n", "- id: vraagposten\n"),
    Mistake(
        "K211",
        "roles that fall back on each other",
        "title: Accountant\n",
        "title: Accountant\nfallback: fiscaal\n",
        path="roles/accountant.yaml",
    ),
    Mistake(
        "K214",
        "digits of an account swapped",
        "NL04RABO0200112244",
        "NL04RABO0200112424",
        path="law/belastingdienst-rekening.yaml",
    ),
    Mistake(
        "K217",
        "an entry point of another year",
        "aangifte-2026.xsd",
        "aangifte-2025.xsd",
        path="law/omzetbelasting.yaml",
    ),
    Mistake(
        "K281",
        "a row of a law out of order",
        "2014-01-01",
        "2027-01-01",
        path="law/belastingdienst-rekening.yaml",
    ),
    Mistake(
        "K282",
        "a reduced rate above the general one",
        "reduced: 9",
        "reduced: 90",
        path="law/btw-tarieven.yaml",
    ),
    Mistake(
        "K283", "a BIC of another bank", "RABONL2U", "INGBNL2A", path="law/belastingdienst-rekening.yaml"
    ),
    Mistake("K231", "an end that nothing leads to", "      may_end: ends.niet_ingediend\n", ""),
    Mistake("K301", "a review that cannot fail", _REVIEW, _REVIEW.partition("\n")[0] + "\n"),
    Mistake(
        "K302", "work sent back to a later phase", _REVIEW, _REVIEW.replace(": opstellen", ": aanbieden")
    ),
    Mistake("K306", "a document made by the client", "made_in: opstellen", "made_in: aanbieden"),
    Mistake("K307", "a document made after it is used", "made_in: opstellen", "made_in: afronden"),
    Mistake(
        "K308",
        "a delivery without an offer",
        "    title: Aanbieden aan de klant\n",
        "    title: Aanbieden aan de klant\n    if: not product.foreign\n",
    ),
    Mistake("K311", "four eyes on a later phase", "[verzamelen, opstellen]", "[verzamelen, indienen]"),
    Mistake("K316", "a condition that never holds", "if: product.kor\n", "if: period.year < 2000\n"),
    Mistake(
        "K320",
        "outcomes that leave a case open",
        _OUTCOMES,
        _OUTCOMES.replace("        title", "        if: facts.uitstel == 'becon'\n        title"),
        IB,
    ),
    Mistake("K321", "an outcome that leads back", "then: aanslag_melden\n", "then: controle\n", IB),
    Mistake("K322", "a phase that all pass over", _OUTCOMES, f"{_OUTCOMES}        then: afronden\n", IB),
    Mistake(
        "K331",
        "a fact that nobody waits for",
        "    set_in: aanslag_controleren\n",
        "    set_in: aanslag_afwachten\n",
        IB,
    ),
    Mistake(
        "K341",
        "a wait for two things at once",
        "        - notice: naheffingsaanslag\n",
        "        - notice: naheffingsaanslag\n          filing: btw-aangifte\n",
        SUP,
    ),
    Mistake("K342", "a wait without an end", _GIVE_UP, "", SUP),
    Mistake(
        "K347",
        "a mistyped kind of notice",
        "notice: definitieve_aanslag",
        "notice: definitieveaanslag",
        IB,
        "workflows/aangifte-vpb.yaml",
    ),
    Mistake("K343", "a wait given up backwards", "then: afronden }   #", "then: opstellen }   #", SUP),
    Mistake(
        "K384", "a condition that always holds", "if: product.kor\n", "if: product.kor or not product.kor\n"
    ),
    Mistake(
        "K403",
        "a reminder without a text",
        _CHASE,
        _CHASE.replace("escalate", "remind: { every_days: 3, at_most: 2 }\n      escalate"),
    ),
    Mistake("K404", "a reminder after the escalation", "every_days: 3\n", "every_days: 60\n"),
    Mistake(
        "K405",
        "an escalation before the phase",
        "        workdays: 10\n        role: rel",
        "        workdays: 40\n        role: rel",
    ),
    Mistake("K406", "reminders of what is for information", "offer_as: approval", "offer_as: information"),
    Mistake(
        "K480", "an escalation to who has the work", _LATE, _LATE.replace("relatiebeheerder", "administratie")
    ),
    Mistake(
        "K481",
        "an escalation that four eyes bars",
        "workdays: 5\n        role: relatiebeheerder",
        "workdays: 5\n        role: administratie",
    ),
    Mistake(
        "K483",
        "an exception by who did the work",
        _REVIEW,
        f"    four_eyes_exception: administratie\n{_REVIEW}",
    ),
    Mistake(
        "K501",
        "a date with two anchors",
        _NOT_BEFORE,
        "not_before: { after: period.end, before: period.start, days: 1 }",
    ),
    Mistake("K502", "an unknown anchor", _NOT_BEFORE, _NOT_BEFORE.replace("period.end", "period.einde")),
    Mistake("K505", "an alternative that is never taken", "{ if: product.foreign, after", "{ after"),
    Mistake(
        "K506",
        "a first day after the last",
        "{ month_of: period.end, day: 24 }",
        "{ after: period.end, months: 2 }",
    ),
    Mistake(
        "K512",
        "a reminder after the deadline",
        "{ after: period.end, days: 12 }",
        "{ after: period.end, days: 95 }",
    ),
    Mistake(
        "K407",
        "an escalation before the target",
        "        workdays: 10\n        role: rel",
        "        workdays: 13\n        role: rel",
    ),
    Mistake(
        "K404",
        "an escalation after the term of a fact",
        "        after: facts.aanslag_op\n        weeks: 3\n",
        "        after: facts.aanslag_op\n        weeks: 7\n",
        IB,
    ),
    Mistake(
        "K404", "a reminder after an escalation from the start", "every_days: 5\n", "every_days: 30\n", NEW
    ),
    Mistake(
        "K404", "a reminder after an escalation from a phase", "every_days: 30\n", "every_days: 400\n", SUP
    ),
    Mistake("K482", "a wait given up before its escalation", "months: 3\n", "months: 13\n", SUP),
    Mistake(
        "K507",
        "a target after a deadline that hangs on a fact",
        "due: { before: deadlines.suppletie, workdays: 4 }",
        "due: { after: deadlines.suppletie, workdays: 4 }",
        SUP,
    ),
    Mistake(
        "K508",
        "a target before the phase that its term counts from",
        "due: { before: deadlines.deponeren, workdays: 5 }",
        "due: { before: deadlines.deponeren, workdays: 15 }",
        ANNUAL,
    ),
    Mistake(
        "K509",
        "a review due before work that hangs on a fact",
        "due: { before: deadlines.suppletie, workdays: 13 }",
        "due: { before: deadlines.suppletie, workdays: 20 }",
        SUP,
    ),
    Mistake(
        "K510",
        "a target before the assessment that it counts from",
        "due: { before: deadlines.bezwaar, workdays: 20 }",
        "due: { before: deadlines.bezwaar, workdays: 45 }",
        IB,
    ),
    Mistake("K510", "a reminder longer than the term", "every_days: 4\n", "every_days: 60\n", SUP),
    Mistake(
        "K511",
        "a target before that of earlier work",
        "due: { before: deadlines.aangifte, workdays: 9 }",
        "due: { before: deadlines.aangifte, workdays: 14 }",
    ),
    Mistake(
        "K512",
        "a task after the deadline",
        "at: { before: deadlines.aangifte, workdays: 2 }",
        "at: { after: deadlines.aangifte, days: 2 }",
    ),
    Mistake("K509", "a review due before the work", "aangifte, workdays: 7 }", "aangifte, workdays: 11 }"),
    Mistake(
        "K521",
        "a delivery by a later deadline",
        "document: aangifte, deadline: aangifte }",
        "document: aangifte, deadline: bezwaar }",
        IB,
    ),
    Mistake(
        "K581",
        "a message before its phase",
        "{ after: period.end, days: 8 }",
        "{ before: period.end, days: 8 }",
    ),
    Mistake("K602", "a misspelled variable", "if: product.kor\n", "if: product.korr\n"),
    Mistake("K604", "a value that cannot be", "period.kind == 'year'", "period.kind == 'years'"),
    Mistake(
        "K606", "an if that is not closed", "{% endif %}\n      U levert", "\n      U levert", path=_CLIENT
    ),
    Mistake("K611", "single braces in a text", "{{ filing.link }}", "{ filing.link }", path=_COLLEAGUE),
    Mistake(
        "K615",
        "a BSN in a text",
        "      U levert",
        "      Uw BSN is 123456782.\n      U levert",
        path=_CLIENT,
    ),
    Mistake(
        "K620",
        "a fact read before it is there",
        "    title: Fout vastleggen\n",
        "    title: Fout vastleggen\n    if: facts.saldo == 0\n",
        SUP,
    ),
    Mistake(
        "K680",
        "an answer read before it is asked",
        "        at: entered\n        request: { form: ib-profiel",
        "        at: entered\n        if: answers.partner\n        request: { form: ib-profiel",
        IB,
    ),
    Mistake(
        "K682",
        "an offer without its link",
        "U kunt de aangifte hier bekijken: {{ filing.link }}",
        "U kunt de aangifte bekijken.",
        path=_OFFERED,
    ),
    Mistake(
        "K686",
        "a colleague's message to a client",
        "send: { message: btw-ingediend }",
        "send: { message: btw-werk-blijft-liggen }",
    ),
    Mistake(
        "K687",
        "chat messages that are swapped",
        "  to_client: gesprek-klant\n  to_colleague: gesprek-collega\n",
        "  to_client: gesprek-collega\n  to_colleague: gesprek-klant\n",
        path="office.yaml",
    ),
    Mistake(
        "K705",
        "a pattern that no answer matches",
        "      maxLength: 1000\n",
        "      maxLength: 3\n      pattern: ^[0-9]{4}$\n",
        IB,
        _FORM,
    ),
    Mistake(
        "K704",
        "a pattern that looks ahead",
        "      maxLength: 1000\n",
        "      maxLength: 1000\n      pattern: ^(?!niets).*$\n",
        IB,
        _FORM,
    ),
    Mistake("K101", "an equals sign for a colon", "    role: accountant\n", "    role = accountant\n"),
    Mistake("K101", "a long dash for a hyphen", "  - id: indienen\n", "  \u2013 id: indienen\n"),
    Mistake("K101", "an item out of line", "  - id: indienen\n", " - id: indienen\n"),
    Mistake(
        "K101", "an apostrophe in single quotes", "title: Controle\n", "title: 'Foto's van de controle'\n"
    ),
    Mistake(
        "K101",
        "parentheses for braces",
        "due: { before: deadlines.aangifte, workdays: 7 }",
        "due: ( before: deadlines.aangifte, workdays: 7 )",
    ),
    Mistake("K101", "a comment of another language", "title: Controle\n", "title: Controle\n    // intern\n"),
    Mistake("K105", "a mark at the beginning of the file", "# yaml-lang", "\ufeff# yaml-lang"),
    Mistake("K106", "an alias of nothing", "role: accountant\n", "role: *accountant\n"),
    Mistake("K110", "an exclamation mark for not", "if: product.kor\n", "if: !product.kor\n"),
    Mistake("K111", "a condition in braces", "if: product.kor\n", "if: {{ product.kor }}\n"),
    Mistake("K120", "a key in Dutch", "        required: true\n", "        verplicht: true\n"),
    Mistake(
        "K120",
        "a block that is merged",
        f"{_NOT_BEFORE}\n    due: {{ before: deadlines.aangifte, workdays: 12 }}",
        f"{_NOT_BEFORE.replace('{', '&dag {')}\n    due: {{ <<: *dag, days: 20 }}",
    ),
    Mistake("K122", "yes in Dutch", "        required: true\n", "        required: ja\n"),
    Mistake("K122", "a number in quotes", "every_days: 3\n", "every_days: '3'\n"),
    Mistake("K122", "thousands with a point", "every_days: 3\n", "every_days: 1.000\n"),
    Mistake("K122", "names without brackets", "[verzamelen, opstellen]", "verzamelen, opstellen"),
    Mistake("K122", "a day where a rule is asked", _NOT_BEFORE, "not_before: 2027-02-01"),
    Mistake("K123", "a value in Dutch", "moves: never\n", "moves: volgende werkdag\n"),
    Mistake("K126", "a date in Dutch order", "extra: []  ", "extra: [15-05-2026]  ", path="office.yaml"),
    Mistake("K127", "a decimal comma in braces", "aangifte, workdays: 12 }", "aangifte, workdays: 12,5 }"),
    Mistake("K204", "a phase renamed at its own place alone", "  - id: opstellen\n", "  - id: boeken\n"),
    Mistake(
        "K206",
        "a deadline renamed at its own place alone",
        "deadlines:\n  - id: aangifte\n",
        "deadlines:\n  - id: indienen\n",
    ),
    Mistake("K210", "a copied phase with its old id", "  - id: opstellen\n", "  - id: verzamelen\n"),
    Mistake(
        "K706",
        "a field renamed at its own place alone",
        "    partner:\n",
        "    fiscale_partner:\n",
        IB,
        _FORM,
    ),
    Mistake("K120", "a misspelled group", "  - together:\n", "  - togehter:\n", NEW),
    Mistake(
        "K120",
        "a group in a group",
        "      - id: overdracht\n",
        f"      - together:\n          - {_TWO}      - id: overdracht\n",
        NEW,
    ),
    Mistake("K121", "a request without its form", "form: ib-profiel, message", "message", IB),
    Mistake(
        "K315",
        "a request that is commented out",
        "        request: { form: onb",
        "        # request: { form: onb",
        NEW,
    ),
    Mistake("K101", "a dash too many", "  - id: controle\n", "  -- id: controle\n"),
    Mistake("K101", "a fullwidth colon", "    role: accountant\n", "    role\uff1aaccountant\n"),
    Mistake("K101", "a first key without its colon", "title: ", "title ", IB, "messages/klant-zwijgt.yaml"),
    Mistake("K118", "curly quotes around a title", "title: Controle\n", "title: \u201cControle\u201d\n"),
    Mistake(
        "K207",
        "an end that is a phase",
        "then: ends.geen_aanslag",
        "then: ends.bezwaar_maken",
        IB,
    ),
    Mistake("K204", "an end without ends", "then: ends.geen_aanslag", "then: geen_aanslag", IB),
    Mistake(
        "K405",
        "an escalation before a filing that starts by hand",
        "workdays: 38",
        "workdays: 300",
        IB,
        "workflows/aangifte-vpb.yaml",
    ),
    Mistake(
        "K508",
        "a target before a filing that starts by hand",
        "{ after: period.end, months: 2, day: 15 }",
        "{ before: period.end, months: 2, day: 15 }",
        IB,
        "workflows/jaarrekening.yaml",
    ),
    Mistake(
        "K601",
        "an operator of another language",
        "'bv' and facts",
        "'bv' && facts",
        IB,
        "workflows/jaarrekening.yaml",
    ),
    Mistake("K606", "an else without an if", "{% endif %}", "{% endif %}{% else %}", path=_CLIENT),
    Mistake(
        "K682",
        "an invitation without its link",
        "{{ filing.link }}",
        "de link",
        IB,
        "messages/ib-uitvraag.yaml",
    ),
    Mistake(
        "K381",
        "a filing that starts itself",
        "start: { template: aangifte-vpb }",
        "start: { template: jaarrekening }",
        IB,
        "workflows/jaarrekening.yaml",
    ),
    Mistake(
        "K210",
        "a notice that is waited for twice",
        "        - notice: naheffingsaanslag\n",
        "        - notice: naheffingsaanslag\n        - notice: naheffingsaanslag\n",
        SUP,
    ),
    Mistake(
        "K317",
        "a month that is not the last",
        "if: period.last_of_year\n",
        "if: period.last_of_year and period.month == 3\n",
    ),
    Mistake(
        "K316",
        "a frequency that is not the period's",
        "if: product.kor\n",
        "if: product.frequency == 'month' and period.kind == 'year'\n",
    ),
    Mistake("K305", "a review while waiting", "    wait:\n", "    reviews: [suppletie]\n    wait:\n", SUP),
    Mistake(
        "K304",
        "an offer and a delivery in one phase",
        "    offer:\n",
        "    deliver: { document: aangifte, deadline: aangifte }\n    offer:\n",
    ),
    Mistake(
        "K507",
        "a filing created after its deadline",
        "created: { before: period.start, days: 1 }",
        "created: { after: period.end, months: 3 }",
    ),
    Mistake("K119", "the schema of another kind", "workflow.schema", "message.schema"),
    Mistake("K317", "a thirteenth month", "if: product.kor\n", "if: period.number == 13\n"),
    Mistake("K101", "a group without its colon", "  - together:\n", "  - together\n", NEW),
    Mistake(
        "K101",
        "a first item without its dash",
        "    checkpoints:\n      - id",
        "    checkpoints:\n        id",
    ),
    Mistake("K101", "a list without its colon", "    checkpoints:\n", "    checkpoints\n"),
    Mistake(
        "K120",
        "an else that is said twice",
        _ADOPTED,
        2 * _ADOPTED.replace("{", "else: {"),
        ANNUAL,
    ),
    Mistake(
        "K120",
        "an outcome by else",
        "      - id: bezwaar\n        title: Bezwaar maken\n",
        "      - else:\n        id: bezwaar\n        title: Bezwaar maken\n",
        IB,
    ),
    Mistake(
        "K123",
        "a remark of another language",
        "    moves: never\n",
        "    moves: never // niet in het weekend\n",
    ),
    Mistake(
        "K505",
        "a second alternative for all other cases",
        _ADOPTED,
        _ADOPTED + _ADOPTED.replace("8", "9"),
        ANNUAL,
    ),
    Mistake("K602", "a fact renamed at its own place alone", "  - id: klasse\n", "  - id: klase\n", ANNUAL),
    Mistake(
        "K220",
        "a date renamed at its own place alone",
        "  - id: vastgesteld_op\n",
        "  - id: vastgesteldop\n",
        ANNUAL,
    ),
    Mistake(
        "K604",
        "an option renamed at its own place alone",
        "      - id: middelgroot\n",
        "      - id: middel_groot\n",
        ANNUAL,
    ),
    Mistake(
        "K205", "a source that is misspelled", "    from: jaarrekening ", "    from: jaarekening ", ANNUAL
    ),
    Mistake("K602", "a request of another form", "{ form: ib-profiel", "{ form: ib-stukken", IB),
    Mistake(
        "K204",
        "names with commas where one name or a list can be",
        "set_in: [uitvraag, stukken, opstellen]",
        "set_in: uitvraag, stukken en opstellen",
        IB,
    ),
    Mistake(
        "K201", "two roles for one phase", "    role: salaris\n", "    role: salaris, fiscaal\n", PAYROLL
    ),
    Mistake("K120", "unless for if not", "        if: product.kor\n", "        unless: product.kor\n"),
    Mistake(
        "K120", "another word for a condition", "        if: product.kor\n", "        when: product.kor\n"
    ),
    Mistake("K120", "another word for who does it", "    role: accountant\n", "    assignee: accountant\n"),
    Mistake("K120", "a deadline for a target", "    due: { before", "    deadline: { before", ICP),
    Mistake(
        "K120",
        "a block that is not indented",
        _OFFER_CHASE,
        _OFFER_CHASE.replace("\n  ", "\n"),
    ),
    Mistake(
        "K120", "equals signs in braces", "{ after: period.end, days: 8 }", "{ after = period.end, days = 8 }"
    ),
    Mistake(
        "K101",
        "a first item without its dash, as deep as the next dash",
        "    checkpoints:\n      - id",
        "    checkpoints:\n      id",
        ICP,
    ),
    Mistake("K122", "a first word without its dash", "  - directeur\n", "  directeur\n", path="office.yaml"),
    Mistake("K101", "a word without its dash", "  - vennoot\n", "  vennoot\n", path="office.yaml"),
    Mistake(
        "K101",
        "a block without braces",
        "at: { after: period.end, days: 8 }",
        "at: after: period.end, days: 8",
    ),
    Mistake("K101", "a brace too many", "period.end, days: 8 }", "period.end, days: 8 }}"),
    Mistake(
        "K122",
        "a deadline where a date is asked",
        "due: { before: deadlines.aangifte, workdays: 9 }",
        "due: deadlines.aangifte",
    ),
    Mistake(
        "K126",
        "a date counted with a minus sign",
        "before: deadlines.aangifte, workdays: 9",
        "after: deadlines.aangifte, workdays: -9",
    ),
    Mistake(
        "K204",
        "the title of a phase for its id",
        "    back_to: opstellen\n",
        "    back_to: Boeken en aangifte opstellen\n",
    ),
    Mistake(
        "K203",
        "the title of a message for its name",
        "message: vpb-uitvraag",
        "message: 'Aangifte vennootschapsbelasting: stukken opvragen'",
        IB,
        "workflows/aangifte-vpb.yaml",
    ),
    Mistake("K122", "yes where a phase is asked", "    back_to: opstellen\n", "    back_to: true\n"),
    Mistake("K204", "an outcome that leads to a word", "then: aanslag_melden\n", "then: Klaar\n", IB),
    Mistake(
        "K601",
        "three equals signs",
        "facts.uitstel == 'eigen', after",
        "facts.uitstel === 'eigen', after",
        IB,
    ),
    Mistake(
        "K120",
        "a field that says that it is required",
        "      maxLength: 1000\n",
        "      required: true\n",
        IB,
        _FORM,
    ),
    Mistake("K123", "a field that is a date", "      type: boolean\n", "      type: date\n", IB, _FORM),
    Mistake(
        "K706", "a field that the form does not have", "kinderen, loon", "kinderen, salaris, loon", IB, _FORM
    ),
    Mistake(
        "K122",
        "a condition for required",
        "    required: true\n    if: answers.loon\n",
        "    required: answers.loon\n",
        IB,
        "forms/ib-stukken.yaml",
    ),
    Mistake(
        "K606",
        "an if between double braces",
        "{% if period.last_of_year %}",
        "{{ if period.last_of_year }}",
        path=_CLIENT,
    ),
    Mistake(
        "K618",
        "a note to colleagues in a mail",
        "{{ contact.salutation }},",
        "# TODO: nog aan Tom vragen\n      {{ contact.salutation }},",
        path=_CLIENT,
    ),
    Mistake(
        "K616",
        "a placeholder of a text processor",
        "{{ contact.salutation }},",
        "Beste [naam],",
        path=_CLIENT,
    ),
    Mistake("K617", "a list whose lines are joined", "    body: |\n", "    body: >\n", path=_CLIENT),
    Mistake("K120", "a language by its name", "  en:\n", "  engels:\n", path=_CLIENT),
    Mistake(
        "K123",
        "an act without its reason",
        "do: [{ reject: De omzet van maart klopt niet }]",
        "do: [reject]",
        path="scenarios/btw-aangifte/afgekeurd.yaml",
    ),
    Mistake("K123", "two kinds of periods", "period: by_product", "period: month, quarter"),
    Mistake(
        "K122", "two products as one", "products: [aangifte-btw]", "products: aangifte-btw en suppletie-btw"
    ),
    Mistake(
        "K851",
        "an answer to a question that the form does not ask",
        "      kinderen: true\n",
        "      kind: true\n",
        IB,
        "scenarios/aangifte-ib/partners.yaml",
    ),
    Mistake(
        "K856",
        "an answer that a form does not take",
        "      kinderen: true\n",
        "      kinderen: soms\n",
        IB,
        "scenarios/aangifte-ib/partners.yaml",
    ),
    Mistake(
        "K852",
        "two acts in one",
        "do: [{ reject: De omzet van maart klopt niet }]",
        "do: [{ reject: De omzet klopt niet, approve: jan }]",
        path="scenarios/btw-aangifte/afgekeurd.yaml",
    ),
    Mistake("K103", "a section that is begun twice", "phases:\n", "phases:\n\nphases:\n", NEW),
    Mistake("K101", "a bar before a text on its own line", "title: Controle\n", "title: | Controle\n", ICP),
    Mistake(
        "K120",
        "a policy's key in Dutch",
        "unless:",
        "tenzij:",
        path="policies/indienen-na-akkoord.yaml",
    ),
    Mistake(
        "K871",
        "two observations joined by a word",
        "is_approved, is_informed]",
        "is_approved or is_informed]",
        path="policies/indienen-na-akkoord.yaml",
    ),
    Mistake(
        "K871",
        "a misspelled observation",
        "next_reminder,",
        "next_remider,",
        path="policies/herinnering-op-tijd.yaml",
    ),
    Mistake(
        "K682",
        "an offer with its link in a condition",
        "U kunt de aangifte hier bekijken: {{ filing.link }}",
        "{% if period.kind == 'year' %}U kunt de aangifte hier bekijken: {{ filing.link }}{% endif %}",
        path=_OFFERED,
    ),
    Mistake(
        "K688",
        "a month in a message of a year",
        "    body: |\n",
        "    body: |\n      {% if period.kind == 'month' %}Dit is één maand.{% endif %}\n",
        SUP,
        "messages/suppletie-ter-accordering.yaml",
    ),
    Mistake(
        "K689",
        "an amount that is printed in a mail",
        "    body: |\n",
        "    body: |\n      Het gaat om {{ facts.saldo }}.\n",
        SUP,
        "messages/suppletie-ter-accordering.yaml",
    ),
    Mistake(
        "K615",
        "an OB number in a text",
        "      U levert",
        "      Uw nummer is 123456782B01.\n      U levert",
        path=_CLIENT,
    ),
    Mistake(
        "K615",
        "a payment reference in a text",
        "      U levert",
        "      Het kenmerk is 3123.4567.8160.1210.\n      U levert",
        path=_CLIENT,
    ),
    Mistake(
        "K613",
        "braces in the intro of a form",
        "intro: >-\n",
        "intro: >-\n  Dag {{ contact.name }},\n",
        IB,
        _FORM,
    ),
    Mistake("K613", "braces in the law of a deadline", "law: AWR art. 10a", "law: 'AWR {{ x }}' #", SUP),
    Mistake("K609", "an account in a title", "    title: Controle\n", "    title: NL04RABO0200112244\n"),
    Mistake(
        "K215",
        "an own field that every relation has",
        "  - id: dga\n",
        "  - id: name\n    title: Naam\n    type: text\n  - id: dga\n",
        path="office.yaml",
    ),
    Mistake(
        "K316",
        "a frequency that the product does not have",
        "if: facts.beschikking == 'naheffingsaanslag'\n",
        "if: product.frequency == 'month'\n",
        SUP,
    ),
    Mistake(
        "K386",
        "a message that is sent twice",
        "        send: { message: suppletie-teruggaaf }\n",
        "        send: { message: suppletie-teruggaaf }\n      - id: nogmaals\n        at: completed\n"
        "        send: { message: suppletie-teruggaaf }\n",
        SUP,
    ),
    Mistake("K232", "a title twice", "    title: Controle\n", "    title: Aanbieden aan de klant\n"),
    Mistake(
        "K357",
        "each decides on what is nobody's own",
        "  to: primary_contact\n",
        "  to: { function: directeur, decide: each }\n",
    ),
    Mistake(
        "K128",
        "a sign that turns the direction of a text",
        "      U levert",
        "      \u202eTrevel\u202c.\n      U levert",
        path=_CLIENT,
    ),
)


@lru_cache(maxsize=8)
def list_company(template: str) -> dict[str, str]:
    """Return the shipped files that a template needs, by path."""
    definitions = _load_shipped()
    models = dict(definitions.templates())
    paths = [
        "office.yaml",
        *(f"{folder}/{name}.yaml" for folder in ("roles", "law") for name in getattr(definitions, folder)),
    ]
    for name in WITH[template]:
        model = models[name]
        paths.append(f"workflows/{name}.yaml")
        paths += [f"products/{product}.yaml" for product in model.products]
        paths += [f"messages/{message}.yaml" for message in used_messages(model)]
        paths += [f"forms/{form}.yaml" for form in form_names(model)]
    office = _load_shipped().office
    paths += [f"messages/{message}.yaml" for message in list_chat_messages(office.model if office else None)]
    return {path: (SHIPPED / path).read_text("utf-8") for path in paths}


def list_files(mistake: Mistake) -> dict[str, str]:
    """Return the files among which a mistake is made: those of its template, and its own."""
    files = list_company(mistake.template)
    return {mistake.file: (SHIPPED / mistake.file).read_text("utf-8"), **files}


@lru_cache(maxsize=1)
def _load_shipped() -> Definitions:
    return load(SHIPPED)[0]


def plant(mistake: Mistake, folder: Path) -> None:
    """Write the files of a template with the mistake in one of them."""
    files = list_files(mistake)
    assert mistake.old in files[mistake.file], mistake.words
    files[mistake.file] = files[mistake.file].replace(mistake.old, mistake.new, 1)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def find(mistake: Mistake) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of a planted mistake."""
    with tempfile.TemporaryDirectory() as place:
        plant(mistake, Path(place))
        return compile_definitions(Path(place)).diagnostics


def ask_check_jsonschema(mistake: Mistake) -> str:
    """Return what check-jsonschema says of the file with our schema: 'found' or '–'."""
    kind = "office" if mistake.file == "office.yaml" else mistake.file.split("/")[0].rstrip("s")
    with tempfile.TemporaryDirectory() as place:
        plant(mistake, Path(place))
        schema = ROOT / "schemas" / f"{kind}.schema.json"
        command = [str(Path(sys.executable).parent / "check-jsonschema"), "--schemafile", str(schema)]
        ended = subprocess.run([*command, str(Path(place) / mistake.file)], capture_output=True, check=False)
    return "found" if ended.returncode else "–"


def write_page() -> str:
    """Return docs/mistakes.md."""
    verdicts = json.loads(VERDICTS.read_text("utf-8"))
    rows = [_write_row(mistake, verdicts[mistake.words]) for mistake in MISTAKES]
    found = sum(verdict == "found" for verdict in verdicts.values())
    return (
        "# Planted mistakes\n\n"
        f"{len(MISTAKES)} mistakes of as many kinds, each planted alone in the shipped definitions, and "
        "what\n`kantoor check` says of it: one diagnostic each, where the mistake is. Beside it whether "
        f"`check-jsonschema`\nfinds it with our own schemas, which know the shape of a file and nothing of "
        f"what it means: {found} of\n{len(MISTAKES)}. `python -m tests.compiler.planted` writes this page, "
        "and a test compares it.\n\n| code | what was planted | where | what is said | help | "
        "check-jsonschema |\n|---|---|---|---|---|---|\n" + "".join(rows)
    )


def _write_row(mistake: Mistake, verdict: str) -> str:
    (found,) = find(mistake)
    where = f"`{found.span.path}:{found.span.line}:{found.span.column}`"
    cells = (
        f"[{found.code.id}](diagnostics.md)",
        mistake.words,
        where,
        found.message,
        found.help or "",
        verdict,
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |\n"


if __name__ == "__main__":
    if "--verdicts" in sys.argv:
        said = {mistake.words: ask_check_jsonschema(mistake) for mistake in MISTAKES}
        VERDICTS.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", "utf-8")
    else:
        sys.stdout.write(write_page())
