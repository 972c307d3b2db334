"""Makes a sample portfolio: the distributions of reference 15.1, and the cast of `cast.py`."""

from collections.abc import Iterator
from datetime import datetime

from models.portfolio.format import Operator, Portfolio
from models.portfolio.sample import words
from models.portfolio.sample.cast import CAST, LARGE_SITES
from models.portfolio.sample.occupier import Demand, OccupierDraft
from models.portfolio.sample.parts import play
from models.portfolio.sample.products import DEVICE_TYPES, HANDSET_TYPES, PRODUCTS
from models.portfolio.sample.site import PORTS_PER_SWITCH, SiteDraft
from models.portfolio.sample.size import SampleSize
from models.portfolio.sample.source import Source

MOST_USERS = 1_000


def sample(size: SampleSize, now: datetime) -> Portfolio:
    """A sample of this size; equal for equal arguments.

    `now` decides what is past, running or ahead; what starts today does so in its site's zone.
    With the cast the first operator has twenty sites, as its largest occupier is at all of them:
    those beyond its share of `size.sites` are small.
    """
    return _Sampler(size, Source(size.seed, now)).portfolio()


class _Sampler:
    def __init__(self, size: SampleSize, source: Source) -> None:
        self._size = size
        self._source = source
        self._references = iter(range(1, 10_000_000))
        self._names = _names(source)
        self._has_cast = not size.is_forced and size.occupiers >= len(CAST)
        self._operators = [
            words.OPERATORS[at % len(words.OPERATORS)]
            + (f" {at + 1}" if at >= len(words.OPERATORS) else "")
            + source.suffix
            for at in range(size.operators)
        ]

    def portfolio(self) -> Portfolio:
        """Sites first, then the occupiers that take from them, then what is left over."""
        shares = [self._sites(at) for at in range(len(self._operators))]
        drafts: list[OccupierDraft] = []
        if self._has_cast:
            drafts += play(shares[0], lambda name: self._occupier(0, name))
        for at in range(self._size.occupiers - len(drafts)):
            operator = at % len(self._operators)
            draft = self._occupier(operator, next(self._names))
            self._settle(draft, shares[operator][: self._share(operator)])
            drafts.append(draft)
        occupiers = tuple(draft.finish() for draft in drafts)
        return Portfolio(
            device_types=DEVICE_TYPES,
            handset_types=HANDSET_TYPES,
            products=PRODUCTS,
            operators=tuple(
                Operator(name=name, cooling_off_days=30 if at % 2 == 0 else 60)
                for at, name in enumerate(self._operators)
            ),
            sites=tuple(site.finish() for share in shares for site in share),
            occupiers=occupiers,
            billing_reports=tuple(report for draft in drafts for report in draft.reports),
        )

    def _share(self, operator: int) -> int:
        """Sites of an operator that its ordinary occupiers are at."""
        size = self._size
        even, rest = divmod(size.sites, size.operators)
        return max(even + (operator < rest), size.sites_per_occupier or 1)

    def _sites(self, operator: int) -> list[SiteDraft]:
        usual = self._share(operator)
        before = sum(self._site_total(at) for at in range(operator))
        return [
            self._site(operator, before, at, is_small=at >= usual)
            for at in range(self._site_total(operator))
        ]

    def _site_total(self, operator: int) -> int:
        usual = self._share(operator)
        return max(usual, LARGE_SITES) if self._has_cast and operator == 0 else usual

    def _site(self, operator: int, before: int, at: int, *, is_small: bool) -> SiteDraft:
        source, size = self._source, self._size
        code, city, zone = words.CITIES[at % len(words.CITIES)]
        ordinal = before + at + 1
        house = words.HOUSES[(at * 5 + operator) % len(words.HOUSES)]
        spare_ports = 0 if is_small else PORTS_PER_SWITCH * source.between(2, 16)
        spare_numbers = 20 if is_small else source.between(150, 600)
        return SiteDraft(
            source,
            ordinal,
            operator=self._operators[operator],
            reference=f"{source.prefix}{code}-{ordinal:02}",
            name=f"{house} House {city} {at + 1}",
            zone=zone,
            spare_ports=0 if size.ports_per_site is not None else spare_ports,
            spare_numbers=5 if size.numbers_per_site is not None else spare_numbers,
        )

    def _occupier(self, operator: int, name: str) -> OccupierDraft:
        reference = f"{self._source.prefix}OCC-{next(self._references):04}"
        owner = self._operators[operator]
        return OccupierDraft(self._source, owner, reference, name, self._size.months)

    def _settle(self, draft: OccupierDraft, sites: list[SiteDraft]) -> None:
        source, size = self._source, self._size
        count = min(len(sites), size.sites_per_occupier or self._site_count())
        users = source.spread(12, 150, MOST_USERS)
        chosen = sites if count == len(sites) else source.random.sample(sites, count)
        for at, site in enumerate(chosen):
            share = users // count + (at < users % count)
            draft.settle(
                site,
                Demand(
                    users=_fixed(size.users_per_site, share),
                    numbers=_fixed(size.numbers_per_site, source.spread(6, 60, 200, 0)),
                    ports=_fixed(size.ports_per_site, source.spread(20, 200, 600)),
                    devices=_fixed(size.devices_per_site, source.spread(3.5, 30, 60, 0)),
                ),
            )

    def _site_count(self) -> int:
        """80 % of occupiers are at one site, 18 % at two to five, 2 % at up to twenty."""
        draw = self._source.random.random()
        if draw < 0.8:
            return 1
        return self._source.between(2, 5) if draw < 0.98 else self._source.between(6, 20)


def _fixed(figure: int | None, drawn: int) -> int:
    return drawn if figure is None else figure


def _names(source: Source) -> Iterator[str]:
    """Names of companies, each once; the unusual ones first."""
    yield from words.UNUSUAL_OCCUPIERS
    pairs = [(first, second) for first in words.FIRST_WORDS for second in words.SECOND_WORDS]
    source.random.shuffle(pairs)
    series = 1
    while True:
        for first, second in pairs:
            yield f"{first} {second}" if series == 1 else f"{first} {second} {series}"
        series += 1
