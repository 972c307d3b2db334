"""Adds the commands that ask the API to the command line; `cli.py` calls `add_to`."""

import typer

from api.terminal import workflow as workflow_commands
from api.terminal.decommission import decommission, status
from api.terminal.exits import HELP
from api.terminal.tasks import tasks


def add_to(app: typer.Typer) -> None:
    """Register `decommission`, `status`, `tasks` and `workflow url|describe`."""
    app.command(epilog=HELP)(decommission)
    app.command(epilog=HELP)(status)
    app.command(epilog=HELP)(tasks)
    workflow = typer.Typer(help="Find a decommission's workflow in Temporal.", no_args_is_help=True)
    workflow.command(epilog=HELP)(workflow_commands.url)
    workflow.command(epilog=HELP)(workflow_commands.describe)
    app.add_typer(workflow, name="workflow")
