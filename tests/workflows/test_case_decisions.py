"""A failed decommission is finished from its case: over the API, by the engine, to the end."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select

from api.app import create_app
from models.domain.decision import DecisionState
from models.domain.decommission import DecommissionState, TaskState
from models.domain.outside import System
from models.domain.permission import StaffRole
from models.settings import Settings
from models.tables.case import CaseRow
from tests.deciding import ends
from tests.identities import headers_of, key, make_member
from tests.running_platform import Platform, until
from workflows.decision_relay import carry_one


@pytest.fixture
async def support(platform: Platform, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the vendor's support, on the platform's database."""
    url = platform.settings.database_url
    app = create_app(settings.model_copy(update={"database_url": url}))
    async with platform.sessions.begin() as session:
        member = await make_member(session, staff_role=StaffRole.VENDOR_SUPPORT)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport,
            base_url="http://api.test/api/v1",
            headers=headers_of(settings, member),
        ) as client,
    ):
        yield client


async def test_a_decision_in_the_case_finishes_a_failed_decommission(
    platform: Platform, support: httpx.AsyncClient
) -> None:
    occupier = await platform.tenant(sites=2)
    fault = {"system": System.SWITCHING, "statuses": {"403": 1.0}, "operation": "retire"}
    await platform.estate.put_fault("refused", "error", **fault)
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    sites = {site.id: site for site in await platform.sites(started)}

    listed = await support.get("/cases", params={"decommission_id": str(started.decommission_id)})
    cases = listed.json()["items"]
    assert {case["site_id"] for case in cases} == {str(site_id) for site_id in sites}
    await platform.estate.clear_faults("refused")
    for case in cases:
        found = (await support.get(f"/cases/{case['id']}")).json()
        assert found["allowed_actions"]["decisions"] == ["retry", "complete_by_hand", "waive"]
        path = f"/cases/{case['id']}/decisions"
        decided = await support.post(path, json={"action": "retry"}, headers=key())
        assert decided.status_code == 202, decided.text
        (made,) = decided.json()["results"]
        assert await carry_one(platform.sessions, platform.gateway)
        await ends(platform, made["decision"]["id"], DecisionState.CARRIED_OUT)

    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert {task.state for task in await platform.tasks(started)} == {TaskState.COMPLETED}

    async def are_resolved() -> bool:
        async with platform.sessions() as session:
            return set(await session.scalars(select(CaseRow.status))) == {"resolved"}

    await until(are_resolved)
    for case in cases:
        done = (await support.get(f"/cases/{case['id']}")).json()
        assert [one["status"] for one in done["history"]] == ["new", "resolved"]
        assert 0 < done["time_to_acknowledge_s"] < done["time_to_resolve_s"]
        assert done["allowed_actions"]["decisions"] == []
