"""Records the histories of `test_replay.py`: `python -m tests.replay.record [SCENARIO]...`.

Run it for each release and keep the older files: every history that was ever recorded must
replay. They hold ids and counts only.
"""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from models.domain.decision import DecisionAction
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.outside import System
from models.domain.schedule import ScheduleState
from models.portfolio.sample.size import SampleSize
from models.stores.closures import ClosureRequest, ClosureStore
from models.stores.starts import Started
from tests.database_server import EmbeddedServer, fresh_database, migrated_template
from tests.deciding import decide, pause
from tests.handsets import asked, logins, reference_of
from tests.holding import comes_to_rest, place, relaying, release
from tests.running_platform import Platform, running_platform, until
from tests.schedules import block, mend, requester, reschedule, row, schedule
from tests.stuck.watching import expect_all_s
from tests.stuck.watching import start as start_patiently
from workflows.names import (
    closure_workflow_id,
    cooling_off_workflow_id,
    decommission_workflow_id,
    handset_workflow_id,
    schedule_workflow_id,
    site_workflow_id,
)

HISTORIES = Path(__file__).parent / "histories"


async def happy(platform: Platform) -> None:
    """Two sites, nothing goes wrong; the cooling-off timer is still running."""
    started = await platform.decommission(await platform.tenant(sites=2))
    site = (await platform.sites(started))[0]
    await keep(platform, decommission_workflow_id(started.decommission_id), "decommission-happy")
    await keep(platform, site_workflow_id(started.decommission_id, site.id), "site-happy")
    await keep(platform, cooling_off_workflow_id(started.decommission_id), "cooling-off-asleep")


async def parked(platform: Platform) -> None:
    """A task is refused for good, parks, and is run again by support."""
    occupier = await platform.tenant(sites=2)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "refused", "error", system="switching", site=site.reference, statuses={"403": 1.0}
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    await keep_both(platform, started, "waiting")
    await platform.estate.clear_faults("refused")
    await platform.retry(await platform.task(started, TaskKind.PORTS, site.id))
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    await keep_both(platform, started, "retried")


async def windows(platform: Platform) -> None:
    """Five sites in windows of two: three runs."""
    started = await platform.start(await platform.tenant(sites=5), window=2)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    runs = await platform.runs(decommission_workflow_id(started.decommission_id))
    for number, run in enumerate(runs, start=1):
        await keep(platform, run.id, f"decommission-window-{number}", run.run_id)


async def scheduled(platform: Platform) -> None:
    """It comes due, is refused, is rescheduled, and starts."""
    occupier = await platform.tenant(sites=1)
    schedule_id = await schedule(platform.sessions, occupier, timedelta(seconds=1.5))
    service_id = await block(platform.sessions, occupier)
    await _reaches(platform, schedule_id, ScheduleState.BLOCKED)
    await mend(platform.sessions, service_id)
    await reschedule(platform.sessions, schedule_id, timedelta(seconds=1.5))
    await _reaches(platform, schedule_id, ScheduleState.STARTED)
    workflow_id = schedule_workflow_id(schedule_id)
    await platform.client.get_workflow_handle(workflow_id).result()
    await keep(platform, workflow_id, "schedule-blocked-then-started")


async def closed(platform: Platform) -> None:
    """Three occupiers, two at once, one of them refused."""
    size = SampleSize(seed=77, operators=1, sites=1, occupiers=3, sites_per_occupier=1)
    occupiers = await platform.load(size)
    await block(platform.sessions, occupiers[0])
    by = await requester(platform.sessions, occupiers[0].operator_id)
    site = await platform.site_of(occupiers[0])
    async with platform.sessions.begin() as session:
        request = ClosureRequest(site.id, 1, tuple(one.id for one in occupiers))
        closure_id = await ClosureStore(session).close(request, by)

    async def is_done() -> bool:
        await platform.relay.relay_once()
        return bool(
            await platform.count(
                "SELECT count(*) FROM closures WHERE id = :id AND state = 'done'", id=closure_id
            )
        )

    await until(is_done, 120)
    workflow_id = closure_workflow_id(closure_id)
    await platform.client.get_workflow_handle(workflow_id).result()
    await keep(platform, workflow_id, "close-site-with-a-refusal")


async def _reaches(platform: Platform, schedule_id: UUID, state: ScheduleState) -> None:
    async def is_there() -> bool:
        await platform.relay.relay_once()
        return (await row(platform.sessions, schedule_id)).state is state

    await until(is_there)


async def decided(platform: Platform) -> None:
    """A task is retried, completed by hand in vain, held by a pause, and waived in the end."""
    occupier = await platform.tenant(sites=2)
    site = await platform.site_of(occupier)
    await platform.run("DELETE FROM handset_logins WHERE occupier_id = :id", id=occupier.id)
    await platform.estate.put_fault(
        "refused",
        "error",
        system="telephony",
        site=site.reference,
        statuses={"403": 1.0},
        operation="retire",
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    for number, action in enumerate((DecisionAction.RETRY, DecisionAction.COMPLETE_BY_HAND), 2):
        await decide(platform, await platform.task(started, TaskKind.TELEPHONY, site.id), action)
        await _fails(platform, started, number)
    await pause(platform, started, DecisionAction.PAUSE)
    await pause(platform, started, DecisionAction.RESUME)
    task = await platform.task(started, TaskKind.TELEPHONY, site.id)
    await decide(platform, task, DecisionAction.WAIVE)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    await platform.estate.clear_faults("refused")
    await keep_both(platform, started, "decided")


async def _fails(platform: Platform, started: Started, number: int) -> None:
    """Wait until the round of that number has failed."""

    async def has_failed() -> bool:
        failed = await platform.tasks(started, TaskState.FAILED)
        return any(task.round == number for task in failed)

    await until(has_failed)


async def keep_both(platform: Platform, started: Started, name: str) -> None:
    """Keep the parent's history and that of the site whose task parked."""
    failed = await platform.task_that_stumbled(started)
    assert failed.site_id is not None
    await keep(platform, decommission_workflow_id(started.decommission_id), f"decommission-{name}")
    site = site_workflow_id(started.decommission_id, failed.site_id)
    await keep(platform, site, f"site-{name}")


async def keep(platform: Platform, workflow_id: str, name: str, run: str | None = None) -> None:
    """Write one history to its file."""
    handle = platform.client.get_workflow_handle(workflow_id, run_id=run)
    history = await handle.fetch_history()
    (HISTORIES / f"{name}.json").write_text(history.to_json())


async def handsets(platform: Platform) -> None:
    """A look at what is logged in, and one that the telephony system refuses."""
    occupier = await platform.tenant(sites=1)
    served = await asked(platform, occupier, None)
    await keep(platform, handset_workflow_id(served.id), "handsets-refreshed")
    login = (await logins(platform.sessions, occupier))[0]
    site = await reference_of(platform, login.site_id)
    await platform.estate.put_fault(
        "no", "error", system="telephony", site=site, statuses={"403": 1.0}
    )
    served = await asked(platform, occupier, None)
    await platform.estate.clear_faults("no")
    await keep(platform, handset_workflow_id(served.id), "handsets-given-up")


async def held(platform: Platform) -> None:
    """A site waits for one system and the verification for another; both are released."""
    billing = await place(platform, System.BILLING)
    started = await platform.start(await platform.tenant(sites=1))
    (task,) = await comes_to_rest(platform, started, held=1)
    telephony = await place(platform, System.TELEPHONY)
    async with relaying(platform):
        await release(platform, billing)
        await comes_to_rest(platform, started, held=1, kind=TaskKind.VERIFY_OCCUPIER)
        await release(platform, telephony)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert task.site_id is not None
    await keep(platform, decommission_workflow_id(started.decommission_id), "decommission-held")
    site = site_workflow_id(started.decommission_id, task.site_id)
    await keep(platform, site, "site-held")


async def watched(platform: Platform) -> None:
    """A task hangs until the site's watchdog has found it; then it goes on. Takes minutes."""
    await expect_all_s(platform, 1.0)  # so that only the floor counts
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault("hang", "hang", system="switching", site=site.reference)
    started = await start_patiently(platform, occupier)

    async def is_stuck() -> bool:
        return (await platform.task(started, TaskKind.PORTS, site.id)).stuck_at is not None

    await until(is_stuck, 180, lambda: platform.story(started))
    await platform.estate.clear_faults("hang")
    await platform.reaches(started, DecommissionState.DECOMMISSIONED, 300)
    await keep(platform, site_workflow_id(started.decommission_id, site.id), "site-watched")


async def paused(platform: Platform) -> None:
    """A pause and its end, which searches see: at the whole, and at a site with a failed task."""
    occupier = await platform.tenant(sites=2)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "refused", "error", system="switching", site=site.reference, statuses={"403": 1.0}
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    await pause(platform, started, DecisionAction.PAUSE)
    await pause(platform, started, DecisionAction.RESUME)
    await platform.estate.clear_faults("refused")
    await platform.retry(await platform.task(started, TaskKind.PORTS, site.id))
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    await keep(platform, decommission_workflow_id(started.decommission_id), "decommission-paused")
    await keep(platform, site_workflow_id(started.decommission_id, site.id), "site-paused")


SCENARIOS = (
    happy,
    parked,
    windows,
    scheduled,
    closed,
    decided,
    handsets,
    watched,
    held,
    paused,
)


async def main(server: str) -> None:
    """Record the scenarios that were named, or every one."""
    wanted = [one for one in SCENARIOS if one.__name__ in (sys.argv[1:] or one.__name__)]
    with fresh_database(server, migrated_template(server)) as url:
        async with running_platform(url) as platform:
            for scenario in wanted:
                await scenario(platform)
                sys.stderr.write(f"recorded {scenario.__name__}\n")


if __name__ == "__main__":
    given = os.environ.get("TEST_DATABASE_SERVER")
    embedded = None if given else EmbeddedServer()
    asyncio.run(main(given or embedded.start()))  # type: ignore[union-attr]  # one of the two
    if embedded:
        embedded.stop()
    os._exit(0)
