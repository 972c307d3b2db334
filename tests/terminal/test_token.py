"""Who the commands speak as."""

import httpx

from tests.terminal.conftest import Run
from tests.terminal.process import ApiProcess


def test_a_token_of_a_persona_opens_the_api(run: Run, api: ApiProcess) -> None:
    result = run("token", "--as", "auditor")
    assert result.exit_code == 0
    headers = {"Authorization": f"Bearer {result.stdout.strip()}"}
    reply = httpx.get(f"{api.url}/api/v1/sites", headers=headers, trust_env=False)
    assert reply.status_code == 200


def test_a_persona_that_nobody_knows_is_a_wrong_usage(run: Run) -> None:
    result = run("token", "--as", "root")
    assert result.exit_code == 2
    assert "super-admin" in result.stderr
