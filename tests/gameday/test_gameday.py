"""The game day does not rot: one scenario of it runs, and its figures say what they should."""

import argparse

from bench import gameday_report
from bench.detector_draw import Kind
from bench.detector_figures import Verdict, figures
from bench.gameday import run
from bench.ways import WAYS, waves
from models.domain.outside import System


async def test_a_refusal_is_seen_decided_and_the_decommission_finished() -> None:
    options = argparse.Namespace(only="refuses", quick=True, systems=None, seed=1, logs=None)

    found = await run(options)

    (scenario,) = found["scenarios"]
    assert scenario["ok"], scenario
    assert scenario["case"]["subject"] == "The switching system: refuses a removal"
    assert scenario["case"]["status"] == "resolved"
    assert scenario["decisions"] == ["ports: retry"]
    figures_ = [found[name] for name in ("unfinished", "lost", "doubled", "held_afterwards")]
    assert figures_ == [0, 0, 0, 0]
    assert found["tasks_without_exactly_one_case"] == 0
    assert "refuses (422)" in gameday_report.page(found)


def test_the_waves_hold_each_way_once_and_few_that_the_breaker_counts() -> None:
    found = waves(WAYS)

    names = [way.name for wave in found for way in wave]
    assert sorted(names) == sorted(way.name for way in WAYS)
    assert all(sum(way.trips for way in wave) <= 1 for wave in found)


def test_a_miss_a_false_alarm_and_a_stray_are_counted_against_the_detector() -> None:
    hits = [
        Verdict(Kind.HANG, System.WIFI, flagged=True, over_threshold=1 + n / 10) for n in (1, 2)
    ]
    missed = Verdict(Kind.SLOW, System.WIFI, flagged=False)
    calm = Verdict(Kind.HELD, System.WIFI, flagged=False)
    wrong = Verdict(
        Kind.SETTLING, System.BILLING, flagged=True, why="stuck", active_s=1.0, threshold_s=2.0
    )

    found = figures([*hits, missed, calm, wrong], ["network: hung"])

    assert (found["faults"], found["healthy"]) == (3, 2)
    assert found["precision"] == 0.5
    assert found["recall"] == 0.6667
    assert found["missed"] == ["slow wifi"]
    assert found["detect_over_threshold_max"] == 1.2
