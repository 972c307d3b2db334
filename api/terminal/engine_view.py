"""What Temporal itself says of a task at this moment; the API has no way to Temporal on purpose."""

import asyncio
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from api.terminal.words import Json
from models.settings import Settings

_PATIENCE_S = 5.0


def engine_says(settings: Settings, story: Json) -> Json:
    """The attempt under way with its last heartbeat, or why that is not known."""
    try:
        return asyncio.run(asyncio.wait_for(_asked(settings, story), _PATIENCE_S))
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return {"trouble": "Temporal does not know the workflow (any more)."}
        return {"trouble": f"Temporal refused: {error.status.name}."}
    except (RuntimeError, TimeoutError):
        return {"trouble": f"Temporal does not answer at {settings.temporal_target}."}


async def _asked(settings: Settings, story: Json) -> Json:
    client = await Client.connect(settings.temporal_target, namespace=settings.temporal_namespace)
    found = await client.get_workflow_handle(story["engine"]["workflow_id"]).describe()
    of_task = [
        activity
        for activity in found.raw_description.pending_activities
        if activity.activity_type.name == story["kind"]
    ]
    return {
        "workflow_status": found.status.name.lower() if found.status else "unknown",
        "attempt": await _attempt(client, of_task[0]) if of_task else None,
    }


async def _attempt(client: Client, activity: PendingActivityInfo) -> Json:
    details = list(activity.heartbeat_details.payloads)
    beat = await client.data_converter.decode(details) if details else []
    return {
        "activity_id": activity.activity_id,
        "attempt": activity.attempt,
        "most_attempts": activity.maximum_attempts,
        "is_running": activity.HasField("last_started_time")
        and not activity.HasField("next_attempt_schedule_time"),
        "started_at": _moment(activity, "last_started_time"),
        "heartbeat_at": _moment(activity, "last_heartbeat_time"),
        "heartbeat": beat,
        "next_attempt_at": _moment(activity, "next_attempt_schedule_time"),
        "worker": activity.last_worker_identity or None,
    }


def _moment(activity: PendingActivityInfo, name: str) -> str | None:
    if not activity.HasField(name):  # type: ignore[arg-type]  # the stubs list the names
        return None
    stamp: Timestamp = getattr(activity, name)  # a field of this name
    return datetime.fromtimestamp(stamp.ToMicroseconds() / 1e6, UTC).isoformat()
