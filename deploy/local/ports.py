"""Checks before anything starts that every port of the stack is free."""

import errno
import socket
from collections.abc import Iterable

from deploy.local.errors import PortTakenError
from deploy.local.spec import Port


def check(ports: Iterable[Port]) -> None:
    """Name every port that cannot be had, with its setting; PortTakenError when there is one."""
    owner: dict[int, str] = {}
    complaints = []
    for port in ports:
        if port.number in owner:
            complaints.append(
                f"{port.setting} and {owner[port.number]} are both {port.number}; change one"
            )
        elif complaint := _complaint(port):
            complaints.append(complaint)
        owner[port.number] = port.setting
    if complaints:
        raise PortTakenError("\n".join(complaints))


def _complaint(port: Port) -> str | None:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family) as probe:
        # A port in TIME_WAIT is free for a server that sets the same option, and ours do.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
            probe.listen(1)
        except OSError as error:
            return _sentence(port, error)
    return None


def _sentence(port: Port, error: OSError) -> str:
    setting = f"{port.setting}={port.number}"
    if error.errno == errno.EADDRINUSE:
        return f"{setting} is taken by another program; set {port.setting} to a free port"
    if error.errno == errno.EACCES:
        return f"{setting} is for root only; set {port.setting} to a port above 1023"
    return f"{setting} cannot be used on {port.host}: {error.strerror}"
