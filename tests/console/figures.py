"""What a run of the console's tests found, for `bench/results/console.json`."""

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Figures:
    """Counted while the tests run; times in milliseconds."""

    pages: set[str] = field(default_factory=set)
    axe_serious: int = 0
    csp_reports: int = 0
    first_loads_ms: list[float] = field(default_factory=list)
    interactions_ms: list[float] = field(default_factory=list)
    journeys_passed: int = 0
    journeys_failed: int = 0

    def write(self, file: Path) -> None:
        """As `make e2e` reports them; the figures of times that nothing measured are null."""
        found = {
            "pages": len(self.pages),
            "axe_serious": self.axe_serious,
            "csp_reports": self.csp_reports,
            "first_load_ms": _rounded(statistics.median, self.first_loads_ms),
            "interaction_p95_ms": _rounded(_p95, self.interactions_ms),
            "journeys_passed": self.journeys_passed,
            "journeys_failed": self.journeys_failed,
        }
        file.write_text(json.dumps(found, indent=2) + "\n")


def _rounded(of: Callable[[list[float]], float], values: list[float]) -> float | None:
    return round(of(values), 1) if values else None


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if values[1:] else values[0]
