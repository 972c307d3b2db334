"""The estate's door to PostgreSQL: a pool, one statement per call, its ledger row within.

`UnavailableError` is raised while the server cannot be reached; the pool finds it again by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg import AsyncConnection, Error
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from estate.work import Work
from estate.world import KINDS

_SCRIPTS = ("schema.sql", "retire.sql", "attempts.sql", "scim.sql", "returns.sql")
_SCHEMA_LOCK = 0x657374617465  # "estate": two processes starting at once take turns

# Every lookup is by key, and tables grow by thousands between two ANALYZE runs: never let a plan
# made for an empty table scan a full one, and never plan again.
_OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "enable_seqscan": "off",
        "enable_hashjoin": "off",
        "enable_mergejoin": "off",
        "jit": "off",
        "plan_cache_mode": "force_generic_plan",
        "lock_timeout": "5s",
        "statement_timeout": "60s",
        "timezone": "UTC",
    }.items()
)
_LEDGER = (
    "insert into estate.calls (system, site, operation, items, request_key, status, fault)"
    " select %s, %s, %s, %s::int, %s, "
)


class UnavailableError(Exception):
    """PostgreSQL does not answer, or gave up on the statement."""


@dataclass(frozen=True, slots=True)
class CallNote:
    """What the ledger says of a call. `answers` is False when the caller gets no answer."""

    system: str
    site: str | None
    operation: str
    fault: str | None = None
    answers: bool = True
    status: int | None = None  # the status to answer with whatever comes of the work


class Database:
    """A pool of connections, opened once per process."""

    def __init__(self, url: str, connections: int) -> None:
        self._conninfo = make_conninfo(url, options=_OPTIONS, connect_timeout=5)
        self._pool = AsyncConnectionPool(
            self._conninfo,
            open=False,
            min_size=2,
            max_size=connections,
            timeout=2.0,
            reconnect_timeout=2.0,  # give up early: the next call starts afresh, without back-off
            kwargs={"autocommit": True, "prepare_threshold": 2},
        )

    async def open(self) -> None:
        """Bring the schema up to date and open the pool."""
        connection = await AsyncConnection.connect(self._conninfo)
        async with connection, connection.cursor() as cursor:
            await cursor.execute("select pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
            for script in _SCRIPTS:
                await cursor.execute(
                    Path(__file__).with_name(script).read_text(encoding="utf-8").encode()
                )
            await cursor.executemany(_PUT_KIND, _kind_rows())
        await self._pool.open(wait=True, timeout=10)

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close(timeout=2)

    async def work(self, note: CallNote, work: Work) -> tuple[int, str]:
        """Do the work and write its ledger row, both or neither."""
        row = await self._row(
            f"with answer as materialized (select * from {work.source}), noted as ("
            f"{_LEDGER} case when %s then coalesce(%s, answer.status) end, %s from answer)"
            " select status, body from answer",
            (
                *work.arguments,
                *(note.system, note.site, note.operation, work.items, work.key),
                *(note.answers, note.status, note.fault),
            ),
        )
        assert row is not None, "an operation yields exactly one row"
        return row[0], row[1]

    async def note(self, note: CallNote, items: int = 0, key: str | None = None) -> None:
        """Write the ledger row of a call that did nothing."""
        await self._row(
            f"{_LEDGER} %s::int, %s returning id",
            (note.system, note.site, note.operation, items, key, note.status, note.fault),
        )

    async def rows(
        self, statement: str, arguments: Sequence[object] | Mapping[str, object] = ()
    ) -> list[dict[str, object]]:
        """Read rows by column name; for the ledger and other cold paths."""
        try:
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=dict_row)
                await cursor.execute(statement.encode(), arguments)
                return await cursor.fetchall()
        except (Error, PoolTimeout) as error:
            raise UnavailableError from error

    async def change(self, statement: str, arguments: Sequence[object] = ()) -> None:
        """Run a statement that returns nothing."""
        try:
            async with self._pool.connection() as connection:
                await connection.execute(statement.encode(), arguments)
        except (Error, PoolTimeout) as error:
            raise UnavailableError from error

    async def _row(self, statement: str, arguments: Sequence[object]) -> tuple[int, str] | None:
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(statement.encode(), arguments)
                row: tuple[int, str] | None = await cursor.fetchone()
                return row
        except (Error, PoolTimeout) as error:
            raise UnavailableError from error


_PUT_KIND = b"""
insert into estate.kinds values (%s, %s, %s, %s, %s, %s, %s, %s)
on conflict (kind) do update set (system, live_state, retired_state, effect, rests_on_kind,
    refused_while_used, keeps_owner) = (excluded.system, excluded.live_state,
    excluded.retired_state, excluded.effect, excluded.rests_on_kind, excluded.refused_while_used,
    excluded.keeps_owner)
"""


def _kind_rows() -> list[tuple[object, ...]]:
    return [
        (
            kind.name,
            kind.system,
            kind.live,
            kind.retired,
            kind.effect,
            kind.support_kind,
            kind.refused_while_used,
            kind.keeps_owner,
        )
        for kind in KINDS.values()
    ]
