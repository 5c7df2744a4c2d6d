"""How an activity says that it will be tried again: benign, since waiting for the world is no error."""

from datetime import timedelta

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

WAITING = "Waiting"


def again(why: str, after: timedelta | None = None) -> ApplicationError:
    """Return the error that has the activity tried again, after the usual wait or `after`.

    `why` is English, for operators, and free of personal data: it stands in the log.
    """
    return ApplicationError(
        why, type=WAITING, next_retry_delay=after, category=ApplicationErrorCategory.BENIGN
    )
