"""`occupier schedule`, `schedules`, `reschedule` and `unschedule`."""

from typing import Annotated
from uuid import uuid4

import typer

from api.terminal.client import ApiClient, is_id
from api.terminal.decommission import JsonOption
from api.terminal.exits import CommandError, Exit
from api.terminal.output import asking, console, print_json, typed_name
from api.terminal.preview import confirmation, print_preview
from api.terminal.words import Json, words
from models.domain.schedule import ScheduleState
from models.settings import Settings

Name = Annotated[str, typer.Argument(help="The occupier's exact name, or its id.")]
Which = Annotated[str, typer.Argument(help="A schedule's id, or an occupier's exact name or id.")]
At = Annotated[
    str,
    typer.Option("--at", help="Date and time, as 2027-03-01 18:00, or with an offset."),
]
Zone = Annotated[str, typer.Option("--zone", help="IANA name of the zone of --at.")]
Key = Annotated[
    str | None,
    typer.Option("--idempotency-key", help="Repeat an earlier request safely.", hidden=True),
]


def schedule(
    name: Name,
    *,
    at: At,
    zone: Zone,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the NAME given counts.")] = False,
    key: Key = None,
    as_json: JsonOption = False,
) -> None:
    """Decommission an occupier at a later time. Until then it can be moved or cancelled."""
    with asking(Settings(), as_json=as_json) as client:
        occupier = client.occupier(name)
        found = client.preview(occupier["id"])
        if not yes:
            print_preview(console(as_json=True), found)
        typed = found["name"] if yes else typed_name(found["name"])
        plain = {"name": typed, "acknowledgement": True}
        made = client.post(
            f"/occupiers/{occupier['id']}/decommission/schedule",
            (plain if key else confirmation(typed, found)) | {"due_at": at, "time_zone": zone},
            key or str(uuid4()),
        )
        _show(made, as_json=as_json)


def schedules(
    *,
    occupier: Annotated[str | None, typer.Option(help="Name or id of an occupier.")] = None,
    site: Annotated[str | None, typer.Option(help="Id of a site.")] = None,
    state: Annotated[ScheduleState | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most to show.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List scheduled decommissions by when they are due."""
    with asking(Settings(), as_json=as_json) as client:
        filters: dict[str, object] = {
            "occupier_id": client.occupier(occupier)["id"] if occupier else None,
            "site_id": site,
            "state": state,
        }
        found = list(client.pages("/schedules", filters, limit))
    if as_json:
        print_json(found)
        return
    for one in found:
        _show(one, as_json=False)
    if not found:
        console().print("Nothing is scheduled.")


def reschedule(
    which: Which, *, at: At, zone: Zone, key: Key = None, as_json: JsonOption = False
) -> None:
    """Move a scheduled decommission; also one that came due and was refused."""
    with asking(Settings(), as_json=as_json) as client:
        found = _open_schedule(client, which)
        path = f"/schedules/{found['id']}"
        body = {"due_at": at, "time_zone": zone}
        moved = client.patch(path, body, key or str(uuid4()), found["version"])
        _show(moved, as_json=as_json)


def unschedule(which: Which, *, key: Key = None, as_json: JsonOption = False) -> None:
    """Cancel a scheduled decommission; the occupier is active again."""
    with asking(Settings(), as_json=as_json) as client:
        found = _open_schedule(client, which)
        path = f"/schedules/{found['id']}/cancel"
        over = client.post(path, {}, key or str(uuid4()), found["version"])
        _show(over, as_json=as_json)


def _open_schedule(client: ApiClient, which: str) -> Json:
    if is_id(which):
        try:
            return client.get(f"/schedules/{which}")
        except CommandError as error:
            if error.code is not Exit.NOT_FOUND:
                raise
    occupier = client.occupier(which)
    for found in client.pages("/schedules", {"occupier_id": occupier["id"]}, 1_000):
        if found["state"] in {"waiting", "blocked"}:
            return found
    raise CommandError(
        Exit.NOT_FOUND,
        f"Nothing is scheduled for '{occupier['name']}'; it is {occupier['status']}.",
    )


def _show(one: Json, *, as_json: bool) -> None:
    if as_json:
        print_json(one)
        return
    console().print(_line(one), markup=False, highlight=False, soft_wrap=True)


def _line(one: Json) -> str:
    due = f"{one['local_due_at'][:16].replace('T', ' ')} {one['time_zone']}"
    reasons = ", ".join(words(reason) for reason in one["blocked_reasons"] or ())
    state = f"{one['state']}: {reasons}" if reasons else one["state"]
    return f"{one['id']}  {due}  '{one['occupier_name']}'  {state}"
