"""The connection is lost and comes back; the page says so, and goes on by itself."""

import pytest
from playwright.async_api import expect

from tests.console.conftest import Visit
from tests.console.town import Town


@pytest.mark.journey
async def test_a_lost_connection_is_told_and_heals_by_itself(town: Town, visit: Visit) -> None:
    occupier = town.take()
    visitor = await visit("super-admin")
    async with town.fault("slow", "latency", latency={"ms": 300}):
        run = await town.start(occupier)
        await visitor.open(f"/decommissions/{run}")
        await visitor.context.set_offline(True)
        told = visitor.page.get_by_role("status").filter(has_text="No connection")
        await expect(told).to_be_visible(timeout=60_000)
    await town.becomes(occupier, "decommissioned")
    await visitor.context.set_offline(False)
    await expect(told).to_have_count(0, timeout=60_000)
    await expect(visitor.page.get_by_text("Decommissioned", exact=True).first).to_be_visible(
        timeout=60_000
    )
