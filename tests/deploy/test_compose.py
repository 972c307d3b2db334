"""The compose file against the code: the same settings, commands, ports and pins."""

import re
from typing import Any

import pytest

from deploy.health import ports
from models.settings import Settings
from tests.deploy.files import DEPLOY, OURS, PROJECT, commands, parsed, services, settings

# What `temporalio.envconfig` reads (checked against SDK 1.35); docs/deploying.md lists them.
ENVCONFIG = {
    "TEMPORAL_API_KEY",
    "TEMPORAL_TLS",
    "TEMPORAL_TLS_CLIENT_CERT_PATH",
    "TEMPORAL_TLS_CLIENT_KEY_PATH",
    "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
    "TEMPORAL_TLS_SERVER_NAME",
}
COMPOSE_ONLY = {
    "COMPOSE_PROFILES",
    "OCCUPIER_IMAGE",
    "POSTGRES_PASSWORD",
    "TEMPORAL_CERTIFICATES",
    "TEMPORAL_POSTGRES_PASSWORD",
    "TEMPORAL_RETENTION",
    "TEMPORAL_UI_VERSION",
    "TEMPORAL_VERSION",
}
DOCUMENT = (PROJECT / "docs" / "deploying.md").read_text()


def interpolated() -> set[str]:
    return set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))


def in_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "example.env").read_text(), re.MULTILINE))


def host_ports(service: dict[str, Any]) -> list[str]:
    found: list[str] = service.get("ports", [])
    return found


@pytest.mark.parametrize("service", OURS)
def test_every_variable_of_our_processes_is_a_setting(service: str) -> None:
    assert set(services()[service]["environment"]) <= settings() | ENVCONFIG


def test_every_variable_that_a_person_can_set_is_a_setting_or_documented() -> None:
    known = settings() | ENVCONFIG | COMPOSE_ONLY
    assert interpolated() | in_example() <= known
    undocumented = {name for name in interpolated() | in_example() if name not in DOCUMENT}
    assert undocumented == set()


def test_every_variable_of_the_example_is_used_by_the_compose_file() -> None:
    passed = {name for service in OURS for name in services()[service]["environment"]}
    assert in_example() - interpolated() - passed == {"COMPOSE_PROFILES"}


def test_the_example_holds_no_secret() -> None:
    text = (DEPLOY / "example.env").read_text()
    assert re.findall(r"^\w*(?:PASSWORD|KEY)=(.+)$", text, re.MULTILINE) == []


@pytest.mark.parametrize("service", OURS)
def test_our_processes_run_a_command_of_the_image(service: str) -> None:
    assert services()[service]["command"] == [service]
    assert service in commands()


@pytest.mark.parametrize("service", OURS)
def test_our_processes_may_not_write_nor_gain_rights(service: str) -> None:
    process = services()[service]
    assert process["read_only"] is True
    assert process["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in process["security_opt"]


@pytest.mark.parametrize("service", ["api", "worker", "sweeper", "estate"])
def test_every_process_that_stays_is_health_checked_by_its_own_name(service: str) -> None:
    test = services()[service]["healthcheck"]["test"]
    assert test == ["CMD", "/app/deploy/entrypoint", "health", service]
    assert service in ports(Settings())


def test_nothing_of_ours_starts_before_the_database_is_migrated() -> None:
    for service in set(OURS) - {"migrate"}:
        condition = services()[service]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully", service


def test_servers_of_ones_own_can_replace_the_bundled_ones() -> None:
    bundled = {name for name, service in services().items() if "profiles" in service}
    for name in set(services()) - bundled:
        after = services()[name]["depends_on"]
        demanded = {other for other, how in after.items() if how.get("required", True)}
        assert demanded.isdisjoint(bundled), name


def test_every_open_port_is_bound_to_loopback() -> None:
    published = [port for service in services().values() for port in host_ports(service)]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_there_is_one_sweeper() -> None:
    assert services()["sweeper"]["deploy"]["replicas"] == 1


def test_temporal_stands_on_postgresql_with_512_shards_and_databases_of_its_own() -> None:
    environment = services()["temporal"]["environment"]
    assert environment["DB"] == "postgres12"
    assert environment["NUM_HISTORY_SHARDS"] == "512"
    ours = services()["postgres"]["environment"]["POSTGRES_DB"]
    created = re.findall(
        r"CREATE DATABASE (\w+)", (DEPLOY / "postgres" / "create-temporal.sh").read_text()
    )
    assert {environment["DBNAME"], environment["VISIBILITY_DBNAME"]} == set(created)
    assert ours not in created


def test_every_image_of_others_is_pinned() -> None:
    for name in set(services()) - set(OURS):
        _, _, tag = services()[name]["image"].partition(":")
        assert re.search(r"\d+", tag), name
        assert "latest" not in tag


def test_every_mounted_file_exists() -> None:
    mounted = {
        volume.partition(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    }
    assert mounted
    assert [path for path in mounted if not (DEPLOY / path).exists()] == []


def test_the_cluster_treats_occupiers_fairly_and_never_pauses_workflows() -> None:
    config = parsed("temporal/dynamic-config.yaml")
    assert config["matching.enableFairness"] == [{"value": True}]
    assert "frontend.WorkflowPauseEnabled" not in config
