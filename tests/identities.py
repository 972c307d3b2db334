"""Members for tests, and the `Authorization` headers they send.

`member = await make_member(session, is_super_admin=True)`, then `headers_of(settings, member)`.
Both take the built-in issuer of `settings` in `tests/conftest.py`; its name does not depend on
the port that a test's server listens on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.dev_issuer import DevIssuer
from models.domain.permission import StaffRole
from models.domain.portfolio import TeamRole
from models.settings import Settings
from models.tables.operator import SiteRoleRow, StaffMemberRow, TeamMemberRow
from tests.builders import the_operator

ISSUER = "http://127.0.0.1:8400/dev-issuer"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a row of ours; `actor` is what records name."""

    id: UUID
    subject: str
    actor: str
    operator_id: UUID | None


async def make_member(
    session: AsyncSession,
    *,
    operator_id: UUID | None = None,
    is_super_admin: bool = False,
    roles: Mapping[UUID, TeamRole] | None = None,
    staff_role: StaffRole | None = None,
    subject: str | None = None,
) -> Member:
    """A team member, of the database's first operator unless told; or staff, given a role."""
    subject = subject or f"member-{uuid4().hex}"
    if staff_role is not None:
        staff = StaffMemberRow(issuer=ISSUER, subject=subject, role=staff_role)
        session.add(staff)
        await session.flush()
        return Member(staff.id, subject, f"staff_member:{staff.id}", None)
    operator_id = operator_id or (await the_operator(session)).id
    row = TeamMemberRow(
        operator_id=operator_id, issuer=ISSUER, subject=subject, is_super_admin=is_super_admin
    )
    session.add(row)
    await session.flush()
    for site_id, role in (roles or {}).items():
        session.add(SiteRoleRow(team_member_id=row.id, site_id=site_id, role=role))
    await session.flush()
    return Member(row.id, subject, f"team_member:{row.id}", operator_id)


def token_of(settings: Settings, member: Member | str, **claims: object) -> str:
    """An access token; `auth_age_s` makes the login old, other keywords change claims."""
    subject = member if isinstance(member, str) else member.subject
    return DevIssuer(settings).token(subject, **claims)  # type: ignore[arg-type]  # claims are objects


def headers_of(settings: Settings, member: Member | str, **claims: object) -> dict[str, str]:
    """What a request of the member carries."""
    return {"Authorization": f"Bearer {token_of(settings, member, **claims)}"}


def key() -> dict[str, str]:
    """An Idempotency-Key that nobody has used."""
    return {"Idempotency-Key": str(uuid4())}
