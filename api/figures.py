"""The figures of the whole platform on this process's `/metrics`, counted at most every 10 s.

Every API process tells the same ones, so rules and dashboards take their maximum, not their sum.
"""

import asyncio
import time
from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.ext.asyncio import AsyncEngine

from api.errors import is_outage
from models.database import open_sessions
from models.domain.figure import MEASURES, Figure
from models.stores.figures import FigureStore

KEPT_S = 10.0  # scrapers may come as often as they like


class PlatformFigures(Collector):
    """What the database says; nothing but `database_up 0` while it does not answer."""

    def __init__(self) -> None:
        self._found: list[Figure] | None = None
        self._counted_at = 0.0
        self._counting = asyncio.Lock()

    async def refresh(self, engine: AsyncEngine) -> None:
        """Count again unless that was done a moment ago."""
        async with self._counting:
            if self._found is not None and time.monotonic() - self._counted_at < KEPT_S:
                return
            try:
                async with open_sessions(engine)() as session:
                    self._found = await FigureStore(session).count()
            except Exception as error:
                if not is_outage(error):
                    raise
                self._found = None  # old figures would look like a platform at rest
            self._counted_at = time.monotonic()

    def collect(self) -> Iterable[Metric]:
        """Every measure with every combination of its labels; called by the registry."""
        is_up = GaugeMetricFamily("database_up", "Whether PostgreSQL answered the last time.")
        is_up.add_metric([], float(self._found is not None))
        yield is_up
        if self._found is None:
            return
        for name, measure in MEASURES.items():
            family = GaugeMetricFamily(name, measure.meaning, labels=measure.labels)
            found = [figure for figure in self._found if figure.measure == name]
            for labels, value in measure.complete(found).items():
                family.add_metric(labels, value)
            yield family
