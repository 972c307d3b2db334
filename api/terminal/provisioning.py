"""Sets up in the estate what a portfolio's occupiers hold, with a progress bar."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from estate.client import EstateClient, Row
from models.domain.outside import System
from models.portfolio.format import Portfolio
from models.portfolio.provision import provision_rows

AT_ONCE = 4

Batches = Mapping[tuple[System, str], list[Row]]


def provision(estate_url: str, portfolio: Portfolio, console: Console) -> Mapping[str, int]:
    """Provision everything and return how many of each kind; safe to repeat.

    Raises EstateError or aiohttp.ClientError when the estate refuses or does not answer.
    """
    batches = _batches(portfolio)
    total = sum(map(len, batches.values()))
    with Progress(
        TextColumn("Provisioning the estate"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as progress:
        bar = progress.add_task("", total=total)
        try:
            asyncio.run(_send(estate_url, batches, lambda count: progress.advance(bar, count)))
        except ExceptionGroup as errors:  # of several sites: one is enough to tell
            raise errors.exceptions[0] from None
    return Counter(row.kind for rows in batches.values() for row in rows)


def _batches(portfolio: Portfolio) -> Batches:
    batches: defaultdict[tuple[System, str], list[Row]] = defaultdict(list)
    for batch in provision_rows(portfolio):
        batches[batch.kind.system, batch.site] += [
            Row(batch.kind.value, each.handle, each.owner, each.attributes)
            for each in batch.holdings
        ]
    return batches


async def _send(estate_url: str, batches: Batches, sent: Callable[[int], None]) -> None:
    turns = asyncio.Semaphore(AT_ONCE)
    async with EstateClient(estate_url) as client, asyncio.TaskGroup() as group:

        async def give(system: System, site: str, rows: list[Row]) -> None:
            async with turns:
                sent(await client.provision(system.value, site, rows))

        for (system, site), rows in batches.items():
            group.create_task(give(system, site, rows))
