"""Holding and releasing a system from the command line."""

import json

import pytest

from api.terminal.exits import Exit
from models.database import Sessions
from tests.builders import make_site
from tests.terminal.conftest import Run


async def test_a_system_is_held_shown_and_released(
    run: Run, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sessions.begin() as session:
        site = await make_site(session, name="Fern House")
    refused = run("hold", "billing")
    assert refused.exit_code == Exit.REFUSED

    monkeypatch.setenv("OCCUPIER_AS", "sre")
    held = run("hold", "wifi", "--site", "Fern House")
    assert (held.exit_code, "'Fern House'" in held.stdout) == (Exit.DONE, True), held.output
    again = json.loads(run("hold", "wifi", "--site", str(site.id), "--json").stdout)
    assert again["site_id"] == str(site.id)
    shown = run("systems")
    assert shown.exit_code == Exit.DONE
    assert f"Its id: {again['id']}" in shown.stdout

    nowhere = run("release", "wifi")
    assert (nowhere.exit_code, "not held everywhere" in nowhere.output) == (Exit.NOT_FOUND, True)
    released = run("release", "wifi", "--site", "Fern House")
    assert (released.exit_code, "released" in released.stdout) == (Exit.DONE, True), released.output
    systems = json.loads(run("systems", "--json").stdout)
    assert [one["holds"] for one in systems] == [[]] * 6


async def test_what_is_no_system_and_no_site_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCCUPIER_AS", "sre")
    assert run("hold", "lifts").exit_code == Exit.USAGE
    assert run("hold", "wifi", "--site", "Nowhere").exit_code == Exit.NOT_FOUND
