"""Approvals of a decommission by a second person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.approval import ApprovalRow

GOOD_FOR_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval as it was recorded."""

    id: UUID
    plan_hash: str
    approved_at: datetime
    expires_at: datetime


class ApprovalStore:
    """Records and uses approvals inside the caller's transaction, the occupier locked."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(self, occupier_id: UUID, actor: str, plan_hash: str) -> Approval:
        """The actor wants this plan carried out; good for an hour, by the database's clock."""
        row = (
            await self._session.execute(
                insert(ApprovalRow)
                .values(
                    occupier_id=occupier_id,
                    approved_by=actor,
                    plan_hash=plan_hash,
                    expires_at=func.now() + func.make_interval(0, 0, 0, 0, 0, GOOD_FOR_MINUTES),
                )
                .returning(
                    ApprovalRow.id,
                    ApprovalRow.plan_hash,
                    ApprovalRow.approved_at,
                    ApprovalRow.expires_at,
                )
            )
        ).one()
        return Approval(*row)

    async def latest(self, occupier_id: UUID, plan_hash: str, *, not_by: str) -> Approval | None:
        """The unused approval of this plan by somebody else that is good the longest."""
        row = (
            await self._session.execute(
                select(
                    ApprovalRow.id,
                    ApprovalRow.plan_hash,
                    ApprovalRow.approved_at,
                    ApprovalRow.expires_at,
                )
                .where(
                    ApprovalRow.occupier_id == occupier_id,
                    ApprovalRow.plan_hash == plan_hash,
                    ApprovalRow.approved_by != not_by,
                    ApprovalRow.used_at.is_(None),
                    ApprovalRow.expires_at > func.now(),
                )
                .order_by(ApprovalRow.expires_at.desc(), ApprovalRow.id)
                .limit(1)
            )
        ).one_or_none()
        return Approval(*row) if row else None

    async def use(self, approval_id: UUID) -> None:
        """It counts once."""
        await self._session.execute(
            update(ApprovalRow).where(ApprovalRow.id == approval_id).values(used_at=text("now()"))
        )
