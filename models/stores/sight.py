"""What a member may see, as conditions of queries: the first wall; the policies are the second.

Ids of sites stand in the statements as literals: a member of three sites and one of three hundred
need different indexes, and only a planner that sees the ids can tell them apart.
"""

from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Uuid,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from models.domain.case import CaseStatus
from models.domain.permission import Grants, StaffRole
from models.domain.portfolio import ContractState
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.contract import ContractRow
from models.tables.decommission import DecommissionRow, DecommissionSiteRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow

_CLOSED = (CaseStatus.RESOLVED, CaseStatus.CLOSED)


def visible_occupiers(grants: Grants) -> ColumnElement[bool]:
    """A condition on `OccupierRow`."""
    if grants.staff_role is not None:
        return _seen_by_staff(grants.staff_role, OccupierRow.id)
    if grants.operator_id is None:
        return false()
    own = OccupierRow.operator_id == grants.operator_id
    return own if grants.is_super_admin else and_(own, _present(grants, OccupierRow.id))


def visible_decommissions(grants: Grants) -> ColumnElement[bool]:
    """A condition on `DecommissionRow`: those of the occupiers that are seen."""
    if grants.staff_role is not None:
        return _seen_by_staff(grants.staff_role, DecommissionRow.occupier_id)
    if grants.operator_id is None:
        return false()
    own = DecommissionRow.operator_id == grants.operator_id
    return (
        own if grants.is_super_admin else and_(own, _present(grants, DecommissionRow.occupier_id))
    )


def visible_sites(grants: Grants) -> ColumnElement[bool]:
    """A condition on `SiteRow`; support sees those that its occupiers and cases are at."""
    if grants.staff_role is None:
        return at_own_site(grants, SiteRow.id)
    if grants.staff_role is not StaffRole.VENDOR_SUPPORT:
        return true()
    return or_(
        SiteRow.id.in_(select(CaseRow.site_id).where(CaseRow.status.not_in(_CLOSED))),
        SiteRow.id.in_(
            select(ContractRow.site_id).where(
                ContractRow.occupier_id.in_(_in_support()),
                ContractRow.state != ContractState.DISCARDED,
            )
        ),
        SiteRow.id.in_(
            select(DecommissionSiteRow.site_id)
            .join(DecommissionRow, DecommissionRow.id == DecommissionSiteRow.decommission_id)
            .where(DecommissionRow.occupier_id.in_(_in_support()))
        ),
    )


def visible_tasks(grants: Grants) -> ColumnElement[bool]:
    """A condition on `TaskRow`: at own sites, and those of a seen occupier as a whole."""
    if grants.staff_role is not None:
        return _seen_by_staff(grants.staff_role, TaskRow.occupier_id)
    return or_(
        at_own_site(grants, TaskRow.site_id),
        and_(
            TaskRow.site_id.is_(None),
            TaskRow.occupier_id.in_(select(OccupierRow.id).where(visible_occupiers(grants))),
        ),
    )


def at_own_site(
    grants: Grants, site_id: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]
) -> ColumnElement[bool]:
    """Whether the column names a site of a team member; staff have no sites of their own."""
    if grants.staff_role is not None:
        return true()
    if not grants.site_ids:
        return false()
    ids = "{" + ",".join(map(str, sorted(grants.site_ids))) + "}"
    literal: BindParameter[str] = bindparam(None, ids, literal_execute=True)
    return site_id == func.any(sql_cast(literal, ARRAY(Uuid)))


def shown_name(grants: Grants) -> ColumnElement[str]:
    """The name of `OccupierRow`, or what staff see instead (`masked_name`)."""
    if grants.sees_names:
        return OccupierRow.name.expression
    return func.concat("Occupier ", func.left(sql_cast(OccupierRow.id, OccupierRow.name.type), 8))


def _present(grants: Grants, occupier_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """With a contract or a decommission at a site of the member's, or with no contract at all."""
    if not grants.site_ids:
        return false()
    contract = select(ContractRow.id).where(
        ContractRow.occupier_id == occupier_id, ContractRow.state != ContractState.DISCARDED
    )
    decommission = DecommissionRow.__table__.alias("decommission_here")
    left_here = (
        select(decommission.c.id)
        .join(DecommissionSiteRow, DecommissionSiteRow.decommission_id == decommission.c.id)
        .where(
            decommission.c.occupier_id == occupier_id,
            at_own_site(grants, DecommissionSiteRow.site_id),
        )
    )
    return or_(
        contract.where(at_own_site(grants, ContractRow.site_id)).exists(),
        left_here.exists(),
        ~contract.exists(),
    )


def _seen_by_staff(
    role: StaffRole, occupier_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """Support sees those with an open case; the others all."""
    if role is not StaffRole.VENDOR_SUPPORT:
        return true()
    return occupier_id.in_(_in_support())


def _in_support() -> CompoundSelect[UUID | None]:
    """Occupiers with an open case, of their own or over one of their tasks."""
    return union_all(
        select(CaseRow.occupier_id).where(
            CaseRow.status.not_in(_CLOSED), CaseRow.occupier_id.is_not(None)
        ),
        select(TaskRow.occupier_id)
        .join(CaseTaskRow, CaseTaskRow.task_id == TaskRow.id)
        .join(CaseRow, CaseRow.id == CaseTaskRow.case_id)
        .where(CaseRow.status.not_in(_CLOSED)),
    )
