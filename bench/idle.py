"""One decommission of 3 sites on an idle, warm stack: from the commit of the accepted start to
`decommissioned`. Median of seven, two seconds of idleness before each.

`floor_one_decommission_s` is the same for the bare workflow of `bench/floor.py`: what the engine
alone takes on this machine.
"""

import asyncio
import time
from statistics import median
from typing import Any

from bench.rig import rig, say
from bench.throughput import DONE, floor_worker, small

WARM_UP = 5


async def measure(*, quick: bool) -> dict[str, Any]:  # Any: figures for JSON
    """Figures of the idle measure."""
    times = 3 if quick else 7
    seconds, floors = [], []
    async with rig() as at, floor_worker(at) as floor:
        await floor.turn(WARM_UP)
        tenants = await at.load(small(WARM_UP + times))
        await at.start_all(tenants[:WARM_UP])
        await at.until(DONE, WARM_UP)
        for done, tenant in enumerate(tenants[WARM_UP:], start=WARM_UP + 1):
            await asyncio.sleep(2)
            await at.start(tenant)
            accepted = time.monotonic()
            ended = await at.until(DONE, done, every_s=0.01)
            seconds.append(ended - accepted)
            await asyncio.sleep(2)
            floors.append(1 / (await floor.turn(1)).rate)
            say(f"idle: {seconds[-1]:.3f} s, floor {floors[-1]:.3f} s")
    return {
        "one_decommission_s": round(median(seconds), 3),
        "floor_one_decommission_s": round(median(floors), 3),
        "each_s": [round(each, 3) for each in seconds],
    }
