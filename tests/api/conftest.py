"""The API in the test's process, on the test's database."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from models.database import Sessions
from models.settings import Settings
from tests.desk_cases import Desk, make_desk
from tests.identities import Member, headers_of, make_member


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The API with its lifespan open."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def super_admin(sessions: Sessions) -> Member:
    """A super admin of the database's first operator, whose sites and occupiers tests make."""
    async with sessions.begin() as session:
        return await make_member(session, is_super_admin=True)


@pytest.fixture
async def client(
    app: FastAPI, settings: Settings, super_admin: Member
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the super admin; it answers with what the API replies, server errors included.

    It sends no Idempotency-Key: `key()` of `tests/identities.py` makes one.
    """
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://api.test",
        headers=headers_of(settings, super_admin),
    ) as client:
        yield client


@pytest.fixture
async def desk(client: httpx.AsyncClient, sessions: Sessions, settings: Settings) -> Desk:
    """A failed task in its case, and those who work with it."""
    return await make_desk(client, sessions, settings)
