"""One occupier at 20 sites while every outside call takes 2 s: from the accepted start to
`decommissioned`, over the critical path.

The critical path is the longest chain of outside calls that must come one after the other, times
2 s. It is counted from the estate's ledger, per site: the calls of a site's slowest task chain
(handsets then telephony; ports; Wi-Fi and user accounts; Wi-Fi devices; billing), then those of
its network task; the longest of all sites; and after the last site the longest chain of the
verification, which reads a site's systems one after the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bench.rig import Rig, rig, say
from bench.throughput import DONE, small
from models.portfolio.sample.size import SampleSize

CALL_S = 2.0
DEVICES, USERS = 2, 12  # far apart: the ledger's count of items tells the two Wi-Fi tasks apart

Call = Mapping[str, object]


async def measure(*, quick: bool) -> dict[str, Any]:  # Any: figures for JSON
    """Figures of the fan-out measure."""
    sites = 4 if quick else 20
    size = SampleSize(
        operators=1,
        sites=sites,
        occupiers=1,
        sites_per_occupier=sites,
        users_per_site=USERS,
        numbers_per_site=6,
        ports_per_site=12,
        devices_per_site=DEVICES,
        months=1,
    )
    async with rig() as at:
        await at.start_all(await at.load(small(2, seed=2)))  # warm-up
        await at.until(DONE, 2)
        tenant = (await at.load(size))[0]
        latency = {"distribution": "fixed", "ms": CALL_S * 1000}
        await at.estate.put_fault("slow", "latency", latency=latency)
        decommission_id = await at.start(tenant)
        await at.until(DONE, 3)
        makespan = await at.figure(
            "SELECT extract(epoch FROM finished_at - requested_at) FROM decommissions"
            " WHERE id = :id",
            id=decommission_id,
        )
        before, after = await _calls(at, decommission_id)
    chain = max(_site_chain(calls) for calls in before.values())
    last_look = max(len(calls) for calls in after.values())
    critical = (chain + last_look) * CALL_S
    say(f"fanout: {makespan:.1f} s of {critical:.0f} s")
    return {
        "makespan_over_critical_path": round(makespan / critical, 3),
        "makespan_s": round(makespan, 2),
        "critical_path_s": critical,
        "sequential_calls": {"longest_site": chain, "verification": last_look},
        "sites": sites,
        "outside_calls": sum(map(len, [*before.values(), *after.values()])),
    }


async def _calls(
    at: Rig, decommission_id: UUID
) -> tuple[dict[str, list[Call]], dict[str, list[Call]]]:
    """The decommission's calls by site: of its tasks, and of the verification."""
    async with at.sessions() as session:
        requested, verified = (
            await session.execute(
                text(
                    "SELECT d.requested_at, t.started_at FROM decommissions d JOIN tasks t"
                    " ON t.decommission_id = d.id AND t.kind = 'verify_occupier' WHERE d.id = :id"
                ),
                {"id": decommission_id},
            )
        ).one()
    calls = await at.estate.ledger("calls", since=requested.isoformat(), limit=5000)
    early = [call for call in calls if datetime.fromisoformat(str(call["at"])) < verified]
    late = [call for call in calls if datetime.fromisoformat(str(call["at"])) >= verified]
    return _by_site(early), _by_site(late)


def _by_site(calls: Iterable[Call]) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for call in calls:
        found.setdefault(str(call["site"]), []).append(call)
    return found


def _site_chain(calls: list[Call]) -> int:
    """Sequential calls of the site's slowest chain, then of its network."""
    by_system = Counter(str(call["system"]) for call in calls)
    of_devices = sum(call["system"] == "wifi" and call["items"] == DEVICES for call in calls)
    chains = (
        by_system["telephony"],
        by_system["switching"],
        by_system["accounts"] + by_system["wifi"] - of_devices,
        of_devices,
        by_system["billing"],
    )
    return max(chains) + by_system["network"]
