"""`occupier preview` and `occupier approve`: what would go, what stays, what stands in the way."""

from collections import defaultdict
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.terminal.client import blocker_lines
from api.terminal.exits import Exit
from api.terminal.output import asking, console, print_json, typed_name
from api.terminal.words import Json, duration, words
from models.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Name = Annotated[str, typer.Argument(help="The occupier's exact name, or its id.")]

MOST_LINES = 5_000  # what the service takes with a start


def preview(name: Name, *, as_json: JsonOption = False) -> None:
    """Show what a decommission would do, what stays, and what stands in its way."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.preview(client.occupier(name)["id"])
    if as_json:
        print_json(found)
    else:
        print_preview(console(), found)
    if found["blockers"]:
        raise typer.Exit(int(Exit.REFUSED))


def approve(
    name: Name,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the NAME given counts.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Approve, as a second person, a decommission that another admin starts."""
    with asking(Settings(), as_json=as_json) as client:
        found = client.preview(client.occupier(name)["id"])
        if not yes:
            print_preview(console(as_json=True), found)
        typed = found["name"] if yes else typed_name(found["name"])
        approval = client.post(
            f"/occupiers/{found['occupier_id']}/decommission/approval",
            confirmation(typed, found),
            str(uuid4()),
        )
    if as_json:
        print_json(approval)
    else:
        console().print(
            f"Approved until {approval['expires_at'][:16].replace('T', ' ')} UTC; "
            "another admin may start it now.",
            highlight=False,
        )


def confirmation(typed: str, found: Json) -> Json:
    """What is sent: the name as it was typed, and the plan that was shown."""
    body: Json = {"name": typed, "acknowledgement": True}
    if plan := found["plan"]:
        body["plan_hash"] = plan["hash"]
        if len(plan["lines"]) <= MOST_LINES:
            body["plan_lines"] = plan["lines"]
    return body


def print_preview(screen: Console, found: Json) -> None:
    """The preview for people."""
    screen.print(Text(f"'{found['name']}' is {found['status']}.", style="bold"))
    if plan := found["plan"]:
        _print_plan(screen, plan)
    if found["kept"]:
        kept = ", ".join(f"{count} {words(kind)}" for kind, count in found["kept"].items())
        screen.print(Text(f"Stays readable: basic details, {kept}."))
    if expected := found["expected_duration"]:
        took = duration(expected["seconds"])
        screen.print(Text(f"Expected duration: {took}. {expected['basis']}"))
    second = found["second_person"]
    if second["required"]:
        until = second["approved_until"]
        screen.print(Text(f"Second person: {f'approved until {until}' if until else 'needed'}."))
    if found["blockers"]:
        screen.print(Text(f"Blocked, {len(found['blockers'])} reasons:", style="bold red"))
        for line in blocker_lines(found["blockers"]):
            screen.print(Text(line), soft_wrap=True)
    allowed = ", ".join(words(action) for action in found["allowed_actions"]) or "nothing"
    screen.print(Text(f"You may now: {allowed}."))


def _print_plan(screen: Console, plan: Json) -> None:
    names = {site["id"]: site["name"] for site in plan["sites"]}
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (*plan["lines"], *plan["records"]):
        counts[line["site_id"]][line["kind"]] = line["count"]
    table = Table(title="What goes", title_justify="left", box=None, pad_edge=False)
    table.add_column("site")
    table.add_column("what")
    for site_id, name in names.items():
        what = ", ".join(f"{count} {words(kind)}" for kind, count in counts[site_id].items())
        table.add_row(Text(name), Text(what))
    screen.print(table)
    screen.print(Text(f"{plan['total']} resources in all; plan {plan['hash']}"), soft_wrap=True)
