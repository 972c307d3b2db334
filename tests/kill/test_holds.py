"""SIGKILL while a system is held: what waits is not lost, and goes on once it is released."""

import httpx
import pytest

from tests.identities import key
from tests.kill.scene import Scene
from tests.whole_stack import until

pytestmark = pytest.mark.kill


@pytest.mark.parametrize("name", ["worker", "temporal", "sweeper"])
async def test_a_process_that_is_killed_while_a_system_is_held_loses_nothing(
    scene: Scene, name: str
) -> None:
    stack = scene.stack
    headers = await stack.headers("sre")
    async with httpx.AsyncClient(base_url=stack.settings.api_base_url, timeout=30) as api:
        reply = await api.post(
            "/api/v1/holds", json={"system": "billing"}, headers={**headers, **key()}
        )
        assert reply.status_code == 201, reply.text
        hold = f"/api/v1/holds/{reply.json()['id']}"
        await scene.start()

        async def all_wait() -> bool:
            found = await api.get(hold, headers=headers)
            return bool(found.json()["tasks_waiting"] == 2 * len(scene.runs))  # one per site

        await until(all_wait, 60)
        before = stack.state
        stack.kill(name)
        await stack.back((name,), before)
        released = await api.post(f"{hold}/release", headers={**headers, **key()})
        assert released.status_code == 200, released.text
    await scene.ends_well()
