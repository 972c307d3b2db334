"""The worker process: wires activities to their ports, and one Temporal worker to each queue."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.adapters.estate import build_systems
from activities.attempt import Setting
from activities.closures import ClosureActivities
from activities.figures import AttemptFigures
from activities.handsets import HandsetActivities
from activities.leases import LeaseActivities
from activities.numbers import NumberActivities
from activities.occupiers import OccupierActivities
from activities.ports import Systems
from activities.progress import ProgressInterceptor
from activities.retire import RetireActivities
from activities.schedules import ScheduleActivities
from activities.tasks import TaskActivities
from activities.verify import VerifyActivities
from activities.watch import WatchActivities
from models.code_version import code_version
from models.database import Sessions, open_engine, open_sessions
from models.domain.decommission import TaskKind
from models.domain.hold import Breaker
from models.health import serve_health
from models.lifetime import run_and_exit, until_signal
from models.logging import configure
from models.settings import Settings
from workflows.close_site import CloseSite
from workflows.connection import connect_patiently
from workflows.cool_off_numbers import CoolOffNumbers
from workflows.decommission_occupier import DecommissionOccupier
from workflows.decommission_site import DecommissionSite
from workflows.names import RECORDS_QUEUE, WORKFLOW_QUEUE, activity_queues, queue_of
from workflows.scheduled_decommission import ScheduledDecommission
from workflows.serve_handsets import ServeHandsets

log = structlog.get_logger()

WORKFLOWS = (
    DecommissionOccupier,
    DecommissionSite,
    CoolOffNumbers,
    ScheduledDecommission,
    CloseSite,
    ServeHandsets,
)
SANDBOX = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules("models", "workflows")
)
BREAKER = Breaker()
DRAIN = timedelta(seconds=20)  # activities in flight may finish; the rest is tried again elsewhere

Activity = Callable[..., Any]  # Any: activities differ in input and output


def build_workers(
    client: Client,
    sessions: Sessions,
    systems: Systems,
    code: str = "unknown",
    *,
    stuck_floor_s: float = 60.0,
    breaker: Breaker = BREAKER,
) -> list[Worker]:
    """One worker for workflows, one for our records, and one for each outside system.

    A slow system fills only the slots of its own queue (bulkhead).
    """
    workflows = Worker(
        client,
        task_queue=WORKFLOW_QUEUE,
        workflows=WORKFLOWS,
        workflow_runner=SANDBOX,
        max_cached_workflows=600,
        max_concurrent_workflow_tasks=20,
        # A dead worker's cached runs are handed to another after this long.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    )
    progress = ProgressInterceptor(Setting(sessions, breaker, client.identity, code))
    return [
        workflows,
        *(
            Worker(
                client,
                task_queue=queue,
                activities=activities,
                interceptors=[AttemptFigures(), progress],
                max_concurrent_activities=200,
                max_heartbeat_throttle_interval=timedelta(seconds=1),
                default_heartbeat_throttle_interval=timedelta(seconds=1),
                graceful_shutdown_timeout=DRAIN,
            )
            for queue, activities in activities_by_queue(sessions, systems, stuck_floor_s).items()
        ),
    ]


def activities_by_queue(
    sessions: Sessions, systems: Systems, stuck_floor_s: float = 60.0
) -> Mapping[str, Sequence[Activity]]:
    """Every activity under the queue that its kind of task is sent to."""
    retire = RetireActivities(sessions, systems)
    occupiers = OccupierActivities(sessions, stuck_floor_s)
    tasks = TaskActivities(sessions)
    of_kind: Mapping[TaskKind, Activity] = {
        TaskKind.LOGOUT_HANDSETS: retire.logout_handsets,
        TaskKind.TELEPHONY: retire.telephony,
        TaskKind.PORTS: retire.ports,
        TaskKind.USERS: retire.users,
        TaskKind.WIFI_DEVICES: retire.wifi_devices,
        TaskKind.STOP_SERVICES: retire.stop_services,
        TaskKind.NETWORK: retire.network,
        TaskKind.END_LEASES: LeaseActivities(sessions).end_leases,
        TaskKind.PLAN: occupiers.plan,
        TaskKind.DELETE_SCHEDULED: occupiers.delete_scheduled,
        TaskKind.VERIFY_OCCUPIER: VerifyActivities(sessions, systems).verify_occupier,
    }
    queues: dict[str, list[Activity]] = {
        queue: [of_kind[kind] for kind in kinds] for queue, kinds in activity_queues().items()
    }
    handsets = HandsetActivities(sessions, systems)
    queues[queue_of(TaskKind.LOGOUT_HANDSETS)].append(handsets.serve_handset_request)
    queues[RECORDS_QUEUE] += [
        handsets.give_up_handset_request,
        occupiers.list_sites,
        occupiers.mark_partial,
        occupiers.mark_pending,
        tasks.park_task,
        tasks.waive_task,
        tasks.reopen_task,
        WatchActivities(sessions, stuck_floor_s).watch_site,
        NumberActivities(sessions).release_numbers,
        ScheduleActivities(sessions).look_at_schedule,
        ClosureActivities(sessions).advance_closure,
    ]
    return queues


async def main() -> int:
    """Run until a signal; then let running activities finish."""
    settings = Settings()
    configure(settings, "worker")
    metrics = PrometheusConfig(
        bind_address=f"{settings.bind}:{settings.worker_metrics_port}",
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
    )
    ready = asyncio.Event()

    async def readiness() -> str | None:
        return None if ready.is_set() else "Temporal"

    health = asyncio.create_task(
        serve_health(readiness, settings.bind, settings.worker_health_port)
    )
    runtime = Runtime(telemetry=TelemetryConfig(metrics=metrics))
    client = await connect_patiently(settings, runtime)
    engine = open_engine(settings, ping=False, for_system=True)
    systems = build_systems(settings)
    async with AsyncExitStack() as running:
        running.push_async_callback(engine.dispose)
        running.push_async_callback(systems.aclose)
        code = code_version(settings)
        workers = build_workers(
            client,
            open_sessions(engine),
            systems,
            code,
            stuck_floor_s=settings.stuck_floor_s,
            breaker=Breaker(settings.breaker_tasks, settings.breaker_probe_s),
        )
        for worker in workers:
            await running.enter_async_context(worker)
        ready.set()
        log.info("worker.started", queues=len(activity_queues()) + 1, code_version=code)
        await until_signal()
        log.info("worker.stopping")
    health.cancel()
    return 0


if __name__ == "__main__":
    run_and_exit(main())
