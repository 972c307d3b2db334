"""`occupier operator list|set`: the settings of operators."""

from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer
from rich.text import Text

from api.terminal.client import ApiClient
from api.terminal.exits import HELP, CommandError, Exit
from api.terminal.output import asking, console, print_json
from api.terminal.words import Json
from models.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


def add_to(app: typer.Typer) -> None:
    """Register `operator list|set`."""
    operator = typer.Typer(help="Settings of operators.", no_args_is_help=True)
    operator.command("list", epilog=HELP)(list_operators)
    operator.command("set", epilog=HELP)(set_operator)
    app.add_typer(operator, name="operator")


def list_operators(*, as_json: JsonOption = False) -> None:
    """List the operators that you see, with their settings."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.get("/operators")["items"]
    if as_json:
        print_json(found)
        return
    for one in found:
        _print(one)


def set_operator(
    name: Annotated[str, typer.Argument(help="The operator's exact name, or its id.")],
    *,
    second_person: Annotated[
        Switch, typer.Option(help="Whether another admin must approve each decommission.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Change an operator's settings; for its super admins."""
    with asking(Settings(), as_json=as_json) as client:
        operator = _named(client, name)
        changed = client.patch(
            f"/operators/{operator['id']}",
            {"second_person_required": second_person is Switch.ON},
            str(uuid4()),
        )
    if as_json:
        print_json(changed)
    else:
        _print(changed)


def _named(client: ApiClient, name: str) -> Json:
    found: list[Json] = client.get("/operators")["items"]
    for one in found:
        if name in {one["name"], one["id"]}:
            return one
    raise CommandError(Exit.NOT_FOUND, f"There is no operator named '{name}'.")


def _print(operator: Json) -> None:
    second = "needed" if operator["second_person_required"] else "not needed"
    console().print(
        Text(
            f"{operator['name']}: second person {second}, "
            f"numbers cool off for {operator['cooling_off_days']} days"
        )
    )
