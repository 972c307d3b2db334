"""The stack as it ships: the two servers when nobody brings their own, then our five processes."""

import sys
from collections.abc import Mapping

from pydantic import SecretStr

from deploy.local import probes
from deploy.local.environment import PROJECT, child_environment
from deploy.local.postgres import Postgres
from deploy.local.spec import ChildSpec, Port, Probe
from deploy.local.temporal import Temporal
from models.settings import Settings


def servers(
    settings: Settings, search_attributes: Mapping[str, int]
) -> tuple[Settings, list[ChildSpec]]:
    """The servers to start, and the settings with every address filled in."""
    specs: list[ChildSpec] = []
    known: dict[str, object] = {}
    if settings.database_url is None:
        postgres = Postgres.in_data_dir(settings.data_dir, settings.postgres_port)
        known["database_url"] = SecretStr(postgres.url())
        specs.append(postgres.spec())
    if settings.temporal_address is None:
        temporal = Temporal(settings, search_attributes)
        known["temporal_address"] = temporal.address
        if settings.temporal_ui_url is None:
            known["temporal_ui_url"] = f"http://127.0.0.1:{settings.temporal_ui_port}"
        specs.append(temporal.spec())
    # Listening everywhere is no address to call.
    here = "127.0.0.1" if settings.bind in ("0.0.0.0", "::") else settings.bind
    known["api_url"] = settings.api_url or f"http://{here}:{settings.api_port}"
    known["estate_url"] = settings.estate_url or f"http://{here}:{settings.estate_port}"
    return settings.model_copy(update=known), specs


def programs(settings: Settings, started: frozenset[str]) -> list[ChildSpec]:
    """Our own processes; `started` names the servers that this stack starts before them."""
    env = child_environment(settings, own_temporal="temporal" in started)
    database, temporal = started & {"postgres"}, started & {"temporal"}

    def python(
        name: str, module: tuple[str, ...], after: frozenset[str], *ports: Port
    ) -> ChildSpec:
        return ChildSpec(
            name=name,
            argv=(sys.executable, "-m", *module),
            env=env,
            cwd=PROJECT,
            after=tuple(sorted(after)),
            ports=ports,
            probe=_healthz(settings, ports[0]) if ports else None,
            one_shot=not ports,
            attempts=6 if ports else 1,
        )

    def port(name: str) -> Port:
        number: int = getattr(settings, name)  # the settings are named after the processes
        return Port(name.upper(), number, settings.bind)

    tables = frozenset({"migrate"})
    return [
        python("migrate", ("models.migrations",), database),
        python("estate", ("estate",), tables, port("estate_port")),
        python("api", ("api",), tables | temporal, port("api_port")),
        python(
            "worker",
            ("worker",),
            tables | temporal,
            port("worker_health_port"),
            port("worker_metrics_port"),
        ),
        python("sweeper", ("workflows.sweeper",), tables | temporal, port("sweeper_health_port")),
    ]


def standard_stack(
    settings: Settings, search_attributes: Mapping[str, int]
) -> tuple[Settings, list[ChildSpec]]:
    """Everything that `occupier up` starts, in the order in which people read it."""
    filled, specs = servers(settings, search_attributes)
    return filled, specs + programs(filled, frozenset(spec.name for spec in specs))


def _healthz(settings: Settings, port: Port) -> Probe:
    host = "127.0.0.1" if settings.bind in ("0.0.0.0", "::") else settings.bind
    return probes.http(f"http://{host}:{port.number}/healthz")
