"""The only way from our records to running workflows, and back."""

from datetime import timedelta

from models.domain.orders import DecommissionOrder, Retry, TaskOrder
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)

from workflows.decommission_occupier import WORKFLOW_TASK_TIMEOUT, DecommissionOccupier
from workflows.names import (
    DECOMMISSION_ID,
    OCCUPIER_ID,
    STATUS,
    WORKFLOW_QUEUE,
    decommission_workflow_id,
    site_workflow_id,
)

RPC_TIMEOUT = timedelta(seconds=5)


class RetryRefusedError(Exception):
    """The task is not parked, or has moved on since the person looked."""


class DecommissionGateway:
    """Starts decommissions and carries people's decisions to them."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def start(self, order: DecommissionOrder) -> None:
        """Start the workflow of a decommission; repeating it changes nothing."""
        await self._client.start_workflow(
            DecommissionOccupier.run,
            order,
            id=decommission_workflow_id(order.decommission_id),
            task_queue=WORKFLOW_QUEUE,
            task_timeout=WORKFLOW_TASK_TIMEOUT,
            rpc_timeout=RPC_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            priority=Priority(fairness_key=str(order.occupier_id)),
            search_attributes=TypedSearchAttributes(
                [
                    SearchAttributePair(OCCUPIER_ID, str(order.occupier_id)),
                    SearchAttributePair(DECOMMISSION_ID, str(order.decommission_id)),
                    SearchAttributePair(STATUS, "running"),
                ]
            ),
        )

    async def retry(self, order: TaskOrder) -> None:
        """Let a parked task run again; raises `RetryRefusedError` when it is not parked."""
        if order.site_id is None:
            workflow_id = decommission_workflow_id(order.decommission_id)
        else:
            workflow_id = site_workflow_id(order.decommission_id, order.site_id)
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            await handle.execute_update("retry_task", Retry(kind=order.kind, round=order.round))
        except WorkflowUpdateFailedError as error:
            raise RetryRefusedError(str(error.cause)) from error
