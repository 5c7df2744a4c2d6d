"""Edits of the shipped definitions, and the page that shows what a reviewer reads of each.

python -m tests.review.edited > docs/changes.md
"""

# ruff: noqa: E501  texts of definitions, as they are in the files

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kantoor.compiler.compilation import list_paths
from kantoor.compiler.workspace import Workspace
from kantoor.review.faces.grouping import say_where
from kantoor.review.review import Review, Side, review

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "definitions"
ON = date(2026, 11, 29)
"""The day on which the page is made: its dates are those of the year after it."""

BTW, IB, VPB, ICP = (
    f"workflows/{name}.yaml" for name in ("btw-aangifte", "aangifte-ib", "aangifte-vpb", "icp-opgaaf")
)
YEAR, WAGES, NEW, SUP = (
    f"workflows/{name}.yaml" for name in ("jaarrekening", "loonaangifte", "onboarding", "suppletie")
)


class Edit(NamedTuple):
    """An edit in words, and how it is made: in which file, what becomes what; `after` says after which text."""

    words: str
    file: str
    old: str
    new: str
    after: str = ""
    also: tuple[tuple[str, str, str], ...] = ()
    """More of the same edit: file, old, new."""


EDITS: tuple[Edit, ...] = (
    # clients
    Edit("reminders further apart", BTW, "every_days: 3", "every_days: 5"),
    Edit("one reminder less", BTW, "at_most: 3", "at_most: 2"),
    Edit(
        "no reminders of a request",
        VPB,
        "          remind:\n            every_days: 14\n            at_most: 2\n            message: vpb-uitvraag-herinnering\n",
        "",
    ),
    Edit(
        "a word in a message",
        "messages/btw-stukken.yaml",
        "graag uw\n      stukken",
        "graag al uw\n      stukken",
    ),
    Edit(
        "a subject",
        "messages/btw-stukken.yaml",
        "Stukken voor uw btw-aangifte",
        "Uw stukken voor de btw-aangifte",
    ),
    Edit(
        "a sentence in English only",
        "messages/btw-stukken.yaml",
        "Do call or write if you have questions.",
        "Please call us if you have questions.",
    ),
    Edit(
        "a text that templates share",
        "messages/klant-zwijgt.yaml",
        "Neem vandaag contact op",
        "Neem deze week contact op",
    ),
    Edit("approval becomes information only", ICP, "offer_as: approval", "offer_as: information"),
    Edit("a signature becomes approval", YEAR, "offer_as: signature", "offer_as: approval"),
    Edit("one director is enough", YEAR, "decide: all", "decide: one"),
    Edit(
        "another decides", IB, "  to: primary_contact\n  message", "  to: { function: eigenaar }\n  message"
    ),
    Edit(
        "another message with an offer",
        VPB,
        "  message: vpb-ter-accordering",
        "  message: ib-ter-accordering",
    ),
    Edit("what is said of paying", BTW, "pay: now", "pay: nothing"),
    Edit("an offer waits for somebody", BTW, "forward: automatic", "forward: by_hand"),
    Edit(
        "no end without an answer",
        BTW,
        "      may_end: ends.niet_ingediend\n",
        "",
        also=((BTW, "ends:\n  - id: niet_ingediend\n    title: Niet ingediend\n    planner: te_laat\n", ""),),
    ),
    Edit(
        "a question more",
        "forms/ib-profiel.yaml",
        "    alimentatie:\n",
        "    auto:\n      type: boolean\n      title: Had u een auto van de zaak?\n    alimentatie:\n",
    ),
    Edit(
        "a question less",
        "forms/loon-mutaties.yaml",
        "    opmerkingen:\n      type: string\n      title: Wat moeten wij verder weten?\n      maxLength: 2000\n",
        "",
    ),
    Edit(
        "a question reads otherwise",
        "forms/ib-profiel.yaml",
        "Woonden er kinderen bij u?",
        "Woonden er minderjarige kinderen bij u?",
    ),
    Edit(
        "a question may be left open",
        "forms/ib-profiel.yaml",
        "required: [partner, kinderen, loon,",
        "required: [partner, kinderen,",
    ),
    Edit("a shorter answer", "forms/ib-profiel.yaml", "maxLength: 1000", "maxLength: 500"),
    Edit(
        "a request no longer holds up the work",
        IB,
        "request: { form: ib-stukken, message: ib-stukken }",
        "request: { form: ib-stukken, required: false, message: ib-stukken }",
    ),
    Edit("a reminder moves", BTW, "days: 8", "days: 6"),
    Edit(
        "a message is sent to another",
        IB,
        "to: { function: fiscale_partner } }\n        deliver",
        "to: primary_contact }\n        deliver",
    ),
    Edit(
        "a message goes only to some",
        BTW,
        "        at: completed\n        send: { message: btw-ingediend }",
        "        at: completed\n        if: not product.foreign\n        send: { message: btw-ingediend }",
    ),
    Edit(
        "a message is dropped",
        ICP,
        "    automations:\n      - id: ingediend\n        at: completed\n        send: { message: icp-ingediend }\n",
        "",
    ),
    # staff
    Edit("another role", BTW, "role: fiscaal", "role: accountant"),
    Edit(
        "another role is brought in",
        BTW,
        "role: accountant\n          message: btw-klant-zwijgt",
        "role: fiscaal\n          message: btw-klant-zwijgt",
    ),
    Edit(
        "nobody is brought in",
        BTW,
        "    chase:\n      escalate:\n        before: deadlines.aangifte\n        workdays: 10\n        role: relatiebeheerder\n        message: btw-werk-blijft-liggen\n",
        "",
    ),
    Edit("a title is no longer asked", YEAR, "    qualification: [AA, RA]\n", ""),
    Edit("four eyes on less", BTW, "four_eyes: [verzamelen, opstellen]", "four_eyes: [opstellen]"),
    Edit(
        "an exception to four eyes",
        BTW,
        "four_eyes: [verzamelen, opstellen]",
        "four_eyes: [verzamelen, opstellen]\n    four_eyes_exception: relatiebeheerder",
    ),
    Edit("another fallback", "roles/fiscaal.yaml", "fallback: accountant", "fallback: relatiebeheerder"),
    Edit(
        "a role is renamed for people", "roles/fiscaal.yaml", "title: Fiscalist", "title: Belastingadviseur"
    ),
    Edit(
        "a mandatory checkpoint more",
        ICP,
        "      - id: vervoersbewijs\n        title: Van elke levering van goederen is het vervoer naar een ander EU-land aangetoond\n",
        "      - id: vervoersbewijs\n        title: Van elke levering van goederen is het vervoer naar een ander EU-land aangetoond\n        required: true\n",
    ),
    Edit(
        "a checkpoint is dropped",
        BTW,
        "      - id: grootboek\n        title: De totalen sluiten aan op het grootboek\n        required: true\n",
        "",
    ),
    Edit(
        "a checkpoint no longer mandatory",
        VPB,
        "beschikkingen zijn er\n        required: true",
        "beschikkingen zijn er",
    ),
    Edit(
        "a checkpoint only for some",
        BTW,
        "      - id: bank_compleet\n        title: Alle bankmutaties zijn ontvangen\n        required: true\n",
        "      - id: bank_compleet\n        title: Alle bankmutaties zijn ontvangen\n        required: true\n        if: not product.kor\n",
    ),
    Edit(
        "a checkpoint is worded otherwise",
        BTW,
        "De vraagposten zijn afgewikkeld",
        "De vraagposten zijn met de klant afgewikkeld",
    ),
    Edit(
        "checkpoints in another order",
        BTW,
        "      - id: inkoop_compleet\n        title: Alle inkoopfacturen zijn ontvangen, ook oudere die later zijn binnengekomen\n        required: true\n      - id: bank_compleet\n        title: Alle bankmutaties zijn ontvangen\n        required: true\n",
        "      - id: bank_compleet\n        title: Alle bankmutaties zijn ontvangen\n        required: true\n      - id: inkoop_compleet\n        title: Alle inkoopfacturen zijn ontvangen, ook oudere die later zijn binnengekomen\n        required: true\n",
    ),
    # flow
    Edit("a phase is dropped", BTW, "  - id: afronden\n", "", after="deliver: {"),
    Edit(
        "a phase is added",
        ICP,
        "  - id: controle\n    title: Controle\n",
        "  - id: nabellen\n    title: Afnemers nabellen\n    role: administratie\n    due: { before: deadlines.opgaaf, workdays: 8 }\n    checkpoints:\n      - id: gebeld\n        title: Elke nieuwe afnemer is gebeld\n        required: true\n\n  - id: controle\n    title: Controle\n",
    ),
    Edit(
        "a phase under another id",
        SUP,
        "  - id: bezwaar\n    title: Bezwaar maken of",
        "  - id: bezwaar_maken\n    title: Bezwaar maken of",
        also=((SUP, "then: bezwaar", "then: bezwaar_maken"),),
    ),
    Edit(
        "a phase only for some",
        YEAR,
        "  - id: bespreken\n    title: Bespreken met de klant\n",
        "  - id: bespreken\n    title: Bespreken met de klant\n    if: not relation.natural_person\n",
    ),
    Edit(
        "an outcome leads elsewhere",
        VPB,
        "title: Het bezwaar loopt\n        then: afronden",
        "title: Het bezwaar loopt",
    ),
    Edit(
        "the work goes back to another phase",
        BTW,
        "    back_to: opstellen\n    checkpoints",
        "    back_to: verzamelen\n    checkpoints",
    ),
    Edit("a review is dropped", ICP, "    reviews: [opgaaf]\n", ""),
    Edit("waiting ends sooner", SUP, "months: 12, then: afronden", "months: 6, then: afronden"),
    Edit(
        "a fact may be left out",
        YEAR,
        "    set_in: vaststelling\n",
        "    set_in: vaststelling\n    optional: true\n",
    ),
    Edit("one notice less", SUP, "        - notice: teruggaafbeschikking\n          fact: dagtekening\n", ""),
    Edit(
        "no other filing is started",
        YEAR,
        "    automations:\n      - id: vennootschapsbelasting        # nu al: uitstel moet bij een kalenderjaar voor 1 juni zijn aangevraagd\n        at: completed\n        if: relation.legal_form in ['bv', 'nv', 'cooperatie', 'owm']\n        start: { template: aangifte-vpb }\n",
        "",
    ),
    # dates
    Edit(
        "work is due sooner",
        BTW,
        "due: { before: deadlines.aangifte, workdays: 7 }",
        "due: { before: deadlines.aangifte, workdays: 9 }",
    ),
    Edit(
        "a filing is created sooner",
        BTW,
        "created: { before: period.start, days: 1 }",
        "created: { before: period.start, days: 3 }",
    ),
    Edit(
        "a target that had none",
        VPB,
        "  - id: aanslag_afwachten\n    title: Definitieve aanslag afwachten\n    role: fiscaal\n",
        "  - id: aanslag_afwachten\n    title: Definitieve aanslag afwachten\n    role: fiscaal\n    due: { after: phases.indienen, months: 6 }\n",
    ),
    Edit(
        "somebody is brought in later",
        YEAR,
        "        months: 3\n        role: relatiebeheerder",
        "        months: 4\n        role: relatiebeheerder",
    ),
    Edit("the office closes on Good Friday", "office.yaml", "good_friday: false", "good_friday: true"),
    # law
    Edit("a deadline of the law", ICP, "months: 1, day: last }", "months: 1, day: 25 }"),
    Edit("a deadline moves over weekends", BTW, "    moves: never\n", "    moves: next_workday\n"),
    Edit(
        "an account of the tax authority",
        "law/belastingdienst-rekening.yaml",
        "NL04RABO0200112244",
        "NL86INGB0002445588",
    ),
    Edit("the consultant number", "office.yaml", '"123456"', '"654321"'),
    Edit(
        "a function gives authority",
        "office.yaml",
        "function_gives_authority: []",
        "function_gives_authority: [directeur]",
    ),
    # what looks harmless
    Edit(
        "a way past all that is asked of a new client",
        NEW,
        "      - id: afgezien\n        title: Wij of",
        "      - id: snel\n        title: Bekende klant, meteen de opdracht\n        then: opdracht\n      - id: afgezien\n        title: Wij of",
    ),
    Edit(
        "a way past a second judgement that opens to more",
        NEW,
        "if: facts.risico != 'hoog' and not facts.politiek and not answers.politiek",
        "if: facts.risico != 'hoog'",
    ),
    Edit(
        "a fact that turns on a second judgement may be left out",
        NEW,
        "    set_in: risico\n    closes_with_phase: true\n\ndocuments",
        "    set_in: risico\n    closes_with_phase: true\n    optional: true\n\ndocuments",
    ),
    Edit(
        "a fact that was judged by can be corrected later",
        NEW,
        "    set_in: risico\n    closes_with_phase: true\n\ndocuments",
        "    set_in: risico\n\ndocuments",
    ),
    Edit(
        "a day of what has happened may be still to come",
        SUP,
        "kan de dag corrigeren\n    past: true\n",
        "kan de dag corrigeren\n",
    ),
    Edit(
        "a way past an objection",
        SUP,
        "      - id: klopt\n        title: De aanslag of teruggaaf klopt",
        "      - id: laat\n        title: Laat maar\n        then: afronden\n      - id: klopt\n        title: De aanslag of teruggaaf klopt",
    ),
    Edit(
        "a day from which the law counts is recorded later",
        SUP,
        "    set_in: [signaleren, bepalen] ",
        "    set_in: [opstellen] ",
    ),
    Edit(
        "the day of a notice is no longer recorded",
        IB,
        "        - notice: definitieve_aanslag\n          fact: aanslag_op",
        "        - notice: definitieve_aanslag",
    ),
    Edit(
        "a phase begins much later",
        SUP,
        "    role: administratie\n    due: { before: deadlines.suppletie, workdays: 18 }",
        "    role: administratie\n    not_before: { after: period.end, months: 30 }\n    due: { before: deadlines.suppletie, workdays: 18 }",
    ),
    Edit(
        "a checkpoint moves behind the delivery",
        BTW,
        "      - id: grootboek\n        title: De totalen sluiten aan op het grootboek\n        required: true\n",
        "",
        also=(
            (
                BTW,
                "      - id: geboekt\n",
                "      - id: grootboek\n        title: De totalen sluiten aan op het grootboek\n        required: true\n      - id: geboekt\n",
            ),
        ),
    ),
    Edit(
        "a checkpoint moves to who prepares",
        BTW,
        "      - id: tarieven\n        title: Tarieven, vrijstellingen en verlegging zijn juist toegepast\n        required: true\n",
        "",
        also=(
            (
                BTW,
                "      - id: vraagposten\n",
                "      - id: tarieven\n        title: Tarieven, vrijstellingen en verlegging zijn juist toegepast\n        required: true\n      - id: vraagposten\n",
            ),
        ),
    ),
    Edit(
        "documents change titles",
        IB,
        "title: Aangifte inkomstenbelasting\n    made",
        "title: Aangifte inkomstenbelasting van de partner\n    made",
        also=(
            (
                IB,
                "id: aangifte_partner\n    title: Aangifte inkomstenbelasting van de partner\n",
                "id: aangifte_partner\n    title: Aangifte inkomstenbelasting\n",
            ),
        ),
    ),
    Edit(
        "products change titles",
        "products/aangifte-btw.yaml",
        "title: Aangifte btw",
        "title: Opgaaf icp",
        also=(("products/opgaaf-icp.yaml", "title: Opgaaf icp", "title: Aangifte btw"),),
    ),
    Edit(
        "outcomes change titles",
        SUP,
        "title: Suppletie indienen\n        then",
        "title: Verwerken in de volgende aangifte\n        then",
        also=(
            (
                SUP,
                "title: Verwerken in de volgende aangifte\n        if",
                "title: Suppletie indienen\n        if",
            ),
        ),
    ),
    Edit(
        "a title is asked of who delivers",
        BTW,
        "    role: fiscaal\n    due: { before: deadlines.aangifte, workdays: 2 }",
        "    role: fiscaal\n    qualification: [RA]\n    due: { before: deadlines.aangifte, workdays: 2 }",
    ),
    Edit("filings of one kind of period alone", VPB, "period: by_product", "period: year"),
    Edit(
        "an exception to four eyes by who prepares",
        WAGES,
        "four_eyes_exception: relatiebeheerder",
        "four_eyes_exception: salaris",
    ),
    Edit(
        "the last offer waits for a notice",
        NEW,
        "  - id: ondertekenen\n",
        "  - id: wachten\n    title: Wachten\n    role: accountant\n    wait:\n      for:\n        - notice: naheffingsaanslag\n      chase:\n        escalate: { after: filing.start, days: 50, role: accountant, message: onboarding-blijft-liggen }\n\n  - id: ondertekenen\n",
    ),
    Edit(
        "the last offer begins much later",
        NEW,
        "    due: { after: filing.start, workdays: 32 }\n",
        "    not_before: { after: filing.start, days: 35 }\n",
    ),
    Edit(
        "a new phase by a role that nobody has",
        BTW,
        "  - id: indienen\n",
        "  - id: stempel\n    title: Stempelen\n    role: stempelaar\n\n  - id: indienen\n",
        also=(("roles/stempelaar.yaml", "", "title: Stempelaar\n"),),
    ),
    Edit(
        "a new phase that keeps everybody out",
        BTW,
        "  - id: indienen\n",
        "  - id: stempel\n    title: Stempelen\n    role: fiscaal\n    four_eyes: [verzamelen, opstellen, controle, aanbieden]\n\n  - id: indienen\n",
    ),
    Edit(
        "what decides on a second judgement is recorded by who gathers",
        NEW,
        "    type: yes_no\n    set_in: risico\n",
        "    type: yes_no\n    set_in: identificeren\n",
    ),
    Edit(
        "a risk can be corrected after it was judged",
        NEW,
        "    type: choice\n    set_in: risico\n",
        "    type: choice\n    set_in: [risico, inrichten]\n",
    ),
    Edit(
        "questions of a required request may be left open",
        "forms/onboarding-vragen.yaml",
        "required: [diensten, herkomst, buitenland, contant, politiek, vorige_adviseur, personeel]",
        "required: [buitenland, contant, politiek, vorige_adviseur, personeel]",
    ),
    Edit(
        "a required request is asked later",
        WAGES,
        "        at: entered\n",
        "        at: { before: deadlines.lonen, days: 18 }\n",
        "      - id: mutaties\n",
    ),
    Edit(
        "a risk that nothing hangs on",
        NEW,
        "        title: Hoog\n",
        "        title: Hoog\n      - id: zeer_hoog\n        title: Zeer hoog\n",
    ),
    Edit("a wait for the assessment ends sooner", VPB, "months: 53", "months: 31"),
    Edit(
        "another message reminds",
        NEW,
        "message: onboarding-ondertekening-herinnering",
        "message: onboarding-blijft-liggen",
    ),
    Edit(
        "for whom a deadline is, in other words",
        VPB,
        "facts.uitstel in ['becon', 'eigen']",
        "facts.uitstel == 'becon' or facts.uitstel == 'eigen'",
    ),
    Edit(
        "a checkpoint comes to where only others are kept out",
        BTW,
        "      - id: grootboek\n        title: De totalen sluiten aan op het grootboek\n        required: true\n",
        "",
        also=(
            (
                BTW,
                "  - id: controle\n",
                "  - id: aansluiten\n    title: Aansluiten\n    role: accountant\n    four_eyes: [verzamelen]\n    checkpoints:\n      - id: grootboek\n        title: De totalen sluiten aan op het grootboek\n        required: true\n\n  - id: controle\n",
            ),
        ),
    ),
    Edit(
        "a checkpoint that applied to some is dropped",
        NEW,
        "      - id: herkomst\n        title: De herkomst van het vermogen is onderzocht en onderbouwd\n        required: true\n        if: facts.risico == 'hoog' or facts.politiek or answers.politiek\n",
        "",
    ),
    Edit(
        "somebody is brought in by the target day alone",
        NEW,
        "    chase:\n      escalate:\n        after: filing.start\n        days: 42\n        role: relatiebeheerder\n        message: onboarding-blijft-liggen\n",
        "",
    ),
    Edit(
        "no target day for the delivery",
        BTW,
        "    due: { before: deadlines.aangifte, workdays: 2 }\n    back_to",
        "    back_to",
    ),
    Edit(
        "a paper of the office’s own",
        BTW,
        "    report: omzetbelasting\n",
        "    report: omzetbelasting\n  - id: werkpapier\n    title: Werkpapier\n    made_in: opstellen\n    optional: true\n",
    ),
)


def make(edit: Edit) -> Mapping[str, str]:
    """Return the files of an edit as they are after it, by path."""
    files: dict[str, str] = {}
    for file, old, new in ((edit.file, edit.old, edit.new), *edit.also):
        text = files.get(file) or ((SHIPPED / file).read_text("utf-8") if old else "")
        start = text.index(edit.after) if edit.after and file == edit.file else 0
        assert old in text[start:], (edit.words, file)
        files[file] = text[:start] + text[start:].replace(old, new, 1)
    if edit.words == "a phase is dropped":
        text = (SHIPPED / edit.file).read_text("utf-8")
        begin, end = text.index("  - id: afronden\n"), text.index("ends:\n")
        files[edit.file] = text[:begin] + text[end:]
    return files


@cache
def workspace() -> Workspace:
    return Workspace(SHIPPED)


def read(edit: Edit | None) -> Side:
    """Return the shipped definitions, edited; of what the edit does not touch there are no plans."""
    files = make(edit) if edit else {}
    compilation = workspace().compile(files)
    errors = [one for one in compilation.errors if not one.span.path.startswith("scenarios/")]
    assert not errors, (edit and edit.words, [(one.message, one.span) for one in errors])
    assert compilation.office is not None
    names = [name for name in compilation.plans if edit is None or touches(files, name)]
    plans = {name: compilation.plans[name] for name in names}
    roles = frozenset(compilation.roles)
    return Side(edit.words if edit else "shipped", plans, compilation.office, roles=roles)


def touches(files: Mapping[str, str], template: str) -> bool:
    """Say whether a template depends on any of these files."""
    return not files.keys().isdisjoint(list_paths(template, workspace().definitions))


@cache
def shipped() -> Side:
    return read(None)


@cache
def find(edit: Edit) -> Review:
    """Return the review of an edit."""
    before, after = shipped(), read(edit)
    plans = {name: before.plans[name] for name in after.plans}
    return review(replace(before, plans=plans), after, ON)


def write_page() -> str:
    """Return docs/changes.md."""
    rows = "".join(_write_edit(number, edit) for number, edit in enumerate(EDITS, 1))
    return (
        "# Changes\n\n"
        f"{len(EDITS)} edits, each made alone in the shipped definitions, and what `kantoor diff` says of it: "
        "the class of\neach change, its sentence, and the safeguards that it takes away; folded below it is what "
        f"`git diff` shows. Dates are\nthose of the year from {ON.isoformat()}. "
        "`python -m tests.review.edited` writes this page, and a test compares it.\n\n" + rows
    )


def _write_edit(number: int, edit: Edit) -> str:
    found = find(edit)
    lines = [f"**{one.cls}**: {_escape(one.sentence)}{_escape(_say_where(one))}" for one in found.changes]
    lines += [f"**safeguard**: {_escape(one.sentence)}" for one in found.safeguards]
    moves = [one.sentence for one in found.moves]
    if moves:
        lines.append(f"*{len(moves)} dates move along*, such as: {_escape(moves[0])}")
    told = "".join(f"- {line}\n" for line in lines)
    shown = "\n".join(show_differences(edit))
    return (
        f"## {number}. {edit.words[0].upper()}{edit.words[1:]}\n\n{told}\n"
        f"<details><summary>git diff</summary>\n\n```diff\n{shown}\n```\n\n</details>\n\n"
    )


def show_differences(edit: Edit) -> Iterator[str]:
    """Yield the lines that `git diff` shows of an edit, with a line around what differs."""
    for file, text in make(edit).items():
        path = SHIPPED / file
        before = path.read_text("utf-8").splitlines() if path.exists() else []
        after, names = text.splitlines(), (f"a/definitions/{file}", f"b/definitions/{file}")
        for line in unified_diff(before, after, *names, n=1, lineterm=""):
            yield "@@" if line.startswith("@@") else line.rstrip()  # where it stands is another tomorrow


def _say_where(change: object) -> str:
    where = say_where(change)  # type: ignore[arg-type]
    return f" ({where})" if where else ""


def _escape(text: str) -> str:
    return text.replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(write_page())
