"""Commands for portfolios: `sample`, `import` and `export`. `cli.py` puts them under `occupier`.

Loading and provisioning succeed or fail together: the estate is provisioned before the database
commits, and doing either again is harmless until then.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import aiohttp
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError

from api.terminal.exits import Exit
from api.terminal.provisioning import provision
from deploy.local.datadir import read_state
from estate.client import EstateError
from models.database import open_engine, open_sessions
from models.portfolio.dump import dump
from models.portfolio.format import Portfolio, to_json
from models.portfolio.load import Loaded, load, load_reading
from models.portfolio.problem import InvalidPortfolioError
from models.portfolio.read import read
from models.portfolio.sample.build import sample as make_sample
from models.portfolio.sample.size import SampleSize
from models.settings import Settings
from models.stores.personas import seed_personas

console = Console(stderr=True)

Provision = Annotated[
    bool, typer.Option(help="Set up in the estate what the portfolio's occupiers hold.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Figure = Annotated[int | None, typer.Option(min=0, help="Fixed instead of drawn.")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows written per table, and things provisioned per kind."""

    rows: Mapping[str, int]
    provisioned: Mapping[str, int]


def load_sample(settings: Settings, size: SampleSize, *, to_estate: bool = True) -> Outcome:
    """Make a sample and load it; for `demo` and benches. Raises like `load` and the estate."""
    portfolio = make_sample(size, datetime.now(UTC))
    return _load(settings, lambda connection: load(connection, portfolio), to_estate=to_estate)


def sample(  # noqa: PLR0913 - one parameter per option
    seed: Annotated[int, typer.Option(min=0, max=999, help="Same seed, same portfolio.")] = 1,
    operators: Annotated[int, typer.Option(min=1)] = 2,
    sites: Annotated[int, typer.Option(min=1, help="Of all operators together.")] = 12,
    occupiers: Annotated[int, typer.Option(min=0)] = 60,
    sites_per_occupier: Annotated[int | None, typer.Option(min=1)] = None,
    users_per_site: Figure = None,
    numbers_per_site: Figure = None,
    ports_per_site: Figure = None,
    devices_per_site: Figure = None,
    months: Annotated[int, typer.Option(min=0, help="Of call charges and reports.")] = 12,
    to: Annotated[
        Path | None, typer.Option(help="Write a file (- for standard output), load nothing.")
    ] = None,
    provision: Provision = True,
    as_json: AsJson = False,
) -> None:
    """Make a sample portfolio of made-up companies, load it and provision the estate.

    With none of the per-site figures given it has a cast: occupiers that cannot be decommissioned
    right now (one per rule), a very large one at twenty sites, and the one of `occupier demo`.
    """
    size = SampleSize(
        seed,
        operators,
        sites,
        occupiers,
        sites_per_occupier,
        users_per_site,
        numbers_per_site,
        ports_per_site,
        devices_per_site,
        months,
    )
    if to is not None:
        _write(to, to_json(make_sample(size, datetime.now(UTC))))
        return
    settings = running_settings(Settings())
    _finish(lambda: load_sample(settings, size, to_estate=provision), as_json=as_json)


def import_portfolio(
    file: Annotated[Path, typer.Argument(help="A portfolio in JSON (- for standard input).")],
    provision: Provision = True,
    as_json: AsJson = False,
) -> None:
    """Load a portfolio: everything, or nothing and a list of all that is wrong with it.

    The format is described by models/portfolio/portfolio.schema.json; docs/portfolio.example.json
    is a small one.
    """
    try:
        text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        console.print(f"[red]Cannot read the file:[/] {error.strerror}", highlight=False)
        raise typer.Exit(int(Exit.REFUSED)) from None
    settings = running_settings(Settings())
    reading = read(text)
    _finish(
        lambda: _load(settings, lambda open_: load_reading(open_, reading), to_estate=provision),
        as_json=as_json,
    )


def export(
    file: Annotated[Path, typer.Argument(help="Where to (- for standard output).")] = Path("-"),
) -> None:
    """Write the portfolio in the database in the format that `import` reads.

    Decommissioned occupiers are left out; the same content is the same file.
    """
    settings = running_settings(Settings())
    try:
        text = to_json(export_from(settings))
    except OperationalError:
        _unreachable("the database")
    _write(file, text)


def export_from(settings: Settings) -> Portfolio:
    """The portfolio in the database, all of it as of one moment."""
    engine = _engine(settings)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            return dump(connection)
    finally:
        engine.dispose()


def running_settings(settings: Settings) -> Settings:
    """Settings that lead to the stack of this machine's data directory, unless they say where."""
    state, told = read_state(settings.data_dir), settings.database_url
    if state is None or (told and told.get_secret_value() != state.database_url):
        return settings
    known = settings.model_dump() | {
        "database_url": state.database_url,
        "estate_url": settings.estate_url or state.urls["estate"],
        "api_url": settings.api_url or state.urls["api"],
        "env": state.env,
        "oidc_issuer": state.oidc_issuer,
    }
    return Settings.model_validate(known)


def _load(settings: Settings, write: Callable[[Connection], Loaded], *, to_estate: bool) -> Outcome:
    engine = _engine(settings)
    try:
        with engine.begin() as connection:
            with console.status("Loading the portfolio"):
                loaded = write(connection)
            url = settings.estate_base_url
            given = provision(url, loaded.portfolio, console) if to_estate else {}
        welcome_personas(settings)
        return Outcome(loaded.rows, given)
    finally:
        engine.dispose()


def welcome_personas(settings: Settings) -> None:
    """Let the built-in issuer's personas in, where there is one; harmless to repeat."""
    if issuer := settings.issuer if settings.has_dev_issuer else None:
        asyncio.run(_seed(settings, issuer))


async def _seed(settings: Settings, issuer: str) -> None:
    engine = open_engine(settings)
    try:
        async with open_sessions(engine).begin() as session:
            await seed_personas(session, issuer)
    finally:
        await engine.dispose()


def _engine(settings: Settings) -> Engine:
    return create_engine(
        settings.sqlalchemy_url,
        hide_parameters=True,
        connect_args={"connect_timeout": 10, "options": "-c timezone=UTC -c lock_timeout=10s"},
    )


def _finish(act: Callable[[], Outcome], *, as_json: bool) -> None:
    try:
        outcome = act()
    except InvalidPortfolioError as error:
        _refuse(error, as_json=as_json)
    except OperationalError:
        _unreachable("the database")
    except (aiohttp.ClientError, EstateError, TimeoutError):
        _unreachable("the estate")
    except ValueError as error:
        console.print(f"[red]Cannot do this:[/] {error}", highlight=False)
        raise typer.Exit(int(Exit.UNREACHABLE)) from None
    if as_json:
        typer.echo(json.dumps({"rows": outcome.rows, "provisioned": outcome.provisioned}))
    else:
        _tell(outcome)


def _tell(outcome: Outcome) -> None:
    table = Table("Loaded", "Rows", "Provisioned", "Things", box=None)
    left = [(name.replace("_", " "), count) for name, count in outcome.rows.items() if count]
    right = [(name.replace("_", " "), count) for name, count in outcome.provisioned.items()]
    for at in range(max(len(left), len(right))):
        cells = [*_cells(left, at), *_cells(right, at)]
        table.add_row(*cells)
    console.print(table)


def _cells(rows: list[tuple[str, int]], at: int) -> tuple[str, str]:
    return (rows[at][0], f"{rows[at][1]:,}") if at < len(rows) else ("", "")


def _refuse(error: InvalidPortfolioError, *, as_json: bool) -> NoReturn:
    if as_json:
        problems = [{"place": each.place, "message": each.message} for each in error.problems]
        typer.echo(json.dumps({"problems": problems}, ensure_ascii=False))
    else:
        for each in error.problems:
            typer.echo(str(each), err=True)
        typer.echo(str(error), err=True)
    raise typer.Exit(int(Exit.REFUSED))


def _unreachable(what: str) -> NoReturn:
    console.print(
        f"[red]Cannot reach {what}, so nothing was loaded.[/] Is `occupier up` running?",
        highlight=False,
    )
    raise typer.Exit(int(Exit.UNREACHABLE))


def _write(file: Path, text: str) -> None:
    if str(file) == "-":
        sys.stdout.write(text)
    else:
        file.write_text(text, encoding="utf-8")
