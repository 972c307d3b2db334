"""The JSON Schema of the portfolio format and the example that goes with it.

`python -m models.portfolio.schema` rewrites both files; a test checks that they are current.
"""

import json
from pathlib import Path

from models.portfolio.format import Portfolio, to_json
from models.portfolio.illustration import illustration

SCHEMA_FILE = Path(__file__).with_name("portfolio.schema.json")
EXAMPLE_FILE = Path(__file__).parents[2] / "docs" / "portfolio.example.json"


def schema_text() -> str:
    """The schema, generated from the format, with the illustration as its example."""
    schema = Portfolio.model_json_schema(mode="validation")
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "examples": [json.loads(example_text())],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def example_text() -> str:
    """The illustration as a document."""
    return to_json(illustration())


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    EXAMPLE_FILE.write_text(example_text(), encoding="utf-8")
