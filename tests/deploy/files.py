"""The files under `deploy/` as values that the tests of this directory compare."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from models.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
OURS = ("migrate", "api", "worker", "sweeper", "estate")

# Parsed YAML has no narrower type than Any.
Document = dict[str, Any]


def parsed(name: str) -> Document:
    document: Document = YAML(typ="safe").load(DEPLOY / name)
    return document


def services() -> dict[str, Document]:
    found: dict[str, Document] = parsed("compose.yaml")["services"]
    return found


def locked() -> set[str]:
    """The distributions of the runtime lock, in lower case with dashes."""
    lines = (DEPLOY / "lock" / "runtime.txt").read_text().splitlines()
    return {line.partition("==")[0] for line in lines if re.match(r"[a-z0-9]", line)}


def settings() -> set[str]:
    return {field.upper() for field in Settings.model_fields}


def commands() -> set[str]:
    """The commands of the image, from the `case` of its entrypoint."""
    text = (DEPLOY / "entrypoint").read_text()
    return set(re.findall(r"^ {4}(\w+)\) exec python", text, re.MULTILINE))
