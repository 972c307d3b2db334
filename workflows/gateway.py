"""The only way from our records to running workflows, and back."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from models.domain.decision import DecisionRefusal, Taken
from models.domain.orders import (
    ClosureOrder,
    DecisionOrder,
    DecommissionOrder,
    HandsetOrder,
    HoldNews,
    ScheduleOrder,
)
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetActivityRequest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from workflows.close_site import CloseSite
from workflows.decommission_occupier import WORKFLOW_TASK_TIMEOUT, DecommissionOccupier
from workflows.names import (
    DECOMMISSION_ID,
    OCCUPIER_ID,
    STATUS,
    STILL_TRYING,
    WORKFLOW_QUEUE,
    RunStatus,
    closure_workflow_id,
    decommission_workflow_id,
    handset_workflow_id,
    schedule_workflow_id,
    site_workflow_id,
)
from workflows.scheduled_decommission import ScheduledDecommission
from workflows.serve_handsets import ServeHandsets

RPC_TIMEOUT = timedelta(seconds=5)


class DecisionRefusedError(Exception):
    """The workflow does not carry the decision out."""

    def __init__(self, because: DecisionRefusal) -> None:
        super().__init__(f"The decision was refused: {because}")
        self.because = because


class DecommissionGateway:
    """Starts decommissions and carries people's decisions to them."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def start(self, order: DecommissionOrder) -> None:
        """Start the workflow of a decommission; repeating it changes nothing."""
        with suppress(WorkflowAlreadyStartedError):  # it has come to its end: nothing is left
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
                        SearchAttributePair(STATUS, RunStatus.RUNNING),
                    ]
                ),
            )

    async def tell_schedule(self, order: ScheduleOrder) -> None:
        """Let the timer of a schedule look at it, started if need be; repeating it is harmless.

        For a schedule that is over, the new run looks once and ends.
        """
        await self._client.start_workflow(
            ScheduledDecommission.run,
            order,
            id=schedule_workflow_id(order.schedule_id),
            task_queue=WORKFLOW_QUEUE,
            rpc_timeout=RPC_TIMEOUT,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="changed",
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(STATUS, RunStatus.SCHEDULED)]
            ),
        )

    async def tell_closure(self, order: ClosureOrder) -> None:
        """Let a closure go on, started if need be; repeating it is harmless."""
        await self._client.start_workflow(
            CloseSite.run,
            order,
            id=closure_workflow_id(order.closure_id),
            task_queue=WORKFLOW_QUEUE,
            rpc_timeout=RPC_TIMEOUT,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="changed",
        )

    async def serve_handsets(self, order: HandsetOrder) -> None:
        """Serve a request about handsets; repeating it changes nothing."""
        await self._client.start_workflow(
            ServeHandsets.run,
            order,
            id=handset_workflow_id(order.request_id),
            task_queue=WORKFLOW_QUEUE,
            rpc_timeout=RPC_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )

    async def decide(self, decision: DecisionOrder) -> Taken:
        """Hand a decision to its workflow; repeating it changes nothing.

        A retry of a task that is still tried has its waiting or hung attempt run again at once.
        Raises `DecisionRefusedError`; any `RPCError` means that it may be told later.
        """
        workflow_id = _workflow_of(decision)
        try:
            await self._client.get_workflow_handle(workflow_id).execute_update(
                "decide", decision, id=str(decision.decision_id), rpc_timeout=RPC_TIMEOUT
            )
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            reason = cause.type or "" if isinstance(cause, ApplicationError) else ""
            if reason == STILL_TRYING and await self._reset(workflow_id, decision):
                return Taken.AS_RESET
            known = reason in set(DecisionRefusal)
            raise DecisionRefusedError(
                DecisionRefusal(reason) if known else DecisionRefusal.TASK_MOVED_ON
            ) from error
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            raise DecisionRefusedError(DecisionRefusal.WORKFLOW_GONE) from error
        return Taken.BY_WORKFLOW

    async def tell_of_hold(
        self, decommission_id: UUID, site_id: UUID | None, news: HoldNews
    ) -> bool:
        """Let a held task go on; repeating it is harmless. False: no run is there to be told.

        Any `RPCError` means that it may be told later.
        """
        workflow_id = _run_of(decommission_id, site_id)
        try:
            await self._client.get_workflow_handle(workflow_id).signal(
                "hold_news", news, rpc_timeout=RPC_TIMEOUT
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def _reset(self, workflow_id: str, decision: DecisionOrder) -> bool:
        """Whether an attempt was found; one that hangs hears of it with its next heartbeat."""
        described = await self._client.get_workflow_handle(workflow_id).describe(
            rpc_timeout=RPC_TIMEOUT
        )
        prefix = f"{decision.kind}-r{decision.round}-"
        found = [
            pending.activity_id
            for pending in described.raw_description.pending_activities
            if pending.activity_id.startswith(prefix)
        ]
        for activity_id in found:
            await self._client.workflow_service.reset_activity(
                ResetActivityRequest(
                    namespace=self._client.namespace,
                    execution=WorkflowExecution(workflow_id=workflow_id),
                    id=activity_id,
                    identity=str(decision.decision_id),
                ),
                timeout=RPC_TIMEOUT,
            )
        return bool(found)


def _workflow_of(decision: DecisionOrder) -> str:
    """A pause goes to the decommission, which tells its sites; also those that start later."""
    site_id = None if decision.kind is None else decision.site_id
    return _run_of(decision.decommission_id, site_id)


def _run_of(decommission_id: UUID, site_id: UUID | None) -> str:
    if site_id is None:
        return decommission_workflow_id(decommission_id)
    return site_workflow_id(decommission_id, site_id)
