"""What workflows and activities tell each other: ids and counts, never anything personal."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from models.domain.decommission import TaskKind
from models.domain.outside import FailureKind


class Message(BaseModel):
    """Base of all messages; a new field needs a default, so that old histories replay."""

    model_config = ConfigDict(frozen=True)


class DecommissionOrder(Message):
    """Input of a decommission; the later fields carry it over a continue-as-new."""

    decommission_id: UUID
    occupier_id: UUID
    cooling_off_days: int
    patience: float = 1.0  # scales the waits between attempts; below 1 only in tests
    window: int = 250  # sites per run of the workflow, which bounds its history
    prepared: bool = False
    next_ordinal: int = 0
    parked_sites: tuple[UUID, ...] = ()


class SiteOrder(Message):
    """Input of the runbook for one site."""

    decommission_id: UUID
    occupier_id: UUID
    site_id: UUID
    patience: float = 1.0


class TaskOrder(Message):
    """Input of every task activity: which task, and which round of it."""

    decommission_id: UUID
    occupier_id: UUID
    site_id: UUID | None
    kind: TaskKind
    round: int = 1


class TaskReport(Message):
    """How far a task activity came; `remaining` above zero asks for another portion."""

    done: int
    total: int
    remaining: int = 0


class ParkedTask(Message):
    """A task that waits for a person."""

    order: TaskOrder
    failure: FailureKind
    message: str


class SitesRequest(Message):
    """Which page of a decommission's sites is wanted."""

    decommission_id: UUID
    from_ordinal: int
    limit: int


class SitesPage(Message):
    """Sites in the order of the fan-out; empty after the last."""

    site_ids: tuple[UUID, ...] = ()


class SiteNews(Message):
    """A site tells its decommission that it waits for a person, goes on, or is done."""

    site_id: UUID
    is_parked: bool
    is_done: bool = False


class DecommissionRef(Message):
    """Names a decommission."""

    decommission_id: UUID


class CoolingOffOrder(Message):
    """Input of the timer that brings a decommission's numbers back to their sites' pools."""

    decommission_id: UUID
    first_wait_s: float = Field(ge=0)


class CoolingOffReport(Message):
    """How many numbers came back, and in how many seconds to look again (`None`: never)."""

    released: int
    next_wait_s: float | None = None


class Retry(Message):
    """A person's decision to run a parked task again."""

    kind: TaskKind
    round: int  # the round that the person saw; a stale one is refused
