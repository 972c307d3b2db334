"""The chain of hashes: holds under concurrent writers, and tells where it was tampered with."""

import pytest
from sqlalchemy import text

from models.database import Sessions
from models.domain.audit_chain import GENESIS, Break, Finding, Head
from models.stores.audit import AuditStore
from tests.audit.chains import events_of, fill, tamper, verify
from tests.audit.events import an_event

_COPY = (
    "INSERT INTO audit_events SELECT (jsonb_populate_record(audit_events, '{\"id\": 5}')).*"
    " FROM audit_events WHERE id = 4"
)
_REHASH = "UPDATE audit_events SET hash = audit_hash(audit_events) WHERE id = 5"


async def test_an_empty_audit_is_verified(sessions: Sessions) -> None:
    walk = await verify(sessions)
    assert (walk.finding, walk.count, walk.head) == (None, 0, Head(0, GENESIS))


async def test_the_chain_holds_after_many_writers_at_once(sessions: Sessions) -> None:
    await fill(sessions, 200, writers=8)
    walk = await verify(sessions)
    events = await events_of(sessions)
    assert (walk.finding, walk.count) == (None, 200)
    assert [event.id for event in events] == list(range(1, 201))
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert walk.head == Head(200, events[-1].hash)


async def test_more_than_one_page_is_walked(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.stores.audit_chain.PAGE", 4)
    await fill(sessions, 9)
    assert (await verify(sessions)).count == 9


async def test_gaps_between_ids_do_not_break_the_chain(sessions: Sessions) -> None:
    await tamper(  # as the migration finds them: given by a sequence, with gaps from roll-backs
        sessions,
        "INSERT INTO audit_events (id, at, actor, entity_kind, entity_id, action, prev_hash, hash)"
        " VALUES (7, now(), 'system', 'task', gen_random_uuid(), 'task.parked',"
        " decode(repeat('00', 32), 'hex'), '')",
        "UPDATE audit_events SET hash = audit_hash(audit_events)",
    )
    await fill(sessions, 3)
    walk = await verify(sessions)
    assert (walk.finding, walk.count, walk.head.id) == (None, 4, 10)


@pytest.mark.parametrize(
    ("tampering", "finding"),
    [
        (["UPDATE audit_events SET actor = 'other' WHERE id = 5"], Finding(5, Break.CHANGED)),
        (["UPDATE audit_events SET reason = '' WHERE id = 5"], Finding(5, Break.CHANGED)),
        (["UPDATE audit_events SET after = '{}' WHERE id = 5"], Finding(5, Break.CHANGED)),
        (
            ["UPDATE audit_events SET after = '{\"state\": 1}' WHERE id = 5"],
            Finding(5, Break.CHANGED),
        ),
        (["UPDATE audit_events SET after = '[]' WHERE id = 5"], Finding(5, Break.CHANGED)),
        (
            ["UPDATE audit_events SET at = at + interval '1 microsecond' WHERE id = 5"],
            Finding(5, Break.CHANGED),
        ),
        (
            ["UPDATE audit_events SET actor = 'other' WHERE id = 5", _REHASH],
            Finding(6, Break.UNLINKED),
        ),
        (["DELETE FROM audit_events WHERE id = 5"], Finding(6, Break.MISSING_BEFORE)),
        (["DELETE FROM audit_events WHERE id < 3"], Finding(3, Break.MISSING_BEFORE)),
        (
            [
                "UPDATE audit_events SET id = id + 100 WHERE id IN (4, 5)",
                "UPDATE audit_events SET id = 109 - id WHERE id > 100",
            ],
            Finding(4, Break.CHANGED),
        ),
        (
            [
                "UPDATE audit_events SET id = id + 101 WHERE id >= 5",
                "UPDATE audit_events SET id = id - 100 WHERE id > 100",
                _COPY,
            ],
            Finding(5, Break.CHANGED),
        ),
        (
            [
                "ALTER TABLE audit_events DROP CONSTRAINT ck_audit_events_outcome",
                "UPDATE audit_events SET outcome = 'maybe' WHERE id = 5",
            ],
            Finding(5, Break.CHANGED),
        ),
    ],
)
async def test_tampering_is_found_at_its_event(
    sessions: Sessions, tampering: list[str], finding: Finding
) -> None:
    await fill(sessions, 9)
    free = "ALTER TABLE audit_events DROP CONSTRAINT ck_audit_events_{}"
    shapes = ("refused_with_reason", "reason_is_a_name", "after_is_states")
    await tamper(sessions, *(free.format(name) for name in shapes), *tampering)
    walk = await verify(sessions)
    assert walk.finding == finding
    assert walk.count < finding.id


async def test_a_missing_end_is_found_by_a_head_that_was_kept(sessions: Sessions) -> None:
    await fill(sessions, 6)
    kept = (await verify(sessions)).head
    await fill(sessions, 3)
    assert (await verify(sessions, kept)).finding is None

    await tamper(sessions, "DELETE FROM audit_events WHERE id > 4")
    assert (await verify(sessions)).finding is None  # nothing in the table tells
    assert (await verify(sessions, kept)).finding == Finding(6, Break.TRUNCATED)

    await fill(sessions, 4)  # the ids are taken again
    assert (await verify(sessions, kept)).finding == Finding(6, Break.OTHER_HEAD)


async def test_a_chain_that_was_forged_anew_is_found_by_a_head_that_was_kept(
    sessions: Sessions,
) -> None:
    await fill(sessions, 4)
    kept = (await verify(sessions)).head
    await tamper(sessions, "DELETE FROM audit_events")
    await fill(sessions, 4)
    assert (await verify(sessions)).finding is None
    assert (await verify(sessions, kept)).finding == Finding(4, Break.OTHER_HEAD)


async def test_a_head_is_read_as_it_is_written() -> None:
    head = Head(17, bytes(range(32)))
    assert Head.parse(f" {head}\n") == head
    for wrong in ("", "17", "ab@17", f"{'0' * 64}@", f"{'0' * 64}@x", f"{'0' * 63}g@1"):
        with pytest.raises(ValueError, match=r"\w"):
            Head.parse(wrong)


async def test_a_writer_of_another_isolation_level_cannot_fork_the_chain(
    sessions: Sessions,
) -> None:
    await fill(sessions, 1)
    async with sessions() as late:
        await late.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        await late.execute(text("SELECT count(*) FROM audit_events"))  # its snapshot is taken
        await fill(sessions, 1)
        await AuditStore(late).record(an_event())
        with pytest.raises(Exception, match="pk_audit_events"):
            await late.commit()
    walk = await verify(sessions)
    assert (walk.finding, walk.count) == (None, 2)
