"""Reads a body as strict JSON (RFC 8259, and I-JSON where that is silent).

Python's parser takes what other parsers read in another way: a key twice, NaN, numbers beyond
all bounds. What two readers of one request understand differently is refused for all.
"""

import json
import math
from collections.abc import Iterator, Sequence

from api.problems import FieldErrorOut
from api.text import flaw, segment

DEEPEST = 32  # levels of lists and objects; ours need four
_MOST_FAULTS = 50
Place = tuple[object, ...]


class _Entries(list[tuple[str, object]]):
    """An object as it was written, so that a key that stands twice is still there twice."""


def faults(body: bytes) -> list[FieldErrorOut]:
    """What is wrong with this body as JSON text, whatever the route; at most 50 of it."""
    try:
        document: object = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_Entries,
            parse_constant=_no_number,
            parse_float=_finite,
        )
    except RecursionError:
        return [_too_deep()]
    except ValueError:
        return [FieldErrorOut(field="body", message="must be well-formed JSON")]
    found = []
    for fault in _walk(document):
        found.append(fault)
        if len(found) == _MOST_FAULTS:
            break
    return found


def _walk(document: object) -> Iterator[FieldErrorOut]:
    """Every fault, without recursion: depth is the sender's choice."""
    waiting: list[tuple[Place, object]] = [(("body",), document)]
    while waiting:
        place, value = waiting.pop()
        if len(place) > DEEPEST:
            yield _too_deep()
            return
        if isinstance(value, str) and (found := flaw(value)):
            yield _fault(place, found)
        elif isinstance(value, _Entries):
            yield from _bad_keys(place, value)
            waiting += [((*place, key), inner) for key, inner in value]
        elif isinstance(value, list):
            waiting += [((*place, index), inner) for index, inner in enumerate(value)]


def _bad_keys(place: Place, entries: _Entries) -> Iterator[FieldErrorOut]:
    seen: set[str] = set()
    for key, _ in entries:
        if key in seen:
            yield _fault((*place, key), "is given twice; send it once")
        elif found := flaw(key):
            yield _fault((*place, key), found)
        seen.add(key)


def _fault(place: Sequence[object], message: str) -> FieldErrorOut:
    return FieldErrorOut(field=".".join(segment(part) for part in place), message=message)


def _too_deep() -> FieldErrorOut:
    return FieldErrorOut(field="body", message=f"must nest at most {DEEPEST} levels deep")


def _no_number(_text: str) -> object:
    raise ValueError("NaN and Infinity are not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("beyond all numbers")
    return number
