"""Reads a portfolio from JSON and lists everything that is wrong with it, shape and rules alike."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.portfolio.format import Portfolio
from models.portfolio.problem import InvalidPortfolioError, Path, Problem, place_of, problem
from models.portfolio.rules.every import findings
from models.portfolio.rules.finding import Finding
from models.portfolio.salvage import Document, Salvage

MOST_ROUNDS = 12  # each round takes the misshapen parts one level further up


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of a document, and what is wrong with it."""

    portfolio: Portfolio | None
    problems: tuple[Problem, ...]
    origin: Callable[[Path], Path]


def read(text: str | bytes) -> Reading:
    """Read a document; `portfolio` is what is left when misshapen parts are taken out."""
    try:
        whole = Portfolio.model_validate_json(text)
    except ValidationError as error:
        return _read_in_part(text, error.errors(include_url=False, include_input=False))
    return Reading(whole, _listed(findings(whole, frozenset()), _same), _same)


def read_valid(text: str | bytes) -> Portfolio:
    """Read a document; raises InvalidPortfolioError with every problem when there is one."""
    reading = read(text)
    if reading.problems or reading.portfolio is None:
        raise InvalidPortfolioError(reading.problems)
    return reading.portfolio


def _read_in_part(text: str | bytes, errors: list[ErrorDetails]) -> Reading:
    shape = [problem(_known(error["loc"]), error["msg"]) for error in errors]
    try:
        document: Document = json.loads(text)
    except ValueError:  # not JSON, or not text: pydantic has said where
        return Reading(None, tuple(shape), _same)
    salvage = Salvage(document)
    portfolio = _rest(salvage, errors)
    if portfolio is None:
        return Reading(None, tuple(shape), _same)
    ruled = _listed(findings(portfolio, frozenset(salvage.removed_words)), salvage.origin)
    return Reading(portfolio, (*shape, *ruled), salvage.origin)


def _rest(salvage: Salvage, errors: list[ErrorDetails]) -> Portfolio | None:
    for _ in range(MOST_ROUNDS):
        if not salvage.remove(errors):
            return None
        try:
            return Portfolio.model_validate_json(json.dumps(salvage.document))
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
    return None


def _listed(found: Iterator[Finding], origin: Callable[[Path], Path]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            place_of(origin(finding.path)),
            finding.message
            if finding.other is None
            else f"{finding.message} (see {place_of(origin(finding.other))})",
        )
        for finding in found
    )


def _known(path: tuple[int | str, ...]) -> Path:
    """pydantic marks a faulty key of a mapping with an extra step, which is no place."""
    return tuple(step for step in path if step != "[key]")


def _same(path: Path) -> Path:
    return path
