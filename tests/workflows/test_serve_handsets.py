"""Handsets: logged out from afar, or at the handset itself and then seen."""

from models.domain.outside import FailureKind
from models.stores.handset_requests import HandsetRequestStore, LoginView
from models.stores.preconditions import PreconditionStore
from models.tables.occupier import OccupierRow
from tests.handsets import asked, logins, reference_of
from tests.running_platform import Platform


async def make_non_digital(platform: Platform, login: LoginView) -> None:
    """Nobody knows the type of this handset any more."""
    await platform.run(
        "UPDATE handsets SET type_code = 'unheard of' WHERE id = ("
        "SELECT handset_id FROM handset_logins WHERE id = :id)",
        id=login.id,
    )


async def blockers(platform: Platform, occupier: OccupierRow) -> set[str]:
    async with platform.sessions() as session:
        found = await PreconditionStore(session).blockers(occupier.id)
    return {blocker.rule.value for blocker in found}


async def test_a_digital_handset_is_logged_out_outside_and_then_here(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    before = await logins(platform.sessions, occupier)
    login = next(one for one in before if one.device_class == "digital")

    served = await asked(platform, occupier, login.id)

    assert (served.failure, served.ended) == (None, 1)
    left = await logins(platform.sessions, occupier)
    assert {one.id for one in left} == {one.id for one in before} - {login.id}
    site = await reference_of(platform, login.site_id)
    effects = await platform.effects(site, kind="handset_login")
    assert [effect["handle"] for effect in effects] == [login.number]


async def test_a_logout_at_the_handset_itself_counts_after_a_refresh(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    login = (await logins(platform.sessions, occupier))[0]
    await make_non_digital(platform, login)
    assert await blockers(platform, occupier) == {"handset_logged_in"}

    too_early = await asked(platform, occupier, None)
    assert (too_early.ended, await blockers(platform, occupier)) == (0, {"handset_logged_in"})

    site = await reference_of(platform, login.site_id)
    path = f"/telephony/sites/{site}/logouts"
    assert await platform.estate.attempt(path, number=login.number) == (True, "logged_out")
    seen = await asked(platform, occupier, None)

    assert seen.ended == 1
    assert await blockers(platform, occupier) == set()


async def test_a_system_that_refuses_ends_the_request_and_says_so(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    login = (await logins(platform.sessions, occupier))[0]
    site = await reference_of(platform, login.site_id)
    await platform.estate.put_fault(
        "no", "error", system="telephony", site=site, statuses={"403": 1.0}
    )
    served = await asked(platform, occupier, None)
    assert (served.failure, served.ended) == (FailureKind.NOT_AUTHORISED, 0)
    assert login.id in {one.id for one in await logins(platform.sessions, occupier)}


async def test_asking_twice_while_it_is_under_way_is_one_request(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    async with platform.sessions.begin() as session:
        first, is_new = await HandsetRequestStore(session).ask(occupier.id, None, "system")
        second, is_newer = await HandsetRequestStore(session).ask(occupier.id, None, "system")
    assert (first.id, is_new, is_newer) == (second.id, True, False)
