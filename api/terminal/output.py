"""Where commands write: results on stdout, everything else on stderr, ends as exit codes."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from api.terminal.client import ApiClient
from api.terminal.exits import CommandError, Exit
from api.terminal.words import Json
from models.settings import Settings


def print_json(value: Json | list[Json]) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()


def console(*, as_json: bool = False) -> Console:
    """For people: stdout, or stderr when stdout belongs to a program."""
    return Console(stderr=as_json)


@contextmanager
def asking(settings: Settings, *, as_json: bool) -> Iterator[ApiClient]:
    """A client whose refusals end the command with a message and the documented exit code."""
    try:
        with ApiClient(settings) as client:
            yield client
    except CommandError as error:
        if as_json and error.problem:
            print_json({"problem": error.problem})
        Console(stderr=True).print(
            str(error), markup=False, highlight=False, style="red", soft_wrap=True
        )
        raise typer.Exit(int(error.code)) from None
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped watching; the decommission goes on.")
        raise typer.Exit(130) from None


def typed_name(name: str, *, of: str = "occupier") -> str:
    """The name as a person typed it; the service compares it, so nothing is trimmed here."""
    screen = console(as_json=True)
    screen.print("Decommissioning is irreversible: users, devices, numbers and networks go.")
    screen.print(f"Type the name of the {of} to go on: '{name}'", markup=False, soft_wrap=True)
    try:
        typed = input()
    except EOFError:
        raise CommandError(
            Exit.USAGE, "Nobody is there to confirm; type the name, or give --yes."
        ) from None
    if typed != name:
        raise CommandError(Exit.USAGE, "That is not the name; nothing was done.")
    return typed
