"""Made-up names. None of them is meant to be anybody's."""

CITIES = (
    ("LON", "London", "Europe/London"),
    ("NYC", "New York", "America/New_York"),
    ("SYD", "Sydney", "Australia/Sydney"),
    ("BER", "Berlin", "Europe/Berlin"),
    ("SIN", "Singapore", "Asia/Singapore"),
    ("CHI", "Chicago", "America/Chicago"),
    ("MAN", "Manchester", "Europe/London"),
    ("TYO", "Tokyo", "Asia/Tokyo"),
    ("AKL", "Auckland", "Pacific/Auckland"),
    ("LAX", "Los Angeles", "America/Los_Angeles"),
)
HOUSES = (
    *("Ropewalk", "Lantern", "Foundry", "Tidewater", "Granary", "Beacon", "Cooperage", "Orchard"),
    *("Signal", "Tannery", "Harbour", "Quarry", "Assay", "Chandlery", "Weir", "Observatory"),
)
OPERATORS = ("Fernway Offices", "Northlight Spaces", "Cobble & Quay", "Halfmoon Workplaces")
FIRST_WORDS = (
    *("Amber", "Birch", "Cinder", "Drift", "Elder", "Flint", "Gorse", "Hazel", "Indigo", "Juniper"),
    *("Kestrel", "Larch", "Marsh", "Nettle", "Ochre", "Pewter", "Quartz", "Rowan", "Sable", "Teal"),
    *("Umber", "Vesper", "Willow", "Yarrow", "Zephyr", "Bracken", "Cobalt", "Dapple", "Ember"),
)
SECOND_WORDS = (
    *("Advisory", "Analytics", "Architects", "Capital", "Collective", "Consulting", "Design"),
    *("Energy", "Engineering", "Films", "Foods", "Games", "Health", "Interiors", "Labs", "Legal"),
    *("Logistics", "Marine", "Media", "Partners", "Press", "Recruitment", "Robotics", "Software"),
    *("Studio", "Textiles", "Trading", "Travel", "Ventures", "Works"),
)
UNUSUAL_OCCUPIERS = (
    "Żółć & Łąka Projektowanie",
    "Bjørnstjerne Ølbryggeri",
    "みらい工房",
    'O\'Hare "Quoted" & Søns, Ltd.',
    "Ταχύπλοο & Σία",
)
FIRST_NAMES = (
    *("Ada", "Bilal", "Chiara", "Dmitri", "Eun-ji", "Farah", "Göran", "Helen", "Elena", "Ines"),
    *("Jörg", "Kofi", "Léa", "Mateus", "Niamh", "Oksana", "Priya", "Quentin", "Rosa", "Søren"),
    *("Tariq", "Uma", "Víctor", "Wanjiru", "Xavier", "Yuki", "Zoë", "Łukasz", "明美", "Σοφία"),
)
LAST_NAMES = (
    *(
        "Abara",
        "Bergqvist",
        "Castellan",
        "Dovrefell",
        "Eastmoor",
        "Fairwick",
        "Grünfeld",
        "Hartsel",
    ),
    *("Ibarrola", "Jankelow", "Kirkwall", "Lindqvist", "Møllerup", "Norwood", "O'Dell", "Pellworm"),
    *("Quillfeather", "Rautavesi", "Ståhlberg", "Tremayne", "Ullswater", "Vasseur", "Wyndale"),
    *("Xiang", "Yarborough", "Zielonka"),
)
DEVICES = ("Printer", "Meeting screen", "Label printer", "Scanner", "Coffee terminal", "Door panel")
