"""Who the caller is here, and what they may do somewhere at all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.dependencies import CallerDep, SettingsDep
from models.domain.permission import Action, StaffRole

router = APIRouter(prefix="/me", tags=["me"])


class MeOut(BaseModel):
    """The caller, without a name: nobody but the issuer knows that."""

    actor: str = Field(description="As records name it.")
    operator_id: UUID | None = Field(description="Null for the vendor's staff.")
    is_super_admin: bool
    staff_role: StaffRole | None = Field(description="Null for an operator's team.")
    sees_names: bool = Field(description="Whether names of occupiers are shown.")
    allowed_actions: list[Action] = Field(
        description="What is allowed somewhere; each thing says what is allowed on it."
    )
    history_url: str | None = Field(
        description="Where the workflow engine's histories are shown; null unless for SREs."
    )


def history_url(caller: CallerDep, settings: SettingsDep) -> str | None:
    """The address for those who read histories."""
    return settings.temporal_web_url if caller.grants.staff_role is StaffRole.SRE else None


@router.get("", summary="Read who you are here")
async def read_me(caller: CallerDep, url: Annotated[str | None, Depends(history_url)]) -> MeOut:
    """From the rows of this moment, not from the token."""
    grants = caller.grants
    return MeOut(
        actor=caller.actor,
        operator_id=grants.operator_id,
        is_super_admin=grants.is_super_admin,
        staff_role=grants.staff_role,
        sees_names=grants.sees_names,
        allowed_actions=[action for action in Action if grants.may(action)],
        history_url=url,
    )
