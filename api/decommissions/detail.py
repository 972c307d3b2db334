"""A decommission as one person reads it: its progress, and what is theirs to do about it."""

from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.decommissions.allowed import allowed_actions
from api.decommissions.schemas import DecommissionProgressOut, shown_progress
from api.identity.caller import Caller
from api.links import workflow_url
from api.problems import NotFound
from models.domain.permission import Action, StaffRole
from models.settings import Settings
from models.stores.decommission_views import DecommissionViewStore


class DecommissionDetailOut(DecommissionProgressOut):
    """A decommission with its whole progress, and what the reader may do."""

    allowed_actions: list[Action] = Field(
        description="What you may do to it as it stands. `decommission.pause` also resumes."
    )
    history_url: str | None = Field(
        description="Its workflow in the Temporal Web UI; null unless for SREs."
    )


async def decommission_detail(
    session: AsyncSession, caller: Caller, settings: Settings, decommission_id: UUID
) -> DecommissionDetailOut:
    """One snapshot; raises `NotFound`."""
    view = await DecommissionViewStore(session, caller.grants).progress(decommission_id)
    if view is None:
        raise NotFound
    is_sre = caller.grants.staff_role is StaffRole.SRE
    workflow_id = view.decommission.workflow_id
    return DecommissionDetailOut(
        **shown_progress(view).model_dump(),
        allowed_actions=await allowed_actions(session, caller, view.decommission),
        history_url=workflow_url(settings, workflow_id) if is_sre else None,
    )
