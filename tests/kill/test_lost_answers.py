"""The effect happened and the answer was lost: the next attempt must not do it again."""

import pytest

from estate.client import EstateClient
from tests.kill.scene import Scene

pytestmark = pytest.mark.kill


SYSTEMS = {"telephony", "switching", "wifi", "accounts", "network", "billing"}


async def test_lost_answers_double_no_effect(scene: Scene) -> None:
    await scene.fault("lost", "lost_answer", operation="retire", rate=0.1, seed=7)
    for system in SYSTEMS:  # the first order of each loses its answer for certain
        await scene.fault(
            f"first-{system}", "lost_answer", operation="retire", system=system, limit=1
        )
    await scene.start()
    await scene.stack.finished(scene.runs)
    async with EstateClient(scene.stack.estate_url) as estate:
        calls = await estate.ledger("calls", operation="retire", faulty="true")
    lost = [call["system"] for call in calls if call["status"] is None]
    assert set(lost) == SYSTEMS
    await scene.ends_well()
