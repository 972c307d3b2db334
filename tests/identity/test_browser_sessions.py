"""People log in with a browser: the code flow, the cookie, the CSRF token, and their ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text

from models.database import Sessions
from models.settings import Settings
from tests.api.serving import free_port, serving
from tests.builders import make_operator
from tests.identities import make_member

PERSONA = "super-admin"


@pytest.fixture
async def browser(settings: Settings, sessions: Sessions) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a served API with the built-in issuer, that follows no redirect by itself."""
    async with sessions.begin() as session:
        await make_operator(session)
    port = free_port()
    settings = settings.model_copy(
        update={"env": "dev", "oidc_issuer": None, "api_url": f"http://127.0.0.1:{port}"}
    )
    async with sessions.begin() as session:
        member = await make_member(session, is_super_admin=True, subject=PERSONA)
        await session.execute(
            text("UPDATE team_members SET issuer = :issuer WHERE id = :id"),
            {"issuer": settings.issuer, "id": member.id},
        )
    async with serving(settings, port) as served, _client(served.url) as client:
        yield client


@asynccontextmanager
async def _client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, follow_redirects=False) as client:
        yield client


async def log_in(browser: httpx.AsyncClient, next_page: str = "/") -> httpx.Response:
    """Go to the issuer, pick the persona, come back; returns the last reply."""
    begun = await browser.get("/session/login", params={"next": next_page})
    assert begun.status_code == 303, begun.text
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    picked = await browser.get(
        "/dev-issuer/pick",
        params={
            "persona": PERSONA,
            "state": asked["state"][0],
            "code_challenge": asked["code_challenge"][0],
        },
    )
    assert picked.status_code == 303, picked.text
    return await browser.get(picked.headers["location"])


async def csrf(browser: httpx.AsyncClient) -> dict[str, str]:
    token = (await browser.get("/session")).json()["csrf_token"]
    return {"X-CSRF-Token": token}


async def test_a_login_opens_a_session_that_stands_for_the_access_token(
    browser: httpx.AsyncClient,
) -> None:
    assert (await browser.get("/api/v1/occupiers")).status_code == 401
    done = await log_in(browser, "/tasks?state=failed")
    assert (done.status_code, done.headers["location"]) == (303, "/tasks?state=failed")
    cookie = done.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert (await browser.get("/api/v1/occupiers")).status_code == 200
    assert (await browser.get("/session")).json()["is_open"]


async def test_the_issuers_page_offers_every_persona(browser: httpx.AsyncClient) -> None:
    begun = await browser.get("/session/login")
    page = await browser.get(begun.headers["location"])
    assert page.status_code == 200
    assert "half-admin" in page.text
    assert "<script" not in page.text


async def test_a_change_without_the_csrf_token_is_refused_and_with_it_is_not(
    browser: httpx.AsyncClient,
) -> None:
    await log_in(browser)
    at = "/api/v1/occupiers/00000000-0000-4000-8000-000000000000/decommission/refresh"
    key = {"Idempotency-Key": "0123456789abcdef"}
    refused = await browser.post(at, headers=key)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/csrf-token-missing")
    wrong = await browser.post(at, headers=key | {"X-CSRF-Token": "0" * 64})
    assert wrong.status_code == 403
    assert (await browser.post(at, headers=key | await csrf(browser))).status_code == 404


async def test_a_login_that_another_browser_began_opens_nothing(
    browser: httpx.AsyncClient,
) -> None:
    begun = await browser.get("/session/login")
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    browser.cookies.clear()
    reply = await browser.get("/session/callback", params={"code": "x", "state": state})
    assert (reply.status_code, reply.json()["type"]) == (400, "/problems/sign-in-failed")
    assert not (await browser.get("/session")).json()["is_open"]


async def test_a_code_serves_once(browser: httpx.AsyncClient) -> None:
    begun = await browser.get("/session/login")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    params = {name: asked[name][0] for name in ("state", "code_challenge")}
    picked = await browser.get("/dev-issuer/pick", params={"persona": PERSONA} | params)
    kept = dict(browser.cookies)
    assert (await browser.get(picked.headers["location"])).status_code == 303
    browser.cookies.clear()
    browser.cookies.update(kept)
    assert (await browser.get(picked.headers["location"])).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "evil"],
)
async def test_a_login_leads_nowhere_but_to_our_own_pages(
    browser: httpx.AsyncClient, elsewhere: str
) -> None:
    done = await log_in(browser, elsewhere)
    assert done.headers["location"] == "/"


async def test_a_logout_ends_the_session_also_for_a_copy_of_its_cookie(
    browser: httpx.AsyncClient,
) -> None:
    await log_in(browser)
    kept = dict(browser.cookies)
    assert (await browser.post("/session/logout")).status_code == 403
    assert (await browser.post("/session/logout", headers=await csrf(browser))).status_code == 204
    browser.cookies.update(kept)
    assert (await browser.get("/api/v1/occupiers")).status_code == 401


async def test_a_session_ends_by_age_and_by_rest_and_keeps_only_a_digest(
    browser: httpx.AsyncClient, sessions: Sessions
) -> None:
    await log_in(browser)
    secret = browser.cookies["occupier_session"]
    async with sessions.begin() as session:
        (digest,) = (await session.scalars(text("SELECT digest FROM browser_sessions"))).all()
        assert secret.encode() not in bytes(digest)
        await session.execute(
            text("UPDATE browser_sessions SET seen_at = now() - interval '61 min'")
        )
    assert (await browser.get("/api/v1/occupiers")).status_code == 401
    await log_in(browser)
    assert (await browser.get("/api/v1/occupiers")).status_code == 200
    async with sessions.begin() as session:
        await session.execute(text("UPDATE browser_sessions SET expires_at = now()"))
    assert (await browser.get("/api/v1/occupiers")).status_code == 401


async def test_an_access_token_goes_before_the_cookie(browser: httpx.AsyncClient) -> None:
    await log_in(browser)
    reply = await browser.get("/api/v1/occupiers", headers={"Authorization": "Bearer nonsense"})
    assert reply.status_code == 401
