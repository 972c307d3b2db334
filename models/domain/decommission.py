"""A decommission and its tasks: states, kinds, and the order of the kinds at a site."""

from collections.abc import Mapping
from enum import StrEnum

from models.domain.outside import ResourceKind, System


class DecommissionState(StrEnum):
    """Where a decommission stands. `PARTIAL` waits for support; the occupier then is failed."""

    PENDING = "pending"
    PARTIAL = "partial"
    DECOMMISSIONED = "decommissioned"


class TaskState(StrEnum):
    """The state that people filter by (DT-04)."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TaskPhase(StrEnum):
    """What a pending task is doing right now."""

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    ENDED = "ended"


class TaskKind(StrEnum):
    """One step of the runbook; a site's kinds come first, the occupier's own after them."""

    LOGOUT_HANDSETS = "logout_handsets"
    TELEPHONY = "telephony"
    PORTS = "ports"
    USERS = "users"
    WIFI_DEVICES = "wifi_devices"
    STOP_SERVICES = "stop_services"
    NETWORK = "network"
    END_LEASES = "end_leases"
    PLAN = "plan"
    DELETE_SCHEDULED = "delete_scheduled"
    VERIFY_OCCUPIER = "verify_occupier"


SITE_TASKS = (
    TaskKind.LOGOUT_HANDSETS,
    TaskKind.TELEPHONY,
    TaskKind.PORTS,
    TaskKind.USERS,
    TaskKind.WIFI_DEVICES,
    TaskKind.STOP_SERVICES,
    TaskKind.NETWORK,
    TaskKind.END_LEASES,
)
"""The tasks of every site; `workflows/decommission_site.py` says in which order."""

OCCUPIER_TASKS = (TaskKind.PLAN, TaskKind.DELETE_SCHEDULED, TaskKind.VERIFY_OCCUPIER)

RESOURCES_OF: Mapping[TaskKind, tuple[ResourceKind, ...]] = {
    TaskKind.LOGOUT_HANDSETS: (ResourceKind.HANDSET_LOGIN,),
    TaskKind.TELEPHONY: (ResourceKind.PHONE_NUMBER,),
    TaskKind.PORTS: (ResourceKind.SWITCH_PORT,),
    TaskKind.USERS: (ResourceKind.WIFI_ACCOUNT, ResourceKind.USER_ACCOUNT),
    TaskKind.WIFI_DEVICES: (ResourceKind.WIFI_DEVICE,),
    TaskKind.STOP_SERVICES: (ResourceKind.RECURRING_CHARGE,),
    TaskKind.NETWORK: (
        ResourceKind.PUBLIC_IP,
        ResourceKind.DHCP_SCOPE,
        ResourceKind.SUBNET,
        ResourceKind.VLAN,
    ),
}
"""The resources that each task takes out of service in the outside systems."""

TASK_OF: Mapping[ResourceKind, TaskKind] = {
    resource: task for task, resources in RESOURCES_OF.items() for resource in resources
}


def systems_of(task: TaskKind) -> tuple[System, ...]:
    """The outside systems that a task talks to; none for a task on our own tables only."""
    return tuple(dict.fromkeys(kind.system for kind in RESOURCES_OF.get(task, ())))


EXPECTED_SECONDS: Mapping[TaskKind, int] = {
    TaskKind.LOGOUT_HANDSETS: 300,
    TaskKind.TELEPHONY: 300,
    TaskKind.PORTS: 300,
    TaskKind.USERS: 120,
    TaskKind.WIFI_DEVICES: 120,
    TaskKind.STOP_SERVICES: 600,
    TaskKind.NETWORK: 600,
    TaskKind.END_LEASES: 60,
    TaskKind.PLAN: 60,
    TaskKind.DELETE_SCHEDULED: 60,
    TaskKind.VERIFY_OCCUPIER: 300,
}
"""Expected duration per kind of task in seconds (reference 13); older than this is overdue."""

SITES_AT_ONCE = 50
"""Bounds the open runs of sites, and what one occupier takes from the others."""

SITES_OF_A_RUN = 250
"""Sites per run of a decommission's workflow, which bounds its history."""

EXPECTED_DECOMMISSION_SECONDS = 3600  # DD-14: about 60 minutes
