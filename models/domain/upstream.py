"""What each kind of task waits for, as `workflows/decommission_*.py` run them."""

from collections.abc import Mapping

from models.domain.decommission import TaskKind

_FIRST_AT_A_SITE = (
    TaskKind.LOGOUT_HANDSETS,
    TaskKind.PORTS,
    TaskKind.USERS,
    TaskKind.WIFI_DEVICES,
    TaskKind.STOP_SERVICES,
)

UPSTREAM: Mapping[TaskKind, tuple[TaskKind, ...]] = {
    TaskKind.PLAN: (),
    TaskKind.DELETE_SCHEDULED: (TaskKind.PLAN,),
    **dict.fromkeys(_FIRST_AT_A_SITE, (TaskKind.DELETE_SCHEDULED,)),
    TaskKind.TELEPHONY: (TaskKind.LOGOUT_HANDSETS,),
    TaskKind.NETWORK: (TaskKind.TELEPHONY, *_FIRST_AT_A_SITE),
    TaskKind.END_LEASES: (TaskKind.NETWORK,),
    TaskKind.VERIFY_OCCUPIER: (TaskKind.END_LEASES,),
}
"""The kinds that must be completed first: at the same site, or at all when one has no site."""
