"""`occupier hold|release|systems`: outside systems that nobody is to be asked to work with."""

from typing import Annotated
from uuid import uuid4

import typer
from rich.table import Table

from api.terminal.client import ApiClient
from api.terminal.closures import find_site_id
from api.terminal.exits import HELP, CommandError, Exit
from api.terminal.output import asking, console, print_json
from api.terminal.words import Json, words
from models.domain.outside import System
from models.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Which = Annotated[System, typer.Argument(help="The kind of outside system.")]
Site = Annotated[
    str | None, typer.Option(help="Exact name or id of a site; without, at every site.")
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (hold, release, systems):
        app.command(epilog=HELP)(command)


def hold(system: Which, *, site: Site = None, as_json: JsonOption = False) -> None:
    """Let every task that needs a system wait, in all decommissions; the others go on.

    Its clocks stop and no attempt is used up. Only support and SREs may.
    """
    with asking(Settings(), as_json=as_json) as client:
        body: Json = {"system": system.value}
        if site is not None:
            body["site_id"] = find_site_id(client, site)
        placed = client.post("/holds", body, str(uuid4()))
    _print(placed, as_json=as_json)


def release(system: Which, *, site: Site = None, as_json: JsonOption = False) -> None:
    """Release the hold of a system; its tasks go on by themselves, spread over some time."""
    with asking(Settings(), as_json=as_json) as client:
        site_id = None if site is None else find_site_id(client, site)
        found = _open_hold(client, system, site_id)
        released = client.post(f"/holds/{found['id']}/release", {}, str(uuid4()))
    _print(released, as_json=as_json)


def systems(*, as_json: JsonOption = False) -> None:
    """Show which outside systems are held, where, since when, and how many tasks wait."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.get("/systems")["items"]
    if as_json:
        print_json(found)
        return
    console().print(_table(found))
    for system in found:
        for one in system["holds"]:
            console().print(_line(one), markup=False, highlight=False, soft_wrap=True)


def _open_hold(client: ApiClient, system: System, site_id: str | None) -> Json:
    filters = {"system": system.value, "is_open": "true", "site_id": site_id}
    for one in client.pages("/holds", filters, 10_000):
        if one["site_id"] == site_id:
            return one
    where = "at that site" if site_id else "everywhere"
    raise CommandError(
        Exit.NOT_FOUND, f"{system.value} is not held {where}; see `occupier systems`."
    )


def _table(found: list[Json]) -> Table:
    table = Table("system", "breaker", "holds", "tasks waiting", "tasks failing")
    for one in found:
        figures = (len(one["holds"]), one["tasks_waiting"], one["tasks_failing"])
        table.add_row(one["system"], words(one["breaker"]), *map(str, figures))
    return table


def _line(one: Json) -> str:
    place = f"at '{one['site_name']}'" if one["site_id"] else "everywhere"
    by = one["placed_by"] if one["origin"] == "by_hand" else "the breaker"
    because = f" ({words(one['failure'])})" if one["failure"] else ""
    line = f"{one['system']} is held {place} by {by}{because} since {one['placed_at']}"
    return f"{line}; {one['tasks_waiting']} tasks wait. Its id: {one['id']}"


def _print(one: Json, *, as_json: bool) -> None:
    if as_json:
        print_json(one)
        return
    if one["released_at"] is None:
        line = _line(one)
    else:
        line = f"{one['system']} is released; {one['tasks_waiting']} tasks go on by themselves."
    console().print(line, markup=False, highlight=False, soft_wrap=True)
