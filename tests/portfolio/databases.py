"""Loads and reads portfolios in a test's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, create_engine, text

from models.database import FOR_SYSTEM
from models.portfolio.dump import dump
from models.portfolio.format import Portfolio, to_json
from models.portfolio.load import Loaded, load
from models.settings import Settings

Document = dict[str, Any]  # a portfolio as JSON, for tests to break


@contextmanager
def opened(database_url: str) -> Iterator[Connection]:
    settings = Settings(database_url=SecretStr(database_url))
    engine = create_engine(settings.sqlalchemy_url, connect_args={"options": FOR_SYSTEM})
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def loaded(database_url: str, portfolio: Portfolio) -> Loaded:
    with opened(database_url) as connection:
        return load(connection, portfolio)


def exported(database_url: str) -> str:
    with opened(database_url) as connection:
        return to_json(dump(connection))


def count(database_url: str, table: str) -> int:
    with opened(database_url) as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
