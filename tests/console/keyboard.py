"""Somebody without a mouse."""

from playwright.async_api import Locator, Page, expect

_MOST_TABS = 150
_HAS_FOCUS = "(element) => element.contains(document.activeElement)"


async def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    await expect(target).to_be_visible()
    for _ in range(_MOST_TABS):
        if await target.evaluate(_HAS_FOCUS):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")


async def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go to the target by keyboard and press a key there."""
    await tab_to(page, target)
    await page.keyboard.press(key)
