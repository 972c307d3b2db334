"""The second wall: what the API's role sees of each table, whatever a query forgets to ask."""

from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from models.database import Sessions, open_engine, open_sessions
from models.migrations.privileges import ROLE
from models.settings import Settings
from models.stores.grants import GrantStore
from models.tables.all import METADATA
from tests.builders import make_user, make_wifi_device
from tests.identities import ISSUER
from tests.permissions.matrix import matrix
from tests.permissions.world import SCOPES, World

OPEN = {
    "products": "the catalogue of the vendor",
    "product_rules": "the catalogue of the vendor",
    "product_devices": "the catalogue of the vendor",
    "device_types": "the catalogue of the vendor",
    "handset_types": "the catalogue of the vendor",
    "watches": "when the platform last looked for stuck tasks",
    "desks": "whether an outside desk is connected",
    "browser_sessions": "found by the digest of a secret, before anybody is known",
    "outbox": "ids of messages to the engine; the API may add them and read back only their id",
}
"""Tables without row-level security, and why that is no leak."""


@pytest.fixture
async def world(sessions: Sessions) -> World:
    world = World(sessions)
    await world.build()
    kinds = ("occupier", "decommission", "schedule", "failed_service", "identifier", "case")
    for kind in kinds:
        for scope in SCOPES:
            await world.thing(kind, scope)
    return world


@pytest.fixture
async def api_engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(settings, for_api=True)
    yield engine
    await engine.dispose()


@pytest.fixture
def as_api(api_engine: AsyncEngine) -> Sessions:
    """Sessions with the rights of the API."""
    return open_sessions(api_engine)


async def _ids(session: AsyncSession, table: str, column: str = "id") -> set[str]:
    return {str(row[0]) for row in await session.execute(text(f"SELECT {column} FROM {table}"))}


async def _tables_with_policies(session: AsyncSession) -> set[str]:
    query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity"
    return {str(row[0]) for row in await session.execute(text(query))}


async def test_every_table_has_policies_or_a_reason_for_none(sessions: Sessions) -> None:
    async with sessions() as session:
        guarded = await _tables_with_policies(session)
    tables = set(METADATA.tables)
    assert tables - guarded == set(OPEN), (
        "give a new table policies in its migration with `show` of models/migrations/privileges.py"
    )


async def test_without_a_caller_nothing_is_seen(world: World, as_api: Sessions) -> None:
    async with world.sessions() as owner:
        guarded = await _tables_with_policies(owner)
    assert len(guarded) > 30
    async with as_api() as session:
        for table in sorted(guarded):
            found = await session.scalar(text(f"SELECT count(*) FROM {table}"))
            assert found == 0, table


# Where the second wall lets through more than the first: contracts, sites and the sites of a
# decommission to all of the operator (PRE-5, starts), and the rest of a seen occupier's things.
_OPERATOR_WIDE = ("super-admin", "admin", "half-admin", "user")


@pytest.mark.parametrize("identity", matrix().members)
async def test_each_member_sees_the_rows_of_what_they_see(
    world: World, as_api: Sessions, identity: str
) -> None:
    def seen(kind: str) -> set[str]:
        scopes = matrix().sees(identity, kind)
        return {one for scope in scopes for one in world.made[kind].get(scope, ())}

    async with as_api() as session:
        assert await GrantStore(session).of(ISSUER, identity) is not None
        for table, kind in (("occupiers", "occupier"), ("decommissions", "decommission")):
            assert await _ids(session, table) == seen(kind), table
        assert await _ids(session, "operators") == seen("operator")
        assert await _ids(session, "schedules") == seen("schedule")
        assert await _ids(session, "cases") == seen("case")
        whole = {
            one
            for scope in matrix().sees(identity, "occupier")
            for one in world.made["occupier_task"][scope]
        }
        assert await _ids(session, "tasks") == seen("task") | whole
        for table in ("external_identifiers", "services"):
            assert await _ids(session, table, "occupier_id") <= seen("occupier")
        sites = {one for ids in world.made["site"].values() for one in ids}
        if identity in _OPERATOR_WIDE:
            sites -= world.made["site"]["other_operator"]
        elif identity == "other-admin":
            sites = world.made["site"]["other_operator"]
        assert await _ids(session, "sites") == sites
        assert await _ids(session, "contracts", "site_id") <= sites
        assert await _ids(session, "decommission_sites", "site_id") <= sites


@pytest.mark.parametrize("identity", matrix().members)
async def test_what_is_personal_is_for_the_operator_alone(
    world: World, as_api: Sessions, identity: str
) -> None:
    async with world.sessions.begin() as owner:
        for scope in SCOPES:
            occupier, _ = await world._leaving(owner, scope)
            site = world._places(scope)[0]
            await make_user(owner, occupier=occupier, home_site=site, with_accounts=True)
            await make_wifi_device(owner, occupier=occupier, site=site)
    is_team = identity in (*_OPERATOR_WIDE, "other-admin")
    async with as_api() as session:
        await GrantStore(session).of(ISSUER, identity)
        occupiers = await _ids(session, "occupiers")
        for table in ("users", "wifi_accounts", "user_accounts", "wifi_devices"):
            found = await _ids(session, table, "occupier_id")
            assert found <= occupiers
            assert bool(found) == is_team, table


async def test_a_caller_is_forgotten_with_the_transaction(world: World, as_api: Sessions) -> None:
    assert world.made
    async with as_api() as session:
        await GrantStore(session).of(ISSUER, "super-admin")
        assert await _ids(session, "occupiers")
        await session.commit()
        assert not await _ids(session, "occupiers")
        await GrantStore(session).of(ISSUER, "other-admin")
        assert await _ids(session, "occupiers") == world.made["occupier"]["other_operator"]


async def test_the_role_may_do_only_what_routes_need(sessions: Sessions) -> None:
    async with sessions() as session:
        rights = await _rights(session)
        attributes = (
            await session.execute(
                text(
                    "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
                    f" FROM pg_roles WHERE rolname = '{ROLE}'"
                )
            )
        ).one()
    assert not any(attributes)
    assert {right for _, right in rights} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert {right for table, right in rights if table == "audit_events"} == {"SELECT", "INSERT"}
    assert {table for table, right in rights if right == "DELETE"} == {
        "browser_sessions",
        "external_identifiers",
        "handset_logins",
        "occupancies",
        "service_changes",
    }
    for table in ("users", "plan_items", "team_members", "site_roles", "staff_members"):
        assert {right for name, right in rights if name == table} == {"SELECT"}


async def _rights(session: AsyncSession) -> Sequence[tuple[str, str]]:
    query = f"""
        SELECT relname, privilege_type FROM pg_class, aclexplode(relacl) AS one
         WHERE relkind IN ('r', 'S', 'v') AND grantee IN ('{ROLE}'::regrole, 0)
           AND relnamespace = 'public'::regnamespace
    """
    return [(str(table), str(right)) for table, right in await session.execute(text(query))]
