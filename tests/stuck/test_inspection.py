"""What the engine shows, and what that says of a task: a table of scenes and verdicts."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from models.domain.clock import WaitingReason
from models.domain.decommission import TaskKind, TaskPhase
from models.domain.stuck import StuckBecause
from models.stores.suspects import Suspect
from workflows.inspection import (
    PendingActivity,
    PendingWorkflowTask,
    RunSight,
    Scene,
    classify,
)
from workflows.names import RECORDS_QUEUE, WORKFLOW_QUEUE

FLOOR_S = 60.0
PORTS_QUEUE = "outside-switching"
ACTIVE = Suspect(
    id=uuid4(),
    decommission_id=uuid4(),
    site_id=uuid4(),
    operator_id=uuid4(),
    kind=TaskKind.PORTS,
    phase=TaskPhase.RUNNING,
    round=1,
    done=0,
    clock_at=datetime.now(UTC),
    waiting_reason=None,
    active_s=30.0,
    threshold_s=100.0,
    ready_s=500.0,
    has_begun=True,
    is_told=True,
)
OVERDUE = replace(ACTIVE, active_s=101.0)
RETRYING = replace(OVERDUE, phase=TaskPhase.RETRYING)
READY = replace(ACTIVE, phase=TaskPhase.QUEUED, waiting_reason=WaitingReason.UPSTREAM, active_s=0.0)
NOT_YET = replace(READY, ready_s=None)
THROTTLED = replace(ACTIVE, phase=TaskPhase.RETRYING, waiting_reason=WaitingReason.THROTTLED)

RUNS = PendingActivity("ports-r1-1", 1, PORTS_QUEUE, running_s=100.0)
RUNS_AGAIN = replace(RUNS, attempt=4, running_s=20.0)
HANGS_LATER = replace(RUNS, attempt=4, running_s=70.0)
BACKS_OFF = replace(RUNS, attempt=4, running_s=None, next_retry_s=50.0)
LIES = replace(RUNS, running_s=None, queued_s=61.0)
LIES_SHORTLY = replace(LIES, queued_s=5.0)
OF_NEXT_ROUND = replace(RUNS, activity_id="ports-r2-1")
PARKING = PendingActivity("12", 1, RECORDS_QUEUE, queued_s=90.0)

WELL = RunSight(is_open=True)
GONE = RunSight(is_open=False, absent_s=40.0)
JUST_GONE = RunSight(is_open=False, absent_s=5.0)
FAILS = RunSight(is_open=True, workflow_task=PendingWorkflowTask(3, 61.0))
FAILED_ONCE = RunSight(is_open=True, workflow_task=PendingWorkflowTask(2, 61.0))
FAILS_SHORTLY = RunSight(is_open=True, workflow_task=PendingWorkflowTask(4, 20.0))

ALL_TAKEN: frozenset[str] = frozenset()
NO_PORTS = frozenset({PORTS_QUEUE})
NO_RECORDS = frozenset({RECORDS_QUEUE})
NO_WORKFLOWS = frozenset({WORKFLOW_QUEUE})

NOTHING = None
HUNG, RETRIES = StuckBecause.HUNG, StuckBecause.RETRYING
NO_WORKER, FAILING = StuckBecause.NO_WORKER, StuckBecause.WORKFLOW_FAILING
RUN_GONE = StuckBecause.RUN_GONE


def shows(*activities: PendingActivity) -> RunSight:
    return RunSight(is_open=True, activities=activities)


SCENES = {
    "runs within its time": (ACTIVE, shows(RUNS), ALL_TAKEN, NOTHING),
    "first attempt runs too long": (OVERDUE, shows(RUNS), ALL_TAKEN, HUNG),
    "later attempt runs too long": (RETRYING, shows(HANGS_LATER), ALL_TAKEN, HUNG),
    "attempt after attempt": (RETRYING, shows(RUNS_AGAIN), ALL_TAKEN, RETRIES),
    "backs off too long": (RETRYING, shows(BACKS_OFF), ALL_TAKEN, RETRIES),
    "backs off, and nobody polls": (RETRYING, shows(BACKS_OFF), NO_PORTS, RETRIES),
    "backs off within its time": (ACTIVE, shows(BACKS_OFF), NO_PORTS, NOTHING),
    "lies in a queue that moves": (READY, shows(LIES), ALL_TAKEN, NOTHING),
    "lies in a queue that nobody takes from": (READY, shows(LIES), NO_PORTS, NO_WORKER),
    "has not lain there for long": (READY, shows(LIES_SHORTLY), NO_PORTS, NOTHING),
    "overdue, and its worker died": (OVERDUE, shows(LIES_SHORTLY), NO_PORTS, NO_WORKER),
    "throttled, came due, nobody takes it": (THROTTLED, shows(LIES), NO_PORTS, NO_WORKER),
    "throttled": (THROTTLED, shows(BACKS_OFF), ALL_TAKEN, NOTHING),
    "an attempt of another round": (READY, shows(OF_NEXT_ROUND), ALL_TAKEN, NOTHING),
    "its failure cannot be written down": (RETRYING, shows(PARKING), NO_RECORDS, NO_WORKER),
    "overdue, and the engine shows nothing": (OVERDUE, WELL, ALL_TAKEN, HUNG),
    "retries, and the engine shows nothing": (RETRYING, WELL, ALL_TAKEN, RETRIES),
    "ready, and the run goes on": (READY, WELL, ALL_TAKEN, NOTHING),
    "ready, and the code fails": (READY, FAILS, ALL_TAKEN, FAILING),
    "between portions, and the code fails": (ACTIVE, FAILS, ALL_TAKEN, FAILING),
    "ready, and the code failed once": (READY, FAILED_ONCE, ALL_TAKEN, NOTHING),
    "ready, and the code has just begun to fail": (READY, FAILS_SHORTLY, ALL_TAKEN, NOTHING),
    "ready, and nobody runs the code": (READY, FAILED_ONCE, NO_WORKFLOWS, NO_WORKER),
    "an attempt runs, and the code fails": (
        ACTIVE,
        replace(FAILS, activities=(RUNS,)),
        ALL_TAKEN,
        NOTHING,
    ),
    "its turn has not come, and the code fails": (NOT_YET, FAILS, ALL_TAKEN, NOTHING),
    "its run is being replaced": (OVERDUE, JUST_GONE, ALL_TAKEN, NOTHING),
    "its run is gone": (ACTIVE, GONE, ALL_TAKEN, RUN_GONE),
    "its run is gone before its turn": (NOT_YET, GONE, ALL_TAKEN, RUN_GONE),
    "Temporal was never told": (replace(READY, is_told=False), GONE, ALL_TAKEN, NOTHING),
}


@pytest.mark.parametrize(("task", "run", "untaken", "because"), SCENES.values(), ids=list(SCENES))
def test_a_scene_has_one_verdict(
    task: Suspect, run: RunSight, untaken: frozenset[str], because: StuckBecause | None
) -> None:
    verdict = classify(task, Scene(run, WELL, untaken, FLOOR_S))

    assert (verdict and verdict.because) == because


@pytest.mark.parametrize(
    ("parent", "untaken", "because"),
    [
        (WELL, ALL_TAKEN, NOTHING),
        (FAILS, ALL_TAKEN, FAILING),
        (FAILS, NO_WORKFLOWS, NO_WORKER),
        (shows(PARKING), NO_RECORDS, NO_WORKER),
        (GONE, ALL_TAKEN, RUN_GONE),
    ],
    ids=["its turn will come", "code fails", "no worker", "no records", "gone"],
)
def test_a_site_that_has_not_begun_hangs_on_its_decommission(
    parent: RunSight, untaken: frozenset[str], because: StuckBecause | None
) -> None:
    task = replace(READY, has_begun=False)

    verdict = classify(task, Scene(GONE, parent, untaken, FLOOR_S))

    assert (verdict and verdict.because) == because


def test_only_code_that_raises_shows_that_a_worker_takes_it() -> None:
    assert PendingWorkflowTask(3, 61.0, has_raised=True).is_taken
    assert PendingWorkflowTask(2, 61.0, is_started=True, has_raised=True).is_taken
    assert not PendingWorkflowTask(2, 61.0, has_raised=True).is_taken  # it may have died since
    assert not PendingWorkflowTask(9, 61.0, is_started=True).is_taken  # it gives no answer


def test_no_worker_names_the_queue() -> None:
    verdict = classify(READY, Scene(shows(LIES), WELL, NO_PORTS, FLOOR_S))

    assert verdict is not None
    assert verdict.cause(READY).key == f"{PORTS_QUEUE}/everywhere/no_worker"


@pytest.mark.parametrize("because", [HUNG, RETRIES])
def test_a_system_in_trouble_is_a_case_of_its_site(because: StuckBecause) -> None:
    run = shows(RUNS if because is HUNG else RUNS_AGAIN)

    verdict = classify(OVERDUE, Scene(run, WELL, ALL_TAKEN, FLOOR_S))

    assert verdict is not None
    assert verdict.cause(OVERDUE).key == f"switching/{OVERDUE.site_id}/{because}"
