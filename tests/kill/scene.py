"""What a kill happens to: decommissions in the middle of their run, next to a bystander."""

from dataclasses import dataclass, field
from uuid import UUID

from estate.client import EstateClient
from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from tests.checker import violations
from tests.evidence import Snapshot, snapshot
from tests.whole_stack import Accepted, WholeStack, now, until

LATENCY_MS = 150  # of each outside call, so that a run takes seconds


@dataclass
class Scene:
    """The leaving, what there was before, and the runs once they are started."""

    stack: WholeStack
    leaving: dict[str, UUID]
    before: Snapshot
    runs: list[Accepted] = field(default_factory=list)

    @classmethod
    async def set_up(cls, stack: WholeStack, seed: int) -> "Scene":
        """Load three occupiers at two sites that no other test knows."""
        size = SampleSize(
            seed=seed,
            operators=1,
            sites=2,
            occupiers=3,
            sites_per_occupier=2,
            users_per_site=4,
            numbers_per_site=4,
            ports_per_site=6,
            devices_per_site=2,
            months=2,
        )
        occupiers = await stack.load(sample(size, now()))
        before = await snapshot(stack.database_url)
        scene = cls(stack, dict(list(occupiers.items())[:2]), before)
        await scene.fault("slow", "latency", latency={"ms": LATENCY_MS})
        return scene

    async def fault(self, name: str, effect: str, **spec: object) -> None:
        """Set a fault on the estate."""
        async with EstateClient(self.stack.estate_url) as estate:
            await estate.put_fault(name, effect, **spec)

    async def start(self) -> None:
        """Start the decommissions of all that leave."""
        for name, occupier_id in self.leaving.items():
            self.runs.append(await self.stack.decommission(name, occupier_id))

    async def is_under_way(self) -> None:
        """Wait until some tasks at the sites are completed, and see that many are not."""

        async def some_are_done() -> bool:
            done, _ = await self.stack.completed(self.runs)
            return done >= 3 * len(self.runs)  # two of each are the occupier's own

        await until(some_are_done, within_s=30)
        done, total = await self.stack.completed(self.runs)
        assert done < total - 3 * len(self.runs), f"{done} of {total}: too late for a kill"

    async def ends_well(self) -> None:
        """Wait for the end, and let the checker look at it."""
        await self.stack.finished(self.runs)
        async with EstateClient(self.stack.estate_url) as estate:
            await estate.clear_faults()
        found = await violations(
            self.before, self.leaving.values(), self.stack.database_url, self.stack.estate_url
        )
        assert found == [], "\n".join(found)
