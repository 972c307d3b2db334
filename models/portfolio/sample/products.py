"""The sample's catalogue, and what a site asks for it."""

from decimal import Decimal

from models.domain.portfolio import DeviceClass, ProductCategory
from models.portfolio.catalogue import DeviceType, HandsetType, Product
from models.portfolio.place import PricebookItem
from models.portfolio.sample.source import Source

SEAT, LEVEL, TARIFF = "VOICE-SEAT", "VOICE-LEVEL-PLUS", "TARIFF-NATIONAL"
MAIN_LINE, BRIDGE = "MAIN-NUMBER", "CONFERENCE-BRIDGE"
LAN, PUBLIC_IP, GUEST = "INTERNET-LAN", "PUBLIC-IP", "GUEST-WIFI"
SPEEDS = ("INTERNET-100", "INTERNET-500")
OLD_VOICE = "VOICE-CLASSIC"

DIGITAL, CORDLESS, SOFTPHONE = "DESK-40", "CORDLESS-BASE-2", "SOFTPHONE"
HANDSET_TYPES = (
    HandsetType(code=DIGITAL, name="Desk phone 40", device_class=DeviceClass.DIGITAL),
    HandsetType(code=CORDLESS, name="Cordless base 2", device_class=DeviceClass.NON_DIGITAL),
    HandsetType(code=SOFTPHONE, name="Softphone", device_class=DeviceClass.SOFTPHONE),
)

PORTS, EXTENSIONS, MAIN_NUMBERS = "switch_port", "telephony_extension", "main_number"
ADDRESSES, WIFI_DEVICES = "public_ip_address", "wifi_device"
DEVICE_TYPES = (
    DeviceType(code=PORTS, name="Switch ports"),
    DeviceType(code=EXTENSIONS, name="Telephony extensions"),
    DeviceType(code=MAIN_NUMBERS, name="Main numbers"),
    DeviceType(code=ADDRESSES, name="Public IP addresses"),
    DeviceType(code=WIFI_DEVICES, name="Wi-Fi devices"),
)

VOICE, INTERNET = ProductCategory.VOICE, ProductCategory.INTERNET
PRODUCTS = (
    Product(
        code=SEAT,
        name="Voice seat",
        category=VOICE,
        devices={EXTENSIONS: 1, PORTS: 1},
        description="A phone number with an extension and a port for the handset.",
    ),
    Product(
        code=LEVEL,
        name="Service level Plus",
        category=VOICE,
        requires=(SEAT,),
        excludes=(OLD_VOICE,),
    ),
    Product(code=TARIFF, name="National calls included", category=VOICE, requires=(SEAT,)),
    Product(
        code=MAIN_LINE,
        name="Main number",
        category=VOICE,
        requires=(SEAT,),
        max_quantity=1,
        devices={MAIN_NUMBERS: 1},
    ),
    Product(code=BRIDGE, name="Conference bridge", category=VOICE, requires=(SEAT,)),
    Product(code=OLD_VOICE, name="Classic voice", category=VOICE, excludes=(LEVEL,)),
    Product(code=LAN, name="Internet (LAN only)", category=INTERNET, devices={PORTS: 1}),
    Product(code=SPEEDS[0], name="100 Mbit/s", category=INTERNET, requires=(LAN,)),
    Product(code=SPEEDS[1], name="500 Mbit/s", category=INTERNET, requires=(LAN,)),
    Product(code=GUEST, name="Guest Wi-Fi", category=INTERNET, devices={WIFI_DEVICES: 10}),
    Product(
        code=PUBLIC_IP,
        name="Public IP",
        category=ProductCategory.PUBLIC_IP,
        max_quantity=1,
        devices={PORTS: 2, ADDRESSES: 1},
    ),
)

_LIST_PRICES = {
    SEAT: 14, LEVEL: 5, TARIFF: 0, MAIN_LINE: 9, BRIDGE: 12, OLD_VOICE: 11, LAN: 8,
    SPEEDS[0]: 60, SPEEDS[1]: 140, GUEST: 0, PUBLIC_IP: 25,
}  # fmt: skip


def pricebook(source: Source) -> tuple[PricebookItem, ...]:
    """What the products cost at a site; the classic ones are no longer sold."""
    items = []
    for code, listed in _LIST_PRICES.items():
        cost = Decimal(listed) * source.between(90, 115) / 100
        items.append(
            PricebookItem(
                product=code,
                cost=cost.quantize(Decimal("0.01")),
                rrp=(cost * Decimal("1.6")).quantize(Decimal("0.01")),
                is_active=code != OLD_VOICE,
            )
        )
    return tuple(items)
