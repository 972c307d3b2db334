"""Planted trouble, seen and finished in the browser: red cell, case, decision, verified end."""

import re

import pytest
from playwright.async_api import Page, expect

from bench.history import fixed_history
from tests.console.conftest import Visit
from tests.console.town import Town


async def case_of_the_cell(page: Page, task: str, standing: str) -> str:
    """Open the cell of the task that is in trouble; returns the address of its case."""
    named = re.compile(f"{task}.*{standing}")
    await page.get_by_role("gridcell", name=named).first.click()
    drawer = page.get_by_role("dialog")
    link = drawer.get_by_role("link", name=re.compile(r"Case \d+")).first
    await expect(link).to_be_visible()
    return str(await link.get_attribute("href"))


async def retry_in_the_case(page: Page) -> None:
    await page.get_by_role("button", name="Retry", exact=True).first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Retry", exact=True).click()


@pytest.mark.journey
@pytest.mark.parametrize(
    ("task", "standing", "effect", "spec"),
    [
        ("Deallocate ports", "Failed", "error", {"system": "switching", "statuses": {"422": 1.0}}),
        ("Delete Wi-Fi devices", "Stuck", "hang", {"system": "wifi"}),
    ],
)
async def test_planted_trouble_is_finished_from_its_cell_through_its_case(
    town: Town, visit: Visit, task: str, standing: str, effect: str, spec: dict[str, object]
) -> None:
    occupier = town.take()
    site = await town.site_of(occupier)
    admin = await visit("super-admin")
    planted = {"site": site["reference"], "operation": "retire", **spec}
    # What is stuck is told from how long such tasks have taken; here none may have run before.
    history = fixed_history(town.stack.database_url, {})
    async with history, town.fault(standing, effect, **planted):
        run = await town.start(occupier)
        await admin.open(f"/decommissions/{run}")
        case = await case_of_the_cell(admin.page, task, standing)
        support = await visit("support")
        await support.open(case)
        await support.shows(task)
    await retry_in_the_case(support.page)
    await town.becomes(occupier, "decommissioned")
    await admin.page.keyboard.press("Escape")
    await expect(admin.page.get_by_text("Decommissioned", exact=True).first).to_be_visible()
    await expect(support.page.get_by_text("Resolved").first).to_be_visible()
