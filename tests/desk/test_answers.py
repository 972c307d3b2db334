"""Answers of the outside desk over real HTTP: who may give them, once each, in order, and what."""

import asyncio
import base64
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from structlog.testing import capture_logs

from api.app import create_app
from models.database import Sessions
from models.domain.case import CaseStatus
from models.domain.desk import DESK, News
from models.domain.desk_secret import DeskSecretError
from models.settings import Settings
from models.tables.audit import AuditEventRow
from models.tables.case import CaseCommentRow, CaseRow, CaseStatusRow
from models.tables.decision import DecisionRow
from models.tables.desk import DeskAnswerRow
from tests.api.serving import serving
from tests.desk.case_work import (
    case_of_task,
    fail_a_task,
    messages,
    move,
    open_case,
    switch_on,
)
from tests.desk.outside_desk import Answer, Json, answer, new_secret


@dataclass
class Ours:
    """Our API, as the desk reaches it."""

    http: httpx.AsyncClient
    secret: str
    sequences: dict[UUID, int] = field(default_factory=dict)

    async def send(self, signed: Answer, **headers: str) -> httpx.Response:
        return await self.http.post(
            "/desk/answers", content=signed.content, headers=signed.headers | headers
        )

    async def tell(self, case_id: UUID, kind: str, **data: Any) -> Json:  # noqa: ANN401 - JSON
        """The next answer about the case; it must be taken."""
        sequence = self.sequences[case_id] = self.sequences.get(case_id, 0) + 1
        signed = answer(self.secret, kind, case_id=case_id, sequence=sequence, **data)
        reply = await self.send(signed)
        assert reply.status_code == 200, reply.text
        body: Json = reply.json()
        return body


@pytest.fixture
async def ours(settings: Settings, secret: str) -> AsyncIterator[Ours]:
    settings = settings.model_copy(update={"desk_answer_secret": SecretStr(secret)})
    async with (
        serving(settings) as at,
        httpx.AsyncClient(base_url=at.url, trust_env=False, timeout=60) as http,
    ):
        yield Ours(http, secret)


@pytest.fixture
async def case_id(sessions: Sessions) -> UUID:
    await switch_on(sessions)
    return await open_case(sessions)


async def case_row(sessions: Sessions, case_id: UUID) -> CaseRow:
    async with sessions() as session:
        return await session.get_one(CaseRow, case_id)


async def comments(sessions: Sessions, case_id: UUID) -> list[str]:
    query = (
        select(CaseCommentRow.body)
        .where(CaseCommentRow.case_id == case_id)
        .order_by(CaseCommentRow.created_at)
    )
    async with sessions() as session:
        return list(await session.scalars(query))


async def audited(sessions: Sessions, action: str) -> list[AuditEventRow]:
    query = select(AuditEventRow).where(AuditEventRow.action == action).order_by(AuditEventRow.id)
    async with sessions() as session:
        return list(await session.scalars(query))


def assert_not_accepted(reply: httpx.Response) -> None:
    assert reply.status_code == 401, reply.text
    body = reply.json()
    assert body["type"] == "/problems/webhook-not-accepted"
    assert body["detail"] == (
        "The signature is not that of the desk, or too old; sign the body as it is sent, now."
    )


async def test_what_the_desk_says_is_done_and_not_told_back(
    sessions: Sessions, ours: Ours, case_id: UUID
) -> None:
    before = len(await messages(sessions))
    await ours.tell(case_id, "case.acknowledged")
    await ours.tell(case_id, "case.reference_assigned", reference="INC-4711")
    await ours.tell(case_id, "case.status_changed", status="in_progress")
    await ours.tell(case_id, "case.commented", comment="We are on it.")
    await ours.tell(case_id, "case.status_changed", status="waiting_on_customer")

    case = await case_row(sessions, case_id)
    assert case.external_reference == "INC-4711"
    assert case.status is CaseStatus.WAITING_ON_CUSTOMER
    assert case.acknowledged_at is not None
    assert await comments(sessions, case_id) == ["We are on it."]
    async with sessions() as session:
        history = await session.execute(
            select(CaseStatusRow.status, CaseStatusRow.actor).order_by(CaseStatusRow.at)
        )
        assert [tuple(row) for row in history][1:] == [
            (CaseStatus.IN_PROGRESS, DESK),
            (CaseStatus.WAITING_ON_CUSTOMER, DESK),
        ]
    assert len(await messages(sessions)) == before
    events = await audited(sessions, "desk.answer")
    assert [event.actor for event in events] == [DESK] * 5
    assert {event.entity_id for event in events} == {case_id}
    assert "We are on it." not in str([event.after for event in events])


@pytest.mark.parametrize("reorder", [False, True])
async def test_lost_and_repeated_answers_take_effect_once_and_in_order(
    sessions: Sessions, ours: Ours, reorder: bool
) -> None:
    dice, cases = random.Random(3), [await open_case(sessions) for _ in range(5)]

    async def insist(case_id: UUID) -> None:
        """Sends each until it has seen a reply; replies get lost, and some are sent twice."""
        waiting = [
            answer(ours.secret, "case.commented", case_id=case_id, sequence=at, comment=f"no. {at}")
            for at in range(1, 9)
        ]
        while waiting:
            at = dice.randrange(min(3, len(waiting))) if reorder else 0
            replies = await asyncio.gather(
                *(ours.send(waiting[at]) for _ in range(dice.choice([1, 1, 2])))
            )
            assert {reply.status_code for reply in replies} <= {200, 409}
            if replies[0].status_code == 200 and dice.random() > 0.3:
                waiting.pop(at)

    await asyncio.gather(*map(insist, cases))

    for case_id in cases:
        assert await comments(sessions, case_id) == [f"no. {at}" for at in range(1, 9)]
    assert len(await audited(sessions, "desk.answer")) == 8 * len(cases)


async def test_an_answer_before_its_turn_is_refused_and_says_which_one_is_next(
    sessions: Sessions, ours: Ours, case_id: UUID
) -> None:
    early = answer(ours.secret, "case.commented", case_id=case_id, sequence=2, comment="second")
    reply = await ours.send(early)
    assert reply.status_code == 409
    assert reply.json()["type"] == "/problems/answer-out-of-order"
    assert reply.json()["expected_sequence"] == 1

    await ours.tell(case_id, "case.commented", comment="first")
    assert (await ours.send(early)).status_code == 200
    again = answer(ours.secret, "case.commented", case_id=case_id, sequence=1, comment="other")
    assert (await ours.send(again)).json()["expected_sequence"] == 3

    assert await comments(sessions, case_id) == ["first", "second"]


async def test_a_repeat_gets_the_first_outcome_also_after_the_tolerance(
    sessions: Sessions, ours: Ours, case_id: UUID
) -> None:
    told: Json = {"case_id": case_id, "sequence": 1, "comment": "once"}
    first = answer(ours.secret, "case.commented", webhook_id="msg_1", **told)
    replies = [(await ours.send(first)).json() for _ in range(3)]
    assert [reply["is_repeat"] for reply in replies] == [False, True, True]

    # The desk itself repeats it days later, signed anew; another one replays the old signature.
    anew = answer(ours.secret, "case.commented", webhook_id="msg_1", **told)
    assert (await ours.send(anew)).json()["is_repeat"] is True
    late = datetime.now(UTC) - timedelta(minutes=6)
    assert_not_accepted(
        await ours.send(answer(ours.secret, "case.commented", webhook_id="msg_1", at=late, **told))
    )
    assert await comments(sessions, case_id) == ["once"]


async def test_whoever_does_not_sign_as_the_desk_is_refused_without_a_reason(
    sessions: Sessions, ours: Ours, case_id: UUID
) -> None:
    told: Json = {"case_id": case_id, "sequence": 1, "comment": "forged"}
    good = answer(ours.secret, "case.commented", **told)
    other = answer(new_secret(), "case.commented", **told)
    minutes = [timedelta(minutes=by) for by in (-6, 6)]
    outdated = [
        answer(ours.secret, "case.commented", at=datetime.now(UTC) + by, **told) for by in minutes
    ]
    changed = Answer(good.content.replace(b"forged", b"Forged"), good.headers)
    for signed in (other, changed, *outdated):
        assert_not_accepted(await ours.send(signed))
    for headers in (
        {"webhook-id": "msg_other"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,###"},
        {"webhook-signature": "v1," + base64.b64encode(b"x" * 32).decode()},
        {"webhook-signature": good.headers["webhook-signature"].replace("v1", "v2")},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
        {"webhook-timestamp": str(int(good.headers["webhook-timestamp"]) + 1)},
    ):
        assert_not_accepted(await ours.send(good, **headers))
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        rest = {key: value for key, value in good.headers.items() if key != name}
        assert_not_accepted(await ours.send(Answer(good.content, rest)))
    # A wrong body of nobody is refused for being of nobody.
    assert_not_accepted(
        await ours.http.post("/desk/answers", json={"type": "x"}, headers={"webhook-id": "1"})
    )
    assert await comments(sessions, case_id) == []
    assert (await ours.send(good)).status_code == 200


async def test_a_header_of_the_signature_may_not_stand_twice(ours: Ours, case_id: UUID) -> None:
    good = answer(ours.secret, "case.acknowledged", case_id=case_id, sequence=1)
    pairs = [*good.headers.items(), ("webhook-id", "msg_other")]
    reply = await ours.http.post("/desk/answers", content=good.content, headers=pairs)
    assert reply.status_code == 400


async def test_without_a_desk_nobody_can_answer(
    settings: Settings, sessions: Sessions, secret: str, case_id: UUID
) -> None:
    async with (
        serving(settings) as at,
        httpx.AsyncClient(base_url=at.url, trust_env=False, timeout=60) as http,
    ):
        signed = answer(secret, "case.acknowledged", case_id=case_id, sequence=1)
        assert_not_accepted(await Ours(http, secret).send(signed))


def test_the_api_does_not_start_with_a_secret_that_is_none(settings: Settings) -> None:
    for wrong in ("plain-text", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%", "c" * 64):
        with pytest.raises(DeskSecretError) as caught:
            create_app(settings.model_copy(update={"desk_answer_secret": SecretStr(wrong)}))
        assert wrong not in str(caught.value).replace("`whsec_`", "")


async def test_what_makes_no_sense_is_named_and_nothing_is_taken(
    sessions: Sessions, ours: Ours, case_id: UUID
) -> None:
    wrong: tuple[tuple[str, Json], ...] = (
        ("case.commented", {}),
        ("case.commented", {"comment": "x", "status": "resolved"}),
        ("case.commented", {"comment": "x\0"}),
        ("case.commented", {"comment": "x" * 10_001}),
        ("case.status_changed", {"status": "gone"}),
        ("case.reference_assigned", {"reference": "x" * 101}),
        ("case.decided", {"task_id": uuid4()}),
        ("case.deleted", {}),
        ("case.acknowledged", {"sequence": 0}),
        ("case.acknowledged", {"surprise": 1}),
    )
    for kind, data in wrong:
        told: Json = {"case_id": case_id, "sequence": 1} | data
        signed = answer(ours.secret, kind, **told)
        reply = await ours.send(signed)
        assert reply.status_code == 422, (kind, data, reply.text)
    unknown = answer(ours.secret, "case.acknowledged", case_id=uuid4(), sequence=1)
    assert (await ours.send(unknown)).status_code == 404
    async with sessions() as session:
        assert list(await session.scalars(select(DeskAnswerRow.id))) == []


async def test_a_retry_of_the_desk_retries_every_failed_task_of_the_case(
    sessions: Sessions, ours: Ours
) -> None:
    await switch_on(sessions)
    order = await fail_a_task(sessions)
    async with sessions() as session:
        site_id = order.site_id
    case_id = await case_of_task(sessions, order)

    assert (await ours.tell(case_id, "case.decided", action="retry"))["refused_because"] is None
    again = await ours.tell(case_id, "case.decided", action="retry")

    assert again["refused_because"] == "nothing_to_retry"  # the first is being carried out
    async with sessions() as session:
        (decision,) = await session.scalars(select(DecisionRow))
        waiting = await session.scalar(
            text("SELECT count(*) FROM outbox WHERE decision_id = :id"), {"id": decision.id}
        )
    assert (decision.action, decision.decided_by, decision.round) == ("retry", DESK, 1)
    assert (decision.site_id, waiting) == (site_id, 1)
    (made,) = await audited(sessions, "decision.make")
    assert (made.actor, made.entity_id) == (DESK, decision.task_id)


@pytest.mark.parametrize("action", ["complete_by_hand", "waive", "pause", "resume"])
async def test_what_needs_our_people_is_refused_with_the_reason_and_the_case_goes_on(
    sessions: Sessions, ours: Ours, action: str
) -> None:
    await switch_on(sessions)
    case_id = await case_of_task(sessions, await fail_a_task(sessions))

    refused = await ours.tell(case_id, "case.decided", action=action)

    assert refused["refused_because"] == "needs_our_people"
    assert "only a retry" in refused["detail"].lower()
    told = (await messages(sessions))[-1]
    assert (told.kind, told.case_id) == (News.ANSWER_REFUSED, case_id)
    (event,) = await audited(sessions, "desk.answer")
    assert (event.outcome, event.reason) == ("refused", "needs-our-people")
    await ours.tell(case_id, "case.commented", comment="Please waive it.")
    async with sessions() as session:
        assert list(await session.scalars(select(DecisionRow.id))) == []


async def test_the_desk_moves_a_case_only_as_people_may(sessions: Sessions, ours: Ours) -> None:
    case_id = await open_case(sessions)
    jump = await ours.tell(case_id, "case.status_changed", status="closed")
    assert jump["refused_because"] == "status_not_reachable"
    await ours.tell(case_id, "case.status_changed", status="resolved")
    await ours.tell(case_id, "case.commented", comment="It is back.")
    assert (await case_row(sessions, case_id)).status is CaseStatus.IN_PROGRESS
    await move(sessions, case_id, CaseStatus.RESOLVED)
    await ours.tell(case_id, "case.status_changed", status="closed")
    late = await ours.tell(case_id, "case.commented", comment="One more thing")
    assert late["refused_because"] == "case_closed"

    troubled = await case_of_task(sessions, await fail_a_task(sessions))
    early = await ours.tell(troubled, "case.status_changed", status="resolved")
    assert early["refused_because"] == "tasks_not_done"


async def test_logs_hold_neither_the_secret_nor_the_words(
    sessions: Sessions, ours: Ours, case_id: UUID
) -> None:
    words = "Qwerindela Vantongerloo rang"
    with capture_logs() as entries:
        await ours.tell(case_id, "case.commented", comment=words)
        other = answer(new_secret(), "case.commented", case_id=case_id, sequence=2, comment=words)
        assert_not_accepted(await ours.send(other))
    logged = str(entries)
    assert "desk.answer_not_accepted" in logged
    for hidden in (words, ours.secret, other.headers["webhook-signature"]):
        assert hidden not in logged
