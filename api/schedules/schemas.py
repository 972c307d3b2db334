"""Scheduled decommissions as the API takes and shows them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from api.decommissions.confirmation import DecommissionIn
from api.paging import PageFilters
from models.domain.blocker import Offer
from models.domain.local_time import moment, zone
from models.domain.schedule import ScheduleState
from models.stores.schedule_views import ScheduleView
from models.stores.schedules import DueTime


def _zone(name: str) -> str:
    zone(name)
    return name


class DueIn(BaseModel):
    """When it is to start."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"due_at": "2027-03-01T18:00", "time_zone": "Europe/London"},
        },
    )

    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        max_length=60, description="IANA name of the zone in which you think of the moment."
    )
    due_at: str = Field(
        max_length=40,
        description="Date and time with its offset, or without one as the clocks of `time_zone` "
        "show it. In the future, and at most two years away.",
    )

    @field_validator("due_at")
    @classmethod
    def _is_one_moment(cls, due_at: str, info: ValidationInfo) -> str:
        if "time_zone" in info.data:  # else the zone's own error says enough
            moment(due_at, info.data["time_zone"])
        return due_at

    @property
    def due(self) -> DueTime:
        """The moment, and how the person thinks of it."""
        return DueTime(moment(self.due_at, self.time_zone), self.time_zone)


class ScheduleIn(DecommissionIn, DueIn):
    """What a person confirms as for a start, and when it is to start."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "Juniper & Vale",
                "acknowledgement": True,
                "due_at": "2027-03-01T18:00",
                "time_zone": "Europe/London",
            }
        },
    )


class ScheduleFilters(PageFilters):
    """Filters of the list of schedules; all hold together."""

    occupier_id: UUID | None = None
    site_id: UUID | None = Field(None, description="Of occupiers with a contract at this site.")
    state: list[ScheduleState] = Field(
        default_factory=list, max_length=4, description="May be given several times."
    )


class ScheduleOut(BaseModel):
    """A decommission that waits, or waited, for its time."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    occupier_id: UUID
    occupier_name: str
    due_at: datetime
    time_zone: str
    local_due_at: datetime = Field(description="`due_at` as the clocks of `time_zone` show it.")
    state: ScheduleState
    blocked_reasons: list[str] | None = Field(
        description="Rules that refused it when it came due; the preview shows each object."
    )
    case_id: UUID | None = Field(
        description="The support case that was opened when it was refused."
    )
    requested_by: str
    version: int
    created_at: datetime
    decided_at: datetime | None = Field(description="When it started or was cancelled.")
    decommission_id: UUID | None


class ScheduleDetailOut(ScheduleOut):
    """One schedule, with what may be done about it."""

    allowed_actions: list[Offer] = Field(
        description="`reschedule` and `cancel_schedule` while it is open and you may; else nothing."
    )


def shown_schedule(view: ScheduleView) -> ScheduleOut:
    """A schedule for a reply."""
    known = {name: getattr(view, name) for name in ScheduleView.__dataclass_fields__}
    local = view.due_at.astimezone(ZoneInfo(view.time_zone))
    return ScheduleOut(**known, local_due_at=local)
