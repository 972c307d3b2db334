"""Commands that edit an occupier and clear what blocks its decommission."""

import time
from typing import Annotated
from uuid import uuid4

import typer

from api.terminal.client import ApiClient
from api.terminal.exits import HELP, CommandError, Exit
from api.terminal.output import asking, console, print_json
from api.terminal.words import Json, words
from models.settings import Settings

Name = Annotated[str, typer.Argument(help="The occupier's exact name, or its id.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
_PATIENCE_S = 60.0


def add_to(app: typer.Typer) -> None:
    """Register `edit`, `handsets`, `logout-handset`, `refresh`, `service`, `contract`."""
    for command in (edit, handsets, refresh):
        app.command(epilog=HELP)(command)
    app.command("logout-handset", epilog=HELP)(logout_handset)
    service = typer.Typer(help="Services, for the vendor's support.", no_args_is_help=True)
    service.command("clear-failure", epilog=HELP)(clear_failure)
    contract = typer.Typer(help="Contracts.", no_args_is_help=True)
    contract.command("discard", epilog=HELP)(discard)
    for name, group in (("service", service), ("contract", contract)):
        group.callback()(_group)  # so that one command alone does not take the group's place
        app.add_typer(group, name=name)


def edit(
    name: Name,
    *,
    new_name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    billing_reference: Annotated[str | None, typer.Option(help="A new reference.")] = None,
    as_json: AsJson = False,
) -> None:
    """Edit an occupier; from its decommission on it is locked."""
    wanted = {"name": new_name, "billing_reference": billing_reference}
    body: Json = {field: value for field, value in wanted.items() if value is not None}
    with asking(Settings(), as_json=as_json) as client:
        if not body:
            raise CommandError(Exit.USAGE, "Give --name or --billing-reference.")
        found = client.occupier(name)
        after = client.patch(f"/occupiers/{found['id']}", body, _key(), found["version"])
    _show(after, f"'{after['name']}' is at version {after['version']}.", as_json=as_json)


def handsets(name: Name, *, as_json: AsJson = False) -> None:
    """List which numbers are logged in to handsets."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.get(f"/occupiers/{client.occupier(name)['id']}/handset-logins")["items"]
    if as_json:
        print_json(found)
        return
    for one in found:
        how = "from afar" if one["is_remote"] else "only at the handset itself"
        line = f"{one['id']}  {one['number'] or '':<16} {one['handset']}: logs out {how}"
        console().print(line, markup=False, highlight=False, soft_wrap=True)
    if not found:
        console().print("No number is logged in.")


def logout_handset(
    name: Name,
    login: Annotated[str, typer.Argument(help="Id of the login; see `occupier handsets`.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Log a digital handset out from afar."""
    with asking(Settings(), as_json=as_json) as client:
        occupier = client.occupier(name)
        path = f"/occupiers/{occupier['id']}/handset-logins/{login}/logout"
        served = _served(client, client.post(path, {}, _key()))
    _show(served, "The handset is logged out.", as_json=as_json)


def refresh(name: Name, *, as_json: AsJson = False) -> None:
    """Look again which numbers are logged in, after somebody logged out at a handset."""
    with asking(Settings(), as_json=as_json) as client:
        occupier = client.occupier(name)
        path = f"/occupiers/{occupier['id']}/decommission/refresh"
        served = _served(client, client.post(path, {}, _key()))
    _show(served, f"Logins that are gone: {served['ended']}.", as_json=as_json)


def clear_failure(
    service: Annotated[str, typer.Argument(help="Id of the service.")], *, as_json: AsJson = False
) -> None:
    """Clear a failed update, once support has set right what had failed."""
    with asking(Settings(), as_json=as_json) as client:
        cleared = client.post(f"/services/{service}/clear-failure", {}, _key())
    _show(cleared, "The service counts as sound again.", as_json=as_json)


def discard(
    contract: Annotated[str, typer.Argument(help="Id of the contract.")], *, as_json: AsJson = False
) -> None:
    """Discard a contract that has not begun."""
    with asking(Settings(), as_json=as_json) as client:
        discarded = client.post(f"/contracts/{contract}/discard", {}, _key())
    _show(discarded, "The contract is discarded.", as_json=as_json)


def _group() -> None:
    """Nothing by itself."""


def _served(client: ApiClient, request: Json) -> Json:
    """Wait until a request about handsets has ended."""
    deadline = time.monotonic() + _PATIENCE_S
    while request["finished_at"] is None:
        if time.monotonic() > deadline:
            raise CommandError(
                Exit.FAILED, "It is still under way: the telephony system answers late. Try again."
            )
        time.sleep(0.3)
        request = client.get(f"/handset-requests/{request['id']}")
    if request["failure"]:
        raise CommandError(
            Exit.FAILED, f"The telephony system did not do it ({words(request['failure'])})."
        )
    return request


def _show(body: Json, line: str, *, as_json: bool) -> None:
    if as_json:
        print_json(body)
    else:
        console().print(line, markup=False, highlight=False)


def _key() -> str:
    return str(uuid4())
