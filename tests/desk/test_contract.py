"""What every support desk has to do: our own tables, and one outside over real HTTP."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from activities.choose_desk import DeskConfigurationError, open_desk
from activities.support_desk import OwnTables, SupportDesk
from activities.webhook_desk import WebhookDesk
from models.database import Sessions
from models.domain.desk import TellFailure, is_given_up, wait_s
from models.domain.desk_secret import DeskSecretError
from models.settings import Settings
from models.stores.desk_messages import DeskMessageStore, Letter
from tests.desk.case_work import comment, messages, open_case, switch_on
from tests.desk.conftest import API_URL
from tests.desk.outside_desk import OutsideDesk, new_secret, outside_desk

SECRET = new_secret()


@pytest.fixture
async def outside() -> AsyncIterator[OutsideDesk]:
    async with outside_desk(SECRET) as desk:
        yield desk


@pytest.fixture(params=["own tables", "webhooks"])
async def desk(
    request: pytest.FixtureRequest, settings: Settings, outside: OutsideDesk
) -> AsyncIterator[SupportDesk]:
    if request.param == "webhooks":
        settings = settings.model_copy(
            update={"desk_url": outside.url, "desk_secret": SecretStr(SECRET)}
        )
    desk = open_desk(settings)
    yield desk
    await desk.aclose()


@pytest.fixture
async def letter(sessions: Sessions) -> Letter:
    await switch_on(sessions)
    await open_case(sessions)
    async with sessions.begin() as session:
        (letter,) = await DeskMessageStore(session, API_URL).claim(1, 5)
    return letter


async def test_telling_a_desk_twice_does_what_telling_once_does(
    desk: SupportDesk, outside: OutsideDesk, letter: Letter
) -> None:
    await desk.tell(letter)
    await desk.tell(letter)

    assert len(outside.taken) == (1 if desk.is_outside else 0)
    assert len(outside.arrivals) == (2 if desk.is_outside else 0)


async def test_changes_are_noted_only_for_a_desk_that_has_to_be_told(
    desk: SupportDesk, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await DeskMessageStore(session).switch(is_on=desk.is_outside)
    case_id = await open_case(sessions)
    await comment(sessions, case_id, "A word.")

    assert len(await messages(sessions)) == (2 if desk.is_outside else 0)


async def test_a_desk_says_how_long_telling_takes_and_closes_twice(desk: SupportDesk) -> None:
    assert 0 <= desk.timeout_s <= 10
    await desk.aclose()


async def test_switched_off_nothing_is_noted_and_nothing_lost(sessions: Sessions) -> None:
    await switch_on(sessions)
    case_id = await open_case(sessions)
    async with sessions.begin() as session:
        assert await DeskMessageStore(session).switch(is_on=False)
    await comment(sessions, case_id, "unheard")
    assert [row.kind for row in await messages(sessions)] == ["case.opened"]
    await switch_on(sessions)
    assert [row.kind for row in await messages(sessions)] == ["case.opened", "case.changed"]


@pytest.mark.parametrize(
    ("env", "url"),
    [
        ("prod", "http://desk.example/hooks"),
        ("prod", "http://127.0.0.1:1/hooks"),
        ("dev", "http://desk.example/hooks"),
        ("dev", "ftp://127.0.0.1/hooks"),
        ("prod", "https://user:secret@desk.example/hooks"),
        ("prod", "https:///hooks"),
        ("prod", "https://desk.example/hooks#part"),
    ],
)
async def test_an_address_that_is_not_safe_is_refused(env: str, url: str) -> None:
    settings = Settings.model_validate({"env": env, "desk_url": url, "desk_secret": SECRET})
    with pytest.raises(DeskConfigurationError) as caught:
        open_desk(settings)
    assert "desk.example" not in str(caught.value)


async def test_a_secret_that_is_none_is_refused() -> None:
    for wrong in ("", "secret", "whsec_c2hvcnQ=", f"{SECRET} other"):
        settings = Settings.model_validate(
            {"env": "prod", "desk_url": "https://desk.example/h", "desk_secret": wrong}
        )
        with pytest.raises(DeskSecretError) as caught:
            open_desk(settings)
        assert SECRET not in str(caught.value)


async def test_https_and_two_secrets_are_taken() -> None:
    settings = Settings.model_validate(
        {
            "env": "prod",
            "desk_url": "https://desk.example/hooks?team=7",
            "desk_secret": f"{SECRET} {new_secret()}",
        }
    )
    desk = open_desk(settings)
    assert isinstance(desk, WebhookDesk)
    await desk.aclose()
    assert isinstance(open_desk(Settings.model_validate({})), OwnTables)


def test_waits_grow_to_hours_and_never_undercut_what_the_desk_asks_for() -> None:
    least = [wait_s(attempts, 1.0) for attempts in range(1, 12)]
    most = [wait_s(attempts, 0.0) for attempts in range(1, 12)]
    assert most[:4] == [5, 15, 45, 135]
    assert most[-1] == 6 * 3600
    assert [2 * wait for wait in least] == most
    assert 11 * 3600 < sum(least) < sum(most) < 23 * 3600
    assert wait_s(1, 0.0, 1.0, 60) == 60
    assert wait_s(1, 0.0, 1.0, 1e9) == 3600


def test_refusals_die_sooner_than_troubles() -> None:
    dies_after = {
        failure: next(n for n in range(1, 100) if is_given_up(failure, n))
        for failure in TellFailure
    }
    assert dies_after[TellFailure.GONE] == 1
    assert dies_after[TellFailure.REFUSED] == 3
    assert {dies_after[kind] for kind in TellFailure} == {1, 3, 12}
