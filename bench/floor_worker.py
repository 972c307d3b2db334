"""The worker of the floor, a process of its own: `python -m bench.floor_worker`.

Set up as `worker.py` sets up ours, minus everything that is not the engine's.
"""

from contextlib import AsyncExitStack
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from bench.floor import FLOOR_WORKFLOW_QUEUE, FLOOR_WORKFLOWS, floor_queue, nothing, tick
from models.domain.decommission import TaskKind
from models.lifetime import run_and_exit, until_signal
from models.settings import Settings
from worker import SANDBOX
from workflows.names import RECORDS_QUEUE, activity_queues


def build_floor_workers(client: Client) -> list[Worker]:
    """One worker for workflows and one for each queue of activities."""
    workflows = Worker(
        client,
        task_queue=FLOOR_WORKFLOW_QUEUE,
        workflows=FLOOR_WORKFLOWS,
        workflow_runner=SANDBOX,
        max_cached_workflows=600,
        max_concurrent_workflow_tasks=20,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    )
    workers = [workflows]
    for queue, kinds in activity_queues().items():
        names = [kind.value for kind in kinds if kind is not TaskKind.VERIFY_OCCUPIER]
        activities = [nothing(name) for name in names]
        if queue == RECORDS_QUEUE:
            activities += [nothing("list_sites"), tick()]
        workers.append(
            Worker(
                client,
                task_queue=floor_queue(queue),
                activities=activities,
                max_concurrent_activities=200,
            )
        )
    return workers


async def main() -> int:
    """Work until a signal; "ready" on stdout says that the queues are polled."""
    settings = Settings()
    client = await Client.connect(settings.temporal_target, namespace=settings.temporal_namespace)
    async with AsyncExitStack() as running:
        for worker in build_floor_workers(client):
            await running.enter_async_context(worker)
        print("ready", flush=True)
        await until_signal()
    return 0


if __name__ == "__main__":
    run_and_exit(main())
