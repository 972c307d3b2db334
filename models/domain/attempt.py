"""One attempt of a task: who makes it, and how it failed."""

from dataclasses import dataclass

from models.domain.outside import FailureKind, System


@dataclass(frozen=True, slots=True)
class Author:
    """Which process makes an attempt, with which code, for which run of the workflow."""

    worker: str  # process and host
    code_version: str
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """How an attempt ended that came to nothing."""

    failure: FailureKind
    message: str  # never a handle, a name or a reply body
    took_s: float
    author: Author
    system: System | None = None  # that failed it; none when the failure is our own
