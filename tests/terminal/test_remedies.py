"""Blocked, then allowed once the cause is gone: from the command line."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from api.terminal.exits import Exit
from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.domain.portfolio import ContractState, DeviceClass, UpdateState
from models.tables.occupier import OccupierRow
from tests.builders import (
    Scene,
    make_contract,
    make_handset_login,
    make_number,
    make_scene,
    make_service,
)
from tests.terminal.conftest import Run

NAME = "Fern & Field"


@pytest.fixture
async def scene(sessions: Sessions) -> Scene:
    """An active occupier at one site."""
    async with sessions.begin() as session:
        return await make_scene(session, sites=1, name=NAME)


def blockers(run: Run) -> list[str]:
    shown = json.loads(run("preview", NAME, "--json").stdout)
    return [blocker["rule"] for blocker in shown["blockers"]]


async def test_an_edit_and_its_refusal_when_locked(
    run: Run, scene: Scene, sessions: Sessions
) -> None:
    done = run("edit", NAME, "--billing-reference", "B-77")
    assert (done.exit_code, "version 2" in done.stdout) == (Exit.DONE, True), done.output
    nothing = run("edit", NAME)
    assert nothing.exit_code == Exit.USAGE
    async with sessions.begin() as session:
        (await session.get_one(OccupierRow, scene.occupier.id)).status = OccupierStatus.PENDING
    refused = run("edit", NAME, "--name", "Other")
    assert refused.exit_code == Exit.REFUSED
    assert "pending" in refused.output


async def test_a_failed_service_blocks_until_support_has_cleared_it(
    run: Run, scene: Scene, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[0])
        failed = await make_service(session, contract=contract, update_state=UpdateState.FAILED)
    assert blockers(run) == ["service_failed"]

    opened = run("case", "open", NAME, "--service", str(failed.id))
    assert (opened.exit_code, "Failed service update" in opened.stdout) == (Exit.DONE, True)
    not_theirs = run("service", "clear-failure", str(failed.id))
    assert not_theirs.exit_code == Exit.REFUSED
    monkeypatch.setenv("OCCUPIER_AS", "support")
    cleared = run("service", "clear-failure", str(failed.id))
    assert cleared.exit_code == Exit.DONE, cleared.output
    monkeypatch.delenv("OCCUPIER_AS")

    assert blockers(run) == []


async def test_a_contract_that_starts_today_blocks_until_it_is_discarded(
    run: Run, scene: Scene, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        contract = await make_contract(
            session,
            occupier=scene.occupier,
            site=scene.sites[0],
            start_date=datetime.now(UTC).date(),
            state=ContractState.UPCOMING,
        )
        old = await make_contract(
            session,
            occupier=scene.occupier,
            site=scene.sites[0],
            start_date=(datetime.now(UTC) - timedelta(days=9)).date(),
        )
    assert blockers(run) == ["contract_starts_today"]
    assert run("contract", "discard", str(old.id)).exit_code == Exit.REFUSED
    assert run("contract", "discard", str(contract.id)).exit_code == Exit.DONE
    assert blockers(run) == []


async def test_a_handset_that_is_not_digital_says_where_to_log_it_out(
    run: Run, scene: Scene, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        number = await make_number(
            session, site=scene.sites[0], occupier_id=scene.occupier.id, state="active"
        )
        login = await make_handset_login(
            session, number=number, device_class=DeviceClass.NON_DIGITAL
        )
    listed = run("handsets", NAME)
    assert str(login.id) in listed.stdout
    assert "only at the handset itself" in listed.stdout
    refused = run("logout-handset", NAME, str(login.id))
    assert refused.exit_code == Exit.REFUSED
    assert "at the handset itself" in refused.output
