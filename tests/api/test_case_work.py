"""What people do with a case: comments, moves, races, and what keeps it open."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models.domain.case import CaseStatus
from models.tables.audit import AuditEventRow
from models.tables.case import CaseRow
from models.tables.hold import HoldRow
from tests.desk_cases import Desk

SECRET = "Hrabalova-4711"


async def case_row(desk: Desk) -> CaseRow:
    async with desk.sessions() as session:
        return await session.get_one(CaseRow, desk.case.id)


async def test_a_comment_is_kept_with_its_author_and_staff_acknowledge_by_it(desk: Desk) -> None:
    assert (await desk.comment("first", "It hurts.")).status_code == 201
    assert (await desk.read())["time_to_acknowledge_s"] is None
    assert (await desk.comment("support", "On it.")).status_code == 201
    found = await desk.read()
    assert [one["body"] for one in found["comments"]] == ["It hurts.", "On it."]
    assert found["comments"][1]["author"].startswith("staff_member:")
    first = found["time_to_acknowledge_s"]
    assert first > 0
    assert (await desk.comment("sre", "Me too.")).status_code == 201
    assert (await desk.read())["time_to_acknowledge_s"] == first


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001, "a\x00b", None, 7])
async def test_a_comment_that_says_nothing_or_too_much_is_refused(desk: Desk, body: object) -> None:
    path = f"/cases/{desk.case.id}/comments"
    assert (await desk.ask("support", "POST", path, {"body": body})).status_code == 422


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("case_comments", "body"), ("case_statuses", "actor"), ("case_attachments", "filename")],
)
async def test_what_was_said_stays_as_it_is(
    desk: Desk, statement: str, table: str, column: str
) -> None:
    with pytest.raises(DBAPIError, match="written once"):
        await desk.run(statement.format(table, column, column))


async def test_a_case_goes_its_way_with_its_history_and_its_times(desk: Desk) -> None:
    await desk.mend()
    for seen, status in (
        ("new", "in_progress"),
        ("in_progress", "waiting_on_customer"),
        ("waiting_on_customer", "in_progress"),
        ("in_progress", "resolved"),
        ("resolved", "in_progress"),
        ("in_progress", "resolved"),
        ("resolved", "closed"),
    ):
        moved = await desk.move("support", status, seen)
        assert (moved.status_code, moved.json()["status"]) == (200, status), moved.text
    found = await desk.read()
    assert [one["status"] for one in found["history"]] == [
        "new",
        "in_progress",
        "waiting_on_customer",
        "in_progress",
        "resolved",
        "in_progress",
        "resolved",
        "closed",
    ]
    assert {one["actor"].partition(":")[0] for one in found["history"][1:]} == {"staff_member"}
    assert found["times_reopened"] == 1
    assert 0 < found["time_to_acknowledge_s"] < found["time_to_resolve_s"]
    assert found["closed_at"] is not None
    assert found["allowed_actions"]["comment"] is False
    async with desk.sessions() as session:
        told = list(
            await session.scalars(
                select(AuditEventRow).where(AuditEventRow.action == "case.status")
            )
        )
    assert [event.after for event in told][-1] == {"status": "closed"}
    assert len(told) == 7


@pytest.mark.parametrize(
    ("seen", "status", "problem"),
    [
        ("new", "closed", "case-move-impossible"),
        ("new", "waiting_on_customer", "case-move-impossible"),
        ("new", "new", "case-move-impossible"),
        ("in_progress", "resolved", "case-moved-on"),
    ],
)
async def test_a_move_that_there_is_not_is_refused(
    desk: Desk, seen: str, status: str, problem: str
) -> None:
    refused = await desk.move("support", status, seen)
    assert (refused.status_code, refused.json()["type"]) == (409, f"/problems/{problem}")


async def test_a_case_with_a_failed_task_cannot_be_resolved_and_says_which(desk: Desk) -> None:
    refused = await desk.move("support", "resolved", "new")
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "/problems/case-has-failed-tasks",
    )
    assert [one["task_id"] for one in refused.json()["tasks"]] == [str(desk.failed.id)]
    assert str(desk.failed.id) in refused.json()["detail"]
    with pytest.raises(DBAPIError, match="stays open"):
        await desk.run("UPDATE cases SET status = 'resolved' WHERE id = :case_id")
    await desk.mend()
    assert (await desk.move("support", "resolved", "new")).status_code == 200


async def test_a_case_with_a_stuck_task_cannot_be_resolved(desk: Desk) -> None:
    await desk.mend()
    async with desk.sessions.begin() as session:
        for statement in (
            "UPDATE tasks SET stuck_at = now(), stuck_because = 'hung' WHERE id = :task_id",
            "INSERT INTO case_tasks (case_id, task_id) VALUES (:case_id, :task_id)",
        ):
            keys = {"case_id": desk.case.id, "task_id": desk.pending.id}
            await session.execute(text(statement), keys)
    refused = await desk.move("support", "resolved", "new")
    assert [one["stuck_because"] for one in refused.json()["tasks"]] == ["hung"]


async def test_the_case_of_a_hold_stays_open_until_its_release(desk: Desk) -> None:
    await desk.mend()
    async with desk.sessions.begin() as session:
        session.add(
            HoldRow(system="switching", origin="by_hand", placed_by="test", case_id=desk.case.id)
        )
    assert (await desk.read())["hold"]["system"] == "switching"
    refused = await desk.move("support", "resolved", "new")
    assert refused.json()["type"] == "/problems/case-covers-hold"
    with pytest.raises(DBAPIError, match="until its release"):
        await desk.run("UPDATE cases SET status = 'resolved' WHERE id = :case_id")


async def test_tasks_that_are_well_leave_a_case_that_is_resolved(desk: Desk) -> None:
    await desk.mend()
    await desk.run(
        "INSERT INTO case_tasks (case_id, task_id) VALUES (:case_id, :task_id)",
        task_id=desk.pending.id,
    )
    await desk.run("UPDATE tasks SET has_case = true WHERE id = :task_id", task_id=desk.pending.id)
    assert (await desk.move("support", "resolved", "new")).status_code == 200
    again = await desk.ask("second", "POST", f"/tasks/{desk.pending.id}/cases")
    assert again.status_code == 201, again.text
    assert again.json()["number"] != desk.case.number


async def test_of_two_who_move_a_case_at_once_one_is_told_that_it_moved_on(desk: Desk) -> None:
    await desk.mend()
    replies = await asyncio.gather(
        desk.move("support", "in_progress", "new"), desk.move("sre", "resolved", "new")
    )
    assert sorted(reply.status_code for reply in replies) == [200, 409]
    (late,) = [reply for reply in replies if reply.status_code == 409]
    assert late.json()["type"] == "/problems/case-moved-on"
    assert len((await desk.read())["history"]) == 2


@pytest.mark.parametrize(("days", "status", "now"), [(13, 201, "in_progress"), (15, 409, None)])
async def test_a_comment_opens_a_resolved_case_again_within_14_days(
    desk: Desk, days: int, status: int, now: str | None
) -> None:
    await desk.resolve(timedelta(days=days))
    added = await desk.comment("first", "It is back.")
    assert added.status_code == status, added.text
    assert added.json().get("case_status") == now
    row = await case_row(desk)
    if now:
        assert (row.status, row.times_reopened, row.resolved_at) == (
            CaseStatus.IN_PROGRESS,
            1,
            None,
        )
    else:
        assert added.json()["type"] == "/problems/case-over"
        refused = await desk.move("support", "in_progress", "resolved")
        assert refused.json()["type"] == "/problems/case-over"


async def test_an_answer_of_the_customer_ends_the_wait_for_it(desk: Desk) -> None:
    await desk.move("support", "in_progress", "new")
    await desk.move("support", "waiting_on_customer", "in_progress")
    assert (await desk.comment("support", "Well?")).json()["case_status"] == "waiting_on_customer"
    assert (await desk.comment("first", "Yes.")).json()["case_status"] == "in_progress"


async def test_priority_and_reference_are_set_by_staff(desk: Desk) -> None:
    path = f"/cases/{desk.case.id}"
    wanted = {"priority": "p1", "external_reference": "INC-7"}
    assert (await desk.ask("first", "PATCH", path, wanted)).status_code == 403
    edited = await desk.ask("sre", "PATCH", path, wanted)
    assert edited.status_code == 200, edited.text
    assert (edited.json()["priority"], edited.json()["external_reference"]) == ("p1", "INC-7")
    cleared = await desk.ask("sre", "PATCH", path, {"external_reference": None})
    assert (cleared.json()["priority"], cleared.json()["external_reference"]) == ("p1", None)
    for bad in ({}, {"priority": "p0"}, {"external_reference": "a\nb"}, {"priority": None}):
        assert (await desk.ask("sre", "PATCH", path, bad)).status_code == 422, bad


async def test_a_comment_under_the_same_key_is_made_once(desk: Desk) -> None:
    path, same = f"/cases/{desk.case.id}/comments", {"Idempotency-Key": "once"}
    first, second = [
        await desk.ask("support", "POST", path, {"body": "Once."}, headers=same) for _ in range(2)
    ]
    assert first.json() == second.json()
    assert len((await desk.read())["comments"]) == 1


async def test_what_people_write_reaches_neither_the_logs_nor_the_audit(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    assert (await desk.comment("support", f"Ask {SECRET}.")).status_code == 201
    wanted = {"subject": SECRET, "description": SECRET, "site_id": str(desk.sites[0].id)}
    assert (await desk.ask("first", "POST", "/cases", wanted)).status_code == 201
    path = f"/cases/{desk.case.id}"
    edited = await desk.ask("sre", "PATCH", path, {"external_reference": SECRET})
    assert edited.status_code == 200
    attached = await desk.ask(
        "first",
        "POST",
        f"{path}/attachments",
        headers={"Content-Disposition": f'attachment; filename="{SECRET}.txt"'},
        content=SECRET.encode(),
    )
    assert attached.status_code == 201, attached.text
    await desk.ask("sre", "GET", f"/cases?search={SECRET}")
    metrics = await desk.client.get("/metrics")
    out, err = capfd.readouterr()
    assert SECRET not in out + err + metrics.text
    async with desk.sessions() as session:
        audit = await session.scalar(text("SELECT string_agg(e::text, ' ') FROM audit_events e"))
        assert SECRET not in audit
