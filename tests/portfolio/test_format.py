"""The committed schema and example are those of the code, and fit each other."""

import json

import jsonschema

from models.portfolio.format import Portfolio
from models.portfolio.read import read, read_valid
from models.portfolio.schema import EXAMPLE_FILE, SCHEMA_FILE, example_text, schema_text

STALE = "run `python -m models.portfolio.schema`"


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), STALE


def test_the_committed_example_is_current() -> None:
    assert EXAMPLE_FILE.read_text(encoding="utf-8") == example_text(), STALE


def test_the_example_fits_the_schema() -> None:
    schema = json.loads(schema_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(json.loads(example_text()))


def test_the_example_can_be_imported() -> None:
    assert len(read_valid(example_text()).occupiers) == 1


def test_every_part_of_the_schema_is_described() -> None:
    parts = json.loads(schema_text())["$defs"]
    assert [name for name, part in parts.items() if "description" not in part] == []


def test_what_is_no_json_is_one_problem_of_the_whole_document() -> None:
    reading = read("{")
    assert reading.portfolio is None
    assert [problem.place for problem in reading.problems] == ["$"]


def test_an_empty_document_is_an_empty_portfolio() -> None:
    assert read_valid("{}") == Portfolio()
