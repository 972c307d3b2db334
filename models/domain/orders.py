"""What workflows and activities tell each other: ids and counts, never anything personal."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from models.domain.decision import DecisionAction
from models.domain.decommission import SITES_OF_A_RUN, TaskKind
from models.domain.outside import FailureKind, System


class Message(BaseModel):
    """Base of all messages; a new field needs a default, so that old histories replay."""

    model_config = ConfigDict(frozen=True)


class DecommissionOrder(Message):
    """Input of a decommission; the later fields carry it over a continue-as-new."""

    decommission_id: UUID
    occupier_id: UUID
    cooling_off_days: int
    patience: float = 1.0  # scales the waits between attempts; below 1 only in tests
    window: int = SITES_OF_A_RUN
    prepared: bool = False
    next_ordinal: int = 0
    parked_sites: tuple[UUID, ...] = ()
    is_paused: bool = False
    paused_sites: tuple[UUID, ...] = ()
    decided: tuple[UUID, ...] = ()  # decisions that were taken; one of them again changes nothing
    restarts: int = 0  # how often it was ended from outside and started again


class SiteOrder(Message):
    """Input of the runbook for one site."""

    decommission_id: UUID
    occupier_id: UUID
    site_id: UUID
    patience: float = 1.0
    is_paused: bool = False
    restarts: int = 0  # how often the site's run was ended from outside and started again
    watch_after_s: float | None = None  # when to look for stuck tasks first; `None`: never


class TaskMode(StrEnum):
    """What a task activity does about what is still there."""

    ACT = "act"  # asks for its removal
    CONFIRM = "confirm"  # only reads: a person says that it was removed by hand


class TaskOrder(Message):
    """Input of every task activity: which task, and which round of it."""

    decommission_id: UUID
    occupier_id: UUID
    site_id: UUID | None
    kind: TaskKind
    round: int = 1
    mode: TaskMode = TaskMode.ACT
    decision_id: UUID | None = None  # the decision that this round settles


class TaskReport(Message):
    """How far a task activity came; `remaining` above zero asks for another portion."""

    done: int
    total: int
    remaining: int = 0
    hold_id: UUID | None = None  # the hold that it met; the rest waits until that is over


class ParkedTask(Message):
    """A task that waits for a person."""

    order: TaskOrder
    failure: FailureKind
    message: str
    system: System | None = None  # the one that failed us; `None` when it was none of them


class SitesRequest(Message):
    """Which page of a decommission's sites is wanted."""

    decommission_id: UUID
    from_ordinal: int
    limit: int


class SitesPage(Message):
    """Sites in the order of the fan-out; empty after the last."""

    site_ids: tuple[UUID, ...] = ()
    watch_after_s: float | None = None  # when each should look for stuck tasks first


class WatchOrder(Message):
    """Asks for a look at a site's tasks: is any of them stuck?"""

    decommission_id: UUID
    site_id: UUID
    looks: int = 0  # that were there before


class WatchReport(Message):
    """What a look found, and in how many seconds to look again."""

    stuck: tuple[TaskKind, ...] = ()
    look_again_s: float | None = None


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
    """A person's decision to run a parked task again; only in histories before `DecisionOrder`."""

    kind: TaskKind
    round: int  # the round that the person saw; a stale one is refused


class DecisionOrder(Message):
    """A person's decision on its way to the workflow that carries it out."""

    decision_id: UUID
    action: DecisionAction
    decommission_id: UUID
    site_id: UUID | None = None
    kind: TaskKind | None = None  # `None` for a pause or its end
    round: int | None = None  # the round that the person saw; a stale one is refused


class WaivedTask(Message):
    """A task that two people have decided to leave undone."""

    order: TaskOrder
    decision_id: UUID


class PauseNews(Message):
    """A decommission tells a site whether tasks may start there."""

    is_paused: bool


class HoldNews(Message):
    """A hold is over for a task, or the task is the one that tries whether it may be."""

    kind: TaskKind


class ScheduleOrder(Message):
    """Names a decommission that waits for its time; the rows say when that is."""

    schedule_id: UUID


class ScheduleReport(Message):
    """Whether a schedule may still start, and in how many seconds to look again.

    An open one without a wait is blocked: only a person's change moves it.
    """

    is_open: bool
    wait_s: float | None = None


class ClosureOrder(Message):
    """Names the closing of a site."""

    closure_id: UUID
    patience: float = 1.0  # scales the waits between looks; below 1 only in tests


class ClosureReport(Message):
    """How far a closure is: how many occupiers are to be started, and how many are on their way."""

    is_done: bool
    is_paused: bool = False
    waiting: int = 0
    running: int = 0


class HandsetOrder(Message):
    """Names a request to log a handset out, or to look at the occupier's logins."""

    request_id: UUID


class HandsetFailure(Message):
    """Why such a request could not be served."""

    request_id: UUID
    failure: FailureKind
