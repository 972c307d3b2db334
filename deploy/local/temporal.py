"""The Temporal dev server as a child of the stack: one file, WAL, our namespace and attributes."""

import datetime as dt
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from deploy.local.environment import bare_environment
from deploy.local.errors import NotReadyError, StackError
from deploy.local.spec import ChildSpec, Port
from models.settings import Settings

RETENTION = dt.timedelta(days=30)  # the dev server's own is one day
_RPC_PATIENCE = dt.timedelta(seconds=5)

# frontend.WorkflowPauseEnabled stays off: SDK 1.35 cannot list a paused workflow.
_DYNAMIC_CONFIG = {
    "matching.enableFairness": "true",
    "frontend.workflowRulesAPIsEnabled": "true",
    # Show a workflow whose code fails after 2 attempts instead of 5, which take a minute.
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "2",
}


class Temporal:
    """The server of one data directory; `spec()` is the child that serves it."""

    def __init__(self, settings: Settings, search_attributes: Mapping[str, int]) -> None:
        self._home = settings.data_dir / "temporal"
        self._namespace = settings.temporal_namespace
        self._ports = (
            Port("TEMPORAL_PORT", settings.temporal_port),
            Port("TEMPORAL_UI_PORT", settings.temporal_ui_port),
        )
        self._search_attributes = dict(search_attributes)
        self._client: Client | None = None

    @property
    def address(self) -> str:
        """host:port of the frontend."""
        return f"127.0.0.1:{self._ports[0].number}"

    def spec(self) -> ChildSpec:
        """Ready means: the namespace answers, keeps history for RETENTION, knows the attributes."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return ChildSpec(
            name="temporal",
            argv=(_program(), "server", "start-dev", *self._options()),
            env=bare_environment(),
            ports=self._ports,
            probe=self._well,
            settle=self._settle,
        )

    def _options(self) -> list[str]:
        frontend, ui = (port.number for port in self._ports)
        return [
            "--ip=127.0.0.1",
            f"--port={frontend}",
            f"--namespace={self._namespace}",
            f"--ui-port={ui}",
            "--ui-disable-news-fetch",
            "--log-level=warn",
            "--log-format=json",
            "--disable-config-file",
            f"--db-filename={self._home / 'temporal.db'}",
            # The default (delete, FULL) halves throughput. NORMAL may lose the last commits when
            # the power fails, never when the process does.
            "--sqlite-pragma=journal_mode=WAL",
            "--sqlite-pragma=synchronous=NORMAL",
            *(f"--dynamic-config-value={key}={value}" for key, value in _DYNAMIC_CONFIG.items()),
        ]

    async def _well(self, _pid: int) -> bool:
        try:
            client = await self._connect()
            return await client.service_client.check_health(timeout=_RPC_PATIENCE)
        except (RPCError, RuntimeError):
            return False

    async def _settle(self) -> None:
        try:
            client = await self._connect()
            await set_retention(client, RETENTION)
            await register_search_attributes(client, self._search_attributes)
        except (RPCError, RuntimeError) as error:
            raise NotReadyError(f"the namespace {self._namespace} is not there yet") from error

    async def _connect(self) -> Client:
        if self._client is None:
            self._client = await Client.connect(self.address, namespace=self._namespace, lazy=True)
        return self._client


async def register_search_attributes(client: Client, wanted: Mapping[str, int]) -> None:
    """Add what the namespace lacks, as often as you like; values are IndexedValueType numbers.

    StackError when an attribute is there with another type.
    """
    service, namespace = client.operator_service, client.namespace
    known = await service.list_search_attributes(
        ListSearchAttributesRequest(namespace=namespace), timeout=_RPC_PATIENCE
    )
    for name, kind in wanted.items():
        if known.custom_attributes.get(name, kind) != kind:
            raise StackError(f"search attribute {name} exists in {namespace} with another type")
    missing = {
        name: IndexedValueType.ValueType(kind)
        for name, kind in wanted.items()
        if name not in known.custom_attributes
    }
    if not missing:
        return
    try:
        await service.add_search_attributes(
            AddSearchAttributesRequest(namespace=namespace, search_attributes=missing),
            timeout=_RPC_PATIENCE,
        )
    except RPCError as error:
        if error.status != RPCStatusCode.ALREADY_EXISTS:  # another process was quicker
            raise


async def set_retention(client: Client, retention: dt.timedelta) -> None:
    """How long the namespace keeps closed histories."""
    ttl = Duration()
    ttl.FromTimedelta(retention)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(
            namespace=client.namespace,
            config=NamespaceConfig(workflow_execution_retention_ttl=ttl),
        ),
        timeout=_RPC_PATIENCE,
    )


def _program() -> str:
    """The wheel's program lies beside the interpreter of its venv."""
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise StackError("no Temporal here: install deploy/lock/dev.txt or set TEMPORAL_ADDRESS")
    return found
