"""The command line: wires the commands of `api/terminal` under one name, `occupier`."""

import os
import sys

import typer

from api.terminal import login, portfolio, stack
from api.terminal.commands import add_to
from api.terminal.demo import demo
from models.logging import configure
from models.settings import Settings

app = typer.Typer(
    name="occupier",
    help="Decommissions occupiers across all of their sites: durably, verified, only once.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)

app.callback()(login.choose_persona)
app.command("up")(stack.up)
app.command("down")(stack.down)
app.command("clean")(stack.clean)
app.command("demo")(demo)
app.command("sample")(portfolio.sample)
app.command("import")(portfolio.import_portfolio)
app.command("export")(portfolio.export)
add_to(app)


def main() -> None:
    """Run a command and leave with its code.

    Without the interpreter's teardown: see `models/lifetime.py`.
    """
    code = 0
    quiet = {"log_level": "WARNING", "log_format": "console"}  # a person reads the commands' words
    configure(Settings().model_copy(update=quiet), "cli")
    try:
        app()
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
