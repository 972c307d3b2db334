"""Fuzzing of the whole API as everybody: `await run_fuzz(20_000)`."""

import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from api.app import create_app
from models.database import Sessions, open_engine, open_sessions
from models.settings import Settings
from models.stores.personas import PERSONAS, seed_personas
from tests.api.serving import serving
from tests.fuzz.world import fill
from tests.identities import ISSUER, token_of

_PROJECT = Path(__file__).resolve().parents[2]
_LONG = 10_000  # from so many cases on, they include every boundary of every field, as some
_COVERING = ["super-admin", "half-admin", "support"]
_BOUNDARIES = 1_000  # of all fields of all operations, at least
_KNOWN = {
    "occupier_id": "SELECT id FROM occupiers",
    "site_id": "SELECT id FROM sites",
    "decommission_id": "SELECT id FROM decommissions",
    "task_id": "SELECT id FROM tasks LIMIT 50",
    "contract_id": "SELECT id FROM contracts LIMIT 50",
    "service_id": "SELECT id FROM services LIMIT 50",
    "case_id": "SELECT id FROM cases",
}


@dataclass(slots=True)
class FuzzResult:
    """What came back for all cases."""

    seed: int
    cases: int = 0
    server_errors: int = 0
    undocumented: int = 0
    failed_checks: int = 0  # of any kind, errors of the fuzzer itself too
    failures: Counter[str] = field(default_factory=Counter)  # by check
    statuses: Counter[str] = field(default_factory=Counter)
    by_persona: dict[str, int] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)  # one of each kind

    @property
    def figures(self) -> dict[str, Any]:  # Any: JSON
        """All but the findings, which are many words."""
        return {
            "cases": self.cases,
            "server_errors": self.server_errors,
            "undocumented": self.undocumented,
            "failed_checks": self.failed_checks,
            "failures": dict(self.failures),
            "statuses": dict(sorted(self.statuses.items())),
            "by_persona": self.by_persona,
        }

    @property
    def is_clean(self) -> bool:
        """Whether no check failed at all."""
        return not (self.server_errors or self.failed_checks)


async def run_fuzz(
    settings: Settings, cases: int, seed: int, say: Callable[[str], None] = lambda _: None
) -> FuzzResult:
    """Send at least so many requests, as each persona in turn, to a server on this database."""
    result = FuzzResult(seed)
    engine = open_engine(settings, for_system=True)
    sessions = open_sessions(engine)
    try:
        async with sessions.begin() as session:
            await fill(session)
            await seed_personas(session, ISSUER)
        settings = settings.model_copy(update={"starts_per_minute": 1_000_000})
        async with serving(settings) as at:
            operations = sum(map(len, create_app(settings).openapi()["paths"].values()))
            covering = _COVERING if cases >= _LONG else []
            covered = _BOUNDARIES * len(covering)
            tokens = {persona: token_of(at.settings, persona) for persona in PERSONAS}
            plan = {
                "url": at.url,
                "tokens": tokens,
                "seed": seed,
                "examples": 1 + (cases - covered) // len(PERSONAS) // operations,
                "covering": covering,
                **await _known(sessions),
            }
            async for found in _hammer(plan):
                _add(result, found)
                say(f"fuzz: {result.cases} cases, last as {found['persona']}")
    finally:
        await engine.dispose()
    return result


async def _known(sessions: Sessions) -> dict[str, object]:
    async with sessions() as session:
        known = {
            name: [str(one) for one in await session.scalars(text(query))]
            for name, query in _KNOWN.items()
        }
        names = await session.execute(text("SELECT id::text, name FROM occupiers"))
        return {"known": known, "names": {row[0]: row[1] for row in names}}


async def _hammer(plan: dict[str, object]) -> AsyncIterator[dict[str, Any]]:  # Any: JSON
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fuzz.hammer"),
        cwd=_PROJECT,
        env=os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": f"{tempfile.gettempdir()}/hypothesis"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=2**24,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(plan).encode())
        process.stdin.close()
        async for line in process.stdout:
            yield json.loads(line)
        if code := await process.wait():
            raise RuntimeError(f"the fuzzer ended with {code}; run tests.fuzz.hammer by hand")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _add(result: FuzzResult, found: dict[str, Any]) -> None:
    persona, counts = found["persona"], Counter[str](found["counts"])
    result.cases += counts["cases"]
    result.by_persona[persona] = counts.pop("cases", 0)
    result.server_errors += counts.pop("server_errors", 0)
    result.undocumented += counts["status_code_conformance"]
    result.failures += counts
    result.failed_checks += counts.total()
    result.statuses += Counter(found["statuses"])
    for name, shown in found["findings"].items():
        result.findings.setdefault(f"{name} as {persona}", shown)
