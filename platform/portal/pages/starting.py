"""Starting a filing for one relation: choose, see what would happen, confirm."""

from dataclasses import dataclass, field, replace
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
from ..drafts import CHECK, begin_draft, keep_done, lead_back, open_draft, read_done
from ..filtering import address_of
from ..page import Page
from ..told import Told

FIELDS = ("werkproces", "periode", "andere", "datum", "herhalen", "zonder", "reden", "bedoeld", "corrigeert")
"""What the form has, and the page that confirms it sends on."""
PATH = "/relaties/{number}/starten"
BESIDE = {
    "unusual": "bedoeld",
    "no_date": "datum",
    "holds_up": "datum",
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


@dataclass(frozen=True)
class Wrong:
    """Why nothing starts: by field what is wrong, or the lines of which none starts."""

    wrong: dict[str, str]
    lines: tuple[Line, ...] = ()
    status: int = 422


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
    """Show what can be started for a relation, with what was typed; or what was started from this form."""
    begun = begin_draft(call)
    if begun:
        return begun
    call = open_draft(call, _path(call))
    if call.told.done:
        return _show_done(call)
    if call.typed:
        return _show(call, {name: call.read_text(name) for name in FIELDS})
    asked = {"werkproces": call.query.get("werkproces", "")[:100]}
    asked["periode"] = call.query.get("periode", "")[:LONGEST_PERIOD]
    asked["corrigeert"] = call.query.get("corrigeert", "")[:LONGEST_NAME]
    return _show(call, dict.fromkeys(FIELDS, "") | asked)


def choose_start(call: Call) -> Response:
    """Keep what was chosen and lead to what would happen, or to why nothing would."""
    found = _work_out(call, dry_run=True)
    return (
        _lead_back(call, found)
        if isinstance(found, Wrong)
        else lead_back(call, check_start, _path(call), at=CHECK, status=200)
    )


def check_start(call: Call) -> Response:
    """Say what would happen, or what did where it was started; without what was typed, the form.

    Where nothing would start any more, the form says why.
    """
    typed = open_draft(call, _path(call), at=CHECK)
    if typed.told.done:
        return _show_done(typed)
    if not typed.typed:
        return go(call, f"{_path(call)}{call.asked_key}")
    found = _work_out(typed, dry_run=True)
    if not isinstance(found, Wrong):
        return _ask_to_confirm(typed, *found)
    told = Told(status=found.status, wrong=tuple(found.wrong.items()), lines=found.lines)
    return _show(replace(typed, told=told), {name: typed.read_text(name) for name in FIELDS})


def take_start(call: Call) -> Response:
    """Start what was confirmed; nothing is started twice."""
    found = _work_out(call, dry_run=False)
    if isinstance(found, Wrong):
        done = read_done(call, _path(call))
        return go(call, done[1], done[0], done=False) if done else _lead_back(call, found)
    wish, lines = found
    path, word = _find_started(call, lines)
    return keep_done(call, _path(call), path, word, path, wish.template)


def _work_out(call: Call, *, dry_run: bool) -> tuple[Wish, tuple[Line, ...]] | Wrong:
    """Start what was typed, or only say what would happen; why nothing starts."""
    typed = _read_form(call)
    if typed.wish is None:
        return Wrong(typed.wrong)
    if dry_run:
        lines = foresee(call.desk, call.me.id, typed.wish)
    else:
        lines = call.acting.run(start(call.desk, call.me.id, typed.wish, dry_run=False))
    if isinstance(lines, Refusal):
        _add(typed, lines)
        return Wrong(typed.wrong, status=409)
    if not any(line.result in ("starts", "planned") for line in lines):
        return Wrong({}, lines, status=409)
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
        typed.wrong["datum"] = error.sentence
    try:
        if texts["periode"] == WITHOUT_PERIOD:
            period = Period.beginning("none", max(day or today, today))
        else:
            period = _read_period(texts)
    except TypedError as error:
        typed.wrong["andere" if texts["periode"] in ("", "andere") else "periode"] = error.sentence
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


def _lead_back(call: Call, why: Wrong) -> Response:
    return lead_back(call, show_start, _path(call), status=why.status, wrong=why.wrong, lines=why.lines)


def _show(call: Call, texts: dict[str, str]) -> Response:
    wrong, lines = dict(call.told.wrong), call.told.lines
    front = read_front(call.desk)
    found = _read_choices(call, texts["werkproces"], front.now.date())
    if not texts["werkproces"] and found.chosen:
        texts["werkproces"] = found.chosen.template
    if texts["periode"] not in ("", "andere", WITHOUT_PERIOD, *(one.code for one in found.periods)):
        texts |= {"periode": "andere", "andere": texts["periode"]}
    if not texts["periode"] and found.periods and not texts["andere"]:
        texts["periode"] = found.periods[0].code
    return show(
        call,
        "start.html.j2",
        front=front,
        found=found,
        today=front.now.date(),
        typed=texts,
        wrong=wrong,
        without_period=WITHOUT_PERIOD,
        corrected_words=_name_corrected(call, texts["corrigeert"]),
        lines=lines,
        base=f"/relaties/{found.relation.number}",
        results=START_WORDS,
        again=any("reden" in line.text for line in lines) or bool(texts["reden"]),
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


def _show_done(call: Call) -> Response:
    """Show what was started from this form."""
    word, path, template = call.told.done
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
