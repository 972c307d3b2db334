"""The start of a decommission: one transaction that either does all of it or nothing.

The lock on the occupier is its first statement, so that what is read afterwards cannot change
before the commit; the outbox row carries the start to the workflow engine.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.blocker import Blocker
from models.domain.decommission import EXPECTED_DECOMMISSION_SECONDS, OCCUPIER_TASKS, SITE_TASKS
from models.domain.occupier import OccupierStatus
from models.stores.preconditions import PreconditionStore
from models.tables.audit import AuditEventRow, OutboxRow
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow
from models.tables.operator import OperatorRow

_SITES = """
INSERT INTO decommission_sites (decommission_id, site_id, ordinal)
SELECT :decommission_id, site_id, row_number() OVER (ORDER BY site_id) - 1 FROM (
    SELECT site_id FROM contracts WHERE occupier_id = :occupier_id AND state <> 'discarded'
    UNION SELECT site_id FROM services WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM phone_numbers WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM switch_ports WHERE occupier_id = :occupier_id
    UNION SELECT home_site_id FROM users WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM wifi_devices WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM networks WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM public_ips WHERE occupier_id = :occupier_id
) AS held
"""

_TASKS = """
INSERT INTO tasks (decommission_id, occupier_id, site_id, kind, requested_by, due_at)
SELECT :decommission_id, :occupier_id, site_id, kind, :requested_by,
       now() + make_interval(secs => :expected_s)
  FROM (SELECT site_id, unnest(CAST(:site_kinds AS text[])) AS kind
          FROM decommission_sites WHERE decommission_id = :decommission_id
        UNION ALL SELECT NULL, unnest(CAST(:occupier_kinds AS text[]))) AS wanted
"""


class StartRefusedError(Exception):
    """Base of the reasons for which nothing was started or changed."""


class OccupierUnknownError(StartRefusedError):
    """There is no such occupier."""


class NameMismatchError(StartRefusedError):
    """The typed name is not the occupier's."""


class NotActiveError(StartRefusedError):
    """The occupier is scheduled, pending, failed or decommissioned (DR-08 to DR-10)."""

    def __init__(self, status: OccupierStatus) -> None:
        super().__init__(status.value)
        self.status = status


class BlockedError(StartRefusedError):
    """At least one precondition is not met."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(f"{len(blockers)} blockers")
        self.blockers = blockers


@dataclass(frozen=True, slots=True)
class StartRequest:
    """Who wants which occupier gone, and how that was confirmed."""

    occupier_id: UUID
    name: str
    requested_by: str
    request_id: str
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Started:
    """An accepted start, new or of an earlier request with the same key."""

    decommission_id: UUID
    workflow_id: str
    effective_at: datetime
    is_new: bool


class StartStore:
    """Starts a decommission inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def start(self, request: StartRequest) -> Started:
        """Lock, check, and write all of it; raises `StartRefusedError` when it may not be."""
        occupier = await self._lock(request.occupier_id)
        if earlier := await self._started_before(request):
            return earlier
        if _composed(request.name) != _composed(occupier.name):
            raise NameMismatchError
        if occupier.status is not OccupierStatus.ACTIVE:
            raise NotActiveError(occupier.status)
        if blockers := await PreconditionStore(self._session).blockers(request.occupier_id):
            raise BlockedError(blockers)
        return await self._write(occupier, request)

    async def _lock(self, occupier_id: UUID) -> OccupierRow:
        occupier = await self._session.scalar(
            select(OccupierRow).where(OccupierRow.id == occupier_id).with_for_update()
        )
        if occupier is None:
            raise OccupierUnknownError
        return occupier

    async def _started_before(self, request: StartRequest) -> Started | None:
        if request.idempotency_key is None:
            return None
        row = await self._session.scalar(
            select(DecommissionRow).where(
                DecommissionRow.occupier_id == request.occupier_id,
                DecommissionRow.requested_by == request.requested_by,
                DecommissionRow.idempotency_key == request.idempotency_key,
            )
        )
        if row is None:
            return None
        return Started(row.id, row.workflow_id, row.effective_at, is_new=False)

    async def _write(self, occupier: OccupierRow, request: StartRequest) -> Started:
        decommission_id = uuid4()
        workflow_id = f"decommission/{decommission_id}"
        cooling_off_days = select(OperatorRow.cooling_off_days).where(
            OperatorRow.id == occupier.operator_id
        )
        effective_at = await self._session.scalar(
            insert(DecommissionRow)
            .values(
                id=decommission_id,
                occupier_id=occupier.id,
                operator_id=occupier.operator_id,
                requested_by=request.requested_by,
                idempotency_key=request.idempotency_key,
                effective_at=text("now()"),
                cooling_off_days=cooling_off_days.scalar_subquery(),
                workflow_id=workflow_id,
            )
            .returning(DecommissionRow.effective_at)
        )
        assert effective_at is not None  # the column is not nullable
        await self._write_tasks(decommission_id, request)
        await self._session.execute(
            update(OccupierRow)
            .where(OccupierRow.id == occupier.id)
            .values(status=OccupierStatus.PENDING, version=OccupierRow.version + 1)
        )
        await self._audit(request)
        await self._session.execute(insert(OutboxRow).values(decommission_id=decommission_id))
        return Started(decommission_id, workflow_id, effective_at, is_new=True)

    async def _write_tasks(self, decommission_id: UUID, request: StartRequest) -> None:
        keys = {"decommission_id": decommission_id, "occupier_id": request.occupier_id}
        await self._session.execute(text(_SITES), keys)
        await self._session.execute(
            text(_TASKS),
            keys
            | {
                "requested_by": request.requested_by,
                "expected_s": EXPECTED_DECOMMISSION_SECONDS,
                "site_kinds": [kind.value for kind in SITE_TASKS],
                "occupier_kinds": [kind.value for kind in OCCUPIER_TASKS],
            },
        )

    async def _audit(self, request: StartRequest) -> None:
        await self._session.execute(
            insert(AuditEventRow).values(
                actor=request.requested_by,
                request_id=request.request_id,
                entity_kind="occupier",
                entity_id=request.occupier_id,
                action="occupier.decommission_started",
                before={"status": OccupierStatus.ACTIVE},
                after={"status": OccupierStatus.PENDING},
            )
        )


def _composed(name: str) -> str:
    """Equal for names that differ only in how accents are encoded; nothing else is forgiven."""
    return unicodedata.normalize("NFC", name)
