"""Names are data: whatever they contain, pages show them as they are and run none of it."""

import pytest
from playwright.async_api import expect

from tests.console.conftest import Visit
from tests.console.decommissioning import decommission
from tests.console.town import Town

TABS = ("contracts", "services", "users", "wifi-devices", "telephony", "network", "config")


@pytest.mark.journey
async def test_names_that_try_to_be_more_are_only_shown(town: Town, visit: Visit) -> None:
    visitor = await visit("super-admin")
    for occupier in town.nasty:
        for tab in TABS if occupier is town.nasty[0] else ("users",):
            await visitor.open(f"/occupiers/{occupier.id}/{tab}")
            heading = visitor.page.get_by_role("heading", level=2)
            await expect(heading.first).to_have_text(occupier.name, use_inner_text=False)
    for address in ("/tasks", "/cases", "/decommissions", "/schedules", "/audit", "/systems"):
        await visitor.open(address)
    visitor.assert_untroubled()


@pytest.mark.journey
async def test_an_occupier_with_a_nasty_name_is_decommissioned_like_any_other(
    town: Town, visit: Visit
) -> None:
    visitor = await visit("super-admin")
    for occupier in town.nasty:
        await decommission(visitor, occupier)
        await visitor.open("/decommissions")
        await visitor.shows(occupier.name)
    for occupier in town.nasty:
        await town.becomes(occupier, "decommissioned")
    kept = [await town.ask("GET", f"/occupiers/{occupier.id}") for occupier in town.nasty]
    assert [each["name"] for each in kept] == [occupier.name for occupier in town.nasty]
