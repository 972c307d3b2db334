"""Reading decommissions: progress of few and of many sites, verdicts, and lists."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
from sqlalchemy import text

from models.database import Sessions
from models.domain.decommission import DecommissionState, TaskKind, TaskPhase, TaskState
from models.domain.occupier import OccupierStatus
from models.domain.outside import FailureKind, ResourceKind, Verdict
from models.domain.permission import StaffRole
from models.settings import Settings
from models.stores.decommission_views import ATTENTION, SITES_WITH_TASKS
from tests.builders import (
    make_decommission,
    make_plan_item,
    make_retention,
    make_scene,
    make_site,
    make_task,
)
from tests.covering import cover
from tests.identities import headers_of, make_member


async def test_progress_is_told_per_site_and_per_task(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    now = datetime.now(UTC)
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2)
        first, second = scene.sites
        decommission = await make_decommission(
            session,
            occupier=scene.occupier,
            sites=[second, first],
            requested_at=now - timedelta(hours=2),
        )
        await make_task(session, decommission=decommission, state=TaskState.COMPLETED)
        await make_task(
            session,
            decommission=decommission,
            site=first,
            kind=TaskKind.PORTS,
            phase=TaskPhase.RUNNING,
            done=1,
            total=4,
            started_at=now,
        )
        failed = await make_task(
            session,
            decommission=decommission,
            site=second,
            kind=TaskKind.USERS,
            state=TaskState.FAILED,
            last_error_kind=FailureKind.REJECTED,
            last_error="wifi: refused",
            last_error_at=now,
        )
    body = (await client.get(f"/api/v1/decommissions/{decommission.id}")).json()
    assert [site["site_id"] for site in body["sites"]] == [str(second.id), str(first.id)]
    assert body["sites"][1]["progress"] == 0.25
    assert body["sites"][1]["tasks"][0]["kind"] == "ports"
    assert body["counts"] == {
        "total": 3,
        "completed": 1,
        "failed": 1,
        "cancelled": 0,
        "queued": 0,
        "running": 1,
        "retrying": 0,
        "stuck": 0,
    }
    assert body["progress"] == round(1.25 / 3, 4)
    assert [task["kind"] for task in body["occupier_tasks"]] == ["plan"]
    assert [task["id"] for task in body["attention"]] == [str(failed.id)]
    assert body["attention"][0]["last_error"] == "wifi: refused"
    assert 7200 <= body["elapsed_s"] < 7300
    assert body["expected_s"] == 3600
    assert body["is_overdue"]
    same = (await client.get(f"/api/v1/occupiers/{scene.occupier.id}/decommission")).json()
    assert same["id"] == body["id"]
    for one, other in zip(same["sites"], body["sites"], strict=True):  # their clocks have gone on
        assert {**one, "tasks": None} == {**other, "tasks": None}
        assert [task["id"] for task in one["tasks"]] == [task["id"] for task in other["tasks"]]


async def test_with_many_sites_the_reply_has_counts_and_tasks_are_a_list_apart(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=0)
        sites = [
            await make_site(session, operator=scene.operator) for _ in range(SITES_WITH_TASKS + 1)
        ]
        decommission = await make_decommission(
            session, occupier=scene.occupier, sites=sites, with_tasks=True
        )
        await session.execute(
            text(
                "UPDATE tasks SET phase = 'retrying', last_error_kind = 'transient', "
                "last_error_at = now() WHERE kind = 'ports'"
            )
        )
    reply = await client.get(f"/api/v1/decommissions/{decommission.id}")
    body = reply.json()
    assert len(body["sites"]) == len(sites)
    assert {site["tasks"] is None for site in body["sites"]} == {True}
    assert body["counts"]["retrying"] == len(sites)
    assert len(body["attention"]) == ATTENTION
    assert len(reply.content) < 50_000
    query = {"decommission_id": str(decommission.id), "site_id": str(sites[0].id)}
    assert len((await client.get("/api/v1/tasks", params=query)).json()["items"]) == 8


async def test_decommissions_are_listed_by_state_newest_first(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    now = datetime.now(UTC)
    async with sessions.begin() as session:
        rows = [
            await make_decommission(session, state=state, requested_at=now - timedelta(hours=age))
            for age, state in enumerate(DecommissionState)
        ]
    body = (await client.get("/api/v1/decommissions?limit=2")).json()
    assert [item["id"] for item in body["items"]] == [str(row.id) for row in rows[:2]]
    rest = (await client.get(f"/api/v1/decommissions?cursor={body['next_cursor']}")).json()
    assert [item["id"] for item in rest["items"]] == [str(rows[2].id)]
    partial = (await client.get("/api/v1/decommissions?state=partial")).json()
    assert [item["state"] for item in partial["items"]] == ["partial"]
    query = f"occupier_id={rows[0].occupier_id}"
    assert len((await client.get(f"/api/v1/decommissions?{query}")).json()["items"]) == 1


async def test_verdicts_are_counted_and_listed_and_never_show_a_handle(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2)
        decommission = await make_decommission(session, occupier=scene.occupier, sites=scene.sites)
        for site in scene.sites:
            for verdict in (Verdict.REMOVED, Verdict.RETAINED, Verdict.UNKNOWN):
                await make_plan_item(
                    session,
                    decommission=decommission,
                    site=site,
                    kind=ResourceKind.WIFI_DEVICE,
                    verdict=verdict,
                    handle="02:00:00:AA:BB:CC",
                )
        await make_retention(session, decommission=decommission, after="a" * 64)
        await make_retention(session, decommission=decommission, subject="leases")
    address = f"/api/v1/decommissions/{decommission.id}/verdicts"
    reply = await client.get(address)
    body = reply.json()
    assert {row["verdict"]: row["count"] for row in body["by_kind"]} == {
        "removed": 2,
        "retained": 2,
        "unknown": 2,
    }
    assert len(body["by_site"]) == 6
    assert body["undone"] == 2
    assert [one["unchanged"] for one in body["retained_data"]] == [True, None]
    assert body["retained_data_unchanged"] is None
    items = await client.get(f"{address}/items?verdict=retained")
    assert [item["ground"] for item in items.json()["items"]] == ["other_owner"] * 2
    page = (await client.get(f"{address}/items?limit=4")).json()
    rest = (await client.get(f"{address}/items?cursor={page['next_cursor']}")).json()
    assert len({item["id"] for item in page["items"] + rest["items"]}) == 6
    assert "02:00" not in reply.text + items.text


async def test_changed_data_that_must_stay_is_told(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        decommission = await make_decommission(session)
        await make_retention(session, decommission=decommission, after="b" * 64)
    body = (await client.get(f"/api/v1/decommissions/{decommission.id}/verdicts")).json()
    assert body["retained_data_unchanged"] is False


async def test_an_unknown_decommission_is_not_found_anywhere(client: httpx.AsyncClient) -> None:
    nobody = uuid4()
    for address in (
        f"/decommissions/{nobody}",
        f"/decommissions/{nobody}/verdicts",
        f"/decommissions/{nobody}/verdicts/items",
        f"/decommissions/{nobody}/stream",
        f"/occupiers/{nobody}/decommission",
    ):
        reply = await client.get(f"/api/v1{address}")
        assert reply.status_code == 404, address
        assert reply.json()["type"] == "/problems/not-found"


async def test_attention_names_failed_then_stuck_then_retried_tasks(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1)
        decommission = await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, with_tasks=True
        )
        await cover(session, "kind IN ('ports', 'network')")
        for kinds, change in (
            ("users,ports", "phase = 'retrying', last_error_kind = 'transient'"),
            ("ports", "stuck_at = now(), stuck_because = 'retrying'"),
            ("network", "state = 'failed', phase = 'ended', waiting_reason = 'human'"),
        ):
            statement = f"UPDATE tasks SET {change} WHERE kind = ANY(string_to_array(:kinds, ','))"
            await session.execute(text(statement), {"kinds": kinds})
    body = (await client.get(f"/api/v1/decommissions/{decommission.id}")).json()
    assert [task["kind"] for task in body["attention"]] == ["network", "ports", "users"]
    assert body["attention"][1]["stuck_because"] == "retrying"
    assert body["counts"]["stuck"] == body["sites"][0]["counts"]["stuck"] == 1
    assert body["prediction"]["open_end"] == "human"
    assert body["prediction"]["finish"] is None
    assert body["prediction"]["earliest"] > body["requested_at"]


async def test_only_an_sre_is_offered_the_pause_and_the_way_to_the_history(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, status=OccupierStatus.FAILED)
        decommission = await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, state=DecommissionState.PARTIAL
        )
        roles = (StaffRole.SRE, StaffRole.AUDITOR)
        staff = {role: await make_member(session, staff_role=role) for role in roles}
    path = f"/api/v1/decommissions/{decommission.id}"
    seen = {
        role: (await client.get(path, headers=headers_of(settings, member))).json()
        for role, member in staff.items()
    }
    raising = ["decommission.raise_case"]
    assert (await client.get(path)).json()["allowed_actions"] == raising
    assert seen[StaffRole.SRE]["allowed_actions"] == ["decommission.pause", *raising]
    assert seen[StaffRole.AUDITOR]["allowed_actions"] == []
    told = {role: body["history_url"] for role, body in seen.items()}
    assert told.pop(StaffRole.SRE).endswith(decommission.workflow_id.replace("/", "%2F"))
    assert set(told.values()) == {None}


async def test_nothing_is_offered_once_it_is_decommissioned(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, status=OccupierStatus.DECOMMISSIONED)
        decommission = await make_decommission(
            session,
            occupier=scene.occupier,
            sites=scene.sites,
            state=DecommissionState.DECOMMISSIONED,
        )
        sre = await make_member(session, staff_role=StaffRole.SRE)
    path = f"/api/v1/decommissions/{decommission.id}"
    body = (await client.get(path, headers=headers_of(settings, sre))).json()
    assert body["allowed_actions"] == []
