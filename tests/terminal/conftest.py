"""The commands against a real API on a real database."""

from collections.abc import Callable, Iterator

import pytest
import typer
from typer.testing import CliRunner, Result

from api.terminal.commands import add_to
from models.database import Sessions
from models.settings import Settings
from models.stores.personas import seed_personas
from tests.builders import the_operator
from tests.identities import ISSUER
from tests.terminal.process import ApiProcess, api_process

Run = Callable[..., Result]


@pytest.fixture
def api(settings: Settings) -> Iterator[ApiProcess]:
    """`python -m api` on a free port."""
    with api_process(settings) as running:
        yield running


@pytest.fixture
async def personas(sessions: Sessions) -> None:
    """The personas, of the operator whose sites and occupiers tests make."""
    async with sessions.begin() as session:
        await the_operator(session)
        await seed_personas(session, ISSUER)


@pytest.fixture
def run(api: ApiProcess, personas: None) -> Run:
    """Runs a command against it as a super admin; `input` is what a person types."""
    app = typer.Typer()
    add_to(app)

    def invoke(*args: str, input: str | None = None) -> Result:  # noqa: A002 - the runner's word
        environment = {"API_URL": api.url, "TEMPORAL_UI_URL": "http://temporal.test:8080"}
        return CliRunner().invoke(app, args, env=environment, input=input)

    return invoke
