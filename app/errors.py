"""What can go wrong, named by what the user can do about it.

SDK and ARM errors become these once, in `app.adapters.azure.errors`. Titles and advice are shown as they are: a short
sentence each, ours, never the service's. The service's own words sit in `details` and `__cause__`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.job import JobProblem


class Remedy(StrEnum):
    """A thing the window can offer beside an error."""

    RETRY = "retry"
    SIGN_IN = "sign_in"
    SHOW_JOB = "show_job"
    CHECK_CONNECTION = "check_connection"


def told(title: str, advice: str) -> str:
    """What happened and what to do about it, one sentence after the other."""
    ended = title if title.endswith((".", "?", "!")) else f"{title}."
    return f"{ended} {advice}".strip()


class AppError(Exception):
    """A failure the user can understand and act on.

    Attributes:
        code: stable identifier, the service's own code where there is one (such as `28031`).
        title: what happened, one short sentence.
        advice: what to do now, one or two sentences.
        retryable: trying the same again may work without any other change.
        wants_other_answer: the same is refused again until another answer is given, or somebody clears its cause away.
        correlation_id: what Azure support asks for; empty when the service sent none.
        details: the service's own words, shown folded and copied whole.
    """

    retryable_by_default = False
    wants_other_answer = False

    def __init__(
        self,
        code: str,
        title: str,
        advice: str = "",
        *,
        retryable: bool | None = None,
        wants_other_answer: bool | None = None,
        remedies: tuple[Remedy, ...] = (),
        correlation_id: str = "",
        details: str = "",
    ) -> None:
        super().__init__(title)
        self.code = code
        self.title = title
        self.advice = advice
        self.retryable = self.retryable_by_default if retryable is None else retryable
        if wants_other_answer is not None:
            self.wants_other_answer = wants_other_answer
        self.remedies = remedies
        self.correlation_id = correlation_id
        self.details = details

    @property
    def sentence(self) -> str:
        """Cause and advice, one after the other."""
        return told(self.title, self.advice)


class SignInRequired(AppError):
    """The token is missing, expired or revoked."""


class SignInRefused(AppError):
    """Signing in did not work; the advice says what to change. Other than `SignInRequired`, somebody is at it."""


class PermissionDenied(AppError):
    """The caller may not do this; the advice names the missing role."""


class NotFound(AppError):
    """The thing asked for is not there (any more)."""


class Conflict(AppError):
    """The thing is in a state, or in use, so that this cannot be done now."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong field: its draft name and what would be right."""

    field: str
    text: str


class InvalidInput(AppError):
    """The service or our own rules refuse a value; `problems` says which fields."""

    wants_other_answer = True

    def __init__(
        self,
        code: str,
        title: str,
        advice: str = "",
        *,
        problems: tuple[FieldProblem, ...] = (),
        correlation_id: str = "",
        details: str = "",
    ) -> None:
        super().__init__(code, title, advice, correlation_id=correlation_id, details=details)
        self.problems = problems


class Throttled(AppError):
    """Too many requests; `retry_after_s` says when to come back."""

    retryable_by_default = True

    def __init__(
        self, code: str, title: str, advice: str = "", *, retry_after_s: float = 0.0, details: str = ""
    ) -> None:
        super().__init__(code, title, advice, details=details)
        self.retry_after_s = retry_after_s


class QuotaReached(AppError):
    """Cores, addresses, accounts: a limit of the subscription or the network is used up."""

    wants_other_answer = True


class Unreachable(AppError):
    """No answer: name not found, refused, timed out, cut."""

    retryable_by_default = True


class ServiceFault(AppError):
    """The service answered, but with a fault of its own."""

    retryable_by_default = True


class OperationFailed(AppError):
    """An ASR job ended badly; `problems` holds what it said, `job_id` leads to it."""

    def __init__(
        self,
        code: str,
        title: str,
        advice: str = "",
        *,
        job_id: str = "",
        problems: tuple[JobProblem, ...] = (),
        details: str = "",
    ) -> None:
        super().__init__(code, title, advice, remedies=(Remedy.SHOW_JOB,) if job_id else (), details=details)
        self.job_id = job_id
        self.problems = problems


class SecretStoreUnavailable(AppError):
    """The system has no place to keep secrets; they stay in memory."""


class NotSupported(AppError):
    """This program, or the service, does not do that."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """One record of a list that could not be read; the rest of the list is unharmed."""

    kind: str
    name: str
    reason: str
