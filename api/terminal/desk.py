"""`occupier desk messages|redeliver`: what an outside support desk was told, and did not take."""

from typing import Annotated
from uuid import uuid4

import typer
from rich.table import Table

from api.terminal.exits import HELP, CommandError, Exit
from api.terminal.output import asking, console, print_json
from api.terminal.words import Json, words
from models.domain.desk import MessageState
from models.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    desk = typer.Typer(help="Messages to the outside support desk.", no_args_is_help=True)
    desk.command("messages", epilog=HELP)(messages)
    desk.command("redeliver", epilog=HELP)(redeliver)
    app.add_typer(desk, name="desk")


def messages(
    *,
    state: Annotated[MessageState | None, typer.Option(help="Only those in this state.")] = None,
    case: Annotated[str | None, typer.Option(help="Id of a case.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most to show.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List messages, newest first. Dead ones are not tried any more: mend the desk, redeliver."""
    with asking(Settings(), as_json=as_json) as client:
        filters = {"state": state.value if state else None, "case_id": case}
        found = list(client.pages("/desk/messages", filters, limit))
    if as_json:
        print_json(found)
    elif found:
        console().print(_table(found))
    else:
        console().print("There are no such messages.")


def redeliver(
    message: Annotated[str | None, typer.Argument(help="Id of a message.")] = None,
    *,
    all_dead: Annotated[bool, typer.Option("--all-dead", help="Every dead message.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Send a dead or delivered message again, or all dead ones. A desk that has it ignores it."""
    with asking(Settings(), as_json=as_json) as client:
        if (message is None) is not all_dead:
            raise CommandError(Exit.USAGE, "Name a message, or give --all-dead.")
        path = "dead-letters" if all_dead else f"messages/{message}"
        sent = client.post(f"/desk/{path}/redeliver", {}, str(uuid4()))
    if as_json:
        print_json(sent)
    elif all_dead:
        console().print(f"Sent again: {sent['redelivered']}.")
    else:
        console().print(f"Sent again: {words(sent['kind'])} of case {sent['case_id']}.")


def _table(found: list[Json]) -> Table:
    table = Table("Written", "Case", "No.", "What", "State", "Attempts", "Last error", "Id")
    for one in found:
        status = f" ({one['last_status']})" if one["last_status"] else ""
        error = f"{words(one['last_error'])}{status}" if one["last_error"] else ""
        table.add_row(
            one["created_at"][:19].replace("T", " "),
            one["case_id"],
            str(one["sequence"] or ""),
            one["kind"],
            one["state"],
            str(one["attempts"]),
            error,
            one["id"],
        )
    return table
