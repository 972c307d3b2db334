"""How long people wait: measured and reported by `make e2e`, never judged here."""

from playwright.async_api import Page

from tests.console.conftest import Visit
from tests.console.figures import Figures
from tests.console.scenery import Scenery

LOADS = 5
_SEEN = """async (selector) => {
  while (!document.querySelector(selector)) await new Promise(requestAnimationFrame);
  return performance.now();
}"""
_INTERACT = """async ([what, selector, text]) => {
  const target = [...document.querySelectorAll(what)].find((each) =>
    !text || each.textContent.includes(text) || each.getAttribute("aria-label") === text);
  const begun = performance.now();
  target.click();
  while (!document.querySelector(selector)) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""
_TABS = {
    "Services": "Services",
    "Users": "Users",
    "Telephony": "Telephony",
    "Occupier config": "Basic details",
    "Contracts": "Contracts",
}
_ROW = "nav[aria-label=Occupiers] a"


async def interact(page: Page, what: str, text: str, until: str) -> float:
    """Milliseconds from a click to the first frame with what it was for."""
    found: float = await page.evaluate(_INTERACT, [what, until, text])
    return found


async def test_the_first_load_of_the_console_is_measured(visit: Visit, figures: Figures) -> None:
    visitor = await visit("super-admin")
    session = await visitor.context.cookies()
    for _ in range(LOADS):
        fresh = await visitor.context.browser.new_context(  # type: ignore[union-attr]  # of a browser
            base_url=visitor.page.url
        )
        await fresh.add_cookies([dict(each) for each in session])  # type: ignore[misc]  # as read
        page = await fresh.new_page()
        await page.goto("/occupiers")
        figures.first_loads_ms.append(await page.evaluate(_SEEN, _ROW))
        await fresh.close()
    assert len(figures.first_loads_ms) == LOADS


async def test_clicks_are_measured_until_their_result_is_drawn(
    visit: Visit, scenery: Scenery, figures: Figures
) -> None:
    visitor = await visit("super-admin")
    page = visitor.page
    await visitor.open(scenery.address_of("contracts"))
    for _ in range(3):
        for tab, table in _TABS.items():
            until = f'[role=tabpanel] table[aria-label="{table}"]'
            figures.interactions_ms.append(await interact(page, "[role=tab]", tab, until))
    await visitor.open(scenery.address_of("config"))
    figures.interactions_ms.append(
        await interact(page, "button", "Decommission occupier", "[role=dialog]")
    )
    await page.keyboard.press("Escape")
    figures.interactions_ms.append(
        await interact(page, "button", "Light or dark", "[data-mantine-color-scheme=dark]")
    )
    assert len(figures.interactions_ms) > 15
