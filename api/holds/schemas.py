"""Holds and outside systems as the API takes and shows them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.paging import PageFilters
from models.domain.hold import BreakerState, HoldOrigin
from models.domain.outside import FailureKind, System
from models.stores.hold_views import HoldFilter
from models.stores.system_activity import Window


class HoldIn(BaseModel):
    """What is to be held."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"system": "billing", "site_id": None}}
    )

    system: System
    site_id: UUID | None = Field(None, description="Only at this site; without, everywhere.")


class HoldFilters(PageFilters):
    """Filters of the list of holds."""

    system: System | None = None
    site_id: UUID | None = None
    is_open: bool | None = Field(None, description="`true`: those that are not released.")

    def wanted(self) -> HoldFilter:
        """As the store takes them."""
        return HoldFilter(system=self.system, site_id=self.site_id, is_open=self.is_open)


class HoldOut(BaseModel):
    """A hold: every task that needs the system there waits, and its clock stands still."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    system: System
    site_id: UUID | None = Field(description="Null: at every site.")
    site_name: str | None
    origin: HoldOrigin = Field(
        description="`breaker`: it opened by itself, and releases the hold when a task succeeds."
    )
    breaker: BreakerState = Field(description="`half_open`: one task tries at this moment.")
    failure: FailureKind | None = Field(description="What made the breaker open.")
    placed_by: str
    placed_at: datetime
    released_by: str | None
    released_at: datetime | None
    case_id: UUID | None = Field(
        description="The one case of all tasks that wait; of a hold everywhere only for staff."
    )
    probe_at: datetime | None = Field(description="When the breaker lets the next task try.")
    probes: int = Field(description="How many tasks have tried in vain.")
    tasks_waiting: int = Field(description="Of those that you may see.")


class SystemOut(BaseModel):
    """How it stands with an outside system."""

    model_config = ConfigDict(from_attributes=True)

    system: System
    breaker: BreakerState
    tasks_failing: int = Field(description="Whose latest attempts failed, in the last 10 minutes.")
    tasks_waiting: int = Field(description="For one of its holds.")
    holds: list[HoldOut] = Field(description="Open ones, everywhere and at sites that you see.")


class SystemsOut(BaseModel):
    """Every outside system."""

    items: list[SystemOut]


class ActivityFilters(BaseModel):
    """How far back the activity is told."""

    model_config = ConfigDict(extra="forbid")

    window: Window = Field(
        Window.HOUR, description="`hour`: minute by minute; `day`: by quarters of an hour."
    )


class BucketOut(BaseModel):
    """What ended within one stretch of time."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime = Field(description="Its beginning.")
    completed: int = Field(description="Tasks that needed the system and were completed.")
    failures: dict[FailureKind, int] = Field(
        description="Attempts that the system failed, by kind; of a task the newest 200 count."
    )


class SystemActivityOut(BaseModel):
    """How the work with an outside system went."""

    model_config = ConfigDict(from_attributes=True)

    system: System
    buckets: list[BucketOut] = Field(description="Oldest first; those without any are left out.")


class ActivityOut(BaseModel):
    """How the work with the outside systems went lately, in equal stretches of time."""

    model_config = ConfigDict(from_attributes=True)

    since: datetime = Field(description="The beginning of the first bucket.")
    until: datetime = Field(description="The end of the last one, which may not be over.")
    bucket_s: int = Field(description="The length of each, in seconds.")
    systems: list[SystemActivityOut]
