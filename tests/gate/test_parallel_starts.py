"""Fifty clicks at once."""

from tests.gate.parallel_starts import run_parallel_starts


async def test_fifty_parallel_starts_make_one_run(database_server: str) -> None:
    assert database_server
    assert await run_parallel_starts(50) == (50, 1)
