"""Runs the API: `python -m api`. SIGTERM ends the streams, lets requests finish, and stops."""

import socket
import sys

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.identity.issuing import IssuerConfigurationError
from api.protocol import BoundedProtocol
from models.logging import configure
from models.settings import Settings

_GRACE_S = 3


class Server(uvicorn.Server):
    """Ends the progress streams first, as the server waits for every open reply."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.bind,
                port=settings.api_port,
                http=BoundedProtocol,
                ws="none",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=_GRACE_S,
                server_header=False,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the news, then everything else."""
        self._app.state.wiring.news.close()
        await super().shutdown(sockets)


def main() -> None:
    """Serve until told to stop."""
    settings = Settings()
    configure(settings, "api")
    try:
        app = create_app(settings)
    except IssuerConfigurationError as error:
        sys.exit(str(error))
    Server(app, settings).run()


if __name__ == "__main__":
    main()
