"""Precision, recall and time to detect, from what became of each draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bench.detector_draw import FAULTS, USUAL_S, Kind, threshold_s
from models.domain.outside import System

Figures: TypeAlias = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one draw."""

    kind: Kind
    system: System
    flagged: bool
    why: str | None = None
    over_threshold: float | None = None  # time to detect / threshold
    active_s: float | None = None  # of a healthy one that was flagged, and its threshold
    threshold_s: float | None = None


def figures(verdicts: Sequence[Verdict], strays: Sequence[str]) -> Figures:
    """Precision, recall and time to detect, of all and by kind."""
    faults = [each for each in verdicts if each.kind in FAULTS]
    healthy = [each for each in verdicts if each.kind not in FAULTS]
    hits = [each for each in faults if each.flagged]
    wrong = [each for each in healthy if each.flagged]
    flagged = len(hits) + len(wrong) + len(strays)
    ratios = sorted(each.over_threshold or 0.0 for each in hits)
    by_kind: dict[str, Any] = {}
    for kind in Kind:
        of_kind = [each for each in verdicts if each.kind is kind]
        if of_kind:
            seen = sorted(each.over_threshold or 0.0 for each in of_kind if each.flagged)
            by_kind[kind.value] = {
                "draws": len(of_kind),
                "flagged": len(seen),
                **({f"p{p}": quantile(seen, p / 100) for p in (50, 95, 100)} if seen else {}),
            }
    return {
        "faults": len(faults),
        "healthy": len(healthy),
        "precision": round(len(hits) / flagged, 4) if flagged else None,
        "recall": round(len(hits) / len(faults), 4) if faults else None,
        "missed": [f"{each.kind} {each.system}" for each in faults if not each.flagged],
        "false_alarms": [
            f"{each.kind} {each.system}: {each.why}; active {each.active_s:.1f} s of"
            f" {each.threshold_s:.1f} s"
            for each in wrong
        ],
        "false_alarms_really_over_threshold": sum(
            (each.active_s or 0) > (each.threshold_s or 0) for each in wrong
        ),
        "strays": sorted(strays),
        "detect_over_threshold_p50": quantile(ratios, 0.5),
        "detect_over_threshold_p95": quantile(ratios, 0.95),
        "detect_over_threshold_max": quantile(ratios, 1.0),
        "thresholds_s": {kind.value: round(threshold_s(kind), 2) for kind in USUAL_S},
        "by_kind": by_kind,
    }


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which that share lies; `None` of nothing."""
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
