"""What a caller may do with a case at this moment; the routes refuse by the same rules."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.cases.schemas import AllowedOut
from api.cases.sight import scope_of, takes_more
from api.decisions.allowed import confirmable, possible_decisions
from api.identity.caller import Caller
from models.domain.case import MOVES, CaseStatus, move_refusal
from models.domain.permission import Action
from models.stores.case_desk import CaseDeskStore
from models.stores.case_views import CaseView
from models.stores.decisions import DecisionView
from models.stores.tasks import TaskView


async def allowed_actions(
    session: AsyncSession,
    caller: Caller,
    view: CaseView,
    tasks: Sequence[TaskView],
    decisions: Sequence[DecisionView],
) -> AllowedOut:
    """Of the case as it was read, with the tasks that it covers now and what was decided."""
    resolved_for = datetime.now(UTC) - view.resolved_at if view.resolved_at else None
    scope = await scope_of(session, caller, view)
    may_comment = caller.grants.denial(Action.COMMENT_CASE, scope) is None
    may_handle = caller.grants.denial(Action.HANDLE_CASE, scope) is None
    adds = may_comment and takes_more(view.status, resolved_for)
    statuses = await _moves(session, view, resolved_for) if may_handle else []
    return AllowedOut(
        comment=adds,
        attach=adds,
        edit=may_handle and view.status is not CaseStatus.CLOSED,
        statuses=statuses,
        decisions=possible_decisions(caller.grants, tasks),
        confirm=[
            decision_id
            for task in tasks
            for decision_id in confirmable(
                caller.grants, task, [one for one in decisions if one.task_id == task.id]
            )
        ],
    )


async def _moves(
    session: AsyncSession, view: CaseView, resolved_for: timedelta | None
) -> list[CaseStatus]:
    possible = [to for to in CaseStatus if _may_go(view.status, to, resolved_for)]
    if CaseStatus.RESOLVED not in possible:
        return possible
    desk = CaseDeskStore(session)
    if await desk.troubled(view.id, 1) or await desk.covers_hold(view.id):
        possible.remove(CaseStatus.RESOLVED)
    return possible


def _may_go(status: CaseStatus, to: CaseStatus, resolved_for: timedelta | None) -> bool:
    return to in MOVES[status] and move_refusal(status, to, resolved_for) is None
