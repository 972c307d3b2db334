"""How long each kind of task may take and how patiently it is tried: the only place of retries.

All waits can be scaled by the decommission's `patience`, which is 1 outside of tests. Heartbeats
come every second from `activities/progress.py`, so a dead worker is noticed within three.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict

from models.domain.decommission import TaskKind
from temporalio.common import RetryPolicy


class Policy(TypedDict):
    """What every activity call says of its patience."""

    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta | None
    retry_policy: RetryPolicy


HEARTBEAT = timedelta(seconds=3)
FIRST_RETRY_S = 0.5


def _outside(*, attempts: int, longest_wait_s: float, limit_s: float) -> Policy:
    """Retries with doubling waits; permanent failures are marked so where they are raised."""
    return Policy(
        start_to_close_timeout=timedelta(seconds=limit_s),
        heartbeat_timeout=HEARTBEAT,
        retry_policy=RetryPolicy(
            initial_interval=timedelta(seconds=FIRST_RETRY_S),
            backoff_coefficient=2.0,
            maximum_interval=timedelta(seconds=longest_wait_s),
            maximum_attempts=attempts,
        ),
    )


POLICIES: Mapping[TaskKind, Policy] = {
    # A handset that is off answers late: about 6 minutes of tries.
    TaskKind.LOGOUT_HANDSETS: _outside(attempts=12, longest_wait_s=60, limit_s=300),
    # Carriers have maintenance windows of a quarter of an hour.
    TaskKind.TELEPHONY: _outside(attempts=14, longest_wait_s=180, limit_s=900),
    TaskKind.PORTS: _outside(attempts=12, longest_wait_s=120, limit_s=600),
    # Two systems in one task, and up to 5,000 users a portion.
    TaskKind.USERS: _outside(attempts=12, longest_wait_s=60, limit_s=900),
    TaskKind.WIFI_DEVICES: _outside(attempts=12, longest_wait_s=60, limit_s=900),
    # Money: the charge has stopped in effect already, so this can afford to wait longest.
    TaskKind.STOP_SERVICES: _outside(attempts=15, longest_wait_s=120, limit_s=300),
    # A VLAN is refused while a port is still on it; a switch may take minutes to let go.
    TaskKind.NETWORK: _outside(attempts=14, longest_wait_s=180, limit_s=600),
    # Our own database: it comes back, so waits are short and attempts many.
    TaskKind.END_LEASES: _outside(attempts=20, longest_wait_s=30, limit_s=120),
    TaskKind.PLAN: _outside(attempts=20, longest_wait_s=30, limit_s=600),
    TaskKind.DELETE_SCHEDULED: _outside(attempts=20, longest_wait_s=30, limit_s=120),
    # Reads everything once more; a lagging system may need some minutes to show the truth.
    TaskKind.VERIFY_OCCUPIER: _outside(attempts=10, longest_wait_s=60, limit_s=3600),
}

RECORDS = Policy(
    # Bookkeeping in our own database that must succeed: it is tried for ever, because without it
    # a person would not learn what is wrong.
    start_to_close_timeout=timedelta(seconds=10),
    heartbeat_timeout=None,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=FIRST_RETRY_S), maximum_interval=timedelta(seconds=10)
    ),
)


def policy_of(kind: TaskKind, patience: float) -> Policy:
    """The policy of a kind with its waits scaled by `patience`."""
    policy = POLICIES[kind].copy()
    retry = policy["retry_policy"]
    if patience != 1.0 and retry.maximum_interval is not None:
        policy["retry_policy"] = RetryPolicy(
            initial_interval=retry.initial_interval * patience,
            backoff_coefficient=retry.backoff_coefficient,
            maximum_interval=retry.maximum_interval * patience,
            maximum_attempts=retry.maximum_attempts,
        )
    return policy
