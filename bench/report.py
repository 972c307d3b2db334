"""Figures against aims: the table on the terminal, `bench.json`, and `RESULTS.md`."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

RESULTS = Path(__file__).with_name("results")
Figures = Mapping[str, Any]  # Any: one measure's figures, for JSON

_INTRODUCTION = """\
Everything is the real thing: embedded PostgreSQL with full durability, the Temporal dev server on
a file with WAL, the estate, the worker and the sweeper as processes of their own. Each measure has
a stack of its own. `load` is the machine's load average (1 minute) before and after a measure;
one well above the number of cores at the start means that others used the machine."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A key figure and what it should be."""

    measure: str
    figure: str
    is_floor: bool  # at least, rather than at most
    value: float

    def found_in(self, results: Mapping[str, Figures]) -> float | None:
        """The figure, when its measure was taken."""
        found = results.get(self.measure, {}).get(self.figure)
        return None if found is None else float(found)

    def verdict(self, found: float) -> str:
        """Whether it is met."""
        return "met" if (found >= self.value) == self.is_floor or found == self.value else "missed"

    @property
    def text(self) -> str:
        """The aim in signs."""
        return f"{'>=' if self.is_floor else '<='} {self.value:g}"


AIMS = (
    Aim("throughput", "ratio_to_floor", is_floor=True, value=0.6),
    Aim("fanout", "makespan_over_critical_path", is_floor=False, value=1.15),
    Aim("scale", "max_events_per_run", is_floor=False, value=2000),
    Aim("scale", "worker_rss_mb", is_floor=False, value=600),
    Aim("scale", "cost_per_site_ratio", is_floor=False, value=1.3),
    Aim("recovery", "restart_to_done_s", is_floor=False, value=6),
    Aim("recovery", "effects_doubled", is_floor=False, value=0),
    Aim("recovery", "tasks_lost", is_floor=False, value=0),
    Aim("idle", "one_decommission_s", is_floor=False, value=0.6),
    Aim("lists", "p95_ms_max", is_floor=False, value=50),
    Aim("lists", "statements_that_scan_all_tasks", is_floor=False, value=0),
)


def machine() -> dict[str, object]:
    """What it was measured on."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
    }


def read() -> dict[str, Any]:  # Any: JSON
    """The results so far; a measure that is not repeated keeps its figures."""
    path = RESULTS / "bench.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def write(results: Mapping[str, Any], how: Mapping[str, str], folder: Path = RESULTS) -> None:
    """Keep the results; `how` says by measure how it was measured."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(results, indent=2) + "\n")
    (folder.parent / "RESULTS.md").write_text(_page(results, how))


def table(results: Mapping[str, Any]) -> list[str]:
    """The figures beside their aims, as lines of a Markdown table."""
    lines = ["| figure | measured | aim | | load |", "|---|---|---|---|---|"]
    for aim in AIMS:
        found = aim.found_in(results)
        if found is None:
            continue
        load = results[aim.measure]["load_average"]
        lines.append(
            f"| {aim.measure}.{aim.figure} | {found:g} | {aim.text} | {aim.verdict(found)}"
            f" | {load['before']} to {load['after']} |"
        )
    return lines


def _page(results: Mapping[str, Any], how: Mapping[str, str]) -> str:
    where = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    parts = [
        "# Measured by `make bench`",
        f"On {where}.",
        _INTRODUCTION,
        "\n".join(table(results)),
        "Each aim that is missed says so; nothing is left out. Raw figures: `results/bench.json`.",
    ]
    for name, text in how.items():
        if name in results:
            parts += [f"## {name} ({results[name]['at']})", text.strip(), _raw(results[name])]
    return "\n\n".join(parts) + "\n"


def _raw(figures: Figures) -> str:
    lines = [f"{name}: {json.dumps(value)}" for name, value in figures.items()]
    return "\n".join(["```", *lines, "```"])
