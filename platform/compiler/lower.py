"""Lower valid definitions to the Plan, with defaults filled in and references resolved."""

from collections.abc import Iterator
from typing import Literal

from .. import plan as p
from .conditions import parse_condition
from .definitions import D, Definitions, File
from .forms import forms_of, lower_item, lower_properties
from .language import dates, forms, office, phases, workflow
from .language.law import AccountRow, EntryPointRow, RateRow
from .language.people import FunctionTo, RoleTo, To
from .variables import Known, variables
from .walks import (
    ESCALATIONS,
    automations,
    chase_steps,
    end_of,
    is_by_hand,
    notes,
    role_recipients,
    sbr_of,
    walk_once,
)


def lower_template(name: str, template: workflow.Workflow, definitions: Definitions) -> p.Plan:
    """Return the plan of a template. The template and every definition that it uses must be valid."""
    return _Lowering(name, template, definitions).plan()


class _Lowering:
    def __init__(self, name: str, template: workflow.Workflow, definitions: Definitions) -> None:
        self.name = name
        self.template = template
        self.definitions = definitions
        self.sbr = sbr_of(template)
        self.known: Known = variables(definitions, template)

    def plan(self) -> p.Plan:
        template = self.template
        messages = used_messages(template)
        plan = p.Plan(
            format=p.FORMAT,
            template=self.name,
            title=template.title,
            products=tuple(template.products),
            period=template.period,
            created=date_rule(template.created),
            start=template.start,
            when_closed=p.WhenClosed(**template.when_closed.model_dump()),
            corrected_by=template.corrected_by,
            corrects=tuple(template.corrects),
            corrections=tuple(self._correction(one) for one in template.correction),
            corrected_with=tuple(
                dict.fromkeys(
                    name
                    for one in template.correction
                    if (name := one.template or (self.name if one.resend else None))
                )
            ),
            office=office_text(_model(self.definitions.office)),
            facts=tuple(_fact(fact) for fact in template.facts),
            documents=tuple(self._document(d) for d in template.documents),
            deadlines=tuple(self._deadline(d) for d in template.deadlines),
            phases=tuple(phase for stage in template.stages for phase in self._stage(stage)),
            ends=tuple(p.End(**end.model_dump()) for end in template.ends),
            roles=tuple(_role(name, self.definitions) for name in used_roles(template, self.definitions)),
            messages=tuple(_message(name, self.definitions) for name in sorted(messages)),
            forms=tuple(self._form(name, form) for name, form in forms_of(self.definitions, template)),
            for_prospects=template.for_prospects,
            needs=tuple(template.needs),
            advises=tuple(template.advises),
        )
        return p.settle(plan)

    def _correction(self, one: workflow.Correction) -> str:
        """Return what the office reads of a way to correct.

        It names templates as commands do: a plan hangs on no file of another template.
        """
        if one.template:
            how = f"start een opdracht van het werkproces ‘{one.template}’"
        elif one.note:
            how = f"neem het op in de volgende opdracht van het werkproces ‘{one.note}’"
        else:
            how = one.procedure or "doe het opnieuw, met een extra opdracht van dit werkproces"
        return f"{one.when}: {how}"

    def _form(self, name: str, form: forms.Form) -> p.Form:
        items = tuple(lower_item(item, self._condition(item.condition)) for item in form.items or ())
        kind: Literal["form", "list"] = "list" if items else "form"
        return p.Form(
            id=name, title=form.title, kind=kind, fields=items or lower_properties(form), intro=form.intro
        )

    def _document(self, document: workflow.Document) -> p.Document:
        return p.Document(
            id=document.id,
            title=document.title,
            made_in=document.made_in,
            report=document.report,
            source=document.source,
            optional=document.optional,
            condition=self._condition(document.condition),
            of=_to(document.of) if document.of else None,
        )

    def _deadline(self, deadline: dates.Deadline) -> p.Deadline:
        return p.Deadline(
            id=deadline.id,
            title=deadline.title,
            law=deadline.law,
            earliest=_optional_date(deadline.earliest),
            due=tuple(
                p.DueChoice(condition=self._condition(choice.condition), rule=date_rule(choice))
                for choice in deadline.due
            ),
            latest=_optional_date(deadline.latest),
            moves=deadline.moves,
            condition=self._condition(deadline.condition),
            latest_moves=deadline.latest_moves,
        )

    def _stage(self, stage: phases.Phase | phases.Together) -> Iterator[p.Phase]:
        if isinstance(stage, phases.Phase):
            yield self._phase(stage)
        else:
            yield from (self._phase(phase, group=stage.together[0].id) for phase in stage.together)

    def _phase(self, phase: phases.Phase, group: str | None = None) -> p.Phase:
        return p.Phase(
            id=phase.id,
            title=phase.title,
            was=tuple(phase.was),
            role=phase.role,
            group=group,
            qualification=tuple(phase.qualification),
            condition=self._condition(phase.condition),
            not_before=_optional_date(phase.not_before),
            due=_optional_date(phase.due),
            checkpoints=tuple(self._checkpoint(checkpoint) for checkpoint in phase.checkpoints),
            automations=tuple(self._automation(automation) for automation in phase.automations),
            reviews=tuple(phase.reviews),
            signs=tuple(phase.signs),
            four_eyes=tuple(phase.four_eyes),
            four_eyes_exception=phase.four_eyes_exception,
            back_to=phase.back_to,
            outcomes=tuple(self._outcome(outcome) for outcome in phase.outcomes),
            block=self._block(phase),
        )

    def _outcome(self, outcome: phases.Outcome) -> p.Outcome:
        end = end_of(outcome.then)
        return p.Outcome(
            id=outcome.id,
            title=outcome.title,
            condition=self._condition(outcome.condition),
            then=outcome.then if end is None else None,
            end=end,
            note=_note(outcome.note),
        )

    def _block(self, phase: phases.Phase) -> p.Work | p.Offer | p.Deliver | p.WaitFor:
        if phase.offer:
            return self._offer(phase.offer)
        if phase.deliver:
            return self._deliver(phase.deliver, phase.chase)
        if phase.wait:
            awaited = tuple(_lower_awaited(one) for one in phase.wait.awaited)
            return p.WaitFor(awaited=awaited, chase=_chase(phase.wait.chase))
        late = self.template.chase
        if late and any(phase is one for one in self.template.chased):
            rule = p.DateRule(anchor=f"targets.{phase.id}", workdays=late.workdays)
            return p.Work(chase=p.Chase(escalate=p.Escalate(on=rule, role=late.role, message=late.message)))
        return p.Work(chase=_chase(phase.chase))

    def _checkpoint(self, checkpoint: phases.Checkpoint) -> p.Checkpoint:
        return p.Checkpoint(
            id=checkpoint.id,
            title=checkpoint.title,
            required=checkpoint.required,
            condition=self._condition(checkpoint.condition),
        )

    def _automation(self, automation: phases.Automation) -> p.Automation:
        send, task, request = automation.send, automation.task, automation.request
        start = automation.start
        return p.Automation(
            id=automation.id,
            at=automation.at if isinstance(automation.at, str) else date_rule(automation.at),
            condition=self._condition(automation.condition),
            send=p.SendMessage(message=send.message, to=_to(send.to)) if send else None,
            task=p.CreateTask(title=task.title, to=_to(task.to), proof=task.proof) if task else None,
            request=_request(request) if request else None,
            chase=_chase(automation.chase),
            start=p.StartFiling(
                template=start.template, period=start.period, of=start.of, optional=start.optional
            )
            if start
            else None,
            note=_note(automation.note),
        )

    def _offer(self, offer: phases.Offer) -> p.Offer:
        sbr = self.sbr
        message = offer.message or sbr.message
        assert message is not None
        return p.Offer(
            documents=tuple(offer.documents),
            on_behalf_of=offer.on_behalf_of or sbr.on_behalf_of,
            forward=offer.forward or sbr.forward,
            offer_as=offer.offer_as or sbr.offer_as,
            to=_to(offer.to or sbr.to),
            message=message,
            pay=offer.pay or sbr.pay,
            chase=_chase(offer.chase),
            may_end=end_of(offer.may_end),
            workdays_to_object=sbr.workdays_to_object
            if offer.workdays_to_object is None
            else offer.workdays_to_object,
        )

    def _deliver(self, deliver: phases.Deliver, chase: phases.Chase | None) -> p.Deliver:
        return p.Deliver(
            document=deliver.document,
            deadline=deliver.deadline,
            on_behalf_of=deliver.on_behalf_of or self.sbr.on_behalf_of,
            pay=deliver.pay or self.sbr.pay,
            by_hand=is_by_hand(self.template, deliver),
            chase=_chase(chase),
        )

    def _condition(self, text: str | None) -> p.Expression | None:
        if text is None:
            return None
        expression, findings = parse_condition(text, self.known)
        assert expression is not None, findings
        return expression


def lower_office(definitions: Definitions) -> p.Office:
    """Return what applies to the whole office. Its definitions must be valid."""
    own = _model(definitions.office)
    rows = [(name, row) for name, file in sorted(definitions.law.items()) for row in _model(file).rows]
    office = p.Office(
        format=p.FORMAT,
        text=office_text(own),
        opening_hour=own.opening_hour,
        closing_days=p.ClosingDays(**own.closing_days.model_dump()),
        functions=tuple(own.functions),
        fields=tuple(p.RelationField(**field.model_dump()) for field in own.fields),
        products=tuple(_product(name, definitions) for name in sorted(definitions.products)),
        roles=tuple(_role(name, definitions) for name in sorted(definitions.roles)),
        tax_consultant_number=own.tax_consultant_number,
        software_vendor_number=own.software_vendor_number,
        function_gives_authority=tuple(own.function_gives_authority),
        entry_points=tuple(
            p.EntryPoint(
                report=name,
                year=row.year,
                entry_point=row.entry_point,
                namespace=row.namespace,
                confirmed=row.confidence != "L",
            )
            for name, row in rows
            if isinstance(row, EntryPointRow)
        ),
        tax_accounts=tuple(
            p.TaxAccount(since=row.since, iban=row.iban.replace(" ", ""), bic=row.bic, name=row.name)
            for _, row in rows
            if isinstance(row, AccountRow)
        ),
        vat_rates=tuple(
            p.VatRates(since=row.since, general=row.general, reduced=row.reduced)
            for _, row in rows
            if isinstance(row, RateRow)
        ),
        chat=p.Chat(**own.chat.model_dump()) if own.chat else None,
        messages=tuple(_message(name, definitions) for name in sorted(list_chat_messages(own))),
    )
    return p.settle(office)


def office_text(own: office.Office) -> p.OfficeText:
    """Return the data of the office that texts may use."""
    return p.OfficeText(name=own.name, phone=own.phone, email=own.email)


def date_rule(rule: dates.DateRule) -> p.DateRule:
    """Return a date rule with signed counts: negative ones lie before the anchor."""
    sign = -1 if rule.before else 1
    anchor = rule.after or rule.before or rule.month_of
    assert anchor is not None
    return p.DateRule(
        anchor=anchor,
        months=sign * (rule.months or 0),
        day=rule.day,
        weeks=sign * (rule.weeks or 0),
        days=sign * (rule.days or 0),
        workdays=sign * (rule.workdays or 0),
    )


def used_messages(template: workflow.Workflow) -> set[str]:
    """Return the ids of the messages that a template sends."""
    return set(_list_messages(template))


@walk_once
def _list_messages(template: workflow.Workflow) -> Iterator[str]:
    default = template.sbr.message if template.sbr else None
    names = {phase.offer.message or default for phase in template.phases if phase.offer}
    names |= {a.send.message for a in automations(template) if a.send}
    names |= {a.request.message for a in automations(template) if a.request}
    names |= {note.message for note in notes(template)}
    names |= {step.message for step in chase_steps(template)}
    yield from (name for name in names if name)


def list_chat_messages(own: office.Office | None) -> set[str]:
    """Return the ids of the messages of the office's chats."""
    chat = own.chat if own else None
    return {chat.to_client, chat.to_colleague} if chat else set()


def used_roles(template: workflow.Workflow, definitions: Definitions) -> list[str]:
    """Return the ids of the roles that a template uses, with their fallbacks, sorted."""
    sbr = sbr_of(template)
    roles = {phase.role for phase in template.phases}
    roles |= {phase.four_eyes_exception for phase in template.phases if phase.four_eyes_exception}
    roles |= {step.role for step in chase_steps(template) if isinstance(step, ESCALATIONS)}
    for block in (block for phase in template.phases for block in (phase.offer, phase.deliver) if block):
        roles.add(block.on_behalf_of or sbr.on_behalf_of)
    roles |= {to.role for to in role_recipients(template)}
    pending = sorted(roles)
    while pending:
        file = definitions.roles.get(pending.pop())
        fallback = file.model.fallback if file and file.model else None
        if fallback and fallback not in roles:
            roles.add(fallback)
            pending.append(fallback)
    return sorted(roles)


def _model(file: File[D] | None) -> D:
    assert file is not None
    assert file.model is not None
    return file.model


def _role(name: str, definitions: Definitions) -> p.Role:
    role = _model(definitions.roles[name])
    qualification = tuple(role.qualification)
    return p.Role(id=name, title=role.title, fallback=role.fallback, qualification=qualification)


def _product(name: str, definitions: Definitions) -> p.Product:
    product = _model(definitions.products[name])
    return p.Product(id=name, title=product.title, frequencies=tuple(product.frequencies))


def _message(name: str, definitions: Definitions) -> p.Message:
    message = _model(definitions.messages[name])
    texts = {language: p.Text(**text) for language, text in message.texts.model_dump().items() if text}
    return p.Message(id=name, title=message.title, channels=tuple(message.channels), texts=texts)


def _fact(fact: workflow.Fact) -> p.FactDefinition:
    return p.FactDefinition(
        id=fact.id,
        title=fact.title,
        type=fact.type,
        set_in=tuple(fact.phases),
        optional=fact.optional,
        options=tuple(p.Option(id=option.id, title=option.title) for option in fact.options),
        closes_with_phase=fact.closes_with_phase,
        past=fact.past,
    )


def _optional_date(rule: dates.DateRule | None) -> p.DateRule | None:
    return date_rule(rule) if rule else None


def _to(to: To) -> p.To:
    if isinstance(to, FunctionTo):
        return p.To(kind="function", name=to.function, decide=to.decide)
    if isinstance(to, RoleTo):
        return p.To(kind="role", name=to.role)
    return p.To()


def _request(request: phases.Request) -> p.Request:
    return p.Request(
        form=request.form, to=_to(request.to), required=request.required, message=request.message
    )


def _note(note: phases.LeaveNote | None) -> p.LeaveNote | None:
    return p.LeaveNote(template=note.template, message=note.message) if note else None


def _lower_awaited(awaited: phases.Awaited) -> p.Awaited:
    if awaited.notice:
        return p.NoticeAwaited(notice=awaited.notice, fact=awaited.fact)
    if awaited.filing:
        period = awaited.period or "same"
        return p.FilingAwaited(
            template=awaited.filing,
            period=period,
            phase=awaited.phase,
            optional=awaited.optional,
            of=awaited.of,
        )
    assert awaited.date is not None
    return p.DayAwaited(on=date_rule(awaited.date))


def _give_up(give_up: phases.GiveUp) -> p.GiveUp:
    end = end_of(give_up.then)
    return p.GiveUp(on=date_rule(give_up), then=None if end else give_up.then, end=end)


def _chase(chase: phases.Chase | phases.WaitChase | None) -> p.Chase | None:
    if chase is None:
        return None
    remind, escalate = chase.remind, chase.escalate
    give_up = chase.give_up if isinstance(chase, phases.WaitChase) else None
    return p.Chase(
        remind=p.Remind(**remind.model_dump()) if remind else None,
        escalate=p.Escalate(on=date_rule(escalate), role=escalate.role, message=escalate.message)
        if escalate
        else None,
        give_up=_give_up(give_up) if give_up else None,
    )
