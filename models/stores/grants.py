"""Reads who may do what, inside the transaction of the action, so that a revocation counts.

It also tells the database, for the rest of the transaction: the policies of migration 0004 then
show the role of the API what this member may see, and nobody else's rows.
"""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.desk import DESK
from models.domain.permission import Grants, StaffRole
from models.tables.operator import SiteRoleRow, StaffMemberRow, TeamMemberRow
from models.tables.site import SiteRow


class GrantStore:
    """Reads grants inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, issuer: str, subject: str) -> Grants | None:
        """The grants of whom the issuer calls `subject`; `None` when nobody here is that.

        Without it a transaction of the API sees no rows at all.
        """
        await self._tell(issuer=issuer, subject=subject)
        grants = await self._of_team(issuer, subject) or await self._of_staff(issuer, subject)
        if grants is not None:
            await self._see(grants)
        return grants

    async def of_desk(self) -> Grants:
        """Of the outside support desk, which is known by its signature: it sees all cases."""
        grants = Grants(actor=DESK, staff_role=StaffRole.SERVICE)
        await self._see(grants)
        return grants

    async def _see(self, grants: Grants) -> None:
        await self._tell(
            actor=grants.actor,
            operator_id=str(grants.operator_id or ""),
            staff_role=grants.staff_role or "",
            site_ids="{" + ",".join(map(str, sorted(grants.site_ids))) + "}",
            is_super_admin=str(grants.is_super_admin).lower(),
            occupier_ids="",  # found when first needed
        )

    async def _of_team(self, issuer: str, subject: str) -> Grants | None:
        query = select(TeamMemberRow).where(
            TeamMemberRow.issuer == issuer, TeamMemberRow.subject == subject
        )
        member = await self._session.scalar(query)
        if member is None:
            return None
        await self._tell(operator_id=str(member.operator_id))
        sites = (
            await self._session.execute(
                select(SiteRow.id, SiteRow.is_open, SiteRoleRow.role)
                .outerjoin(
                    SiteRoleRow,
                    (SiteRoleRow.site_id == SiteRow.id) & (SiteRoleRow.team_member_id == member.id),
                )
                .where(SiteRow.operator_id == member.operator_id)
            )
        ).all()
        seen = [site for site in sites if member.is_super_admin or site.role is not None]
        return Grants(
            actor=f"team_member:{member.id}",
            operator_id=member.operator_id,
            is_super_admin=member.is_super_admin,
            roles={site.id: site.role for site in seen if site.role is not None},
            site_ids=frozenset(site.id for site in seen),
            closed_site_ids=frozenset(site.id for site in seen if not site.is_open),
        )

    async def _of_staff(self, issuer: str, subject: str) -> Grants | None:
        query = select(StaffMemberRow).where(
            StaffMemberRow.issuer == issuer, StaffMemberRow.subject == subject
        )
        staff = await self._session.scalar(query)
        if staff is None:
            return None
        return Grants(actor=f"staff_member:{staff.id}", staff_role=staff.role)

    async def _tell(self, **settings: str) -> None:
        """Settings of this transaction; they end with it, also when it is rolled back."""
        told = [
            func.set_config(f"occupier.{name}", value, True) for name, value in settings.items()
        ]
        await self._session.execute(select(*told))
