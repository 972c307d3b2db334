"""Dead letters: who sees them, who sends them again, and what the desk makes of a late one."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from models.database import Sessions
from models.domain.desk import DESK_ID
from models.domain.permission import StaffRole
from models.settings import Settings
from models.tables.audit import AuditEventRow
from tests.api.conftest import app, client, super_admin  # noqa: F401 - fixtures
from tests.desk.case_work import comment, messages, open_case, pending, switch_on
from tests.desk.conftest import Sending
from tests.desk.outside_desk import Json, Mood, outside_desk
from tests.identities import headers_of, key, make_member
from tests.running_platform import until

MESSAGES = "/api/v1/desk/messages"


@pytest.fixture
async def support(
    app: FastAPI,  # noqa: F811 - the fixture
    settings: Settings,
    sessions: Sessions,
) -> AsyncIterator[httpx.AsyncClient]:
    async with sessions.begin() as session:
        member = await make_member(session, staff_role=StaffRole.VENDOR_SUPPORT)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://api.test",
        headers=headers_of(settings, member),
    ) as http:
        yield http


async def delivered(sessions: Sessions) -> None:
    async def none_waits() -> bool:
        return not await pending(sessions)

    await until(none_waits, 60)


async def listed(http: httpx.AsyncClient, **filters: str) -> list[Json]:
    reply = await http.get(MESSAGES, params=filters)
    assert reply.status_code == 200, reply.text
    items: list[Json] = reply.json()["items"]
    return items


async def test_a_dead_message_is_listed_and_goes_out_again_under_its_id_and_number(
    sessions: Sessions, secret: str, sending: Sending, support: httpx.AsyncClient
) -> None:
    await switch_on(sessions)
    case_id = await open_case(sessions)
    await comment(sessions, case_id, "after it")
    is_mended = False

    def until_mended(body: Json) -> Mood:
        first = body["data"]["sequence"] == 1
        return Mood.GONE if first and not is_mended else Mood.TAKE

    async with outside_desk(secret, until_mended) as desk, sending(desk):
        await delivered(sessions)
        (dead,) = await listed(support, state="dead")
        assert (dead["case_id"], dead["sequence"]) == (str(case_id), 1)
        assert (dead["last_error"], dead["last_status"]) == ("gone", 410)
        assert "payload" not in dead
        assert [one["sequence"] for one in await listed(support, state="delivered")] == [2]
        is_mended = True
        reply = await support.post(f"{MESSAGES}/{dead['id']}/redeliver", headers=key())
        assert reply.status_code == 202, reply.text
        assert reply.json()["state"] == "pending"
        await delivered(sessions)

    assert await listed(support, state="dead") == []
    assert [body["data"]["sequence"] for body in desk.of_case(case_id)] == [2, 1]
    assert list(desk.taken)[1] == dead["id"]
    async with sessions() as session:
        events = await session.scalars(
            select(AuditEventRow).where(AuditEventRow.action == "desk.redeliver")
        )
        assert [(event.entity_kind, str(event.entity_id)) for event in events] == [
            ("desk_message", dead["id"])
        ]


async def test_all_dead_messages_go_out_again_lowest_number_first(
    sessions: Sessions, secret: str, sending: Sending, support: httpx.AsyncClient
) -> None:
    await switch_on(sessions)
    cases = [await open_case(sessions) for _ in range(4)]
    for case_id in cases:
        await comment(sessions, case_id, "more")
    moods = iter([Mood.GONE] * 8)
    async with outside_desk(secret, lambda _: next(moods, Mood.TAKE)) as desk, sending(desk):
        await delivered(sessions)
        assert len(await listed(support, state="dead")) == 8

        reply = await support.post("/api/v1/desk/dead-letters/redeliver", headers=key())

        assert (reply.status_code, reply.json()) == (202, {"redelivered": 8})
        await delivered(sessions)
    for case_id in cases:
        assert [body["data"]["sequence"] for body in desk.of_case(case_id)] == [1, 2]
        assert len(await listed(support, case_id=str(case_id))) == 2
    async with sessions() as session:
        query = select(AuditEventRow).where(AuditEventRow.action == "desk.redeliver")
        (event,) = await session.scalars(query)
    assert (event.entity_id, event.after) == (DESK_ID, {"redelivered": "8"})


async def test_what_is_still_on_its_way_is_not_sent_twice(
    sessions: Sessions, support: httpx.AsyncClient
) -> None:
    await switch_on(sessions)
    await open_case(sessions)
    (row,) = await messages(sessions)
    reply = await support.post(f"{MESSAGES}/{row.id}/redeliver", headers=key())
    assert reply.status_code == 409
    assert reply.json()["type"] == "/problems/delivery-pending"


async def test_a_delivered_message_can_be_sent_again_to_a_desk_that_lost_it(
    sessions: Sessions, secret: str, sending: Sending, support: httpx.AsyncClient
) -> None:
    await switch_on(sessions)
    await open_case(sessions)
    async with outside_desk(secret) as desk, sending(desk):
        await delivered(sessions)
        (row,) = await messages(sessions)
        await support.post(f"{MESSAGES}/{row.id}/redeliver", headers=key())
        await delivered(sessions)
    assert desk.arrivals == [str(row.id)] * 2
    assert len(desk.taken) == 1


async def test_pages_of_messages_follow_one_another(
    sessions: Sessions, support: httpx.AsyncClient
) -> None:
    await switch_on(sessions)
    for _ in range(5):
        await open_case(sessions)
    seen: list[str] = []
    at: dict[str, str] = {}
    for _ in range(3):
        page: Json = (await support.get(MESSAGES, params={"limit": "2"} | at)).json()
        seen += [one["id"] for one in page["items"]]
        at = {"cursor": str(page["next_cursor"])}
    assert at == {"cursor": "None"}
    assert len(set(seen)) == 5


async def test_an_operators_people_see_none_and_can_do_nothing(
    sessions: Sessions,
    client: httpx.AsyncClient,  # noqa: F811 - the fixture
) -> None:
    await switch_on(sessions)
    await open_case(sessions)
    (row,) = await messages(sessions)
    assert await listed(client) == []
    for path in (f"{MESSAGES}/{row.id}/redeliver", "/api/v1/desk/dead-letters/redeliver"):
        assert (await client.post(path, headers=key())).status_code == 404
    unknown = await client.post(f"{MESSAGES}/{uuid4()}/redeliver", headers=key())
    assert unknown.status_code == 404


async def test_a_case_of_another_id_has_no_messages(support: httpx.AsyncClient) -> None:
    assert await listed(support, case_id=str(UUID(int=1))) == []
