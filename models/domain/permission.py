"""Who may do what, where (reference 1). What a token says is who; these say what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from models.domain.portfolio import TeamRole


class StaffRole(StrEnum):
    """What somebody of the vendor, or a program, works as."""

    VENDOR_SUPPORT = "vendor_support"
    SRE = "sre"
    AUDITOR = "auditor"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Grants:
    """The permissions of one member at the moment of a transaction.

    A team member belongs to an operator and has a role per site; a staff member has a role.
    """

    actor: str  # as the audit names it: `team_member:<id>` or `staff_member:<id>`
    operator_id: UUID | None = None
    is_super_admin: bool = False
    roles: Mapping[UUID, TeamRole] = field(default_factory=dict)  # by site
    staff_role: StaffRole | None = None

    def is_admin_at(self, site_id: UUID) -> bool:
        """A super admin has all sites of the operator (R-PERM-3); callers check the operator."""
        return self.is_super_admin or self.roles.get(site_id) is TeamRole.ADMIN
