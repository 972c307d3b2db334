"""The game day's figures against their aims: `results/gameday.json` and `GAMEDAY.md`."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench import report
from bench.rig import PROJECT
from bench.scenario import Result

Figures = Mapping[str, Any]  # Any: JSON

_INTRODUCTION = """\
Every scenario is a decommission (or several) of its own on a live stack of real processes with
short settings; see `settings` in the results. A part of the world breaks, people at the API see
the case and decide, and the decommission ends verified: read back from the outside systems
themselves and from their ledger of effects. `seen after` counts from the injection, or from the
start of the task after it, until it could be seen that a task failed, was stuck, or was held.
`heals` are scenarios that need nobody: there the platform must open no case."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure, and the least and most that it may be."""

    figure: str
    least: float
    most: float = float("inf")

    def found_in(self, results: Figures) -> float | None:
        """The figure; a dot leads into a part."""
        found: Any = results  # Any: JSON
        for step in self.figure.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return None if found is None else float(found)

    def is_met(self, results: Figures) -> bool:
        """Whether it is; what was not measured is not."""
        found = self.found_in(results)
        return found is not None and self.least <= found <= self.most

    @property
    def text(self) -> str:
        """The aim in signs."""
        if self.least == self.most:
            return f"= {self.least:g}"
        return f">= {self.least:g}" if self.most == float("inf") else f"<= {self.most:g}"


AIMS = (
    Aim("unfinished", 0, 0),
    Aim("lost", 0, 0),
    Aim("doubled", 0, 0),
    Aim("tasks_without_exactly_one_case", 0, 0),
    Aim("not_as_expected", 0, 0),
    Aim("detector.faults", 300),
    Aim("detector.healthy", 300),
    Aim("detector.precision", 0.98),
    Aim("detector.recall", 1, 1),
    Aim("detector.detect_over_threshold_p95", 0, 1.5),
)


def summarise(
    results: Sequence[Result], without_one_case: int, detector: Figures | None
) -> dict[str, Any]:  # Any: JSON
    """The keys of the results file."""
    proofs = [result.proof for result in results if result.proof is not None]
    return {
        "unfinished": sum(not result.finished for result in results),
        "lost": sum(proof.lost for proof in proofs),
        "doubled": sum(proof.doubled for proof in proofs),
        "held_afterwards": sum(proof.held for proof in proofs),
        "tasks_without_exactly_one_case": without_one_case,
        "not_as_expected": sum(not result.is_good for result in results),
        "detector": dict(detector or {}),
        "scenarios": [result.shown() for result in results],
    }


def about() -> dict[str, object]:
    """When, where and of which tree."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": report.machine(),
        "commit": _git("rev-parse", "--short", "HEAD"),
        "tree_has_changes": bool(_git("status", "--porcelain", "--untracked-files=no")),
    }


def write(results: Figures) -> None:
    """Keep the results."""
    report.RESULTS.mkdir(parents=True, exist_ok=True)
    (report.RESULTS / "gameday.json").write_text(json.dumps(results, indent=2, default=str) + "\n")
    (report.RESULTS.parent / "GAMEDAY.md").write_text(page(results))


def table(results: Figures) -> list[str]:
    """The figures beside their aims, as lines of a Markdown table."""
    lines = ["| figure | found | aim | |", "|---|---|---|---|"]
    for aim in AIMS:
        found = aim.found_in(results)
        shown = "not measured" if found is None else f"{found:g}"
        verdict = "met" if aim.is_met(results) else "missed"
        lines.append(f"| {aim.figure} | {shown} | {aim.text} | {verdict} |")
    return lines


def missed(results: Figures) -> list[Aim]:
    """The aims that are not met."""
    return [aim for aim in AIMS if not aim.is_met(results)]


def page(results: Figures) -> str:
    """The whole as a page."""
    where = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    parts = [
        "# Measured by `make gameday`",
        (
            f"At {results['at']} on {where}, commit {results['commit']}; "
            f"{len(results['scenarios'])} scenarios in {results['seconds']:g} s."
        ),
        _INTRODUCTION,
        "\n".join(table(results)),
        "## Scenarios",
        "\n".join(_scenarios(results["scenarios"])),
    ]
    if by_kind := results["detector"].get("by_kind"):
        parts += ["## Detector", _DETECTOR, "\n".join(_detector(by_kind))]
    parts += ["Everything else: `results/gameday.json`."]
    return "\n\n".join(parts) + "\n"


_DETECTOR = """\
One draw per site and outside system, from a seed. Time to detect is in thresholds of the task.
What is healthy must not be flagged, however slow: up to nine tenths of the threshold, or waiting
for longer than it."""


def _scenarios(scenarios: Sequence[Figures]) -> list[str]:
    lines = [
        "| where | what | seen as | seen after | threshold | case | what it says | decided | end |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in scenarios:
        case = one["case"] or {}
        seen = f"{one['detected_s']:g} s" if one["detected_s"] is not None else ""
        limit = f"{one['threshold_s']:g} s" if one["threshold_s"] is not None else ""
        number = f"#{case['number']} {case['subject']}" if case else _none(one)
        end = "verified" if one["ok"] else "; ".join(one["problems"])
        cells = [
            *(one["system"], one["name"], one["detected_as"] or "", seen, limit, number),
            *(_says(case), "; ".join(one["decisions"]), end),
        ]
        lines.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
    return lines


def _says(case: Figures) -> str:
    if case.get("meaning"):
        return f"{case['meaning']} Next ({case['audience']}): {case['next_step']}"
    return str(case.get("description", ""))


def _none(one: Figures) -> str:
    return "none" if one["expects_case"] else "heals"


def _detector(by_kind: Figures) -> list[str]:
    lines = ["| kind | draws | flagged | p50 | p95 | longest |", "|---|---|---|---|---|---|"]
    for kind, found in by_kind.items():
        spread = [str(found.get(name, "")) for name in ("p50", "p95", "p100")]
        cells = " | ".join([kind, str(found["draws"]), str(found["flagged"]), *spread])
        lines.append(f"| {cells} |")
    return lines


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
