"""Serves the built console: its one page at each of its addresses, and the files it loads.

Nothing of it comes from elsewhere, and the policy makes browsers insist on that.
"""

import secrets
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parent.parent / "ui" / "dist"
PAGES = ("occupiers", "decommissions", "tasks", "cases", "systems", "schedules", "sites", "audit")
"""First parts of the console's addresses; what follows them is its own business."""

_NONCE = "__NONCE__"  # in index.html; the styles that Mantine writes carry it
_FOR_A_YEAR = "public, max-age=31536000, immutable"  # names carry a digest of the content
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_NOT_BUILT = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>The console is not built</title></head><body><main><h1>The console is not built</h1>
<p>Install Node 20.19 or newer, run <code>make console</code>, then load this page again.
The API and the command line work without it.</p></main></body></html>
"""


class _Assets(StaticFiles):
    """Files as they are, or as the build has compressed them beside (`ui/vite.config.ts`)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        is_packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        is_packed = is_packed and self.lookup_path(f"{path}.gz")[1] is not None
        reply = await super().get_response(f"{path}.gz" if is_packed else path, scope)
        if reply.status_code == 200:
            reply.headers["Cache-Control"] = _FOR_A_YEAR
            reply.headers["Vary"] = "Accept-Encoding"
            if is_packed:
                reply.headers["Content-Encoding"] = "gzip"
        return reply


def install(app: FastAPI, built: Path = BUILT) -> None:
    """Serve what is built there; while nothing is, the pages say how to build it."""
    index = built / "index.html"
    page = index.read_text() if index.is_file() else None
    app.mount("/assets", _Assets(directory=built / "assets", check_dir=False), name="assets")

    async def console() -> HTMLResponse:
        if page is None:
            return HTMLResponse(_NOT_BUILT, status_code=503)
        nonce = secrets.token_urlsafe(16)
        policy = _POLICY.format(nonce=nonce)
        headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
        return HTMLResponse(page.replace(_NONCE, nonce), headers=headers)

    for address in ("/", *(f"/{first}{rest}" for first in PAGES for rest in ("", "/{rest:path}"))):
        app.add_api_route(address, console, include_in_schema=False, response_class=HTMLResponse)
