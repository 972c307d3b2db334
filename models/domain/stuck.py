"""Stuck: a task that has been active for longer than its threshold, and why."""

from collections.abc import Mapping
from enum import StrEnum

from models.domain.advice import Advice, Audience


class StuckBecause(StrEnum):
    """What holds up a task that neither ends nor waits for a reason."""

    HUNG = "hung"  # an attempt runs, and nothing has come of it for too long
    RETRYING = "retrying"  # attempt after attempt fails
    NO_WORKER = "no_worker"  # nobody takes tasks from its queue
    WORKFLOW_FAILING = "workflow_failing"  # the workflow's own code raises
    RUN_GONE = "run_gone"  # no workflow runs that would do it
    ENGINE_AWAY = "engine_away"  # Temporal itself does not answer


ADVICE: Mapping[StuckBecause, Advice] = {
    StuckBecause.HUNG: Advice(
        Audience.SUPPORT,
        "An attempt has run for far longer than such a task usually takes.",
        "Ask the provider whether the system hangs. Retry the task: the attempt is ended and "
        "tried again at once. If the system is down, hold it.",
    ),
    StuckBecause.RETRYING: Advice(
        Audience.SUPPORT,
        "Every attempt fails, and it has gone on for far longer than such a task usually takes.",
        "Read the last error. Ask the provider; hold the system if it is down; retry the task when "
        "it is back.",
    ),
    StuckBecause.NO_WORKER: Advice(
        Audience.SRE,
        "No worker takes tasks from the queue.",
        "Start the worker process, or find out why it does not poll the queue named here. Nothing "
        "is lost: the tasks go on by themselves.",
    ),
    StuckBecause.WORKFLOW_FAILING: Advice(
        Audience.SRE,
        "The workflow cannot go on: its own code fails, or gives no answer in time, every time.",
        "Look at the workflow's last failed task in its history, then deploy or roll back the "
        "worker. Nothing is lost: the run goes on where it stopped.",
    ),
    StuckBecause.RUN_GONE: Advice(
        Audience.SRE,
        "No workflow runs that would do the task; it was ended from outside or Temporal lost it.",
        "Find out who ended it. Retry one of its tasks: the run is started anew, and what is done "
        "is not done twice.",
    ),
    StuckBecause.ENGINE_AWAY: Advice(
        Audience.SRE,
        "Temporal does not answer, so nothing can be tried.",
        "Bring Temporal back. Nothing is lost: the tasks go on by themselves.",
    ),
}
"""Who acts on a stuck task, and what they do first."""
