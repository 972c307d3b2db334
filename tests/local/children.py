"""Specs of tiny real children."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local import probes
from deploy.local.spec import ChildSpec, Port
from deploy.local.stack import Build
from models.settings import Settings

TINY_SERVER = Path(__file__).with_name("tiny_server.py")


def web(name: str, port: int, *more: str, after: tuple[str, ...] = ()) -> ChildSpec:
    """A web server that answers /healthz; watched closely so that tests are short."""
    return ChildSpec(
        name=name,
        argv=(sys.executable, str(TINY_SERVER), str(port), *more),
        env=dict(os.environ),
        after=after,
        ports=(Port(f"{name.upper()}_PORT", port),),
        probe=probes.http(f"http://127.0.0.1:{port}/healthz"),
        check_every=0.1,
        silent_for=1.0,
        stop_within=2.0,
        attempts=3,
    )


def command(name: str, code: str, after: tuple[str, ...] = ()) -> ChildSpec:
    """A one-shot Python command."""
    argv = (sys.executable, "-c", code)
    return ChildSpec(
        name=name, argv=argv, env=dict(os.environ), after=after, one_shot=True, attempts=2
    )


def of(*specs: ChildSpec) -> Build:
    """A stack of just these."""

    def build(settings: Settings, _: Mapping[str, int]) -> tuple[Settings, list[ChildSpec]]:
        return settings, list(specs)

    return build
