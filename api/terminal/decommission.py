"""`occupier decommission` and `occupier status`."""

from typing import Annotated
from uuid import uuid4

import typer

from api.terminal.client import ApiClient
from api.terminal.exits import Exit
from api.terminal.output import asking, console, print_json, typed_name
from api.terminal.preview import confirmation, print_preview
from api.terminal.summary import print_summary, summary_json
from api.terminal.watch import watch
from api.terminal.words import Json, duration
from models.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def decommission(
    name: Annotated[str, typer.Argument(help="The occupier's exact name, or its id.")],
    *,
    follow: Annotated[bool, typer.Option("--watch", help="Follow it to its end.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the NAME given counts.")] = False,
    key: Annotated[
        str | None,
        typer.Option("--idempotency-key", help="Repeat an earlier request safely.", hidden=True),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Decommission an occupier. This cannot be undone."""
    settings = Settings()
    with asking(settings, as_json=as_json) as client:
        accepted = _start(client, name, key, yes=yes)
        if follow:
            finish(client, settings, accepted["decommission_id"], as_json=as_json)
        elif as_json:
            print_json(accepted)
        else:
            console().print(f"Accepted as {accepted['decommission_id']}.", highlight=False)
            console().print(f"Watch it: occupier status --watch {accepted['decommission_id']}")


def status(
    name: Annotated[
        str | None, typer.Argument(help="Occupier's name or id, or a decommission's id.")
    ] = None,
    *,
    follow: Annotated[bool, typer.Option("--watch", help="Follow it to its end.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show where a decommission stands, or the latest ones."""
    settings = Settings()
    with asking(settings, as_json=as_json) as client:
        if name is None:
            _latest(client, as_json=as_json)
            return
        found = client.decommission(name)
        if follow:
            finish(client, settings, found["id"], as_json=as_json)
            return
        verdicts = client.get(f"/decommissions/{found['id']}/verdicts")
        if as_json:
            print_json(summary_json(settings, found, verdicts))
        else:
            print_summary(console(), settings, found, verdicts)
        if found["state"] == "partial":
            raise typer.Exit(int(Exit.FAILED))


def finish(client: ApiClient, settings: Settings, decommission_id: str, *, as_json: bool) -> None:
    """Watch to the end, print the verification summary, and end as it ended."""
    screen = console(as_json=as_json)
    last = watch(client, decommission_id, screen)
    verdicts = client.get(f"/decommissions/{decommission_id}/verdicts")
    if as_json:
        print_json(summary_json(settings, last, verdicts))
    else:
        print_summary(screen, settings, last, verdicts)
    if last["state"] != "decommissioned" or verdicts["retained_data_unchanged"] is False:
        raise typer.Exit(int(Exit.FAILED))


def _start(client: ApiClient, name: str, key: str | None, *, yes: bool) -> Json:
    """Shows what goes before it asks; a repeat under a key sends the same as the first time."""
    occupier = client.occupier(name)
    found = client.preview(occupier["id"])
    if not yes:
        print_preview(console(as_json=True), found)
    typed = found["name"] if yes else typed_name(found["name"])
    plain = {"name": typed, "acknowledgement": True}
    return client.post(
        f"/occupiers/{occupier['id']}/decommission",
        plain if key else confirmation(typed, found),
        key or str(uuid4()),
        found["version"],
    )


def _latest(client: ApiClient, *, as_json: bool) -> None:
    found = list(client.pages("/decommissions", {}, 20))
    if as_json:
        print_json(found)
        return
    screen = console()
    for one in found:
        screen.print(_line(one), markup=False, highlight=False, soft_wrap=True)
    if not found:
        screen.print("No decommission yet.")


def _line(one: Json) -> str:
    late = "  overdue" if one["is_overdue"] else ""
    return (
        f"{one['id']}  {one['state']:<15} {duration(one['elapsed_s']):>9}  "
        f"'{one['occupier_name']}'{late}"
    )
