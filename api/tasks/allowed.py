"""What a caller may do about a task at this moment; the routes refuse by the same rules."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.decisions.allowed import confirmable, is_open, possible_decisions
from api.identity.caller import Caller
from api.identity.scope import scope_of_task
from models.domain.decision import DecisionAction
from models.domain.decommission import TaskState
from models.domain.permission import Action
from models.stores.decisions import DecisionView
from models.stores.tasks import TaskView


class TaskAllowedOut(BaseModel):
    """What you may do about the task as it stands."""

    decisions: list[DecisionAction] = Field(
        description="Empty while another decision about it is being carried out."
    )
    confirm: list[UUID] = Field(
        description="Decisions that wait for a second person, whom you can be."
    )
    raise_case: bool = Field(description="False once it is in an open case.")


async def allowed_actions(
    session: AsyncSession, caller: Caller, task: TaskView, decisions: Sequence[DecisionView]
) -> TaskAllowedOut:
    """Of the task as it was read, with everything that was decided about it."""
    scope = await scope_of_task(session, task)
    is_over = task.state in {TaskState.COMPLETED, TaskState.CANCELLED}
    return TaskAllowedOut(
        decisions=[] if is_open(decisions) else possible_decisions(caller.grants, [task]),
        confirm=confirmable(caller.grants, task, decisions),
        raise_case=not is_over
        and task.case_id is None
        and caller.grants.denial(Action.RAISE_CASE, scope) is None,
    )
