"""Who the commands speak as: an access token that was given, or a persona of the built-in issuer.

OCCUPIER_TOKEN wins; without it a persona's token is fetched when first needed, and again before
it gets old, so that a long `--watch` outlives it.
"""

import os
import time
from collections.abc import Generator
from typing import Annotated

import httpx
import typer

from api.terminal.exits import CommandError, Exit
from models.settings import Settings

HOW_TO_LOG_IN = (
    "  Log in with your operator's issuer and put the access token into OCCUPIER_TOKEN.\n"
    "  A stack of `occupier up` knows personas: see `occupier token --help`."
)
_OLD_S = 120.0  # a start asks for a login of the last minutes


def choose_persona(
    name: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="Persona to speak as (development only)."),
    ] = None,
) -> None:
    """Decommissions occupiers across all of their sites: durably, verified, only once."""
    if name is not None:
        os.environ["OCCUPIER_AS"] = name


class Login(httpx.Auth):
    """Puts the access token on each request; a refused one is fetched again, once."""

    def __init__(self, settings: Settings) -> None:
        self._persona = settings.occupier_as
        self._address = f"{settings.api_base_url}/dev-issuer/token"
        given = settings.occupier_token
        self._given = given.get_secret_value() if given else None
        self._fetched: str | None = None
        self._fetched_at = 0.0

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Fetch a token when needed, then ask; raises `CommandError` when there is none."""
        if self._given is not None:
            request.headers["Authorization"] = f"Bearer {self._given}"
            yield request
            return
        if self._fetched is None or time.monotonic() - self._fetched_at > _OLD_S:
            yield from self._fetch()
        request.headers["Authorization"] = f"Bearer {self._fetched}"
        reply = yield request
        if reply.status_code == 401:
            yield from self._fetch()
            request.headers["Authorization"] = f"Bearer {self._fetched}"
            yield request

    def _fetch(self) -> Generator[httpx.Request, httpx.Response, None]:
        reply = yield httpx.Request("POST", self._address, json={"persona": self._persona})
        reply.read()
        self._fetched = token_in(reply, self._persona)
        self._fetched_at = time.monotonic()


def fetch_token(settings: Settings, persona: str) -> str:
    """A token of the persona; raises `CommandError`, and `httpx.HTTPError` without a service."""
    address = f"{settings.api_base_url}/dev-issuer/token"
    return token_in(httpx.post(address, json={"persona": persona}, trust_env=False), persona)


def token_in(reply: httpx.Response, persona: str) -> str:
    """The token that the issuer gave, or why it gave none."""
    if reply.is_success:
        token: str = reply.json()["access_token"]
        return token
    try:
        detail = str(reply.json().get("detail", ""))
    except ValueError:
        detail = ""
    if "persona" in detail:
        raise CommandError(Exit.USAGE, f"'{persona}' is no persona. {detail}")
    if reply.status_code >= 500:
        raise CommandError(Exit.UNREACHABLE, "The service cannot give a token now.")
    raise CommandError(
        Exit.UNKNOWN_CALLER,
        f"This service has no built-in issuer of tokens (only ENV=dev has).\n{HOW_TO_LOG_IN}",
    )
