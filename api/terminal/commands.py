"""Adds the commands that ask the API to the command line; `cli.py` calls `add_to`."""

import typer

from api.terminal import audit, cases, decisions, desk, holds, operator, remedies
from api.terminal import workflow as workflow_commands
from api.terminal.closures import close_site
from api.terminal.decommission import decommission, status
from api.terminal.exits import HELP
from api.terminal.explain import explain
from api.terminal.preview import approve, preview
from api.terminal.schedules import reschedule, schedule, schedules, unschedule
from api.terminal.tasks import tasks
from api.terminal.token import token


def add_to(app: typer.Typer) -> None:
    """Register `decommission`, `status`, `tasks` and `workflow url|describe`."""
    app.command(epilog=HELP)(decommission)
    app.command(epilog=HELP)(status)
    app.command(epilog=HELP)(preview)
    app.command(epilog=HELP)(approve)
    for command in (schedule, schedules, reschedule, unschedule):
        app.command(epilog=HELP)(command)
    app.command("close-site", epilog=HELP)(close_site)
    app.command(epilog=HELP)(tasks)
    app.command(epilog=HELP)(explain)
    app.command(epilog=HELP)(token)
    audit.add_to(app)
    operator.add_to(app)
    decisions.add_to(app)
    cases.add_to(app)
    remedies.add_to(app)
    holds.add_to(app)
    desk.add_to(app)
    workflow = typer.Typer(help="Find a decommission's workflow in Temporal.", no_args_is_help=True)
    workflow.command(epilog=HELP)(workflow_commands.url)
    workflow.command(epilog=HELP)(workflow_commands.describe)
    app.add_typer(workflow, name="workflow")
