"""The gate's figures against their aims: `bench/results/gate.json` and `bench/GATE.md`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench import report

Figures = Mapping[str, Any]  # Any: one part's figures, for JSON

_PARTS = ("race", "parallel_starts", "matrix", "fuzz", "run")
_INTRODUCTION = """\
`race`: an edit and a start of the same occupier at the same moment. Either the edit comes first
and the plan of the start holds it, or it is refused; an orphan is an edit that is neither. Both
sides must win at least a fifth of the trials, or it was no race. `parallel_starts`: starts of one
occupier at once, under keys of their own, make one run; the same under one key get one reply.
`matrix`: every route as every identity in every scope, against docs/permissions.yaml. `fuzz`:
generated requests as every persona over a real server; no server error, nothing undocumented, no
reply that is not as the OpenAPI says. `audit`: the hash chain over all that the others did."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure, and the least and most that it may be."""

    part: str
    figure: str
    least: float
    most: float = float("inf")

    @property
    def text(self) -> str:
        """The aim in signs."""
        if self.least == self.most:
            return f"= {self.least:g}"
        return f">= {self.least:g}"

    def is_met(self, results: Mapping[str, Figures]) -> bool:
        """Whether it is; a part that did not run is not."""
        found = results.get(self.part, {}).get(self.figure)
        return found is not None and self.least <= float(found) <= self.most


def aims(results: Mapping[str, Figures]) -> list[Aim]:
    """What the gate asks for; each side of the race must win a fifth of the trials there were."""
    fifth = results.get("race", {}).get("trials", 0) / 5
    return [
        Aim("race", "trials", 500),
        Aim("race", "orphans", 0, 0),
        Aim("race", "edits_won", fifth),
        Aim("race", "starts_won", fifth),
        Aim("parallel_starts", "attempts", 50),
        Aim("parallel_starts", "runs", 1, 1),
        Aim("matrix", "requests", 3_000),
        Aim("matrix", "failures", 0, 0),
        Aim("fuzz", "cases", 20_000),
        Aim("fuzz", "server_errors", 0, 0),
        Aim("fuzz", "undocumented", 0, 0),
        Aim("fuzz", "failed_checks", 0, 0),
        Aim("audit", "verified", 1, 1),
    ]


def missed(results: Mapping[str, Figures]) -> list[Aim]:
    """The aims that are not met."""
    return [aim for aim in aims(results) if not aim.is_met(results)]


def table(results: Mapping[str, Figures]) -> list[str]:
    """The figures beside their aims, as lines of a Markdown table."""
    lines = ["| figure | found | aim | |", "|---|---|---|---|"]
    for aim in aims(results):
        found = results.get(aim.part, {}).get(aim.figure, "not run")
        verdict = "met" if aim.is_met(results) else "missed"
        lines.append(f"| {aim.part}.{aim.figure} | {found} | {aim.text} | {verdict} |")
    return lines


def write(results: dict[str, Figures]) -> None:
    """Keep the results."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    results = {"at": now, "machine": report.machine(), **results}  # type: ignore[dict-item]  # a moment beside figures
    report.RESULTS.mkdir(parents=True, exist_ok=True)
    (report.RESULTS / "gate.json").write_text(json.dumps(results, indent=2) + "\n")
    (report.RESULTS.parent / "GATE.md").write_text(_page(results, now))


def _page(results: Mapping[str, Figures], now: str) -> str:
    where = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    took = ", ".join(
        f"{name} {figures['seconds']:g} s"
        for name, figures in results.items()
        if name in _PARTS and "seconds" in figures
    )
    return (
        "\n\n".join(
            [
                "# Measured by `make gate`",
                f"At {now} on {where}. Seed {results['run']['seed']}; repeat with `--seed`.",
                _INTRODUCTION,
                "\n".join(table(results)),
                f"Took: {took}. Everything else: `results/gate.json`.",
            ]
        )
        + "\n"
    )
