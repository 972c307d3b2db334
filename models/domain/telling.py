"""Tells the story of a task in plain words; `models/domain/story.py` says of what."""

from collections.abc import Sequence
from datetime import datetime

from models.domain import advice, stuck
from models.domain.cause import Cause
from models.domain.clock import WaitingReason
from models.domain.decommission import TaskPhase, TaskState
from models.domain.outside import FailureKind
from models.domain.story import (
    AttemptFact,
    Facts,
    FailureCount,
    HoldFact,
    NextStep,
    TaskFacts,
    TaskStory,
)
from models.domain.story_lines import STUCK, lines_of, took

_WAITING = {
    WaitingReason.UPSTREAM: "It waits for an earlier step of the runbook, or for its turn.",
    WaitingReason.CALLBACK: "The system has it and will say when it is done.",
    WaitingReason.THROTTLED: "It waits because the system asked us to slow down.",
    WaitingReason.HELD: "It waits because the system is held.",
    WaitingReason.SETTLING: "It waits for a fresh read to show what the system accepted.",
    WaitingReason.HUMAN: "It waits for a person to decide.",
}
_BY_ITSELF = "Nothing to do: the platform goes on by itself."


def tell(facts: Facts) -> TaskStory:
    """The story of a task, its lines in order of time."""
    task = facts.task
    return TaskStory(
        task=task,
        headline=_headline(task),
        doing=_doing(task, facts.hold),
        happens_next=_happens_next(task),
        clocks=_clocks(task),
        next_step=_next_step(task, facts.hold),
        lines=sorted(lines_of(facts), key=lambda line: line.at),
        failures=failure_counts(facts.attempts),
        refused=facts.refused or {},
    )


def failure_counts(attempts: Sequence[AttemptFact]) -> list[FailureCount]:
    """How often each kind of failure was met, the most frequent first."""
    by_kind: dict[FailureKind, list[AttemptFact]] = {}
    for attempt in attempts:
        by_kind.setdefault(attempt.failure, []).append(attempt)
    counts = [
        FailureCount(kind, len(those), those[-1].ended_at, those[-1].message)
        for kind, those in by_kind.items()
    ]
    return sorted(counts, key=lambda count: (-count.attempts, count.failure))


def _headline(task: TaskFacts) -> str:
    amount = f"{task.done} of {task.total} done" if task.total else ""
    if task.state is TaskState.COMPLETED:
        state = "was left undone by decision" if task.is_waived else "is done"
    elif task.state is not TaskState.PENDING:
        state = f"is {task.state}"
    elif task.stuck_because:
        state = f"is stuck: {STUCK[task.stuck_because]}"
    else:
        state = f"is {task.phase if task.waiting_reason is None else 'waiting'}"
    failed = f"{task.failed_items} failed" if task.failed_items else ""
    details = ", ".join(filter(None, [amount, failed, f"round {task.round}"]))
    return f"The task {task.kind.replace('_', ' ')} {state} ({details})."


def _doing(task: TaskFacts, hold: HoldFact | None) -> str:
    match task.state:
        case TaskState.COMPLETED | TaskState.CANCELLED:
            return "Nothing: it has ended."
        case TaskState.FAILED:
            return _WAITING[WaitingReason.HUMAN]
        case TaskState.PENDING:
            return _doing_now(task, hold)


def _doing_now(task: TaskFacts, hold: HoldFact | None) -> str:
    since = f" For {took(_age(task, task.clock_at))} now." if task.clock_at else ""
    if task.is_paused and task.phase is TaskPhase.QUEUED:
        return f"It waits because the decommission is paused.{since}"
    if hold:
        where = "everywhere" if hold.is_everywhere else "at this site"
        return f"It waits because the {hold.system} system is held {where}.{since}"
    if task.waiting_reason:
        return f"{_WAITING[task.waiting_reason]}{since}"
    if task.phase is TaskPhase.RETRYING:
        return f"It waits for its next attempt, after attempt {task.attempt} failed.{since}"
    if task.phase is TaskPhase.QUEUED:
        return f"It is about to be taken by a worker.{since}"
    alive = f" Last sign of life {_ago(task, task.heartbeat_at)}," if task.heartbeat_at else ""
    moved = f" last progress {_ago(task, task.progress_at)}." if task.progress_at else ""
    return f"Attempt {task.attempt} runs.{since}{alive}{moved or ' no progress yet.'}"


def _happens_next(task: TaskFacts) -> str:
    if task.state is TaskState.FAILED:
        return "Nothing happens until somebody decides: retry, complete by hand, or waive."
    if task.state is not TaskState.PENDING:
        return "Nothing more happens."
    match task.waiting_reason:
        case WaitingReason.HELD:
            return "It goes on by itself soon after the hold is released."
        case WaitingReason.UPSTREAM:
            return "It starts by itself when its turn comes."
        case WaitingReason.HUMAN:
            return "Nothing happens until somebody decides."
        case _:
            pass
    if task.phase is TaskPhase.RETRYING:
        return "The next attempt comes by itself; when they run out, the task waits for a person."
    return "If the attempt fails, another one follows by itself."


def _clocks(task: TaskFacts) -> str:
    told = f"Active for {took(task.active_s)}, waiting for {took(task.waiting_s)}."
    if task.expected_s is not None:
        told += f" Usual: {took(task.expected_s)}."
    if task.threshold_s is not None:
        source = (
            f"learned from {task.threshold_samples} tasks"
            if task.threshold_samples
            else "an estimate, as there is no history yet"
        )
        told += f" Stuck after {took(task.threshold_s)} active ({source})."
    return told


def _next_step(task: TaskFacts, hold: HoldFact | None) -> NextStep:
    if task.state is TaskState.FAILED:
        known = advice.ADVICE[task.last_error_kind or FailureKind.BUG]
        return NextStep(known.audience, known.next_step)
    if task.state is not TaskState.PENDING:
        return NextStep(None, "Nothing to do.")
    if hold:
        held = Cause(hold.system, None, None, FailureKind.TRANSIENT, is_held=True).advice
        return NextStep(held.audience, held.next_step)
    if task.stuck_because:
        known = stuck.ADVICE[task.stuck_because]
        return NextStep(known.audience, known.next_step)
    return NextStep(None, _BY_ITSELF)


def _age(task: TaskFacts, since: datetime) -> float:
    return (task.now - since).total_seconds()


def _ago(task: TaskFacts, since: datetime) -> str:
    return f"{took(_age(task, since))} ago"
