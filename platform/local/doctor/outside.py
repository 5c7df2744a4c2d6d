"""What is outside: certificates, Digipoort and the mail server."""

import asyncio

from ...equipment import digipoort_settings, mail_server
from ...mail.smtp import SendingError, log_in
from ...sbr.digipoort.client import DigipoortClient
from ...sbr.digipoort.messages import Fault
from ...sbr.digipoort.problems import DigipoortError
from ...settings import Settings
from ..presenting import FOR_REAL, list_unconnected
from ..programs import certificate_folder, runs_catcher, runs_simulator
from .findings import Finding, good, warning, wrong

_CERTIFICATES = "set KANTOOR_DIGIPOORT_CERTIFICATE and KANTOOR_DIGIPOORT_KEY to the office's own"


def check_connections(settings: Settings, *, practice: bool) -> list[Finding]:
    """Say what of an office that is not for practice goes to a stand-in on this machine."""
    found = list_unconnected(settings, practice=practice)
    mend = f"set digipoort.* and smtp.* in kantoor.toml before an office works here. {FOR_REAL}"
    return [warning("connected", f"not for real yet: {'; '.join(found)}", mend)] if found else []


def check_certificates(settings: Settings, *, practice: bool) -> list[Finding]:
    """Look at our own certificate: dates, purpose, and whether the key fits."""
    try:
        with DigipoortClient(digipoort_settings(settings, practice=practice)) as client:
            found = client.check_certificate()
    except ValueError as error:
        return [wrong("certificate", str(error), "see docs/settings.md, digipoort")]
    except DigipoortError as error:
        if runs_simulator(settings) and not certificate_folder(settings).exists():
            return [warning("certificate", "the simulator has no certificates yet", "kantoor up makes them")]
        simulated = runs_simulator(settings)
        mend = "kantoor up makes the simulator's certificates" if simulated else _CERTIFICATES
        return [wrong("certificate", f"{error} ({settings.digipoort.certificate})", mend)]
    say = {"error": wrong, "warning": warning}
    findings = [
        say[one.severity]("certificate", one.trouble.english, "ask for a new certificate") for one in found
    ]
    return findings or [good("certificate", "valid for the connection and for signing")]


async def check_digipoort(settings: Settings, *, practice: bool) -> list[Finding]:
    """Try what a delivery needs: both services, our certificate, and a signed answer that we believe."""

    def ask() -> Fault | None:
        with DigipoortClient(digipoort_settings(settings, practice=practice)) as client:
            return client.try_channel()

    try:
        fault = await asyncio.to_thread(ask)
    except (DigipoortError, ValueError) as error:
        mend = "kantoor up" if runs_simulator(settings) else "see KANTOOR_DIGIPOORT_… in docs/settings.md"
        return [wrong("Digipoort", f"{settings.digipoort.status_url}: {error}", mend)]
    kind = "the simulator" if runs_simulator(settings) else settings.digipoort.status_url
    if fault is not None:
        text = (
            f"{kind} answers with an unsigned fault ({fault.sentence}): whether we believe it is not proved"
        )
        return [warning("Digipoort", text, "see what it says, and docs/digipoort.md on certificates")]
    return [good("Digipoort", f"{kind} accepts our certificate, and its signed answer is believed")]


async def check_mail(settings: Settings) -> list[Finding]:
    """Reach the mail server as a message does, login included, and send nothing."""
    server = mail_server(settings)
    where = f"{server.host}:{server.port}"
    try:
        async with asyncio.timeout(server.seconds):
            await log_in(server)
    except (SendingError, TimeoutError) as error:
        mend = "kantoor up" if runs_catcher(settings) else "see KANTOOR_SMTP_… in docs/settings.md"
        why = str(error) or "the mail server does not answer"
        return [wrong("mail", f"{where}: {why}; messages wait", mend)]
    done = "accepts our login" if server.user else "answers"
    return [good("mail", f"the mail server at {where} {done}")]
