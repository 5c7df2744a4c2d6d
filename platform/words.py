"""Dutch words for states, answers and results, one for each: lists, timeline and every face share them."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from .linked import Link
from .period import PeriodKind
from .plan import DossierKind, Planner

C = TypeVar("C", bound=str)

PLANNER_WORDS: dict[Planner, str] = {
    "gepland": "gepland",
    "loopt": "loopt",
    "bij_klant": "bij klant",
    "ingediend": "ingediend",
    "klaar": "klaar",
    "te_laat": "te laat",
}
"""How a filing stands."""

CLIENT_STATUS_WORDS: dict[Planner, str] = {
    "gepland": "bij ons in behandeling",
    "loopt": "bij ons in behandeling",
    "bij_klant": "wacht op een ander bij u",
    "ingediend": "ingediend",
    "klaar": "klaar",
    "te_laat": "bij ons in behandeling",
}
"""How a filing stands that does not wait for this client."""

FREQUENCY_WORDS: dict[PeriodKind, str] = {
    "month": "maand",
    "quarter": "kwartaal",
    "half_year": "halfjaar",
    "year": "jaar",
    "four_weeks": "vier weken",
    "book_year": "boekjaar",
    "range": "tijdvak",
    "none": "keer",
}
"""How often a product is agreed, after 'per'."""

WAY_WORDS = {
    "approval": "ter accordering",
    "signature": "ter ondertekening",
    "information": "ter informatie",
}
"""How something is offered to a client."""

RELATION_STATUS_WORDS = {
    "prospect": "prospect",
    "active": "actief",
    "leaving": "vertrekt",
    "left": "vertrokken",
    "deceased": "overleden",
    "bankrupt": "failliet",
    "in_liquidation": "in liquidatie",
    "emigrated": "geëmigreerd",
}

LANGUAGE_WORDS = {"nl": "Nederlands", "en": "Engels"}
"""In which language somebody is written to."""

LEGAL_FORM_WORDS = {
    "natuurlijk_persoon": "natuurlijk persoon",
    "eenmanszaak": "eenmanszaak",
    "maatschap": "maatschap",
    "vof": "vennootschap onder firma",
    "cv": "commanditaire vennootschap",
    "rederij": "rederij",
    "bv": "besloten vennootschap",
    "nv": "naamloze vennootschap",
    "cooperatie": "coöperatie",
    "owm": "onderlinge waarborgmaatschappij",
    "stichting": "stichting",
    "vereniging": "vereniging",
    "vve": "vereniging van eigenaars",
    "kerkgenootschap": "kerkgenootschap",
    "publiekrechtelijk": "publiekrechtelijke rechtspersoon",
    "buitenlands": "buitenlandse rechtsvorm",
}
"""The legal forms of relations, in full."""
_SHORT = 3
"""A legal form of so few letters is known by them: bv, vof."""

KIND_WORDS = {"organisation": "organisatie", "natural_person": "natuurlijk persoon"}
"""Whether a relation is a person."""

RIGHT_WORDS = {
    "see": "inzien",
    "answer": "antwoorden",
    "approve": "akkoord geven",
    "sign": "ondertekenen",
}
"""What a contact may do."""

MISSING_WORDS = {
    "no_relation": "relatie",
    "not_accepted": "klantacceptatie",
    "not_active": "geen klant meer",
    "no_product": "product",
    "no_ob_number": "OB-nummer",
    "no_legal_form": "rechtsvorm",
    "no_bsn": "BSN",
    "no_rsin": "RSIN",
    "no_btw_id": "btw-id",
    "no_kvk": "KvK-nummer",
    "sbr_off": "SBR staat uit",
    "shared_number": "gedeeld nummer",
    "role_unfilled": "rol niet ingevuld",
    "unqualified": "titel",
    "four_eyes": "vier ogen",
    "no_primary_contact": "eerste contactpersoon",
    "no_contact_with_function": "contactpersoon met functie",
    "no_email": "e-mailadres",
    "email_invalid": "e-mailadres klopt niet",
    "no_authority": "bevoegdheid",
    "only_jointly": "alleen samen bevoegd",
    "other_not_asked": "ontvanger alleen samen bevoegd",
    "no_standing_authority": "doorlopende machtiging",
    "undeliverable_sender": "naam of telefoon afzender",
    "no_office_number": "nummer van het kantoor",
    "ideal_off": "iDEAL staat uit",
    "no_document": "document in het dossier",
}
"""What a relation lacks, in a column 'ontbreekt'; by the code of readiness."""

ADVICE_WORDS = {
    **{code: MISSING_WORDS[code] for code in ("ideal_off", "no_standing_authority", "no_document")},
    "not_linked": "verband met een andere relatie",
    "same_number": "nummer van een andere relatie",
}
"""What is advised, and what else is told of a relation without stopping anything."""

PART_WORDS = {
    "template": "Werkproces",
    "date": "Datum:",
    "sbr": "SBR:",
    "chase": "Herinneren en opschalen",
    "document": "Document",
    "fact": "Gegeven",
    "deadline": "Termijn",
    "phase": "Fase",
    "role": "Rol",
    "checkpoint": "Controlepunt",
    "automation": "Automatisering",
    "outcome": "Uitkomst",
    "end": "Einde",
    "product": "Product",
    "form": "Vragen",
    "question": "Vraag",
    "message": "Bericht",
    "text": "Tekst",
    "office": "Kantoor:",
}
"""What a part of a template is, where it is said in which file it is changed."""

KEY_WORDS = {
    "period": "periode van een opdracht",
    "created": "wanneer een opdracht ontstaat",
    "start": "hoe een opdracht begint",
    "not_before": "niet eerder dan",
    "due": "streefdatum",
    "on_behalf_of": "namens wie",
    "forward": "automatisch of met de hand versturen",
    "offer_as": "hoe het wordt aangeboden",
    "to": "aan wie",
    "message": "begeleidend bericht",
    "pay": "betalen",
    "documents": "documenten",
    "document": "document",
    "deadline": "termijn",
    "may_end": "einde zonder antwoord",
    "opening_hour": "beginuur",
    "closing_days": "sluitingsdagen",
    "nl": "Nederlands",
    "en": "Engels",
}
"""What a key of a template is about, where it is said in which file it is changed."""

DOSSIER_KIND_WORDS: dict[DossierKind, str] = {
    "identification": "identiteitsbewijs",
    "trade_register": "uittreksel handelsregister",
    "deed": "akte of statuten",
    "engagement_letter": "opdrachtbevestiging",
    "authorisation": "machtiging of volmacht",
    "agreement": "overeenkomst",
    "annual_accounts": "jaarstukken",
    "assessment": "aanslag of beschikking",
    "correspondence": "correspondentie",
    "other": "overig",
}
"""What a document of a relation's dossier is."""

READER_WORDS = {"office": "kantoor", "client": "klant", "compliance": "compliance"}
"""Who may read what is written down, where it is typed."""

SORT_WORDS = {"number": "nummer", "name": "naam", "status": "status", "legal_form": "rechtsvorm"}
"""By what relations are put in order."""

RELATION_LINK_WORDS: dict[Link, str] = {
    "partner": "fiscaal partner",
    "household": "huisgenoot",
    "holding": "holding",
    "subsidiary": "dochtermaatschappij",
    "unit_head": "hoofd van de fiscale eenheid",
    "unit_member": "lid van de fiscale eenheid",
    "business": "onderneming",
    "owner": "eigenaar",
}
"""What a relation is to another: as 'de holding van 1002'."""

SENT_WORD = "door de klant gestuurd"
"""What clients sent when they were asked, which is of no kind."""

CHANGED_WORDS = {
    "relations": "Gegevens",
    "contacts": "Contactpersoon",
    "relation_contacts": "Contactpersoon bij deze relatie:",
    "authorities": "Bevoegdheid van",
    "standing_authorities": "Doorlopende machtiging voor",
    "relation_roles": "Rol",
    "relation_products": "Product",
    "relation_links": "Verband:",
}
"""What was changed of a relation, by the table that has it, before whose or which it is."""

RECORD_WORDS = {
    "relations": "relaties",
    "contacts": "contactpersonen",
    "relation_contacts": "contactpersonen bij relaties",
    "authorities": "bevoegdheden",
    "standing_authorities": "doorlopende machtigingen",
    "team": "medewerkers",
    "qualifications": "titels",
    "absences": "afwezigheid",
    "stand_ins": "waarnemingen",
    "process_teams": "procesteams",
    "relation_roles": "rollen",
    "relation_products": "producten",
    "relation_links": "verbanden tussen relaties",
    "recurrences": "herhalingen",
}
"""What an import and a removal count."""

START_WORDS = {
    "starts": "start",
    "planned": "gepland",
    "runs_already": "bestaat al",
    "not_ready": "niet gereed",
}
"""What a start came to for one relation."""

ACTION_WORDS = {
    "start": "starten",
    "release": "vrijgeven",
    "hold": "aanhouden",
    "resume": "hervatten",
    "reassign": "overdragen",
    "stop": "niet meer vanzelf starten",
    "set_start": "startdatum verplaatsen",
    "move": "verplaatsen naar een ander plan",
    "set": "gegeven wijzigen",
    "role": "rol geven",
    "team": "procesteam geven",
    "add": "product toevoegen",
    "end": "product beëindigen",
    "undo": "terugdraaien",
}
"""What a bulk run does."""

DID_WORDS = {"release": "vrijgegeven", "hold": "aangehouden", "resume": "hervat", "reassign": "overgedragen"}
"""What a bulk run did to a filing by an act."""

FORESEEN_WORDS = {"ready": "kan", "already": "is al zo", "not_ready": "kan niet"}
"""What a dry run says of a line."""

LINE_WORDS = {
    "left": "overgeslagen",
    "open": "nog niet begonnen",
    "begun": "bezig",
    "done": "gedaan",
    "already": "was al zo",
    "changed": "veranderd",
    "refused": "geweigerd",
    "unknown": "niet bekend",
    "cancelled": "geannuleerd",
}
"""What became of a line of a bulk run."""

RUN_WORDS = {
    "shown": "nog te bevestigen",
    "nothing": "niets te doen",
    "void": "vervallen",
    "running": "bezig",
    "paused": "gepauzeerd",
    "cancelled": "geannuleerd",
    "done": "klaar",
}
"""How a bulk run stands."""

RELEASE_WORDS = {
    "deploy": "publicatie",
    "pilot": "pilot",
    "promote": "pilot voor iedereen",
    "rollback": "teruggezet",
}
"""Of each kind of release."""

COURSE_WORDS = {
    "reminded": "Herinneringen",
    "rejected": "Door de klant afgekeurd",
    "sent_back": "Teruggestuurd door een collega",
    "item_sent_back": "Stukken teruggestuurd naar de klant",
    "fact_corrected": "Gegevens gecorrigeerd",
    "escalated": "Blijven liggen en geëscaleerd",
    "escalated_asked": "Niet beantwoord en geëscaleerd",
    "deadline_missed": "Verstreken termijnen",
    "refused": "Geweigerd door de ontvangende dienst",
    "stands_still": "Niet gelukt",
}
"""What the course of filings counts, in the order in which it is told."""

BULK_STEP_WORDS = {
    "confirmed": "bevestigd",
    "paused": "gepauzeerd",
    "resumed": "hervat",
    "cancelled": "geannuleerd",
}
"""What people did to a bulk run."""

RECURRENCE_WORDS = {"running": "loopt", "paused": "gepauzeerd", "stopped": "gestopt"}
ONCE_WORDS = {"running": "eenmalig", "paused": "gepauzeerd", "stopped": "voorbij"}
"""A single start on a later day: over when it was started or stopped; the list of filings says which."""


def say_recurrence(status: str, *, once: bool, begun: bool) -> str:
    """Return in Dutch how something that starts by itself stands."""
    if not begun and status != "stopped":
        return "eenmalig, nog niet begonnen" if once else "loopt nog niet"
    return (ONCE_WORDS if once else RECURRENCE_WORDS)[status]


CHANGE_WORDS = {
    "pause": "gepauzeerd",
    "resume": "loopt",
    "skip": "de volgende periode is overgeslagen",
    "unskip": "de vorige periode start alsnog",
    "set_start": "de startdatum is gewijzigd",
    "stop": "gestopt",
}
"""What a change does to a recurrence: a repeated one says the same, however the recurrence stands by now."""

WORK_WORDS = {
    "phase": "uitvoeren",
    "release": "vrijgeven",
    "escalated": "klant zwijgt",
    "decide": "beslissen",
    "deliver": "zelf indienen",
    "task": "taak",
    "request": "aanleveren",
    "received": "ontvangen, nog te bekijken",
    "received_late": "nagekomen",
    "stalled": "staat stil",
    "held": "aangehouden",
    "move": "verplaatsen gaat niet door",
    "wait": "wachten",
    "recurrence": "kan niet starten",
    "uncovered": "nog niet gestart",
    "not_running": "ligt stil",
    "not_begun": "is niet begonnen",
    "delivery_waits": "wacht op Digipoort",
    "status_waits": "wacht op de uitslag",
    "judgement_waits": "nog geen uitslag",
    "judged_later": "andere uitslag",
    "filed_twice": "dubbel ingediend",
    "rejected": "antwoord van de klant",
}
"""What is to be done on a work list."""

JUDGEMENT_WORDS = {"accepted": "geaccepteerd", "refused": "geweigerd", "lost": "niet ontvangen"}
"""What somebody records of a return of which Digipoort says nothing final."""

NOT_AGREED = "klant niet akkoord"
"""In the place of what is to be done, where it is done again because the client rejected it."""

SENT_BACK_WORDS = {
    "colleague": "teruggestuurd door een collega",
    "authority": "geweigerd door de ontvangende dienst",
}
"""Beside what is to be done, by who sent the work back; what a client rejected is NOT_AGREED."""

PHASE_WORDS = {
    "pending": "nog niet begonnen",
    "active": "aan de beurt",
    "completed": "klaar",
    "skipped": "overgeslagen",
}

COMING_WORDS = {
    "yes": "nog niet begonnen",
    "perhaps": "alleen als dat van toepassing blijkt",
    "no": "niet van toepassing",
}
"""Whether a phase that has not begun will be part of a filing."""

OFFER_WORDS = {
    "preparing": "wordt voorbereid",
    "standing_still": "staat stil",
    "to_release": "wacht op vrijgave",
    "sending": "wordt verstuurd",
    "waiting": "wacht op antwoord",
    "ended": "afgehandeld",
}

DEADLINE_WORDS = {
    "open": "",
    "met": "gehaald",
    "met_late": "te laat ingediend",
    "missed": "te laat",
    "needless": "niet van toepassing",
}

ANSWER_WORDS = {
    "approve": "akkoord",
    "sign": "ondertekend",
    "reject": "afgekeurd",
    "not_deliver": "besloten om niet in te dienen",
}
"""A decision on an offer by itself."""

DECIDED_WORDS = {"approve": "akkoord gegeven", "sign": "ondertekend", "reject": "afgekeurd"}
"""A client's decision, after 'heeft'."""

ITEM_WORDS = {
    "open": "nog niet ontvangen",
    "received": "ontvangen",
    "accepted": "geaccepteerd",
    "sent_back": "teruggestuurd",
    "not_applicable": "niet van toepassing",
}
"""An item of what was asked of a client."""

CLIENT_ASK_WORDS = {
    "approval": "Lezen en akkoord geven",
    "signature": "Lezen en ondertekenen",
    "information": "Lezen",
    "request": "Gegevens aanleveren",
    "task": "Doen",
}
"""What is asked of a client: by the way of an offer, or by the kind of what waits for them."""

CLIENT_OFFER_WORDS = {
    "open": "wacht op u",
    "jointly": "u hebt akkoord gegeven; wacht op een ander",
    "agreed": "u hebt akkoord gegeven",
    "by_other": "een ander heeft akkoord gegeven",
    "rejected": "u bent niet akkoord; wij passen het aan",
    "rejected_by_other": "een ander is niet akkoord; wij passen het aan",
    "taken_back": "door ons teruggenomen; u krijgt een nieuwe versie",
    "coming": "wordt klaargezet; u krijgt een mail",
    "informed": "ter informatie",
    "may_object": "ter informatie; bezwaar maken kan nog",
    "only_reading": "om te lezen",
    "not_delivered": "niet ingediend, na overleg",
    "held": "even aangehouden",
    "ended": "afgesloten",
}
"""How an offer is to a client who may read it."""

_IF_SIGNED = {
    "jointly": "u hebt ondertekend; wacht op een ander",
    "agreed": "u hebt ondertekend",
    "by_other": "een ander heeft ondertekend",
}


def say_client_offer(status: str, way: str) -> str:
    """Return how an offer is to a client who may read it: what is to be signed is signed, not agreed to."""
    signed = _IF_SIGNED.get(status) if way == "signature" else None
    return signed or CLIENT_OFFER_WORDS[status]


CLIENT_REQUEST_WORDS = {
    "open": "wacht op u",
    "sent": "ontvangen, wij bekijken het",
    "done": "compleet",
    "sent_back": "teruggestuurd: wacht op u",
    "skipped": "niet van toepassing",
    "late": "niet op tijd ontvangen; kan nog",
    "ended": "afgesloten",
}
"""How a request is to a client of whom it is asked."""

CLIENT_ITEM_WORDS = {
    "open": "nog te sturen",
    "received": "ontvangen, wij bekijken het",
    "accepted": "geaccepteerd",
    "sent_back": "teruggestuurd",
    "not_applicable": "niet van toepassing",
}
"""An item of what was asked, as a client reads it."""

CLIENT_TASK_WORDS = {"open": "wacht op u", "done": "gedaan", "ended": "vervallen"}
"""How a task is to a client."""

CLIENT_DECIDED_WORDS = {"approve": "akkoord gegeven", "sign": "ondertekend", "reject": "niet akkoord"}
"""A decision as a client reads it, after who made it."""

AUDIENCE_WORDS = {"": "Het kantoor", "client": "Ook de klant", "compliance": "Alleen compliance"}
"""Who may read what is written down, where it is chosen; by default the office."""

ENDED_WORDS = {"completed": "afgerond", "end": "na een besluit", "cancelled": "geannuleerd"}
"""How a filing ended."""

PURPOSE_WORDS = {
    "automation": "automatisch",
    "offer": "aanbieding",
    "reminder": "herinnering",
    "escalation": "escalatie",
}
"""What a message was sent for."""

COMMAND_WORDS = {
    "send": "het versturen van een bericht",
    "resolve": "het opzoeken van de ontvangers",
    "deliver": "het indienen",
    "follow": "het opvragen van de status",
    "watch": "het volgen van een andere opdracht",
    "start": "het starten van een andere opdracht",
    "note": "het achterlaten van een notitie",
    "find": "het opzoeken van verbonden relaties",
}
"""What the office does by itself, where something goes wrong with it."""

LINK_WORDS = {
    "started": ("heeft gestart:", "gestart vanuit:"),
    "corrects": ("correctie op:", "gecorrigeerd met:"),
    "waits_for": ("wacht op:", "hierop wacht:"),
}
"""What a filing has to do with another, seen from the one that does it and from the other."""

NOTICE_WORDS = {True: "verwerkt", False: "bewaard"}
"""Whether a filing went on by a notice of the inbox."""

REACHED_WORDS = {"phase": "is zo ver", "ended": "is afgesloten"}
"""How far another filing is that was waited for."""

ALARM_WORDS = {
    "not_running": "Deze opdracht of herhaling is open en loopt niet: er worden geen termijnen bewaakt.",
    "not_begun": "Deze opdracht is gepland en begint niet; dat wordt nog geprobeerd.",
    "row_missing": "Deze opdracht loopt, maar staat niet in de administratie: de database is ouder.",
    "record_gap": "Op de tijdlijn van deze opdracht ontbreken stappen.",
    "record_differs": "Een stap is twee keer vastgelegd met verschillende inhoud; de eerste is bewaard.",
    "state_differs": "De administratie week af van de opdracht zelf; de opdracht geldt.",
    "wrong_result": "Iets in deze opdracht staat stil door een softwarefout; probeer het daar opnieuw.",
    "not_started": "Deze opdracht is afgesloten zonder de andere te starten die erop volgt: dat lukte niet.",
    "note_not_left": "Deze opdracht is afgesloten zonder de notitie achter te laten: dat lukte niet.",
    "missed_while_held": "Een wettelijke termijn is verstreken terwijl deze opdracht is aangehouden.",
    "actor_differs": "Iemand handelde met een rol of bevoegdheid die de administratie niet kent.",
    "workflow_task_failed": "Deze opdracht staat stil door een fout in de software.",
    "plan_missing": "Het plan waarop deze opdracht loopt, is hier niet gepubliceerd: de database is ouder.",
    "receipt_missing": "Een indiening is teruggehaald zonder de ontvangstbevestiging.",
    "delivery_waits": "Een aangifte is nog niet ingediend: het lukt al lang niet en wordt nog geprobeerd.",
    "status_waits": "De uitslag van een ingediende aangifte is al lang niet op te vragen.",
    "judgement_waits": "Digipoort heeft een aangifte aangenomen, maar geeft al lang geen uitslag.",
    "judged_later": "Digipoort meldt van een aangifte alsnog iets anders dan is vastgelegd.",
    "filed_twice": "De Belastingdienst heeft van een tijdvak twee aangiften; zie de werklijst.",
    "judgement_contradicted": "De uitslag van Digipoort is een andere dan is vastgelegd, en geldt.",
    "delivery_unsettled": "Niemand weet of een indiening is aangekomen; dat moet worden uitgezocht.",
    "delivery_undecided": "Bij Digipoort staat een indiening die van ons kan zijn; kijk bij de opdracht.",
    "delivery_found": "Een indiening van vóór het herstel is teruggevonden; vergelijk wat is ingediend.",
    "delivery_not_taken": "Digipoort neemt een indiening niet aan.",
    "filed_already": "Er is niets ingediend: een andere opdracht deed dat al over dit tijdvak.",
    "digipoort_status": "Digipoort geeft een status die kantoor niet kent.",
    "chat_mail_not_sent": "Een mail over een bericht in een gesprek ging niet uit; dat wordt nog geprobeerd.",
    "link_not_sent": "Een mail met een inloglink ging niet uit; dat wordt een dag lang nog geprobeerd.",
    "link_refused": "De mailserver weigert een mail met een inloglink; controleer het e-mailadres.",
}
"""What an alarm says to people, by its kind; its own text is for who runs the server."""


DOOR_WORDS = {
    "factor_forgotten": "app losgekoppeld",
    "manager_made": "recht beheer gegeven",
    "manager_unmade": "recht beheer afgenomen",
}
"""What was changed of how a team member gets in."""

PROGRAM_WORDS = {
    "portal": "Deze pagina’s",
    "worker": "De worker (voert uit wat vanzelf gaat)",
    "temporal": "De Temporal-server (houdt bij wat loopt)",
    "mail": "De mailserver",
    "digipoort": "Digipoort",
}
"""The programs that an office depends on."""

MAIL_WORDS = {
    "unsent": "niet verstuurd",
    "unsure": "misschien verstuurd",
    "tried": "niet verstuurd, wordt nog geprobeerd",
    "refused": "geweigerd door de mailserver",
}
"""How a mail stands that is not known to have been sent."""

DELIVERY_WORDS = {
    "asked": "wacht tot Digipoort antwoordt; dat wordt steeds opnieuw geprobeerd",
    "sending": "wordt verstuurd",
    "unknown": "niet bekend of het is aangekomen",
    "taken": "aangekomen, wacht op de uitslag",
}
"""How a delivery stands that is not over."""

LOST_WORDS = {
    "checkpoint_gone": "het afvinken van het controlepunt",
    "skip_forgotten": "het overslaan van de fase",
    "date_dropped": "wat op een dag vanzelf zou gebeuren:",
    "phases_merged": "het onderscheid tussen de fasen die worden samengevoegd tot",
    "done_again": "wat is gedaan in de fase",
    "document_gone": "het document",
}
"""What a filing loses by a move to another plan."""

MOVE_DATE_WORDS = {
    "enter": "Begin",
    "automation": "Wat vanzelf gebeurt",
    "awaited": "Dag waarop wordt gewacht",
    "give_up": "Niet langer wachten",
    "escalate": "Escaleren",
    "remind": "Herinneren",
    "deliver": "Indienen",
    "missed": "Termijn",
    "resume": "Hervatten",
    "unopposed": "Verder zonder bezwaar",
}
"""What happens on a waiting date."""

OFFER_PART_WORDS = {
    "recipients or sender": "ontvangers of afzender",
    "documents": "documenten",
    "way": "manier van aanbieden",
    "text": "tekst",
}
"""In what an offer would be another under another plan."""

VERDICT_WORDS = {
    "moves": "kan worden verplaatst",
    "later": "later",
    "stays": "blijft",
    "cannot": "kan niet",
    "unknown": "onbekend",
}
"""What a move of a filing to another plan would come to."""

STAGE_WORDS = {
    "collecting": "opdrachten lezen",
    "comparing": "opdrachten vergelijken",
    "reading": "bestanden lezen",
    "checking": "controleren",
    "writing": "opslaan",
    "starting": "starten",
    "reviving": "hervatten",
}
"""What long work is at."""


STANDING_WORDS = {"held": "aangehouden", "client": "wacht op de klant", "wait": "in afwachting"}
"""What a filing that is under way waits for, in the place of *loopt*."""


def describe_state(planner: Planner, ended: str | None, standing: str = "") -> str:
    """Return the Dutch word for a filing: its state in the planner, or that it was cancelled.

    What is held, or waits for somebody else, is not said to be under way.
    """
    if ended == "cancelled":
        return ENDED_WORDS["cancelled"]
    if ended or not standing:
        return PLANNER_WORDS[planner]
    if planner == "te_laat":
        return f"{PLANNER_WORDS[planner]}, {STANDING_WORDS[standing]}" if standing == "held" else "te laat"
    return STANDING_WORDS[standing] if standing == "held" or planner == "loopt" else PLANNER_WORDS[planner]


def mark_state(planner: Planner, ended: str | None, standing: str = "") -> str:
    """Return what a filing is coloured by: what its word says, so that one word never has two colours.

    Empty where it is held, or waits for neither us nor the client.
    """
    if ended == "cancelled":
        return "cancelled"
    if ended or not standing or planner == "te_laat":
        return planner
    if planner == "loopt" and standing == "client":
        return "bij_klant"
    return "" if standing == "held" or planner == "loopt" else planner


def say_legal_form(value: str) -> str:
    """Return a legal form in Dutch, short where the short name is the known one."""
    return value if len(value) <= _SHORT else LEGAL_FORM_WORDS.get(value, value)


def say_id(id: str) -> str:
    """Return an id that has no title, such as a function of contacts, as people read it: fiscale partner."""
    return id.replace("_", " ")


def count_of(count: int, one: str, more: str) -> str:
    """Return a number with its noun: 1 rij, 3 rijen."""
    return f"{count} {one if count == 1 else more}"


def say_too_long(text: str, most: int) -> str | None:
    """Return by how much a text is too long, or None; a line break counts as one sign, however it came."""
    count = len(text.replace("\r\n", "\n"))
    return f"Dit is {say_excess(count, most)}." if count > most else None


def say_excess(count: int, most: int) -> str:
    """Return, to follow on *dit is*, by how much a text of so many signs is too long, and what to do."""
    over, noun = count - most, "teken" if count - most == 1 else "tekens"
    return f"{_in_thousands(over)} {noun} te lang: schrijf het in hooguit {_in_thousands(most)} tekens"


def _in_thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def say_choices(words: Mapping[C, str]) -> str:
    """Return what can be chosen, by what is typed and with its Dutch word: approve (akkoord), klaar."""
    return ", ".join(code if code == word else f"{code} ({word})" for code, word in words.items())


def yes_or_no(value: bool) -> str:
    """Return ja or nee."""
    return "ja" if value else "nee"


def join_in_dutch(items: Iterable[str]) -> str:
    """Return items as a list in a sentence: 'a', 'a en b', 'a, b en c'."""
    *first, last = [*items] or [""]
    return f"{', '.join(first)} en {last}" if first else last


def quote_in_dutch(titles: Iterable[str]) -> str:
    """Return titles as a list in a sentence, each once: "'a', 'b' en 'c'"."""
    return join_in_dutch(f"'{one}'" for one in dict.fromkeys(titles))


def say_own_check(phase: str, works: Iterable[str], name: str) -> str:
    """Return, without a full stop, that a check and work that it checks would be one person's (R9)."""
    titles = dict.fromkeys((phase, *works))
    how = "allebei" if len(titles) == 2 else "allemaal"
    return (
        f"Vier ogen: {quote_in_dutch(titles)} liggen dan {how} bij {name}, die het eigen werk niet mag "
        "controleren"
    )


def leave_ids_out(text: str) -> str:
    """Return a sentence of the machine without the ids that a command names: the titles say it."""
    named = _NAMED.sub(lambda found: f"{found[1]} ‘{found[2]}’{found[3]}", text)
    return _TITLED.sub(lambda found: f"‘{found[1]}’", named)


_NAMED = re.compile(r"(controlepunt|document|gegeven|uitvraag) [\w.-]+ \('(.*?)'(.*?)\)")
_TITLED = re.compile(r"[\w.-]+ \('([^']*)'\)")


def name_templates(sentence: str, titles: Mapping[str, str]) -> str:
    """Return how a template is corrected with the titles of the templates that it names by id."""
    return _TEMPLATE.sub(lambda found: f"werkproces ‘{titles.get(found[1], found[1])}’", sentence)


_TEMPLATE = re.compile(r"werkproces ‘([\w-]+)’")


def on_or_off(switch: bool) -> str:
    """Return aan or uit."""
    return "aan" if switch else "uit"


NOT_KNOWN = "Het is niet bekend of dit is aangekomen."
"""Of an act that is not answered."""

STANDS_STILL = "Dit staat stil door een fout in de software."
"""Of what does not answer for that: repeating an act does not help until it is mended."""

NOT_YET = "Dit is nog niet verwerkt: de software wordt nog gestart, of staat stil."
"""Of an act that nobody can have taken yet, as in the first seconds of an office that starts."""


def say_unknown(*, fault: bool, unattended: bool) -> str:
    """Return what is said of an act that is not answered: because of a fault, or because nobody works yet."""
    if fault:
        return f"{NOT_KNOWN} {STANDS_STILL}"
    return NOT_YET if unattended else NOT_KNOWN
