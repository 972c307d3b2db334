"""The ways in which an outside system is broken on a game day: every effect of the estate."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Spec = Mapping[str, object]


class Answer(StrEnum):
    """What people do about it."""

    NOTHING = "nothing"  # it heals by itself, so there must be no case
    RETRY = "retry"  # the system is mended, the task tried again
    BY_HAND = "complete_by_hand"  # the provider has done it, a fresh read confirms it
    WAIVE = "waive"  # two people answer for leaving it undone, where that is allowed


@dataclass(frozen=True, slots=True)
class Way:
    """One way; `faults` are set on one system at one site."""

    name: str
    faults: tuple[Spec, ...]
    answer: Answer = Answer.RETRY
    trips: bool = False  # a failure of the system itself, which the breaker counts


def _retire(effect: str, **spec: object) -> Spec:
    return {"effect": effect, "operation": "retire", **spec}


def _refused(status: int) -> Spec:
    return _retire("error", statuses={str(status): 1.0})


_LOST_ONCE = _retire("lost_answer", limit=1)
_SLOW = {"distribution": "uniform", "ms": 200, "max_ms": 500}

WAYS: tuple[Way, ...] = (
    Way("slow", ({"effect": "latency", "latency": _SLOW},), Answer.NOTHING),
    Way("errors, then well", (_retire("error", statuses={"500": 1.0}, limit=3),), Answer.NOTHING),
    Way("throttled, then well", (_retire("throttle", limit=2),), Answer.NOTHING),
    Way("answer lost once", (_LOST_ONCE,), Answer.NOTHING),
    Way("every answer lost", (_retire("lost_answer"),), Answer.NOTHING),
    Way("half a batch once", (_retire("half_batch", limit=1),), Answer.NOTHING),
    Way("keys ignored", (_retire("no_idem"), _LOST_ONCE), Answer.NOTHING),
    Way("refuses (422)", (_refused(422),)),
    Way("in conflict (409)", (_refused(409),)),
    Way("does not know us (404)", (_refused(404),), Answer.WAIVE),
    Way("says OK and does nothing", (_retire("lie"),), Answer.BY_HAND),
    # Before the last verification; after it nobody looks again.
    Way("comes back later", (_retire("resurrect", after_s=0.2),)),
    Way("always half a batch", (_retire("half_batch"),), trips=True),
    Way("errors for good (500)", (_refused(500),), trips=True),
    Way("no credentials (401)", (_refused(401),), trips=True),
    Way("throttled for good", (_retire("throttle"),), trips=True),
    Way("hangs", ({"effect": "hang"},), trips=True),
    Way("garbage", (_retire("garbage"),), trips=True),
    Way("outage (503)", ({"effect": "outage"},), trips=True),
    Way("outage (unreachable)", ({"effect": "outage", "outage": "refused"},), trips=True),
)


def waves(ways: tuple[Way, ...], tripping: int = 1) -> list[list[Way]]:
    """Ways to run at the same time; few of those that the breaker counts in each wave."""
    counted = [way for way in ways if way.trips]
    others = [way for way in ways if not way.trips]
    count = max(1, -(-len(counted) // tripping))
    return [wave for n in range(count) if (wave := counted[n::count] + others[n::count])]
