"""A game day: `python -m bench.gameday [--quick] [--only NAME]`.

Breaks each outside system in each way, and the platform's own parts, on a live stack of real
processes; shows for each how soon it was seen, the case, the decision, the finished decommission.
Writes `bench/results/gameday.json` and `bench/GAMEDAY.md`; ends with 1 when an aim is missed.
"""

import argparse
import asyncio
import re
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from bench import gameday_report
from bench.detector import measure
from bench.detector_figures import Figures
from bench.detector_setting import SITES
from bench.history import fixed_history
from bench.live import Live, Place, live, one_site
from bench.parts import PARTS
from bench.people import People
from bench.rig import say
from bench.scenario import Drama, Ground, Result
from bench.upheaval import Part, play
from bench.watch import watching
from bench.ways import WAYS, Answer, Way, waves
from models.domain.outside import System

SETTINGS: dict[str, object] = {
    "patience": 0.02,
    "stuck_floor_s": 8.0,
    "stuck_look_s": 0.5,
    "breaker_tasks": 5,
    "breaker_probe_s": 4.0,
    "hold_spread_s": 2.0,
    "outside_timeout_s": 1.5,
    "starts_per_minute": 100_000,
    "log_level": "WARNING",
}

APART_S = 0.7  # starts at the same moment would make two cores the slowest system of all


async def outside(
    ground: Ground, places: list[Place], ways: list[Way], systems: list[System]
) -> list[Result]:
    """Each way on each system; those of one wave at the same time."""
    found: list[Result] = []
    for wave in waves(tuple(ways)):
        pairs = [(way, system) for way in wave for system in systems]
        say(f"wave: {', '.join(way.name for way in wave)} on {len(systems)} systems")
        plays = []
        for way, system in pairs:
            play_it = play_outside(ground, places.pop(), way, system)
            plays.append(asyncio.create_task(play_it))
            await asyncio.sleep(APART_S)
        found += await asyncio.gather(*plays)
    return found


async def play_outside(ground: Ground, place: Place, way: Way, system: System) -> Result:
    """One outside system at one site, broken in one way."""
    estate = ground.live.rig.estate
    names = [f"{way.name}-{uuid4().hex[:8]}" for _ in way.faults]

    async def mend() -> None:
        for name in names:
            await estate.clear_faults(name)

    async def inject() -> None:
        for name, spec in zip(names, way.faults, strict=True):
            more = {key: value for key, value in spec.items() if key != "effect"}
            effect = str(spec["effect"])
            await estate.put_fault(name, effect, system=system.value, site=place.site, **more)

    result = Result(way.name, system.value, expects_case=way.answer is not Answer.NOTHING)
    return await Drama(ground, place, result, way.answer, inject, mend, (system.value,)).play()


async def run(options: argparse.Namespace) -> dict[str, Any]:  # Any: JSON
    """All that was asked for, on one stack; then the detector on one of its own."""
    ways, parts = wanted(options)
    count = len(ways) * len(systems(options)) + sum(part.places for part in parts)
    began = time.monotonic()
    async with AsyncExitStack() as running:
        stack: Live = await running.enter_async_context(live(SETTINGS, options.logs))
        places = await stack.populate(one_site(count, options.seed))
        people = People(stack.settings)
        running.push_async_callback(people.aclose)
        watch = await running.enter_async_context(watching(stack.rig.sessions))
        await running.enter_async_context(fixed_history(stack.settings.libpq_url, {}))
        ground = Ground(stack, people, watch, stack.settings.stuck_floor_s)
        found = await outside(ground, places, ways, systems(options))
        for part in parts:
            taken = [places.pop() for _ in range(part.places)]
            found.append(await play(ground, taken, part))

    def told(detector: Figures | None) -> dict[str, Any]:  # Any: JSON
        return {
            **gameday_report.about(),
            "seconds": round(time.monotonic() - began, 1),
            "settings": SETTINGS,
            **gameday_report.summarise(found, len(watch.without_one_case), detector),
        }

    if options.only or options.systems:
        return told(None)
    if not options.quick:
        gameday_report.write(told(None))  # the detector takes its time
    sites = 8 if options.quick else SITES
    return told(await measure(sites=sites, seed=options.seed, logs=options.logs))


def wanted(options: argparse.Namespace) -> tuple[list[Way], list[Part]]:
    """The scenarios that were asked for."""
    pattern = re.compile(options.only or "")
    ways = [way for way in WAYS if pattern.search(way.name)]
    parts = [part for part in PARTS if pattern.search(part.name)]
    return (ways[::4], parts[:2]) if options.quick and not options.only else (ways, parts)


def systems(options: argparse.Namespace) -> list[System]:
    """The outside systems that are broken."""
    return options.systems or ([System.SWITCHING] if options.quick else list(System))


def main() -> None:
    """Read the options, run, report."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.gameday", description="Breaks everything in turn, on a live stack."
    )
    parser.add_argument("--only", help="names to match (regex); nothing is kept")
    parser.add_argument(
        "--systems", nargs="+", type=System, help="only these; nothing is kept", default=None
    )
    parser.add_argument("--quick", action="store_true", help="a few of each; nothing is kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=Path, help="keep the logs of the processes there")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    results = asyncio.run(run(options))
    is_partial = bool(options.only or options.quick or options.systems)
    if not is_partial:
        gameday_report.write(results)
    print("\n".join(gameday_report.table(results)))
    missed = results["not_as_expected"] if is_partial else gameday_report.missed(results)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
