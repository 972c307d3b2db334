"""Reads who may do what, inside the transaction of the action, so that a revocation counts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.permission import Grants
from models.tables.operator import SiteRoleRow, StaffMemberRow, TeamMemberRow


class GrantStore:
    """Reads grants inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, issuer: str, subject: str) -> Grants | None:
        """The grants of whom the issuer calls `subject`; `None` when nobody here is that."""
        member = await self._session.scalar(
            select(TeamMemberRow).where(
                TeamMemberRow.issuer == issuer, TeamMemberRow.subject == subject
            )
        )
        if member is not None:
            roles = await self._session.execute(
                select(SiteRoleRow.site_id, SiteRoleRow.role).where(
                    SiteRoleRow.team_member_id == member.id
                )
            )
            return Grants(
                actor=f"team_member:{member.id}",
                operator_id=member.operator_id,
                is_super_admin=member.is_super_admin,
                roles=dict(roles.tuples().all()),
            )
        staff = await self._session.scalar(
            select(StaffMemberRow).where(
                StaffMemberRow.issuer == issuer, StaffMemberRow.subject == subject
            )
        )
        if staff is None:
            return None
        return Grants(actor=f"staff_member:{staff.id}", staff_role=staff.role)
