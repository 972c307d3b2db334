"""Runs the long forms of the gate's tests: `python -m bench.gate [--quick] [--seed N]`.

Writes `bench/results/gate.json` and `bench/GATE.md`; ends with 1 when an aim is missed. Like the
tests it uses TEST_DATABASE_SERVER, or starts an embedded PostgreSQL of its own. Figures of a
quick run are for trying it out, so they are printed and not kept.
"""

import argparse
import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr

from bench import gate_report
from bench.gate_report import Figures
from bench.rig import say
from models.database import open_engine, open_sessions
from models.settings import Settings
from models.stores.audit_chain import AuditChainStore
from tests.database_server import EmbeddedServer, fresh_database, migrated_template
from tests.fuzz.run import run_fuzz
from tests.gate.parallel_starts import run_parallel_starts
from tests.gate.race import race_on
from tests.permissions.run import run_matrix


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    trials: int = 500
    attempts: int = 50
    cases: int = 20_000
    seed: int = 0


QUICK = Size(trials=40, attempts=10, cases=600)
Part = Callable[[Settings, Size], Awaitable[dict[str, Any]]]  # Any: figures, for JSON


async def race(settings: Settings, size: Size) -> dict[str, Any]:
    """Edits against starts on the same occupiers."""
    return asdict(await race_on(settings, size.trials, seed=size.seed))


async def parallel_starts(_settings: Settings, size: Size) -> dict[str, Any]:
    """Many starts of one occupier at once; in a database of their own."""
    attempts, runs = await run_parallel_starts(size.attempts)
    return {"attempts": attempts, "runs": runs}


async def matrix(settings: Settings, _size: Size) -> dict[str, Any]:
    """Every route as every identity in every scope."""
    result = await run_matrix(settings)
    for failure in result.failures:
        say(f"matrix: {failure}")
    return {"requests": result.requests, "failures": len(result.failures)}


async def fuzz(settings: Settings, size: Size) -> dict[str, Any]:
    """Generated requests as everybody."""
    result = await run_fuzz(settings, size.cases, size.seed, say)
    for name, shown in result.findings.items():
        say(f"fuzz: {name}\n{shown}")
    return result.figures


PARTS: Mapping[str, Part] = {
    "race": race,
    "parallel_starts": parallel_starts,
    "matrix": matrix,
    "fuzz": fuzz,
}


async def run(size: Size, names: list[str]) -> dict[str, Figures]:
    """Run the parts, each on a database of its own; the audit of each is verified afterwards."""
    results: dict[str, Figures] = {"audit": {"verified": True, "events": 0, "findings": []}}
    for name in names:
        say(f"{name}: starts")
        began = time.monotonic()
        async with _settings() as settings:
            try:
                figures = await PARTS[name](settings, size)
            except Exception as error:  # the other parts still tell something
                say(f"{name}: broke: {error!r}")
                figures = {"error": type(error).__name__}
            results["audit"] = await _verified(settings, name, results["audit"])
        results[name] = figures | {"seconds": round(time.monotonic() - began, 1)}
        shown = {key: value for key, value in figures.items() if isinstance(value, int | str)}
        say(f"{name}: {shown}")
    return results


async def _verified(settings: Settings, name: str, so_far: Figures) -> Figures:
    engine = open_engine(settings, for_system=True)
    try:
        async with open_sessions(engine)() as session:
            walk = await AuditChainStore(session).verify()
    finally:
        await engine.dispose()
    findings = [f"{name}: {walk.finding}"] if walk.finding else []
    return {
        "verified": so_far["verified"] and walk.finding is None,
        "events": so_far["events"] + walk.count,
        "findings": [*so_far["findings"], *findings],
    }


@contextlib.asynccontextmanager
async def _settings() -> AsyncIterator[Settings]:
    server = os.environ["TEST_DATABASE_SERVER"]
    with (
        fresh_database(server, migrated_template(server)) as url,
        tempfile.TemporaryDirectory() as home,
    ):
        yield Settings(
            env="dev",
            data_dir=Path(home),
            database_url=SecretStr(url),
            database_pool=10,
            api_url="http://127.0.0.1:8400",  # names the issuer of the tokens
            starts_per_minute=1_000_000,
        )


@contextlib.contextmanager
def _server() -> Iterator[None]:
    if "TEST_DATABASE_SERVER" in os.environ:
        yield
        return
    server = EmbeddedServer()
    os.environ["TEST_DATABASE_SERVER"] = server.start()
    try:
        yield
    finally:
        server.stop()


def main() -> None:
    """Read the options, run, report."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.gate", description="The gate, at length."
    )
    parser.add_argument("--only", default=",".join(PARTS), help="some of: %(default)s")
    parser.add_argument("--quick", action="store_true", help="small sizes; figures are not kept")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run; default: a new one")
    options = parser.parse_args()
    names = options.only.split(",")
    if unknown := set(names) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    seed = random.randrange(2**31) if options.seed is None else options.seed
    size = replace(QUICK if options.quick else Size(), seed=seed)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    say(f"seed {seed}")
    began = time.monotonic()
    with _server():
        results = asyncio.run(run(size, names))
    results["run"] = {"seed": seed, "seconds": round(time.monotonic() - began, 1)}
    if not options.quick and names == list(PARTS):
        gate_report.write(results)
    print("\n".join(gate_report.table(results)))
    sys.exit(1 if gate_report.missed(results) else 0)


if __name__ == "__main__":
    main()
