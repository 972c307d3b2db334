"""Loads a portfolio: all of it in one transaction, or nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from psycopg import Cursor, sql
from psycopg.errors import IntegrityError
from sqlalchemy import Connection, text

from models.portfolio.batch import Batch, Ids
from models.portfolio.blanks import without_blanks
from models.portfolio.clashes import clashes, known_ids
from models.portfolio.format import Portfolio
from models.portfolio.occupier_rows import (
    history_batches,
    holding_batches,
    occupier_batches,
    tenancy_batches,
)
from models.portfolio.people_rows import number_batches, people_batches
from models.portfolio.problem import InvalidPortfolioError, Problem, place_of
from models.portfolio.read import Reading
from models.portfolio.rules.every import findings
from models.portfolio.site_rows import catalogue_batches, port_batches, site_batches

# An import writes for the platform: past occupiers, which nobody may edit, come in as they are.
ONE_AT_A_TIME = text(
    "SELECT set_config('occupier.engine', 'on', true), pg_advisory_xact_lock(7301002)"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, with everything that was generated, and the rows written per table."""

    portfolio: Portfolio
    rows: Mapping[str, int]


def load(connection: Connection, portfolio: Portfolio) -> Loaded:
    """Load a portfolio that was made by code, in the transaction that the caller opened.

    Raises InvalidPortfolioError with every problem, of the portfolio itself or with what the
    database holds already; the caller then rolls back.
    """
    broken = tuple(findings(portfolio, frozenset()))
    problems = tuple(Problem(place_of(each.path), each.message) for each in broken)
    return load_reading(connection, Reading(portfolio, problems, lambda path: path))


def load_reading(connection: Connection, reading: Reading) -> Loaded:
    """Load what was read from a document; raises InvalidPortfolioError like `load`."""
    if reading.portfolio is None:
        raise InvalidPortfolioError(reading.problems)
    connection.execute(ONE_AT_A_TIME)
    clashing = [
        Problem(place_of(reading.origin(each.path)), each.message)
        for each in clashes(connection, reading.portfolio)
    ]
    if reading.problems or clashing:
        raise InvalidPortfolioError((*reading.problems, *clashing))
    complete = without_blanks(reading.portfolio)
    return Loaded(complete, _write(connection, complete))


def _write(connection: Connection, portfolio: Portfolio) -> Mapping[str, int]:
    ids, fresh = known_ids(connection, portfolio)
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection was closed")
    counts: dict[str, int] = {}
    with driver.cursor() as cursor:
        for batch in _batches(portfolio, fresh, ids):
            counts[batch.table.__tablename__] = _copy(cursor, batch)
        # Plans made of empty tables would be far off for the first decommission.
        tables = sql.SQL(", ").join(map(sql.Identifier, counts))
        cursor.execute(sql.SQL("ANALYZE {}").format(tables))
    return counts


def _batches(portfolio: Portfolio, fresh: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Batches in an order in which every row finds what it refers to."""
    return chain(
        catalogue_batches(fresh, ids),
        site_batches(portfolio, ids),
        occupier_batches(portfolio, ids),
        port_batches(portfolio, ids),
        tenancy_batches(portfolio, ids),
        people_batches(portfolio, ids),
        number_batches(portfolio, ids),
        holding_batches(portfolio, ids),
        history_batches(portfolio, ids),
    )


def _copy(cursor: Cursor, batch: Batch) -> int:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(batch.table.__tablename__),
        sql.SQL(", ").join(map(sql.Identifier, batch.columns)),
    )
    count = 0
    try:
        with cursor.copy(statement) as copy:
            for row in batch.rows:
                copy.write_row(row)
                count += 1
    except IntegrityError as error:
        # Only another writer, just now, gets us here. The detail would repeat the value.
        name = error.diag.constraint_name
        raise InvalidPortfolioError([Problem("$", f"the database refused it: {name}")]) from None
    return count
