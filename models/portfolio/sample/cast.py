"""The occupiers of a sample that have a part to play; all of them are the first operator's."""

DEMO_OCCUPIER = "Blue Heron Studio"  # three sites, nothing in its way: for `make demo`
NEIGHBOUR = "Blue Heron Studios"  # next door, and one letter away
LARGE_OCCUPIER = "Meridian Assembly"  # 20 sites, 1,000 users, 500 numbers, 1,000 ports
LARGE_SITES = 20

STARTS_TODAY = "Daybreak Analytics"  # PRE-1: a contract that starts today in its site's zone
HANDSET_IN_USE = "Copperline Legal"  # PRE-2: logged in to a handset that is not digital
UPDATING = "Fernhill Research"  # PRE-3: a service is being updated
UPDATE_FAILED = "Saltmarsh Media"  # PRE-3: the update of a service failed
TWO_CITIES = "Two Rivers Trading"  # PRE-5: live in New York, completed in London

CAST = (
    DEMO_OCCUPIER,
    NEIGHBOUR,
    LARGE_OCCUPIER,
    STARTS_TODAY,
    HANDSET_IN_USE,
    UPDATING,
    UPDATE_FAILED,
    TWO_CITIES,
)
