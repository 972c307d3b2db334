"""The whole API under generated requests, as everybody; `make gate` runs the long form."""

import os
import random

from models.settings import Settings
from tests.fuzz.run import run_fuzz

CASES = 800  # `make gate` sends 20,000


async def test_generated_requests_as_everybody_find_no_error_and_nothing_undocumented(
    settings: Settings,
) -> None:
    seed = int(os.environ.get("FUZZ_SEED") or random.randrange(2**31))
    result = await run_fuzz(settings, CASES, seed)
    shown = "\n\n".join(f"{name}\n{text}" for name, text in result.findings.items())
    assert result.is_clean, f"FUZZ_SEED={seed}\n{shown}"
    assert result.cases >= CASES
