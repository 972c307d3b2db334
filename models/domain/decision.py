"""What people decide about tasks that failed or hang, and what may be decided when.

`refusal` is the one answer to "may this be decided now?"; the workflow asks its own state again
when the decision reaches it, because a task may move on in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from models.domain.decommission import RESOURCES_OF, TaskKind, TaskPhase, TaskState
from models.domain.permission import Action


class DecisionAction(StrEnum):
    """What can be decided: the first three of a task, the others of a decommission or a site."""

    RETRY = "retry"  # another round; of a task that still tries: its next attempt at once
    COMPLETE_BY_HAND = "complete_by_hand"  # a person has done it; a fresh read must confirm it
    WAIVE = "waive"  # it cannot be done any more, and two people answer for that
    PAUSE = "pause"  # tasks that have not started wait; running ones finish
    RESUME = "resume"


class DecisionState(StrEnum):
    """Where a decision stands; the last two are its end."""

    AWAITING_SECOND_PERSON = "awaiting_second_person"
    ACCEPTED = "accepted"
    CARRIED_OUT = "carried_out"
    REFUSED = "refused"

    @property
    def is_ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self in {DecisionState.CARRIED_OUT, DecisionState.REFUSED}


class Taken(StrEnum):
    """How the engine took a decision."""

    BY_WORKFLOW = "by_workflow"
    AS_RESET = "as_reset"  # the attempt that was waiting or hung is run again at once
    BY_RESTART = "by_restart"  # the workflow was gone and is started anew


class WaiverReason(StrEnum):
    """Why something can be left undone for ever."""

    SYSTEM_RETIRED = "system_retired"  # the system was switched off with all that it held
    SITE_DEMOLISHED = "site_demolished"
    PROVIDER_GONE = "provider_gone"  # nobody is left to ask
    RESOURCE_NOT_OURS = "resource_not_ours"  # it never was the occupier's


class DecisionRefusal(StrEnum):
    """Why a decision is not possible, or was not carried out."""

    TASK_MOVED_ON = "task_moved_on"  # it is not where the person saw it
    TASK_NOT_STARTED = "task_not_started"  # nothing has been tried yet
    TASK_ENDED = "task_ended"
    TASK_NOT_FAILED = "task_not_failed"  # the platform is still trying
    TASK_HELD = "task_held"  # it goes on by itself once the hold is released
    NOTHING_TO_CONFIRM = "nothing_to_confirm"  # no outside system can show that it was done
    NOT_WAIVABLE = "not_waivable"
    EVIDENCE_MISSING = "evidence_missing"
    REASON_MISSING = "reason_missing"
    SUPERSEDED = "superseded"  # another decision was made while it waited for a second person
    WORKFLOW_GONE = "workflow_gone"  # nothing runs that could carry it out


WAIVABLE: Mapping[TaskKind, str] = {
    TaskKind.LOGOUT_HANDSETS: "A handset that is gone or off cannot be logged out remotely.",
    TaskKind.TELEPHONY: "A carrier may end before its numbers do; ours stay reserved.",
    TaskKind.PORTS: "Ports vanish with their switch; ours stay reserved.",
    TaskKind.WIFI_DEVICES: "Devices are unknown to a new controller after the old one is gone.",
    TaskKind.NETWORK: "A network ends with the equipment that made it.",
}
"""The tasks that may be left undone, and why that can be right.

Never among them: accounts of people (they could still log in), charges (they would go on), leases,
and the tasks that make the record complete: the plan, scheduled services, the verification.
"""

PERMISSION: Mapping[DecisionAction, Action] = {
    DecisionAction.RETRY: Action.RETRY_TASK,
    DecisionAction.COMPLETE_BY_HAND: Action.COMPLETE_TASK_BY_HAND,
    DecisionAction.WAIVE: Action.WAIVE_TASK,
    DecisionAction.PAUSE: Action.PAUSE_DECOMMISSION,
    DecisionAction.RESUME: Action.PAUSE_DECOMMISSION,
}
"""What somebody must be permitted to do to decide it."""


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """Where a task stands at this moment."""

    kind: TaskKind
    state: TaskState
    phase: TaskPhase
    round: int
    hold_id: UUID | None = None  # what it waits for
    is_stuck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a person decides about a task, with the round and state that they saw."""

    action: DecisionAction
    round: int
    state: TaskState
    reason: WaiverReason | None = None
    has_evidence: bool = False


def refusal(task: TaskStanding, proposal: Proposal) -> DecisionRefusal | None:
    """Why the decision is not possible for the task as it stands; `None` when it is."""
    if (task.round, task.state) != (proposal.round, proposal.state):
        return DecisionRefusal.TASK_MOVED_ON
    if task.state in {TaskState.COMPLETED, TaskState.CANCELLED}:
        return DecisionRefusal.TASK_ENDED
    match proposal.action:
        case DecisionAction.RETRY if task.hold_id is not None:
            return DecisionRefusal.TASK_HELD
        case DecisionAction.RETRY:
            not_started = task.phase is TaskPhase.QUEUED and not task.is_stuck
            return DecisionRefusal.TASK_NOT_STARTED if not_started else None
        case DecisionAction.COMPLETE_BY_HAND:
            return _refusal_by_hand(task, proposal)
        case DecisionAction.WAIVE:
            return _refusal_of_waiver(task, proposal)
        case DecisionAction.PAUSE | DecisionAction.RESUME:
            raise ValueError(f"{proposal.action} is not decided of a task")


def _refusal_by_hand(task: TaskStanding, proposal: Proposal) -> DecisionRefusal | None:
    if task.kind not in RESOURCES_OF:
        return DecisionRefusal.NOTHING_TO_CONFIRM
    if task.state is not TaskState.FAILED:
        return DecisionRefusal.TASK_NOT_FAILED
    return None if proposal.has_evidence else DecisionRefusal.EVIDENCE_MISSING


def _refusal_of_waiver(task: TaskStanding, proposal: Proposal) -> DecisionRefusal | None:
    if task.kind not in WAIVABLE:
        return DecisionRefusal.NOT_WAIVABLE
    if task.state is not TaskState.FAILED:
        return DecisionRefusal.TASK_NOT_FAILED
    return None if proposal.reason else DecisionRefusal.REASON_MISSING
