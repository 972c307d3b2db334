"""What a task should take: learned from samples, pulled from a prior, and never too strict."""

import itertools
from math import exp
from random import Random
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.decommission import EXPECTED_SECONDS, TaskKind
from models.domain.expectation import Learned, expect, prior, size_of, threshold_of

FLOOR_S = 60.0
KINDS = st.sampled_from(TaskKind)
SECONDS = st.floats(min_value=0.01, max_value=50_000)
RATIOS = st.floats(min_value=1, max_value=50)


@st.composite
def learned(draw: st.DrawFn) -> Learned:
    usual = draw(SECONDS)
    return Learned(draw(st.integers(1, 1000)), usual, usual * draw(RATIOS))


def observed(durations: list[float]) -> Learned:
    """What the store makes of these durations."""
    return Learned(len(durations), median(durations), quantiles(durations, n=20)[-1])


def drawn(chance: Random, count: int, spread: float, usual: float = 40.0) -> list[float]:
    return [usual * exp(chance.gauss(0, spread)) for _ in range(count)]


@given(KINDS, st.none() | learned(), st.none() | learned(), st.floats(0.1, 10_000))
def test_no_threshold_is_below_the_floor(
    kind: TaskKind, everywhere: Learned | None, own: Learned | None, floor_s: float
) -> None:
    assert expect(kind, everywhere, own, floor_s).threshold_s >= floor_s


@given(KINDS)
def test_without_history_the_handbook_counts(kind: TaskKind) -> None:
    found = expect(kind, None, None, 0.1)
    assert (found.usual_s, found.threshold_s, found.samples) == (
        EXPECTED_SECONDS[kind],
        2 * EXPECTED_SECONDS[kind],
        0,
    )


@given(KINDS, learned(), st.integers(1, 1000))
def test_more_samples_pull_steadily_from_the_prior_to_the_history(
    kind: TaskKind, some: Learned, more: int
) -> None:
    many = Learned(some.samples + more, some.usual_s, some.slow_s)
    before, after = expect(kind, some, None, 0.001), expect(kind, many, None, 0.001)
    goal = threshold_of(some.usual_s, some.slow_s, prior(kind).threshold_s)
    for start, first, second, end in (
        (prior(kind).usual_s, before.usual_s, after.usual_s, some.usual_s),
        (prior(kind).threshold_s, before.threshold_s, after.threshold_s, max(goal, 0.001)),
    ):
        steps = [start, first, second, end]
        falls = [step >= following * (1 - 1e-9) for step, following in itertools.pairwise(steps)]
        rises = [step <= following * (1 + 1e-9) for step, following in itertools.pairwise(steps)]
        assert all(falls) or all(rises)


@given(KINDS, learned(), learned())
def test_the_usual_duration_is_below_the_threshold_when_it_is_learned(
    kind: TaskKind, everywhere: Learned, own: Learned
) -> None:
    found = expect(kind, everywhere, own, 0.001)
    assert found.usual_s <= found.slow_s * (1 + 1e-9)
    assert found.usual_s < found.threshold_s


@pytest.mark.parametrize("spread", [0.1, 0.3, 0.6, 1.0, 1.4])
def test_of_a_thousand_healthy_tasks_hardly_one_is_called_stuck(spread: float) -> None:
    chance = Random(7)
    wrong = 0
    for _ in range(20):
        history = observed(drawn(chance, 200, spread))
        threshold = expect(TaskKind.PORTS, history, None, 0.001).threshold_s
        wrong += sum(one > threshold for one in drawn(chance, 1000, spread))
    assert wrong / 20_000 < 0.01


@pytest.mark.parametrize("spread", [0.1, 0.5, 1.0])
def test_tasks_that_were_stuck_themselves_do_not_spoil_the_threshold(spread: float) -> None:
    chance = Random(8)
    healthy = drawn(chance, 480, spread)
    spoiled = healthy + [1_000_000.0] * 20
    clean = expect(TaskKind.PORTS, observed(healthy), None, 0.001).threshold_s
    assert expect(TaskKind.PORTS, observed(spoiled), None, 0.001).threshold_s < 3 * clean


@given(SECONDS, RATIOS, st.floats(10, 5_000))
def test_however_far_apart_the_slow_ones_are_a_stuck_task_is_found(
    usual: float, ratio: float, prior_s: float
) -> None:
    slow = usual * ratio
    assert slow < threshold_of(usual, slow, prior_s) <= max(4 * slow, prior_s)


def test_the_operators_own_history_counts_more_than_everybodys() -> None:
    everywhere, own = Learned(1000, 10, 20), Learned(200, 100, 200)
    found = expect(TaskKind.PORTS, everywhere, own, FLOOR_S)
    assert 75 < found.usual_s < 100
    assert found.samples == 1000


def test_sizes_are_none_ten_a_hundred_a_thousand_and_more() -> None:
    counts = (0, 1, 10, 11, 100, 101, 1000, 1001, 90_000)
    assert [size_of(TaskKind.USERS, count) for count in counts] == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert size_of(TaskKind.END_LEASES, 500) == 0
