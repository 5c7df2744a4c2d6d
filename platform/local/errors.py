"""What can keep an office from running on this machine."""


class LocalError(Exception):
    """The office cannot run here as asked; one sentence that says what is wrong and how to mend it."""


class MisuseError(LocalError):
    """What was asked cannot be meant here."""


class AlreadyRunsError(LocalError):
    """Another `kantoor up` runs for this home."""


class OriginalRunsError(LocalError):
    """The office that a copy was made of runs on this machine."""


class PortTakenError(LocalError):
    """Something else listens where one of our programs has to; `mend` is what to do about it."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what}: {mend}" if mend else what)
        self.what, self.mend = what, mend


class NotReadyError(LocalError):
    """A program did not come up."""
