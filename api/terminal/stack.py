"""Commands for the stack on this machine: up, down, clean."""

import asyncio
from typing import NoReturn

import typer
from rich.console import Console

from api.console import BUILT
from deploy.local.datadir import clean as remove_data
from deploy.local.datadir import down as stop_stack
from deploy.local.errors import StackError
from deploy.local.spec import Event, Moment
from deploy.local.stack import Stack
from models.settings import Settings
from workflows.names import SEARCH_ATTRIBUTES

FAILED = 1

console = Console(stderr=True)


def local_stack(settings: Settings) -> Stack:
    """The stack with what our workflows need of the server; tells what happens to its parts.

    Unless ENV says otherwise it is one for development, with the built-in issuer of tokens.
    """
    if "env" not in settings.model_fields_set:
        settings = settings.model_copy(update={"env": "dev"})
    attributes = {key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
    return Stack(settings, search_attributes=attributes, on_event=tell)


def tell(event: Event) -> None:
    """One line for what a person should know of a child."""
    match event.moment:
        case Moment.READY:
            console.print(f"  [green]✓[/] {event.child:<9} ready after {event.seconds:.1f} s")
        case Moment.EXITED | Moment.SILENT if event.child != "migrate":
            console.print(f"  [yellow]![/] {event.child:<9} {event.moment.value} {event.detail}")
        case _:
            pass


def tell_addresses(settings: Settings) -> None:
    """Where to look."""
    built = "" if (BUILT / "index.html").is_file() else "  (not built yet: make console)"
    console.print(f"  Console      {settings.public_base_url}{built}")
    console.print(f"  API          {settings.api_base_url}/docs")
    console.print(f"  Temporal UI  {settings.temporal_web_url}")
    console.print(f"  Estate       {settings.estate_base_url}/docs")
    console.print(f"  Logs         {settings.data_dir / 'logs'}")


def up() -> None:
    """Start everything on this machine and keep it until Ctrl-C.

    PostgreSQL and Temporal are started unless DATABASE_URL or TEMPORAL_ADDRESS name yours. Data
    stays in DATA_DIR, so a decommission that was running when you stopped goes on.
    """

    async def keep() -> None:
        async with local_stack(Settings()) as stack:
            console.print("[bold]Everything is up.[/] Ctrl-C stops it; the data stays.")
            tell_addresses(stack.settings)
            await stack.wait()

    try:
        asyncio.run(keep())
    except StackError as error:
        refuse(error)
    console.print("Stopped.")


def down() -> None:
    """Stop what `occupier up` runs in another terminal; the data stays."""
    try:
        was_running = stop_stack(Settings().data_dir)
    except StackError as error:
        refuse(error)
    console.print("Stopped." if was_running else "Nothing was running.")


def clean() -> None:
    """Stop everything and remove its data."""
    data_dir = Settings().data_dir
    try:
        was_there = remove_data(data_dir)
    except StackError as error:
        refuse(error)
    console.print(f"Removed {data_dir}." if was_there else "There was no data.")


def refuse(error: StackError) -> NoReturn:
    """Say what is wrong and end."""
    console.print(f"[red]Cannot go on:[/] {error}", highlight=False)
    raise typer.Exit(FAILED)
