"""The estate: the outside systems of the sites, in one process of its own.

Start it with `python -m estate`. It needs DATABASE_URL, keeps everything in the schema `estate`
of that database (made at start) and listens on BIND:ESTATE_PORT. `/docs` has every path.

Systems        POST /{system}/sites/{site}/read        items: kind, handle
               POST /{system}/sites/{site}/retire      owner, effective_at, items: kind, handle, key
               GET  /{system}/sites/{site}/owned       ?owner=&after=&limit=
               PUT  /{system}/sites/{site}/provision   rows: kind, handle, owner, attributes
  telephony    handset_login, phone_number             attempts: calls, logins
  switching    switch_port                             attempts: frames
  wifi         wifi_account, wifi_device               attempts: sessions
  network      public_ip, dhcp_scope, subnet, vlan     attempts: leases
  billing      recurring_charge                        attempts: bills
  accounts     user_account                            attempts: sign-ins
               accounts speaks SCIM 2.0 instead of read, retire and owned: /scim/v2, or
               /sites/{site}/scim/v2 (the same users, with the site in ledger and faults)

Retiring       Per item: retired, already_retired, other_owner (left alone), unknown, not_remote
               (the handset can only log out by itself), key_reused. A key whose effect happened is
               answered as the first time and does nothing. 409: something still rests on an item
               (a port on a VLAN, a subnet on a VLAN, a scope on a subnet); nothing is done.
Attempts       POST /{system}/sites/{site}/{attempt}: 201 when it works, 403 and `reason` if not.
Ledger         GET /ledger/calls, /ledger/effects, /ledger/summary. Append-only, no way to reset.
Faults         GET, PUT, DELETE /faults and /faults/{name}. Stored; seeded; `seen` counts calls.
Process        GET /healthz, /readyz, /metrics. SIGTERM ends it; SIGKILL loses nothing answered.
"""

import argparse

import structlog
import uvicorn

from estate.app import create_app
from estate.database import Database
from models.logging import configure
from models.settings import Settings

_MOST_CONNECTIONS = 10  # two cores of PostgreSQL are busy with fewer


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(
        prog="python -m estate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    settings = Settings()
    configure(settings, "estate")
    if settings.database_url is None:
        parser.error("DATABASE_URL is not set; `occupier up` sets it for its children")
    _, _, location = settings.database_url.get_secret_value().partition("://")
    connections_to_store = min(settings.database_pool, _MOST_CONNECTIONS)
    database = Database(f"postgresql://{location}", connections_to_store)
    connections: set[object] = set()
    config = uvicorn.Config(
        create_app(database, connections),
        host=settings.bind,
        port=settings.estate_port,
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_keep_alive=75,  # longer than any client keeps one, so that only clients close
        timeout_graceful_shutdown=3,
        ws="none",
        lifespan="on",
    )
    server = uvicorn.Server(config)
    server.server_state.connections = connections  # type: ignore[assignment]  # shared on purpose
    structlog.get_logger().info("estate.started", bind=settings.bind, port=settings.estate_port)
    server.run()


if __name__ == "__main__":
    main()
