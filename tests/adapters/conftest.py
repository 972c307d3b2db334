"""The estate's fixtures, for the tests in this folder."""

from tests.estate.fixtures import client, estate, site, systems

__all__ = ["client", "estate", "site", "systems"]
