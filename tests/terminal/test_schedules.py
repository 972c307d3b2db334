"""Scheduling and closing from the command line."""

import json
from datetime import UTC, datetime

from models.database import Sessions
from models.domain.portfolio import UpdateState
from tests.builders import make_contract, make_scene, make_service
from tests.terminal.conftest import Run

NEXT_YEAR = datetime.now(UTC).year + 1
WHEN = ("--at", f"{NEXT_YEAR}-03-01 18:00", "--zone", "Europe/London")


async def test_a_decommission_is_scheduled_listed_moved_and_taken_back(
    run: Run, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await make_scene(session, sites=1, name="Juniper & Vale")

    made = run("schedule", "Juniper & Vale", *WHEN, "--json", input="Juniper & Vale\n")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["due_at"] == f"{NEXT_YEAR}-03-01T18:00:00Z"
    refused = run("decommission", "Juniper & Vale", "--yes")
    assert refused.exit_code == 4
    assert "The occupier is scheduled" in refused.stderr
    listed = run("schedules", "--state", "waiting")
    assert "Juniper & Vale" in listed.stdout
    spring = f"{NEXT_YEAR}-04-01 09:00"
    moved = run("reschedule", "Juniper & Vale", "--at", spring, "--zone", "Asia/Tokyo")
    assert moved.exit_code == 0, moved.output
    assert f"{spring} Asia/Tokyo  'Juniper & Vale'  waiting" in moved.stdout
    over = run("unschedule", "Juniper & Vale")
    assert over.exit_code == 0, over.output
    assert "cancelled" in over.stdout
    nothing = run("unschedule", "Juniper & Vale")
    assert nothing.exit_code == 3
    assert "it is active" in nothing.stderr


async def test_a_moment_that_does_not_exist_is_refused_with_the_reason(
    run: Run, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await make_scene(session, sites=1, name="Early Birds")
    night = ("--at", "2027-03-28 01:30", "--zone", "Europe/London")
    refused = run("schedule", "Early Birds", *night, "--yes")
    assert refused.exit_code == 4
    assert "does not exist in the zone" in refused.stderr


async def test_a_site_is_previewed_closed_paused_and_resumed(run: Run, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1, name="Only Here")
        contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[0])
        await make_service(session, contract=contract, update_state=UpdateState.FAILED)
    site = scene.sites[0].name

    preview = run("close-site", site, "--preview")
    assert preview.exit_code == 0, preview.output
    assert "Would go: 1" in preview.stdout
    assert "'Only Here': service failed" in preview.stdout
    assert run("close-site", site, "pause").exit_code == 3
    begun = run("close-site", site, "--at-once", "2", input=f"{site}\n")
    assert begun.exit_code == 0, begun.output
    assert "running: 1 waiting" in begun.stdout
    assert "paused" in run("close-site", site, "pause").stdout
    assert "running" in run("close-site", site, "resume").stdout
    assert json.loads(run("close-site", site, "status", "--json").stdout)["at_once"] == 2
    assert run("close-site", site, "--yes").exit_code == 4
