"""The people of a development machine: who the built-in issuer can speak for, and what they may.

Seeded again they get what the portfolio then holds; their ids, and so the audit's actors, stay.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.permission import StaffRole
from models.domain.portfolio import TeamRole
from models.tables.operator import OperatorRow, SiteRoleRow, StaffMemberRow, TeamMemberRow
from models.tables.site import SiteRow

_STAFF = {
    "support": StaffRole.VENDOR_SUPPORT,
    "sre": StaffRole.SRE,
    "auditor": StaffRole.AUDITOR,
    "service": StaffRole.SERVICE,
}
_TEAM = ("super-admin", "second-admin", "admin", "half-admin", "user", "other-admin")

PERSONAS = (*_TEAM, *_STAFF)
"""Their names, which are the subjects of their tokens."""


async def seed_personas(session: AsyncSession, issuer: str) -> None:
    """Write their rows: the team of the first operator by name, `other-admin` of the second.

    Without operators there is only staff.
    """
    for subject, role in _STAFF.items():
        values = {"issuer": issuer, "subject": subject, "role": role}
        await session.execute(
            upsert(StaffMemberRow)
            .values(values)
            .on_conflict_do_update(index_elements=["issuer", "subject"], set_={"role": role})
        )
    operators = list(
        await session.scalars(select(OperatorRow.id).order_by(OperatorRow.name).limit(2))
    )
    for operator_id in operators[:1]:
        await _seed_team(session, issuer, operator_id)
    for operator_id in operators[1:]:
        await _member(session, issuer, "other-admin", operator_id, is_super_admin=True)


async def _seed_team(session: AsyncSession, issuer: str, operator_id: UUID) -> None:
    sites = list(
        await session.scalars(
            select(SiteRow.id)
            .where(SiteRow.operator_id == operator_id)
            .order_by(SiteRow.name, SiteRow.id)
        )
    )
    for subject in ("super-admin", "second-admin"):
        await _member(session, issuer, subject, operator_id, is_super_admin=True)
    given: dict[str, tuple[TeamRole, Sequence[UUID]]] = {
        "admin": (TeamRole.ADMIN, sites),
        "half-admin": (TeamRole.ADMIN, sites[::2]),
        "user": (TeamRole.USER, sites),
    }
    for subject, (role, places) in given.items():
        member = await _member(session, issuer, subject, operator_id, is_super_admin=False)
        await session.execute(delete(SiteRoleRow).where(SiteRoleRow.team_member_id == member))
        rows = [{"team_member_id": member, "site_id": site, "role": role} for site in places]
        if rows:
            await session.execute(insert(SiteRoleRow), rows)


async def _member(
    session: AsyncSession, issuer: str, subject: str, operator_id: UUID, *, is_super_admin: bool
) -> UUID:
    values = {"operator_id": operator_id, "is_super_admin": is_super_admin}
    member: UUID | None = await session.scalar(
        upsert(TeamMemberRow)
        .values(issuer=issuer, subject=subject, **values)
        .on_conflict_do_update(index_elements=["issuer", "subject"], set_=values)
        .returning(TeamMemberRow.id)
    )
    assert member is not None
    return member
