"""What happened, written down on the way: by the same code as the real timeline and the real messages."""

from dataclasses import dataclass, field
from datetime import date, datetime

from ..data import replace
from ..filing.commands import AnyCommand, LeaveNote, Send
from ..filing.events import AnyResult, Failed, Sent
from ..filing.outcome import Refusal, Step
from ..filing.rules import Rules
from ..office.overviews.sentences import sentence
from ..plan import Plan
from ..runtime.activities.kept_links import write_kept_link
from ..runtime.activities.message_texts import Person, TextError, write_message, write_note
from ..runtime.commands import activity_for
from ..runtime.inputs import NoteInput, SendInput
from .cast import Cast
from .scene import Scene
from .story import DateLine, Line, Mail, Refused
from .world import readers_of

PAGES = "https://mijn.kantoor.example"
"""What links in texts look like: a client's own is known to nobody but its reader."""


@dataclass
class Teller:
    """Keeps the lines, mails, refusals and dates of one simulation."""

    plan: Plan
    cast: Cast
    lines: list[Line] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    dates: list[DateLine] = field(default_factory=list)
    _rules: Rules | None = None

    def take(self, scene: Scene, taken: Step) -> None:
        """Write down a step that was taken."""
        for entry in taken.entries:
            self.lines.append(
                Line(
                    number=taken.sequence,
                    at=entry.at,
                    by=entry.by,
                    who=self.cast.name_of(entry.by),
                    what=entry.what,
                    phase=entry.phase,
                    text=sentence(entry.what, entry.data, self.cast.names, entry.by),
                    data=entry.data,
                )
            )
        if scene.reader.rules is not self._rules:
            self._rules = scene.reader.rules
            self._note_dates(scene)

    def refuse(self, at: datetime, act: str, by: str, refusal: Refusal) -> None:
        """Write down that an act was refused."""
        who = self.cast.name_of(by)
        self.refusals.append(Refused(at=at, act=act, by=by, who=who, code=refusal.code, text=refusal.text))

    def write(self, scene: Scene, command: AnyCommand, result: AnyResult | None) -> None:
        """Write a message or note as its readers get it."""
        _, input = activity_for(self.plan, scene.state, command, scene.now)
        if isinstance(command, Send) and isinstance(input, SendInput):
            for reader in readers_of(scene, command):
                if reader not in command.reached:
                    self.mails.append(self._write_mail(command, input, reader, result))
        elif isinstance(command, LeaveNote) and isinstance(input, NoteInput):
            self.mails.append(self._write_note(command, input))

    def unwrite(self, number: int) -> None:
        """Take a message away that was not sent after all."""
        self.mails = [one for one in self.mails if one.command != number]

    def _write_mail(self, command: Send, input: SendInput, reader: str, result: AnyResult | None) -> Mail:
        language = self.cast.language_of(reader)
        sender = self._sender(input, command.sender)
        link = write_kept_link(PAGES, input.workflow_id, client=reader not in self.cast.team)
        try:
            written = write_message(input, self.cast.person(reader), sender, language, link)
            language, subject, body = written.language, written.subject, written.body
        except TextError as error:
            subject, body = "", str(error)
        reached = result.reached if isinstance(result, Failed) else ()
        return Mail(
            at=input.at,
            command=command.number,
            message=command.message,
            title=input.message.title,
            purpose=command.purpose,
            phase=command.phase,
            to=reader,
            name=self.cast.name_of(reader),
            audience="office" if reader in self.cast.team else "client",
            language=language,
            subject=subject,
            body=body,
            arrived=result is None or isinstance(result, Sent) or reader in reached,
        )

    def _write_note(self, command: LeaveNote, input: NoteInput) -> Mail:
        sender = self._sender(input, None)
        try:
            written = write_note(input, sender)
            subject, body = written.subject, written.body
        except TextError as error:
            subject, body = "", str(error)
        return Mail(
            at=input.at,
            command=command.number,
            message=command.message,
            title=input.message.title,
            purpose="note",
            phase=command.phase,
            to=command.template,
            name=command.template,
            audience="office",
            language="nl",
            subject=subject,
            body=body,
        )

    def _sender(self, input: SendInput | NoteInput, named: str | None) -> Person:
        """Return who sends: the one named, else who has the phase's role; reached at the office's number."""
        holder = next(self.cast.holders((input.role,)), None)
        id = named or (holder.id if holder else None)
        name = self.cast.name_of(id) if id else input.office.name
        return Person(name=name, phone=input.office.phone, email=input.office.email)

    def _note_dates(self, scene: Scene) -> None:
        """Write down every date that is another than before."""
        there = {(one.kind, one.id): place for place, one in enumerate(self.dates) if one.until is None}
        for now in _list_dates(scene):
            place = there.get((now.kind, now.id))
            if place is None:
                self.dates.append(now)
            elif self.dates[place].day != now.day:
                self.dates[place] = replace(self.dates[place], until=scene.now)
                self.dates.append(now)


def _list_dates(scene: Scene) -> list[DateLine]:
    rules, since = scene.reader.rules, scene.now
    found: list[DateLine] = []
    for one in scene.plan.deadlines:
        day: date | None = rules.deadline_day(one.id)
        found.append(DateLine(kind="deadline", id=one.id, title=one.title, day=day, law=one.law, since=since))
    for phase in scene.plan.phases:
        if not rules.holds(phase.condition):
            continue
        if phase.due:
            day = rules.target_day(phase.due)
            found.append(DateLine(kind="target", id=phase.id, title=phase.title, day=day, since=since))
        if phase.not_before:
            day = rules.target_day(phase.not_before)
            found.append(DateLine(kind="begin", id=phase.id, title=phase.title, day=day, since=since))
    return found
