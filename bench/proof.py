"""The proof of a scenario: what the estate itself says of a place, and that all is accounted for.

Read from the outside systems as an operator would, and from the estate's ledger of effects.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import quote
from uuid import UUID, uuid4

import aiohttp
from sqlalchemy import text

from bench.live import Live, Place

_LAST_ROW_S = 15.0
BATCH_SYSTEMS = ("telephony", "switching", "wifi", "network", "billing")
_ORGANIZATION = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization"
_EXCUSED = text("""
SELECT kind, resource_id FROM plan_items WHERE decommission_id = :id AND verdict = 'retained'
""")
_UNDONE = text("""
SELECT concat_ws(' ', 'task', kind, state, phase, 'round', round, 'attempt', attempt,
                 last_error_kind, stuck_because)
  FROM tasks WHERE decommission_id = :id AND state <> 'completed'
UNION ALL
SELECT concat_ws(' ', 'verdict', kind, verdict) FROM plan_items
 WHERE decommission_id = :id AND verdict IN ('unknown', 'disabled_only')
""")

Thing: TypeAlias = tuple[str, str, str, str]  # system, site, kind, handle


@dataclass(frozen=True, slots=True)
class Proof:
    """What is wrong at the end: all zero when nothing is."""

    held: int  # still the owner's, beyond what was left alone on purpose
    doubled: int  # effects that came twice in a lifetime, and keys with two effects
    lost: int  # held before and never taken out of service; tasks and verdicts that are not done
    left_alone: int  # on purpose: waived, or somebody else's by now
    details: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return self.held == self.doubled == self.lost == 0


async def held_by(live: Live, place: Place) -> list[Thing]:
    """What the outside systems list as the owner's; stopped charges are history."""
    found: list[Thing] = []
    async with aiohttp.ClientSession(live.settings.estate_base_url) as session:
        for _, site in place.sites:
            for system in BATCH_SYSTEMS:
                items = await _items(session, system, site, place.owner)
                found += [
                    (system, site, item["kind"], item["handle"])
                    for item in items
                    if not (system == "billing" and item["state"] == "stopped")
                ]
            found += [
                ("accounts", site, "user_account", user) for user in await _users(session, place)
            ]
    return sorted(set(found))


async def prove(live: Live, place: Place, decommission_id: UUID, before: Iterable[Thing]) -> Proof:
    """Judge a place after its decommission has finished."""
    now = await held_by(live, place)
    async with live.rig.sessions() as session:
        excused = len((await session.execute(_EXCUSED, {"id": decommission_id})).all())
    undone = await _undone(live, decommission_id)
    doubled, gone = 0, set()
    for _, site in place.sites:
        summary = await live.rig.estate.summary(site)
        for name in ("doubled_effects", "keys_with_more_than_one_effect"):
            rows = summary[name]
            assert isinstance(rows, list)
            doubled += len(rows)
        gone |= {
            (effect["kind"], effect["handle"])
            for effect in await live.rig.estate.ledger("effects", site=site)
            if effect["effect"] != "provisioned"
        }
    missing = sum((kind, handle) not in gone for _, _, kind, handle in before)
    details = [f"{thing[0]} still holds a {thing[2]}" for thing in now]
    details += [f"never removed: {each[2]}" for each in before if each[2:] not in gone]
    details += undone
    return Proof(
        held=max(0, len(now) - excused),
        doubled=doubled,
        lost=len(undone) + max(0, missing - excused),
        left_alone=excused,
        details=tuple(details),
    )


async def _undone(live: Live, decommission_id: UUID) -> list[str]:
    """Tasks and verdicts that are not done; the last task's row follows the end by a moment."""
    deadline = time.monotonic() + _LAST_ROW_S
    while True:
        async with live.rig.sessions() as session:
            found = list(await session.scalars(_UNDONE, {"id": decommission_id}))
        if not found or time.monotonic() > deadline:
            return found
        await asyncio.sleep(0.2)


async def remove_by_hand(live: Live, place: Place, systems: Iterable[str]) -> int:
    """Take out of service what is the owner's, as the provider does it at our request."""
    things = [thing for thing in await held_by(live, place) if thing[0] in set(systems)]
    async with aiohttp.ClientSession(live.settings.estate_base_url) as session:
        for system, site in sorted({thing[:2] for thing in things}):
            batch = [thing for thing in things if thing[:2] == (system, site)]
            if system == "accounts":
                for _, _, _, user in batch:
                    await session.delete(f"/sites/{site}/scim/v2/Users/{user}")
                continue
            body = {
                "owner": place.owner,
                "effective_at": datetime.now(UTC).isoformat(),
                "items": [
                    {"kind": kind, "handle": handle, "key": str(uuid4())}
                    for _, _, kind, handle in batch
                ],
            }
            async with session.post(f"/{system}/sites/{site}/retire", json=body) as answer:
                answer.raise_for_status()
    return len(things)


async def _items(
    session: aiohttp.ClientSession, system: str, site: str, owner: str
) -> list[dict[str, Any]]:  # Any: JSON
    query = f"/{system}/sites/{site}/owned?limit=1000&owner={quote(owner)}"
    async with session.get(query) as answer:
        answer.raise_for_status()
        found: list[dict[str, Any]] = (await answer.json(content_type=None))["items"]
        return found


async def _users(session: aiohttp.ClientSession, place: Place) -> list[str]:
    wanted = quote(f'{_ORGANIZATION} eq "{place.owner}"')
    async with session.get(f"/scim/v2/Users?count=1000&filter={wanted}") as answer:
        answer.raise_for_status()
        page = await answer.json(content_type=None)
        return [user["id"] for user in page.get("Resources", ())]
