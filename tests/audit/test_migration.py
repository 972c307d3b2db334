"""Events of the released schema get their place in the chain when it is migrated."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import create_engine

from models.database import open_engine, open_sessions
from models.migrations.migrate import alembic_config, migrate
from models.settings import Settings
from tests.audit.chains import events_of, fill, verify
from tests.database_server import fresh_database


@pytest.fixture
def released_url(database_server: str) -> Iterator[str]:
    """A database as release 0.1.0 left it (0002), with events and gaps between their ids."""
    with fresh_database(database_server, "template1") as url:
        config = alembic_config()
        engine = create_engine(Settings(database_url=SecretStr(url)).sqlalchemy_url)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0002")
            connection.commit()
        engine.dispose()
        yield url


async def test_released_events_are_chained_in_their_order(released_url: str) -> None:
    occupier_id = uuid4()
    with psycopg.connect(released_url, autocommit=True) as connection:
        for _ in range(3):
            connection.execute(
                "INSERT INTO audit_events (actor, request_id, entity_kind, entity_id, action,"
                " before, after) VALUES ('local', '0123456789abcdef', 'occupier', %s,"
                " 'occupier.decommission_started', '{\"status\": \"active\"}',"
                ' \'{"status": "pending"}\')',
                [occupier_id],
            )
            connection.execute("SELECT nextval('audit_events_id_seq')")
    settings = Settings(database_url=SecretStr(released_url))

    migrate(settings)

    engine = open_engine(settings)
    sessions = open_sessions(engine)
    await fill(sessions, 2)
    walk = await verify(sessions)
    events = await events_of(sessions)
    await engine.dispose()
    assert (walk.finding, walk.count) == (None, 5)
    assert [event.id for event in events] == [1, 3, 5, 6, 7]
    assert [event.occupier_id for event in events[:3]] == [occupier_id] * 3
    assert {event.outcome for event in events} == {"done"}
    with (
        psycopg.connect(released_url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.RestrictViolation),
    ):
        connection.execute("DELETE FROM audit_events")
