"""Ways to ask a child whether it is well."""

import asyncio
import ssl

import httpx

from deploy.local.spec import Probe

_PATIENCE_S = 5.0


def http(url: str) -> Probe:
    """Well when a GET of `url` answers with a 2xx."""
    # Reading the machine's certificates for every look would cost more than the look.
    unused = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    address = httpx.URL(url)
    listening = tcp(address.host, address.port or 80)

    async def probe(pid: int) -> bool:
        # While children start they need the cores: a connection is 30 times cheaper than a client.
        if not await listening(pid):
            return False
        # trust_env off: a proxy of the machine must not stand between us and loopback.
        try:
            async with httpx.AsyncClient(
                verify=unused, trust_env=False, timeout=_PATIENCE_S
            ) as web:
                return (await web.get(url)).is_success
        except httpx.HTTPError:
            return False

    return probe


def tcp(host: str, port: int) -> Probe:
    """Well when something accepts a connection."""

    async def probe(_pid: int) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                _, writer = await asyncio.open_connection(host, port)
        except OSError:  # TimeoutError is one
            return False
        writer.close()
        return True

    return probe
