"""What the console is made of: its client fits the API, its types and its own tests are well."""

import re
import subprocess
from pathlib import Path

from api.document import document
from deploy.local.environment import PROJECT

UI = PROJECT / "ui"
CLIENT = UI / "src" / "api" / "schema.d.ts"


def run(*command: str) -> tuple[int, str]:
    """The exit code, and all that was said."""
    done = subprocess.run(command, cwd=UI, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_typed_client_is_the_one_of_the_api_of_today(
    built_console: None, tmp_path: Path
) -> None:
    (tmp_path / "openapi.json").write_text(document())
    made = tmp_path / "schema.d.ts"
    code, said = run("npx", "openapi-typescript", f"{tmp_path}/openapi.json", "-o", str(made))
    assert code == 0, said
    assert made.read_text() == CLIENT.read_text(), "run: make client"


def test_the_console_is_formatted_and_its_types_fit(built_console: None) -> None:
    code, said = run("npm", "run", "--silent", "check")
    assert code == 0, said


def test_the_tests_of_the_consoles_logic_pass(built_console: None) -> None:
    code, said = run("npm", "test", "--silent")
    assert code == 0, said
    assert re.search(r"Tests .*[1-9]\d* passed", said), said
