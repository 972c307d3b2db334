"""What happens when a scheduled decommission comes due: it starts, or is blocked with a case."""

from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.domain.case import CaseCategory, CaseOrigin, CasePriority
from models.domain.occupier import OccupierStatus
from models.domain.orders import ScheduleReport
from models.domain.schedule import ScheduleEvent, ScheduleState, after
from models.stores.absent_starts import AbsentRefusal, AbsentStart, AbsentStartStore
from models.stores.audit import AuditStore
from models.tables.case import CaseCommentRow, CaseRow
from models.tables.occupier import OccupierRow
from models.tables.schedule import ScheduleRow

# The database's clock; at least a second, so that a timer that is early does not spin.
_WAIT = """
SELECT CASE WHEN due_at > clock_timestamp()
            THEN greatest(extract(epoch FROM due_at - clock_timestamp()), 1)::float END
  FROM schedules WHERE id = :id
"""

_SUBJECT = "Scheduled decommission did not start"
_TEXT = (
    "The scheduled decommission came due and was refused: {reasons}. "
    "It stays blocked until it is rescheduled or cancelled; the preview of the decommission "
    "shows each object that blocks it, with its remedy."
)


class DueScheduleStore:
    """Looks at a schedule inside the caller's transaction, the occupier locked first."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def look(self, schedule_id: UUID) -> ScheduleReport:
        """Start it if it is due; says whether it is still open and when to look again."""
        schedule = await self._locked(schedule_id)
        if schedule is None or not schedule.state.is_open:
            return ScheduleReport(is_open=False)
        if schedule.state is ScheduleState.BLOCKED:
            return ScheduleReport(is_open=True)
        wait_s: float | None = await self._session.scalar(text(_WAIT), {"id": schedule_id})
        if wait_s is not None:
            return ScheduleReport(is_open=True, wait_s=wait_s)
        wanted = AbsentStart(
            occupier_id=schedule.occupier_id,
            member_id=schedule.member_id,
            requested_by=schedule.requested_by,
            request_id=f"schedule.{schedule.id}",
            was=OccupierStatus.SCHEDULED,
            is_approved=schedule.is_approved,
        )
        begun = await AbsentStartStore(self._session).start(wanted)
        if isinstance(begun, AbsentRefusal):
            await self._block(schedule, begun.reasons)
            return ScheduleReport(is_open=True)
        await self._note_start(schedule, begun)
        return ScheduleReport(is_open=False)

    async def _locked(self, schedule_id: UUID) -> ScheduleRow | None:
        occupier_id = await self._session.scalar(
            select(ScheduleRow.occupier_id).where(ScheduleRow.id == schedule_id)
        )
        if occupier_id is None:
            return None
        await self._session.execute(
            select(OccupierRow.id).where(OccupierRow.id == occupier_id).with_for_update()
        )
        return await self._session.scalar(
            select(ScheduleRow)
            .where(ScheduleRow.id == schedule_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    async def _note_start(self, schedule: ScheduleRow, decommission_id: UUID) -> None:
        await self._session.execute(
            update(ScheduleRow)
            .where(ScheduleRow.id == schedule.id)
            .values(
                state=after(schedule.state, ScheduleEvent.CAME_DUE),
                decommission_id=decommission_id,
                decided_at=func.clock_timestamp(),
                version=ScheduleRow.version + 1,
            )
        )
        await self._audit(schedule, AuditAction.SCHEDULE_START, ScheduleState.STARTED)

    async def _block(self, schedule: ScheduleRow, reasons: list[str]) -> None:
        case_id = await self._case(schedule, reasons)
        await self._session.execute(
            update(ScheduleRow)
            .where(ScheduleRow.id == schedule.id)
            .values(
                state=after(schedule.state, ScheduleEvent.REFUSED),
                blocked_reasons=reasons,
                case_id=case_id,
                version=ScheduleRow.version + 1,
            )
        )
        await self._audit(schedule, AuditAction.SCHEDULE_BLOCK, ScheduleState.BLOCKED)

    async def _case(self, schedule: ScheduleRow, reasons: list[str]) -> UUID:
        """One case per schedule: a second refusal is a comment on it."""
        told = _TEXT.format(reasons=", ".join(reason.replace("_", " ") for reason in reasons))
        if schedule.case_id is not None:
            await self._session.execute(
                insert(CaseCommentRow).values(case_id=schedule.case_id, author=SYSTEM, body=told)
            )
            return schedule.case_id
        case_id: UUID | None = await self._session.scalar(
            insert(CaseRow)
            .values(
                operator_id=schedule.operator_id,
                occupier_id=schedule.occupier_id,
                subject=_SUBJECT,
                description=told,
                category=CaseCategory.TECHNICAL,
                priority=CasePriority.P3,
                origin=CaseOrigin.AUTOMATIC,
                requested_by=SYSTEM,
            )
            .returning(CaseRow.id)
        )
        assert case_id is not None  # an insert without a conflict returns its row
        return case_id

    async def _audit(
        self, schedule: ScheduleRow, action: AuditAction, state: ScheduleState
    ) -> None:
        await AuditStore(self._session).record(
            AuditEvent(
                actor=SYSTEM,
                action=action,
                entity_kind="schedule",
                entity_id=schedule.id,
                occupier_id=schedule.occupier_id,
                before={"state": ScheduleState.WAITING.value},
                after={"state": state.value},
            )
        )
