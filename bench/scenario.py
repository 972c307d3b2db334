"""One scenario of a game day: something breaks, it is seen, people decide, the run is finished."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bench.live import Live, Place, WorkerProcess
from bench.people import SRE, People, RefusedError, Reply
from bench.proof import Proof, Thing, held_by, prove, remove_by_hand
from bench.rig import say
from bench.watch import Row, Sighting, Watch
from bench.ways import Answer
from models.domain.decommission import TaskKind, systems_of

FINISH_S = 180.0
_EVERY_S = 0.25
MOVED_ON = {404, 409}  # support sees an occupier only while a case is open
_AWAY_S = 60.0
_AGAIN_S = 6.0
STATE = text("SELECT state FROM decommissions WHERE id = :id")
CASE = text("""
SELECT number, subject, description, status,
       (SELECT count(*) FROM case_tasks WHERE case_id = cases.id) AS tasks,
       status NOT IN ('resolved', 'closed')
       AND NOT EXISTS (SELECT FROM case_tasks WHERE case_id = cases.id AND left_at IS NULL)
       AND NOT EXISTS (SELECT FROM holds WHERE case_id = cases.id AND released_at IS NULL)
       AS is_idle
  FROM cases WHERE id = :id
""")
NOW = text("SELECT clock_timestamp()")
TASK = text("SELECT id, kind, round, state, phase FROM tasks WHERE id = :id")
_ANY_CASE = text(
    "SELECT count(*) FROM case_tasks ct JOIN tasks t ON t.id = ct.task_id"
    " WHERE t.decommission_id = :id"
)

Deed = Callable[[], Awaitable[None]]
FoundT = TypeVar("FoundT")


@dataclass(frozen=True, slots=True)
class Ground:
    """What every scenario stands on."""

    live: Live
    people: People
    watch: Watch
    floor_s: float
    spare: list[WorkerProcess] = field(default_factory=list)  # workers beside the usual one

    async def value(self, query: Any, **keys: object) -> Any:  # noqa: ANN401  # a statement and its column
        """A single value from the database."""
        return await _patiently(lambda session: session.scalar(query, keys), self)

    async def row(self, query: Any, **keys: object) -> Row | None:  # noqa: ANN401  # a statement
        """A single row from the database."""

        async def first(session: AsyncSession) -> Row | None:
            found = (await session.execute(query, keys)).mappings().first()
            return dict(found) if found else None

        return await _patiently(first, self)


async def _patiently(ask: Callable[[AsyncSession], Awaitable[FoundT]], ground: Ground) -> FoundT:
    """Ask the database, again when it is away for some time."""
    deadline = time.monotonic() + _AWAY_S
    while True:
        try:
            async with ground.live.rig.sessions() as session:
                return await ask(session)
        except (DBAPIError, OSError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)


@dataclass(slots=True)
class Result:
    """What is told of a scenario."""

    name: str
    system: str
    expects_case: bool
    detected_as: str | None = None
    detected_s: float | None = None  # from the injection, or the start of the task after it
    threshold_s: float | None = None
    case: dict[str, Any] | None = None  # Any: JSON
    decisions: list[str] = field(default_factory=list)
    finished: bool = False
    seconds: float = 0.0
    proof: Proof | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether it went as it should."""
        return self.finished and not self.problems

    def shown(self) -> dict[str, Any]:  # Any: JSON
        """For the results file."""
        return {**asdict(self), "ok": self.is_good}


@dataclass(slots=True)
class Drama:
    """A decommission under a fault, from its start to its proof."""

    ground: Ground
    place: Place
    result: Result
    answer: Answer = Answer.RETRY
    inject: Deed | None = None
    mend: Deed | None = None  # ends the fault
    systems: tuple[str, ...] = ()  # where things are removed by hand, if it comes to that
    _injected_at: datetime | None = None
    _is_mended: bool = False
    _decided: dict[tuple[UUID, int, str], float] = field(default_factory=dict)

    async def play(self) -> Result:
        """Start it, and do what people would do until it is finished."""
        began = time.monotonic()
        before = await held_by(self.ground.live, self.place)
        if self.inject is not None:
            await self.inject()
        self._injected_at = await self.ground.value(NOW)
        decommission_id = await self.ground.people.start(self.place)
        try:
            async with asyncio.timeout(FINISH_S):
                while await self.ground.value(STATE, id=decommission_id) != "decommissioned":
                    await self._act(decommission_id)
                    await asyncio.sleep(_EVERY_S)
            self.result.finished = True
        except TimeoutError:
            self.result.problems.append(f"not finished within {FINISH_S:g} s")
        await self._mend()
        self.result.seconds = round(time.monotonic() - began, 1)
        await self._judge(decommission_id, before)
        say(f"{'ok  ' if self.result.is_good else 'BAD '} {line(self.result)}")
        return self.result

    async def _act(self, decommission_id: UUID) -> None:
        sightings = self.ground.watch.of(decommission_id)
        if not sightings:
            return
        if self.result.detected_as is None:
            await self._tell(sightings[0])
        if self.answer is Answer.NOTHING:
            return
        for row in self.ground.watch.now(decommission_id):
            await self._answer(row)

    async def _tell(self, seen: Sighting) -> None:
        assert self._injected_at is not None
        started = seen.task["started_at"]
        since = max(self._injected_at, started) if started else self._injected_at
        self.result.detected_as = f"{seen.how} ({seen.why})" if seen.why else seen.how
        self.result.detected_s = round((seen.at - since).total_seconds(), 2)
        self.result.threshold_s = round(seen.task["threshold_s"] or self.ground.floor_s, 2)
        if seen.case_id is not None:
            self.result.case = await case_of(self.ground, seen.case_id)

    async def _answer(self, row: Row) -> None:
        how = "failed" if row["state"] == "failed" else "tried"
        key = (row["id"], row["round"], how)
        if is_recent(self._decided.get(key)) or row["state"] == "completed":
            return
        if how == "tried" and self.answer is not Answer.RETRY:
            return  # what is still tried can only be retried; it will fail for good
        if how == "tried" and row["stuck_because"] in {None, "no_worker", "engine_away"}:
            return  # it waits; nothing to decide about the task itself
        self._decided[key] = time.monotonic()
        await self._mend()
        task = await self.ground.row(TASK, id=row["id"])
        if task is None or task["round"] != row["round"] or task["state"] != row["state"]:
            return
        try:
            await self._decide({**task, "id": str(task["id"])})
        except RefusedError as refused:
            if refused.status not in MOVED_ON:
                self.result.problems.append(str(refused))

    async def _decide(self, task: Reply) -> None:
        people, kind = self.ground.people, task["kind"]
        needed = {system.value for system in systems_of(TaskKind(kind))}
        is_elsewhere = self.answer is Answer.RETRY and needed.isdisjoint(self.systems)
        if is_elsewhere or kind == "verify_occupier":
            # Another system, or the last look at all, shows what is there again.
            count = await remove_by_hand(self.ground.live, self.place, self.systems)
            await people.decide(task, "retry")
            self.result.decisions.append(f"{count} removed by the provider; {kind}: retry")
            return
        match self.answer:
            case Answer.BY_HAND:
                await remove_by_hand(self.ground.live, self.place, self.systems)
                evidence = "Removed by the provider; seen in its console."
                await people.decide(task, "complete_by_hand", evidence=evidence)
                self.result.decisions.append(f"{kind}: complete_by_hand")
            case Answer.WAIVE:
                await self._waive(task)
            case _:
                await people.decide(task, "retry", SRE if self._needs_sre() else "support")
                self.result.decisions.append(f"{kind}: retry")

    async def _waive(self, task: Reply) -> None:
        people, kind = self.ground.people, task["kind"]
        try:
            decision = await people.decide(task, "waive", reason="system_retired")
        except RefusedError as refused:
            if "TaskNotWaivable" not in str(refused) and "left undone" not in str(refused):
                raise
            await people.decide(task, "retry")
            self.result.decisions.append(f"{kind}: waiver refused; retry")
            return
        await people.confirm(decision)
        self.result.decisions.append(f"{kind}: waive by support and SRE")

    def _needs_sre(self) -> bool:
        return "not_authorised" in (self.result.detected_as or "")

    async def _mend(self) -> None:
        if not self._is_mended and self.mend is not None:
            self._is_mended = True
            await self.mend()

    async def _judge(self, decommission_id: UUID, before: list[Thing]) -> None:
        result = self.result
        if result.expects_case and result.case is None:
            result.problems.append("no case")
        if not result.expects_case and await self.ground.value(_ANY_CASE, id=decommission_id):
            result.problems.append("a case that nobody needs")
        if not result.finished:
            return
        result.proof = await prove(self.ground.live, self.place, decommission_id, before)
        if not result.proof.is_clean:
            result.problems.append(str(result.proof))
        if result.case is not None:
            case = await self.ground.row(CASE, id=UUID(result.case["id"]))
            assert case is not None
            result.case |= {"status": case["status"], "tasks": case["tasks"]}
            if case["is_idle"]:
                result.problems.append(f"the case is {case['status']} and has no task")


def is_recent(decided_at: float | None) -> bool:
    """Whether a decision may still be on its way; of one without effect people make another."""
    return decided_at is not None and time.monotonic() - decided_at < _AGAIN_S


async def case_of(ground: Ground, case_id: UUID) -> dict[str, Any]:  # Any: JSON
    """What support reads of a case; of one that is out of sight by now, what its row says."""
    row = await ground.row(CASE, id=case_id)
    assert row is not None
    told = {**row, "id": str(case_id)}
    try:
        found = await ground.people.read(f"/cases/{case_id}")
    except RefusedError as refused:
        return told | {"unseen": refused.status}
    advice = found["advice"] or {}
    return told | {
        "number": found["number"],
        "subject": found["subject"],
        "audience": advice.get("audience"),
        "meaning": advice.get("meaning"),
        "next_step": advice.get("next_step"),
    }


def line(result: Result) -> str:
    seen = "no trouble"
    if result.detected_s is not None:
        seen = f"{result.detected_as} after {result.detected_s:g} s"
    decided = "; ".join(result.decisions) or "nothing decided"
    problems = f" PROBLEMS: {result.problems}" if result.problems else ""
    return f"{result.system}: {result.name}: {seen}; {decided}; {result.seconds:g} s{problems}"
