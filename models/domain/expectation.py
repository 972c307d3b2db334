"""How long a task should take, learned from our own history, and from when on it is stuck.

The history is kept per kind of task, operator and size. A kind always needs the same outside
systems, so kind and operator together name the provider; tasks on our own tables have none.
"""

from bisect import bisect_right
from dataclasses import dataclass
from math import exp, log

from models.domain.decommission import EXPECTED_SECONDS, RESOURCES_OF, TaskKind

DAYS = 90
NEWEST = 1_000
"""Only so many newest tasks of a key count: a system that got faster is known as faster soon."""
NEWEST_OF_KIND = 20_000
"""And they are looked for among so many newest of their kind."""

SIZE_STEPS = (1, 11, 101, 1_001)
"""Where a task counts as bigger: none, 1 to 10, 11 to 100, 101 to 1,000, and more."""

SIZED = frozenset(RESOURCES_OF) | {TaskKind.PLAN, TaskKind.VERIFY_OCCUPIER}
"""Kinds whose duration depends on how many resources there are; the others have size 0."""

SLOW = 0.95
PRIOR_WEIGHT = 20
"""The handbook's figure weighs as much as so many tasks of our own."""

_SHORTEST_S = 0.001
_MARGIN = 3
_WIDEST = 4


@dataclass(frozen=True, slots=True)
class Learned:
    """What completed tasks of one key took, in active seconds."""

    samples: int
    usual_s: float  # the median
    slow_s: float  # 95 of 100 were faster


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a task should take, in active seconds."""

    usual_s: float
    slow_s: float
    threshold_s: float  # active for longer than this is stuck
    samples: int  # 0: nothing but the prior


def size_of(kind: TaskKind, resources: int) -> int:
    """The size of a task with so many resources, from 0 to 4."""
    return bisect_right(SIZE_STEPS, resources) if kind in SIZED else 0


def prior(kind: TaskKind) -> Expectation:
    """The handbook's figures (reference 13): more than twice the expected duration is stuck."""
    expected = float(EXPECTED_SECONDS[kind])
    return Expectation(expected, 2 * expected, 2 * expected, 0)


def expect(
    kind: TaskKind, everywhere: Learned | None, own: Learned | None, floor_s: float
) -> Expectation:
    """What a task of the kind should take, from the system over all operators and of this one.

    Cold start: the prior alone. Then n tasks of all operators pull it towards their figures with
    the weight n / (n + 20), and after them those of the operator itself in the same way; durations
    are compared as ratios, so the mean is geometric. So one odd task moves little, and a few
    hundred leave nothing of the prior. The threshold is never below `floor_s`.
    """
    found = prior(kind)
    for learned in (everywhere, own):
        if learned is not None and learned.samples > 0:
            found = _pulled(found, learned, prior(kind).threshold_s)
    threshold = max(found.threshold_s, floor_s)
    return Expectation(found.usual_s, found.slow_s, threshold, found.samples)


def threshold_of(usual_s: float, slow_s: float, prior_s: float) -> float:
    """From when on a task is stuck whose like take `usual_s`, and seldom more than `slow_s`.

    The further the slow ones lie from the usual ones, the further out it is: squaring their ratio
    is where hardly one healthy task in ten thousand comes, and three times that is the margin for
    a slow day. Tasks that were stuck themselves may be among the slow ones: it goes no further
    than four times the slow ones, or the prior's threshold if that is more.
    """
    usual_s = max(usual_s, _SHORTEST_S)
    slow_s = max(slow_s, usual_s)
    return min(_MARGIN * slow_s * slow_s / usual_s, max(_WIDEST * slow_s, prior_s))


def _pulled(found: Expectation, learned: Learned, prior_s: float) -> Expectation:
    weight = learned.samples / (learned.samples + PRIOR_WEIGHT)
    threshold_s = threshold_of(learned.usual_s, learned.slow_s, prior_s)
    return Expectation(
        _between(found.usual_s, learned.usual_s, weight),
        _between(found.slow_s, learned.slow_s, weight),
        _between(found.threshold_s, threshold_s, weight),
        max(found.samples, learned.samples),
    )


def _between(before: float, after: float, weight: float) -> float:
    return exp((1 - weight) * log(before) + weight * log(max(after, _SHORTEST_S)))
