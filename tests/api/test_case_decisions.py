"""Deciding in a case decides about its tasks: each by itself, once, and audited."""

import pytest
from sqlalchemy import select

from models.domain.decommission import TaskKind, TaskState
from models.tables.audit import AuditEventRow, OutboxRow
from models.tables.case import CaseTaskRow
from models.tables.decommission import DecommissionRow
from models.tables.task import TaskRow
from tests.builders import make_task
from tests.desk_cases import Desk, Json

RETRY: Json = {"action": "retry"}


async def decide(desk: Desk, by: str, body: Json, case_id: object = None) -> tuple[int, Json]:
    path = f"/cases/{case_id or desk.case.id}/decisions"
    reply = await desk.ask(by, "POST", path, body)
    found: Json = reply.json()
    return reply.status_code, found


async def another(desk: Desk, kind: TaskKind, state: TaskState = TaskState.FAILED) -> TaskRow:
    """One more task in the case."""
    async with desk.sessions.begin() as session:
        decommission = await session.get_one(DecommissionRow, desk.decommission.id)
        task = await make_task(
            session, decommission=decommission, site=desk.sites[0], kind=kind, state=state
        )
        session.add(CaseTaskRow(case_id=desk.case.id, task_id=task.id))
    return task


async def test_one_decision_in_the_case_is_made_for_each_of_its_tasks(desk: Desk) -> None:
    other = await another(desk, TaskKind.NETWORK)

    status, made = await decide(desk, "support", RETRY)

    assert (status, made["made"], made["refused"], made["left"]) == (202, 2, 0, 0)
    assert {one["task_id"] for one in made["results"]} == {str(desk.failed.id), str(other.id)}
    assert {one["decision"]["state"] for one in made["results"]} == {"accepted"}
    async with desk.sessions() as session:
        told = await session.scalars(
            select(OutboxRow.decision_id).where(OutboxRow.decision_id.is_not(None))
        )
        assert len(list(told)) == 2
        events = list(
            await session.scalars(
                select(AuditEventRow).where(AuditEventRow.action == "case.decide")
            )
        )
    assert {event.entity_id for event in events} == {desk.failed.id, other.id}
    assert {(event.after or {})["case_id"] for event in events} == {str(desk.case.id)}
    assert (await desk.read())["time_to_acknowledge_s"] > 0


async def test_what_is_not_possible_for_one_task_is_refused_for_it_alone(desk: Desk) -> None:
    accounts = await another(desk, TaskKind.USERS)  # never waived
    waive = {"action": "waive", "reason": "provider_gone"}

    status, made = await decide(desk, "sre", waive)

    assert (status, made["made"], made["refused"]) == (202, 1, 1)
    refused = {one["task_id"]: one["problem"] for one in made["results"] if one["problem"]}
    assert refused[str(accounts.id)]["type"] == "/problems/task-not-waivable"


async def test_named_tasks_are_decided_as_they_were_seen(desk: Desk) -> None:
    other = await another(desk, TaskKind.NETWORK)
    seen = {"task_id": str(desk.failed.id), "round": 1, "state": "failed"}
    stale = {"task_id": str(other.id), "round": 2, "state": "failed"}

    status, made = await decide(desk, "support", RETRY | {"tasks": [seen, stale]})

    assert (status, made["made"], made["refused"]) == (202, 1, 1)
    problems = {one["task_id"]: one["problem"] for one in made["results"] if one["problem"]}
    assert problems[str(other.id)]["type"] == "/problems/task-moved-on"


async def test_if_it_is_possible_for_none_nothing_is_made(desk: Desk) -> None:
    assert (await decide(desk, "support", RETRY))[0] == 202
    status, refused = await decide(desk, "support", RETRY)
    assert (status, refused["type"]) == (409, "/problems/nothing-decided")
    (one,) = refused["results"]
    assert one["problem"]["type"] == "/problems/decision-pending"


async def test_a_task_of_another_case_cannot_be_decided_here(desk: Desk) -> None:
    foreign = {"task_id": str(desk.pending.id), "round": 1, "state": "pending"}
    assert (await decide(desk, "support", RETRY | {"tasks": [foreign]}))[0] == 404


async def test_a_case_that_a_person_raised_decides_about_the_troubled_tasks_of_its_decommission(
    desk: Desk,
) -> None:
    await desk.run("UPDATE occupiers SET status = 'failed' WHERE id = :id", id=desk.occupier.id)
    raised = await desk.ask("super", "POST", f"/occupiers/{desk.occupier.id}/cases")
    status, made = await decide(desk, "support", RETRY, raised.json()["id"])
    assert (status, [one["task_id"] for one in made["results"]]) == (202, [str(desk.failed.id)])


@pytest.mark.parametrize(
    ("by", "body", "status"),
    [
        ("super", RETRY, 403),
        ("auditor", RETRY, 403),
        ("sre", {"action": "complete_by_hand", "evidence": "Seen."}, 403),
        ("support", {"action": "complete_by_hand", "evidence": "Seen."}, 202),
        ("support", {"action": "complete_by_hand"}, 422),
        ("support", {"action": "pause"}, 422),
        ("support", RETRY | {"tasks": []}, 422),
    ],
)
async def test_who_decides_what_in_a_case(desk: Desk, by: str, body: Json, status: int) -> None:
    assert (await decide(desk, by, body))[0] == status


async def test_a_decision_about_a_task_acknowledges_its_case(desk: Desk) -> None:
    body = RETRY | {"round": 1, "state": "failed"}
    reply = await desk.ask("sre", "POST", f"/tasks/{desk.failed.id}/decisions", body)
    assert reply.status_code == 202, reply.text
    assert (await desk.read())["time_to_acknowledge_s"] > 0


async def test_a_case_that_is_over_decides_nothing(desk: Desk) -> None:
    await desk.resolve()
    status, refused = await decide(desk, "support", RETRY)
    assert (status, refused["type"]) == (409, "/problems/case-over")


async def test_a_case_tells_what_was_decided_and_offers_the_second_person_to_confirm(
    desk: Desk,
) -> None:
    waive = {"action": "waive", "reason": "provider_gone", "evidence": "The provider closed."}
    assert (await decide(desk, "support", waive))[0] == 202

    by_support, by_sre, by_admin = [await desk.read(by) for by in ("support", "sre", "admin")]

    (decision,) = by_sre["decisions"]
    assert (decision["task_id"], decision["action"]) == (str(desk.failed.id), "waive")
    assert decision["evidence"] == "The provider closed."
    assert by_admin["decisions"][0]["evidence"] is None
    offered = [one["allowed_actions"]["confirm"] for one in (by_support, by_sre, by_admin)]
    assert offered == [[], [decision["id"]], []]


async def test_what_was_decided_before_the_task_came_is_not_told_in_the_case(desk: Desk) -> None:
    assert (await decide(desk, "support", RETRY))[0] == 202
    await desk.run("UPDATE decisions SET created_at = created_at - interval '1 day'")

    assert (await desk.read())["decisions"] == []
