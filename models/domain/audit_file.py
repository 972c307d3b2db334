"""The audit as a file: one event per line, in JSON, with its hashes, in the order of the chain."""

from collections.abc import Iterable
from itertools import chain

from pydantic import ConfigDict, TypeAdapter, with_config

from models.domain.audit_chain import ChainedEvent, Head, Walk

_LINE = TypeAdapter(
    with_config(ConfigDict(ser_json_bytes="hex", val_json_bytes="hex"))(ChainedEvent)
)


def to_line(event: ChainedEvent) -> str:
    """The event as one line, without its end; hashes are in hexadecimal."""
    return _LINE.dump_json(event).decode()


def from_line(line: str) -> ChainedEvent:
    """Read what `to_line` wrote; raises `ValueError`."""
    return _LINE.validate_json(line)


def verify_lines(lines: Iterable[str], expected: Head | None = None) -> Walk:
    """Walk the events of a file, which may begin in the middle of the chain.

    The file says itself what came before; that it is true shows where another file ends with it.
    Raises `ValueError` for a line that is no event.
    """
    events = (from_line(line) for line in lines if line.strip())
    first = next(events, None)
    if first is None:
        walk = Walk(expected=expected)
    else:
        walk = Walk(Head(first.id - 1, first.prev_hash), expected)
        all(walk.step(event) for event in chain((first,), events))
    walk.end()
    return walk
