"""What there is at one moment: every row of the platform and every holding of the estate.

Meant for the small landscapes of tests: all of it is held in memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

import aiohttp
import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from estate.client import EstateClient

Row: TypeAlias = Mapping[str, Any]  # Any: a column's value as JSON has it
Holding: TypeAlias = tuple[str, str, str]  # site, kind, handle

BATCH_SYSTEMS = ("telephony", "switching", "wifi", "network", "billing")
_ORGANIZATION = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization"
_KEYS = """
SELECT c.relname AS name, array_agg(a.attname ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
 GROUP BY c.relname ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rows of one moment: the platform's by table and primary key, and the estate's."""

    tables: Mapping[str, Mapping[str, Row]]
    holdings: Mapping[Holding, Row]
    last_effect: int

    def rows(self, table: str, **wanted: object) -> Iterator[Row]:
        """The rows of a table whose columns have these values."""
        for row in self.tables[table].values():
            if all(row[column] == value for column, value in wanted.items()):
                yield row

    def of(self, table: str, occupier_id: str) -> Iterator[Row]:
        """An occupier's rows of a table."""
        return self.rows(table, occupier_id=occupier_id)


async def snapshot(database_url: str) -> Snapshot:
    """Read everything as of one moment."""
    async with await psycopg.AsyncConnection.connect(
        database_url, options="-c timezone=UTC"
    ) as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        return await read_all(connection)


async def read_all(connection: psycopg.AsyncConnection) -> Snapshot:
    """Read everything, within the transaction of the connection."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        tables: dict[str, dict[str, Row]] = {}
        for table in await (await cursor.execute(_KEYS)).fetchall():
            query = sql.SQL("SELECT to_jsonb(t) AS row FROM {} t").format(
                sql.Identifier(table["name"])
            )
            found = await (await cursor.execute(query)).fetchall()
            tables[table["name"]] = {
                "/".join(str(each["row"][column]) for column in table["columns"]): each["row"]
                for each in found
            }
        held = await cursor.execute("SELECT to_jsonb(h) AS row FROM estate.holdings h")
        holdings = {
            (each["row"]["site"], each["row"]["kind"], each["row"]["handle"]): each["row"]
            for each in await held.fetchall()
        }
        last = await cursor.execute("SELECT coalesce(max(id), 0) AS id FROM estate.effects")
        newest = await last.fetchone()
        assert newest is not None
    return Snapshot(tables, holdings, newest["id"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a checker needs to judge finished runs."""

    before: Snapshot
    after: Snapshot
    references: Mapping[str, str]  # of the leaving occupiers, by id
    summary: Mapping[str, Any]  # the estate's own
    effects: list[dict[str, Any]]  # since `before`, without what was given out
    owned: list[tuple[str, str, Row]]  # owner, system and item that the estate lists as owned


async def gather(
    before: Snapshot, after: Snapshot, occupier_ids: list[str], estate_url: str
) -> Evidence:
    """Add the ledger, and what the outside systems say that the leaving still own."""
    references = {
        occupier_id: before.tables["occupiers"][occupier_id]["reference"]
        for occupier_id in occupier_ids
    }
    async with EstateClient(estate_url) as estate:
        summary = await estate.summary()
        effects = await estate.ledger("effects")
    owned = await _owned(estate_url, before, set(references.values()))
    new = [
        effect
        for effect in effects
        if effect["effect"] != "provisioned" and int(str(effect["id"])) > before.last_effect
    ]
    return Evidence(before, after, references, summary, new, owned)


def of_run(run: Row) -> dict[str, Any]:  # Any: spread into keywords
    """The column that ties a row to its decommission."""
    return {"decommission_id": run["id"]}


async def _owned(url: str, before: Snapshot, owners: set[str]) -> list[tuple[str, str, Row]]:
    """Ask the outside systems, as an operator would, what an owner has."""
    sites = {row["reference"] for row in before.tables["sites"].values()}
    found: list[tuple[str, str, Row]] = []
    async with aiohttp.ClientSession(url) as session:
        for owner in sorted(owners):
            for path in (f"{name}/sites/{site}" for name in BATCH_SYSTEMS for site in sites):
                query = f"/{path}/owned?limit=1000&owner={quote(owner)}"
                async with session.get(query) as answer:
                    page = await answer.json(content_type=None)
                    found += [(owner, path.partition("/")[0], item) for item in page["items"]]
            wanted = quote(f'{_ORGANIZATION} eq "{owner}"')
            async with session.get(f"/scim/v2/Users?count=1000&filter={wanted}") as answer:
                page = await answer.json(content_type=None)
                found += [(owner, "accounts", user) for user in page.get("Resources", ())]
    return found
