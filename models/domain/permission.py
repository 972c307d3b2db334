"""Who may do what, where (reference 1). What a token says is who; these say what.

`Grants.denial` is the one answer to "may they?": routes refuse by it and previews offer by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from models.domain.portfolio import ContractState, TeamRole


class StaffRole(StrEnum):
    """What somebody of the vendor, or a program, works as."""

    VENDOR_SUPPORT = "vendor_support"
    SRE = "sre"
    AUDITOR = "auditor"
    SERVICE = "service"


class Action(StrEnum):
    """What somebody may want to do; reading is decided by what they see."""

    EDIT_OCCUPIER = "occupier.edit"
    LOG_OUT_HANDSET = "handset.log_out"
    CLEAR_SERVICE_FAILURE = "service.clear_failure"
    RAISE_CASE = "case.raise"
    RAISE_DECOMMISSION_CASE = "decommission.raise_case"
    PREVIEW_DECOMMISSION = "decommission.preview"
    START_DECOMMISSION = "decommission.start"
    SCHEDULE_DECOMMISSION = "decommission.schedule"
    CLOSE_SITE = "site.close"
    READ_AUDIT = "audit.read"
    RETRY_TASK = "task.retry"
    COMPLETE_TASK_BY_HAND = "task.complete_by_hand"
    WAIVE_TASK = "task.waive"
    PAUSE_DECOMMISSION = "decommission.pause"
    HOLD_SYSTEM = "system.hold"
    COMMENT_CASE = "case.comment"
    HANDLE_CASE = "case.handle"
    REDELIVER_TO_DESK = "desk.redeliver"


class Need(StrEnum):
    """At how many of the sites that matter a team member must be an admin."""

    ANY_SITE = "any_site"
    EVERY_SITE = "every_site"  # PRE-5
    STAFF = "staff"  # an operator's people never do this


@dataclass(frozen=True, slots=True)
class _Rule:
    need: Need
    staff: frozenset[StaffRole] = frozenset()


_SUPPORT_AND_SRE = frozenset({StaffRole.VENDOR_SUPPORT, StaffRole.SRE})

_RULES: Mapping[Action, _Rule] = {
    Action.EDIT_OCCUPIER: _Rule(Need.ANY_SITE),
    Action.LOG_OUT_HANDSET: _Rule(Need.EVERY_SITE),  # of the one site where the handset is
    Action.CLEAR_SERVICE_FAILURE: _Rule(Need.STAFF, frozenset({StaffRole.VENDOR_SUPPORT})),
    Action.RAISE_CASE: _Rule(Need.ANY_SITE, _SUPPORT_AND_SRE),
    Action.RAISE_DECOMMISSION_CASE: _Rule(Need.EVERY_SITE, _SUPPORT_AND_SRE),
    Action.PREVIEW_DECOMMISSION: _Rule(Need.ANY_SITE),  # its blockers name the missing sites
    Action.START_DECOMMISSION: _Rule(Need.EVERY_SITE),
    Action.SCHEDULE_DECOMMISSION: _Rule(Need.EVERY_SITE),
    Action.CLOSE_SITE: _Rule(Need.EVERY_SITE),  # of the one site
    Action.READ_AUDIT: _Rule(Need.ANY_SITE, _SUPPORT_AND_SRE | {StaffRole.AUDITOR}),
    Action.RETRY_TASK: _Rule(Need.STAFF, _SUPPORT_AND_SRE),
    Action.COMPLETE_TASK_BY_HAND: _Rule(Need.STAFF, frozenset({StaffRole.VENDOR_SUPPORT})),
    Action.WAIVE_TASK: _Rule(Need.STAFF, _SUPPORT_AND_SRE),  # one of each
    Action.PAUSE_DECOMMISSION: _Rule(Need.STAFF, frozenset({StaffRole.SRE})),
    Action.HOLD_SYSTEM: _Rule(Need.STAFF, _SUPPORT_AND_SRE),
    Action.COMMENT_CASE: _Rule(Need.ANY_SITE, _SUPPORT_AND_SRE),
    Action.HANDLE_CASE: _Rule(Need.STAFF, _SUPPORT_AND_SRE),
    Action.REDELIVER_TO_DESK: _Rule(Need.STAFF, _SUPPORT_AND_SRE),
}

UPCOMING_CONTRACTS_COUNT = True
"""Whether PRE-5 looks at contracts that have not begun: they would be discarded (15.3, 3)."""


def counts_for_permission(state: ContractState) -> bool:
    """Whether a decommission needs an admin at the site of a contract in this state (PRE-5)."""
    if state is ContractState.DISCARDED:
        return False
    return UPCOMING_CONTRACTS_COUNT or state is not ContractState.UPCOMING


class Reason(StrEnum):
    """Why an action is denied."""

    OUTSIDER = "outsider"  # of another operator, or staff whose work this is not
    NOT_AN_ADMIN = "not_an_admin"  # at none of the sites that matter
    SITES_MISSING = "sites_missing"  # an admin at some of them only


@dataclass(frozen=True, slots=True)
class Denial:
    """Why not, and the sites at which the caller would have to be an admin as well."""

    reason: Reason
    missing_sites: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What an action is about: an operator's thing, and the sites that matter for it.

    For an occupier these are the sites of its contracts that count (`counts_for_permission`).
    Without any site the thing belongs to the operator as a whole: any admin of it may act.
    """

    operator_id: UUID
    site_ids: frozenset[UUID] = frozenset()


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
    site_ids: frozenset[UUID] = frozenset()  # what a team member sees; all for a super admin
    closed_site_ids: frozenset[UUID] = frozenset()  # of these, where nobody may act any more

    @property
    def sees_names(self) -> bool:
        """Whether names of occupiers are shown; staff see them masked (`masked_name`)."""
        return self.staff_role is None

    @property
    def admin_site_ids(self) -> frozenset[UUID]:
        """The open sites where the member is an admin; a super admin is at all (R-PERM-3)."""
        return frozenset(site_id for site_id in self.site_ids if self.is_admin_at(site_id))

    def is_admin_at(self, site_id: UUID) -> bool:
        """Whether the member may act at the site; nobody may at a closed one or a foreign one."""
        if site_id not in self.site_ids or site_id in self.closed_site_ids:
            return False
        return self.is_super_admin or self.roles.get(site_id) is TeamRole.ADMIN

    def missing_sites(self, site_ids: Iterable[UUID]) -> tuple[UUID, ...]:
        """Those at which the member is no admin (PRE-5), in a stable order."""
        return tuple(sorted(site for site in set(site_ids) if not self.is_admin_at(site)))

    def may(self, action: Action) -> bool:
        """Whether the action can be theirs at all, somewhere."""
        if self.staff_role is not None:
            return self.staff_role in _RULES[action].staff
        if _RULES[action].need is Need.STAFF:
            return False
        return self.is_super_admin or bool(self.admin_site_ids)

    def denial(self, action: Action, scope: Scope) -> Denial | None:
        """Why the action is not allowed here; `None` when it is."""
        rule = _RULES[action]
        if self.staff_role is not None:
            return None if self.staff_role in rule.staff else Denial(Reason.OUTSIDER)
        if self.operator_id != scope.operator_id or rule.need is Need.STAFF:
            return Denial(Reason.OUTSIDER)
        missing = self.missing_sites(scope.site_ids)
        if not scope.site_ids:
            return None if self.may(action) else Denial(Reason.NOT_AN_ADMIN)
        if len(missing) == len(scope.site_ids):
            return Denial(Reason.NOT_AN_ADMIN, missing)
        if rule.need is Need.EVERY_SITE and missing:
            return Denial(Reason.SITES_MISSING, missing)
        return None


def masked_name(occupier_id: UUID) -> str:
    """What staff read instead of an occupier's name."""
    return f"Occupier {str(occupier_id)[:8]}"
