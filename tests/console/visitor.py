"""Somebody at the console: a browser context of their own, and what went wrong in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

Theme = Literal["light", "dark"]

WITHIN_MS = 30_000  # the machine may be busy; nothing waits longer than it must
_LISTEN = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
_HARMLESS = (
    "the server responded with a status of",  # a refusal that the page shows
    "net::ERR_",  # a lost connection, which the page shows as well
)


@dataclass
class Visitor:
    """One person's browser; `troubles` is what no page may ever cause."""

    context: BrowserContext
    page: Page
    persona: str
    csp_reports: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    async def open(self, address: str) -> None:
        """Go to an address of the console and wait until it shows what it has."""
        await self.page.goto(address)
        await self.is_settled()

    async def is_settled(self) -> None:
        """Wait until nothing on the page is loading any more."""
        await expect(self.page.locator("main, [role=main]").first).to_be_visible()
        await expect(self.page.get_by_label("Loading", exact=True)).to_have_count(0)

    async def shows(self, text: str) -> None:
        """Wait until the page says this somewhere in sight."""
        await expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    async def another_tab(self) -> Page:
        """A second tab of the same person."""
        page = await self.context.new_page()
        self._listen(page)
        return page

    def assert_untroubled(self) -> None:
        """Nothing was thrown, nothing was refused by the policy, nothing asked anything outside."""
        assert self.csp_reports == []
        assert self.troubles == []

    def _listen(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(f"thrown: {error}"))
        page.on("dialog", lambda dialog: self.troubles.append(f"dialog: {dialog.message}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.text.startswith("CSP ") or "Content Security Policy" in message.text:
            self.csp_reports.append(message.text)
        elif message.type == "error" and not any(each in message.text for each in _HARMLESS):
            self.troubles.append(message.text)


@asynccontextmanager
async def visiting(
    browser: Browser, address: str, persona: str, theme: Theme = "light", width: int = 1366
) -> AsyncIterator[Visitor]:
    """Log in as a persona, as a person does, and hold the browser until the end."""
    context = await browser.new_context(
        base_url=address,
        color_scheme=theme,
        viewport={"width": width, "height": 820},
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(WITHIN_MS)
    await context.add_init_script(_LISTEN)
    try:
        page = await context.new_page()
        visitor = Visitor(context, page, persona)
        visitor._listen(page)
        await page.goto("/")
        await page.get_by_role("button", name="Log in").click()
        await page.get_by_role("link", name=persona, exact=True).click()
        await page.wait_for_url("**/occupiers*")
        yield visitor
    finally:
        await context.close()
