"""Where an engineer finds a task in Temporal: the history, and the exact lines to type."""

from uuid import UUID

from pydantic import BaseModel, Field

from api.links import workflow_url
from models.domain.story import TaskFacts
from models.settings import Settings
from workflows.names import decommission_workflow_id, queue_of, site_workflow_id


class EngineOut(BaseModel):
    """What runs a task. For staff only."""

    workflow_id: str
    run_id: str | None = Field(description="Of the latest attempt; null before the first.")
    task_queue: str
    worker: str | None = Field(description="Process and host of the latest attempt.")
    code_version: str | None = Field(description="Code of the latest attempt.")
    history_url: str = Field(description="The run's history in the Temporal Web UI.")
    commands: list[str] = Field(description="What an SRE types to look further.")


def engine_of(settings: Settings, task: TaskFacts) -> EngineOut:
    """Where the task runs, or has run."""
    workflow_id = workflow_id_of(task.decommission_id, task.site_id)
    run = f" --run-id {task.run_id}" if task.run_id else ""
    where = f"--address {settings.temporal_target} --namespace {settings.temporal_namespace}"
    return EngineOut(
        workflow_id=workflow_id,
        run_id=task.run_id,
        task_queue=queue_of(task.kind),
        worker=task.worker,
        code_version=task.code_version,
        history_url=workflow_url(settings, workflow_id, task.run_id),
        commands=[
            f"occupier explain {task.id}",
            f"temporal workflow show --workflow-id {workflow_id}{run} {where}",
        ],
    )


def workflow_id_of(decommission_id: UUID, site_id: UUID | None) -> str:
    """The workflow in which a task runs."""
    if site_id is None:
        return decommission_workflow_id(decommission_id)
    return site_workflow_id(decommission_id, site_id)
