"""Holds over the API: placed once however often asked, read as far as somebody sees."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, text

from models.database import Sessions
from models.domain.case import CaseStatus
from models.domain.decommission import TaskKind, TaskPhase
from models.domain.hold import HoldOrigin
from models.domain.outside import FailureKind, System
from models.domain.permission import StaffRole
from models.settings import Settings
from models.stores.holds import HoldStore, NewHold
from models.tables.case import CaseRow
from models.tables.hold import HoldRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_operator, make_site, make_task
from tests.identities import headers_of, key, make_member

Headers = Mapping[str, str]


@pytest.fixture
async def sre(sessions: Sessions, settings: Settings) -> Headers:
    """Headers of an SRE."""
    async with sessions.begin() as session:
        return headers_of(settings, await make_member(session, staff_role=StaffRole.SRE))


@pytest.fixture
async def site(sessions: Sessions) -> SiteRow:
    """A site of the first operator."""
    async with sessions.begin() as session:
        return await make_site(session)


async def hold(client: httpx.AsyncClient, by: Headers, **wanted: object) -> httpx.Response:
    return await client.post("/api/v1/holds", json=wanted, headers={**by, **key()})


async def release(client: httpx.AsyncClient, by: Headers, hold_id: object) -> httpx.Response:
    return await client.post(f"/api/v1/holds/{hold_id}/release", headers={**by, **key()})


async def waiting_task(sessions: Sessions, site: SiteRow, hold_id: UUID) -> TaskRow:
    async with sessions.begin() as session:
        decommission = await make_decommission(session, sites=[site])
        task = await make_task(
            session, decommission=decommission, site=site, kind=TaskKind.STOP_SERVICES
        )
        task.hold_id, task.phase = hold_id, TaskPhase.QUEUED
    return task


async def test_fifty_who_hold_the_same_at_once_get_one_hold_and_one_case(
    client: httpx.AsyncClient, sessions: Sessions, sre: Headers
) -> None:
    replies = await asyncio.gather(*(hold(client, sre, system="billing") for _ in range(50)))

    assert sorted(reply.status_code for reply in replies) == [200] * 49 + [201]
    assert len({reply.json()["id"] for reply in replies}) == 1
    async with sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM holds")) == 1
        assert await session.scalar(text("SELECT count(*) FROM cases")) == 1


async def test_a_hold_is_placed_read_and_released_with_its_case(
    client: httpx.AsyncClient, sessions: Sessions, sre: Headers, site: SiteRow
) -> None:
    placed = (await hold(client, sre, system="wifi", site_id=str(site.id))).json()
    assert (placed["origin"], placed["breaker"]) == ("by_hand", "closed")
    assert (placed["site_name"], placed["released_at"]) == (site.name, None)
    async with sessions() as session:
        case = await session.get_one(CaseRow, UUID(placed["case_id"]))
    assert (case.status, case.site_id) == (CaseStatus.NEW, site.id)

    reply = await release(client, sre, placed["id"])

    assert (reply.status_code, reply.json()["released_at"] is None) == (200, False)
    async with sessions() as session:
        case = await session.get_one(CaseRow, UUID(placed["case_id"]))
        events = await session.scalars(
            text("SELECT action FROM audit_events WHERE entity_kind = 'hold' ORDER BY id")
        )
        assert list(events) == ["hold.place", "hold.release"]
    assert case.status is CaseStatus.RESOLVED
    again = await release(client, sre, placed["id"])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/hold-released")
    # A relapse within days is the same case again.
    once_more = (await hold(client, sre, system="wifi", site_id=str(site.id))).json()
    assert once_more["case_id"] == placed["case_id"]


async def test_a_person_takes_over_what_the_breaker_holds(
    client: httpx.AsyncClient, sessions: Sessions, sre: Headers, site: SiteRow
) -> None:
    async with sessions.begin() as session:
        for site_id in (site.id, None):
            new = NewHold(
                system=System.BILLING,
                site_id=site_id,
                placed_by="system",
                failure=FailureKind.TRANSIENT,
                probe_in_s=60,
            )
            await HoldStore(session).place(new)

    placed = (await hold(client, sre, system="billing")).json()

    async with sessions() as session:
        holds = await session.scalars(select(HoldRow).where(HoldRow.released_at.is_(None)))
        open_ones = list(holds)
    assert [one.id for one in open_ones] == [UUID(placed["id"])]
    assert open_ones[0].origin is HoldOrigin.BY_HAND
    assert open_ones[0].probe_at is None


async def test_systems_show_holds_failures_and_what_waits_in_sight(
    client: httpx.AsyncClient,
    sessions: Sessions,
    sre: Headers,
    site: SiteRow,
    settings: Settings,
) -> None:
    everywhere = (await hold(client, sre, system="billing")).json()
    task = await waiting_task(sessions, site, UUID(everywhere["id"]))
    async with sessions.begin() as session:
        await session.execute(
            text(
                "INSERT INTO strikes (task_id, system, site_id, failure, failures)"
                " VALUES (:task, 'network', :site, 'transient', 2)"
            ),
            {"task": task.id, "site": site.id},
        )
        operator = await make_operator(session)
        stranger = await make_member(session, operator_id=operator.id, is_super_admin=True)
    for who, seen in (({}, 1), (sre, 1), (headers_of(settings, stranger), 0)):
        reply = await client.get("/api/v1/systems", headers=who)
        assert reply.status_code == 200, reply.text
        items = reply.json()["items"]
        by_system = {item["system"]: item for item in items}
        assert set(by_system) == {system.value for system in System}
        assert by_system["billing"]["tasks_waiting"] == seen
        assert by_system["network"]["tasks_failing"] == seen
        assert (by_system["billing"]["holds"][0]["case_id"] is None) is (who is not sre)


async def test_a_breaker_that_lets_a_task_try_is_half_open(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        session.add(
            HoldRow(
                system=System.NETWORK,
                origin=HoldOrigin.BREAKER,
                failure=FailureKind.TRANSIENT,
                placed_by="system",
                probe_at=datetime.now(UTC),
                probe_task_id=uuid4(),
            )
        )
    items = (await client.get("/api/v1/systems")).json()["items"]
    assert {item["system"]: item["breaker"] for item in items}["network"] == "half_open"


async def test_operators_hold_nothing_and_read_holds_at_their_sites_and_everywhere(
    client: httpx.AsyncClient, sre: Headers, site: SiteRow
) -> None:
    refused = await hold(client, {}, system="billing")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-permitted")
    await hold(client, sre, system="billing")
    await hold(client, sre, system="wifi", site_id=str(site.id))
    unknown = await hold(client, sre, system="wifi", site_id=str(uuid4()))
    assert unknown.status_code == 404

    found = (await client.get("/api/v1/holds?is_open=true&limit=1")).json()
    assert len(found["items"]) == 1
    rest = await client.get(f"/api/v1/holds?is_open=true&cursor={found['next_cursor']}")
    assert {one["system"] for one in found["items"] + rest.json()["items"]} == {"billing", "wifi"}
    one_system = (await client.get("/api/v1/holds?system=wifi")).json()["items"]
    assert [one["site_id"] for one in one_system] == [str(site.id)]


async def test_a_retry_of_a_held_task_is_refused_and_names_the_hold(
    client: httpx.AsyncClient, sessions: Sessions, sre: Headers, site: SiteRow
) -> None:
    placed = (await hold(client, sre, system="billing")).json()
    task = await waiting_task(sessions, site, UUID(placed["id"]))

    reply = await client.post(
        f"/api/v1/tasks/{task.id}/decisions",
        json={"action": "retry", "round": 1, "state": "pending"},
        headers={**sre, **key()},
    )

    assert reply.status_code == 409
    assert placed["id"] in reply.json()["detail"]
