"""The detector's benchmark: `python -m bench.detector [--seed N] [--sites N] [--quick]`.

Injects faults, and slowness that is none, into many decommissions at once, one draw per site and
outside system, and looks which tasks the platform flags: failed or stuck, as a person sees it.
Everything is the real thing; only the history behind the thresholds is given (`bench/history.py`),
and the breaker is out of the way, as it would turn faults into holds.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from bench.detector_draw import (
    FLOOR_S,
    TASKS_OF,
    USUAL_S,
    Draw,
    Kind,
    draw_site,
)
from bench.detector_figures import Verdict, figures
from bench.detector_setting import AT_ONCE, ROUND_S, SETTINGS, SITES, STARTED, WAIT_S
from bench.history import fixed_history
from bench.live import Live, Place, live, one_site, poison_file
from bench.people import SRE, People
from bench.rig import say
from bench.scenario import NOW, Ground
from bench.watch import Sighting, watching


@dataclass(slots=True)
class Trial:
    """A decommission with its draws."""

    place: Place
    draws: list[Draw]
    run: UUID | None = None
    injected_at: datetime | None = None  # later than the start, of what is broken under way
    faults: list[str] = field(default_factory=list)


class Bench:
    """One run of the benchmark on a live stack."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self._ground = ground
        self._chance = random.Random(seed)
        self._poison: dict[str, list[Any]] = {"workflows": [], "activities": []}
        self.verdicts: list[Verdict] = []
        self.strays: list[str] = []  # tasks flagged that no fault can have touched

    async def mixed(self, places: Sequence[Place]) -> None:
        """Half of the sites faulty, half healthy and slow, all at the same time."""
        trials = [
            Trial(place, draw_site(self._chance, fault=n % 2 == 0))
            for n, place in enumerate(places)
        ]
        for n, trial in enumerate(trials):
            await self._inject(trial, whole_workflow=n % 12 == 10)
        await self._start(trials)
        await self._settle(trials)
        await self._judge(trials)
        await self._mend(trials)

    async def held(self, places: Sequence[Place]) -> None:
        """Every system held at the site for longer than the thresholds, then released."""
        trials = self._all(places, Kind.HELD)
        holds = []
        for place in places:
            for system in TASKS_OF:
                wanted = {"system": system.value, "site_id": str(place.sites[0][0])}
                # Support sees a site only while a case is open there.
                holds.append(await self._ground.people.post("/holds", wanted, SRE))
        await self._start(trials)
        await asyncio.sleep(WAIT_S)
        for hold in holds:
            await self._ground.people.post(f"/holds/{hold['id']}/release", who=SRE)
        await self._settle(trials)
        await self._judge(trials)

    async def paused(self, places: Sequence[Place]) -> None:
        """Decommissions paused for longer than the thresholds, then resumed."""
        trials = self._all(places, Kind.PAUSED)
        await self._start(trials)
        for action in ("pause", "resume"):
            for trial in trials:
                path = f"/decommissions/{trial.run}/decisions"
                await self._ground.people.post(path, {"action": action}, SRE)
            await asyncio.sleep(WAIT_S if action == "pause" else 0)
        await self._settle(trials)
        await self._judge(trials)

    async def dead_worker(self, places: Sequence[Place]) -> None:
        """The worker dies while tasks are under way, and nobody starts another."""
        trials = self._all(places, Kind.DEAD_WORKER)
        for trial in trials:
            await self._put(trial, "latency", latency={"ms": 1_000})
        await self._start(trials)
        for trial in trials:
            await self._comes_under_way(trial)
        self._ground.live.worker.kill()
        at = await self._ground.value(NOW)
        for trial in trials:
            trial.injected_at = at
        await self._settle(trials)
        await self._judge(trials)
        await self._mend(trials)
        await self._ground.live.worker.start()

    def _all(self, places: Iterable[Place], kind: Kind) -> list[Trial]:
        return [Trial(place, [Draw(system, kind) for system in TASKS_OF]) for place in places]

    async def _inject(self, trial: Trial, *, whole_workflow: bool) -> None:
        site_id = trial.place.sites[0][0]
        if whole_workflow and trial.draws[0].kind.is_fault:
            trial.draws = [Draw(draw.system, Kind.POISON) for draw in trial.draws]
            self._poison["workflows"].append(str(site_id))
        for draw in trial.draws:
            if draw.kind is Kind.POISON and not whole_workflow:
                told = [[str(site_id), kind.value] for kind in TASKS_OF[draw.system]]
                self._poison["activities"] += told
            elif (fault := draw.fault(self._chance)) is not None:
                effect, spec = fault
                await self._put(trial, effect, system=draw.system.value, **spec)
        path = poison_file(self._ground.live.settings)
        await asyncio.to_thread(path.write_text, json.dumps(self._poison))

    async def _put(self, trial: Trial, effect: str, **spec: object) -> None:
        name = f"{trial.place.site}-{len(trial.faults)}"
        trial.faults.append(name)
        await self._ground.live.rig.estate.put_fault(name, effect, site=trial.place.site, **spec)

    async def _start(self, trials: Iterable[Trial]) -> None:
        for trial in trials:
            trial.run = await self._ground.people.start(trial.place)

    async def _comes_under_way(self, trial: Trial) -> None:
        while True:
            if any(row["started_at"] and row["site_id"] for row in await self._tasks(trial)):
                return
            await asyncio.sleep(0.1)

    async def _settle(self, trials: Sequence[Trial]) -> None:
        """Until every healthy one is through and every faulty one is seen, or time is up."""
        deadline = time.monotonic() + ROUND_S
        while open_draws := [each for trial in trials for each in await self._open(trial)]:
            if time.monotonic() > deadline:
                say(f"detector: not settled in time: {', '.join(open_draws)}")
                return
            await asyncio.sleep(1.0)

    async def _open(self, trial: Trial) -> list[str]:
        """The draws of which neither the end nor the detection has been seen."""
        state = {row["kind"]: row["state"] for row in await self._tasks(trial)}
        return [
            f"{draw.kind} {draw.system}"
            for draw in trial.draws
            if not all(state[kind.value] == "completed" for kind in TASKS_OF[draw.system])
            and not (draw.kind.is_fault and self._seen(trial, draw))
        ]

    async def _mend(self, trials: Iterable[Trial]) -> None:
        for trial in trials:
            for name in trial.faults:
                await self._ground.live.rig.estate.clear_faults(name)
        for told in self._poison.values():
            told.clear()
        path = poison_file(self._ground.live.settings)
        await asyncio.to_thread(path.write_text, json.dumps(self._poison))

    async def _judge(self, trials: Iterable[Trial]) -> None:
        for trial in trials:
            rows = {row["kind"]: row for row in await self._tasks(trial)}
            for draw in trial.draws:
                if not self._is_void(trial, draw, rows):
                    self.verdicts.append(self._verdict(trial, draw, rows))
            self.strays += self._strays(trial)

    def _strays(self, trial: Trial) -> list[str]:
        """Flags of tasks that no draw can have held up; without a worker every task is."""
        if trial.draws[0].kind is Kind.DEAD_WORKER:
            return []
        touched = {kind.value for draw in trial.draws for kind in TASKS_OF[draw.system]}
        return [
            f"{seen.task['kind']} beside {trial.draws[0].kind}: {seen.why}"
            for seen in self._flags(trial)
            if seen.task["kind"] not in touched
        ]

    def _is_void(self, trial: Trial, draw: Draw, rows: dict[str, Any]) -> bool:
        """Whether its task was done already when the fault came: then nothing was injected."""
        if trial.injected_at is None:
            return False
        return all(
            rows[kind.value]["state"] == "completed" for kind in TASKS_OF[draw.system]
        ) and not self._seen(trial, draw)

    def _verdict(self, trial: Trial, draw: Draw, rows: dict[str, Any]) -> Verdict:
        seen = self._seen(trial, draw)
        if seen is None:
            return Verdict(draw.kind, draw.system, flagged=False)
        row = rows[seen.task["kind"]]
        limit = float(seen.task["threshold_s"] or FLOOR_S)
        begins = [row["started_at"] if seen.task["started_at"] else row["ready_at"]]
        begins += [trial.injected_at]
        since = max(moment for moment in begins if moment is not None)
        return Verdict(
            draw.kind,
            draw.system,
            flagged=True,
            why=f"{seen.how} {seen.why}",
            over_threshold=round((seen.at - since).total_seconds() / limit, 3),
            active_s=float(row["active_s"]),
            threshold_s=limit,
        )

    def _seen(self, trial: Trial, draw: Draw) -> Sighting | None:
        kinds = {kind.value for kind in TASKS_OF[draw.system]}
        fits = [seen for seen in self._flags(trial) if seen.task["kind"] in kinds]
        return min(fits, key=lambda seen: seen.at, default=None)

    def _flags(self, trial: Trial) -> list[Sighting]:
        assert trial.run is not None
        since = trial.injected_at
        return [
            seen
            for seen in self._ground.watch.of(trial.run)
            if seen.how != "held" and (since is None or seen.at >= since)
        ]

    async def _tasks(self, trial: Trial) -> list[Any]:
        assert trial.run is not None
        async with self._ground.live.rig.sessions() as session:
            return list((await session.execute(STARTED, {"id": trial.run})).mappings())


async def measure(
    *, sites: int, seed: int, logs: Path | None = None
) -> dict[str, Any]:  # Any: JSON
    """Run it on a stack of its own: `sites` of mixed draws, and the rest in proportion."""
    others = max(1, sites // 10)
    began = time.monotonic()
    async with AsyncExitStack() as running:
        stack: Live = await running.enter_async_context(
            live(SETTINGS, logs, "bench.poisoned_worker")
        )
        places = await stack.populate(one_site(sites + 4 * others, seed))
        url = stack.settings.libpq_url
        await running.enter_async_context(fixed_history(url, USUAL_S))
        people = People(stack.settings)
        running.push_async_callback(people.aclose)
        watch = await running.enter_async_context(watching(stack.rig.sessions))
        bench = Bench(Ground(stack, people, watch, FLOOR_S), seed)
        taken = iter(places)
        for first in range(0, sites, 2 * AT_ONCE):
            count = min(2 * AT_ONCE, sites - first)
            await bench.mixed([next(taken) for _ in range(count)])
            say(f"detector: {len(bench.verdicts)} draws judged")
        await bench.held([next(taken) for _ in range(others)])
        await bench.paused([next(taken) for _ in range(others)])
        await bench.dead_worker([next(taken) for _ in range(2 * others)])
        found = figures(bench.verdicts, bench.strays)
        found["tasks_without_exactly_one_case"] = len(watch.without_one_case)
    return {**found, "seed": seed, "seconds": round(time.monotonic() - began, 1)}


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.detector", description="Precision, recall and time to detect."
    )
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--sites", type=int, default=SITES, help="sites of mixed draws, 5 each")
    parser.add_argument("--quick", action="store_true", help="few sites; figures say little")
    parser.add_argument("--logs", type=Path, help="keep the logs of the processes there")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    sites = 8 if options.quick else options.sites
    found = asyncio.run(measure(sites=sites, seed=options.seed, logs=options.logs))
    print(json.dumps(found, indent=2))
    is_good = found["recall"] == 1 and (found["precision"] or 0) >= 0.98
    sys.exit(0 if is_good and found["detect_over_threshold_p95"] <= 1.5 else 1)


if __name__ == "__main__":
    main()
