"""A part of the platform, or a whole system, is broken under several decommissions at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import text

from bench.live import Place
from bench.people import SRE, SUPPORT, RefusedError
from bench.proof import Proof, Thing, held_by, prove
from bench.rig import say
from bench.scenario import (
    CASE,
    MOVED_ON,
    NOW,
    STATE,
    TASK,
    Ground,
    Result,
    case_of,
    is_recent,
    line,
)
from bench.watch import Row, Sighting

FINISH_S = 240.0
SEEN_S = 90.0
_RETRIED = {"hung", "retrying", "run_gone"}
_UNDER_WAY = text("""
SELECT count(*) FROM tasks WHERE decommission_id = ANY(:ids) AND site_id IS NOT NULL
   AND started_at IS NOT NULL
""")
_OPEN_RUNS = text("""
SELECT count(*) FROM decommissions WHERE id = ANY(:ids) AND state <> 'decommissioned'
""")


@dataclass(slots=True)
class Stage:
    """What a part's deeds see: the ground, the places and what was started."""

    ground: Ground
    places: list[Place]
    runs: list[UUID] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # what people decided
    memory: dict[str, str] = field(default_factory=dict)
    broken_at: datetime | None = None


Deed = Callable[[Stage], Awaitable[None]]


async def nothing(_stage: Stage) -> None:
    """No deed."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is broken and how; `expects` is what must be seen, and `None` that it may just heal."""

    name: str
    system: str
    break_: Deed
    mend: Deed = nothing
    prepare: Deed = nothing  # before the starts
    clean_up: Deed = nothing  # after the end
    expects: str | None = None
    places: int = 3
    slow_ms: int = 700  # each outside call, so that there is something to break
    waits_s: float = 0.0  # between break and mend, when nothing is expected


async def play(ground: Ground, places: list[Place], part: Part) -> Result:
    """Break it under way, look, mend, finish, prove."""
    began = time.monotonic()
    stage = Stage(ground, places)
    result = Result(part.name, part.system, expects_case=part.expects is not None)
    before = {place.occupier_id: await held_by(ground.live, place) for place in places}
    slow = f"slow-{uuid4().hex[:8]}"
    await part.prepare(stage)
    try:
        async with asyncio.timeout(FINISH_S):
            await _slow_down(ground, places, slow, part.slow_ms)
            stage.runs = [await ground.people.start(place) for place in places]
            await _under_way(stage, part)
            injected = await ground.value(NOW)
            await part.break_(stage)
            stage.broken_at = await ground.value(NOW)  # to deploy a defect takes its time
            await _see(stage, part, result, injected)
            await part.mend(stage)
            for n in range(len(places)):
                await ground.live.rig.estate.clear_faults(f"{slow}-{n}")
            await _finish(stage)
            if part.expects is None and (seen := _sighting(stage, "failed|stuck|held", injected)):
                await _tell(stage, result, seen)
        result.finished = True
    except TimeoutError:
        result.problems.append(f"not finished within {FINISH_S:g} s: {await _left(stage)}")
    finally:
        await part.clean_up(stage)
    result.decisions = list(dict.fromkeys(stage.told))
    result.seconds = round(time.monotonic() - began, 1)
    await _judge(stage, result, before)
    say(f"{'ok  ' if result.is_good else 'BAD '} {line(result)}")
    return result


async def _slow_down(ground: Ground, places: list[Place], name: str, ms: int) -> None:
    for n, place in enumerate(places):
        await ground.live.rig.estate.put_fault(
            f"{name}-{n}", "latency", site=place.site, latency={"ms": ms}
        )


async def _under_way(stage: Stage, part: Part) -> None:
    """Wait until tasks of the sites are tried, or held if that is how the scenario begins."""
    while not await stage.ground.value(_UNDER_WAY, ids=stage.runs):
        if part.expects == "held" and any(stage.ground.watch.of(run) for run in stage.runs):
            return
        await asyncio.sleep(0.1)


async def _see(stage: Stage, part: Part, result: Result, injected: datetime) -> None:
    if part.expects is None:
        await asyncio.sleep(part.waits_s)
        return
    deadline = time.monotonic() + SEEN_S
    while (seen := _sighting(stage, part.expects, injected)) is None:
        if time.monotonic() > deadline:
            every = [each for run in stage.runs for each in stage.ground.watch.of(run)]
            found = sorted({f"{each.how} {each.why}" for each in every})
            result.problems.append(f"{part.expects} was not seen, only {found}")
            return
        await asyncio.sleep(0.1)
    await asyncio.sleep(1.0)  # more tasks may join the case
    await _tell(stage, result, seen)


async def _tell(stage: Stage, result: Result, seen: Sighting) -> None:
    assert stage.broken_at is not None
    started = seen.task["started_at"]
    since = max(stage.broken_at, started) if started else stage.broken_at
    result.detected_as = f"{seen.how} ({seen.why})" if seen.why else seen.how
    result.detected_s = round(max(0.0, (seen.at - since).total_seconds()), 2)
    result.threshold_s = round(seen.task["threshold_s"] or stage.ground.floor_s, 2)
    if seen.case_id is not None:
        result.case = await case_of(stage.ground, seen.case_id)


def _sighting(stage: Stage, expected: str, injected: datetime) -> Sighting | None:
    """The first that fits: `expected` is how or why, or several of them with a bar between."""
    wanted = set(expected.split("|"))
    fits = [
        each
        for run in stage.runs
        for each in stage.ground.watch.of(run)
        if {each.how, each.why} & wanted and each.at >= injected
    ]
    return min(fits, key=lambda each: each.at, default=None)


async def _finish(stage: Stage) -> None:
    decided: dict[tuple[UUID, int, str], float] = {}
    while await stage.ground.value(_OPEN_RUNS, ids=stage.runs):
        for run in stage.runs:
            for row in stage.ground.watch.now(run):
                await _decide(stage, row, decided)
        await asyncio.sleep(0.3)


async def _decide(stage: Stage, row: Row, decided: dict[tuple[UUID, int, str], float]) -> None:
    """Retry what failed, hangs, is retried, or has no run; all else goes on by itself."""
    if row["state"] != "failed" and row["stuck_because"] not in _RETRIED:
        return
    key = (row["id"], row["round"], row["state"])
    if is_recent(decided.get(key)):
        return
    decided[key] = time.monotonic()
    task = await stage.ground.row(TASK, id=row["id"])
    if task is None or (task["round"], task["state"]) != (row["round"], row["state"]):
        return
    who = SRE if row["last_error_kind"] in {"bug", "not_authorised"} else SUPPORT
    try:
        await stage.ground.people.decide({**task, "id": str(task["id"])}, "retry", who)
        stage.told.append(f"{row['kind']}: retry")
    except RefusedError as refused:
        if refused.status not in MOVED_ON:
            raise


async def _judge(stage: Stage, result: Result, before: dict[UUID, list[Thing]]) -> None:
    if result.expects_case and result.case is None:
        result.problems.append("no case")
    if not result.finished:
        return
    proofs = [
        await prove(stage.ground.live, place, run, before[place.occupier_id])
        for place, run in zip(stage.places, stage.runs, strict=True)
    ]
    result.proof = Proof(
        held=sum(proof.held for proof in proofs),
        doubled=sum(proof.doubled for proof in proofs),
        lost=sum(proof.lost for proof in proofs),
        left_alone=sum(proof.left_alone for proof in proofs),
        details=tuple(detail for proof in proofs for detail in proof.details),
    )
    if not result.proof.is_clean:
        result.problems.append(str(result.proof))
    if result.case is not None:
        case = await stage.ground.row(CASE, id=UUID(result.case["id"]))
        assert case is not None
        result.case |= {"status": case["status"], "tasks": case["tasks"]}
        if case["is_idle"]:
            result.problems.append(f"the case is {case['status']} and has no task")


async def _left(stage: Stage) -> list[str]:
    states = [await stage.ground.value(STATE, id=run) for run in stage.runs]
    tasks = [
        f"{row['kind']} {row['state']} {row['stuck_because']}"
        for run in stage.runs
        for row in stage.ground.watch.now(run)
    ]
    return [*map(str, states), *tasks]
