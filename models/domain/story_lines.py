"""What happened to a task, line by line; `models/domain/telling.py` makes a story of it."""

from collections.abc import Callable, Iterator, Sequence

from models.domain.case import CaseStatus
from models.domain.decision import DecisionAction, DecisionState
from models.domain.decommission import TaskState
from models.domain.outside import FailureKind
from models.domain.permission import StaffRole
from models.domain.story import (
    AttemptFact,
    CaseFact,
    DecisionFact,
    Facts,
    Happening,
    Line,
    TaskFacts,
)
from models.domain.stuck import StuckBecause

FAILED = {
    FailureKind.TRANSIENT: "the system was not reached, or broke",
    FailureKind.THROTTLED: "the system asked us to slow down",
    FailureKind.REJECTED: "the system refused the removal",
    FailureKind.CONFLICT: "something else still uses a resource",
    FailureKind.NOT_AUTHORISED: "the system did not accept our credentials",
    FailureKind.NOT_FOUND: "the system did not know the site",
    FailureKind.UNCONFIRMED: "accepted, but a fresh read still showed resources",
    FailureKind.NEEDS_HUMAN: "the system wants a person to do it",
    FailureKind.TIMED_OUT: "no answer came in time",
    FailureKind.BUG: "a defect of the platform",
}
STUCK = {
    StuckBecause.HUNG: "an attempt hangs",
    StuckBecause.RETRYING: "every attempt fails",
    StuckBecause.NO_WORKER: "no worker takes it",
    StuckBecause.WORKFLOW_FAILING: "the workflow's own code fails",
    StuckBecause.RUN_GONE: "the workflow is gone",
    StuckBecause.ENGINE_AWAY: "Temporal does not answer",
}
_DECIDED = {
    DecisionAction.RETRY: "decided to retry",
    DecisionAction.COMPLETE_BY_HAND: "said that it was done by hand",
    DecisionAction.WAIVE: "decided to leave the rest undone",
    DecisionAction.PAUSE: "paused it",
    DecisionAction.RESUME: "let it go on",
}
_ROLES = {
    StaffRole.VENDOR_SUPPORT: "Support",
    StaffRole.SRE: "An SRE",
    StaffRole.AUDITOR: "An auditor",
    StaffRole.SERVICE: "A program",
}


def took(seconds: float) -> str:
    """A duration as people say it: `4.2 s`, `3 min 7 s`, `2 h 5 min`, `3 d 4 h`."""
    if seconds < 60:
        return f"{max(seconds, 0):.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def lines_of(facts: Facts) -> Iterator[Line]:
    """Everything that happened, in no order."""
    task = facts.task
    yield Line(task.created_at, Happening.CREATED, "Created with the decommission.")
    if task.started_at:
        waited = took((task.started_at - task.created_at).total_seconds())
        text = f"First attempt, after {waited} of waiting for its turn."
        yield Line(task.started_at, Happening.STARTED, text)
    yield from _attempts(task, facts.attempts)
    if task.stuck_at and task.stuck_because:
        text = f"Counted as stuck: {STUCK[task.stuck_because]}."
        yield Line(task.stuck_at, Happening.STUCK, text)
    for case in facts.cases:
        yield from _case(case)
    for decision in facts.decisions:
        yield _decision(decision)
    if task.finished_at and task.state is not TaskState.FAILED:
        text = "Left undone for ever." if task.is_waived else "Done; a fresh read has shown it."
        text = "Cancelled." if task.state is TaskState.CANCELLED else text
        yield Line(task.finished_at, Happening.FINISHED, text)


def _attempts(task: TaskFacts, attempts: Sequence[AttemptFact]) -> Iterator[Line]:
    group: list[AttemptFact] = []
    for attempt in attempts:
        if group and not _goes_on(group[-1], attempt):
            yield _group(group)
            yield from _silence(group[-1], attempt)
            group = []
        group.append(attempt)
    if group:
        yield _group(group)
    has_timed_out = task.last_error_kind is FailureKind.TIMED_OUT and task.last_error_at
    if has_timed_out and task.last_error_at and task.state is TaskState.FAILED:
        yield Line(task.last_error_at, Happening.SILENT, "The last attempt ended without a word.")


def _goes_on(before: AttemptFact, after: AttemptFact) -> bool:
    """Whether it is the next one and failed in the same way."""
    alike = (before.round, before.failure, before.message) == (
        after.round,
        after.failure,
        after.message,
    )
    return alike and after.attempt == before.attempt + 1


def _group(group: Sequence[AttemptFact]) -> Line:
    first, last = group[0], group[-1]
    if len(group) == 1:
        which, spent = f"Attempt {first.attempt}", last.ended_at - first.started_at
        how_long = f" after {took(spent.total_seconds())}"
    else:
        which, how_long = f"Attempts {first.attempt} to {last.attempt}", ""
    where = f" of round {first.round}" if first.round > 1 else ""
    text = f"{which}{where} failed{how_long}: {FAILED[first.failure]}. {last.message}"
    until = last.ended_at if len(group) > 1 else None
    return Line(first.ended_at, Happening.FAILED, text, until)


def _silence(before: AttemptFact, after: AttemptFact) -> Iterator[Line]:
    """Attempts between the two that told nobody how they ended."""
    if before.round != after.round or after.attempt <= before.attempt + 1:
        return
    first, last = before.attempt + 1, after.attempt - 1
    which = f"Attempt {first}" if first == last else f"Attempts {first} to {last}"
    text = f"{which} ended without a word: the worker was gone, or the time ran out."
    yield Line(before.ended_at, Happening.SILENT, text, after.started_at)


def _case(case: CaseFact) -> Iterator[Line]:
    closed = case.status in {CaseStatus.RESOLVED, CaseStatus.CLOSED}
    state = f"case {case.number}{', closed by now' if closed else ''}"
    yield Line(case.attached_at, Happening.CASE_JOINED, f"{_why(case)} ({state}).")
    if case.left_at:
        yield Line(case.left_at, Happening.CASE_LEFT, f"Left case {case.number}.")


def _why(case: CaseFact) -> str:
    trouble = (case.cause or "").rpartition("/")[2]
    if "/held/" in (case.cause or ""):
        return "Met a hold of the system"
    if trouble in set(StuckBecause):
        return f"Counted as stuck, as {STUCK[StuckBecause(trouble)]}"
    if trouble in set(FailureKind):
        return f"Parked for a person, as {FAILED[FailureKind(trouble)]}"
    return "Taken into a case"


def _decision(decision: DecisionFact) -> Line:
    who = _ROLES[decision.role]
    second = " with a second person" if decision.has_second_person else ""
    reason = f" ({decision.reason.replace('_', ' ')})" if decision.reason else ""
    came_of_it = _CAME_OF_IT[decision.state](decision)
    text = f"{who}{second} {_DECIDED[decision.action]}{reason}; {came_of_it}."
    return Line(decision.created_at, Happening.DECIDED, text, decision.ended_at)


def _refused(decision: DecisionFact) -> str:
    return f"refused: {(decision.refused_because or 'no reason known').replace('_', ' ')}"


_CAME_OF_IT: dict[DecisionState, Callable[[DecisionFact], str]] = {
    DecisionState.AWAITING_SECOND_PERSON: lambda _: "a second person has yet to confirm",
    DecisionState.ACCEPTED: lambda _: "it is on its way",
    DecisionState.CARRIED_OUT: lambda _: "carried out",
    DecisionState.REFUSED: _refused,
}
