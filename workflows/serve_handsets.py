"""Logs a handset out, or looks which logins of an occupier are left, as somebody asked."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from models.domain.decommission import TaskKind
    from models.domain.orders import HandsetFailure, HandsetOrder
    from models.domain.outside import FailureKind

    from workflows.names import RECORDS_QUEUE, queue_of
    from workflows.policies import RECORDS

LIMIT = timedelta(minutes=5)  # a person is waiting; they may ask again
ONE_CALL = timedelta(seconds=60)
RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=0.5), maximum_interval=timedelta(seconds=15)
)


@workflow.defn
class ServeHandsets:
    """Serves one request to its end, good or bad."""

    @workflow.run
    async def run(self, order: HandsetOrder) -> None:
        """Its row says how it ended."""
        try:
            await workflow.execute_activity(
                "serve_handset_request",
                order,
                task_queue=queue_of(TaskKind.LOGOUT_HANDSETS),
                start_to_close_timeout=ONE_CALL,
                schedule_to_close_timeout=LIMIT,
                retry_policy=RETRIES,
            )
        except ActivityError as error:
            await workflow.execute_activity(
                "give_up_handset_request",
                HandsetFailure(request_id=order.request_id, failure=_kind(error)),
                task_queue=RECORDS_QUEUE,
                **RECORDS,
            )


def _kind(error: ActivityError) -> FailureKind:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return FailureKind.named(cause.type)
    return FailureKind.TIMED_OUT
