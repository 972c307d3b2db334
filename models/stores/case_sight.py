"""Which support cases somebody sees, as a condition of queries; migration 0014 says the same."""

from sqlalchemy import ColumnElement, and_, or_, select, true

from models.domain.permission import Grants
from models.stores.sight import at_own_site, visible_occupiers, visible_tasks
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.occupier import OccupierRow
from models.tables.task import TaskRow


def visible_cases(grants: Grants) -> ColumnElement[bool]:
    """A condition on `CaseRow`: staff see all, an operator's people those of their sites.

    A case at no site is theirs when it is about an occupier that they see, or covers a task that
    they see. One of everybody (`operator_id` null) is for staff only.
    """
    if grants.staff_role is not None:
        return true()
    own = CaseRow.operator_id == grants.operator_id
    if grants.is_super_admin:
        return own
    seen = select(OccupierRow.id).where(visible_occupiers(grants))
    covered = (
        select(CaseTaskRow.case_id)
        .join(TaskRow, TaskRow.id == CaseTaskRow.task_id)
        .where(CaseTaskRow.case_id == CaseRow.id, visible_tasks(grants))
    )
    return and_(
        own,
        or_(
            at_own_site(grants, CaseRow.site_id),
            CaseRow.site_id.is_(None)
            & or_(CaseRow.occupier_id.in_(seen), covered.correlate(CaseRow).exists()),
        ),
    )
