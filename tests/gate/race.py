"""The race of edit against start, many times over, on real connections.

`race_on(settings, trials)` needs a migrated database of its own. An orphan is an edit that was
accepted although the start's own transaction did not see it, or that the plan does not hold.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from psycopg.errors import RestrictViolation
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api.app import create_app
from models.database import Sessions, open_engine, open_sessions
from models.domain.occupier import OccupierStatus
from models.settings import Settings
from models.stores.plans import PlanStore
from models.stores.starts import Started, StartRequest, StartStore
from models.tables.decommission import DecommissionSiteRow, PlanItemRow
from models.tables.occupier import OccupierRow
from models.tables.port import SwitchRow
from tests.builders import (
    make_contract,
    make_occupier,
    make_pricebook_item,
    make_site,
    unique,
)
from tests.gate.race_edits import EditKind, Ground, Patch, Trial, edit_rows, held_rows
from tests.identities import headers_of, key, make_member

_STEP_S = 0.0015
_SPREAD_S = 0.004
_LONGEST_STEP_S = 0.05
_HIGHEST_LEAD_S = 0.5


@dataclass(slots=True)
class RaceResult:
    """How the trials ended; the edits won that were accepted, and came before the start."""

    trials: int = 0
    orphans: int = 0
    edits_won: int = 0
    starts_won: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)  # edits won, starts won

    def count(self, kind: EditKind, *, accepted: bool, orphan: bool) -> None:
        """Add a trial."""
        wins = self.by_kind.setdefault(kind.value, [0, 0])
        self.trials += 1
        self.orphans += orphan
        self.edits_won += accepted and not orphan
        self.starts_won += not accepted
        wins[0 if accepted else 1] += 1

    @property
    def is_balanced(self) -> bool:
        """Whether both sides won at least a fifth."""
        return 5 * min(self.edits_won, self.starts_won) >= self.trials


@dataclass(slots=True)
class Handicap:
    """By how much a kind of edit goes first: grown when it lost and cut when it won, so that the
    two stay close to each other on any machine."""

    lead_s: float = 0.0
    step_s: float = _STEP_S
    won_last: bool | None = None

    def delays(self, chance: random.Random) -> tuple[float, float]:
        """Seconds that the edit and the start wait."""
        lead = self.lead_s + chance.uniform(-_SPREAD_S, _SPREAD_S)
        return (0.0, lead) if lead >= 0 else (-lead, 0.0)

    def adjust(self, *, edit_won: bool) -> None:
        """Learn from a trial, in ever longer steps while the same side wins."""
        again = edit_won is self.won_last
        self.step_s = min(2 * self.step_s, _LONGEST_STEP_S) if again else _STEP_S
        self.won_last = edit_won
        step = -self.step_s if edit_won else self.step_s
        self.lead_s = max(-_HIGHEST_LEAD_S, min(_HIGHEST_LEAD_S, self.lead_s + step))


@dataclass(frozen=True, slots=True)
class Racers:
    """The connections: `people` is whoever edits and starts, `platform` sets up and looks after."""

    people: Sessions
    platform: Sessions
    patch: Patch | None = None

    @property
    def kinds(self) -> list[EditKind]:
        """Without the route there are only the edits of rows."""
        return [kind for kind in EditKind if self.patch or kind is not EditKind.DETAILS]


async def run_race(racers: Racers, trials: int, *, seed: int = 0) -> RaceResult:
    """Let every kind of edit race in turn."""
    chance, result = random.Random(seed), RaceResult()
    ground = await _ground(racers.platform)
    handicaps = {kind: Handicap() for kind in racers.kinds}
    for number in range(trials):
        kind = racers.kinds[number % len(racers.kinds)]
        trial = await _trial(racers.platform, ground, kind, handicaps[kind].delays(chance), chance)
        accepted, orphan = await _run(racers, trial)
        handicaps[kind].adjust(edit_won=accepted)
        result.count(kind, accepted=accepted, orphan=orphan)
    return result


async def race_on(settings: Settings, trials: int, *, seed: int = 0) -> RaceResult:
    """The race with the lock as it is, and with the API for the edits of details."""
    async with _racers(settings) as racers:
        return await run_race(racers, trials, seed=seed)


async def race_without_lock(settings: Settings, trials: int, *, seed: int = 0) -> RaceResult:
    """The control: edits as if the triggers were not there. It must show orphans."""
    engine = open_engine(settings, for_system=True)
    sessions = open_sessions(engine)
    try:
        return await run_race(Racers(sessions, sessions), trials, seed=seed)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _racers(settings: Settings) -> AsyncIterator[Racers]:
    engines = [open_engine(settings), open_engine(settings, for_system=True)]
    people, platform = map(open_sessions, engines)
    async with platform.begin() as session:
        member = await make_member(session, is_super_admin=True)
    app = create_app(settings)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app),
                base_url="http://api.test/api/v1",
                headers=headers_of(settings, member),
            ) as client,
        ):
            yield Racers(people, platform, _patch_with(client))
    finally:
        for engine in engines:
            await engine.dispose()


def _patch_with(client: httpx.AsyncClient) -> Patch:
    async def patch(occupier_id: UUID, version: int) -> int | None:
        reply = await client.patch(
            f"/occupiers/{occupier_id}",
            json={"billing_reference": uuid4().hex},
            headers=key() | {"If-Match": f'"{version}"'},
        )
        if reply.status_code == 409:
            return None
        reply.raise_for_status()
        changed: int = reply.json()["version"]
        return changed

    return patch


async def _ground(platform: Sessions) -> Ground:
    async with platform.begin() as session:
        site, other = await make_site(session), await make_site(session)
        switch = SwitchRow(site_id=site.id, name=unique("Switch"))
        session.add(switch)
        await session.flush()
        return Ground(site, other, await make_pricebook_item(session, site=site), switch)


async def _trial(
    platform: Sessions,
    ground: Ground,
    kind: EditKind,
    delays: tuple[float, float],
    chance: random.Random,
) -> Trial:
    async with platform.begin() as session:
        occupier = await make_occupier(session)
        contract = await make_contract(session, occupier=occupier, site=ground.site)
    return Trial(kind, occupier, contract, ground, *delays, pause=chance.uniform(0, 0.003))


async def _run(racers: Racers, trial: Trial) -> tuple[bool, bool]:
    """Whether the edit was accepted, and whether it is an orphan then."""
    seen: set[UUID] = set()
    gate = asyncio.Barrier(2)
    if trial.kind is EditKind.DETAILS:
        return await _run_details(racers, trial, gate)
    made, started = await asyncio.gather(
        _edit(racers, trial, gate), _start(racers, trial, gate, seen)
    )
    if made is None:
        return False, False
    is_planned = await _is_planned(racers.platform, started, made)
    return True, made not in seen or not is_planned


async def _run_details(racers: Racers, trial: Trial, gate: asyncio.Barrier) -> tuple[bool, bool]:
    """An accepted change of details has the version below that of the start."""
    assert racers.patch is not None

    async def edit(patch: Patch) -> int | None:
        await gate.wait()
        await asyncio.sleep(trial.edit_delay)
        return await patch(trial.occupier.id, trial.occupier.version)

    changed, _ = await asyncio.gather(edit(racers.patch), _start(racers, trial, gate, set()))
    async with racers.platform() as session:
        occupier = await session.get_one(OccupierRow, trial.occupier.id)
    assert occupier.status is OccupierStatus.PENDING
    return changed is not None, changed is not None and changed + 1 != occupier.version


async def _edit(racers: Racers, trial: Trial, gate: asyncio.Barrier) -> UUID | None:
    await gate.wait()
    try:
        return await edit_rows(racers.people, trial)
    except IntegrityError as error:
        if isinstance(error.orig, RestrictViolation):
            return None
        raise


async def _start(racers: Racers, trial: Trial, gate: asyncio.Barrier, seen: set[UUID]) -> Started:
    """Start it, note what the start's own transaction sees, then write the plan as a worker."""
    occupier = trial.occupier
    await gate.wait()
    await asyncio.sleep(trial.start_delay)
    request = StartRequest(occupier.id, occupier.name, "system", uuid4().hex, None)
    async with racers.people.begin() as session:
        started = await StartStore(session).start(request)
        if trial.kind is not EditKind.DETAILS:
            seen |= await held_rows(session, trial)
    async with racers.platform.begin() as session:
        await PlanStore(session).write(started.decommission_id, occupier.id)
    return started


async def _is_planned(platform: Sessions, started: Started, row_id: UUID) -> bool:
    """Whether the plan holds the row, at a site that the decommission covers."""
    covered = select(DecommissionSiteRow.site_id).where(
        DecommissionSiteRow.decommission_id == started.decommission_id
    )
    planned = select(func.count()).where(
        PlanItemRow.decommission_id == started.decommission_id,
        PlanItemRow.resource_id == row_id,
        PlanItemRow.site_id.in_(covered),
    )
    async with platform() as session:
        return bool(await session.scalar(planned))
