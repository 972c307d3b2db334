"""The effect happened and the answer was lost: the next attempt must not do it again."""

import pytest

from estate.client import EstateClient
from tests.kill.scene import Scene

pytestmark = pytest.mark.kill


async def test_lost_answers_double_no_effect(scene: Scene) -> None:
    await scene.fault("lost", "lost_answer", rate=0.1, seed=7)
    # The first orders lose theirs for certain, whatever the share above hits.
    await scene.fault("a-lost-order", "lost_answer", operation="retire", limit=3)
    await scene.start()
    await scene.stack.finished(scene.runs)
    async with EstateClient(scene.stack.estate_url) as estate:
        lost = [row for row in await estate.ledger("calls", faulty="true") if row["status"] is None]
    assert len([row for row in lost if row["operation"] == "retire"]) >= 3
    assert {row["system"] for row in lost} >= {"telephony", "switching", "wifi", "network"}
    await scene.ends_well()
