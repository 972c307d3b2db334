"""Cases that people raise: about a task, a decommission, or anything; once, and seen by theirs."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from models.domain.case import CaseOrigin
from models.domain.decommission import TaskKind
from models.domain.occupier import OccupierStatus
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow
from models.tables.task import TaskRow
from tests.builders import make_operator, make_site, make_task
from tests.desk_cases import Desk, make_case

ABOUT = {"subject": "Phones ring twice", "description": "Since Monday."}


async def case_count(desk: Desk) -> int:
    async with desk.sessions() as session:
        return await session.scalar(select(func.count()).select_from(CaseRow)) or 0


async def test_a_pending_task_gets_one_case_and_the_second_click_opens_it(desk: Desk) -> None:
    path = f"/tasks/{desk.pending.id}/cases"
    first = await desk.ask("second", "POST", path)
    second = await desk.ask("super", "POST", path)
    assert (first.status_code, second.status_code) == (201, 200), first.text
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["subject"] == "Pending task: network"
    assert (first.json()["origin"], first.json()["tasks_now"]) == ("operator", 1)
    async with desk.sessions() as session:
        assert (await session.get_one(TaskRow, desk.pending.id)).has_case
    found = await desk.read("support", first.json()["id"])
    assert [one["task"]["id"] for one in found["tasks"]] == [str(desk.pending.id)]


async def test_a_double_click_creates_one_case(desk: Desk) -> None:
    before = await case_count(desk)
    path = f"/tasks/{desk.pending.id}/cases"
    replies = await asyncio.gather(*(desk.ask("super", "POST", path) for _ in range(4)))
    assert sorted(reply.status_code for reply in replies) == [200, 200, 200, 201]
    assert len({reply.json()["id"] for reply in replies}) == 1
    assert await case_count(desk) == before + 1


async def test_a_failed_task_opens_the_case_that_it_is_in(desk: Desk) -> None:
    reply = await desk.ask("first", "POST", f"/tasks/{desk.failed.id}/cases")
    assert (reply.status_code, reply.json()["id"]) == (200, str(desk.case.id))


async def test_each_long_running_task_may_have_a_case_of_its_own(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        decommission = await session.get_one(DecommissionRow, desk.decommission.id)
        other = await make_task(
            session, decommission=decommission, site=desk.sites[0], kind=TaskKind.WIFI_DEVICES
        )
    made = [
        await desk.ask("super", "POST", f"/tasks/{task_id}/cases")
        for task_id in (desk.pending.id, other.id)
    ]
    assert [reply.status_code for reply in made] == [201, 201]
    assert made[0].json()["id"] != made[1].json()["id"]


async def test_a_task_that_is_over_needs_no_case(desk: Desk) -> None:
    await desk.mend()
    reply = await desk.ask("first", "POST", f"/tasks/{desk.failed.id}/cases")
    assert reply.json()["type"] == "/problems/nothing-to-report"


async def test_a_task_in_a_case_of_everybody_is_told_so_to_an_operator(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        case = await make_case(session, operator_id=None, origin=CaseOrigin.AUTOMATIC)
        session.add(CaseTaskRow(case_id=case.id, task_id=desk.pending.id))
    path = f"/tasks/{desk.pending.id}/cases"
    refused = await desk.ask("second", "POST", path)
    assert refused.json()["type"] == "/problems/task-in-vendor-case"
    assert (await desk.ask("sre", "POST", path)).json()["number"] == case.number


@pytest.mark.parametrize(
    ("by", "status"),
    [("super", 201), ("admin", 201), ("first", 403), ("user", 403), ("sre", 201), ("auditor", 403)],
)
async def test_a_case_of_a_decommission_needs_an_admin_at_all_of_its_sites(
    desk: Desk, by: str, status: int
) -> None:
    async with desk.sessions.begin() as session:
        (await session.get_one(OccupierRow, desk.occupier.id)).status = OccupierStatus.FAILED
    raised = await desk.ask(by, "POST", f"/occupiers/{desk.occupier.id}/cases")
    assert raised.status_code == status, raised.text
    if status == 201:
        assert (raised.json()["subject"], raised.json()["priority"]) == (
            "Failed decommission",
            "p2",
        )
        for reader in ("first", "second"):
            found = await desk.read(reader, raised.json()["id"])
            assert found["decommission_id"] == str(desk.decommission.id)
        shown = await desk.read("support", raised.json()["id"])
        assert [one["task"]["id"] for one in shown["tasks"]] == [str(desk.failed.id)]
        assert shown["allowed_actions"]["decisions"] == ["retry", "complete_by_hand", "waive"]


@pytest.mark.parametrize(
    ("by", "about", "status"),
    [
        ("first", "site", 201),
        ("first", "other site", 404),
        ("user", "site", 403),
        ("first", "occupier", 201),
        ("first", "nothing", 422),
        ("super", "nothing", 201),
        ("support", "nothing", 422),
        ("support", "site", 201),
        ("auditor", "site", 403),
        ("super", "unknown", 404),
        ("super", "foreign site", 404),
    ],
)
async def test_who_raises_a_case_about_what(desk: Desk, by: str, about: str, status: int) -> None:
    async with desk.sessions.begin() as session:
        foreign = await make_site(session, operator=await make_operator(session))
    wanted = {
        "site": {"site_id": str(desk.sites[0].id)},
        "other site": {"site_id": str(desk.sites[1].id)},
        "occupier": {"occupier_id": str(desk.occupier.id)},
        "unknown": {"occupier_id": str(uuid4())},
        "foreign site": {"site_id": str(foreign.id)},
        "nothing": {},
    }[about]
    reply = await desk.ask(by, "POST", "/cases", ABOUT | wanted)
    assert reply.status_code == status, reply.text
    if status == 201:
        found = await desk.read(by, reply.json()["id"])
        assert (found["category"], found["priority"]) == ("technical", "p3")
        assert found["origin"] == ("support" if by == "support" else "operator")
        assert [one["status"] for one in found["history"]] == ["new"]


async def test_the_same_key_raises_one_case(desk: Desk) -> None:
    before = await case_count(desk)
    wanted, same = ABOUT | {"site_id": str(desk.sites[0].id)}, {"Idempotency-Key": "one"}
    replies = [await desk.ask("first", "POST", "/cases", wanted, headers=same) for _ in range(2)]
    assert replies[0].json() == replies[1].json()
    assert await case_count(desk) == before + 1


@pytest.mark.parametrize(
    "body",
    [
        ABOUT | {"subject": " "},
        ABOUT | {"subject": "a\nb"},
        ABOUT | {"subject": "x" * 201},
        ABOUT | {"description": "x" * 10_001},
        ABOUT | {"priority": "p0"},
        ABOUT | {"cause": "x"},
        {"subject": "Alone"},
    ],
)
async def test_a_case_that_says_nothing_or_too_much_is_refused(
    desk: Desk, body: dict[str, object]
) -> None:
    wanted = body | {"site_id": str(desk.sites[0].id)}
    assert (await desk.ask("first", "POST", "/cases", wanted)).status_code == 422
