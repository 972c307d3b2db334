"""What the detector's benchmark injects: drawn from a seed, one draw per site and system."""

import random
from dataclasses import dataclass
from enum import StrEnum

from bench.history import SAMPLES, SLOW
from models.domain.decommission import TaskKind
from models.domain.expectation import Learned, expect
from models.domain.outside import System

FLOOR_S = 8.0  # well above the 2 s after which a workflow task is given up


class Kind(StrEnum):
    """What is injected. The first six are faults, the others are healthy however slow."""

    HANG = "hang"
    SLOW = "slow"
    LOST_REPLY = "lost_reply"
    OUTAGE = "outage"
    DEAD_WORKER = "dead_worker"
    POISON = "poison"
    HEALTHY_SLOW = "healthy_slow"
    THROTTLED = "throttled"
    SETTLING = "settling"
    HELD = "held"
    PAUSED = "paused"

    @property
    def is_fault(self) -> bool:
        """Whether a task under it cannot finish within its threshold."""
        return self in FAULTS


FAULTS = frozenset(
    {Kind.HANG, Kind.SLOW, Kind.LOST_REPLY, Kind.OUTAGE, Kind.DEAD_WORKER, Kind.POISON}
)
DRAWN_FAULTS = (Kind.HANG, Kind.SLOW, Kind.LOST_REPLY, Kind.OUTAGE, Kind.POISON)
DRAWN_HEALTHY = (Kind.HEALTHY_SLOW, Kind.HEALTHY_SLOW, Kind.THROTTLED, Kind.SETTLING)

TASKS_OF: dict[System, tuple[TaskKind, ...]] = {
    System.TELEPHONY: (TaskKind.LOGOUT_HANDSETS, TaskKind.TELEPHONY),
    System.SWITCHING: (TaskKind.PORTS,),
    System.ACCOUNTS: (TaskKind.USERS,),
    System.WIFI: (TaskKind.WIFI_DEVICES, TaskKind.USERS),
    System.BILLING: (TaskKind.STOP_SERVICES,),
}
"""The systems that get draws, and the tasks by which each is judged: whichever is seen first.

The network waits for all others at its site, so that its draw would be seen only after theirs.
"""

USUAL_S: dict[TaskKind, float] = {
    TaskKind.LOGOUT_HANDSETS: 1.4,
    TaskKind.TELEPHONY: 1.4,
    TaskKind.PORTS: 1.2,
    TaskKind.USERS: 1.6,
    TaskKind.WIFI_DEVICES: 1.2,
    TaskKind.STOP_SERVICES: 1.4,
}
"""What the history says; the thresholds that follow from it are below the floor."""

_CALLS: dict[System, int] = {
    System.TELEPHONY: 3,
    System.SWITCHING: 3,
    System.ACCOUNTS: 4,
    System.WIFI: 3,
    System.BILLING: 3,
}
"""Calls of one attempt, one after the other: read, retire (users are searched first), read."""


def threshold_s(kind: TaskKind) -> float:
    """From when on a task of the kind is stuck, by the same rule as the platform's."""
    learned = Learned(SAMPLES, USUAL_S[kind], SLOW * USUAL_S[kind])
    return expect(kind, learned, None, FLOOR_S).threshold_s


@dataclass(frozen=True, slots=True)
class Draw:
    """What happens to one system at one site."""

    system: System
    kind: Kind
    share: float = 0.0  # healthy_slow: of the threshold; slow: how many times it
    settles: int = 0  # settling: lies so often before it is true; throttled: so many refusals

    @property
    def per_call_ms(self) -> float:
        """The delay of each call that makes the whole task take `share` of its threshold."""
        return 1000 * self.share * threshold_s(TASKS_OF[self.system][0]) / _CALLS[self.system]

    def fault(self, chance: random.Random) -> tuple[str, dict[str, object]] | None:
        """The estate's effect and what goes with it; `None`: it is not the estate's doing."""
        match self.kind:
            case Kind.HANG:
                return "hang", {}
            case Kind.SLOW | Kind.HEALTHY_SLOW:
                return "latency", {"latency": {"ms": self.per_call_ms}}
            case Kind.LOST_REPLY:
                return "lost_answer", {}
            case Kind.OUTAGE:
                return "outage", {"outage": chance.choice(["503", "refused"])}
            case Kind.THROTTLED:
                return "throttle", {"retry_after_s": 3, "limit": self.settles}
            case Kind.SETTLING:
                return "lie", {"operation": "retire", "limit": self.settles}
            case _:
                return None


def draw_site(chance: random.Random, *, fault: bool) -> list[Draw]:
    """Draws for all systems of a site, faulty or healthy ones.

    Users have accounts in the Wi-Fi as well: a fault there is one of both tasks, so that a site
    is all faulty or all healthy.
    """
    drawn: list[Draw] = []
    for system in TASKS_OF:
        kind = chance.choice(DRAWN_FAULTS if fault else DRAWN_HEALTHY)
        match kind:
            case Kind.HEALTHY_SLOW:
                # The users' task calls two systems: each may take its part.
                most = 0.45 if system in {System.ACCOUNTS, System.WIFI} else 0.9
                drawn.append(Draw(system, kind, share=chance.uniform(0.1, most)))
            case Kind.SLOW:
                drawn.append(Draw(system, kind, share=chance.uniform(2.5, 5.0)))
            case Kind.THROTTLED | Kind.SETTLING:
                drawn.append(Draw(system, kind, settles=chance.randint(2, 4)))
            case _:
                drawn.append(Draw(system, kind))
    return drawn
