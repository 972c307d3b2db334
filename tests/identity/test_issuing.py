"""Who may issue tokens: what refuses to start, and the built-in issuer with its limits."""

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from api.app import create_app
from api.identity.issuing import IssuerConfigurationError, choose_issuer
from deploy.local.environment import PROJECT, child_environment
from models.database import Sessions
from models.settings import Settings
from models.stores.personas import PERSONAS, seed_personas
from tests.api.serving import serving
from tests.builders import make_scene, the_operator
from tests.identities import ISSUER, key, make_member
from tests.identity.issuer_server import issuer_server
from tests.identity.tokens import claims_of, sign


@pytest.mark.parametrize(
    "changed",
    [
        {"env": "prod"},
        {"env": "prod", "oidc_issuer": "http://127.0.0.1:8400/dev-issuer"},
        {"env": "prod", "oidc_issuer": "https://api.test/dev-issuer"},
        {"env": "prod", "oidc_issuer": "http://issuer.test"},
        {"env": "prod", "oidc_issuer": "issuer.test"},
        {"env": "dev", "bind": "0.0.0.0"},
        {"env": "dev", "bind": "::"},
        {"env": "dev", "bind": "192.0.2.1"},
        {"env": "dev", "bind": "api.test"},
    ],
    ids=str,
)
def test_settings_that_leave_the_api_open_are_refused(
    changed: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(IssuerConfigurationError):
        choose_issuer(Settings(data_dir=tmp_path, **changed))
    assert list(tmp_path.iterdir()) == []


def test_the_api_ends_with_the_reason_when_nobody_could_be_told_apart(settings: Settings) -> None:
    settings = settings.model_copy(update={"env": "prod"})
    ended = subprocess.run(
        [sys.executable, "-m", "api"],
        cwd=PROJECT,
        env=child_environment(settings, own_temporal=False),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert "OIDC_ISSUER is not set" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_in_production_there_is_no_built_in_issuer(settings: Settings) -> None:
    for env in ("prod", "dev"):
        changed = {"env": env, "oidc_issuer": "https://issuer.test"}
        app = create_app(settings.model_copy(update=changed))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            for path in ("/.well-known/openid-configuration", "/jwks.json", "/token"):
                assert (await client.get(f"/dev-issuer{path}")).status_code == 404
            reply = await client.post("/dev-issuer/token", json={"persona": "sre"})
            assert reply.status_code == 404


async def test_a_token_of_a_remote_issuer_opens_the_door(
    settings: Settings, sessions: Sessions
) -> None:
    async with issuer_server() as issuer, sessions.begin() as session:
        member = await make_member(session, is_super_admin=True)
        await session.commit()
        changed = {"oidc_issuer": issuer.url}
        async with (
            serving(settings.model_copy(update=changed)) as at,
            httpx.AsyncClient(base_url=at.url, trust_env=False) as client,
        ):
            claims = claims_of(issuer.url, sub=member.subject)
            headers = {"Authorization": f"Bearer {sign(claims, issuer.keys[0])}"}
            # Members are keyed by issuer and subject: this one is of the built-in issuer.
            assert (await client.get("/api/v1/sites", headers=headers)).status_code == 403
            claims = claims_of(ISSUER, sub=member.subject)
            headers = {"Authorization": f"Bearer {sign(claims, issuer.keys[0])}"}
            assert (await client.get("/api/v1/sites", headers=headers)).status_code == 401


async def test_without_keys_of_the_issuer_requests_are_answered_with_503(
    settings: Settings,
) -> None:
    async with issuer_server() as issuer:
        issuer.is_up = False
        async with (
            serving(settings.model_copy(update={"oidc_issuer": issuer.url})) as at,
            httpx.AsyncClient(base_url=at.url, trust_env=False) as client,
        ):
            token = sign(claims_of(issuer.url), issuer.keys[0])
            reply = await client.get("/api/v1/sites", headers={"Authorization": f"Bearer {token}"})
            assert reply.status_code == 503
            assert reply.json()["type"] == "/problems/issuer-unavailable"
            assert reply.headers["retry-after"]


async def test_every_persona_gets_in_and_may_read(settings: Settings, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await make_scene(session)
        await seed_personas(session, ISSUER)
        await seed_personas(session, ISSUER)  # harmless
    async with (
        serving(settings) as at,
        httpx.AsyncClient(base_url=at.url, trust_env=False) as client,
    ):
        for persona in PERSONAS:
            reply = await client.post("/dev-issuer/token", json={"persona": persona})
            token = reply.json()["access_token"]
            reply = await client.get("/api/v1/sites", headers={"Authorization": f"Bearer {token}"})
            # There is one operator, so nobody is the super admin of another.
            assert reply.status_code == (403 if persona == "other-admin" else 200), persona


async def test_an_old_login_can_be_asked_for(settings: Settings) -> None:
    async with (
        serving(settings) as at,
        httpx.AsyncClient(base_url=at.url, trust_env=False) as client,
    ):
        body = {"persona": "admin", "auth_age_s": 3600}
        token = (await client.post("/dev-issuer/token", json=body)).json()["access_token"]
        checker = at.server.config.app.state.tokens  # type: ignore[union-attr]  # it is our app
        identity = await checker.identity(token)
        assert (identity.expires_at - identity.authenticated_at).total_seconds() == 3600 + 900


async def test_no_page_of_another_site_gets_a_token(settings: Settings) -> None:
    body = {"persona": "super-admin"}
    async with (
        serving(settings) as at,
        httpx.AsyncClient(base_url=at.url, trust_env=False) as client,
    ):
        for headers in (
            {"Host": "rebound.test"},
            {"Host": "127.0.0.1.rebound.test:8400"},
            {"Host": "localhost.rebound.test"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            reply = await client.post("/dev-issuer/token", json=body, headers=headers)
            assert reply.status_code == 403, headers
        reply = await client.post("/dev-issuer/token", json={"persona": "root"})
        assert reply.status_code == 404
        simple = {"Content-Type": "text/plain"}  # what a page may send without asking first
        reply = await client.post(
            "/dev-issuer/token", content='{"persona": "super-admin"}', headers=simple
        )
        assert reply.status_code in (403, 415, 422)
        assert "access_token" not in reply.text


def test_the_key_is_kept_for_its_owner_only_and_found_again(tmp_path: Path) -> None:
    settings = Settings(env="dev", data_dir=tmp_path)
    first, second = choose_issuer(settings).dev_issuer, choose_issuer(settings).dev_issuer
    assert first is not None
    assert second is not None
    assert first.key.thumbprint() == second.key.thumbprint()
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_only_the_identity_room_decodes_tokens() -> None:
    rooms = [PROJECT / name for name in ("activities", "api", "deploy", "estate", "models")]
    for path in [*(path for room in rooms for path in room.rglob("*.py")), PROJECT / "cli.py"]:
        if path.parent != PROJECT / "api" / "identity":
            assert "joserfc" not in path.read_text(), path
    decoding = [
        path.name
        for path in (PROJECT / "api" / "identity").glob("*.py")
        if "jwt.decode" in path.read_text() or "deserialize_compact" in path.read_text()
    ]
    assert decoding == ["tokens.py"]


async def test_a_revoked_member_is_refused_with_the_next_request(
    settings: Settings, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await the_operator(session)
        await seed_personas(session, ISSUER)
    async with (
        serving(settings) as at,
        httpx.AsyncClient(base_url=at.url, trust_env=False, headers=key()) as client,
    ):
        reply = await client.post("/dev-issuer/token", json={"persona": "sre"})
        headers = {"Authorization": f"Bearer {reply.json()['access_token']}"}
        assert (await client.get("/api/v1/sites", headers=headers)).status_code == 200
        async with sessions.begin() as session:
            await session.execute(text("DELETE FROM staff_members WHERE subject = 'sre'"))
        assert (await client.get("/api/v1/sites", headers=headers)).status_code == 403
