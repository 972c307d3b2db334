"""The diagnostics bundle of a case, and the resources of a task that are not done."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from models.database import Sessions
from models.domain.decommission import TaskKind
from models.domain.outside import FailureKind, ResourceKind, Verdict
from models.domain.permission import StaffRole
from models.settings import Settings
from models.tables.decommission import DecommissionRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_plan_item, make_scene, make_site, make_task
from tests.identities import headers_of, make_member
from tests.stumbles import order_of, park, stumble

GONE = "switching retire at site s-1: answered with status 503"


class Scene:
    """Two occupiers at one site, whose ports have failed for the same cause."""

    def __init__(self, site: SiteRow, runs: list[DecommissionRow], tasks: list[TaskRow]) -> None:
        self.site = site
        self.runs = runs
        self.tasks = tasks


@pytest.fixture
async def scene(sessions: Sessions) -> Scene:
    """The tasks are in one case."""
    runs, tasks = [], []
    async with sessions.begin() as session:
        site = await make_site(session)
        for _ in range(2):
            run = await make_decommission(session, sites=[site])
            runs.append(run)
            tasks.append(
                await make_task(session, decommission=run, site=site, kind=TaskKind.PORTS, total=9)
            )
    for task in tasks:
        for attempt in (1, 2, 3):
            await stumble(sessions, order_of(task), attempt, FailureKind.TRANSIENT, GONE)
        await park(sessions, order_of(task), FailureKind.TRANSIENT, GONE)
    return Scene(site, runs, tasks)


@pytest.fixture
async def sre(sessions: Sessions, settings: Settings) -> dict[str, str]:
    """Headers of an SRE."""
    async with sessions.begin() as session:
        member = await make_member(session, staff_role=StaffRole.SRE)
    return headers_of(settings, member)


async def bundle_url(sessions: Sessions) -> str:
    async with sessions() as session:
        return f"/api/v1/cases/{await session.scalar(text('SELECT id FROM cases'))}/bundle"


async def test_a_bundle_tells_what_was_tried_how_it_failed_and_what_to_do(
    client: httpx.AsyncClient, sessions: Sessions, scene: Scene, sre: dict[str, str]
) -> None:
    reply = await client.get(await bundle_url(sessions), headers=sre)
    assert reply.status_code == 200, reply.text
    bundle: dict[str, Any] = reply.json()
    assert bundle["subject"] == "The switching system: does not answer"
    assert bundle["next_step"]["audience"] == "support"
    assert "Retry the task when it is back" in bundle["next_step"]["text"]
    assert bundle["attempted"] == [
        {
            "kind": "ports",
            "state": "failed",
            "tasks": 2,
            "done": 0,
            "total": 18,
            "failed_items": 0,
        }
    ]
    (error,) = bundle["errors"]
    assert (error["failure"], error["attempts"], error["tasks"]) == ("transient", 6, 2)
    assert error["last_message"] == GONE
    assert {story["task_id"] for story in bundle["stories"]} == {
        str(task.id) for task in scene.tasks
    }
    engine = bundle["stories"][0]["engine"]
    assert engine["worker"] == "4711@worker-host"
    assert "/run-1/history" in engine["history_url"]
    assert bundle["stories"][0]["heartbeat_at"] is not None


async def test_a_bundle_can_be_pasted_as_markdown(
    client: httpx.AsyncClient, sessions: Sessions, scene: Scene, sre: dict[str, str]
) -> None:
    url = await bundle_url(sessions)
    reply = await client.get(url, params={"format": "markdown"}, headers=sre)
    assert reply.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "**What to do next** (support): Ask the provider" in reply.text
    assert "| ports | failed | 2 | 0 | 18 | 0 |" in reply.text
    assert "- transient: 6 attempts for 2 tasks" in reply.text
    assert f"`occupier explain {scene.tasks[0].id}`" in reply.text
    assert "Attempts 1 to 3 failed" in reply.text
    refused = await client.get(url, params={"format": "pdf"}, headers=sre)
    assert refused.status_code == 422


async def test_the_team_reads_its_bundle_without_our_machines(
    client: httpx.AsyncClient, sessions: Sessions, scene: Scene
) -> None:
    url = await bundle_url(sessions)
    for params in ({}, {"format": "markdown"}):
        reply = await client.get(url, params=params)
        assert reply.status_code == 200, reply.text
        assert "worker-host" not in reply.text
        assert "temporal workflow" not in reply.text
    case = await client.get(url.removesuffix("/bundle"))
    assert case.json()["bundle_url"] == url
    assert (await client.get(f"/api/v1/cases/{uuid4()}/bundle")).status_code == 404


async def test_the_text_that_a_person_wrote_is_not_in_a_bundle(
    client: httpx.AsyncClient, sessions: Sessions, sre: dict[str, str]
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session)
        await session.execute(
            text(
                "INSERT INTO cases (operator_id, occupier_id, subject, description, category, "
                "origin, requested_by) SELECT operator_id, id, 'Call Ada', 'Ada Lovelace', "
                "'question', 'operator', 'team_member:ada' FROM occupiers WHERE id = :id"
            ),
            {"id": scene.occupier.id},
        )
    url = await bundle_url(sessions)
    for params in ({}, {"format": "markdown"}):
        reply = await client.get(url, params=params, headers=sre)
        assert reply.status_code == 200, reply.text
        assert "Ada" not in reply.text
        assert "team_member" not in reply.text


async def test_the_resources_of_a_task_that_are_not_done_are_listed_with_their_failure(
    client: httpx.AsyncClient, sessions: Sessions, scene: Scene
) -> None:
    async with sessions.begin() as session:
        made = [
            await make_plan_item(
                session,
                decommission=scene.runs[0],
                site=scene.site,
                kind=ResourceKind.SWITCH_PORT,
                verdict=verdict,
                handle=f"secret-{number}",
            )
            for number, verdict in enumerate([Verdict.REMOVED, *[Verdict.UNKNOWN] * 3])
        ]
        made[1].failure = FailureKind.REJECTED
        made[2].failure = FailureKind.CONFLICT
    url = f"/api/v1/tasks/{scene.tasks[0].id}/items"

    async def listed(**params: str) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            page = await client.get(url, params=params | ({"cursor": cursor} if cursor else {}))
            assert page.status_code == 200, page.text
            assert "secret" not in page.text
            found += [item["id"] for item in page.json()["items"]]
            cursor = page.json()["next_cursor"]
            if cursor is None:
                return found

    assert sorted(await listed(limit="1")) == sorted(str(item.id) for item in made)
    assert sorted(await listed(undone="true", limit="2")) == sorted(str(i.id) for i in made[1:])
    assert await listed(undone="false") == [str(made[0].id)]
    assert await listed(failure="rejected") == [str(made[1].id)]
    assert (await client.get(f"/api/v1/tasks/{uuid4()}/items")).status_code == 404
