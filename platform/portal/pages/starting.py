"""Starting a filing for one relation: choose, see what would happen, confirm."""

from dataclasses import dataclass, field
from datetime import date

from starlette.responses import Response

from ...period import Period
from ...service.names import short_name
from ...service.relations.relations import check_readiness
from ...service.results import Refusal
from ...service.starting.plausible import refuse_far_start
from ...service.starting.starting import Line, Selection, Wish, foresee, refuse, start
from ...service.starting.starting_pages import StartChoices, name_corrected, read_start
from ...service.visiting.front import read_front
from ...typed import TypedError, read_day, read_period
from ...words import START_WORDS, say_too_long
from ..answers import go, show
from ..call import Call, not_there
from ..filtering import address_of
from ..page import Page
from ..reviews import CHECK, keep_done, lead_to_review, read_done, read_typed

FIELDS = ("werkproces", "periode", "andere", "datum", "herhalen", "zonder", "reden", "bedoeld", "corrigeert")
"""What the form has, and the page that confirms it sends on."""
PATH = "/relaties/{number}/starten"
BESIDE = {
    "unusual": "bedoeld",
    "no_date": "datum",
    "by_hand": "herhalen",
    "no_next_period": "herhalen",
    "again_now": "reden",
    "unknown_template": "werkproces",
}
"""By the code of a refusal the field beside which it is told."""
WITHOUT_PERIOD = "zonder"
"""What the form sends of a template whose filings have no period, but the day of their start."""
LONGEST_REASON = 1000
LONGEST_PERIOD = 40
LONGEST_NAME = 200


@dataclass
class Typed:
    """The form as it was typed: what was meant, and by field what is wrong."""

    texts: dict[str, str]
    wish: Wish | None = None
    wrong: dict[str, str] = field(default_factory=dict)


def lead_to_start(call: Call) -> Response:
    """Go to where a template is started for a relation, or first to what the relation lacks for it."""
    number, template = call.path["number"], call.path["template"]
    found = check_readiness(call.desk, (number,), template)
    if isinstance(found, Refusal):
        not_there()
    if any(one.missing for one in found):
        return go(call, f"/relaties/{number}/gereed")
    period = call.query.get("periode", "")[:LONGEST_PERIOD]
    return go(call, address_of(f"/relaties/{number}/starten", werkproces=template, periode=period))


def show_start(call: Call) -> Response:
    """Show what can be started for a relation; to who chooses something else what they typed."""
    typed = read_typed(call, _path(call)) if call.query.get("anders") else None
    if typed is not None:
        return _show(call, Typed({name: typed.read_text(name) for name in FIELDS}))
    asked = {"werkproces": call.query.get("werkproces", "")[:100]}
    asked["periode"] = call.query.get("periode", "")[:LONGEST_PERIOD]
    asked["corrigeert"] = call.query.get("corrigeert", "")[:LONGEST_NAME]
    return _show(call, Typed(dict.fromkeys(FIELDS, "") | asked))


def choose_start(call: Call) -> Response:
    """Keep what was chosen and lead to what would happen; or show why nothing would."""
    found = _work_out(call, dry_run=True)
    return found if isinstance(found, Response) else lead_to_review(call, _path(call), FIELDS)


def check_start(call: Call) -> Response:
    """Say what would happen, or what did where it was started; without what was typed, the form."""
    typed = read_typed(call, _path(call))
    if typed is None:
        return _show_done(call) or go(call, _path(call))
    found = _work_out(typed, dry_run=True)
    return found if isinstance(found, Response) else _ask_to_confirm(typed, *found)


def take_start(call: Call) -> Response:
    """Start what was confirmed; nothing is started twice."""
    found = _work_out(call, dry_run=False)
    if isinstance(found, Response):
        return found
    wish, lines = found
    path, word = _find_started(call, lines)
    keep_done(call, _path(call), wish.template, path, word)
    return go(call, path, word)


def _work_out(call: Call, *, dry_run: bool) -> tuple[Wish, tuple[Line, ...]] | Response:
    """Start what was typed, or only say what would happen; the form where nothing starts."""
    typed = _read_form(call)
    if typed.wish is None:
        return _show(call, typed, status=422)
    if dry_run:
        lines = foresee(call.desk, call.me.id, typed.wish)
    else:
        lines = call.acting.run(start(call.desk, call.me.id, typed.wish, dry_run=False))
    if isinstance(lines, Refusal):
        _add(typed, lines)
        return _show(call, typed, status=409)
    if not any(line.result in ("starts", "planned") for line in lines):
        return _show(call, typed, lines=lines, status=409)
    return typed.wish, lines


def _path(call: Call) -> str:
    return PATH.format(**call.path)


def _read_form(call: Call) -> Typed:
    texts = {name: call.read_text(name) for name in FIELDS}
    typed, period, day = Typed(texts), None, None
    today = read_front(call.desk).now.date()
    if not texts["werkproces"]:
        typed.wrong["werkproces"] = "Kies een werkproces."
    try:
        day = read_day(texts["datum"]) if texts["datum"] else None
    except TypedError as error:
        typed.wrong["datum"] = _as_sentence(error)
    try:
        if texts["periode"] == WITHOUT_PERIOD:
            period = Period.beginning("none", max(day or today, today))
        else:
            period = _read_period(texts)
    except TypedError as error:
        typed.wrong["andere" if texts["periode"] in ("", "andere") else "periode"] = _as_sentence(error)
    long = say_too_long(texts["reden"], LONGEST_REASON)
    if long:
        typed.wrong["reden"] = long
    wish = period and _make_wish(call.path["number"], texts, period, day)
    if wish and not typed.wrong:
        typed.wish = wish
    elif wish and texts["werkproces"]:
        _add(typed, refuse(call.desk, call.me.id, wish))
    elif texts["bedoeld"] != "ja":
        _add(typed, refuse_far_start(day, today))
    return typed


def _add(typed: Typed, refusal: Refusal | None) -> None:
    """Tell what was refused beside its fields, where no more is wrong with them already."""
    told: dict[str, str] = {}
    for one in refusal.all if refusal else ():
        beside = BESIDE.get(one.code, "")
        told[beside] = " ".join(filter(None, (told.get(beside), one.text)))
    typed.wrong = told | typed.wrong


def _read_period(texts: dict[str, str]) -> Period:
    """Return the period that was chosen, or typed where it is another. Raises TypedError."""
    chosen = texts["periode"] if texts["periode"] != "andere" else ""
    if not (chosen or texts["andere"]):
        raise TypedError("kies een periode, of schrijf een andere")
    return read_period(chosen or texts["andere"])


def _as_sentence(error: TypedError) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('?', '.')) else '.'}"


def _make_wish(number: str, texts: dict[str, str], period: Period, day: date | None) -> Wish:
    return Wish(
        template=texts["werkproces"],
        period=period,
        selection=Selection(relations=(number,)),
        start_date=day,
        recurring=texts["herhalen"] == "ja",
        without_automations=texts["zonder"] == "ja",
        again=texts["reden"],
        anyway=texts["bedoeld"] == "ja",
        corrects=texts["corrigeert"],
    )


def _show(call: Call, typed: Typed, *, lines: tuple[Line, ...] = (), status: int = 200) -> Response:
    front = read_front(call.desk)
    found = _read_choices(call, typed.texts["werkproces"], front.now.date())
    if not typed.texts["werkproces"] and found.chosen:
        typed.texts["werkproces"] = found.chosen.template
    if typed.texts["periode"] not in ("", "andere", WITHOUT_PERIOD, *(one.code for one in found.periods)):
        typed.texts |= {"periode": "andere", "andere": typed.texts["periode"]}
    if not typed.texts["periode"] and found.periods and not typed.texts["andere"]:
        typed.texts["periode"] = found.periods[0].code
    return show(
        call,
        "start.html.j2",
        status=status,
        front=front,
        found=found,
        today=front.now.date(),
        typed=typed.texts,
        wrong=typed.wrong,
        without_period=WITHOUT_PERIOD,
        corrected_words=_name_corrected(call, typed.texts["corrigeert"]),
        lines=lines,
        base=f"/relaties/{found.relation.number}",
        results=START_WORDS,
        again=any("reden" in line.text for line in lines) or bool(typed.texts["reden"]),
    )


def _name_corrected(call: Call, name: str) -> str:
    return name_corrected(call.desk, name) if name else ""


def _ask_to_confirm(call: Call, wish: Wish, lines: tuple[Line, ...]) -> Response:
    front = read_front(call.desk)
    return show(
        call,
        "start_check.html.j2",
        front=front,
        found=_read_choices(call, wish.template, front.now.date()),
        lines=lines,
        wish=wish,
        corrected_words=_name_corrected(call, wish.corrects),
        base=f"/relaties/{call.path['number']}",
        results=START_WORDS,
        kept=[(name, value) for name in FIELDS if (value := call.read_text(name))],
    )


def _show_done(call: Call) -> Response | None:
    """Show what was started last from this form; None where nothing was, or it was taken up again since."""
    done = read_done(call, _path(call))
    if not done:
        return None
    template, path, word = done
    front = read_front(call.desk)
    found = _read_choices(call, template, front.now.date())
    return show(
        call,
        "start_done.html.j2",
        front=front,
        found=found,
        started=template,
        path=path,
        word=word,
        base=f"/relaties/{found.relation.number}",
    )


def _find_started(call: Call, lines: tuple[Line, ...]) -> tuple[str, str]:
    """Return where what was started is shown, and what is said of it.

    That is the filing that was started; of several, and of what is planned, the relation.
    """
    begun = [line for line in lines if line.result == "starts" and line.filing]
    word = " ".join(f"{line.sub_number} {line.text}." if len(lines) > 1 else _say(line) for line in lines)
    if len(begun) == len(lines) == 1:
        return f"/opdrachten/{short_name(begun[0].filing or '')}", word
    return f"/relaties/{call.path['number']}/opdrachten", word


def _say(line: Line) -> str:
    return f"{line.text[:1].upper()}{line.text[1:]}."


def _read_choices(call: Call, template: str, today: date) -> StartChoices:
    found = read_start(call.desk, call.path["number"], template, today)
    if isinstance(found, Refusal):
        not_there()
    return found


PAGES = (
    Page(f"{PATH}/{CHECK}", "team", check_start),
    Page(f"{PATH}/{CHECK}", "team", take_start, "POST"),
    Page(f"{PATH}/{{template}}", "team", lead_to_start),
    Page(PATH, "team", show_start),
    Page(PATH, "team", choose_start, "POST", acts=False),
)
