"""What a caller may decide about tasks at this moment; the routes refuse by the same rules."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from api.decisions.make import standing
from models.domain.decision import (
    PERMISSION,
    DecisionAction,
    DecisionState,
    Proposal,
    WaiverReason,
    refusal,
)
from models.domain.permission import Grants
from models.stores.decisions import DecisionView
from models.stores.tasks import TaskView

_OF_TASKS = (DecisionAction.RETRY, DecisionAction.COMPLETE_BY_HAND, DecisionAction.WAIVE)


def possible_decisions(grants: Grants, tasks: Iterable[TaskView]) -> list[DecisionAction]:
    """What may be decided about at least one of the tasks as it stands."""
    known = list(tasks)
    return [
        action
        for action in _OF_TASKS
        if grants.may(PERMISSION[action]) and any(_is_possible(action, task) for task in known)
    ]


def is_open(decisions: Iterable[DecisionView]) -> bool:
    """Whether one is being carried out, so that no other can be made."""
    return any(decision.state is DecisionState.ACCEPTED for decision in decisions)


def confirmable(grants: Grants, task: TaskView, decisions: Sequence[DecisionView]) -> list[UUID]:
    """Those that wait for a second person, whom the caller can be."""
    return [
        decision.id
        for decision in decisions
        if decision.state is DecisionState.AWAITING_SECOND_PERSON
        and grants.may(PERMISSION[decision.action])
        and is_other_person(grants, decision)
        and decision.round == task.round
        and _is_possible(decision.action, task)
    ]


def is_other_person(grants: Grants, decision: DecisionView) -> bool:
    """Neither the one who decided nor of the same role."""
    return grants.actor != decision.decided_by and grants.staff_role is not decision.decided_as


def _is_possible(action: DecisionAction, task: TaskView) -> bool:
    """With everything that the action asks for."""
    proposal = Proposal(
        action=action,
        round=task.round,
        state=task.state,
        reason=WaiverReason.SYSTEM_RETIRED,
        has_evidence=True,
    )
    return refusal(standing(task), proposal) is None
