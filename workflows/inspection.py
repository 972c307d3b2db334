"""What the engine shows of a workflow, and what that says of a task: why it is stuck, if it is.

Nothing here asks anybody; `workflows/engine_sight.py` does.
"""

from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass

from models.domain.decommission import TaskPhase
from models.domain.stuck import StuckBecause
from models.stores.stuck_tasks import Verdict
from models.stores.suspects import Suspect

from workflows.names import WORKFLOW_QUEUE

FAILING_ATTEMPT = 3
"""The second attempt of a workflow task may be that of a worker that died with the first."""

GRACE = 0.5
"""Of the floor: an answer that may still change, like a run that is being replaced, is awaited."""


@dataclass(frozen=True, slots=True)
class PendingActivity:
    """An activity that has not ended. Exactly one of the three times is there."""

    activity_id: str
    attempt: int
    queue: str
    queued_s: float | None = None  # waits for a worker
    running_s: float | None = None
    next_retry_s: float | None = None  # backs off, and goes on in so many seconds
    heartbeat_s: float | None = None  # how long ago the last one was
    worker: str | None = None
    failure: str | None = None  # kind of the last attempt's

    def is_left_lying(self, queues: AbstractSet[str], for_s: float) -> bool:
        """Whether nobody takes it from its queue, and has not for so long."""
        return self.queue in queues and self.queued_s is not None and self.queued_s > for_s


@dataclass(frozen=True, slots=True)
class PendingWorkflowTask:
    """A step of the workflow's own code that has not ended."""

    attempt: int
    age_s: float  # since the first attempt
    is_started: bool = False  # a worker has it, or is thought to
    has_raised: bool = False  # the code did, rather than give no answer in time

    @property
    def is_taken(self) -> bool:
        """Whether there is a worker that takes it, only for its code to fail."""
        return self.has_raised and (self.is_started or self.attempt >= FAILING_ATTEMPT)


@dataclass(frozen=True, slots=True)
class RunSight:
    """A workflow as the engine shows it; one that it does not know is not open."""

    is_open: bool
    absent_s: float = 0.0  # for how long it has been known not to be open
    workflow_task: PendingWorkflowTask | None = None
    activities: tuple[PendingActivity, ...] = ()

    def attempt_of(self, task: Suspect) -> PendingActivity | None:
        """The attempt of the task in the round that its row is in."""
        prefix = f"{task.kind}-r{task.round}-"
        return next((each for each in self.activities if each.activity_id.startswith(prefix)), None)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is known of a task's surroundings."""

    run: RunSight
    parent: RunSight | None  # of a site's run: that of the decommission
    untaken: AbstractSet[str]  # queues from which nobody takes anything
    floor_s: float


def classify(task: Suspect, scene: Scene) -> Verdict | None:
    """Why the task is stuck; `None` when it is not, or nobody can tell yet.

    A task that is overdue always gets an answer unless its run is just being replaced. One that is
    not is stuck only if the engine itself shows that nothing will come of it.
    """
    attempt = scene.run.attempt_of(task)
    if attempt is not None:
        return _of_attempt(task, attempt, scene)
    if not scene.run.is_open:
        return _without_run(task, scene)
    if task.ready_s is None and task.phase is TaskPhase.QUEUED:
        return None  # its turn will come
    if obstacle := _obstacle(scene.run, scene):
        return obstacle
    return Verdict.by_row(task) if task.is_overdue else None


def _of_attempt(task: Suspect, attempt: PendingActivity, scene: Scene) -> Verdict | None:
    seen = asdict(attempt)
    if attempt.is_left_lying(scene.untaken, 0.0 if task.is_overdue else scene.floor_s):
        return Verdict(StuckBecause.NO_WORKER, attempt.queue, seen)
    if not task.is_overdue:
        return None
    is_long = attempt.running_s is not None and attempt.running_s > scene.floor_s
    hangs = attempt.attempt == 1 or is_long
    return Verdict(StuckBecause.HUNG if hangs else StuckBecause.RETRYING, seen=seen)


def _without_run(task: Suspect, scene: Scene) -> Verdict | None:
    if scene.parent is not None and scene.parent.is_open:
        if obstacle := _obstacle(scene.parent, scene):
            return obstacle if task.ready_s is not None else None
        if not task.has_begun:
            return None  # the site's turn will come
    gone_s = max(scene.run.absent_s, scene.parent.absent_s if scene.parent else 0.0)
    if not task.is_told or gone_s <= scene.floor_s * GRACE:
        return None
    return Verdict(StuckBecause.RUN_GONE, seen={"absent_s": round(gone_s, 1)})


def _obstacle(run: RunSight, scene: Scene) -> Verdict | None:
    """What keeps the workflow itself from going on."""
    step = run.workflow_task
    if step is not None and step.age_s > scene.floor_s:
        if WORKFLOW_QUEUE in scene.untaken:
            return Verdict(StuckBecause.NO_WORKER, WORKFLOW_QUEUE, asdict(step))
        if step.attempt >= FAILING_ATTEMPT:
            return Verdict(StuckBecause.WORKFLOW_FAILING, seen=asdict(step))
    lying = (each for each in run.activities if each.is_left_lying(scene.untaken, scene.floor_s))
    for each in lying:
        return Verdict(StuckBecause.NO_WORKER, each.queue, asdict(each))
    return None
