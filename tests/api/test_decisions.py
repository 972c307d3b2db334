"""Who decides about failed and stuck tasks, what is refused, and what is shown of it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from models.database import Sessions
from models.domain.case import CaseCategory, CaseOrigin
from models.domain.decision import DecisionAction
from models.domain.decommission import DecommissionState, TaskKind, TaskPhase, TaskState
from models.domain.permission import StaffRole
from models.settings import Settings
from models.stores.decision_ends import DecisionEndStore
from models.tables.audit import AuditEventRow, OutboxRow
from models.tables.case import CaseRow
from models.tables.decommission import DecommissionRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_scene, make_task
from tests.identities import headers_of, key, make_member

RETRY = {"action": "retry", "round": 1, "state": "failed"}
WAIVE = {"action": "waive", "round": 1, "state": "failed", "reason": "provider_gone"}
BY_HAND = {"action": "complete_by_hand", "round": 1, "state": "failed", "evidence": "Seen."}


@dataclass(frozen=True)
class Scene:
    """A decommission with a failed task, and those who may decide."""

    client: httpx.AsyncClient
    sessions: Sessions
    decommission: DecommissionRow
    task: TaskRow
    staff: Mapping[str, Mapping[str, str]]

    async def decide(
        self, by: str, body: Mapping[str, object], task: TaskRow | None = None
    ) -> httpx.Response:
        path = f"/api/v1/tasks/{(task or self.task).id}/decisions"
        return await self.client.post(path, json=body, headers=key() | dict(self.staff[by]))

    async def confirm(self, by: str, decision_id: str) -> httpx.Response:
        path = f"/api/v1/decisions/{decision_id}/confirm"
        return await self.client.post(path, headers=key() | dict(self.staff[by]))

    async def pace(self, by: str, **body: object) -> httpx.Response:
        path = f"/api/v1/decommissions/{self.decommission.id}/decisions"
        return await self.client.post(path, json=body, headers=key() | dict(self.staff[by]))

    async def other(self, kind: TaskKind, **columns: object) -> TaskRow:
        async with self.sessions.begin() as session:
            return await make_task(
                session,
                decommission=self.decommission,
                kind=kind,
                **columns,  # type: ignore[arg-type]  # columns of a task
            )

    async def untold(self) -> int:
        async with self.sessions() as session:
            rows = await session.scalars(
                select(OutboxRow.id).where(OutboxRow.decision_id.is_not(None))
            )
            return len(list(rows))


@pytest.fixture
async def scene(client: httpx.AsyncClient, sessions: Sessions, settings: Settings) -> Scene:
    """The super admin's client; support sees the occupier by its case."""
    async with sessions.begin() as session:
        made = await make_scene(session, sites=1)
        decommission = await make_decommission(
            session,
            occupier=made.occupier,
            sites=made.sites,
            state=DecommissionState.PARTIAL,
        )
        task = await make_task(
            session,
            decommission=decommission,
            site=made.sites[0],
            kind=TaskKind.PORTS,
            state=TaskState.FAILED,
        )
        session.add(
            CaseRow(
                operator_id=made.occupier.operator_id,
                occupier_id=made.occupier.id,
                subject="Test",
                description="Test",
                category=CaseCategory.TECHNICAL,
                origin=CaseOrigin.AUTOMATIC,
                requested_by="system",
            )
        )
        staff = {
            name: headers_of(settings, await make_member(session, staff_role=role))
            for name, role in (
                ("support", StaffRole.VENDOR_SUPPORT),
                ("support2", StaffRole.VENDOR_SUPPORT),
                ("sre", StaffRole.SRE),
                ("auditor", StaffRole.AUDITOR),
            )
        }
    return Scene(client, sessions, decommission, task, staff | {"operator": {}})


async def test_a_decision_is_accepted_audited_and_shown_with_the_task(scene: Scene) -> None:
    reply = await scene.decide("support", RETRY)

    assert reply.status_code == 202, reply.text
    made = reply.json()
    assert (made["action"], made["state"], made["round"]) == ("retry", "accepted", 1)
    assert await scene.untold() == 1
    shown = (await scene.client.get(f"/api/v1/tasks/{scene.task.id}")).json()
    assert [one["id"] for one in shown["decisions"]] == [made["id"]]
    assert (await scene.client.get(f"/api/v1/decisions/{made['id']}")).json() == made
    async with scene.sessions() as session:
        (event,) = await session.scalars(
            select(AuditEventRow).where(AuditEventRow.action == "decision.make")
        )
    assert (event.outcome, event.after["action"]) == ("done", "retry")  # type: ignore[index]


@pytest.mark.parametrize(
    ("by", "body", "status"),
    [
        ("operator", RETRY, 403),
        ("operator", BY_HAND, 403),
        ("operator", WAIVE, 403),
        ("auditor", RETRY, 403),
        ("sre", BY_HAND, 403),
        ("sre", RETRY, 202),
        ("sre", WAIVE, 202),
        ("support", BY_HAND, 202),
        ("support", WAIVE, 202),
    ],
)
async def test_who_decides_what(
    scene: Scene, by: str, body: Mapping[str, object], status: int
) -> None:
    assert (await scene.decide(by, body)).status_code == status


async def test_what_the_person_saw_must_still_hold(scene: Scene) -> None:
    for seen in ({"round": 2}, {"state": "pending"}):
        reply = await scene.decide("support", RETRY | seen)
        assert (reply.status_code, reply.json()["type"]) == (409, "/problems/task-moved-on")
    assert await scene.untold() == 0


async def test_a_task_has_one_decision_at_a_time(scene: Scene) -> None:
    assert (await scene.decide("support", RETRY)).status_code == 202
    second = await scene.decide("sre", RETRY)
    assert (second.status_code, second.json()["type"]) == (409, "/problems/decision-pending")
    assert await scene.untold() == 1


@pytest.mark.parametrize(
    ("kind", "state", "phase", "body", "problem"),
    [
        (TaskKind.USERS, "failed", None, WAIVE, "task-not-waivable"),
        (TaskKind.STOP_SERVICES, "failed", None, WAIVE, "task-not-waivable"),
        (TaskKind.VERIFY_OCCUPIER, "failed", None, WAIVE, "task-not-waivable"),
        (TaskKind.PLAN, "failed", None, BY_HAND, "nothing-to-confirm"),
        (TaskKind.TELEPHONY, "pending", TaskPhase.RETRYING, BY_HAND, "task-not-decidable"),
        (TaskKind.TELEPHONY, "pending", TaskPhase.RETRYING, WAIVE, "task-not-decidable"),
        (TaskKind.TELEPHONY, "pending", TaskPhase.QUEUED, RETRY, "task-not-decidable"),
        (TaskKind.TELEPHONY, "completed", None, RETRY, "task-not-decidable"),
    ],
)
async def test_what_cannot_be_decided_is_refused(
    scene: Scene,
    kind: TaskKind,
    state: str,
    phase: TaskPhase | None,
    body: Mapping[str, object],
    problem: str,
) -> None:
    columns = {"state": TaskState(state)} | ({"phase": phase} if phase else {})
    task = await scene.other(kind, **columns)
    reply = await scene.decide("support", {**body, "state": state}, task)
    assert (reply.status_code, reply.json()["type"]) == (409, f"/problems/{problem}"), reply.text


@pytest.mark.parametrize(
    "body",
    [
        {**BY_HAND, "evidence": None},
        {**BY_HAND, "evidence": "  "},
        {**BY_HAND, "evidence": "x" * 4_001},
        {**WAIVE, "reason": None},
        {**WAIVE, "reason": "too_hard"},
        {**RETRY, "reason": "provider_gone"},
        {**RETRY, "action": "pause"},
        {**RETRY, "round": 0},
        {**BY_HAND, "file": {"name": "../x", "media_type": "text/plain", "content": "YQ=="}},
        {**BY_HAND, "file": {"name": "x.html", "media_type": "text/html", "content": "YQ=="}},
        {**BY_HAND, "file": {"name": "x.txt", "media_type": "text/plain", "content": "not!"}},
    ],
)
async def test_a_decision_without_what_it_needs_is_invalid(
    scene: Scene, body: Mapping[str, object]
) -> None:
    assert (await scene.decide("support", body)).status_code == 422


async def test_evidence_is_kept_for_staff(scene: Scene) -> None:
    content = base64.b64encode(b"%PDF-1.7").decode()
    file = {"name": "protocol.pdf", "media_type": "application/pdf", "content": content}
    made = (await scene.decide("support", {**BY_HAND, "file": file})).json()
    path = f"/api/v1/decisions/{made['id']}"
    assert (made["evidence"], made["file_size"]) == ("Seen.", 8)

    given = await scene.client.get(f"{path}/evidence", headers=dict(scene.staff["sre"]))
    assert (given.content, given.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")
    assert "attachment" in given.headers["content-disposition"]
    assert (await scene.client.get(f"{path}/evidence")).status_code == 403
    hidden = (await scene.client.get(path)).json()
    assert (hidden["evidence"], hidden["file_name"], hidden["has_evidence"]) == (None, None, True)


async def test_a_waiver_needs_two_different_people_of_different_roles(scene: Scene) -> None:
    made = (await scene.decide("support", WAIVE)).json()
    assert made["state"] == "awaiting_second_person"
    assert await scene.untold() == 0

    refused = [
        (await scene.confirm(by, made["id"])).status_code
        for by in ("support", "support2", "auditor", "operator")
    ]
    assert refused == [403] * 4
    confirmed = await scene.confirm("sre", made["id"])
    assert (confirmed.status_code, confirmed.json()["state"]) == (202, "accepted"), confirmed.text
    assert await scene.untold() == 1
    again = await scene.confirm("sre", made["id"])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/decision-not-waiting")


async def test_a_waiver_of_a_task_that_moved_on_cannot_be_confirmed(scene: Scene) -> None:
    made = (await scene.decide("sre", WAIVE)).json()
    async with scene.sessions.begin() as session:
        task = await session.get_one(TaskRow, scene.task.id)
        task.state, task.phase, task.round = TaskState.PENDING, TaskPhase.RUNNING, 2
    reply = await scene.confirm("support", made["id"])
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/task-moved-on")
    assert await scene.untold() == 0


async def test_only_sres_pause_and_only_what_runs(scene: Scene) -> None:
    assert (await scene.pace("support", action="pause")).status_code == 403
    assert (await scene.pace("operator", action="pause")).status_code == 403
    nothing = await scene.pace("sre", action="resume")
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing-to-pause")
    elsewhere = await scene.pace("sre", action="pause", site_id=str(scene.decommission.id))
    assert elsewhere.status_code == 404
    paused = await scene.pace("sre", action="pause")
    assert (paused.status_code, paused.json()["task_id"]) == (202, None), paused.text
    assert (await scene.pace("sre", action="pause")).status_code == 409

    async with scene.sessions.begin() as session:
        claimed = await DecisionEndStore(session).claim()
        assert claimed is not None
        assert claimed.order.action is DecisionAction.PAUSE
    site = await scene.pace("sre", action="pause", site_id=str(scene.task.site_id))
    assert site.status_code == 202


async def test_waivers_and_pauses_are_shown_with_the_decommission(scene: Scene) -> None:
    made = (await scene.decide("support", WAIVE)).json()
    await scene.confirm("sre", made["id"])
    async with scene.sessions.begin() as session:
        task = await session.get_one(TaskRow, scene.task.id)
        task.state, task.waived_by = TaskState.COMPLETED, UUID(made["id"])
        await DecisionEndStore(session).carried_out(UUID(made["id"]))

    path = f"/api/v1/decommissions/{scene.decommission.id}"
    shown = (await scene.client.get(path)).json()
    verdicts = (await scene.client.get(f"{path}/verdicts")).json()

    (waiver,) = shown["waivers"]
    assert verdicts["waivers"] == [waiver]
    assert (waiver["kind"], waiver["reason"]) == ("ports", "provider_gone")
    assert waiver["decided_by"] != waiver["second_person"]
    assert shown["paused_at"] is None
    assert shown["sites"][0]["paused_at"] is None
