"""What searches in Temporal find of a run: who it is for, and whether somebody must act."""

from collections.abc import Mapping
from typing import Any

from temporalio.common import SearchAttributeKey

from models.domain.decision import DecisionAction
from models.domain.decommission import DecommissionState, TaskKind
from models.stores.starts import Started
from tests.deciding import pause
from tests.running_platform import Platform, until
from workflows.names import (
    ATTENTION_TASKS,
    DECOMMISSION_ID,
    FAILED_TASKS,
    OCCUPIER_ID,
    SITE_ID,
    STATUS,
    RunStatus,
    decommission_workflow_id,
    site_workflow_id,
)

# Any: each key has a type of its own.
Attributes = Mapping[SearchAttributeKey[Any], Any]


async def attributes_of(platform: Platform, workflow_id: str) -> Attributes:
    found = await platform.client.get_workflow_handle(workflow_id).describe()
    return {pair.key: pair.value for pair in found.typed_search_attributes}


async def shown(platform: Platform, workflow_id: str, expected: Attributes) -> Attributes:
    """What the run shows of these attributes, once it shows them as expected."""
    found: dict[SearchAttributeKey[Any], Any] = {}

    async def does() -> bool:
        found.update(await attributes_of(platform, workflow_id))
        return expected.items() <= found.items()

    await until(does, 60)
    return {name: found[name] for name in expected}


async def parked(platform: Platform) -> tuple[Started, str]:
    """A decommission whose ports task is refused at its only site, and the run of the site."""
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        f"refused at {site.reference}",
        "error",
        system="switching",
        site=site.reference,
        statuses={"403": 1.0},
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    return started, site_workflow_id(started.decommission_id, site.id)


async def test_a_run_says_whom_it_is_for_and_where(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    started = await platform.decommission(occupier)
    whom = {OCCUPIER_ID: str(occupier.id), DECOMMISSION_ID: str(started.decommission_id)}
    assert await shown(platform, decommission_workflow_id(started.decommission_id), whom) == whom
    at = whom | {SITE_ID: str(site.id), STATUS: RunStatus.RUNNING.value}
    assert await shown(platform, site_workflow_id(started.decommission_id, site.id), at) == at


async def test_a_failed_task_is_found_by_its_kind_and_gone_once_it_is_done(
    platform: Platform,
) -> None:
    started, site_run = await parked(platform)
    failed: Attributes = {
        STATUS: RunStatus.NEEDS_ATTENTION.value,
        ATTENTION_TASKS: [TaskKind.PORTS.value],
        FAILED_TASKS: 1,
    }
    assert await shown(platform, site_run, failed) == failed
    await platform.estate.clear_faults()
    await platform.retry(await platform.task_that_stumbled(started))
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    well: Attributes = {STATUS: RunStatus.RUNNING.value, FAILED_TASKS: 0}
    assert await shown(platform, site_run, well) == well


async def test_a_paused_run_is_found_and_a_failed_task_counts_for_more(platform: Platform) -> None:
    started, site_run = await parked(platform)
    run = decommission_workflow_id(started.decommission_id)
    await pause(platform, started, DecisionAction.PAUSE)
    assert await shown(platform, run, {STATUS: RunStatus.PAUSED.value}) == {
        STATUS: RunStatus.PAUSED.value
    }
    assert await shown(platform, site_run, {STATUS: RunStatus.NEEDS_ATTENTION.value}) == {
        STATUS: RunStatus.NEEDS_ATTENTION.value
    }
    await pause(platform, started, DecisionAction.RESUME)
    assert await shown(platform, run, {STATUS: RunStatus.RUNNING.value}) == {
        STATUS: RunStatus.RUNNING.value
    }
    await platform.estate.clear_faults()
    await platform.retry(await platform.task_that_stumbled(started))
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
