"""The start of a decommission: one transaction that either does all of it or nothing.

The lock on the occupier is its first statement, so that what is read afterwards cannot change
before the commit; the outbox row carries the start to the workflow engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import AuditAction, AuditEvent
from models.domain.blocker import Blocker, Offer, Readiness
from models.domain.confirmation import is_same_name
from models.domain.occupier import OccupierStatus
from models.domain.permission import Denial, Grants
from models.domain.plan import Drift, SeenPlan, drifts
from models.stores.approvals import Approval, ApprovalStore
from models.stores.audit import AuditStore
from models.stores.plans import PlanStore
from models.stores.preconditions import PreconditionStore
from models.stores.runbooks import RunbookStore
from models.tables.audit import OutboxRow
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow
from models.tables.operator import OperatorRow


class StartRefusedError(Exception):
    """Base of the reasons for which nothing was started or changed."""


class OccupierUnknownError(StartRefusedError):
    """There is no such occupier."""


class NotPermittedError(StartRefusedError):
    """Whoever asks is not an admin at every site that counts (DR-11, DR-12)."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(denial.reason.value)
        self.denial = denial


class NotActiveError(StartRefusedError):
    """The occupier is scheduled, pending, failed or decommissioned (DR-08 to DR-10)."""

    def __init__(self, status: OccupierStatus) -> None:
        super().__init__(status.value)
        self.status = status


class StaleError(StartRefusedError):
    """The occupier has another version than the one that was looked at."""


class NameMismatchError(StartRefusedError):
    """The typed name is not the occupier's."""


class BlockedError(StartRefusedError):
    """At least one precondition is not met."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(f"{len(blockers)} blockers")
        self.blockers = blockers


class PlanDriftedError(StartRefusedError):
    """What would go is not what was looked at; without the lines seen, what changed is unknown."""

    def __init__(
        self,
        plan_hash: str,
        changes: Sequence[Drift] | None,
        site_names: Mapping[UUID, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(f"{len(changes or ())} changes")
        self.plan_hash = plan_hash
        self.changes = changes
        self.site_names = site_names  # of the sites where the occupier still holds something


class SecondPersonNeededError(StartRefusedError):
    """The operator wants the approval of somebody else for exactly this plan."""

    def __init__(self, plan_hash: str) -> None:
        super().__init__("no approval of this plan")
        self.plan_hash = plan_hash


class ApprovalNotNeededError(StartRefusedError):
    """The operator asks for no second person."""


@dataclass(frozen=True, slots=True)
class StartRequest:
    """Who wants which occupier gone, and how that was confirmed.

    Without `grants` whoever asks has locked the occupier, read the grants again and asked them;
    without `version` or `plan` these are not compared. `is_approved` is for a schedule that a
    second person approved when it was made.
    """

    occupier_id: UUID
    name: str
    requested_by: str
    request_id: str
    idempotency_key: str | None
    grants: Grants | None = None
    version: int | None = None
    plan: SeenPlan | None = None
    was: OccupierStatus = OccupierStatus.ACTIVE
    is_approved: bool = False
    at: datetime | None = None  # the day that PRE-1 is checked for; now unless it is scheduled


@dataclass(frozen=True, slots=True)
class Started:
    """An accepted start."""

    decommission_id: UUID
    workflow_id: str
    effective_at: datetime


class StartStore:
    """Starts a decommission inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def start(self, request: StartRequest) -> Started:
        """Lock, check, and write all of it; raises `StartRefusedError` when it may not be."""
        occupier = await self.lock(request.occupier_id)
        plan_hash = await self.check(occupier, request)
        return await self._write(occupier, request, plan_hash)

    async def lock(self, occupier_id: UUID) -> OccupierRow:
        """The occupier, which nobody else can change or start until the commit.

        Whoever decides on what the caller may do reads it after this, not before.
        """
        occupier = await self._session.scalar(
            select(OccupierRow)
            .where(OccupierRow.id == occupier_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if occupier is None:
            raise OccupierUnknownError
        return occupier

    async def approve(self, request: StartRequest) -> Approval:
        """As a second person, let somebody else start exactly the plan of now."""
        occupier = await self.lock(request.occupier_id)
        readiness = await self._check(occupier, request)
        if not readiness.second_person:
            raise ApprovalNotNeededError
        plan_hash = await self._check_plan(request)
        approval = await ApprovalStore(self._session).record(
            occupier.id, request.requested_by, plan_hash
        )
        await AuditStore(self._session).record(
            AuditEvent(
                actor=request.requested_by,
                request_id=request.request_id,
                entity_kind="occupier",
                entity_id=occupier.id,
                action=AuditAction.DECOMMISSION_APPROVE,
                after={"plan_hash": plan_hash},
            )
        )
        return approval

    async def _check(self, occupier: OccupierRow, request: StartRequest) -> Readiness:
        """Raises the first reason against it."""
        is_expected = occupier.status is request.was
        readiness = await PreconditionStore(self._session).readiness(
            occupier.id,
            OccupierStatus.ACTIVE if is_expected else occupier.status,
            request.grants,
            request.at,
        )
        if readiness.denial:
            raise NotPermittedError(readiness.denial)
        if not is_expected:
            raise NotActiveError(occupier.status)
        if request.version not in {None, occupier.version}:
            raise StaleError
        if not is_same_name(request.name, occupier.name):
            raise NameMismatchError
        if Offer.DECOMMISSION not in readiness.allowed:
            raise BlockedError(readiness.blockers)
        return readiness

    async def check(self, occupier: OccupierRow, request: StartRequest) -> str | None:
        """Raises the first reason against it; uses up an approval where one is needed.

        Gives the hash of the plan where somebody named one. The occupier is locked.
        """
        readiness = await self._check(occupier, request)
        needs_approval = readiness.second_person and not request.is_approved
        if not request.plan and not needs_approval:
            return None
        plan_hash = await self._check_plan(request)
        if needs_approval:
            await self._use_approval(request, plan_hash)
        return plan_hash

    async def _check_plan(self, request: StartRequest) -> str:
        plans = PlanStore(self._session)
        plan_hash = await plans.hash_now(request.occupier_id)
        if request.plan and request.plan.hash != plan_hash:
            if request.plan.lines is None:
                raise PlanDriftedError(plan_hash, None)
            now = await plans.lines_now(request.occupier_id)
            names = await plans.site_names({line.site_id for line in now})
            raise PlanDriftedError(plan_hash, drifts(request.plan.lines, now), dict(names))
        return plan_hash

    async def _use_approval(self, request: StartRequest, plan_hash: str) -> None:
        approvals = ApprovalStore(self._session)
        approval = await approvals.latest(
            request.occupier_id, plan_hash, not_by=request.requested_by
        )
        if approval is None:
            raise SecondPersonNeededError(plan_hash)
        await approvals.use(approval.id)

    async def _write(
        self, occupier: OccupierRow, request: StartRequest, plan_hash: str | None
    ) -> Started:
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
        runbook = RunbookStore(self._session)
        await runbook.write(decommission_id, occupier.id, request.requested_by)
        await self._session.execute(
            update(OccupierRow)
            .where(OccupierRow.id == occupier.id)
            .values(status=OccupierStatus.PENDING, version=OccupierRow.version + 1)
        )
        await self._session.execute(insert(OutboxRow).values(decommission_id=decommission_id))
        await self._audit(occupier, request, plan_hash)
        return Started(decommission_id, workflow_id, effective_at)

    async def _audit(
        self, occupier: OccupierRow, request: StartRequest, plan_hash: str | None
    ) -> None:
        named = {"plan_hash": plan_hash} if plan_hash else {}
        await AuditStore(self._session).record(
            AuditEvent(
                actor=request.requested_by,
                request_id=request.request_id,
                entity_kind="occupier",
                entity_id=occupier.id,
                action=AuditAction.OCCUPIER_DECOMMISSION,
                before={"status": request.was.value},
                after={"status": OccupierStatus.PENDING.value, **named},
            )
        )
