"""The connection to Temporal: address, namespace, TLS and key from the settings or envconfig."""

import asyncio
import os
from dataclasses import replace

import structlog
from models.settings import Settings
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DefaultFailureConverterWithEncodedAttributes
from temporalio.envconfig import ClientConfigProfile
from temporalio.runtime import Runtime
from temporalio.service import RPCError

log = structlog.get_logger()

CONVERTER = replace(
    pydantic_data_converter,
    # Texts of failures go through the payload codec too, once an operator sets one.
    failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
)


async def connect(settings: Settings, runtime: Runtime | None = None) -> Client:
    """Connect, or raise when the server does not answer.

    `TEMPORAL_TLS*`, `TEMPORAL_API_KEY` and the profiles of a Temporal config file are honoured.
    """
    set_variables = {name: value for name, value in os.environ.items() if value}
    options = ClientConfigProfile.load(override_env_vars=set_variables).to_client_connect_config()
    options["target_host"] = settings.temporal_target
    options["namespace"] = settings.temporal_namespace
    return await Client.connect(**options, data_converter=CONVERTER, runtime=runtime)


async def connect_patiently(settings: Settings, runtime: Runtime | None = None) -> Client:
    """Connect as soon as the server answers: processes often boot before it does."""
    while True:
        try:
            return await connect(settings, runtime)
        except (RPCError, RuntimeError) as error:
            log.warning("temporal.awaited", failure=type(error).__name__)
            await asyncio.sleep(0.5)
