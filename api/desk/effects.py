"""What an answer of the outside desk does to its case, by the rules that people have too."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.desk.schemas import AnswerDataIn, AnswerIn
from models.domain.audit import AuditAction, AuditEvent
from models.domain.case import MOST_COMMENTS, CaseStatus, move_refusal, status_after_comment
from models.domain.decision import DecisionAction, Proposal, refusal
from models.domain.desk import DESK, AnswerRefusal, DeskAnswer
from models.domain.permission import StaffRole
from models.stores.audit import AuditStore
from models.stores.case_desk import CaseDeskStore, CaseStanding
from models.stores.decisions import DecisionOpenError, DecisionStore, NewDecision
from models.stores.desk_answers import CaseTask, DeskAnswerStore


class AnswerEffects:
    """Works inside the caller's transaction, in which the case is the desk's alone."""

    def __init__(self, session: AsyncSession, request_id: str) -> None:
        self._session = session
        self._request_id = request_id
        self._cases = CaseDeskStore(session)

    async def have(self, answer: AnswerIn) -> AnswerRefusal | None:
        """Have its effect; or why it has none."""
        data = answer.data
        ends = data.status is not None and not data.status.is_open
        case = await self._cases.lock(data.case_id, with_tasks=ends)
        if case is None:
            raise LookupError("there is no such case")
        match answer.type:
            case DeskAnswer.ACKNOWLEDGED:
                await self._cases.touch(case.id, is_staff=True)
                return None
            case DeskAnswer.COMMENTED:
                return await self._comment(case, data.comment or "")
            case DeskAnswer.STATUS_CHANGED:
                return await self._move(case, data.status or case.status)
            case DeskAnswer.REFERENCE_ASSIGNED:
                await self._cases.set_external_reference(case.id, data.reference)
                return None
            case DeskAnswer.DECIDED:
                return await self._decide(data)

    async def _comment(self, case: CaseStanding, body: str) -> AnswerRefusal | None:
        if case.status is CaseStatus.CLOSED:
            return AnswerRefusal.CASE_CLOSED
        comments, _ = await self._cases.counts(case.id)
        if comments >= MOST_COMMENTS:
            return AnswerRefusal.TOO_MANY_COMMENTS
        await self._cases.comment(case, body, DESK, is_staff=True)
        to = status_after_comment(case.status, by_customer=False)
        if to is not case.status and not move_refusal(case.status, to, case.resolved_for):
            await self._cases.move(case, to, is_staff=True)
        return None

    async def _move(self, case: CaseStanding, to: CaseStatus) -> AnswerRefusal | None:
        if to is case.status:
            return None
        if move_refusal(case.status, to, case.resolved_for):
            return AnswerRefusal.STATUS_NOT_REACHABLE
        if not to.is_open and (
            await self._cases.troubled(case.id, 1) or await self._cases.covers_hold(case.id)
        ):
            return AnswerRefusal.TASKS_NOT_DONE
        await self._cases.move(case, to, is_staff=True)
        return None

    async def _decide(self, data: AnswerDataIn) -> AnswerRefusal | None:
        if data.action is not DecisionAction.RETRY:
            return AnswerRefusal.NEEDS_OUR_PEOPLE
        tasks = await DeskAnswerStore(self._session).undecided_tasks(data.case_id, data.task_id)
        retried = [await self._retry(task) for task in tasks if _is_retryable(task)]
        if not any(retried):
            return AnswerRefusal.NOTHING_TO_RETRY
        await self._cases.touch(data.case_id, is_staff=True)
        return None

    async def _retry(self, task: CaseTask) -> bool:
        new = NewDecision(
            action=DecisionAction.RETRY,
            decommission_id=task.decommission_id,
            task_id=task.id,
            site_id=task.site_id,
            round=task.standing.round,
            decided_by=DESK,
            decided_as=StaffRole.SERVICE,
        )
        try:
            decision = await DecisionStore(self._session).make(new)
        except DecisionOpenError:
            return False
        await AuditStore(self._session).record(
            AuditEvent(
                actor=DESK,
                request_id=self._request_id,
                action=AuditAction.DECISION_MAKE,
                entity_kind="task",
                entity_id=task.id,
                occupier_id=task.occupier_id,
                after={
                    "decision_id": str(decision.id),
                    "action": decision.action,
                    "state": decision.state,
                    "round": str(task.standing.round),
                },
            )
        )
        return True


def _is_retryable(task: CaseTask) -> bool:
    standing = task.standing
    proposal = Proposal(action=DecisionAction.RETRY, round=standing.round, state=standing.state)
    return refusal(standing, proposal) is None
