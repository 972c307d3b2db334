"""Occupiers as the API shows them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.paging import PageFilters
from api.text import StorableText
from models.domain.decommission import DecommissionState
from models.domain.occupier import OccupierStatus
from models.domain.permission import Action

_EXAMPLE: JsonDict = {
    "id": "3f0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d22",
    "operator_id": "0b8a7a3c-6d0a-4c5e-8a53-3b7b0f3c5f10",
    "name": "Harbour Analytics Ltd",
    "billing_reference": "B-000123",
    "status": "active",
    "version": 1,
    "created_at": "2026-01-05T09:00:00Z",
    "decommissioned_at": None,
}


class OccupierFilters(PageFilters):
    """Filters of the list of occupiers; all hold together."""

    search: StorableText | None = Field(
        None, max_length=200, description="Part of the name, in any case; every character counts."
    )
    name: StorableText | None = Field(None, max_length=500, description="The whole name, exactly.")
    site_id: UUID | None = Field(None, description="With a contract, of any age, at this site.")
    status: list[OccupierStatus] = Field(
        default_factory=list, max_length=5, description="May be given several times."
    )


class OccupierOut(BaseModel):
    """The basic details, which stay readable after a decommission."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _EXAMPLE})

    id: UUID
    operator_id: UUID
    name: str
    billing_reference: str
    status: OccupierStatus
    version: int
    created_at: datetime
    decommissioned_at: datetime | None


class SiteNameOut(BaseModel):
    """A site of an occupier."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str


class DecommissionBriefOut(BaseModel):
    """The occupier's decommission in short."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    state: DecommissionState
    requested_at: datetime
    finished_at: datetime | None


class OccupierDetailOut(OccupierOut):
    """An occupier with its sites and its decommission."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_EXAMPLE,
                "sites": [{"id": "5c0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d11", "name": "Canal Yard"}],
                "decommission": None,
                "allowed_actions": ["occupier.edit", "decommission.preview"],
            }
        },
    )

    sites: list[SiteNameOut] = Field(description="Where it has or had a contract, by name.")
    decommission: DecommissionBriefOut | None
    allowed_actions: list[Action] = Field(
        description="What you may do to it in its status; a preview tells what blocks a start."
    )
