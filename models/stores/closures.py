"""The closing of a site: made, paused and resumed by people, moved on by its workflow."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.domain.closure import ClosureResult, ClosureState
from models.domain.orders import ClosureReport
from models.stores.absent_starts import AbsentRefusal, AbsentStart, AbsentStartStore
from models.stores.audit import AuditStore
from models.stores.outbox import OutboxStore
from models.stores.schedules import Requester
from models.tables.schedule import ClosureOccupierRow, ClosureRow
from models.tables.site import SiteRow

# One that was partial may be done by now: support has completed it.
_SETTLE = text("""
UPDATE closure_occupiers SET result = CASE decommissions.state
       WHEN 'decommissioned' THEN 'decommissioned' WHEN 'partial' THEN 'failed'
       ELSE 'started' END
  FROM decommissions
 WHERE closure_id = :id AND decommissions.id = closure_occupiers.decommission_id
   AND result IN ('started', 'failed')
""")

_COUNTS = text("""
SELECT count(*) FILTER (WHERE result = 'waiting') AS waiting,
       count(*) FILTER (WHERE result = 'started') AS running
  FROM closure_occupiers WHERE closure_id = :id
""")


class SiteUnknownError(Exception):
    """There is no such site."""


class AlreadyClosingError(Exception):
    """The site has a closure that is not done."""


class ClosureMovedError(Exception):
    """The closure has another version than the one that the person saw."""


class ClosureOverError(Exception):
    """The closure is done; there is nothing to pause or resume."""


@dataclass(frozen=True, slots=True)
class ClosureRequest:
    """Which occupiers of which site are to go, in which order and how many at once."""

    site_id: UUID
    at_once: int
    occupier_ids: tuple[UUID, ...]


class ClosureStore:
    """Changes closures inside the caller's transaction; a closure is locked before an occupier."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def close(self, request: ClosureRequest, by: Requester) -> UUID:
        """The new closure's id; raises `AlreadyClosingError`."""
        operator_id = await self._session.scalar(
            select(SiteRow.operator_id).where(SiteRow.id == request.site_id)
        )
        if operator_id is None:
            raise SiteUnknownError
        try:
            async with self._session.begin_nested():
                closure_id: UUID | None = await self._session.scalar(
                    insert(ClosureRow)
                    .values(
                        site_id=request.site_id,
                        operator_id=operator_id,
                        at_once=request.at_once,
                        requested_by=by.actor,
                        member_id=by.member_id,
                    )
                    .returning(ClosureRow.id)
                )
        except IntegrityError as error:
            raise AlreadyClosingError from error
        assert closure_id is not None  # an insert without a conflict returns its row
        rows = [
            {"closure_id": closure_id, "occupier_id": occupier_id, "ordinal": ordinal}
            for ordinal, occupier_id in enumerate(request.occupier_ids)
        ]
        if rows:
            await self._session.execute(insert(ClosureOccupierRow), rows)
        await OutboxStore(self._session).tell_of_closure(closure_id)
        await self._audit(closure_id, "create", ClosureState.RUNNING, by.actor, by.request_id)
        return closure_id

    async def pause(self, closure_id: UUID, version: int, by: Requester) -> None:
        """Start nothing more; what runs goes on. Raises `ClosureMovedError`, `ClosureOverError`."""
        await self._turn(closure_id, ClosureState.PAUSED, version, by)

    async def resume(self, closure_id: UUID, version: int, by: Requester) -> None:
        """Start the next ones again. Raises like `pause`."""
        await self._turn(closure_id, ClosureState.RUNNING, version, by)

    async def start_next(self, closure_id: UUID) -> bool:
        """Start or refuse the next occupier; false when none may be started now."""
        closure = await self._locked(closure_id)
        await self._session.execute(_SETTLE, {"id": closure_id})
        counts = (await self._session.execute(_COUNTS, {"id": closure_id})).one()
        if closure.state is not ClosureState.RUNNING or counts.running >= closure.at_once:
            return False
        occupier_id = await self._session.scalar(
            select(ClosureOccupierRow.occupier_id)
            .where(
                ClosureOccupierRow.closure_id == closure_id,
                ClosureOccupierRow.result == ClosureResult.WAITING,
            )
            .order_by(ClosureOccupierRow.ordinal)
            .limit(1)
        )
        if occupier_id is None:
            return False
        await self._start(closure, occupier_id)
        return True

    async def report(self, closure_id: UUID) -> ClosureReport:
        """How far it is; a closure whose occupiers all have a result is done from now on."""
        closure = await self._locked(closure_id)
        counts = (await self._session.execute(_COUNTS, {"id": closure_id})).one()
        is_done = counts.waiting == 0 and counts.running == 0
        if is_done and closure.state is not ClosureState.DONE:
            await self._set_state(closure_id, ClosureState.DONE)
            await self._audit(closure_id, "finish", ClosureState.DONE, SYSTEM)
        return ClosureReport(
            is_done=is_done,
            is_paused=closure.state is ClosureState.PAUSED,
            waiting=counts.waiting,
            running=counts.running,
        )

    async def _locked(self, closure_id: UUID) -> ClosureRow:
        closure = await self._session.scalar(
            select(ClosureRow)
            .where(ClosureRow.id == closure_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if closure is None:
            raise LookupError("no such closure")
        return closure

    async def _start(self, closure: ClosureRow, occupier_id: UUID) -> None:
        wanted = AbsentStart(
            occupier_id=occupier_id,
            member_id=closure.member_id,
            requested_by=closure.requested_by,
            request_id=f"close-site.{closure.id}",
        )
        begun = await AbsentStartStore(self._session).start(wanted)
        if isinstance(begun, AbsentRefusal):
            values: dict[str, object] = {
                "result": ClosureResult.REFUSED,
                "reasons": begun.reasons,
            }
        else:
            values = {"result": ClosureResult.STARTED, "decommission_id": begun}
        await self._session.execute(
            update(ClosureOccupierRow)
            .where(
                ClosureOccupierRow.closure_id == closure.id,
                ClosureOccupierRow.occupier_id == occupier_id,
            )
            .values(**values)
        )

    async def _turn(
        self, closure_id: UUID, state: ClosureState, version: int, by: Requester
    ) -> None:
        closure = await self._locked(closure_id)
        if closure.state is ClosureState.DONE:
            raise ClosureOverError
        if closure.version != version:
            raise ClosureMovedError
        if closure.state is state:
            return
        await self._set_state(closure_id, state)
        await OutboxStore(self._session).tell_of_closure(closure_id)
        action = "pause" if state is ClosureState.PAUSED else "resume"
        await self._audit(closure_id, action, state, by.actor, by.request_id)

    async def _set_state(self, closure_id: UUID, state: ClosureState) -> None:
        done = state is ClosureState.DONE
        await self._session.execute(
            update(ClosureRow)
            .where(ClosureRow.id == closure_id)
            .values(
                state=state,
                version=ClosureRow.version + 1,
                finished_at=func.clock_timestamp() if done else None,
            )
        )

    async def _audit(
        self,
        closure_id: UUID,
        what: str,
        state: ClosureState,
        actor: str,
        request_id: str | None = None,
    ) -> None:
        await AuditStore(self._session).record(
            AuditEvent(
                actor=actor,
                request_id=request_id,
                action=AuditAction(f"closure.{what}"),
                entity_kind="closure",
                entity_id=closure_id,
                after={"state": state.value},
            )
        )
