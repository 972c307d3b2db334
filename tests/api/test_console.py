"""The pages of the console as the API serves them: one page, a strict policy, files for a year."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api import console

INDEX = '<html><meta name="csp-nonce" content="__NONCE__"><script src="/assets/a1.js"></script>'

LONG = "let it = 1;" * 1_000


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The console alone, as if it had been built."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "assets" / "a1.js").write_text("1")
    (tmp_path / "assets" / "long.js").write_text(LONG)
    (tmp_path / "assets" / "long.js.gz").write_bytes(gzip.compress(LONG.encode()))
    async with _serving(tmp_path) as client:
        yield client


def _serving(built: Path) -> httpx.AsyncClient:
    app = FastAPI()
    console.install(app, built)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console")


async def test_every_address_of_the_console_is_the_same_page(visitor: httpx.AsyncClient) -> None:
    for address in ("/", "/occupiers", "/occupiers/1/config", "/cases/7", "/sites/1/closure"):
        reply = await visitor.get(address)
        assert reply.status_code == 200, address
        assert "/assets/a1.js" in reply.text
        assert reply.headers["cache-control"] == "no-store"


async def test_each_page_has_a_nonce_of_its_own_and_allows_nothing_from_outside(
    visitor: httpx.AsyncClient,
) -> None:
    nonces = set()
    for _ in range(3):
        reply = await visitor.get("/tasks")
        (nonce,) = re.findall(r'content="([^"]+)"', reply.text)
        policy = reply.headers["content-security-policy"]
        assert f"style-src 'self' 'nonce-{nonce}'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        nonces.add(nonce)
    assert len(nonces) == 3
    assert all(len(nonce) >= 20 for nonce in nonces)


async def test_scripts_travel_compressed_to_browsers_that_can_read_them(
    visitor: httpx.AsyncClient,
) -> None:
    for accepted, sent in (("gzip", "gzip"), ("identity", None)):
        reply = await visitor.get("/assets/long.js", headers={"Accept-Encoding": accepted})
        assert reply.text == LONG
        assert reply.headers.get("content-encoding") == sent
        assert reply.headers["vary"] == "Accept-Encoding"
        assert reply.headers["content-type"].startswith("text/javascript")


async def test_files_are_kept_by_browsers_for_a_year_but_a_missing_one_is_not(
    visitor: httpx.AsyncClient,
) -> None:
    reply = await visitor.get("/assets/a1.js")
    assert "immutable" in reply.headers["cache-control"]
    missing = await visitor.get("/assets/old.js")
    assert missing.status_code == 404
    assert "immutable" not in missing.headers.get("cache-control", "")


async def test_nothing_else_is_served_as_a_page(visitor: httpx.AsyncClient) -> None:
    for address in ("/nowhere", "/api/v1/nowhere", "/assets/../index.html", "/occupiersx"):
        assert (await visitor.get(address)).status_code == 404, address


async def test_a_console_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async with _serving(tmp_path / "nothing") as visitor:
        reply = await visitor.get("/occupiers")
    assert reply.status_code == 503
    assert "make console" in reply.text
