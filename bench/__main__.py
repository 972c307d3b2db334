"""Takes the measures: `python -m bench [--only throughput,idle] [--quick]`.

Figures of a quick run are for trying the benches out, so they are printed and not kept.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from bench import fanout, idle, lists, recovery, report, scale, throughput
from bench.rig import load_average, say
from deploy.local.errors import StackInterruptedError


class Measure(Protocol):
    """What every measure's module offers."""

    def __call__(self, *, quick: bool) -> Awaitable[dict[str, Any]]:
        """Take the measure; returns its figures, for JSON."""


MEASURES: Mapping[str, tuple[Measure, str]] = {
    "throughput": (throughput.measure, throughput.__doc__ or ""),
    "fanout": (fanout.measure, fanout.__doc__ or ""),
    "scale": (scale.measure, scale.__doc__ or ""),
    "recovery": (recovery.measure, recovery.__doc__ or ""),
    "idle": (idle.measure, idle.__doc__ or ""),
    "lists": (lists.measure, lists.__doc__ or ""),
}


async def take(names: list[str], *, quick: bool) -> int:
    """Take the measures, keep and print the figures; returns how many failed."""
    results: dict[str, Any] = {} if quick else report.read()
    results["machine"] = report.machine()
    failed = 0
    for name in names:
        measure, _ = MEASURES[name]
        before = load_average()
        say(f"{name}: starts, load {before}")
        try:
            figures = await measure(quick=quick)
        except StackInterruptedError:
            raise  # Ctrl-C ends all of it
        except Exception as error:
            say(f"{name}: failed: {error!r}")
            failed += 1
            continue
        now = datetime.now(UTC).isoformat(timespec="seconds")
        load = {"before": before, "after": load_average()}
        results[name] = {"at": now, "load_average": load, **figures}
        if not quick:
            report.write(results, {name: how for name, (_, how) in MEASURES.items()})
    print("\n".join(report.table(results)))
    return failed


def main() -> None:
    """Read the options and take the measures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the platform.")
    parser.add_argument("--only", default=",".join(MEASURES), help="some of: %(default)s")
    parser.add_argument("--quick", action="store_true", help="small sizes; figures are not kept")
    options = parser.parse_args()
    names = options.only.split(",")
    if unknown := set(names) - set(MEASURES):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    sys.exit(1 if asyncio.run(take(names, quick=options.quick)) else 0)


if __name__ == "__main__":
    main()
