"""The commands: what they load, what they print, and with which code they end."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.terminal import portfolio
from api.terminal.exits import Exit
from models.portfolio.schema import EXAMPLE_FILE, example_text
from tests.estate.running import RunningEstate
from tests.portfolio.databases import count

SMALL = ("sample", "--sites", "2", "--occupiers", "2", "--months", "1", "--ports-per-site", "4")


@pytest.fixture
async def estate(database_url: str) -> AsyncIterator[RunningEstate]:
    estate = RunningEstate(database_url)
    await estate.start()
    yield estate
    estate.stop()


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "ESTATE_URL": "http://127.0.0.1:9"}


def run(environment: dict[str, str], *arguments: str) -> Result:
    app = typer.Typer()
    app.command("sample")(portfolio.sample)
    app.command("import")(portfolio.import_portfolio)
    app.command("export")(portfolio.export)
    return CliRunner().invoke(app, arguments, env=environment)


def test_a_sample_is_loaded_and_provisioned(
    environment: dict[str, str], estate: RunningEstate, database_url: str
) -> None:
    result = run(environment | {"ESTATE_URL": estate.url}, *SMALL, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["rows"]["occupiers"] == 2
    assert told["provisioned"]["switch_port"] == count(database_url, "switch_ports")


def test_nothing_is_loaded_when_the_estate_does_not_answer(
    environment: dict[str, str], database_url: str
) -> None:
    assert run(environment, *SMALL).exit_code == Exit.UNREACHABLE
    assert count(database_url, "occupiers") == 0


def test_a_sample_can_be_loaded_without_the_estate(
    environment: dict[str, str], database_url: str
) -> None:
    result = run(environment, *SMALL, "--no-provision")
    assert result.exit_code == 0, result.output
    assert "occupiers" in result.stderr
    assert count(database_url, "occupiers") == 2


def test_a_sample_can_be_written_instead_of_loaded(
    environment: dict[str, str], tmp_path: Path, database_url: str
) -> None:
    file = tmp_path / "sample.json"
    assert run(environment, *SMALL, "--to", str(file)).exit_code == 0
    assert count(database_url, "occupiers") == 0
    assert run(environment, "import", str(file), "--no-provision").exit_code == 0
    assert count(database_url, "occupiers") == 2


def test_an_export_is_what_import_reads(environment: dict[str, str], tmp_path: Path) -> None:
    assert run(environment, "import", str(EXAMPLE_FILE), "--no-provision").exit_code == 0
    file = tmp_path / "export.json"
    assert run(environment, "export", str(file)).exit_code == 0
    assert json.loads(file.read_text())["occupiers"][0]["name"] == "Blue Heron Studio"
    assert run(environment, "export").stdout == file.read_text()


def test_problems_are_listed_with_their_places(environment: dict[str, str], tmp_path: Path) -> None:
    document = json.loads(example_text())
    document["occupiers"][0]["networks"][0]["vlan_id"] = 1
    document["sites"][0]["surprise"] = True
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(document))
    result = run(environment, "import", str(file))
    assert result.exit_code == Exit.REFUSED
    assert "occupiers[0].networks[0].vlan_id: a VLAN id is from 2 to 4094" in result.stderr
    assert "sites[0].surprise" in result.stderr
    told = json.loads(run(environment, "import", str(file), "--json").stdout)
    assert {each["place"] for each in told["problems"]} == {
        *("occupiers[0].networks[0].vlan_id", "sites[0].surprise"),
    }


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    result = run(nowhere, "export", str(tmp_path / "x.json"))
    assert result.exit_code == Exit.UNREACHABLE
    assert "Cannot reach the database" in result.stderr


def test_a_file_that_is_not_there_is_told(environment: dict[str, str]) -> None:
    assert run(environment, "import", "/no/such/file").exit_code == Exit.REFUSED
