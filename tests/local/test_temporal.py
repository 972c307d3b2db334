"""The Temporal dev server as a child: what it knows and what it keeps."""

from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.worker import Worker

from deploy.local.errors import StackError
from deploy.local.temporal import register_search_attributes
from tests.local.keys import WaitsForKeys
from tests.local.machine import stack_of

KEYWORD = int(IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
INT = int(IndexedValueType.INDEXED_VALUE_TYPE_INT)
ATTRIBUTES = {"OccupierId": KEYWORD, "FailedTasks": INT}


async def test_an_open_workflow_outlives_kill_9_of_the_server() -> None:
    async with stack_of("temporal") as stack:
        client = await Client.connect(stack.settings.temporal_target)
        handle = await client.start_workflow(WaitsForKeys.run, id="keys", task_queue="keys")
        await handle.signal(WaitsForKeys.bring, 2)
        stack.kill("temporal")
        await stack.wait_ready("temporal")
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
        async with Worker(client, task_queue="keys", workflows=[WaitsForKeys]):
            assert await handle.result(rpc_timeout=timedelta(seconds=30)) == 2


async def test_search_attributes_are_registered_again_harmlessly() -> None:
    async with stack_of("temporal", attributes=ATTRIBUTES) as stack:
        client = await Client.connect(stack.settings.temporal_target)
        await register_search_attributes(client, ATTRIBUTES)
        await register_search_attributes(client, ATTRIBUTES | {"SiteId": KEYWORD})
        listed = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace="default")
        )
        assert dict(listed.custom_attributes).items() >= (ATTRIBUTES | {"SiteId": KEYWORD}).items()


async def test_a_search_attribute_of_another_type_is_refused() -> None:
    async with stack_of("temporal", attributes=ATTRIBUTES) as stack:
        client = await Client.connect(stack.settings.temporal_target)
        with pytest.raises(StackError, match="FailedTasks exists in default with another type"):
            await register_search_attributes(client, {"FailedTasks": KEYWORD})


async def test_closed_histories_are_kept_for_thirty_days() -> None:
    async with stack_of("temporal") as stack:
        client = await Client.connect(stack.settings.temporal_target)
        seen = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace="default")
        )
        kept = seen.config.workflow_execution_retention_ttl.ToTimedelta()
        assert kept == timedelta(hours=720)
