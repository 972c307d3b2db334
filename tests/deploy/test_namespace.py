"""The namespace script of the compose file, on the real Temporal server."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.deploy.files import DEPLOY, parsed
from workflows.names import SEARCH_ATTRIBUTES

BIN = Path(sys.executable).parent


def temporal(address: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    options = ("--address", address, "--disable-config-file")
    argv = [str(BIN / "temporal"), *arguments, *options]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """A server in memory with the dynamic configuration of the compose file; yields host:port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = parsed("temporal/dynamic-config.yaml")
    values = [f"{key}={str(rows[0]['value']).lower()}" for key, rows in config.items()]
    options = [option for value in values for option in ("--dynamic-config-value", value)]
    argv = (BIN / "temporal", "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port))
    server = subprocess.Popen(
        (*argv, "--headless", "--disable-config-file", "--log-level", "error", *options),
        stdout=subprocess.DEVNULL,
    )
    address = f"127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while temporal(address, "operator", "cluster", "health").returncode != 0:
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def set_up(address: str) -> None:
    env = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": "/nonexistent"}
    env |= {"TEMPORAL_ADDRESS": address, "TEMPORAL_NAMESPACE": "occupier"}
    script = DEPLOY / "temporal" / "setup-namespace.sh"
    done = subprocess.run([script], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_namespace_has_its_retention_and_attributes_however_often_it_is_set_up() -> None:
    with cluster() as address:
        set_up(address)
        set_up(address)
        space = ("--namespace", "occupier")
        described = temporal(address, "operator", "namespace", "describe", *space).stdout
        listed = temporal(address, "operator", "search-attribute", "list", *space).stdout
    assert "720h0m0s" in described
    lines = (DEPLOY / "temporal" / "search-attributes").read_text().splitlines()
    wanted = {tuple(line.split()) for line in lines if line and not line.startswith("#")}
    assert len(wanted) == len(SEARCH_ATTRIBUTES)
    assert wanted <= {tuple(line.split()) for line in listed.splitlines()}


def test_the_cluster_gets_the_search_attributes_of_the_code() -> None:
    lines = (DEPLOY / "temporal" / "search-attributes").read_text().splitlines()
    listed = dict(line.split() for line in lines if line and not line.startswith("#"))
    ours = {
        key.name: key.indexed_value_type.name.title().replace("_List", "List")
        for key in SEARCH_ATTRIBUTES
    }
    assert listed == ours
