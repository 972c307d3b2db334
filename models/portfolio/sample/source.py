"""Seeded randomness, running numbers and the present moment: all that a sample depends on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from math import log
from random import Random
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

DEFAULT_SEED = 1
P95 = 1.6449  # of the standard normal distribution

Choice = TypeVar("Choice")


class Source:
    """The one source of a sample; the same seed and moment give the same sample.

    Samples of different seeds share no name, reference, number or MAC, so that both can be loaded
    into one database (very large ones may meet at a public address).
    """

    def __init__(self, seed: int, now: datetime) -> None:
        self.random = Random(seed)
        self.seed = seed
        self.now = now.replace(microsecond=0)
        self.prefix = "" if seed == DEFAULT_SEED else f"S{seed}-"
        self.suffix = "" if seed == DEFAULT_SEED else f" {seed}"
        self._charges = count(1)
        self._people = count(1)
        self._devices = count(1)

    def today(self, zone: str) -> date:
        """The date at a site."""
        return self.now.astimezone(ZoneInfo(zone)).date()

    def chance(self, probability: float) -> bool:
        """True as often as asked."""
        return self.random.random() < probability

    def spread(self, median: float, p95: float, most: int, least: int = 1) -> int:
        """A count from a log-normal distribution with this median and 95th percentile."""
        drawn = self.random.lognormvariate(log(median), log(p95 / median) / P95)
        return max(least, min(most, round(drawn)))

    def pick(self, choices: Sequence[Choice]) -> Choice:
        """One of several."""
        return self.random.choice(choices)

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(least, most)

    def money(self, least: int, most: int) -> Decimal:
        """An amount with two places."""
        return Decimal(self.random.randint(least * 100, most * 100)) / 100

    def ago(self, moment: date, least: int, most: int) -> date:
        """A day before another."""
        return moment - timedelta(days=self.between(least, most))

    def ahead(self, moment: date, least: int, most: int) -> date:
        """A day after another."""
        return moment + timedelta(days=self.between(least, most))

    def charge_handle(self) -> str:
        """The next recurring charge's name in the billing system."""
        return f"{self.prefix}CHG-{next(self._charges):07}"

    def person(self) -> int:
        """The next person's number."""
        return next(self._people)

    def account_handle(self) -> str:
        """A SCIM id."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def mac(self) -> str:
        """The next MAC address, of the range that nobody makes devices with."""
        digits = f"02{self.seed:04X}{next(self._devices):06X}"
        return ":".join(digits[at : at + 2] for at in range(0, 12, 2))

    def past_months(self, months: int) -> list[str]:
        """The complete months before this one, the latest last."""
        here = self.now.year * 12 + self.now.month - 1
        return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(here - months, here)]
