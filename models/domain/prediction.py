"""When a decommission will be done: what is left on the runbook's longest path, with an interval.

Durations are log-normal, as ours are: most near the usual one and a few far longer. They are added
and compared by their means and variances, so that a thousand sites cost milliseconds.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, erfc, exp, expm1, log, log1p, prod, sqrt
from statistics import NormalDist

from models.domain.decommission import SITES_AT_ONCE, SITES_OF_A_RUN, TaskKind
from models.domain.expectation import PRIOR_WEIGHT, SLOW

CONFIDENCE = 0.8
"""The finish falls into the interval with this probability."""

_AT_THE_SAME_TIME = (TaskKind.PORTS, TaskKind.USERS, TaskKind.WIFI_DEVICES, TaskKind.STOP_SERVICES)
_UNKNOWN_PRIOR = 0.5  # share by which the handbook's figures may be wrong as a whole
_UNKNOWN_LEARNED = 0.1  # and our own, as today is not yesterday

_NORMAL = NormalDist()
_Z_SLOW = _NORMAL.inv_cdf(SLOW)
_Z_EDGE = _NORMAL.inv_cdf(0.9)
_ROOT_2 = sqrt(2)
_FAR_OUT = 5.0
_LEAST_SPREAD = 0.001
_HALVINGS = 14  # to a thousandth of the bracket


class OpenEnd(StrEnum):
    """Why nobody can say when a decommission will be done."""

    HUMAN = "human"  # a task failed and waits for a decision
    PAUSED = "paused"  # by a person, as a whole or at a site
    HELD = "held"  # an outside system is held
    STUCK = "stuck"  # a task is stuck


@dataclass(frozen=True, slots=True)
class Step:
    """What is left of a task: what it should take, and how long it has been active."""

    usual_s: float
    slow_s: float
    active_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SiteLeft:
    """What is left at a site, or at each of some that are alike; what is done is not there."""

    steps: Mapping[TaskKind, Step]
    is_begun: bool = False
    sites: int = 1


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a decommission."""

    of_occupier: Mapping[TaskKind, Step]
    sites: Sequence[SiteLeft]
    samples: int  # how many tasks the figures were learned from, where it is the fewest
    open_end: OpenEnd | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """When it will be done; without `finish` nobody knows, and `open_end` says why."""

    earliest: datetime  # with nine chances in ten it is later
    finish: datetime | None  # as likely before as after
    latest: datetime | None  # with nine chances in ten it is sooner
    if_all_goes_on: datetime  # the finish if whatever waits went on now
    open_end: OpenEnd | None


@dataclass(frozen=True, slots=True)
class Span:
    """A duration that is not known exactly: mean and variance, in seconds."""

    mean: float
    variance: float

    def __add__(self, other: "Span") -> "Span":
        return Span(self.mean + other.mean, self.variance + other.variance)

    @property
    def shape(self) -> tuple[float, float]:
        """Mean and spread of the duration's logarithm, which is taken as normal."""
        spread = log1p(self.variance / self.mean**2)
        return log(self.mean) - spread / 2, max(sqrt(spread), _LEAST_SPREAD)

    def quantile(self, share: float) -> float:
        """The duration that such a share of all stays under."""
        if self.mean <= 0:
            return 0.0
        middle, spread = self.shape
        return exp(middle + spread * _NORMAL.inv_cdf(share))


NOTHING = Span(0.0, 0.0)


def predict(left: Left, now: datetime) -> Prediction:
    """When the decommission is done, seen from `now`."""
    total = _as_unsure_as_we_are(what_is_left(left), left.samples)
    rest = (1 - CONFIDENCE) / 2
    low, middle, high = (
        now + timedelta(seconds=total.quantile(share)) for share in (rest, 0.5, 1 - rest)
    )
    is_open = left.open_end is not None
    return Prediction(
        earliest=low,
        finish=None if is_open else middle,
        latest=None if is_open else high,
        if_all_goes_on=middle,
        open_end=left.open_end,
    )


def what_is_left(left: Left) -> Span:
    """From now to the end if nothing waits for a person."""
    spans = {kind: remaining(step) for kind, step in left.of_occupier.items()}
    before = spans.get(TaskKind.PLAN, NOTHING) + spans.get(TaskKind.DELETE_SCHEDULED, NOTHING)
    return before + _all_sites(left.sites) + spans.get(TaskKind.VERIFY_OCCUPIER, NOTHING)


def remaining(step: Step) -> Span:
    """How much longer a task takes that has been active for so long already."""
    usual = max(step.usual_s, 0.001)
    spread = max(log(max(step.slow_s, usual) / usual) / _Z_SLOW, _LEAST_SPREAD)
    whole = _log_normal(log(usual), spread)
    if step.active_s <= 0:
        return whole
    out = (log(step.active_s) - log(usual)) / spread
    if out > _FAR_OUT:  # longer than ever before: the longer it took, the longer it will take
        more = step.active_s * spread / out
        return Span(more, more**2)
    mean = whole.mean * _cdf(spread - out) / _cdf(-out)
    square = (whole.mean**2 + whole.variance) * _cdf(2 * spread - out) / _cdf(-out)
    return Span(max(mean - step.active_s, 0.0), max(square - mean**2, 0.0))


def longest(spans: Mapping[Span, int]) -> Span:
    """The longest of some durations, each of which occurs so many times."""
    shapes = [(span.shape, times) for span, times in spans.items() if span.mean > 0]
    if not shapes:
        return NOTHING

    def share_under(seconds: float) -> float:
        return prod(
            _cdf((log(seconds) - middle) / spread) ** times for (middle, spread), times in shapes
        )

    top = max(exp(middle + 6 * spread) for (middle, spread), _ in shapes)
    return _fitted(share_under, max(span.mean for span in spans) / 100, top)


def _fitted(share_under: Callable[[float], float], low: float, high: float) -> Span:
    """The log-normal duration with the same median and the same interval."""
    lower, middle, upper = (_solved(share_under, share, low, high) for share in (0.1, 0.5, 0.9))
    spread = (log(upper) - log(lower)) / (2 * _Z_EDGE)
    return _log_normal(log(middle), spread)


def _solved(share_under: Callable[[float], float], share: float, low: float, high: float) -> float:
    for _ in range(_HALVINGS):
        middle = sqrt(low * high)
        if share_under(middle) < share:
            low = middle
        else:
            high = middle
    return sqrt(low * high)


def _log_normal(middle: float, spread: float) -> Span:
    mean = exp(middle + spread**2 / 2)
    return Span(mean, mean**2 * expm1(spread**2))


def _cdf(deviations: float) -> float:
    return 0.5 * erfc(-deviations / _ROOT_2)


def of_site(steps: Mapping[TaskKind, Step]) -> Span:
    """The longest path of the runbook of a site (`workflows/decommission_site.py`)."""
    spans = {kind: remaining(step) for kind, step in steps.items()}
    telephony = spans.get(TaskKind.LOGOUT_HANDSETS, NOTHING) + spans.get(
        TaskKind.TELEPHONY, NOTHING
    )
    branches = [telephony, *(spans[kind] for kind in _AT_THE_SAME_TIME if kind in spans)]
    return (
        longest(Counter(branches))
        + spans.get(TaskKind.NETWORK, NOTHING)
        + spans.get(TaskKind.END_LEASES, NOTHING)
    )


def _all_sites(sites: Sequence[SiteLeft]) -> Span:
    """So many at a time, the next one when one is done."""
    running: Counter[Span] = Counter()
    waiting: Counter[Span] = Counter()
    for site in sites:
        (running if site.is_begun else waiting)[of_site(site.steps)] += site.sites
    if not waiting:
        return longest(running)
    runs = ceil(waiting.total() / SITES_OF_A_RUN)
    first = _in_turn(running, waiting, 1 / runs)
    later = _in_turn(Counter(), waiting, 1 / runs)
    return Span(first.mean + (runs - 1) * later.mean, first.variance + (runs - 1) * later.variance)


def _in_turn(running: Counter[Span], waiting: Counter[Span], share: float) -> Span:
    """When the last of a share of those waiting is done, if each takes the place free first.

    The places are all taken until nobody waits; then the longest rest of any of them counts.
    """
    count = waiting.total() * share
    if running.total() + count <= SITES_AT_ONCE:
        return longest(running + waiting)
    work = _sum(running) + _times(_sum(waiting), share)
    typical = _times(_sum(waiting), 1 / waiting.total())
    rest = typical.mean * (1 + typical.variance / typical.mean**2) / 2
    until_nobody_waits = max(work.mean / SITES_AT_ONCE - rest, 0.0)
    crowded = Span(until_nobody_waits, work.variance / SITES_AT_ONCE**2)
    return crowded + _longest_rest(typical)


def _longest_rest(typical: Span) -> Span:
    """How long the longest still takes of as many sites as run at once, each begun at some time.

    The rest of one is longer than x with the probability E[max(X - x, 0)] / E[X].
    """
    middle, spread = typical.shape

    def share_under(seconds: float) -> float:
        out = (log(seconds) - middle) / spread
        more = typical.mean * _cdf(spread - out) - seconds * _cdf(-out)
        return (1 - more / typical.mean) ** SITES_AT_ONCE

    return _fitted(share_under, typical.mean / 100, exp(middle + 7 * spread))


def _sum(spans: Counter[Span]) -> Span:
    return Span(
        sum(span.mean * times for span, times in spans.items()),
        sum(span.variance * times for span, times in spans.items()),
    )


def _times(span: Span, factor: float) -> Span:
    return Span(span.mean * factor, span.variance * factor)


def _as_unsure_as_we_are(total: Span, samples: int) -> Span:
    """Figures that are wrong are wrong for all sites at once, which no sum evens out."""
    weight = samples / (samples + PRIOR_WEIGHT)
    share = weight * _UNKNOWN_LEARNED + (1 - weight) * _UNKNOWN_PRIOR
    return Span(total.mean, total.variance + (share * total.mean) ** 2)
