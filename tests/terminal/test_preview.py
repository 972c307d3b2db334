"""The gate from the command line: each refusal with its remedy, and the way through."""

import json

import pytest
from sqlalchemy import delete

from models.database import Sessions
from models.domain.portfolio import DeviceClass, UpdateState
from models.tables.service import ServiceRow
from models.tables.telephony import HandsetLoginRow
from tests.builders import (
    Scene,
    make_contract,
    make_handset_login,
    make_number,
    make_scene,
    make_service,
    make_wifi_device,
)
from tests.terminal.conftest import Run


@pytest.fixture
async def scene(sessions: Sessions) -> Scene:
    """An occupier at two sites, with a device."""
    async with sessions.begin() as session:
        scene = await make_scene(session, name="Gate & Lock")
        await make_wifi_device(session, occupier=scene.occupier, site=scene.sites[0])
    return scene


async def test_a_preview_reads_well_and_ends_with_a_code_that_tells_whether_it_is_blocked(
    run: Run, scene: Scene, sessions: Sessions
) -> None:
    free = run("preview", "Gate & Lock")
    assert free.exit_code == 0, free.output
    for told in ("1 wifi device", "Stays readable", "Expected duration", "decommission, schedule"):
        assert told in free.stdout
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[1])
        service = await make_service(session, contract=contract, update_state=UpdateState.FAILED)
        number = await make_number(
            session, site=scene.sites[0], occupier_id=scene.occupier.id, state="active"
        )
        await make_handset_login(session, number=number, device_class=DeviceClass.NON_DIGITAL)

    blocked = run("preview", "Gate & Lock")

    assert blocked.exit_code == 4
    assert scene.sites[1].name in blocked.stdout
    assert "remedy: Create a support case" in blocked.stdout
    assert "remedy: Log the number out at the handset" in blocked.stdout
    as_json = run("preview", "Gate & Lock", "--json")
    assert as_json.exit_code == 4
    assert len(json.loads(as_json.stdout)["blockers"]) == 2
    refused = run("decommission", "Gate & Lock", "--yes")
    assert refused.exit_code == 4
    assert f"service failed at '{scene.sites[1].name}' (service {service.id})" in refused.stderr
    assert "why: The last update" in refused.stderr

    async with sessions.begin() as session:
        failed = await session.get_one(ServiceRow, service.id)
        failed.update_state, failed.failed_action = UpdateState.NONE, None
        await session.execute(delete(HandsetLoginRow))
    accepted = run("decommission", "Gate & Lock", input="Gate & Lock\n")
    assert accepted.exit_code == 0, accepted.output
    assert "1 wifi device" in accepted.stderr


async def test_a_second_person_is_switched_on_asked_for_and_approves(
    run: Run, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched = run("operator", "set", "--second-person", "on", scene.operator.name)
    assert switched.exit_code == 0, switched.output
    assert "second person needed" in switched.stdout
    refused = run("decommission", "Gate & Lock", "--yes")
    assert refused.exit_code == 4
    assert "Another admin must approve" in refused.stderr

    with monkeypatch.context() as somebody:
        somebody.setenv("OCCUPIER_AS", "second-admin")
        approved = run("approve", "Gate & Lock", "--yes")

    assert approved.exit_code == 0, approved.output
    assert "Approved until" in approved.stdout
    assert "approved until" in run("preview", "Gate & Lock").stdout
    assert run("decommission", "Gate & Lock", "--yes").exit_code == 0
    listed = run("operator", "list", "--json")
    assert json.loads(listed.stdout)[0]["second_person_required"] is True


async def test_a_repeat_under_a_key_is_answered_as_the_first_time(run: Run, scene: Scene) -> None:
    assert scene.sites
    command = ("decommission", "Gate & Lock", "--yes", "--json", "--idempotency-key", "my-click")
    first, again = run(*command), run(*command)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout == again.stdout
