"""The dead letters of the outside desk from the command line."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from models.database import Sessions
from models.tables.desk import DeskMessageRow
from tests.desk.case_work import messages, open_case, switch_on
from tests.terminal.conftest import Run


async def test_dead_letters_are_listed_and_sent_again(
    run: Run, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCCUPIER_AS", "support")
    await switch_on(sessions)
    for _ in range(3):
        await open_case(sessions)
    async with sessions.begin() as session:
        await session.execute(update(DeskMessageRow).values(dead_at=datetime.now(UTC)))
    one = (await messages(sessions))[0]

    listed = run("desk", "messages", "--state", "dead", "--json")
    assert listed.exit_code == 0, listed.output
    assert len(json.loads(listed.stdout)) == 3
    assert run("desk", "redeliver", str(one.id)).exit_code == 0
    again = run("desk", "redeliver", "--all-dead", "--json")
    assert json.loads(again.stdout) == {"redelivered": 2}
    assert run("desk", "redeliver").exit_code == 2
    assert run("desk", "redeliver", str(one.id)).exit_code == 4  # it is on its way
    assert "no such messages" in run("desk", "messages", "--state", "dead").stdout
