"""What the pages are looked at with: one occupier in each standing, a case, a schedule."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from tests.console.town import Occupier, Town
from tests.console.visitor import Visitor

OPERATOR = "super-admin"


@dataclass(frozen=True, slots=True)
class Page:
    """An address with fields of the scenery in it, who looks, and a text that it must show.

    `press` is a button that is pressed first.
    """

    address: str
    shows: str
    persona: str = OPERATOR
    press: str | None = None


def _tab(tab: str, shows: str) -> Page:
    return Page(f"/occupiers/{{active}}/{tab}", shows)


PAGES = {
    "occupiers": Page("/occupiers", "Contracts"),
    "contracts": _tab("contracts", "Contract"),
    "services": _tab("services", "Product"),
    "users": _tab("users", "E-mail"),
    "wifi-devices": _tab("wifi-devices", "MAC address"),
    "call-charges": _tab("call-charges", "Month"),
    "telephony": _tab("telephony", "Handset"),
    "network": _tab("network", "VLAN"),
    "config": _tab("config", "Decommission occupier"),
    "dialog": Page("/occupiers/{active}/config", "is irreversible", press="Decommission occupier"),
    "config-failed": Page("/occupiers/{failed}/config", "Create support case"),
    "occupier-decommissioned": Page("/occupiers/{gone}/contracts", "Decommissioned"),
    "decommissions": Page("/decommissions", "Decommissions"),
    "decommission-failed": Page("/decommissions/{failed_run}", "Decommission failed", "support"),
    "decommission-paused": Page("/decommissions/{paused_run}", "Decommission pending", "sre"),
    "decommission-done": Page("/decommissions/{gone_run}", "Decommissioned"),
    "tasks": Page("/tasks", "Tasks", "support"),
    "task": Page("/tasks/{task}", "Deallocate ports", "support"),
    "cases": Page("/cases", "Support", "support"),
    "case": Page("/cases/{case}", "Deallocate ports", "support"),
    "systems": Page("/systems", "Telephony", "sre"),
    "schedules": Page("/schedules", "Schedule"),
    "close-site": Page("/sites/{site}/closure", "Close"),
    "audit": Page("/audit", "Audit", "auditor"),
}


@dataclass(frozen=True, slots=True)
class Scenery:
    """Ids by the names that the addresses use."""

    ids: dict[str, UUID]

    def address_of(self, page: str) -> str:
        """The address of one of `PAGES`."""
        return PAGES[page].address.format(**self.ids)

    async def look_at(self, visitor: Visitor, page: str) -> None:
        """Go to one of `PAGES` and wait until it shows what it must."""
        await visitor.open(self.address_of(page))
        if name := PAGES[page].press:
            await visitor.page.get_by_role("button", name=name).click()
        await visitor.shows(PAGES[page].shows)
        await visitor.is_settled()


@pytest.fixture(scope="session")
async def scenery(town: Town) -> Scenery:
    """Made once; the pages only read it."""
    return await build_scenery(town)


async def build_scenery(town: Town) -> Scenery:
    """One occupier in each standing."""
    active, failed, paused, gone, later = (town.take() for _ in range(5))
    site = await town.site_of(failed)
    refused = {"system": "switching", "site": site["reference"], "operation": "retire"}
    async with town.fault("scenery", "error", statuses={"422": 1.0}, **refused):
        failed_run = await town.start(failed)
        await town.becomes(failed, "failed")
    gone_run = await town.start(gone)
    await town.becomes(gone, "decommissioned")
    paused_run = await _paused(town, paused)
    await town.schedule(later, "2027-03-01T18:00")
    task = await town.failed_task(failed)
    return Scenery(
        {
            "active": active.id,
            "failed": failed.id,
            "failed_run": failed_run,
            "paused_run": paused_run,
            "gone": gone.id,
            "gone_run": gone_run,
            "task": UUID(task["id"]),
            "case": UUID(task["case_id"]),
            "site": site["id"],
        }
    )


async def _paused(town: Town, occupier: Occupier) -> UUID:
    """A run that stays under way: paused while an outside system is slow."""
    async with town.fault("slow", "latency", latency={"ms": 400}):
        run = await town.start(occupier)
        await town.ask("POST", f"/decommissions/{run}/decisions", "sre", json={"action": "pause"})
    return run
