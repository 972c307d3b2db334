"""The environment that carries all settings from the stack to its children."""

import os
from pathlib import Path

from pydantic import SecretStr

from models.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]

# What `temporalio.envconfig` reads; meant for a cluster elsewhere, it would break the dev server.
_FOREIGN = ("TEMPORAL_TLS", "TEMPORAL_API_KEY", "TEMPORAL_CONFIG_FILE", "TEMPORAL_PROFILE")


def child_environment(settings: Settings, *, own_temporal: bool) -> dict[str, str]:
    """This process's environment with every setting in it under its upper-case field name."""
    env = dict(os.environ)
    if own_temporal:
        env = {key: value for key, value in env.items() if not key.startswith(_FOREIGN)}
    for field in type(settings).model_fields:
        value: object = getattr(settings, field)  # every field, whatever its name
        env.pop(field.upper(), None)
        if value is not None:
            shown = value.get_secret_value() if isinstance(value, SecretStr) else value
            env[field.upper()] = str(shown)
    env["PYTHONUNBUFFERED"] = "1"
    env.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # without compiled modules every start takes twice as long
    return env


def bare_environment() -> dict[str, str]:
    """For foreign servers: nothing of ours, no PG* or TEMPORAL_* variable that would steer them."""
    kept = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
    return {key: os.environ[key] for key in kept if key in os.environ} | {"LC_ALL": "C"}
