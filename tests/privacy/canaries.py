"""Personal data that is easy to find again: planted in a sample occupier, looked for everywhere."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from models.portfolio.format import Portfolio, to_json
from models.portfolio.read import read_valid

NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Canary:
    """A value, and the tables in which it rightly stays after the decommission."""

    what: str
    text: str
    stays_in: frozenset[str] = NOWHERE

    @property
    def spellings(self) -> Iterator[bytes]:
        """How it may be written: plain, in JSON, in a URL, without separators.

        Lower case by the rules for bytes, which know ASCII only, as what is searched is bytes too.
        """
        plain = self.text.encode().lower()
        yield plain
        yield json.dumps(self.text)[1:-1].encode().lower()
        yield quote(self.text).encode().lower()
        if b":" in plain:
            yield plain.replace(b":", b"")
            yield plain.replace(b":", b"-")
        if plain.startswith(b"+"):
            yield plain[1:]


def found_in(content: bytes, canaries: Mapping[str, Canary]) -> set[str]:
    """Which canaries are in there."""
    lower = content.lower()
    return {
        name
        for name, canary in canaries.items()
        if any(spelling in lower for spelling in canary.spellings)
    }


_FIRST = ("Qwerindela", "Zoëtrixa", "Marvolinus")
_LAST = ("Vantongerloo", "O'Pellimore", "Hrabalova")
_EMAIL = ("q.vant@canary-one.example", "zoe@canary-two.example", "mh@canary-three.example")
_PHONE = ("+999700111222", "+999700333444")
_WIFI = ("wifi-qvant-4711", "wifi-zoe-4712", "wifi-mh-4713")
_SCIM = ("5ca1ab1e-0000-4000-8000-00000000c0de", "5ca1ab1e-0000-4000-8000-00000000cafe")
_E164 = ("+999811222333", "+999811444555")
_MAC = ("02:CA:FE:BA:BE:01", "02:CA:FE:BA:BE:02")
_DEVICE = ("Zebra of Qwerindela", "Projector Vantongerloo's room")
_OCCUPIER = "Canario & Søn Personalrådgivning"
_LABEL = "Direct line of Hrabalova"
_HANDSET = "desk-phone-of-zoetrixa"
_INVENTORY = frozenset({"phone_numbers"})  # a number belongs to its site for good


def _all() -> Iterator[Canary]:
    yield Canary("occupier name", _OCCUPIER, frozenset({"occupiers", "billing_reports"}))
    yield Canary("number label", _LABEL)
    yield Canary("handset label", _HANDSET, frozenset({"handsets"}))  # a thing of the site's
    for what, texts, stays_in in (
        ("first name", _FIRST, NOWHERE),
        ("last name", _LAST, NOWHERE),
        ("e-mail", _EMAIL, NOWHERE),
        ("phone", _PHONE, NOWHERE),
        ("Wi-Fi user name", _WIFI, NOWHERE),
        ("SCIM id", _SCIM, NOWHERE),
        ("number", _E164, _INVENTORY),
        ("MAC", _MAC, NOWHERE),
        ("device name", _DEVICE, NOWHERE),
    ):
        for at, text in enumerate(texts, start=1):
            yield Canary(f"{what} {at}", text, stays_in)


CANARIES: Mapping[str, Canary] = {canary.what: canary for canary in _all()}


def plant(portfolio: Portfolio) -> Portfolio:
    """Give the first occupier all of the canaries; it has three users and numbers at a site."""
    document = json.loads(to_json(portfolio))
    occupier = document["occupiers"][0]
    for report in document["billing_reports"]:
        if report["occupier"] == occupier["reference"]:
            report["occupier_name"] = _OCCUPIER
    occupier["name"] = _OCCUPIER
    emails = _people(occupier)
    for number in occupier["numbers"]:
        if "user" in number:
            number["user"] = emails.get(number["user"], number["user"])
    _devices(occupier)
    _numbers(document, occupier)
    return read_valid(json.dumps(document))


def _people(occupier: dict[str, Any]) -> dict[str, str]:
    emails: dict[str, str] = {}
    for at, user in enumerate(occupier["users"][:3]):
        emails[user["email"]] = _EMAIL[at]
        user |= {"first_name": _FIRST[at], "last_name": _LAST[at], "email": _EMAIL[at]}
        user["wifi"] = {"username": _WIFI[at]}
        user.pop("account", None)
        if at < 2:
            user |= {"phone": _PHONE[at], "account": {"handle": _SCIM[at]}}
    return emails


def _devices(occupier: dict[str, Any]) -> None:
    for at, device in enumerate(occupier["wifi_devices"][:2]):
        device |= {"mac": _MAC[at], "name": _DEVICE[at]}


def _numbers(document: dict[str, Any], occupier: dict[str, Any]) -> None:
    numbers = [number for number in occupier["numbers"] if not number.get("is_main")]
    for at, number in enumerate(numbers[:2]):
        number["e164"] = _E164[at]
    labelled = numbers[0]
    site = next(site for site in document["sites"] if site["reference"] == labelled["site"])
    kind = next(
        t["code"] for t in document["handset_types"] if t.get("device_class") != "non_digital"
    )
    site.setdefault("handsets", []).append({"label": _HANDSET, "type": kind})
    labelled |= {
        "label": _LABEL,
        "state": "active",
        "login": {"handset": _HANDSET, "since": "2026-01-05T08:00:00Z"},
    }
