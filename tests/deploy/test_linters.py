"""What stands in for a container engine here: the linters of its file formats."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY

BIN = Path(sys.executable).parent
SCRIPTS = ["entrypoint", *(str(path.relative_to(DEPLOY)) for path in sorted(DEPLOY.glob("*/*.sh")))]


def run(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    linted = run(BIN / "hadolint", "--no-color", DEPLOY / "Dockerfile")
    assert (linted.returncode, linted.stdout, linted.stderr) == (0, "", "")


def test_hadolint_would_find_an_unpinned_base(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python\n")
    assert run(BIN / "hadolint", "--no-color", bad).returncode == 1


def test_the_compose_file_keeps_the_compose_specification() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    checked = run(BIN / "check-jsonschema", *schema, DEPLOY / "compose.yaml")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    "script",
    ["entrypoint", *(path.relative_to(DEPLOY).as_posix() for path in DEPLOY.glob("*/*.sh"))],
)
def test_every_shell_script_parses_and_is_executable(script: str) -> None:
    path = DEPLOY / script
    parsed = run("sh", "-n", path)
    assert parsed.returncode == 0, parsed.stderr
    assert path.stat().st_mode & 0o111 == 0o111
