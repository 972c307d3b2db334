"""A worker with a defect: the production worker, whose code raises where the file POISON says.

The file lists places as JSON: `{"workflows": [site ids], "activities": [[site id, task kind]]}`.
It is read again when it changes, so that "deploying a worker without the defect" is to clear it.
"""

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from temporalio import worker as engine
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    ExecuteWorkflowInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

import worker
from models.domain.orders import SiteOrder, TaskOrder
from models.lifetime import run_and_exit

_WORKFLOWS: set[str] = set()
_ACTIVITIES: set[tuple[str, str]] = set()


class _PoisonedActivity(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401  # the SDK's
        order = input.args[0] if input.args else None
        if isinstance(order, TaskOrder) and (str(order.site_id), order.kind.value) in _ACTIVITIES:
            raise RuntimeError("a defect that was put in")
        return await super().execute_activity(input)


class _PoisonedWorkflow(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002, ANN401  # the SDK's
        order = input.args[0] if input.args else None
        if isinstance(order, SiteOrder) and str(order.site_id) in _WORKFLOWS:
            raise RuntimeError("a defect that was put in")
        return await super().execute_workflow(input)


class Poison(Interceptor):
    """Raises within our own code."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002  # the SDK's
        """Called by the worker for each kind of activity."""
        return _PoisonedActivity(next)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002  # the SDK's
    ) -> type[WorkflowInboundInterceptor]:
        """Called by the worker for each kind of workflow."""
        return _PoisonedWorkflow


class PoisonedWorker(engine.Worker):
    """A Temporal worker with the defect within everything else that stands around activities."""

    def __init__(self, *args: Any, interceptors: Sequence[Any] = (), **options: Any) -> None:  # noqa: ANN401  # passed on
        super().__init__(*args, interceptors=[*interceptors, Poison()], **options)


async def follow(path: Path) -> None:
    """Read the file whenever it has changed."""
    seen = ""
    while True:
        with suppress(OSError, ValueError):
            text = await asyncio.to_thread(path.read_text)
            if text != seen:
                told = json.loads(text)
                _WORKFLOWS.clear()
                _WORKFLOWS.update(told.get("workflows", ()))
                _ACTIVITIES.clear()
                _ACTIVITIES.update((site, kind) for site, kind in told.get("activities", ()))
                seen = text
        await asyncio.sleep(0.2)


async def main() -> int:
    """The production worker's, beside the file."""
    following = asyncio.create_task(follow(Path(os.environ["POISON"])))
    code = await worker.main()
    following.cancel()
    return code


if __name__ == "__main__":
    vars(worker)["Worker"] = PoisonedWorker
    run_and_exit(main())
