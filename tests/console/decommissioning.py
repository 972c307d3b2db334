"""The dialog of the irreversible action, as people fill it in."""

from playwright.async_api import Locator, Page, expect

from tests.console.town import Occupier
from tests.console.visitor import Visitor

NAME_FIELD = "Decommission"
UNDERSTOOD = "I understand that decommissioning is irreversible"


def dialog_of(page: Page) -> Locator:
    """The dialog of the irreversible action."""
    return page.get_by_role("dialog", name="Decommission occupier")


def final_button(page: Page) -> Locator:
    """The button that cannot be taken back."""
    return dialog_of(page).get_by_role("button", name="Decommission", exact=True)


async def fill_in(page: Page, name: str) -> None:
    """Everything that the dialog asks for."""
    dialog = dialog_of(page)
    await dialog.get_by_role("textbox", name=NAME_FIELD, exact=True).fill(name)
    await dialog.get_by_role("checkbox", name=UNDERSTOOD).check()


async def open_dialog(page: Page) -> None:
    await page.get_by_role("button", name="Decommission occupier").click()
    await expect(final_button(page)).to_be_visible()


async def decommission(visitor: Visitor, occupier: Occupier) -> None:
    """From the occupier's config to the confirmation."""
    await visitor.open(f"/occupiers/{occupier.id}/config")
    await open_dialog(visitor.page)
    await fill_in(visitor.page, occupier.name)
    await final_button(visitor.page).click()
    await visitor.page.get_by_role("button", name="OK", exact=True).click()
