"""The container's health check: `python -m deploy.health [process]` ends with 0 when it is well.

Without a name it asks every process that could run in this container, and one answer is enough:
a container runs one process. Name it where several share a network.
"""

import sys
from collections.abc import Sequence

import httpx

from models.settings import Settings

_PATIENCE_S = 3.0


def ports(settings: Settings) -> dict[str, int]:
    """Where each process answers `/healthz`."""
    return {
        "api": settings.api_port,
        "estate": settings.estate_port,
        "worker": settings.worker_health_port,
        "sweeper": settings.sweeper_health_port,
    }


def well(port: int) -> bool:
    """Whether a process on this machine answers 200 to `/healthz`."""
    try:
        # No proxy from the environment: this call never leaves the container.
        with httpx.Client(trust_env=False, timeout=_PATIENCE_S) as client:
            return client.get(f"http://127.0.0.1:{port}/healthz").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def main(arguments: Sequence[str]) -> int:
    """0 when well, 1 when not, 64 for a process that does not exist."""
    known = ports(Settings())
    wanted = arguments or tuple(known)
    if not set(wanted) <= set(known):
        sys.stderr.write(f"health: unknown process; use one of {', '.join(known)}\n")
        return 64
    return 0 if any(well(known[process]) for process in wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
