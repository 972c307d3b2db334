"""A real issuer on loopback: discovery and keys over HTTP, counted, and it can go away."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from joserfc import jwk


class IssuerServer:
    """Publishes `keys`; `is_up` false answers 503, `named` lies about who it is."""

    def __init__(self) -> None:
        self.keys: list[jwk.Key] = [make_key()]
        self.extra: list[object] = []  # members of the key set that are no keys for us
        self.requests: Counter[str] = Counter()
        self.is_up = True
        self.named: str | None = None
        self.redirects_to: str | None = None
        self.padding = ""
        self.url = ""

    def app(self) -> web.Application:
        """Its two documents."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/jwks", self._jwks)
        return app

    async def _discovery(self, _request: web.Request) -> web.Response:
        self.requests["discovery"] += 1
        if self.redirects_to:
            raise web.HTTPFound(self.redirects_to)
        return self._reply(
            {"issuer": self.named or self.url, "jwks_uri": f"{self.url}/jwks", "pad": self.padding}
        )

    async def _jwks(self, _request: web.Request) -> web.Response:
        self.requests["jwks"] += 1
        shown = [key.as_dict(private=False) for key in self.keys]
        return self._reply({"keys": [*self.extra, *shown]})

    def _reply(self, body: dict[str, object]) -> web.Response:
        return web.json_response(body) if self.is_up else web.Response(status=503)


def make_key() -> jwk.ECKey:
    """A new key with an id."""
    return jwk.ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@asynccontextmanager
async def issuer_server() -> AsyncIterator[IssuerServer]:
    """It listens on a free port until the block ends."""
    server = IssuerServer()
    runner = web.AppRunner(server.app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
