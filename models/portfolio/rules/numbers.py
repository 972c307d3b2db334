"""Rules of phone numbers, wherever they stand."""

import re
from collections.abc import Iterator

from models.domain.portfolio import NumberState
from models.portfolio.place import Login, PoolNumber
from models.portfolio.problem import Path
from models.portfolio.rules.finding import Finding, repeated, where
from models.portfolio.rules.index import Index
from models.portfolio.tenant import HeldNumber

E164 = re.compile(r"\+[1-9][0-9]{1,14}")
FREE = frozenset({NumberState.AVAILABLE, NumberState.COOLING_OFF})


def numbers(index: Index) -> Iterator[Finding]:
    """A number is there once, at one site, with one owner at most."""
    pool = [
        (where("sites", at, "numbers", row), site.reference, number)
        for at, site in enumerate(index.portfolio.sites)
        for row, number in enumerate(site.numbers)
    ]
    held = [
        (where("occupiers", at, "numbers", row), number.site, number)
        for at, occupier in enumerate(index.portfolio.occupiers)
        for row, number in enumerate(occupier.numbers)
    ]
    yield from repeated(
        [((*path, "e164"), number.e164) for path, _, number in pool]
        + [((*path, "e164"), number.e164) for path, _, number in held],
        "this number is in the file already",
    )
    for path, site, free in pool:
        yield from _pool(free, path)
        yield from _common(index, site, free, path)
    for path, site, taken in held:
        yield from _held(taken, path)
        yield from _common(index, site, taken, path)
    yield from _assignments(index)


def _pool(number: PoolNumber, path: Path) -> Iterator[Finding]:
    cooling = number.state is NumberState.COOLING_OFF
    if cooling != (number.cooling_off_until is not None):
        yield Finding(
            (*path, "cooling_off_until"), "it goes with the state 'cooling_off', and only with it"
        )
    if number.operator_owned and number.state in FREE:
        yield Finding(
            (*path, "state"), "a number of the operator's own is neither free nor cooling"
        )


def _held(number: HeldNumber, path: Path) -> Iterator[Finding]:
    if number.state in FREE:
        yield Finding((*path, "state"), "a number that is held is neither free nor cooling off")
    if number.is_main and number.login is not None:
        yield Finding((*path, "login"), "a main number cannot be logged in to a handset")


def _common(
    index: Index, reference: str, number: PoolNumber | HeldNumber, path: Path
) -> Iterator[Finding]:
    if E164.fullmatch(number.e164) is None:
        yield Finding((*path, "e164"), "this is not a number in E.164 form")
    site = index.sites.get(reference)
    if site is not None and _is_elsewhere(number.login, site.handsets, index.excused):
        yield Finding((*path, "login", "handset"), "the site has no handset of this label")


def _is_elsewhere(login: Login | None, labels: set[str], excused: frozenset[str]) -> bool:
    return login is not None and login.handset not in labels and login.handset not in excused


def _assignments(index: Index) -> Iterator[Finding]:
    for at, occupier in enumerate(index.portfolio.occupiers):
        path = where("occupiers", at, "numbers")
        users = {user.email for user in occupier.users}
        yield from repeated(
            (
                ((*path, row, "is_main"), number.site)
                for row, number in enumerate(occupier.numbers)
                if number.is_main
            ),
            "the occupier has a main number at the site already",
        )
        for row, number in enumerate(occupier.numbers):
            if number.user is None or number.user in users or number.user in index.excused:
                continue
            yield Finding((*path, row, "user"), "the occupier has no user of this e-mail address")
