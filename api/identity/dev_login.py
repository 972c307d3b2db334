"""The login page of the built-in issuer: pick a persona, without any password."""

import secrets
import time
from dataclasses import dataclass
from html import escape
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from api.identity.dev_issuer import LIFETIME_S, DevIssuer
from api.problems import BadRequest, declared
from api.sessions.cookies import SignIn
from models.stores.personas import PERSONAS

_CODE_S = 60
_WORDS = {
    "super-admin": "Super admin of the first operator",
    "second-admin": "Another super admin of it, to approve",
    "admin": "Admin at every site of it",
    "half-admin": "Admin at one of its sites",
    "user": "The role user at its sites",
    "other-admin": "Super admin of another operator",
    "support": "Vendor support",
    "sre": "Site reliability engineer of the vendor",
    "auditor": "Auditor",
    "service": "A program",
}


@dataclass(frozen=True, slots=True)
class _Code:
    persona: str
    challenge: str
    redirect_uri: str
    until: float


def build_login(issuer: DevIssuer, redirect_uri: str) -> APIRouter:
    """The authorization endpoint and the exchange of its codes, for this console only."""
    router = APIRouter(prefix="/dev-issuer", tags=["dev-issuer"])
    codes: dict[str, _Code] = {}  # of this process; a page that is older begins again

    @router.get("/authorize", summary="Pick a persona", response_class=HTMLResponse)
    async def pick(
        state: Annotated[str, Query(max_length=200)],
        code_challenge: Annotated[str, Query(max_length=200)],
    ) -> HTMLResponse:
        """A page of links, one per persona."""
        asked = {"state": state, "code_challenge": code_challenge}
        links = "".join(
            f'<li><a href="/dev-issuer/pick?{escape(urlencode(asked | {"persona": name}))}">'
            f"<b>{escape(name)}</b></a> {escape(_WORDS.get(name, ''))}</li>"
            for name in PERSONAS
        )
        return HTMLResponse(_PAGE.format(links=links))

    @router.get("/pick", summary="Log in as a persona", response_class=RedirectResponse)
    async def picked(
        persona: Annotated[str, Query(max_length=50)],
        state: Annotated[str, Query(max_length=200)],
        code_challenge: Annotated[str, Query(max_length=200)],
    ) -> RedirectResponse:
        """Go back to the console with a code."""
        if persona not in PERSONAS:
            raise BadRequest("There is no such persona.")
        now = time.monotonic()
        for old in [code for code, held in codes.items() if held.until < now]:
            del codes[old]
        code = secrets.token_urlsafe(24)
        codes[code] = _Code(persona, code_challenge, redirect_uri, now + _CODE_S)
        return RedirectResponse(
            f"{redirect_uri}?{urlencode({'code': code, 'state': state})}", status_code=303
        )

    @router.post("/code", summary="Exchange a code", responses=declared(BadRequest))
    async def exchange(request: Request) -> JSONResponse:
        """The token endpoint of the code flow; takes a form, as the protocol says."""
        form = {
            name: values[0] for name, values in parse_qs((await request.body()).decode()).items()
        }
        held = codes.pop(form.get("code", ""), None)
        verifier = SignIn("", form.get("code_verifier", ""), "")
        if held is None or held.until < time.monotonic() or verifier.challenge != held.challenge:
            raise BadRequest("The code is not known, or its verifier is wrong.")
        return JSONResponse(
            {
                "access_token": issuer.token(held.persona),
                "token_type": "Bearer",
                "expires_in": LIFETIME_S,
            }
        )

    return router


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pick a persona</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Who are you?</h1>
<p>This is the built-in issuer for development. There is no password.</p>
<ul>{links}</ul></main></body></html>
"""
