"""The encoding under the hashes: the database and Python agree, and no two events look alike."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import available_timezones

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models.domain.audit import AuditEvent, Outcome, ShapelessError
from models.domain.audit_chain import ChainedEvent, digest, encode
from models.domain.audit_file import from_line, to_line
from tests.audit.events import an_event

_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
_MAYBE = st.none() | _TEXT
_STATES = st.none() | st.dictionaries(_TEXT, _TEXT | st.just("x" * 70_000), max_size=4)
_HASH = st.binary(min_size=32, max_size=32)

EVENTS: SearchStrategy[ChainedEvent] = st.builds(
    ChainedEvent,
    id=st.integers(1, 2**63 - 1),
    at=st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
    actor=_TEXT,
    request_id=_MAYBE,
    occupier_id=st.none() | st.uuids(),
    entity_kind=_TEXT,
    entity_id=st.uuids(),
    action=_TEXT,
    outcome=st.text("abc", max_size=32),
    reason=_MAYBE,
    before=_STATES,
    after=_STATES,
    prev_hash=_HASH,
    hash=_HASH,
)

_HASHED = """
SELECT audit_hash(jsonb_populate_record(NULL::audit_events, %s::jsonb))
"""


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET timezone = 'Asia/Kathmandu'")  # must not matter
        yield connection


def hashed_by_database(connection: psycopg.Connection, event: ChainedEvent) -> bytes:
    row = {
        "id": event.id,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "request_id": event.request_id,
        "occupier_id": None if event.occupier_id is None else str(event.occupier_id),
        "entity_kind": event.entity_kind,
        "entity_id": str(event.entity_id),
        "action": event.action,
        "outcome": event.outcome,
        "reason": event.reason,
        "before": event.before,
        "after": event.after,
        "prev_hash": "\\x" + event.prev_hash.hex(),
    }
    found = connection.execute(_HASHED, [json.dumps(row)]).fetchone()
    assert found is not None
    return bytes(found[0])


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(event=EVENTS)
def test_the_database_and_python_hash_alike(
    connection: psycopg.Connection, event: ChainedEvent
) -> None:
    assert hashed_by_database(connection, event) == digest(event)


@settings(max_examples=300, deadline=None)
@given(one=EVENTS, other=EVENTS)
def test_two_different_events_never_encode_alike(one: ChainedEvent, other: ChainedEvent) -> None:
    same = replace(one, hash=b"") == replace(other, hash=b"")
    assert (encode(one) == encode(other)) is same


@settings(max_examples=300, deadline=None)
@given(event=EVENTS, data=st.data())
def test_each_column_is_sealed(event: ChainedEvent, data: st.DataObject) -> None:
    names = [name for name in ChainedEvent.__slots__ if name != "hash"]
    name = data.draw(st.sampled_from(names))
    columns = {name: getattr(data.draw(EVENTS), name)}
    other: ChainedEvent = replace(event, **columns)
    assert (digest(other) == digest(event)) is (other == event)


@given(left=_TEXT, right=_TEXT)
@example(left="", right="")
def test_what_moves_over_the_border_of_two_fields_changes_the_encoding(
    left: str, right: str
) -> None:
    base = from_line(_LINE)
    whole = replace(base, actor=left + right, request_id="")
    parted = replace(base, actor=left, request_id=right)
    assert (encode(whole) == encode(parted)) is (right == "")


def test_nothing_is_not_the_same_as_empty() -> None:
    base = from_line(_LINE)
    assert encode(replace(base, request_id=None)) != encode(replace(base, request_id=""))
    assert encode(replace(base, reason=None)) != encode(replace(base, reason=""))
    assert encode(replace(base, before=None)) != encode(replace(base, before={}))
    assert encode(replace(base, after=None)) != encode(replace(base, after={}))


def test_the_encoding_is_the_one_that_is_documented() -> None:
    """A released encoding stays: this digest was computed by hand from docs/audit.md."""
    assert digest(from_line(_LINE)).hex() == _DIGEST


@settings(max_examples=100, deadline=None)
@given(event=EVENTS)
def test_a_line_of_a_file_gives_the_event_back(event: ChainedEvent) -> None:
    line = to_line(event)
    assert "\n" not in line
    assert from_line(line) == event


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "Ada Lovelace"},
        {"actor": "team_member:ada"},
        {"after": {"name": "Ada Lovelace"}},
        {"after": {"e_mail": "ada@example.test"}},
        {"after": {"Ada": "active"}},
        {"after": {"note": "a sentence"}},
        {"after": {"number": "+44 20 7946 0000"}},
        {"after": {"mac": "00:1b:63:84:45:e6"}},
        {"after": {"state": ""}},
        {"outcome": Outcome.REFUSED},
        {"outcome": Outcome.REFUSED, "reason": "Not today"},
        {"reason": "not-found"},
        {"entity_kind": "Ada"},
    ],
)
def test_what_has_no_shape_is_not_audited(change: dict[str, object]) -> None:
    with pytest.raises(ShapelessError) as refusal:
        an_event(**change)  # type: ignore[arg-type]  # of any kind
    assert "Ada" not in str(refusal.value)


@pytest.mark.parametrize(
    "value",
    [
        "decommissioned",
        "too-many-starts",
        "name,billing_reference",
        "3f0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d22",
        "42",
        "2026-11-22",
        "2026-11-22T10:00:00Z",
        "2026-11-22T10:00:00.123456+05:45",
        "5f" * 32,
    ],
)
def test_states_ids_numbers_and_times_are_audited(value: str) -> None:
    event: AuditEvent = an_event(after={"what": value})
    assert event.after == {"what": value}


def test_every_time_zone_is_audited() -> None:
    for zone in available_timezones():
        assert an_event(after={"time_zone": zone}).after == {"time_zone": zone}


_LINE = json.dumps(
    {
        "id": 2,
        "at": "2026-11-22T10:00:00.123456Z",
        "actor": "system",
        "request_id": None,
        "occupier_id": "3f0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d22",
        "entity_kind": "task",
        "entity_id": "9a0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d33",
        "action": "task.parked",
        "outcome": "done",
        "reason": None,
        "before": None,
        "after": {"state": "failed", "round": "1"},
        "prev_hash": "00" * 32,
        "hash": "00" * 32,
    }
)
_DIGEST = "24c8bf484994d295b776a2901ba11edda9d7994c91257a7ba37a8962ff45bf22"
