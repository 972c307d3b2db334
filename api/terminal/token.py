"""`occupier token`: an access token of a persona, for other tools."""

from typing import Annotated

import httpx
import typer
from rich.console import Console

from api.terminal.exits import CommandError, Exit
from api.terminal.login import fetch_token
from models.settings import Settings


def token(
    persona: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="Persona; OCCUPIER_AS or super-admin if unset."),
    ] = None,
) -> None:
    """Print an access token of a persona. Only a stack with ENV=dev, as `occupier up` is, has it.

    Personas: super-admin, second-admin, admin, half-admin, user, other-admin, support, sre,
    auditor, service. For example: curl -H "Authorization: Bearer $(occupier token --as auditor)"
    """
    settings = Settings()
    try:
        typer.echo(fetch_token(settings, persona or settings.occupier_as))
    except CommandError as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False, style="red")
        code = Exit.REFUSED if error.code is Exit.UNKNOWN_CALLER else error.code
        raise typer.Exit(int(code)) from None
    except httpx.HTTPError as error:
        Console(stderr=True).print(
            f"{settings.api_base_url} does not answer ({type(error).__name__}).", style="red"
        )
        raise typer.Exit(int(Exit.UNREACHABLE)) from None
