"""Messages to the outside desk over real HTTP: all of them, in order, whatever is lost."""

import asyncio
import json
import random
from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import insert
from structlog.testing import capture_logs

from activities.support_desk import DeskError
from activities.webhook_desk import WebhookDesk
from models.database import Sessions
from models.domain.case import CasePriority, CaseStatus
from models.domain.desk import News, TellFailure
from models.stores.desk_messages import DeskMessageStore
from models.tables.case import CaseCommentRow, CaseRow
from models.tables.desk import DeskMessageRow
from tests.api.serving import free_port
from tests.builders import make_occupier, make_site
from tests.desk.case_work import (
    case_of_task,
    comment,
    fail_a_task,
    messages,
    move,
    open_case,
    pending,
    retry_and_finish,
    set_priority,
    switch_on,
)
from tests.desk.conftest import API_URL, Sending
from tests.desk.outside_desk import Json, Mood, OutsideDesk, new_secret, outside_desk
from tests.running_platform import until
from workflows.desk_relay import DeskRelay

CASES = 20
CHANGES = 10  # of each case, with its opening


def unlucky(share: float, seed: int, *moods: Mood) -> "Unlucky":
    return Unlucky(random.Random(seed), share, moods)


class Unlucky:
    """In that share of requests something goes wrong."""

    def __init__(self, dice: random.Random, share: float, moods: tuple[Mood, ...]) -> None:
        self.dice, self.share, self.moods = dice, share, moods
        self.happened: Counter[Mood] = Counter()

    def __call__(self, _: Json) -> Mood:
        mood = self.dice.choice(self.moods) if self.dice.random() < self.share else Mood.TAKE
        self.happened[mood] += 1
        return mood


def sequences(desk: OutsideDesk, case_id: UUID) -> list[int]:
    return [body["data"]["sequence"] for body in desk.of_case(case_id)]


async def all_delivered(sessions: Sessions) -> None:
    async def none_waits() -> bool:
        return not await pending(sessions)

    async def story() -> str:
        left = [row for row in await messages(sessions) if row.delivered_at is None]
        return str([(row.kind, row.attempts, row.last_error, row.dead_at) for row in left])

    await until(none_waits, 90, story)


async def only_message(sessions: Sessions) -> DeskMessageRow:
    (row,) = await messages(sessions)
    return row


async def work_on_a_case(sessions: Sessions, number: int) -> UUID:
    """Ten changes, one after another."""
    case_id = await open_case(sessions)
    for at in range(CHANGES - 3):
        await comment(sessions, case_id, f"case {number}, comment {at}")
    await set_priority(sessions, case_id, CasePriority.P1)
    await move(sessions, case_id, CaseStatus.IN_PROGRESS)
    return case_id


async def test_200_changes_arrive_in_order_and_count_once_though_a_third_is_lost(
    sessions: Sessions, secret: str, sending: Sending
) -> None:
    await switch_on(sessions)
    mood = unlucky(0.3, 1, Mood.LOSE, Mood.DROP, Mood.BREAK)
    async with outside_desk(secret, mood) as desk, sending(desk):
        cases = await asyncio.gather(*(work_on_a_case(sessions, at) for at in range(CASES)))
        await all_delivered(sessions)

    rows = await messages(sessions)
    assert len(rows) == CASES * CHANGES
    assert {str(row.id) for row in rows} == set(desk.taken)
    assert all(row.delivered_at for row in rows)
    assert len(desk.arrivals) > len(rows)
    assert mood.happened[Mood.LOSE] > 5
    assert desk.forged == 0
    assert desk.overlaps == 0
    for number, case_id in enumerate(cases):
        assert sequences(desk, case_id) == list(range(1, CHANGES + 1))
        told = desk.of_case(case_id)
        texts = [body["data"]["change"].get("text") for body in told]
        assert texts == [
            None,
            *(f"case {number}, comment {at}" for at in range(CHANGES - 3)),
            None,
            None,
        ]
        assert [body["type"] for body in told][-2:] == [News.CASE_CHANGED, News.STATUS_CHANGED]
        assert told[-1]["data"]["case"]["status"] == "in_progress"


async def test_two_senders_share_the_work_and_keep_the_order(
    sessions: Sessions, secret: str, sending: Sending
) -> None:
    await switch_on(sessions)
    mood = unlucky(0.2, 2, Mood.LOSE, Mood.DROP)
    async with outside_desk(secret, mood) as desk, sending(desk), sending(desk):
        cases = await asyncio.gather(*(work_on_a_case(sessions, at) for at in range(8)))
        await all_delivered(sessions)

    assert desk.overlaps == 0
    for case_id in cases:
        assert sequences(desk, case_id) == list(range(1, CHANGES + 1))


async def test_without_an_outside_desk_nothing_is_noted(sessions: Sessions) -> None:
    case_id = await open_case(sessions)
    await comment(sessions, case_id, "nobody else hears of this")

    assert await messages(sessions) == []


async def test_a_change_that_is_rolled_back_is_not_told(sessions: Sessions) -> None:
    await switch_on(sessions)
    case_id = await open_case(sessions)
    async with sessions() as session:  # never committed
        await session.execute(
            insert(CaseCommentRow).values(case_id=case_id, author="system", body="never said")
        )
    assert [row.kind for row in await messages(sessions)] == [News.CASE_OPENED]


async def test_a_desk_that_is_switched_on_hears_of_all_open_cases_once(
    sessions: Sessions,
) -> None:
    first, second, over = [await open_case(sessions) for _ in range(3)]
    await move(sessions, over, CaseStatus.RESOLVED)

    await switch_on(sessions)
    await switch_on(sessions)

    told = [(row.case_id, row.kind) for row in await messages(sessions)]
    assert told == [(first, News.CASE_OPENED), (second, News.CASE_OPENED)]


async def test_tasks_that_join_and_leave_are_told_and_the_case_resolves_itself(
    sessions: Sessions, secret: str, sending: Sending
) -> None:
    await switch_on(sessions)
    async with sessions.begin() as session:
        site = await make_site(session)
    orders = [await fail_a_task(sessions, site) for _ in range(2)]
    case_id = await case_of_task(sessions, orders[0])
    async with outside_desk(secret) as desk, sending(desk):
        await all_delivered(sessions)
        case = desk.of_case(case_id)[-1]["data"]["case"]
        for order in orders:
            await retry_and_finish(sessions, order)
        await all_delivered(sessions)

    told = desk.of_case(case_id)
    assert [body["type"] for body in told] == [
        News.CASE_OPENED,
        News.TASK_JOINED,
        News.TASK_JOINED,
        News.TASK_LEFT,
        News.TASK_LEFT,
        News.STATUS_CHANGED,
    ]
    assert case["open_tasks"] == 2
    assert case["tasks"] == [
        {"kind": "ports", "state": "failed", "failure": "rejected", "stuck_because": None}
        | {"tasks": 2}
    ]
    assert case["trouble"] == "rejected"
    assert case["advice"]["audience"] == "support"
    assert case["site_reference"] == site.reference
    assert case["link"] == f"{API_URL}/api/v1/cases/{case_id}"
    assert told[-1]["data"]["change"] | {"at": ""} == {
        "status": "resolved",
        "by": "system",
        "at": "",
    }


async def test_the_same_bytes_go_out_again_and_the_signature_is_of_the_attempt(
    sessions: Sessions, secret: str, sending: Sending
) -> None:
    await switch_on(sessions)
    await open_case(sessions)
    moods = iter([Mood.LOSE, Mood.BREAK, Mood.HANG, Mood.TAKE])
    async with outside_desk(secret, lambda _: next(moods)) as desk, sending(desk):
        await all_delivered(sessions)

    assert len(desk.arrivals) == 4
    assert len(set(desk.arrivals)) == len(set(desk.bodies)) == len(desk.taken) == 1
    stamps = [int(headers["webhook-timestamp"]) for headers in desk.headers]
    assert stamps == sorted(stamps)
    assert stamps[0] < stamps[-1]  # the hung one took a second
    assert (await only_message(sessions)).attempts == 4


async def test_two_secrets_sign_while_one_takes_the_others_place(
    sessions: Sessions, secret: str
) -> None:
    await switch_on(sessions)
    await open_case(sessions)
    async with outside_desk(secret) as desk:
        other = WebhookDesk(desk.url, [new_secret(), secret], 1)
        async with sessions.begin() as session:
            (letter,) = await DeskMessageStore(session, API_URL).claim(1, 5)
        await other.tell(letter)
        await other.aclose()
    assert len(desk.taken) == 1


async def test_a_desk_that_asks_for_a_pause_gets_it(
    sessions: Sessions, secret: str, sending: Sending
) -> None:
    await switch_on(sessions)
    cases = [await open_case(sessions) for _ in range(3)]
    moods = iter([Mood.THROTTLE])
    async with (
        outside_desk(secret, lambda _: next(moods, Mood.TAKE)) as desk,
        sending(desk),
    ):
        await all_delivered(sessions)
        await open_case(sessions)
        await all_delivered(sessions)

    first_again = desk.arrivals.index(desk.arrivals[0], 1)
    assert desk.at[first_again] - desk.at[0] >= 1.0
    assert len(desk.taken) == len(cases) + 1


@pytest.mark.parametrize(
    ("mood", "attempts", "failure", "status"),
    [
        (Mood.GONE, 1, TellFailure.GONE, 410),
        (Mood.REFUSE, 3, TellFailure.REFUSED, 400),
        (Mood.REDIRECT, 3, TellFailure.REFUSED, 307),
    ],
)
async def test_what_the_desk_refuses_dies_soon_and_the_case_goes_on(
    sessions: Sessions,
    secret: str,
    sending: Sending,
    mood: Mood,
    attempts: int,
    failure: TellFailure,
    status: int,
) -> None:
    await switch_on(sessions)
    case_id = await open_case(sessions)
    await comment(sessions, case_id, "after it")

    def only_the_first(body: Json) -> Mood:
        return mood if body["data"]["sequence"] == 1 else Mood.TAKE

    async with outside_desk(secret, only_the_first) as desk, sending(desk):
        await all_delivered(sessions)

    dead, next_one = await messages(sessions)
    assert dead.dead_at is not None
    assert (dead.attempts, dead.last_error, dead.last_status) == (attempts, failure, status)
    assert next_one.delivered_at is not None
    assert sequences(desk, case_id) == [2]
    assert desk.of_case(case_id)[0]["data"]["case"]["subject"] == "Failed decommission"


async def test_a_desk_in_trouble_is_tried_longer_before_a_message_dies(
    sessions: Sessions, secret: str
) -> None:
    await switch_on(sessions)
    await open_case(sessions)
    async with outside_desk(secret, lambda _: Mood.BREAK) as desk:
        outside = WebhookDesk(desk.url, [secret], 1)
        relay = DeskRelay(sessions, outside, api_url=API_URL, patience=1e-9)
        task = asyncio.create_task(relay.run())
        await all_delivered(sessions)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    row = await only_message(sessions)
    assert row.dead_at is not None
    assert (row.attempts, row.last_error, row.last_status) == (12, TellFailure.BROKEN, 500)


async def test_nobody_at_the_address_is_a_failure_like_others(sessions: Sessions) -> None:
    await switch_on(sessions)
    await open_case(sessions)
    desk = WebhookDesk(f"http://127.0.0.1:{free_port()}/hooks", [new_secret()], 1)
    async with sessions.begin() as session:
        (letter,) = await DeskMessageStore(session, API_URL).claim(1, 5)
    with pytest.raises(DeskError) as caught:
        await desk.tell(letter)
    await desk.aclose()
    assert caught.value.failure is TellFailure.UNREACHABLE


async def test_logs_and_rows_hold_neither_secret_nor_address_nor_words(
    sessions: Sessions, secret: str, sending: Sending
) -> None:
    await switch_on(sessions)
    case_id = await open_case(sessions)
    await comment(sessions, case_id, "Qwerindela Vantongerloo rang")
    moods = iter([Mood.BREAK, Mood.DROP, Mood.REFUSE, Mood.REFUSE])
    with capture_logs() as entries:
        async with (
            outside_desk(secret, lambda _: next(moods, Mood.TAKE)) as desk,
            sending(desk),
        ):
            await all_delivered(sessions)
    logged = str(entries)
    assert "desk.message_delayed" in logged
    assert "desk.told" in logged
    for hidden in (secret, secret.removeprefix("whsec_"), "case-news-token", "Qwerindela"):
        assert hidden not in logged
    for row in await messages(sessions):
        assert "case-news-token" not in f"{row.last_error} {row.last_status} {row.payload}"
        assert secret not in json.dumps(row.payload)


async def test_nothing_personal_of_ours_goes_out(
    sessions: Sessions, secret: str, sending: Sending
) -> None:
    await switch_on(sessions)
    async with sessions.begin() as session:
        occupier = await make_occupier(session, name="Canario & Søn Personalrådgivning")
        site = await make_site(session, operator=None)
    order = await fail_a_task(sessions, site)
    case_id = await case_of_task(sessions, order)
    async with sessions.begin() as session:
        case = await session.get_one(CaseRow, case_id)
        case.occupier_id = occupier.id
    await comment(sessions, case_id, "Please look.", "team_member:" + str(UUID(int=77)))
    async with outside_desk(secret) as desk, sending(desk):
        await all_delivered(sessions)

    sent = b"".join(desk.bodies).decode()
    assert str(occupier.id) in sent
    assert '"by":"team_member"' in sent
    for hidden in ("Canario", "Personalr", str(UUID(int=77))):
        assert hidden not in sent
