"""What a task's reply offers is what the routes take, for everybody and wherever it stands."""

from typing import Any

import httpx
import pytest

from models.domain.decommission import TaskKind, TaskPhase, TaskState
from tests.api.test_decisions import RETRY, WAIVE, Scene
from tests.api.test_decisions import scene as scene  # the fixture
from tests.identities import key

RETRIED, BY_HAND, WAIVED = "retry", "complete_by_hand", "waive"


async def allowed(scene: Scene, by: str, task_id: object = None) -> dict[str, Any]:
    path = f"/api/v1/tasks/{task_id or scene.task.id}"
    reply = await scene.client.get(path, headers=dict(scene.staff[by]))
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()["allowed_actions"]
    return found


@pytest.mark.parametrize(
    ("by", "decisions"),
    [
        ("support", [RETRIED, BY_HAND, WAIVED]),
        ("sre", [RETRIED, WAIVED]),
        ("auditor", []),
        ("operator", []),
    ],
)
async def test_a_failed_task_offers_what_each_role_may_decide(
    scene: Scene, by: str, decisions: list[str]
) -> None:
    assert (await allowed(scene, by))["decisions"] == decisions


@pytest.mark.parametrize(
    ("kind", "state", "phase", "decisions"),
    [
        (TaskKind.USERS, TaskState.FAILED, TaskPhase.ENDED, [RETRIED, BY_HAND]),
        (TaskKind.PLAN, TaskState.FAILED, TaskPhase.ENDED, [RETRIED]),
        (TaskKind.NETWORK, TaskState.PENDING, TaskPhase.RETRYING, [RETRIED]),
        (TaskKind.NETWORK, TaskState.PENDING, TaskPhase.QUEUED, []),
        (TaskKind.NETWORK, TaskState.COMPLETED, TaskPhase.ENDED, []),
    ],
)
async def test_a_task_offers_only_what_its_state_allows(
    scene: Scene, kind: TaskKind, state: TaskState, phase: TaskPhase, decisions: list[str]
) -> None:
    task = await scene.other(kind, state=state, phase=phase)
    assert (await allowed(scene, "support", task.id))["decisions"] == decisions


async def test_nothing_is_offered_while_a_decision_is_carried_out(scene: Scene) -> None:
    assert (await scene.decide("support", RETRY)).status_code == 202
    assert (await allowed(scene, "support"))["decisions"] == []


async def test_a_waiver_is_offered_for_confirmation_to_the_other_role_alone(scene: Scene) -> None:
    made = (await scene.decide("support", WAIVE)).json()

    offered = {by: (await allowed(scene, by))["confirm"] for by in scene.staff}

    nobody: list[str] = []
    assert offered == dict.fromkeys(scene.staff, nobody) | {"sre": [made["id"]]}
    assert (await scene.confirm("sre", made["id"])).status_code == 202
    assert (await allowed(scene, "sre"))["confirm"] == []


async def test_a_case_is_offered_until_the_task_is_in_one(scene: Scene) -> None:
    offers = {by: (await allowed(scene, by))["raise_case"] for by in ("operator", "auditor", "sre")}
    assert offers == {"operator": True, "auditor": False, "sre": True}

    raised = await raise_case(scene)

    assert raised.status_code == 201, raised.text
    assert (await allowed(scene, "operator"))["raise_case"] is False


async def raise_case(scene: Scene) -> httpx.Response:
    return await scene.client.post(f"/api/v1/tasks/{scene.task.id}/cases", headers=key())
