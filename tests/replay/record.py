"""Records the histories of `test_replay.py`: `python -m tests.replay.record`.

Run it for each release and keep the older files: every history that was ever recorded must
replay. They hold ids and counts only.
"""

import asyncio
import os
import sys
from pathlib import Path

from models.domain.decommission import DecommissionState, TaskKind
from models.stores.starts import Started
from tests.database_server import EmbeddedServer, fresh_database, migrated_template
from tests.running_platform import Platform, running_platform
from workflows.names import (
    cooling_off_workflow_id,
    decommission_workflow_id,
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


async def main(server: str) -> None:
    """Record every scenario."""
    with fresh_database(server, migrated_template(server)) as url:
        async with running_platform(url) as platform:
            for scenario in (happy, parked, windows):
                await scenario(platform)
                sys.stderr.write(f"recorded {scenario.__name__}\n")


if __name__ == "__main__":
    given = os.environ.get("TEST_DATABASE_SERVER")
    embedded = None if given else EmbeddedServer()
    asyncio.run(main(given or embedded.start()))  # type: ignore[union-attr]  # one of the two
    if embedded:
        embedded.stop()
    os._exit(0)
