"""The irreversible action in a browser: by mouse, by keyboard, and never by accident."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.console.conftest import Visit
from tests.console.decommissioning import (
    NAME_FIELD,
    UNDERSTOOD,
    dialog_of,
    fill_in,
    final_button,
    open_dialog,
)
from tests.console.keyboard import press, tab_to
from tests.console.town import Occupier, Town


async def watch_to_the_end(page: Page, town: Town, occupier: Occupier) -> None:
    """The confirmation, then the page of the decommission until it is done."""
    await page.get_by_role("button", name="OK", exact=True).click()
    await page.wait_for_url(re.compile("/decommissions/"))
    await expect(page.get_by_role("heading", name=occupier.name)).to_be_visible()
    await expect(page.get_by_text("Decommissioned", exact=True).first).to_be_visible(timeout=90_000)
    assert await town.status(occupier) == "decommissioned"


@pytest.mark.journey
async def test_an_occupier_is_decommissioned_with_the_mouse(town: Town, visit: Visit) -> None:
    occupier = town.take()
    visitor = await visit("super-admin")
    page = visitor.page
    await visitor.open("/occupiers")
    await page.get_by_label("Search by name").fill(occupier.name)
    await page.get_by_role("link", name=occupier.name, exact=True).click()
    await page.get_by_role("tab", name="Occupier config").click()
    await open_dialog(page)
    await expect(dialog_of(page).get_by_text(f"'{occupier.name}'").first).to_be_visible()
    await expect(final_button(page)).to_be_disabled()
    await fill_in(page, occupier.name)
    await final_button(page).click()
    await watch_to_the_end(page, town, occupier)
    await visitor.open(f"/occupiers/{occupier.id}/users")
    await visitor.shows("Decommissioned")
    await visitor.open(f"/occupiers/{occupier.id}/contracts")
    await expect(page.get_by_role("row")).not_to_have_count(0)


@pytest.mark.journey
async def test_an_occupier_is_decommissioned_by_keyboard_only(town: Town, visit: Visit) -> None:
    occupier = town.take()
    visitor = await visit("super-admin")
    page = visitor.page
    await visitor.open(f"/occupiers/{occupier.id}/contracts")
    await tab_to(page, page.get_by_role("tab", name="Contracts"))
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await press(page, page.get_by_role("button", name="Decommission occupier"))
    await expect(final_button(page)).to_be_visible()
    await tab_to(page, dialog_of(page).get_by_role("textbox", name=NAME_FIELD, exact=True))
    await page.keyboard.press("Enter")  # does nothing yet
    await page.keyboard.type(occupier.name)
    await press(page, dialog_of(page).get_by_role("checkbox", name=UNDERSTOOD), "Space")
    assert await town.status(occupier) == "active"
    await press(page, final_button(page))
    ok = page.get_by_role("button", name="OK", exact=True)
    await press(page, ok)
    await page.wait_for_url(re.compile("/decommissions/"))
    await town.becomes(occupier, "decommissioned")


@pytest.mark.journey
async def test_nothing_is_decommissioned_while_the_name_or_the_tick_is_missing(
    town: Town, visit: Visit
) -> None:
    occupier = town.take()
    visitor = await visit("super-admin")
    page = visitor.page
    await visitor.open(f"/occupiers/{occupier.id}/config")
    await open_dialog(page)
    field = dialog_of(page).get_by_role("textbox", name=NAME_FIELD, exact=True)
    tick = dialog_of(page).get_by_role("checkbox", name=UNDERSTOOD)
    await tick.check()
    for wrong in ("", occupier.name.upper() + "x", f" {occupier.name}", f"{occupier.name} "):
        await field.fill(wrong)
        await expect(final_button(page)).to_be_disabled()
        await field.press("Enter")
    await field.fill(occupier.name)
    await expect(final_button(page)).to_be_enabled()
    await tick.uncheck()
    await expect(final_button(page)).to_be_disabled()
    await page.keyboard.press("Escape")
    assert await town.status(occupier) == "active"


@pytest.mark.journey
async def test_two_tabs_race_and_one_decommission_comes_of_it(town: Town, visit: Visit) -> None:
    occupier = town.take()
    visitor = await visit("super-admin")
    tabs = [visitor.page, await visitor.another_tab()]
    for tab in tabs:
        await tab.goto(f"/occupiers/{occupier.id}/config")
        await open_dialog(tab)
        await fill_in(tab, occupier.name)
    await asyncio.gather(*(final_button(tab).click() for tab in tabs))
    confirmed = [tab.get_by_role("button", name="OK", exact=True) for tab in tabs]

    async def won(tab: int) -> bool:
        await expect(confirmed[tab].or_(tabs[tab].get_by_role("alert")).first).to_be_visible()
        return await confirmed[tab].is_visible()

    assert sorted([await won(0), await won(1)]) == [False, True]
    runs = await town.ask("GET", f"/decommissions?occupier_id={occupier.id}")
    assert len(runs["items"]) == 1
    await town.becomes(occupier, "decommissioned")
