"""Prints the OpenAPI document (`python -m api.document`): clients are generated from it."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from api.app import create_app
from models.settings import Settings


def document() -> str:
    """The document of the API as it runs in development; nothing is opened or kept for it."""
    with TemporaryDirectory() as place:
        settings = Settings(
            env="dev",
            database_url=SecretStr("postgresql://nowhere/nothing"),
            data_dir=Path(place),  # of the key of the built-in issuer
        )
        return json.dumps(create_app(settings).openapi(), indent=1, sort_keys=True)


if __name__ == "__main__":
    sys.stdout.write(document() + "\n")
