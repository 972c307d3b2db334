"""`occupier demo`: the main job from nothing to the verification summary."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import typer
from rich.console import Console

from api.terminal.client import ApiClient, Json
from api.terminal.decommission import finish
from api.terminal.exits import CommandError, Exit
from api.terminal.portfolio import load_sample, running_settings, welcome_personas
from api.terminal.preview import confirmation
from api.terminal.stack import local_stack, refuse, tell_addresses
from deploy.local.datadir import read_state
from deploy.local.errors import StackError
from models.portfolio.sample.cast import DEMO_OCCUPIER
from models.portfolio.sample.size import SampleSize
from models.settings import Settings

AT_LEAST_SITES = 3

console = Console(stderr=True)


def demo() -> None:
    """Start everything, load a sample, decommission one occupier, and watch it to its end.

    A stack that `occupier up` runs already is used as it is. Run it again for another occupier.
    """
    settings = Settings()
    try:
        if read_state(settings.data_dir) is not None:
            code = play(running_settings(settings))
        else:
            code = asyncio.run(_play_on_own_stack(settings))
    except StackError as error:
        refuse(error)
    except CommandError as error:
        console.print(str(error), markup=False, highlight=False, style="red")
        code = error.code
    raise typer.Exit(code)


async def _play_on_own_stack(settings: Settings) -> int:
    console.print("[bold]Starting the stack[/]")
    async with local_stack(settings) as stack:
        code = await asyncio.to_thread(play, stack.settings)
        tell_addresses(stack.settings)
        console.print("Keep it running with [bold]make up[/]; the data is still there.")
    return code


def play(settings: Settings) -> int:
    """Load what is missing, pick an occupier, decommission it; returns the exit code."""
    welcome_personas(settings)  # of a portfolio that was loaded for a stack on other ports, too
    with ApiClient(settings) as client:
        if _is_empty(client):
            console.print("[bold]Loading the sample portfolio[/]")
            load_sample(settings, SampleSize())
        accepted = _start_one(client)
        try:
            finish(client, settings, accepted["decommission_id"], as_json=False)
        except typer.Exit as end:
            return end.exit_code
    return Exit.DONE


def _is_empty(client: ApiClient) -> bool:
    """Whether nothing is loaded yet; without an operator, nobody is its super admin either."""
    try:
        return not client.get("/occupiers", {"limit": 1})["items"]
    except CommandError as refusal:
        if refusal.code is not Exit.REFUSED:
            raise
        return True


def _start_one(client: ApiClient) -> Json:
    """Decommission the first occupier of the persona's operator that may be."""
    for occupier in _candidates(client):
        found = client.preview(occupier["id"])
        if found["blockers"]:
            continue
        try:
            accepted = client.post(
                f"/occupiers/{occupier['id']}/decommission",
                confirmation(found["name"], found),
                str(uuid4()),
                found["version"],
            )
        except CommandError as refusal:
            if refusal.code is not Exit.REFUSED:
                raise
            continue
        console.print(f"[bold]Decommissioning '{occupier['name']}'[/]")
        return accepted
    raise CommandError(Exit.FAILED, "No occupier is left; `occupier clean` starts afresh.")


def _candidates(client: ApiClient) -> Iterator[Json]:
    """Active occupiers at enough sites, the one made for this first."""
    active = {"status": "active"}
    yield from client.get("/occupiers", {**active, "name": DEMO_OCCUPIER})["items"]
    for occupier in client.pages("/occupiers", active, 500):
        if len(client.get(f"/occupiers/{occupier['id']}")["sites"]) >= AT_LEAST_SITES:
            yield occupier
